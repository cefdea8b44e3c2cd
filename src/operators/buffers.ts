/** Scratch memory that operators keep from batch to batch, grown when a batch is larger than any before. */
import { BATCH_ROWS } from '../types/batch.ts';
import { allocateColumn, type Column, type ColumnKind, capacityOf, gatherColumn } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';

export const kindsOf = (columns: readonly { readonly type: SqlType }[]): ColumnKind[] =>
  columns.map((column) => column.type.column);

/**
 * Scratch columns begin small: most queries see a few rows, and clearing room for full batches was half the cost of
 * building their operators. Whoever writes columns calls `resetColumns` first, which makes the room that is needed.
 */
const FIRST_ROOM = 64;

export const allocateColumns = (kinds: readonly ColumnKind[], capacity = FIRST_ROOM): Column[] =>
  kinds.map((kind) => allocateColumn(kind, capacity));

/** Makes `columns` ready to be written from place 0 on for `count` rows: no NULLs, enough room. */
export function resetColumns(columns: Column[], count: number): void {
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c] as Column;
    if (capacityOf(column) < count) {
      columns[c] = allocateColumn(column.kind, roomFor(count));
      continue;
    }
    column.nulls = null;
    if (column.kind === 'dec') column.wide = null;
  }
}

/** `array` or, when it has fewer than `count` places, a longer copy of it. */
export function grownInt32(array: Int32Array, count: number): Int32Array {
  if (array.length >= count) return array;
  const grown = new Int32Array(roomFor(count));
  grown.set(array);
  return grown;
}

export function grownFloat64(array: Float64Array, count: number): Float64Array {
  if (array.length >= count) return array;
  const grown = new Float64Array(roomFor(count));
  grown.set(array);
  return grown;
}

export function grownUint8(array: Uint8Array, count: number): Uint8Array {
  if (array.length >= count) return array;
  const grown = new Uint8Array(roomFor(count));
  grown.set(array);
  return grown;
}

function roomFor(count: number): number {
  let room = BATCH_ROWS;
  while (room < count) room *= 2;
  return room;
}

/** Rows `rows[0..count)` of `columns` as dense columns in `out`. */
export function gatherColumns(columns: readonly Column[], rows: Int32Array, count: number, out: Column[]): void {
  resetColumns(out, count);
  for (let c = 0; c < out.length; c++) gatherColumn(columns[c] as Column, rows, count, out[c] as Column, 0);
}

/** Entries `rows[0..count)` of `from` (weights, groups) in `out`, or in a longer array where it is too short; returned. */
export function gatherInts(from: Int32Array, rows: Int32Array, count: number, out: Int32Array): Int32Array {
  const to = out.length < count ? new Int32Array(roomFor(count)) : out;
  for (let k = 0; k < count; k++) to[k] = from[rows[k] as number] as number;
  return to;
}

/** A column of NULLs, to be forwarded wherever one is needed and never written. */
export function nullColumn(kind: ColumnKind, capacity = BATCH_ROWS): Column {
  const column = allocateColumn(kind, capacity);
  column.nulls = new Uint8Array(capacity).fill(1);
  return column;
}
