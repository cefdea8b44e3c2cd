/**
 * Hashing columns: one loop per kind folds a whole column into an array of 32-bit hashes, one per row.
 *
 * The mixing is MurmurHash3's 32-bit round and finish (Austin Appleby, public domain), seeded per process so that nobody can
 * send keys that collide. Hashes are never stored on disk. Which values must hash alike is decided in `key-shape.ts`.
 */
import { type Column, type DecColumn, numericAt, WIDE } from '../types/column.ts';
import { type Int, MAX_INT64, MIN_INT64, setInt64 } from '../types/int64.ts';
import { type Numeric, withoutTrailingZeros } from '../types/numeric.ts';

/** Folds rows `from…from+count` of a column into `out[0..count)`. */
export type ColumnHasher = (column: Column, from: number, count: number, out: Int32Array) => void;

/** What a NULL contributes: any constant will do, values may collide with it. */
const NULL_WORD = 0x4e554c4c;

export function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

export function finishHash(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export function hashI32(
  data: Int32Array,
  nulls: Uint8Array | null,
  from: number,
  count: number,
  out: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const word = nulls !== null && nulls[from + i] === 1 ? NULL_WORD : (data[from + i] as number);
    out[i] = mix(out[i] as number, word);
  }
}

export function hashI64(
  data: Int32Array,
  nulls: Uint8Array | null,
  from: number,
  count: number,
  out: Int32Array,
): void {
  if (nulls === null) {
    for (let i = 0, at = 2 * from; i < count; i++, at += 2) {
      out[i] = mix(mix(out[i] as number, data[at] as number), data[at + 1] as number);
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const at = 2 * (from + i);
    const isNull = nulls[from + i] === 1;
    out[i] = isNull
      ? mix(out[i] as number, NULL_WORD)
      : mix(mix(out[i] as number, data[at] as number), data[at + 1] as number);
  }
}

export function hashBytes(
  data: Uint8Array,
  nulls: Uint8Array | null,
  from: number,
  count: number,
  out: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const word = nulls !== null && nulls[from + i] === 1 ? NULL_WORD : (data[from + i] as number);
    out[i] = mix(out[i] as number, word);
  }
}

const doubleBits = new Float64Array(1);
const doubleWords = new Int32Array(doubleBits.buffer);

/** -0 hashes as 0 and every NaN alike; where -0 and 0 are to differ they merely collide. */
export function hashF64(
  data: Float64Array,
  nulls: Uint8Array | null,
  from: number,
  count: number,
  out: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    if (nulls !== null && nulls[from + i] === 1) {
      out[i] = mix(out[i] as number, NULL_WORD);
      continue;
    }
    const value = data[from + i] as number;
    // Storing through `+ 0` turns -0 into 0; a NaN has many bit patterns, so it gets the canonical one.
    doubleBits[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    out[i] = mix(mix(out[i] as number, doubleWords[0] as number), doubleWords[1] as number);
  }
}

/** Two UTF-16 units a round. */
export function mixText(hash: number, value: string): number {
  const { length } = value;
  let h = mix(hash, length);
  let i = 1;
  for (; i < length; i += 2) h = mix(h, (value.charCodeAt(i - 1) << 16) | value.charCodeAt(i));
  return i === length ? mix(h, value.charCodeAt(i - 1)) : h;
}

export function hashText(data: string[], nulls: Uint8Array | null, from: number, count: number, out: Int32Array): void {
  for (let i = 0; i < count; i++) {
    const isNull = nulls !== null && nulls[from + i] === 1;
    out[i] = isNull ? mix(out[i] as number, NULL_WORD) : mixText(out[i] as number, data[from + i] as string);
  }
}

/** Any values, by a key of each that collides where the values are to be equal. */
export function hashByKey(
  data: readonly unknown[],
  keyOf: (value: never) => unknown,
  nulls: Uint8Array | null,
  from: number,
  count: number,
  out: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const isNull = nulls !== null && nulls[from + i] === 1;
    const value = data[from + i] as never;
    out[i] = isNull || value === null ? mix(out[i] as number, NULL_WORD) : mixKey(out[i] as number, keyOf(value));
  }
}

/** An object that is no bytes gets one hash for all: slow, still right, because equality decides. */
function mixKey(hash: number, key: unknown): number {
  switch (typeof key) {
    case 'string':
      return mixText(hash, key);
    case 'number':
    case 'bigint':
    case 'boolean':
      return mixText(hash, String(key));
    default:
      return key instanceof Uint8Array ? key.reduce(mix, mix(hash, key.length)) : mix(hash, NULL_WORD);
  }
}

// ------------------------------------------------------------------------------------------------------- numeric

const lanes = new Int32Array(2);

const fitsLanes = (value: Int): boolean => typeof value === 'number' || (value >= MIN_INT64 && value <= MAX_INT64);

function mixNumeric(hash: number, value: Numeric): number {
  if (value.scale < 0 || !fitsLanes(value.coefficient)) return mix(mixText(hash, `${value.coefficient}`), value.scale);
  setInt64(lanes, 0, value.coefficient);
  return mix(mix(mix(hash, lanes[0] as number), lanes[1] as number), value.scale);
}

/** Numbers by value: 1.5 and 1.50 hash alike. An odd coefficient has no trailing zero, which settles half of them. */
export function hashNumericValue(column: DecColumn, from: number, count: number, out: Int32Array): void {
  const { data, scales, nulls } = column;
  for (let i = 0, row = from; i < count; i++, row++) {
    const hash = out[i] as number;
    if (nulls !== null && nulls[row] === 1) {
      out[i] = mix(hash, NULL_WORD);
      continue;
    }
    const scale = scales[row] as number;
    const low = data[2 * row] as number;
    const isBare = scale === 0 || (scale !== WIDE && (low & 1) === 1);
    out[i] = isBare
      ? mix(mix(mix(hash, low), data[2 * row + 1] as number), scale)
      : mixNumeric(hash, withoutTrailingZeros(numericAt(column, row)));
  }
}

/** Numbers as printed: 1.5 and 1.50 differ. */
export function hashNumericImage(column: DecColumn, from: number, count: number, out: Int32Array): void {
  const { data, scales, nulls } = column;
  for (let i = 0, row = from; i < count; i++, row++) {
    const hash = out[i] as number;
    const scale = scales[row] as number;
    if (nulls !== null && nulls[row] === 1) out[i] = mix(hash, NULL_WORD);
    else if (scale === WIDE) out[i] = mixNumeric(hash, numericAt(column, row));
    else out[i] = mix(mix(mix(hash, data[2 * row] as number), data[2 * row + 1] as number), scale);
  }
}
