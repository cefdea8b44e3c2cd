/**
 * The end of a tick for operators that keep one output row per state row: of each touched row its old version with -1 and
 * its new one with +1, where they differ. The work goes page by page of 1,024 touched rows, column by column.
 */
import { BATCH_ROWS } from '../types/batch.ts';
import type { Column } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, gatherInts, resetColumns } from './buffers.ts';
import { markDifferences } from './image.ts';
import type { Output } from './operator.ts';
import { gatherPages, type Pages } from './paged.ts';
import type { TouchedRows } from './touched.ts';

export type NetSource = {
  /** Pages of the columns that stand first in the output and never change while the row lives. */
  fixed(): readonly Pages[];
  /** The other columns as they were before the tick: of `rows[0..count)`, whose slots start at `first`. Lent. */
  readOld(rows: Int32Array, count: number, first: number): readonly Column[];
  /** Writes the present values of the same columns for `rows[0..count)` to `out` from place 0. */
  readNow(rows: Int32Array, count: number, out: readonly Column[]): void;
  /** For the same rows, 1 where the output had the row before the tick, and where it has it now; else 0. */
  readPresence(rows: Int32Array, count: number, first: number, before: Uint8Array, now: Uint8Array): void;
  /** Row `rows[k]` now shows place `places[k]` of `now`: the picked ones differ from before. Not told of rows that went away. */
  shown?(rows: Int32Array, places: Int32Array, count: number, now: readonly Column[]): void;
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
  readonly #before = new Uint8Array(BATCH_ROWS);
  readonly #present = new Uint8Array(BATCH_ROWS);
  readonly #minus = new Int32Array(BATCH_ROWS).fill(-1);

  constructor(fixed: readonly SqlType[], changing: readonly SqlType[]) {
    this.#types = changing;
    this.#keys = allocateColumns(fixed.map((type) => type.column));
    this.#now = allocateColumns(changing.map((type) => type.column));
    this.#picked = allocateColumns(changing.map((type) => type.column));
  }

  emit(touched: TouchedRows, source: NetSource, output: Output): void {
    for (let first = 0; first < touched.count; first += BATCH_ROWS) {
      const count = Math.min(touched.count - first, BATCH_ROWS);
      for (let k = 0; k < count; k++) this.#rows[k] = touched.rows[first + k] as number;
      this.#emitPage(first, count, source, output);
    }
  }

  #emitPage(first: number, count: number, source: NetSource, output: Output): void {
    const old = source.readOld(this.#rows, count, first);
    resetColumns(this.#now, count);
    source.readNow(this.#rows, count, this.#now);
    this.#differs.fill(0, 0, count);
    for (let c = 0; c < this.#now.length; c++) {
      markDifferences(this.#types[c] as SqlType, old[c] as Column, this.#now[c] as Column, count, this.#differs);
    }
    source.readPresence(this.#rows, count, first, this.#before, this.#present);
    const gone = this.#pick(this.#before, this.#present, count);
    if (gone > 0) this.#hand(gone, count, old, source, this.#minus, output);
    const come = this.#pick(this.#present, this.#before, count);
    if (come === 0) return;
    const rows = this.#hand(come, count, this.#now, source, null, output);
    source.shown?.(rows, this.#picks, come, this.#now);
  }

  /** Picks the places that are in one version and are missing or different in the other. */
  #pick(inOne: Uint8Array, inOther: Uint8Array, count: number): number {
    const picks = this.#picks;
    const differs = this.#differs;
    let picked = 0;
    for (let k = 0; k < count; k++) {
      if (inOne[k] === 1 && (inOther[k] === 0 || differs[k] === 1)) picks[picked++] = k;
    }
    return picked;
  }

  /** Emits the picked places of `values` and returns their rows. When all are picked nothing is copied but the keys. */
  #hand(
    picked: number,
    count: number,
    values: readonly Column[],
    source: NetSource,
    weights: Int32Array | null,
    output: Output,
  ): Int32Array {
    const all = picked === count;
    const rows = all ? this.#rows : gatherInts(this.#rows, this.#picks, picked, this.#pickedRows);
    resetColumns(this.#keys, picked);
    source.fixed().forEach((pages, c) => {
      gatherPages(pages, rows, picked, this.#keys[c] as Column, 0);
    });
    if (!all) gatherColumns(values, this.#picks, picked, this.#picked);
    output({ length: picked, columns: [...this.#keys, ...(all ? values : this.#picked)], weights });
    return rows;
  }
}
