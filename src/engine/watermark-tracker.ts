/** The watermark of a stream: the greatest value its WATERMARK expression ever had. Never falls; stored with each checkpoint. */
import { compileProjection } from '../expr/compile.ts';
import type { EvalContext } from '../expr/context.ts';
import type { Expr } from '../expr/expr.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { allocateColumn, type I64Column } from '../types/column.ts';
import { type Int, int64At } from '../types/int64.ts';

export class WatermarkTracker {
  readonly #kernel;
  readonly #out = allocateColumn('i64', BATCH_ROWS) as I64Column;
  readonly #rows = new Int32Array(BATCH_ROWS);
  #value: Int | null;

  /** `expr` is of type timestamp or timestamptz; `value` is what a checkpoint remembered. */
  constructor(expr: Expr, name: string, value: Int | null) {
    this.#kernel = compileProjection([expr], `${name}/watermark`);
    this.#value = value;
  }

  /** µs since 2000, or null before the first row. */
  get value(): Int | null {
    return this.#value;
  }

  /** Takes the rows of a tick into account. Returns whether the watermark rose. */
  observe(batch: Batch, context: EvalContext): boolean {
    const before = this.#value;
    for (let from = 0; from < batch.length; from += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, batch.length - from);
      for (let k = 0; k < count; k++) this.#rows[k] = from + k;
      this.#kernel.run(context, batch.columns, this.#rows, count, [this.#out]);
      this.#raise(count);
    }
    return this.#value !== before;
  }

  #raise(count: number): void {
    const { data, nulls } = this.#out;
    for (let k = 0; k < count; k++) {
      if (nulls !== null && nulls[k] === 1) continue;
      const value = int64At(data, k);
      if (this.#value === null || value > this.#value) this.#value = value;
    }
  }
}
