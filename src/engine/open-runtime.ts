/** Gives relations of the catalog their running state: at CREATE with nothing in it, at recovery as the checkpoint has it. */
import { assert } from '../base/assert.ts';
import type { RelationId } from '../base/ids.ts';
import type { MaterializedViewRelation, Relation, StreamRelation, TableRelation } from '../catalog/relation.ts';
import { parseStatements } from '../parser/parse.ts';
import type { Plan } from '../planner/plan.ts';
import { type PlanEnvironment, planColumnExpression, planQuery } from '../planner/planner.ts';
import type { Int } from '../types/int64.ts';
import { type Database, storeName } from './database.ts';
import { errorsRelationOf, recordErrorRow } from './error-rows.ts';
import {
  type Runtime,
  streamRuntime,
  type TableRuntime,
  tableRuntime,
  type ViewRuntime,
  viewRuntime,
} from './runtime.ts';
import { WatermarkTracker } from './watermark-tracker.ts';

export function openRuntime(database: Database, relation: TableRelation): TableRuntime;
export function openRuntime(database: Database, relation: StreamRelation | TableRelation): Runtime;
export function openRuntime(database: Database, relation: StreamRelation | TableRelation): Runtime {
  if (relation.kind === 'table') return tableRuntime(relation, database.storage.store(storeName(relation.id)));
  return streamRuntime(relation, openWatermark(database, relation));
}

export function openView(
  database: Database,
  relation: MaterializedViewRelation,
  plan: Plan,
  errors: TableRuntime,
): ViewRuntime {
  return viewRuntime({
    relation,
    plan,
    state: database.storage.store(storeName(relation.id)),
    context: database.viewContextIn(relation.timeZone),
    onRowError: (error, batch, i) => recordErrorRow(errors, error, batch, i),
  });
}

/** Opens every relation of the catalog, in order of ids, so that what a view reads is there before it. */
export function openAll(database: Database): void {
  const relations = [...database.catalog.relations()].sort((a, b) => a.id - b.id);
  const base = relations.filter((relation) => relation.kind === 'table' || relation.kind === 'stream');
  const opened = new Map(base.map((relation) => [relation.id, openRuntime(database, relation)]));
  for (const relation of relations) {
    if (relation.kind === 'materialized-view') database.addRuntime(reopenView(database, relation, opened));
    const runtime = opened.get(relation.id);
    if (runtime !== undefined) database.addRuntime(runtime);
  }
  for (const [id, why] of savedFacts<readonly [RelationId, string]>(database, 'stopped')) {
    const view = database.runtime(id);
    if (view?.kind === 'materialized-view') database.stopView(view, why);
  }
}

function reopenView(
  database: Database,
  relation: MaterializedViewRelation,
  opened: ReadonlyMap<number, Runtime>,
): ViewRuntime {
  const statement = parseStatements(relation.query)[0]?.statement;
  assert(statement?.kind === 'select-statement', `the text of view "${relation.name}" is no query`);
  const planned = planQuery(statement.query, definitionEnvironment(database, relation.searchPath, relation.timeZone));
  const errors = opened.get(errorsRelationOf(database.catalog, relation)?.id ?? -1);
  assert(errors?.kind === 'table', `view "${relation.name}" has no errors relation`);
  return openView(database, relation, planned.query.plan, errors);
}

/** How definitions are bound anew: in the search path they were written in, by no session. */
export const definitionEnvironment = (
  database: Database,
  searchPath: readonly string[],
  timeZone = 'UTC',
): PlanEnvironment => ({
  catalog: database.catalog,
  searchPath,
  context: database.viewContextIn(timeZone),
  parameterTypes: [],
  purpose: 'view',
});

function openWatermark(database: Database, relation: StreamRelation): WatermarkTracker | null {
  if (relation.watermark === null) return null;
  const { column, sql } = relation.watermark;
  const target = relation.columns[column];
  assert(target !== undefined, 'a watermark has its column');
  const expr = planColumnExpression(
    sql,
    relation.columns,
    definitionEnvironment(database, ['public']),
    target,
    'WATERMARK',
  );
  return new WatermarkTracker(expr, relation.name, savedWatermark(database, relation.id));
}

/** A list the last checkpoint remembered; see `Database.checkpoint`. */
function savedFacts<T>(database: Database, name: string): readonly T[] {
  const bytes = database.storage.meta[name];
  return bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as T[]);
}

function savedWatermark(database: Database, relation: Relation['id']): Int | null {
  const saved = savedFacts<readonly [number, string]>(database, 'watermarks');
  const value = saved.find(([id]) => id === relation)?.[1];
  if (value === undefined) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}
