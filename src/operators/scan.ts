/** The door of a dataflow: takes changes of a stored relation, all its columns, and hands on those the plan reads. No copies. */
import type { Batch } from '../types/batch.ts';
import type { Column } from '../types/column.ts';
import type { Int } from '../types/int64.ts';
import type { Operator, Output } from './operator.ts';

export class Scan implements Operator {
  readonly #name: string;
  readonly #project: readonly number[];

  constructor(options: { readonly name: string; readonly project: readonly number[] }) {
    this.#name = options.name;
    this.#project = options.project;
  }

  describe(): string {
    return `Scan: ${this.#name}`;
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    const columns = this.#project.map((c) => batch.columns[c] as Column);
    output({ length: batch.length, columns, weights: batch.weights });
  }

  onWatermark(watermark: Int): Int {
    return watermark;
  }
}
