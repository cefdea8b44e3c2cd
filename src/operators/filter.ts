/** Rows for which a condition is true. Without state: a retraction passes as the row it retracts did. */
import type { PredicateKernel } from '../expr/compile.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { Column } from '../types/column.ts';
import type { Int } from '../types/int64.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, gatherInts } from './buffers.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { RowFilter } from './row-errors.ts';

export class Filter implements Operator {
  readonly #filter: RowFilter;
  readonly #out: Column[];
  #weights: Int32Array = new Int32Array(BATCH_ROWS);

  constructor(options: {
    readonly types: readonly SqlType[];
    readonly predicate: PredicateKernel;
    readonly context: OperatorContext;
  }) {
    this.#filter = new RowFilter(options.predicate, options.context);
    this.#out = allocateColumns(options.types.map((type) => type.column));
  }

  describe(): string {
    return 'Filter';
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    const count = this.#filter.run(batch);
    if (count === 0) return;
    if (count === batch.length) {
      output(batch);
      return;
    }
    const { kept } = this.#filter;
    gatherColumns(batch.columns, kept, count, this.#out);
    if (batch.weights !== null) this.#weights = gatherInts(batch.weights, kept, count, this.#weights);
    output({ length: count, columns: this.#out, weights: batch.weights === null ? null : this.#weights });
  }

  onWatermark(watermark: Int): Int {
    return watermark;
  }
}
