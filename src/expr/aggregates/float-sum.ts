/**
 * Sums of floats that can forget.
 *
 * Rows are added one after the other, as PostgreSQL does, so that a sum over appended rows has its very digits. Beside it stands what
 * rounding lost (Neumaier 1974). A retraction first takes the loss back into the sum, so that a row which comes and
 * goes leaves nothing behind. NaN and the infinities are counted, not added: they could not be taken out again.
 */
import type { Column, F64Column } from '../../types/column.ts';
import { float8 } from '../../types/float.ts';
import type { SqlType } from '../../types/type.ts';
import type { PagedColumn } from './define.ts';

/** sum, what rounding lost, rows, and how many of them are NaN, Infinity and -Infinity. */
export const FLOAT_SUM_STATE: readonly SqlType[] = [float8, float8, float8, float8, float8, float8];
const [SUM, LOST, ROWS, NAN, INFINITE, NEGATIVE] = [0, 1, 2, 3, 4, 5] as const;

export function addFloats(
  state: readonly PagedColumn[],
  groups: Int32Array,
  args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const sumPages = state[SUM] as readonly F64Column[];
  const lostPages = state[LOST] as readonly F64Column[];
  const rowPages = state[ROWS] as readonly F64Column[];
  const values = (args[0] as F64Column).data;
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const slot = group & 1023;
    const weight = weights === null ? 1 : (weights[i] as number);
    const rows = (rowPages[group >> 10] as F64Column).data;
    rows[slot] = (rows[slot] as number) + weight;
    const value = values[i] as number;
    if (!(Math.abs(value) < Number.POSITIVE_INFINITY)) {
      countSpecial(state, group, value, weight);
      continue;
    }
    const sums = (sumPages[group >> 10] as F64Column).data;
    const losts = (lostPages[group >> 10] as F64Column).data;
    const amount = value * weight;
    if (weight < 0) {
      const whole = (sums[slot] as number) + (losts[slot] as number);
      losts[slot] = (losts[slot] as number) - (whole - (sums[slot] as number));
      sums[slot] = whole;
    }
    const before = sums[slot] as number;
    const after = before + amount;
    const lost = Math.abs(before) >= Math.abs(amount) ? before - after + amount : amount - after + before;
    losts[slot] = (losts[slot] as number) + lost;
    sums[slot] = weight < 0 ? after + (losts[slot] as number) : after;
    if (weight < 0) losts[slot] = (losts[slot] as number) - ((sums[slot] as number) - after);
    if ((rows[slot] as number) === 0) {
      sums[slot] = 0;
      losts[slot] = 0;
    }
  }
}

function countSpecial(state: readonly PagedColumn[], group: number, value: number, weight: number): void {
  const which = Number.isNaN(value) ? NAN : value > 0 ? INFINITE : NEGATIVE;
  const data = ((state[which] as readonly F64Column[])[group >> 10] as F64Column).data;
  data[group & 1023] = (data[group & 1023] as number) + weight;
}

const at = (state: readonly PagedColumn[], column: number, row: number): number =>
  ((state[column] as readonly F64Column[])[row >> 10] as F64Column).data[row & 1023] as number;

/** The sum of group `row`. */
export function floatSumAt(state: readonly PagedColumn[], row: number): number {
  const infinite = at(state, INFINITE, row);
  const negative = at(state, NEGATIVE, row);
  if (at(state, NAN, row) !== 0 || (infinite !== 0 && negative !== 0)) return Number.NaN;
  if (infinite !== 0) return Number.POSITIVE_INFINITY;
  return negative !== 0 ? Number.NEGATIVE_INFINITY : at(state, SUM, row);
}
