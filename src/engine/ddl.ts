/**
 * DDL: runs alone between two ticks. The new catalog becomes durable together with the state it speaks of, in one
 * checkpoint, so recovery never has to repeat a definition.
 */
import { duplicateTable, featureNotSupported, SqlError, undefinedTable, wrongObjectType } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type {
  ColumnDefinition,
  MaterializedViewRelation,
  Relation,
  StreamRelation,
  TableRelation,
  ViewRelation,
} from '../catalog/relation.ts';
import type * as Ast from '../parser/ast.ts';
import type { PlanColumn } from '../planner/plan.ts';
import { type PlannedQuery, planQuery } from '../planner/planner.ts';
import { viewKeyOf } from '../planner/properties.ts';
import { text, unknown } from '../types/text.ts';
import { backfill } from './backfill.ts';
import type { DefinitionRun } from './definition-run.ts';
import { creationName, defineStream, defineTable, nextId } from './definitions.ts';
import { dependenciesOf } from './dependencies.ts';
import { dropRelations, dropSchema } from './drop.ts';
import { errorsRelationFor } from './error-rows.ts';
import { openRuntime, openView } from './open-runtime.ts';
import { done, type Outcome } from './outcome.ts';
import { retentionMicros } from './retention.ts';

export async function runDefinition(statement: Ast.Statement, run: DefinitionRun): Promise<Outcome> {
  switch (statement.kind) {
    case 'create-stream':
      return createStream(statement, run);
    case 'create-table':
      return createTable(statement, run);
    case 'create-view':
      return createView(statement, run);
    case 'create-materialized-view':
      return createMaterializedView(statement, run);
    case 'create-schema':
      return createSchema(statement, run);
    case 'drop':
      return statement.object === 'schema' ? dropSchema(statement, run) : dropRelations(statement, run);
    case 'comment':
      return comment(statement, run);
    case 'checkpoint':
      await run.database.checkpoint();
      return done('CHECKPOINT');
    default:
      throw featureNotSupported(`${statement.kind.replaceAll('-', ' ').toUpperCase()} is not supported`, {
        position: statement.at,
      });
  }
}

/** Answers true, with the NOTICE of PostgreSQL, when IF NOT EXISTS finds the name taken. */
function skipExisting(name: Ast.QualifiedName, ifNotExists: boolean, run: DefinitionRun): boolean {
  const { schema, name: own } = creationName(name, run.scope);
  if (run.database.catalog.inSchema(schema, own) === undefined) return false;
  if (!ifNotExists) throw duplicateTable(own);
  run.notice({ severity: 'NOTICE', code: '42P07', message: `relation "${own}" already exists, skipping` });
  return true;
}

async function createStream(statement: Ast.CreateStream, run: DefinitionRun): Promise<Outcome> {
  if (skipExisting(statement.name, statement.ifNotExists, run)) return done('CREATE STREAM');
  if (statement.format !== null) {
    throw featureNotSupported('FORMAT and ENCODE need a connector, and connectors are not supported', {
      position: statement.format.at,
    });
  }
  const relation = defineStream(statement, run.scope);
  const retention = relation.options['retention'];
  retentionMicros(retention);
  if (retention === undefined) {
    run.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `stream "${relation.name}" keeps its rows for 7 days of arrival time`,
      hint: "Set another time WITH (retention = '30 days'), or 'forever'.",
    });
  }
  await addRelation(relation, run);
  return done('CREATE STREAM');
}

async function createTable(statement: Ast.CreateTable, run: DefinitionRun): Promise<Outcome> {
  if (skipExisting(statement.name, statement.ifNotExists, run)) return done('CREATE TABLE');
  await addRelation(defineTable(statement, run.scope), run);
  return done('CREATE TABLE');
}

async function addRelation(relation: StreamRelation | TableRelation, run: DefinitionRun): Promise<void> {
  const { database } = run;
  const catalog = withPrimaryKeyIndex(database.catalog.withRelation(relation), relation);
  database.addRuntime(openRuntime(database, relation));
  await database.publish(catalog);
}

/** A primary key shows as an index, because that is where clients look for it. */
function withPrimaryKeyIndex(catalog: Catalog, relation: Relation): Catalog {
  if (relation.kind !== 'table' || relation.primaryKey === null) return catalog;
  const { columns, name } = relation.primaryKey;
  return catalog.withRelation({
    kind: 'index',
    id: nextId(catalog),
    schema: relation.schema,
    name,
    columns: columns.map((c) => relation.columns[c] as ColumnDefinition),
    owner: relation.owner,
    comment: null,
    on: relation.id,
    keys: columns,
    unique: true,
    primary: true,
  });
}

// ---------------------------------------------------------------------------------------------------------- views

/** The columns of a view: named by the query or the list; a bare string literal is text, as in PostgreSQL. */
function viewColumns(planned: PlannedQuery, names: readonly string[], at: number): ColumnDefinition[] {
  const visible = planned.query.plan.columns.slice(0, planned.query.visible);
  if (names.length > visible.length) {
    throw new SqlError('42601', 'CREATE VIEW specifies more column names than columns', { position: at });
  }
  const seen = new Set<string>();
  return visible.map((column: PlanColumn, c) => {
    const name = names[c] ?? column.name;
    if (seen.has(name)) throw new SqlError('42701', `column "${name}" specified more than once`, { position: at });
    seen.add(name);
    const type = column.type === unknown ? text : column.type;
    return { name, type, typmod: column.typmod, notNull: false, default: null, generated: null };
  });
}

async function createView(statement: Ast.CreateView, run: DefinitionRun): Promise<Outcome> {
  const { database, scope } = run;
  if (statement.temporary) throw featureNotSupported('temporary views are not supported', { position: statement.at });
  const { catalog } = database;
  const { schema, name } = creationName(statement.name, scope);
  const existing = catalog.inSchema(schema, name);
  if (existing !== undefined && !statement.orReplace) throw duplicateTable(name);
  if (existing !== undefined && existing.kind !== 'view') throw wrongObjectType(`"${name}" is not a view`);
  const planned = planQuery(statement.query, scope.environment);
  const relation: ViewRelation = {
    kind: 'view',
    id: existing?.id ?? nextId(catalog),
    schema,
    name,
    columns: viewColumns(planned, statement.columns, statement.at),
    owner: scope.owner,
    comment: existing?.comment ?? null,
    query: statement.queryText,
    searchPath: scope.environment.searchPath,
    dependsOn: dependenciesOf(statement.query, scope.environment),
  };
  if (existing !== undefined && catalog.dependents(existing.id).length > 0) {
    throw featureNotSupported(`cannot replace view "${name}" because other objects depend on it`);
  }
  await database.publish(existing === undefined ? catalog.withRelation(relation) : catalog.withReplaced(relation));
  return done('CREATE VIEW');
}

async function createMaterializedView(statement: Ast.CreateMaterializedView, run: DefinitionRun): Promise<Outcome> {
  if (statement.orReplace) {
    throw featureNotSupported('CREATE OR REPLACE MATERIALIZED VIEW is not supported', { position: statement.at });
  }
  if (skipExisting(statement.name, statement.ifNotExists, run)) return done('CREATE MATERIALIZED VIEW');
  const { database, scope } = run;
  const planned = planQuery(statement.query, { ...scope.environment, purpose: 'view' });
  for (const notice of planned.notices) run.notice(notice);
  const relation: MaterializedViewRelation = {
    kind: 'materialized-view',
    id: nextId(database.catalog),
    ...creationName(statement.name, scope),
    columns: viewColumns(planned, statement.columns, statement.at),
    owner: scope.owner,
    comment: null,
    query: statement.queryText,
    searchPath: scope.environment.searchPath,
    dependsOn: dependenciesOf(statement.query, scope.environment),
    key: visibleKey(planned),
    options: {},
    timeZone: scope.environment.context.format.timeZone,
  };
  const errors = errorsRelationFor(relation);
  const errorsRuntime = openRuntime(database, errors);
  const runtime = openView(database, relation, planned.query.plan, errorsRuntime);
  try {
    await backfill(database, runtime, run.cancelReason);
  } catch (error) {
    // What was filled so far must not be found by the next relation of this id.
    await database.publish(database.catalog.withNextOid(errors.id + 1), [relation.id, errors.id]);
    throw error;
  }
  database.addRuntime(runtime);
  database.addRuntime(errorsRuntime);
  await database.publish(database.catalog.withRelation(relation).withRelation(errors));
  return done('CREATE MATERIALIZED VIEW');
}

/** The key of the view, unless part of it only served the order of the query and is not stored. */
function visibleKey({ query }: PlannedQuery): readonly number[] | null {
  const key = viewKeyOf(query.plan);
  return key?.every((column) => column < query.visible) === true ? key : null;
}

// --------------------------------------------------------------------------------------------------------- schemas

async function createSchema(statement: Ast.CreateSchema, run: DefinitionRun): Promise<Outcome> {
  const { database } = run;
  const { catalog } = database;
  if (catalog.schema(statement.name) !== undefined) {
    if (!statement.ifNotExists) throw new SqlError('42P06', `schema "${statement.name}" already exists`);
    run.notice({ severity: 'NOTICE', code: '42P06', message: `schema "${statement.name}" already exists, skipping` });
    return done('CREATE SCHEMA');
  }
  await database.publish(catalog.withSchema({ oid: catalog.nextOid, name: statement.name, owner: run.scope.owner }));
  return done('CREATE SCHEMA');
}

// --------------------------------------------------------------------------------------------------------- comment

async function comment(statement: Ast.Comment, run: DefinitionRun): Promise<Outcome> {
  const { database, scope } = run;
  if (statement.object === 'column') {
    throw featureNotSupported('COMMENT ON COLUMN is not supported', { position: statement.at });
  }
  const relation = database.catalog.find(statement.name, scope.environment.searchPath);
  if (relation === undefined) throw undefinedTable(statement.name.join('.'), statement.at);
  await database.publish(database.catalog.withReplaced({ ...relation, comment: statement.text } as Relation));
  return done('COMMENT');
}
