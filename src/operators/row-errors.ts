/**
 * Kernels with PostgreSQL's errors and Millrace's answer to them.
 *
 * A kernel throws at the first row that fails. In a query that is the end of the query. In a maintained view the rows are then
 * tried one by one: those that fail go to `context.onRowError`, with their weight, and the others pass.
 */
import { SqlError } from '../base/errors.ts';
import type { PredicateKernel, ProjectionKernel } from '../expr/compile.ts';
import type { Batch } from '../types/batch.ts';
import { type Column, type ColumnKind, copyValue } from '../types/column.ts';
import { allocateColumns, grownInt32, resetColumns } from './buffers.ts';
import type { OperatorContext } from './operator.ts';

/** Hands a failure to the errors of the view; raises what is not the user's, and everything in a query. */
function reportRow(context: OperatorContext, error: unknown, batch: Batch, row: number): void {
  if (context.onRowError === null || !(error instanceof SqlError)) throw error;
  context.onRowError(error, batch, row);
}

/** A predicate; `kept` holds the rows of the last run that passed. */
export class RowFilter {
  kept: Int32Array = new Int32Array(1024);
  readonly #kernel: PredicateKernel;
  readonly #context: OperatorContext;
  readonly #single = new Int32Array(1);
  readonly #singleKept = new Int32Array(1);

  constructor(kernel: PredicateKernel, context: OperatorContext) {
    this.#kernel = kernel;
    this.#context = context;
  }

  get source(): string {
    return this.#kernel.source;
  }

  /** Filters the rows of `batch` and returns how many are in `kept`, in order. */
  run(batch: Batch): number {
    this.kept = grownInt32(this.kept, batch.length);
    try {
      return this.#kernel.run(this.#context.eval, batch.columns, null, batch.length, this.kept);
    } catch (error) {
      if (this.#context.onRowError === null) throw error;
      return this.#runSingly(batch);
    }
  }

  #runSingly(batch: Batch): number {
    let count = 0;
    for (let i = 0; i < batch.length; i++) {
      this.#single[0] = i;
      try {
        const passes = this.#kernel.run(this.#context.eval, batch.columns, this.#single, 1, this.#singleKept);
        if (passes === 1) this.kept[count++] = i;
      } catch (error) {
        reportRow(this.#context, error, batch, i);
      }
    }
    return count;
  }
}

/** A list of expressions. After a run `out` holds their values and `selection` the rows of the batch they belong to. */
export class RowProjector {
  readonly out: Column[];
  /** Null: row `k` of the batch is at place `k`. */
  selection: Int32Array | null = null;
  readonly #kernel: ProjectionKernel;
  readonly #context: OperatorContext;
  readonly #kinds: readonly ColumnKind[];
  readonly #single = new Int32Array(1);
  #survivors: Int32Array = new Int32Array(1024);

  constructor(kernel: ProjectionKernel, kinds: readonly ColumnKind[], context: OperatorContext) {
    this.#kernel = kernel;
    this.#kinds = kinds;
    this.#context = context;
    this.out = allocateColumns(kinds);
  }

  get source(): string {
    return this.#kernel.source;
  }

  /** Evaluates rows `selection[0..count)` of `batch` (null: the first `count`) and returns how many succeeded. */
  run(batch: Batch, selection: Int32Array | null, count: number): number {
    resetColumns(this.out, count);
    try {
      this.#kernel.run(this.#context.eval, batch.columns, selection, count, this.out);
      this.selection = selection;
      return count;
    } catch (error) {
      if (this.#context.onRowError === null) throw error;
      return this.#runSingly(batch, selection, count);
    }
  }

  #runSingly(batch: Batch, selection: Int32Array | null, count: number): number {
    const single = allocateColumns(this.#kinds, 1);
    const survivors = grownInt32(this.#survivors, count);
    let passed = 0;
    resetColumns(this.out, count);
    for (let k = 0; k < count; k++) {
      const row = selection === null ? k : (selection[k] as number);
      this.#single[0] = row;
      for (const column of single) column.nulls = null;
      try {
        this.#kernel.run(this.#context.eval, batch.columns, this.#single, 1, single);
      } catch (error) {
        reportRow(this.#context, error, batch, row);
        continue;
      }
      for (let e = 0; e < single.length; e++) copyValue(single[e] as Column, 0, this.out[e] as Column, passed);
      survivors[passed++] = row;
    }
    this.#survivors = survivors;
    this.selection = survivors;
    return passed;
  }
}
