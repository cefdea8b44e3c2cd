/**
 * Columns: the unit of data movement. One typed array per column of a batch, and of a page of state.
 *
 * Seven physical kinds carry every SQL type:
 *
 *   i32    int2, int4, date                                  Int32Array
 *   i64    int8, oid, time, timestamp, timestamptz (µs)      Int32Array of 2n lanes (low, high)
 *   f64    float4, float8                                    Float64Array
 *   bool   boolean                                           Uint8Array of 0 and 1
 *   text   text, varchar, char, name, "char", unknown        string[]
 *   dec    numeric                                           lanes + a scale per value; what does not fit is in `wide`
 *   value  interval, uuid, bytea, json, jsonb, arrays, …     unknown[], the type's own immutable object
 *
 * A column does not know its SQL type or its length; batch, page and plan do. `nulls` is a byte a row (1 = NULL), or null
 * when no row is. At a NULL the data holds anything; kernels may read it but not trust it.
 */
import { unreachable } from '../base/assert.ts';
import { type Int, int64At, MAX_INT64, MIN_INT64, setInt64 } from './int64.ts';
import { Numeric } from './numeric.ts';

export type ColumnKind = 'i32' | 'i64' | 'f64' | 'bool' | 'text' | 'dec' | 'value';

/** A value outside columns. What an `object` is, the SQL type knows (Numeric, Interval, Uint8Array, SqlArray, …). */
export type Value = null | boolean | Int | string | object;

type Nullable = { nulls: Uint8Array | null };
export type I32Column = Nullable & { readonly kind: 'i32'; readonly data: Int32Array };
export type I64Column = Nullable & { readonly kind: 'i64'; readonly data: Int32Array };
export type F64Column = Nullable & { readonly kind: 'f64'; readonly data: Float64Array };
export type BoolColumn = Nullable & { readonly kind: 'bool'; readonly data: Uint8Array };
export type TextColumn = Nullable & { readonly kind: 'text'; readonly data: string[] };
export type DecColumn = Nullable & {
  readonly kind: 'dec';
  readonly data: Int32Array;
  /** Scale of each value, or `WIDE` where the value stands in `wide`. */
  readonly scales: Int16Array;
  wide: (Numeric | undefined)[] | null;
};
export type ValueColumn = Nullable & { readonly kind: 'value'; readonly data: unknown[] };

export type Column = I32Column | I64Column | F64Column | BoolColumn | TextColumn | DecColumn | ValueColumn;

/** In `DecColumn.scales`: the value does not fit 64 bits (or is NaN or infinite) and stands in `wide`. */
export const WIDE = -1;

export function allocateColumn(kind: ColumnKind, capacity: number): Column {
  switch (kind) {
    case 'i32':
      return { kind, data: new Int32Array(capacity), nulls: null };
    case 'i64':
      return { kind, data: new Int32Array(2 * capacity), nulls: null };
    case 'f64':
      return { kind, data: new Float64Array(capacity), nulls: null };
    case 'bool':
      return { kind, data: new Uint8Array(capacity), nulls: null };
    case 'text':
      return { kind, data: new Array<string>(capacity).fill(''), nulls: null };
    case 'dec':
      return { kind, data: new Int32Array(2 * capacity), scales: new Int16Array(capacity), wide: null, nulls: null };
    case 'value':
      return { kind, data: new Array<unknown>(capacity).fill(null), nulls: null };
    default:
      return unreachable(kind);
  }
}

/** How many rows the column has room for. */
export const capacityOf = (column: Column): number =>
  column.kind === 'i64' || column.kind === 'dec' ? column.data.length >> 1 : column.data.length;

export const isNullAt = (column: Column, i: number): boolean => column.nulls !== null && column.nulls[i] === 1;

/** Value `i` in its scalar form. For edges and rare paths: hot loops read the arrays. */
export function valueAt(column: Column, i: number): Value {
  if (column.nulls !== null && column.nulls[i] === 1) return null;
  switch (column.kind) {
    case 'i32':
    case 'f64':
      return column.data[i] as number;
    case 'i64':
      return int64At(column.data, i);
    case 'bool':
      return column.data[i] === 1;
    case 'text':
      return column.data[i] as string;
    case 'dec':
      return numericAt(column, i);
    case 'value':
      return column.data[i] as Value;
    default:
      return unreachable(column);
  }
}

export function numericAt(column: DecColumn, i: number): Numeric {
  const scale = column.scales[i] as number;
  if (scale === WIDE) return column.wide?.[i] as Numeric;
  return new Numeric(int64At(column.data, i), scale);
}

export function setNumericAt(column: DecColumn, i: number, value: Numeric): void {
  const { coefficient, scale } = value;
  const fits =
    scale >= 0 && (typeof coefficient === 'number' || (coefficient >= MIN_INT64 && coefficient <= MAX_INT64));
  if (fits) {
    column.scales[i] = scale;
    setInt64(column.data, i, coefficient);
    return;
  }
  column.scales[i] = WIDE;
  column.wide ??= [];
  column.wide[i] = value;
}

/** Writes `value`, which has the scalar form of the column's kind, or null. Grows a null map when the first NULL comes. */
export function setValueAt(column: Column, i: number, value: Value): void {
  if (value === null) {
    setNullAt(column, i);
    return;
  }
  if (column.nulls !== null) column.nulls[i] = 0;
  switch (column.kind) {
    case 'i32':
    case 'f64':
      column.data[i] = value as number;
      return;
    case 'i64':
      setInt64(column.data, i, value as Int);
      return;
    case 'bool':
      column.data[i] = value === true ? 1 : 0;
      return;
    case 'text':
      column.data[i] = value as string;
      return;
    case 'dec':
      setNumericAt(column, i, value as Numeric);
      return;
    case 'value':
      column.data[i] = value;
      return;
    default:
      unreachable(column);
  }
}

export function setNullAt(column: Column, i: number): void {
  column.nulls ??= new Uint8Array(capacityOf(column));
  column.nulls[i] = 1;
}

/** Copies value `i` of `from` to place `j` of `to`; both of one kind. */
export function copyValue(from: Column, i: number, to: Column, j: number): void {
  if (from.nulls !== null && from.nulls[i] === 1) {
    setNullAt(to, j);
    return;
  }
  if (to.nulls !== null) to.nulls[j] = 0;
  switch (from.kind) {
    case 'i64':
      (to as I64Column).data[2 * j] = from.data[2 * i] as number;
      (to as I64Column).data[2 * j + 1] = from.data[2 * i + 1] as number;
      return;
    case 'dec':
      copyNumeric(from, i, to as DecColumn, j);
      return;
    default:
      (to.data as unknown[])[j] = from.data[i];
  }
}

function copyNumeric(from: DecColumn, i: number, to: DecColumn, j: number): void {
  const scale = from.scales[i] as number;
  to.scales[j] = scale;
  if (scale === WIDE) {
    to.wide ??= [];
    to.wide[j] = from.wide?.[i];
    return;
  }
  to.data[2 * j] = from.data[2 * i] as number;
  to.data[2 * j + 1] = from.data[2 * i + 1] as number;
}

/**
 * Copies rows `rows[0..count)` of `from` to places `at…at+count` of `to` (same kind, with room).
 * One tight loop per kind: this is how filters compact, joins assemble and pages are read.
 */
export function gatherColumn(from: Column, rows: Int32Array, count: number, to: Column, at: number): void {
  gatherNulls(from, rows, count, to, at);
  switch (from.kind) {
    case 'i32':
      gatherNumbers(from.data, rows, count, (to as I32Column).data, at);
      return;
    case 'f64':
      gatherDoubles(from.data, rows, count, (to as F64Column).data, at);
      return;
    case 'bool':
      gatherBytes(from.data, rows, count, (to as BoolColumn).data, at);
      return;
    case 'i64':
      gatherLanes(from.data, rows, count, (to as I64Column).data, at);
      return;
    case 'text':
      gatherObjects(from.data, rows, count, (to as TextColumn).data, at);
      return;
    case 'value':
      gatherObjects(from.data, rows, count, (to as ValueColumn).data, at);
      return;
    case 'dec':
      gatherNumerics(from, rows, count, to as DecColumn, at);
      return;
    default:
      unreachable(from);
  }
}

function gatherNulls(from: Column, rows: Int32Array, count: number, to: Column, at: number): void {
  const source = from.nulls;
  if (source === null) {
    to.nulls?.fill(0, at, at + count);
    return;
  }
  to.nulls ??= new Uint8Array(capacityOf(to));
  gatherBytes(source, rows, count, to.nulls, at);
}

// Four loops of one shape: shared code would go polymorphic over the array types and run several times slower.
function gatherNumbers(from: Int32Array, rows: Int32Array, count: number, to: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) to[at + k] = from[rows[k] as number] as number;
}

function gatherDoubles(from: Float64Array, rows: Int32Array, count: number, to: Float64Array, at: number): void {
  for (let k = 0; k < count; k++) to[at + k] = from[rows[k] as number] as number;
}

function gatherBytes(from: Uint8Array, rows: Int32Array, count: number, to: Uint8Array, at: number): void {
  for (let k = 0; k < count; k++) to[at + k] = from[rows[k] as number] as number;
}

function gatherObjects<T>(from: T[], rows: Int32Array, count: number, to: T[], at: number): void {
  for (let k = 0; k < count; k++) to[at + k] = from[rows[k] as number] as T;
}

function gatherNumerics(from: DecColumn, rows: Int32Array, count: number, to: DecColumn, at: number): void {
  gatherLanes(from.data, rows, count, to.data, at);
  const { scales } = from;
  for (let k = 0; k < count; k++) {
    const scale = scales[rows[k] as number] as number;
    to.scales[at + k] = scale;
    if (scale !== WIDE) continue;
    to.wide ??= [];
    to.wide[at + k] = from.wide?.[rows[k] as number];
  }
}

function gatherLanes(from: Int32Array, rows: Int32Array, count: number, to: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    to[2 * (at + k)] = from[2 * row] as number;
    to[2 * (at + k) + 1] = from[2 * row + 1] as number;
  }
}
