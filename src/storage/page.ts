/** A page: up to 1,024 rows, struct of arrays, and what can be done to one row or the whole of it. */
import { unreachable } from '../base/assert.ts';
import { allocateColumn, type Column, type DecColumn } from '../types/column.ts';
import { PAGE_ROWS, type StateColumn } from './state.ts';

export type Page = {
  readonly columns: readonly Column[];
  /** 1 for each living row. */
  readonly live: Uint8Array;
  liveCount: number;
  /** The table's pin count when this page became its own: snapshots taken later share it. */
  readonly since: number;
};

export const newPage = (columns: readonly StateColumn[], since: number): Page => ({
  columns: columns.map(({ type }) => allocateColumn(type.column, PAGE_ROWS)),
  live: new Uint8Array(PAGE_ROWS),
  liveCount: 0,
  since,
});

export const copyPage = (page: Page, since: number): Page => ({
  columns: page.columns.map(copyColumn),
  live: page.live.slice(),
  liveCount: page.liveCount,
  since,
});

function copyColumn(column: Column): Column {
  const nulls = column.nulls === null ? null : column.nulls.slice();
  switch (column.kind) {
    case 'i32':
    case 'i64':
      return { kind: column.kind, data: column.data.slice(), nulls };
    case 'f64':
      return { kind: column.kind, data: column.data.slice(), nulls };
    case 'bool':
      return { kind: column.kind, data: column.data.slice(), nulls };
    case 'text':
      return { kind: column.kind, data: column.data.slice(), nulls };
    case 'dec': {
      const wide = column.wide === null ? null : column.wide.slice();
      return { kind: column.kind, data: column.data.slice(), scales: column.scales.slice(), wide, nulls };
    }
    case 'value':
      return { kind: column.kind, data: column.data.slice(), nulls };
    default:
      return unreachable(column);
  }
}

/** Makes a row what it is on a new page: zero, '', null object, and not NULL. Frees what objects it held. */
export function resetRow(columns: readonly Column[], i: number): void {
  for (let c = 0; c < columns.length; c++) resetValue(columns[c] as Column, i);
}

function resetValue(column: Column, i: number): void {
  if (column.nulls !== null) column.nulls[i] = 0;
  switch (column.kind) {
    case 'i32':
    case 'f64':
    case 'bool':
      column.data[i] = 0;
      return;
    case 'i64':
      column.data[2 * i] = 0;
      column.data[2 * i + 1] = 0;
      return;
    case 'text':
      column.data[i] = '';
      return;
    case 'value':
      column.data[i] = null;
      return;
    case 'dec':
      resetNumeric(column, i);
      return;
    default:
      unreachable(column);
  }
}

function resetNumeric(column: DecColumn, i: number): void {
  column.data[2 * i] = 0;
  column.data[2 * i + 1] = 0;
  column.scales[i] = 0;
  if (column.wide !== null) column.wide[i] = undefined;
}

/** Approximate bytes of a page: typed arrays as they are, strings and objects by a guess. */
export function pageBytes(columns: readonly StateColumn[]): number {
  let perRow = 1;
  for (const { type } of columns) perRow += BYTES_PER_ROW[type.column];
  return perRow * PAGE_ROWS;
}

const BYTES_PER_ROW = { i32: 4, i64: 8, f64: 8, bool: 1, text: 32, dec: 10, value: 64 } as const;
