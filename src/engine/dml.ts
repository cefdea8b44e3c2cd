/**
 * INSERT, UPDATE, DELETE: a query gives the rows, this file turns them into changes of the target.
 *
 * An INSERT adds its rows with weight +1, a DELETE gives the old rows with -1, an UPDATE both. Rows are checked here for
 * NOT NULL and CHECK; keys are checked where the tick is made (constraints.ts), because only there it is known what else changes.
 */
import { checkViolation, notNullViolation, SqlError } from '../base/errors.ts';
import type { CheckConstraint, StreamRelation, TableRelation } from '../catalog/relation.ts';
import { compileProjection } from '../expr/compile.ts';
import type { EvalContext } from '../expr/context.ts';
import type { PlannedDml, PlannedInsert, Returning } from '../planner/planner.ts';
import { type Batch, batchOfRows } from '../types/batch.ts';
import { allocateColumn, type Column, valueAt } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import type { Database } from './database.ts';
import { runQuery } from './query.ts';
import type { Steps } from './slices.ts';
import type { Change } from './ticks.ts';

export type DmlResult = {
  readonly changes: readonly Change[];
  readonly rowCount: number;
  /** Rows of RETURNING, when asked for. */
  readonly returned: readonly Batch[];
};

export type DmlRun = {
  readonly database: Database;
  readonly planned: PlannedDml;
  readonly context: EvalContext;
  readonly pending: readonly Change[];
  /** Evaluates a CHECK constraint of the target over a batch: the rows where it is false. */
  readonly failingRows: (relation: StreamRelation | TableRelation, check: CheckConstraint, batch: Batch) => number;
  /** Why the statement is to stop, null to go on. */
  cancelReason(): string | null;
};

export function* runDml(run: DmlRun): Steps<DmlResult> {
  const { planned } = run;
  const batches = yield* runQuery({ ...run, query: planned.source });
  const width = planned.target.columns.length;
  switch (planned.kind) {
    case 'insert':
      return insertResult(run, planned, batches);
    case 'delete': {
      const changes = batches.map((batch) => removal(planned.target, firstColumns(batch, 0, width)));
      return { changes, rowCount: countRows(batches), returned: returnRows(planned.returning, batches, run.context) };
    }
    case 'update': {
      const added = batches.map((batch) => firstColumns(batch, width, width));
      for (const batch of added) checkRows(run, planned.target, batch);
      const removals = batches.map((batch) => removal(planned.target, firstColumns(batch, 0, width)));
      const additions = added.map((batch) => ({ relation: planned.target.id, batch }));
      const returned = returnRows(planned.returning, added, run.context);
      return { changes: [...removals, ...additions], rowCount: countRows(batches), returned };
    }
  }
}

function insertResult(run: DmlRun, planned: PlannedInsert, batches: readonly Batch[]): DmlResult {
  const { target } = planned;
  const added = planned.onConflict === 'nothing' ? withoutConflicts(run.database, target, batches) : batches;
  for (const batch of added) checkRows(run, target, batch);
  const changes = added.filter((batch) => batch.length > 0).map((batch) => ({ relation: target.id, batch }));
  return { changes, rowCount: countRows(added), returned: returnRows(planned.returning, added, run.context) };
}

const countRows = (batches: readonly Batch[]): number => batches.reduce((sum, batch) => sum + batch.length, 0);

const firstColumns = (batch: Batch, from: number, width: number): Batch => ({
  length: batch.length,
  columns: batch.columns.slice(from, from + width),
  weights: null,
});

const removal = (target: TableRelation, batch: Batch): Change => ({
  relation: target.id,
  batch: { ...batch, weights: new Int32Array(batch.length).fill(-1) },
});

function checkRows(run: DmlRun, target: StreamRelation | TableRelation, batch: Batch): void {
  target.columns.forEach((column, c) => {
    const { nulls } = batch.columns[c] as Column;
    const bad = column.notNull && nulls !== null ? nulls.subarray(0, batch.length).indexOf(1) : -1;
    if (bad >= 0)
      throw notNullViolation(column.name, target.name, target.schema, failingRow(target, batch, bad, run.context));
  });
  for (const check of target.checks) {
    const bad = run.failingRows(target, check, batch);
    if (bad < 0) continue;
    throw checkViolation(`new row for relation "${target.name}" violates check constraint "${check.name}"`, {
      detail: failingRow(target, batch, bad, run.context),
      schema: target.schema,
      table: target.name,
      constraint: check.name,
    });
  }
}

function failingRow(target: StreamRelation | TableRelation, batch: Batch, i: number, context: EvalContext): string {
  const values = target.columns.map(({ type }, c) => {
    const value = valueAt(batch.columns[c] as Column, i);
    return value === null ? 'null' : type.format(value, context.format);
  });
  return `Failing row contains (${values.join(', ')}).`;
}

/** ON CONFLICT DO NOTHING: rows whose key is in the table, or came earlier in the same statement, are left out. */
function withoutConflicts(
  database: Database,
  target: StreamRelation | TableRelation,
  batches: readonly Batch[],
): Batch[] {
  const constraints = database.newConstraints();
  const accepted: Batch[] = [];
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      const row = singleRow(batch, i);
      try {
        constraints.accept([{ relation: target.id, batch: row }]);
        accepted.push(row);
      } catch (error) {
        if (!(error instanceof SqlError) || error.code !== '23505') throw error;
      }
    }
  }
  return accepted;
}

function singleRow(batch: Batch, i: number): Batch {
  const kinds = batch.columns.map((column) => column.kind);
  return batchOfRows(kinds, [batch.columns.map((column) => valueAt(column, i))]);
}

function returnRows(returning: Returning, batches: readonly Batch[], context: EvalContext): Batch[] {
  if (returning === null) return [];
  const kernel = compileProjection(returning.exprs, 'query/returning');
  const types = returning.columns.map((column) => column.type);
  return batches.map((batch) => {
    const columns = types.map((type: SqlType) => allocateColumn(type.column, Math.max(batch.length, 1)));
    kernel.run(context, batch.columns, null, batch.length, columns);
    return { length: batch.length, columns, weights: null };
  });
}
