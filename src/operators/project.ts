/**
 * New columns from old ones, after a filter when the plan fused one in: predicate → selection → expressions, one pass.
 *
 * Columns that are only handed on never enter a kernel: without a selection they are forwarded as they are, with one they are gathered.
 */
import type { PredicateKernel, ProjectionKernel } from '../expr/compile.ts';
import type { Expr } from '../expr/expr.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { type Column, gatherColumn } from '../types/column.ts';
import type { Int } from '../types/int64.ts';
import { allocateColumns, gatherInts, kindsOf, resetColumns } from './buffers.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { RowFilter, RowProjector } from './row-errors.ts';

/** The expressions of a projection that need a kernel: all but bare columns. */
export const computedExprs = (exprs: readonly Expr[]): Expr[] => exprs.filter((expr) => expr.kind !== 'column');

export class Project implements Operator {
  /** Per output column the input column it forwards, or -1. */
  readonly #sources: readonly number[];
  readonly #filter: RowFilter | null;
  readonly #projector: RowProjector | null;
  readonly #gathered: Column[];
  #weights: Int32Array = new Int32Array(BATCH_ROWS);

  /** `computed` is the kernel of `computedExprs(exprs)`; null when there are none. */
  constructor(options: {
    readonly exprs: readonly Expr[];
    readonly computed: ProjectionKernel | null;
    readonly predicate: PredicateKernel | null;
    readonly context: OperatorContext;
  }) {
    const { exprs, computed, predicate, context } = options;
    this.#sources = exprs.map((expr) => (expr.kind === 'column' ? expr.index : -1));
    this.#filter = predicate === null ? null : new RowFilter(predicate, context);
    this.#projector = computed === null ? null : new RowProjector(computed, kindsOf(computedExprs(exprs)), context);
    this.#gathered = allocateColumns(kindsOf(exprs.filter((expr) => expr.kind === 'column')));
  }

  describe(): string {
    return this.#filter === null ? 'Project' : 'Project: filtered';
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    let count = batch.length;
    let selection: Int32Array | null = null;
    if (this.#filter !== null) {
      count = this.#filter.run(batch);
      if (count < batch.length) selection = this.#filter.kept;
    }
    if (count > 0 && this.#projector !== null) {
      count = this.#projector.run(batch, selection, count);
      selection = this.#projector.selection;
    }
    if (count > 0) output(this.#assemble(batch, selection, count));
  }

  #assemble(batch: Batch, selection: Int32Array | null, count: number): Batch {
    let computed = 0;
    let gathered = 0;
    if (selection !== null) resetColumns(this.#gathered, count);
    const columns = this.#sources.map((source) => {
      if (source < 0) return this.#projector?.out[computed++] as Column;
      const column = batch.columns[source] as Column;
      if (selection === null) return column;
      const to = this.#gathered[gathered++] as Column;
      gatherColumn(column, selection, count, to, 0);
      return to;
    });
    if (selection === null || batch.weights === null) return { length: count, columns, weights: batch.weights };
    this.#weights = gatherInts(batch.weights, selection, count, this.#weights);
    return { length: count, columns, weights: this.#weights };
  }

  onWatermark(watermark: Int): Int {
    return watermark;
  }
}
