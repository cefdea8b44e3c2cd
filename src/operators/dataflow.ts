/** What the engine sees of a built plan: push changes of base relations in, get changes of the result out. Built by `build.ts`. */

import type { Plan, RelationId } from '../planner/plan.ts';
import type { StateStore } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import type { Int } from '../types/int64.ts';
import type { OperatorContext, Output } from './operator.ts';

export type DataflowOptions = {
  readonly plan: Plan;
  /** Names generated code and state: `orders_per_hour`, `query`. */
  readonly name: string;
  /** One scope per operator is taken from it: durable for a view, `MemoryStateStore` for a query. */
  readonly state: StateStore;
  readonly context: OperatorContext;
  /** Receives the changes of the result. Lent batches. */
  readonly output: Output;
  /** Wraps every operator in checks of the operator contract (tests, fuzz). */
  readonly checked?: boolean;
  /**
   * Promises one tick of insertions only: a query over a snapshot. Joins and extremes then keep no way back, and LIMIT stops
   * the scan (`isSatisfied`). Leave it out when a query also sees deletes of its own transaction.
   */
  readonly insertsOnly?: boolean;
};

/** Figures of one operator for EXPLAIN ANALYZE and millrace.operators. Time is exclusive, in microseconds. */
export type OperatorStats = {
  readonly id: number;
  readonly depth: number;
  readonly description: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly micros: number;
  readonly stateRows: number;
  readonly stateBytes: number;
};

export interface Dataflow {
  readonly relations: readonly RelationId[];
  /** Changes of a relation, all its columns (the scan projects). Between ticks only; any number per tick. */
  push(relation: RelationId, batch: Batch): void;
  /** The watermark of a source rose; takes effect at the end of the tick. */
  pushWatermark(relation: RelationId, watermark: Int): void;
  /** Ends the tick: stateful operators emit. Always call it, also when nothing was pushed to this dataflow in its first tick (VALUES, global aggregates). */
  endTick(): void;
  /** No further input can change the output: a scan feeding this may stop. */
  isSatisfied(): boolean;
  stats(): readonly OperatorStats[];
  /** Generated code of each kernel, for EXPLAIN (CODE). */
  code(): readonly { readonly operator: string; readonly source: string }[];
}
