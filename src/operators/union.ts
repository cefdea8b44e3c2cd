/** UNION ALL: every input's changes are the output's. Its watermark is the least of its inputs'. */
import type { Batch } from '../types/batch.ts';
import type { Int } from '../types/int64.ts';
import type { Operator, Output } from './operator.ts';

export class Union implements Operator {
  readonly #watermarks: (Int | null)[];

  constructor(options: { readonly inputs: number }) {
    this.#watermarks = new Array<Int | null>(options.inputs).fill(null);
  }

  describe(): string {
    return `Union: ${this.#watermarks.length} inputs`;
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    output(batch);
  }

  onWatermark(watermark: Int, input: number): Int | null {
    this.#watermarks[input] = watermark;
    let least: Int | null = watermark;
    for (const other of this.#watermarks) {
      if (other === null) return null;
      if (other < least) least = other;
    }
    return least;
  }
}
