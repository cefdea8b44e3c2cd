/**
 * Whether two values are the same image: printed alike, so that a row given back is exactly the row that came.
 * Stricter than SQL's `=` (1.0 and 1.00 differ, 0 and -0 differ); NULL is the same as NULL, NaN as NaN.
 */
import { unreachable } from '../base/assert.ts';
import { type Column, type DecColumn, isNullAt, numericAt, type Value, WIDE } from '../types/column.ts';
import { defaultFormat, type SqlType } from '../types/type.ts';

export function sameImage(type: SqlType, a: Column, i: number, b: Column, j: number): boolean {
  const isNull = isNullAt(a, i);
  if (isNull || isNullAt(b, j)) return isNull && isNullAt(b, j);
  switch (a.kind) {
    case 'i32':
    case 'bool':
    case 'text':
      return a.data[i] === b.data[j];
    case 'f64':
      return Object.is(a.data[i], b.data[j]);
    case 'i64':
      return a.data[2 * i] === b.data[2 * j] && a.data[2 * i + 1] === b.data[2 * j + 1];
    case 'dec':
      return sameNumeric(a, i, b as DecColumn, j);
    case 'value':
      return a.data[i] === b.data[j] || sameText(type, a.data[i] as Value, b.data[j] as Value);
    default:
      return unreachable(a);
  }
}

function sameNumeric(a: DecColumn, i: number, b: DecColumn, j: number): boolean {
  if (a.scales[i] !== b.scales[j]) return false;
  if (a.scales[i] !== WIDE) return a.data[2 * i] === b.data[2 * j] && a.data[2 * i + 1] === b.data[2 * j + 1];
  const left = numericAt(a, i);
  const right = numericAt(b, j);
  return left.coefficient === right.coefficient && left.scale === right.scale;
}

/** A place never written holds null without being NULL; it is like no value that was written. */
const sameText = (type: SqlType, a: Value, b: Value): boolean =>
  a !== null && b !== null && type.format(a, defaultFormat) === type.format(b, defaultFormat);

/** Sets `differs[k]` to 1 for those k in [0, count) where `a` and `b` are not the same image; leaves the others. */
export function markDifferences(type: SqlType, a: Column, b: Column, count: number, differs: Uint8Array): void {
  if (a.nulls === null && b.nulls === null && markLanes(a, b, count, differs)) return;
  for (let k = 0; k < count; k++) if (!sameImage(type, a, k, b, k)) differs[k] = 1;
}

/** The two kinds that nearly all results of aggregates have, in tight loops. False for the others. */
function markLanes(a: Column, b: Column, count: number, differs: Uint8Array): boolean {
  if (a.kind === 'i64' && b.kind === 'i64') {
    compareLanes(a.data, b.data, count, differs);
    return true;
  }
  if (a.kind === 'dec' && b.kind === 'dec' && a.wide === null && b.wide === null) {
    compareLanes(a.data, b.data, count, differs);
    for (let k = 0; k < count; k++) if (a.scales[k] !== b.scales[k]) differs[k] = 1;
    return true;
  }
  return false;
}

function compareLanes(a: Int32Array, b: Int32Array, count: number, differs: Uint8Array): void {
  for (let k = 0; k < count; k++) {
    if (a[2 * k] !== b[2 * k] || a[2 * k + 1] !== b[2 * k + 1]) differs[k] = 1;
  }
}
