/**
 * One-shot queries: a plan becomes a dataflow, is fed the relations it reads as they are at the latest tick, and dropped.
 *
 * Everything the query reads is pinned before the first row moves, so ticks may run between its slices and it
 * sees one instant. Inside a transaction with buffered changes those changes are fed too (see `pending`).
 */
import { throwIfCanceled } from '../base/errors.ts';
import type { RelationId } from '../base/ids.ts';
import { evaluateConstant } from '../expr/compile.ts';
import type { EvalContext } from '../expr/context.ts';
import { evaluate } from '../expr/evaluate.ts';
import { buildDataflow } from '../operators/build.ts';
import { Collect } from '../operators/collect.ts';
import type { OperatorStats } from '../operators/dataflow.ts';
import type { Plan, QueryPlan } from '../planner/plan.ts';
import { MemoryStateStore } from '../storage/memory-state.ts';
import { type Batch, batchOfRows } from '../types/batch.ts';
import type { Database } from './database.ts';
import type { Steps } from './slices.ts';
import type { Change } from './ticks.ts';

export type QueryRun = {
  readonly database: Database;
  readonly query: QueryPlan;
  readonly context: EvalContext;
  /** Changes of base relations that this query sees although they are not committed. */
  readonly pending: readonly Change[];
  /** Why the statement is to stop, null to go on. */
  cancelReason(): string | null;
  /** Told what each operator did, for EXPLAIN ANALYZE. */
  readonly onStats?: (stats: readonly OperatorStats[]) => void;
};

/** Runs a query to its end. The rows come in order, as owned batches without weights; columns beyond `visible` may be there. */
export function* runQuery(run: QueryRun): Steps<readonly Batch[]> {
  const { plan, order } = run.query;
  if (order.length === 0 && run.onStats === undefined) {
    const constant = constantRows(plan, run.context);
    if (constant !== null) return [constant];
  }
  const collect = new Collect({ types: plan.columns.map((column) => column.type), order });
  const dataflow = buildDataflow({
    plan,
    name: 'query',
    state: new MemoryStateStore(),
    context: { eval: run.context, onRowError: null },
    output: (batch) => collect.onBatch(batch),
    insertsOnly: run.pending.length === 0,
  });
  const scans = dataflow.relations.map((relation) => ({ relation, scan: run.database.scan(relation, run.context) }));
  try {
    for (const { relation, scan } of scans) {
      for (const batch of withPending(scan.batches, relation, run.pending)) {
        throwIfCanceled(run.cancelReason());
        if (dataflow.isSatisfied()) break;
        dataflow.push(relation, batch);
        yield;
      }
    }
    dataflow.endTick();
    run.onStats?.(dataflow.stats());
  } finally {
    for (const { scan } of scans) scan.release();
  }
  return collect.finish();
}

function* withPending(batches: Iterable<Batch>, relation: RelationId, pending: readonly Change[]): Generator<Batch> {
  yield* batches;
  for (const change of pending) if (change.relation === relation) yield change.batch;
}

/**
 * The rows of VALUES, or of expressions over VALUES; null for a plan that reads anything. These need no dataflow: an INSERT of
 * one row should cost microseconds.
 */
function constantRows(plan: Plan, context: EvalContext): Batch | null {
  if (plan.kind === 'values') {
    return batchOfRows(
      kindsOf(plan),
      plan.rows.map((row) => row.map((expr) => evaluateConstant(expr, context))),
    );
  }
  if (plan.kind !== 'project' || plan.predicate !== null) return null;
  const input = constantRows(plan.input, context);
  if (input === null) return null;
  const rows = Array.from({ length: input.length }, (_, i) =>
    plan.exprs.map((expr) => evaluate(expr, context, input.columns, i)),
  );
  return batchOfRows(kindsOf(plan), rows);
}

export const kindsOf = (plan: Plan) => plan.columns.map((column) => column.type.column);
