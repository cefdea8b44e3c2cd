/**
 * The shape of every operator, and the rules of a tick.
 *
 * An operator is synchronous: a batch goes in, batches come out through `output` before the call returns, and nothing inside
 * awaits. Within a tick the scheduler first pushes all batches, depth first; then, in topological order, each operator whose
 * inputs are finished gets `onWatermark` if an input's watermark rose, and `onTickEnd`. After `onTickEnd` an operator
 * emits nothing until the next tick. A stateful operator emits at most one -old and one +new per key it touched, at the
 * end of the tick; stateless ones (and inner joins) pass changes on as they come.
 *
 * Callers: batches are lent (types/batch.ts); an operator's state is handed in by the constructor, and what it keeps outside state
 * tables must be empty between ticks. Not checked here: `checked.ts` wraps operators in tests and verifies these rules.
 */
import type { SqlError } from '../base/errors.ts';
import type { EvalContext } from '../expr/context.ts';
import type { Batch } from '../types/batch.ts';
import type { Int } from '../types/int64.ts';

export type Output = (batch: Batch) => void;

export interface Operator {
  /** One line for EXPLAIN ANALYZE, traces and metrics. */
  describe(): string;
  /** `input` numbers the inputs from the left: 0 for the only one, or the left one. */
  onBatch(batch: Batch, input: number, output: Output): void;
  /** The watermark of `input` rose to `watermark` (µs since 2000); comes after all rows of the tick. Returns the operator's own, or null for none. */
  onWatermark?(watermark: Int, input: number, output: Output): Int | null;
  onTickEnd?(output: Output): void;
  /** True when no further input can change the output of this (one-shot) query: LIMIT, EXISTS. */
  isSatisfied?(): boolean;
}

/** What operators of one dataflow share. */
export type OperatorContext = {
  readonly eval: EvalContext;
  /**
   * Where a row goes whose expression failed inside a maintained view. Null in queries: there the error is raised.
   * `row` is row `i` of `batch`, the input of the failing operator.
   */
  readonly onRowError: ((error: SqlError, batch: Batch, i: number) => void) | null;
};
