/**
 * 64-bit integers as `Int`: a number when it is a safe integer, a bigint otherwise, never both forms of one value.
 *
 * int8, oid, time, timestamp and timestamptz have this scalar form. Because the form is canonical, `===`, `<`, Map keys and
 * msgpack work on it without conversion, and code that has only ever seen ordinary ids and times runs on doubles.
 * In columns the same values rest as two 32-bit lanes (low, high), so that hashing and comparing never touch BigInt
 * (a conversion costs 100 ns, a lane 3; PERFORMANCE figures in docs/decisions).
 */
export type Int = number | bigint;

export const MIN_INT64 = -(2n ** 63n);
export const MAX_INT64 = 2n ** 63n - 1n;

/** The canonical form of `value`. */
export const toInt = (value: bigint): Int =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;

/** Reads value `i` of a lane array (`data[2i]` low, `data[2i+1]` high). */
export function int64At(data: Int32Array, i: number): Int {
  const high = data[2 * i + 1] as number;
  // |high| < 2^21 covers the safe integers; -2^53 alone falls through to the exact form below.
  if (high >= -0x200000 && high < 0x200000) {
    const value = high * 4294967296 + ((data[2 * i] as number) >>> 0);
    if (value !== -9007199254740992) return value;
  }
  return (BigInt(high) << 32n) | BigInt((data[2 * i] as number) >>> 0);
}

/** The double nearest to value `i`: exact for safe integers. For ordering hints and float results only. */
export const int64AsDouble = (data: Int32Array, i: number): number =>
  (data[2 * i + 1] as number) * 4294967296 + ((data[2 * i] as number) >>> 0);

/** Writes `value` (within int64) as lanes. */
export function setInt64(data: Int32Array, i: number, value: Int): void {
  if (typeof value === 'number') {
    data[2 * i] = value | 0; // ToInt32 keeps the low 32 bits of any safe integer.
    data[2 * i + 1] = Math.floor(value / 4294967296);
  } else {
    data[2 * i] = Number(BigInt.asIntN(32, value));
    data[2 * i + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }
}

// ---------------------------------------------------------------------------------------------------- arithmetic
//
// Exact, without an int64 check (callers that need one use `fitsInt64`). Each tries the double first: a sum or product of
// safe integers that comes out safe is exact, because rounding never brings an unsafe result back into the safe range.

export const addInt = (a: Int, b: Int): Int => {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toInt(BigInt(a) + BigInt(b));
};

export const subInt = (a: Int, b: Int): Int => {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toInt(BigInt(a) - BigInt(b));
};

export const mulInt = (a: Int, b: Int): Int => {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0; // + 0 turns -0 into 0.
  }
  return toInt(BigInt(a) * BigInt(b));
};

export const negateInt = (a: Int): Int => (typeof a === 'number' ? 0 - a : toInt(-a));

export const absInt = (a: Int): Int => (a < 0 ? negateInt(a) : a);

/** The quotient rounded toward minus infinity. `b` is not zero. */
export const floorDivInt = (a: Int, b: Int): Int => {
  if (typeof a === 'number' && typeof b === 'number') {
    // The correctly rounded a/b may reach the next integer from below, so step back where it overshot.
    const quotient = Math.floor(a / b);
    const rest = a - quotient * b;
    if (Number.isSafeInteger(quotient * b)) {
      if (b > 0 ? rest < 0 : rest > 0) return quotient - 1;
      return quotient + 0;
    }
  }
  const dividend = BigInt(a);
  const divisor = BigInt(b);
  const quotient = dividend / divisor;
  const exact = quotient * divisor === dividend;
  return toInt(exact || dividend < 0n === divisor < 0n ? quotient : quotient - 1n);
};

/** `a - floorDiv(a, b) * b`: has the sign of `b`. */
export const floorModInt = (a: Int, b: Int): Int => {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
  }
  const divisor = BigInt(b);
  const rest = BigInt(a) % divisor;
  return toInt(rest !== 0n && rest < 0n !== divisor < 0n ? rest + divisor : rest);
};

/** The quotient rounded toward zero, as SQL's integer division. `b` is not zero. */
export const truncDivInt = (a: Int, b: Int): Int => {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    return (a - rest) / b + 0;
  }
  return toInt(BigInt(a) / BigInt(b));
};

/** The rest of `truncDivInt`: has the sign of `a`. */
export const truncModInt = (a: Int, b: Int): Int =>
  typeof a === 'number' && typeof b === 'number' ? (a % b) + 0 : toInt(BigInt(a) % BigInt(b));

export const compareInt = (a: Int, b: Int): number => (a < b ? -1 : a > b ? 1 : 0);

export const fitsInt64 = (value: Int): boolean =>
  typeof value === 'number' || (value >= MIN_INT64 && value <= MAX_INT64);

/** An integral double as `Int`, exactly. */
export const intFromDouble = (value: number): Int => (Number.isSafeInteger(value) ? value + 0 : toInt(BigInt(value)));
