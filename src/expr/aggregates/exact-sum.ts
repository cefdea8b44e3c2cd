/**
 * Exact sums of integers, as state of sum() and avg().
 *
 * A sum is kept as a double while it is a safe integer, which is nearly always, and a row costs one addition and one test.
 * One that would leave that range moves, exactly, to a numeric beside it and stays there; NaN in place of the double says so,
 * fails the test by itself, and spares whoever reads the sum a look at the numeric.
 */
import {
  type Column,
  type DecColumn,
  type F64Column,
  type I32Column,
  type I64Column,
  numericAt,
  setNumericAt,
} from '../../types/column.ts';
import { type Int, int64At, mulInt } from '../../types/int64.ts';
import { addNumeric, Numeric, numericFromInt } from '../../types/numeric.ts';
import type { PagedColumn } from './define.ts';

/** Adds `amount`, with which the sum leaves the safe range or has left it before, to the wide part. */
function spill(state: readonly PagedColumn[], group: number, amount: Int): void {
  const slot = group & 1023;
  const sums = (state[0] as readonly F64Column[])[group >> 10] as F64Column;
  const page = (state[1] as readonly DecColumn[])[group >> 10] as DecColumn;
  const small = sums.data[slot] as number;
  const before = Number.isNaN(small) ? numericAt(page, slot) : numericFromInt(small);
  setNumericAt(page, slot, addNumeric(before, numericFromInt(amount)));
  sums.data[slot] = Number.NaN;
}

/** state: `small` float8, `wide` numeric, `rows` float8. */
export function addInt32(
  state: readonly PagedColumn[],
  groups: Int32Array,
  args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const small = state[0] as readonly F64Column[];
  const rows = state[2] as readonly F64Column[];
  const values = (args[0] as I32Column).data;
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const slot = group & 1023;
    const weight = weights === null ? 1 : (weights[i] as number);
    const amount = (values[i] as number) * weight;
    const sums = (small[group >> 10] as F64Column).data;
    const sum = (sums[slot] as number) + amount;
    if (sum <= 9007199254740991 && sum >= -9007199254740991) sums[slot] = sum;
    else spill(state, group, amount);
    const counts = (rows[group >> 10] as F64Column).data;
    counts[slot] = (counts[slot] as number) + weight;
  }
}

/** As `addInt32`, from lanes: they make an exact double while the high one has at most 21 bits. */
export function addInt64(
  state: readonly PagedColumn[],
  groups: Int32Array,
  args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const small = state[0] as readonly F64Column[];
  const rows = state[2] as readonly F64Column[];
  const values = (args[0] as I64Column).data;
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const slot = group & 1023;
    const weight = weights === null ? 1 : (weights[i] as number);
    const high = values[2 * i + 1] as number;
    const amount = (high * 4294967296 + ((values[2 * i] as number) >>> 0)) * weight;
    const sums = (small[group >> 10] as F64Column).data;
    const sum = (sums[slot] as number) + amount;
    const isSafe = amount <= 9007199254740991 && amount >= -9007199254740991;
    if (isSafe && sum <= 9007199254740991 && sum >= -9007199254740991) sums[slot] = sum;
    else spill(state, group, mulInt(int64At(values, i), weight));
    const counts = (rows[group >> 10] as F64Column).data;
    counts[slot] = (counts[slot] as number) + weight;
  }
}

/** The number of rows that count in group `row`. */
export const rowsAt = (state: readonly PagedColumn[], column: number, row: number): number =>
  ((state[column] as readonly F64Column[])[row >> 10] as F64Column).data[row & 1023] as number;

/** The sum of group `row`, with scale 0. */
export function sumAt(state: readonly PagedColumn[], row: number): Numeric {
  const small = ((state[0] as readonly F64Column[])[row >> 10] as F64Column).data[row & 1023] as number;
  if (!Number.isNaN(small)) return new Numeric(small, 0);
  return numericAt((state[1] as readonly DecColumn[])[row >> 10] as DecColumn, row & 1023);
}
