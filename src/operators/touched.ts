/**
 * Which rows of a state table the current tick has touched, each once, in order of first touch.
 *
 * A touched row has a slot: its place in `rows`. Operators keep what the row was before the tick in arrays by slot, and
 * at the end of the tick emit the difference. Nothing here outlives the tick.
 */
import { grownInt32 } from './buffers.ts';

export class TouchedRows {
  /** Row numbers by slot, `count` of them. */
  rows: Int32Array = new Int32Array(1024);
  count = 0;
  /** Slot + 1 by row number; 0 when untouched. */
  #slots: Int32Array = new Int32Array(1024);

  /** Touches `rows[0..count)`, all below `limit`, and returns the first slot that is new: new are all from there to `this.count`. */
  addAll(rows: Int32Array, count: number, limit: number): number {
    const first = this.count;
    this.#slots = grownInt32(this.#slots, limit);
    this.rows = grownInt32(this.rows, first + count);
    this.count = markRows(rows, count, this.#slots, this.rows, first);
    return first;
  }

  /** Touches one row and returns whether it is new. */
  add(row: number): boolean {
    this.#slots = grownInt32(this.#slots, row + 1);
    if (this.#slots[row] !== 0) return false;
    this.rows = grownInt32(this.rows, this.count + 1);
    this.rows[this.count++] = row;
    this.#slots[row] = this.count;
    return true;
  }

  /** The slot of a row, -1 when untouched. */
  slotOf(row: number): number {
    return row < this.#slots.length ? (this.#slots[row] as number) - 1 : -1;
  }

  reset(): void {
    for (let slot = 0; slot < this.count; slot++) this.#slots[this.rows[slot] as number] = 0;
    this.count = 0;
  }
}

function markRows(rows: Int32Array, count: number, slots: Int32Array, list: Int32Array, first: number): number {
  let next = first;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    if (slots[row] !== 0) continue;
    list[next++] = row;
    slots[row] = next;
  }
  return next;
}
