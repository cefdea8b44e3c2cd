/**
 * The end of a query: keeps all rows and gives them back in order.
 *
 * Sorting moves row numbers, never rows: the sort columns are laid out flat, a comparison per column kind runs on them, and the
 * pages of the answer are gathered at the end. Ties keep the order of arrival.
 */
import { assert } from '../base/assert.ts';
import type { SortKey } from '../expr/expr.ts';
import { PAGE_SHIFT } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { allocateColumn, type Column, type ColumnKind, gatherColumn, valueAt } from '../types/column.ts';
import { defaultFormat, type SqlType } from '../types/type.ts';
import { allocateColumns } from './buffers.ts';
import type { Operator } from './operator.ts';
import { gatherPages, type Pages } from './paged.ts';
import { type RowComparison, rowComparison } from './row-order.ts';

export class Collect implements Operator {
  readonly #types: readonly SqlType[];
  readonly #kinds: readonly ColumnKind[];
  readonly #order: readonly SortKey[];
  /** By column, then page: the shape `gatherPages` reads. */
  readonly #pages: Column[][];
  #weights: number[] | null = null;
  #count = 0;

  constructor(options: { readonly types: readonly SqlType[]; readonly order: readonly SortKey[] }) {
    this.#types = options.types;
    this.#kinds = options.types.map((type) => type.column);
    this.#order = options.order;
    this.#pages = options.types.map(() => []);
  }

  describe(): string {
    return `Collect: ${this.#count} rows`;
  }

  onBatch(batch: Batch): void {
    this.#noteWeights(batch);
    for (let c = 0; c < this.#pages.length; c++) this.#append(c, batch.columns[c] as Column, batch.length);
    this.#count += batch.length;
  }

  /** Most results never leave the case that all weights are 1, and keep none. */
  #noteWeights(batch: Batch): void {
    const weights = batch.weights?.subarray(0, batch.length) ?? null;
    if (this.#weights === null) {
      if (weights === null || weights.every((weight) => weight === 1)) return;
      this.#weights = new Array<number>(this.#count).fill(1);
    }
    for (let i = 0; i < batch.length; i++) this.#weights.push(weights === null ? 1 : (weights[i] as number));
  }

  #append(c: number, column: Column, count: number): void {
    const pages = this.#pages[c] as Column[];
    let done = 0;
    while (done < count) {
      const at = (this.#count + done) % BATCH_ROWS;
      if (at === 0) pages.push(allocateColumn(this.#kinds[c] as ColumnKind, BATCH_ROWS));
      const n = Math.min(count - done, BATCH_ROWS - at);
      const from = done === 0 && n <= BATCH_ROWS ? FIRST_ROWS : Int32Array.from({ length: n }, (_, k) => done + k);
      gatherColumn(column, from, n, pages[pages.length - 1] as Column, at);
      done += n;
    }
  }

  /** The rows in order, as batches of their own without weights: a row of weight 3 stands there three times. */
  finish(): Batch[] {
    const rows = this.#weights === null ? identity(this.#count) : this.#unfold(this.#weights);
    if (this.#order.length > 0) rows.sort(this.#comparison());
    const batches: Batch[] = [];
    for (let first = 0; first < rows.length; first += BATCH_ROWS) {
      const length = Math.min(BATCH_ROWS, rows.length - first);
      batches.push({ length, columns: this.#gather(rows.subarray(first, first + length), length), weights: null });
    }
    return batches;
  }

  #gather(rows: Int32Array, length: number): Column[] {
    const out = allocateColumns(this.#kinds, length);
    out.forEach((column, c) => {
      gatherPages(this.#pages[c] as Pages, rows, length, column, 0);
    });
    return out;
  }

  #comparison(): RowComparison {
    const keys = this.#order.map((key) => {
      const flat = allocateColumn(this.#kinds[key.column] as ColumnKind, this.#count);
      gatherPages(this.#pages[key.column] as Pages, identity(this.#count), this.#count, flat, 0);
      return { ...key, type: this.#types[key.column] as SqlType, values: flat };
    });
    return rowComparison(keys);
  }

  #unfold(weights: readonly number[]): Int32Array {
    const copies = weights.some((weight) => weight < 0) ? this.#cancel(weights) : weights;
    const rows: number[] = [];
    copies.forEach((count, row) => {
      for (let k = 0; k < count; k++) rows.push(row);
    });
    return Int32Array.from(rows);
  }

  /** Rows taken back (a query inside a transaction sees its own deletes) cancel against equal ones. Rare, so by printed text. */
  #cancel(weights: readonly number[]): number[] {
    const firstByImage = new Map<string, number>();
    const sums = new Array<number>(weights.length).fill(0);
    weights.forEach((weight, row) => {
      const image = this.#imageOf(row);
      const first = firstByImage.get(image) ?? row;
      firstByImage.set(image, first);
      sums[first] = (sums[first] as number) + weight;
    });
    assert(
      sums.every((sum) => sum >= 0),
      'a query took back a row that was never there',
    );
    return sums;
  }

  #imageOf(row: number): string {
    const texts = this.#types.map((type, c) => {
      const value = valueAt((this.#pages[c] as Pages)[row >> PAGE_SHIFT] as Column, row % BATCH_ROWS);
      return value === null ? null : type.format(value, defaultFormat);
    });
    return JSON.stringify(texts);
  }
}

const identity = (count: number): Int32Array => {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
};

const FIRST_ROWS = identity(BATCH_ROWS);
