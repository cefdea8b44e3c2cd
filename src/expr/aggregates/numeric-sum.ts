/**
 * Exact sums of numerics that can forget.
 *
 * PostgreSQL shows a sum with the greatest scale among its inputs, so a retraction must know which scales are left. As long as all
 * values of a group have one scale (columns declared numeric(p,s) do), the sum is a safe integer at that scale. The first value
 * that differs moves the group to the general form: an exact numeric, and the number of rows per scale, as text `2:5,0:1`.
 */
import {
  type Column,
  type DecColumn,
  type F64Column,
  numericAt,
  setNumericAt,
  type TextColumn,
} from '../../types/column.ts';
import { float8 } from '../../types/float.ts';
import { int64AsDouble } from '../../types/int64.ts';
import {
  addNumeric,
  mulNumeric,
  Numeric,
  numericFromInt,
  numericInfinity,
  numericNaN,
  numericNegativeInfinity,
  roundNumeric,
} from '../../types/numeric.ts';
import { numeric } from '../../types/numeric-type.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import type { PagedColumn } from './define.ts';

/** Coefficient, its scale + 1 (0: no row yet, -1: general form), rows, the general sum, rows per scale. */
export const NUMERIC_SUM_STATE: readonly SqlType[] = [float8, float8, float8, numeric, text];
const [SMALL, SCALE, ROWS, WIDE, SCALES] = [0, 1, 2, 3, 4] as const;
const GENERAL = -1;

export function addNumerics(
  state: readonly PagedColumn[],
  groups: Int32Array,
  args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const sumPages = state[SMALL] as readonly F64Column[];
  const scalePages = state[SCALE] as readonly F64Column[];
  const rowPages = state[ROWS] as readonly F64Column[];
  const column = args[0] as DecColumn;
  const { data: values, scales } = column;
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const slot = group & 1023;
    const weight = weights === null ? 1 : (weights[i] as number);
    const stateScales = (scalePages[group >> 10] as F64Column).data;
    const rows = (rowPages[group >> 10] as F64Column).data;
    const scale = scales[i] as number;
    if ((rows[slot] as number) === 0 && stateScales[slot] !== GENERAL) stateScales[slot] = scale + 1;
    rows[slot] = (rows[slot] as number) + weight;
    const amount = int64AsDouble(values, i) * weight;
    const sums = (sumPages[group >> 10] as F64Column).data;
    const sum = (sums[slot] as number) + amount;
    const isSmall = Math.abs(amount) <= 9007199254740991 && Math.abs(sum) <= 9007199254740991;
    if (isSmall && scale >= 0 && stateScales[slot] === scale + 1) sums[slot] = sum;
    else addGeneral(state, group, numericAt(column, i), weight);
  }
}

function addGeneral(state: readonly PagedColumn[], group: number, value: Numeric, weight: number): void {
  const slot = group & 1023;
  const page = <T>(column: number): T => (state[column] as readonly unknown[])[group >> 10] as T;
  const scales = page<F64Column>(SCALE).data;
  const texts = page<TextColumn>(SCALES).data;
  const wide = page<DecColumn>(WIDE);
  if (scales[slot] !== GENERAL) toGeneral(state, group, weight);
  if (value.scale >= 0)
    setNumericAt(wide, slot, addNumeric(numericAt(wide, slot), mulNumeric(value, numericFromInt(weight))));
  texts[slot] = changeCount(texts[slot] as string, value.scale, weight);
  if (texts[slot] !== '') return;
  scales[slot] = 0;
  setNumericAt(wide, slot, new Numeric(0, 0));
}

/** Moves what there was before this row, whose weight is already in the row count. */
function toGeneral(state: readonly PagedColumn[], group: number, weight: number): void {
  const slot = group & 1023;
  const page = <T>(column: number): T => (state[column] as readonly unknown[])[group >> 10] as T;
  const sums = page<F64Column>(SMALL).data;
  const scales = page<F64Column>(SCALE).data;
  const before = (page<F64Column>(ROWS).data[slot] as number) - weight;
  const scale = (scales[slot] as number) - 1;
  setNumericAt(page<DecColumn>(WIDE), slot, new Numeric(sums[slot] as number, Math.max(scale, 0)));
  page<TextColumn>(SCALES).data[slot] = before === 0 ? '' : `${scale}:${before}`;
  sums[slot] = 0;
  scales[slot] = GENERAL;
}

const readCounts = (listed: string): Map<number, number> =>
  new Map(listed === '' ? [] : listed.split(',').map((part) => part.split(':').map(Number) as [number, number]));

function changeCount(listed: string, scale: number, weight: number): string {
  const counts = readCounts(listed);
  const count = (counts.get(scale) ?? 0) + weight;
  if (count === 0) counts.delete(scale);
  else counts.set(scale, count);
  return [...counts].map(([s, n]) => `${s}:${n}`).join(',');
}

export const numericRowsAt = (state: readonly PagedColumn[], row: number): number =>
  ((state[ROWS] as readonly F64Column[])[row >> 10] as F64Column).data[row & 1023] as number;

/** The sum of group `row`, shown with the greatest scale among its rows. */
export function numericSumAt(state: readonly PagedColumn[], row: number): Numeric {
  const slot = row & 1023;
  const page = <T>(column: number): T => (state[column] as readonly unknown[])[row >> 10] as T;
  const scale = page<F64Column>(SCALE).data[slot] as number;
  if (scale !== GENERAL) return new Numeric(page<F64Column>(SMALL).data[slot] as number, scale - 1);
  const counts = readCounts(page<TextColumn>(SCALES).data[slot] as string);
  // Special values have the marker scales -1 NaN, -2 Infinity, -3 -Infinity.
  if (counts.has(-1) || (counts.has(-2) && counts.has(-3))) return numericNaN;
  if (counts.has(-2)) return numericInfinity;
  if (counts.has(-3)) return numericNegativeInfinity;
  return roundNumeric(numericAt(page<DecColumn>(WIDE), slot), Math.max(...counts.keys()));
}
