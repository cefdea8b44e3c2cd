/**
 * Reading rows of a state table, which rest in pages, into the flat columns of a batch, and writing them back.
 *
 * The loops are those of `gatherColumn` with one step more: row `r` is in page `r >> PAGE_SHIFT` at `r & PAGE_MASK`.
 */
import { unreachable } from '../base/assert.ts';
import { PAGE_MASK, PAGE_SHIFT } from '../storage/state.ts';
import {
  type Column,
  capacityOf,
  copyValue,
  type F64Column,
  type I32Column,
  type I64Column,
  type TextColumn,
} from '../types/column.ts';

export type Pages = readonly Column[];

/** Copies rows `rows[0..count)` of `pages` to places `at…at+count` of `to`, a column of the same kind with room. */
export function gatherPages(pages: Pages, rows: Int32Array, count: number, to: Column, at: number): void {
  if (count === 0) return;
  gatherPageNulls(pages, rows, count, to, at);
  switch (to.kind) {
    case 'i32':
      gatherPageNumbers(pages, rows, count, to.data, at);
      return;
    case 'i64':
      gatherPageLanes(pages, rows, count, to.data, at);
      return;
    case 'f64':
      gatherPageDoubles(pages, rows, count, to.data, at);
      return;
    case 'text':
      gatherPageTexts(pages, rows, count, to.data, at);
      return;
    case 'bool':
    case 'dec':
    case 'value':
      for (let k = 0; k < count; k++) {
        const row = rows[k] as number;
        copyValue(pages[row >> PAGE_SHIFT] as Column, row & PAGE_MASK, to, at + k);
      }
      return;
    default:
      unreachable(to);
  }
}

function gatherPageNulls(pages: Pages, rows: Int32Array, count: number, to: Column, at: number): void {
  to.nulls?.fill(0, at, at + count);
  if (pages.length < count && pages.every((page) => page.nulls === null)) return;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const nulls = (pages[row >> PAGE_SHIFT] as Column).nulls;
    if (nulls === null || nulls[row & PAGE_MASK] === 0) continue;
    to.nulls ??= new Uint8Array(capacityOf(to));
    to.nulls[at + k] = 1;
  }
}

function gatherPageNumbers(pages: Pages, rows: Int32Array, count: number, to: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    to[at + k] = (pages[row >> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] as number;
  }
}

function gatherPageLanes(pages: Pages, rows: Int32Array, count: number, to: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const data = (pages[row >> PAGE_SHIFT] as I64Column).data;
    const place = 2 * (row & PAGE_MASK);
    to[2 * (at + k)] = data[place] as number;
    to[2 * (at + k) + 1] = data[place + 1] as number;
  }
}

function gatherPageDoubles(pages: Pages, rows: Int32Array, count: number, to: Float64Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    to[at + k] = (pages[row >> PAGE_SHIFT] as F64Column).data[row & PAGE_MASK] as number;
  }
}

function gatherPageTexts(pages: Pages, rows: Int32Array, count: number, to: string[], at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    to[at + k] = (pages[row >> PAGE_SHIFT] as TextColumn).data[row & PAGE_MASK] as string;
  }
}

/** Writes places `places[0..count)` of `from` to rows `rows[0..count)` of `pages`, which are announced. The reverse of `gatherPages`. */
export function scatterPages(from: Column, places: Int32Array, count: number, pages: Pages, rows: Int32Array): void {
  if (from.kind === 'i64' && from.nulls === null) {
    scatterLanes(from.data, places, count, pages, rows);
    return;
  }
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    copyValue(from, places[k] as number, pages[row >> PAGE_SHIFT] as Column, row & PAGE_MASK);
  }
}

function scatterLanes(from: Int32Array, places: Int32Array, count: number, pages: Pages, rows: Int32Array): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const place = places[k] as number;
    const page = pages[row >> PAGE_SHIFT] as I64Column;
    const at = row & PAGE_MASK;
    if (page.nulls !== null) page.nulls[at] = 0;
    page.data[2 * at] = from[2 * place] as number;
    page.data[2 * at + 1] = from[2 * place + 1] as number;
  }
}

/** The double at `row` of a column of counts. Counts rest in doubles: exact to 2^53, and one array access. */
export const countAt = (pages: Pages, row: number): number =>
  (pages[row >> PAGE_SHIFT] as F64Column).data[row & PAGE_MASK] as number;

export function setCountAt(pages: Pages, row: number, count: number): void {
  (pages[row >> PAGE_SHIFT] as F64Column).data[row & PAGE_MASK] = count;
}

/** Adds weight `k` (1 when null) to the count of row `rows[k]`. */
export function addCounts(pages: Pages, rows: Int32Array, weights: Int32Array | null, count: number): void {
  if (weights === null) {
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      ((pages[row >> PAGE_SHIFT] as F64Column).data[row & PAGE_MASK] as number)++;
    }
    return;
  }
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    ((pages[row >> PAGE_SHIFT] as F64Column).data[row & PAGE_MASK] as number) += weights[k] as number;
  }
}
