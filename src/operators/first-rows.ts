/** LIMIT without ORDER BY in a query over a snapshot: the first rows that come, and then it says that it has had enough. */
import { assert } from '../base/assert.ts';
import { type Batch, BatchBuilder, weightAt } from '../types/batch.ts';
import { type Column, copyValue } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import type { Operator, Output } from './operator.ts';

export class FirstRows implements Operator {
  readonly #limit: number | null;
  readonly #offset: number;
  readonly #builder: BatchBuilder;
  #toSkip: number;
  #toTake: number;

  constructor(options: { readonly types: readonly SqlType[]; readonly limit: number | null; readonly offset: number }) {
    this.#limit = options.limit;
    this.#offset = options.offset;
    this.#toSkip = options.offset;
    this.#toTake = options.limit ?? Number.POSITIVE_INFINITY;
    this.#builder = new BatchBuilder(options.types.map((type) => type.column));
  }

  describe(): string {
    return `First rows: ${this.#limit ?? 'all'} after ${this.#offset}`;
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    if (this.#toTake === 0) return;
    if (this.#toSkip === 0 && batch.weights === null && batch.length <= this.#toTake) {
      this.#toTake -= batch.length;
      output(batch);
      return;
    }
    for (let i = 0; i < batch.length && this.#toTake > 0; i++) this.#take(batch, i, output);
    this.#builder.flush(output);
  }

  #take(batch: Batch, i: number, output: Output): void {
    const copies = weightAt(batch, i);
    assert(copies > 0, 'a row was taken back from a query that only inserts');
    const skipped = Math.min(copies, this.#toSkip);
    const taken = Math.min(copies - skipped, this.#toTake);
    this.#toSkip -= skipped;
    this.#toTake -= taken;
    if (taken === 0) return;
    if (this.#builder.isFull) this.#builder.flush(output);
    const to = this.#builder.add(taken);
    batch.columns.forEach((column, c) => {
      copyValue(column, i, this.#builder.columns[c] as Column, to);
    });
  }

  isSatisfied(): boolean {
    return this.#toTake === 0;
  }
}
