/**
 * The end of a tick for operators that keep one output row per state row: of each touched row its old version with -1 and
 * its new one with +1, where they differ. The work goes page by page of 1,024 touched rows, column by column.
 */
import { BATCH_ROWS } from '../types/batch.ts';
import { type Column, gatherColumn } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, resetColumns } from './buffers.ts';
import { markDifferences } from './image.ts';
import type { OldValues } from './old-values.ts';
import type { Output } from './operator.ts';
import { gatherPages, type Pages } from './paged.ts';
import type { TouchedRows } from './touched.ts';

export type NetSource = {
  /** Pages of the columns that stand first in the output and never change while the row lives. */
  fixed(): readonly Pages[];
  /** Writes the present values of the other columns for `rows[0..count)` to `out` from place 0. */
  readNow(rows: Int32Array, count: number, out: readonly Column[]): void;
  /** Whether `row` has a row in the output now. */
  exists(row: number): boolean;
};

export class NetChanges {
  readonly #types: readonly SqlType[];
  readonly #keys: Column[];
  readonly #now: Column[];
  readonly #picked: Column[];
  readonly #rows = new Int32Array(BATCH_ROWS);
  readonly #picks = new Int32Array(BATCH_ROWS);
  readonly #pickedRows = new Int32Array(BATCH_ROWS);
  readonly #differs = new Uint8Array(BATCH_ROWS);
  readonly #present = new Uint8Array(BATCH_ROWS);
  readonly #minus = new Int32Array(BATCH_ROWS).fill(-1);

  constructor(fixed: readonly SqlType[], changing: readonly SqlType[]) {
    this.#types = changing;
    this.#keys = allocateColumns(fixed.map((type) => type.column));
    this.#now = allocateColumns(changing.map((type) => type.column));
    this.#picked = allocateColumns(changing.map((type) => type.column));
  }

  emit(touched: TouchedRows, old: OldValues, source: NetSource, output: Output): void {
    for (let first = 0; first < touched.count; first += BATCH_ROWS) {
      const count = Math.min(touched.count - first, BATCH_ROWS);
      for (let k = 0; k < count; k++) this.#rows[k] = touched.rows[first + k] as number;
      this.#emitPage(old.page(first / BATCH_ROWS), old.existed, first, count, source, output);
    }
  }

  #emitPage(old: Column[], existed: Uint8Array, first: number, count: number, source: NetSource, output: Output): void {
    resetColumns(this.#now, count);
    source.readNow(this.#rows, count, this.#now);
    this.#differs.fill(0, 0, count);
    for (let c = 0; c < this.#now.length; c++) {
      markDifferences(this.#types[c] as SqlType, old[c] as Column, this.#now[c] as Column, count, this.#differs);
    }
    for (let k = 0; k < count; k++) this.#present[k] = source.exists(this.#rows[k] as number) ? 1 : 0;
    const gone = this.#pick(existed, first, this.#present, 0, count);
    this.#hand(gone, count, old, source, this.#minus, output);
    const come = this.#pick(this.#present, 0, existed, first, count);
    this.#hand(come, count, this.#now, source, null, output);
  }

  /** Picks the places that are in one version and are missing or different in the other. */
  #pick(inOne: Uint8Array, oneAt: number, inOther: Uint8Array, otherAt: number, count: number): number {
    const { length } = this.#picks;
    let picked = 0;
    for (let k = 0; k < count && picked < length; k++) {
      if (inOne[oneAt + k] === 1 && (inOther[otherAt + k] === 0 || this.#differs[k] === 1)) this.#picks[picked++] = k;
    }
    return picked;
  }

  /** Emits the picked places of `values`. When all are picked nothing is copied but the keys. */
  #hand(
    picked: number,
    count: number,
    values: Column[],
    source: NetSource,
    weights: Int32Array | null,
    output: Output,
  ): void {
    if (picked === 0) return;
    const all = picked === count;
    let rows = this.#rows;
    if (!all) {
      rows = this.#pickedRows;
      for (let k = 0; k < picked; k++) rows[k] = this.#rows[this.#picks[k] as number] as number;
    }
    resetColumns(this.#keys, picked);
    source.fixed().forEach((pages, c) => {
      gatherPages(pages, rows, picked, this.#keys[c] as Column, 0);
    });
    output({ length: picked, columns: [...this.#keys, ...(all ? values : this.#gather(values, picked))], weights });
  }

  #gather(values: readonly Column[], picked: number): Column[] {
    resetColumns(this.#picked, picked);
    values.forEach((column, c) => {
      gatherColumn(column, this.#picks, picked, this.#picked[c] as Column, 0);
    });
    return this.#picked;
  }
}
