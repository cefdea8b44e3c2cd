/**
 * What rows were before the tick, for operators that emit -old +new: some columns by slot of `TouchedRows`, in pages so that a
 * large tick (a backfill) grows them without copying.
 */
import { BATCH_ROWS } from '../types/batch.ts';
import type { Column, ColumnKind } from '../types/column.ts';
import { allocateColumns, grownUint8, resetColumns } from './buffers.ts';

/** Pages kept for the next tick; a larger tick gives the rest back. */
const PAGES_KEPT = 16;

export class OldValues {
  /** By slot: 1 when the row existed before the tick. */
  existed: Uint8Array = new Uint8Array(BATCH_ROWS);
  readonly #kinds: readonly ColumnKind[];
  readonly #pages: Column[][] = [];

  constructor(kinds: readonly ColumnKind[]) {
    this.#kinds = kinds;
  }

  /** The columns of slots `page × 1024 …`. */
  page(page: number): Column[] {
    while (this.#pages.length <= page) this.#pages.push(allocateColumns(this.#kinds, BATCH_ROWS));
    return this.#pages[page] as Column[];
  }

  growTo(slots: number): void {
    this.existed = grownUint8(this.existed, slots);
  }

  /**
   * Calls `save` with pieces of the slots `first…end` that fall in one page: the rows, how many, and where their
   * values go.
   */
  save(rows: Int32Array, first: number, end: number, save: SavePiece): void {
    let slot = first;
    while (slot < end) {
      const at = slot % BATCH_ROWS;
      const count = Math.min(end - slot, BATCH_ROWS - at);
      for (let k = 0; k < count; k++) this.#piece[k] = rows[slot + k] as number;
      save(this.#piece, count, this.page(Math.floor(slot / BATCH_ROWS)), at);
      slot += count;
    }
  }

  reset(): void {
    if (this.#pages.length > PAGES_KEPT) this.#pages.length = PAGES_KEPT;
    for (const page of this.#pages) resetColumns(page, BATCH_ROWS);
  }

  readonly #piece = new Int32Array(BATCH_ROWS);
}

export type SavePiece = (rows: Int32Array, count: number, to: readonly Column[], at: number) => void;
