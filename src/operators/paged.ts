/**
 * Reading rows of a state table, which rest in pages, into the flat columns of a batch, and writing them back.
 *
 * The loops are those of `gatherColumn` with one step more: row `r` is in page `r >> PAGE_SHIFT` at `r & PAGE_MASK`.
 */
import { unreachable } from '../base/assert.ts';
import { PAGE_MASK, PAGE_SHIFT } from '../storage/state.ts';
import {
  type BoolColumn,
  type Column,
  capacityOf,
  copyValue,
  type DecColumn,
  type F64Column,
  type I32Column,
  type I64Column,
  type TextColumn,
  type ValueColumn,
  WIDE,
} from '../types/column.ts';

export type Pages = readonly Column[];

/** Copies rows `rows[0..count)` of `pages` to places `at…at+count` of `to`, a column of the same kind with room. */
export function gatherPages(pages: Pages, rows: Int32Array, count: number, to: Column, at: number): void {
  if (count === 0) return;
  to.nulls?.fill(0, at, at + count);
  if (gatherPageData(pages, rows, count, to, at)) gatherPageNulls(pages, rows, count, to, at);
}

/** Returns whether any of the pages read has NULLs: asked on the way, because the page is at hand. */
function gatherPageData(pages: Pages, rows: Int32Array, count: number, to: Column, at: number): boolean {
  switch (to.kind) {
    case 'i32':
      return gatherPageNumbers(pages as readonly I32Column[], rows, count, to.data, at);
    case 'i64':
      return gatherPageLanes(pages as readonly I64Column[], rows, count, to.data, at);
    case 'f64':
      return gatherPageDoubles(pages as readonly F64Column[], rows, count, to.data, at);
    case 'bool':
      return gatherPageBytes(pages as readonly BoolColumn[], rows, count, to.data, at);
    case 'dec':
      return gatherPageNumerics(pages as readonly DecColumn[], rows, count, to, at);
    case 'text':
      return gatherPageObjects(pages as readonly TextColumn[], rows, count, to.data, at);
    case 'value':
      return gatherPageObjects(pages as readonly ValueColumn[], rows, count, to.data, at);
    default:
      return unreachable(to);
  }
}

function gatherPageNulls(pages: Pages, rows: Int32Array, count: number, to: Column, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const nulls = (pages[row >> PAGE_SHIFT] as Column).nulls;
    if (nulls === null || nulls[row & PAGE_MASK] === 0) continue;
    to.nulls ??= new Uint8Array(capacityOf(to));
    to.nulls[at + k] = 1;
  }
}

type PagesOf<C extends Column> = readonly C[];

// Loops of one shape: shared code would go polymorphic over the array types and run several times slower.
function gatherPageNumbers(pages: PagesOf<I32Column>, rows: Int32Array, count: number, to: Int32Array, at: number) {
  let hasNulls = false;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const page = pages[row >> PAGE_SHIFT] as I32Column;
    if (page.nulls !== null) hasNulls = true;
    to[at + k] = page.data[row & PAGE_MASK] as number;
  }
  return hasNulls;
}

function gatherPageLanes(pages: PagesOf<I64Column>, rows: Int32Array, count: number, to: Int32Array, at: number) {
  let hasNulls = false;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const page = pages[row >> PAGE_SHIFT] as I64Column;
    if (page.nulls !== null) hasNulls = true;
    const place = 2 * (row & PAGE_MASK);
    to[2 * (at + k)] = page.data[place] as number;
    to[2 * (at + k) + 1] = page.data[place + 1] as number;
  }
  return hasNulls;
}

function gatherPageDoubles(pages: PagesOf<F64Column>, rows: Int32Array, count: number, to: Float64Array, at: number) {
  let hasNulls = false;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const page = pages[row >> PAGE_SHIFT] as F64Column;
    if (page.nulls !== null) hasNulls = true;
    to[at + k] = page.data[row & PAGE_MASK] as number;
  }
  return hasNulls;
}

function gatherPageBytes(pages: PagesOf<BoolColumn>, rows: Int32Array, count: number, to: Uint8Array, at: number) {
  let hasNulls = false;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const page = pages[row >> PAGE_SHIFT] as BoolColumn;
    if (page.nulls !== null) hasNulls = true;
    to[at + k] = page.data[row & PAGE_MASK] as number;
  }
  return hasNulls;
}

function gatherPageNumerics(pages: PagesOf<DecColumn>, rows: Int32Array, count: number, to: DecColumn, at: number) {
  const { data, scales } = to;
  let hasNulls = false;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const page = pages[row >> PAGE_SHIFT] as DecColumn;
    if (page.nulls !== null) hasNulls = true;
    const slot = row & PAGE_MASK;
    const scale = page.scales[slot] as number;
    scales[at + k] = scale;
    data[2 * (at + k)] = page.data[2 * slot] as number;
    data[2 * (at + k) + 1] = page.data[2 * slot + 1] as number;
    if (scale === WIDE) {
      to.wide ??= [];
      to.wide[at + k] = page.wide?.[slot];
    }
  }
  return hasNulls;
}

function gatherPageObjects<T>(
  pages: readonly { readonly data: T[]; readonly nulls: Uint8Array | null }[],
  rows: Int32Array,
  count: number,
  to: T[],
  at: number,
) {
  let hasNulls = false;
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const page = pages[row >> PAGE_SHIFT] as { readonly data: T[]; readonly nulls: Uint8Array | null };
    if (page.nulls !== null) hasNulls = true;
    to[at + k] = page.data[row & PAGE_MASK] as T;
  }
  return hasNulls;
}

/** Writes places `places[0..count)` of `from` to rows `rows[0..count)` of `pages`, which are announced. The reverse of `gatherPages`. */
export function scatterPages(from: Column, places: Int32Array, count: number, pages: Pages, rows: Int32Array): void {
  if (from.nulls === null && from.kind === 'i64') {
    scatterLanes(from.data, places, count, pages as readonly I64Column[], rows);
    return;
  }
  if (from.nulls === null && from.kind === 'dec' && from.wide === null) {
    scatterNumerics(from, places, count, pages as readonly DecColumn[], rows);
    return;
  }
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    copyValue(from, places[k] as number, pages[row >> PAGE_SHIFT] as Column, row & PAGE_MASK);
  }
}

function scatterLanes(
  from: Int32Array,
  places: Int32Array,
  count: number,
  pages: PagesOf<I64Column>,
  rows: Int32Array,
): void {
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

function scatterNumerics(
  from: DecColumn,
  places: Int32Array,
  count: number,
  pages: PagesOf<DecColumn>,
  rows: Int32Array,
): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const place = places[k] as number;
    const page = pages[row >> PAGE_SHIFT] as DecColumn;
    const at = row & PAGE_MASK;
    if (page.nulls !== null) page.nulls[at] = 0;
    page.scales[at] = from.scales[place] as number;
    page.data[2 * at] = from.data[2 * place] as number;
    page.data[2 * at + 1] = from.data[2 * place + 1] as number;
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
