/**
 * Exact decimals: `numeric`, at any precision PostgreSQL accepts.
 *
 * A value is `coefficient / 10^scale`, where `scale` (0 to 16383) is also the number of digits printed after the point
 * (PostgreSQL's display scale: 1.50 and 1.5 are equal, and print differently). The coefficient is a number while it is a
 * safe integer, which is nearly always. NaN and the infinities have the marker scales below and coefficient 0.
 *
 * Here: construction, text, comparison, and the operations whose result is exact (+, -, *, rounding). Division and what is
 * built on it stand in `numeric-division.ts`, roots and logarithms in `numeric-functions.ts`, the SQL type in
 * `numeric-type.ts`.
 */
import { featureNotSupported, invalidInputSyntax, numericValueOutOfRange, outOfRange } from '../base/errors.ts';
import { generalFormat } from './float-text.ts';
import { absInt, addInt, compareInt, fitsInt64, type Int, mulInt, negateInt, subInt, toInt } from './int64.ts';
import { trimSpace } from './spaces.ts';

export const NAN_SCALE = -1;
export const INFINITY_SCALE = -2;
export const NEGATIVE_INFINITY_SCALE = -3;

/** Digits a value may have before and after the point. */
export const MAX_WHOLE_DIGITS = 131072;
export const MAX_SCALE = 16383;

export class Numeric {
  readonly coefficient: Int;
  readonly scale: number;

  constructor(coefficient: Int, scale: number) {
    this.coefficient = coefficient;
    this.scale = scale;
  }
}

export const numericZero = new Numeric(0, 0);
export const numericOne = new Numeric(1, 0);
export const numericNaN = new Numeric(0, NAN_SCALE);
export const numericInfinity = new Numeric(0, INFINITY_SCALE);
export const numericNegativeInfinity = new Numeric(0, NEGATIVE_INFINITY_SCALE);

export const isNaNNumeric = (a: Numeric): boolean => a.scale === NAN_SCALE;
export const isFiniteNumeric = (a: Numeric): boolean => a.scale >= 0;
export const isInfiniteNumeric = (a: Numeric): boolean => a.scale <= INFINITY_SCALE;

/** -1, 0 or 1; the infinities have their sign, NaN has 0. */
export const signNumeric = (a: Numeric): number =>
  a.scale >= 0
    ? compareInt(a.coefficient, 0)
    : a.scale === INFINITY_SCALE
      ? 1
      : a.scale === NEGATIVE_INFINITY_SCALE
        ? -1
        : 0;

export const numericOverflow = () => numericValueOutOfRange('value overflows numeric format');

// ------------------------------------------------------------------------------------------------- powers of ten

const SMALL_POWERS: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const bigPowers: bigint[] = [];

/** 10^n, a double: exact for n up to 22. */
export const smallPowerOfTen = (n: number): number => SMALL_POWERS[n] as number;

/** 10^n, exactly. The small ones are kept. */
export function powerOfTen(n: number): bigint {
  if (n >= 64) return 10n ** BigInt(n);
  bigPowers[n] ??= 10n ** BigInt(n);
  return bigPowers[n];
}

/** `value * 10^n`. */
export function scaleUp(value: Int, n: number): Int {
  if (n === 0) return value;
  if (typeof value === 'number' && n <= 15) return mulInt(value, SMALL_POWERS[n] as number);
  return toInt(BigInt(value) * powerOfTen(n));
}

/** `value / 10^n`, half away from zero. */
export function scaleDownRounding(value: Int, n: number): Int {
  if (typeof value === 'number' && n <= 15) {
    const divisor = SMALL_POWERS[n] as number;
    const rest = value % divisor;
    const quotient = (value - rest) / divisor;
    return 2 * Math.abs(rest) >= divisor ? quotient + Math.sign(rest) : quotient + 0;
  }
  return divideRounding(BigInt(value), powerOfTen(n));
}

/** `value / 10^n`, toward zero. */
export function scaleDownTruncating(value: Int, n: number): Int {
  if (typeof value === 'number' && n <= 15) {
    const divisor = SMALL_POWERS[n] as number;
    return (value - (value % divisor)) / divisor + 0;
  }
  return toInt(BigInt(value) / powerOfTen(n));
}

/** `dividend / divisor`, half away from zero. */
export function divideRounding(dividend: bigint, divisor: bigint): Int {
  const quotient = dividend / divisor;
  const rest = dividend - quotient * divisor;
  const twice = rest < 0n ? -2n * rest : 2n * rest;
  if (twice < (divisor < 0n ? -divisor : divisor)) return toInt(quotient);
  return toInt(dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n);
}

/** Decimal digits of the magnitude; 0 has none. */
export function digitCount(value: Int): number {
  if (typeof value === 'number') {
    const magnitude = Math.abs(value);
    let n = 0;
    while (n < 16 && magnitude >= (SMALL_POWERS[n] as number)) n++;
    return n;
  }
  return `${value < 0n ? -value : value}`.length;
}

/** Decimal exponent of the leading digit (0 for 1..9.99, -1 for 0.1); meaningless for zero. */
export const leadingExponent = (a: Numeric): number => digitCount(a.coefficient) - 1 - a.scale;

/** Checks the limits of the format on a fresh result. Cheap unless the value is huge. */
export function checkedNumeric(coefficient: Int, scale: number): Numeric {
  if (scale > MAX_SCALE) throw numericOverflow();
  if (typeof coefficient === 'bigint' && isHuge(coefficient, scale)) throw numericOverflow();
  return new Numeric(coefficient, scale);
}

const HUGE = 1n << 400_000n; // Below 10^131072, so that smaller values need no count of digits.
const isHuge = (coefficient: bigint, scale: number): boolean => {
  const magnitude = coefficient < 0n ? -coefficient : coefficient;
  return magnitude >= HUGE && magnitude >= 10n ** BigInt(MAX_WHOLE_DIGITS + scale);
};

// ---------------------------------------------------------------------------------------------------- comparison

/** Rank of the special values around the finite ones: -∞ < finite < ∞ < NaN. */
const rankOf = (scale: number): number =>
  scale >= 0 ? 0 : scale === NAN_SCALE ? 2 : scale === INFINITY_SCALE ? 1 : -1;

export function compareNumeric(a: Numeric, b: Numeric): number {
  const left = a.scale;
  const right = b.scale;
  if (left < 0 || right < 0) return rankOf(left) - rankOf(right);
  if (left === right) return compareInt(a.coefficient, b.coefficient);
  return left < right
    ? compareInt(scaleUp(a.coefficient, right - left), b.coefficient)
    : compareInt(a.coefficient, scaleUp(b.coefficient, left - right));
}

/** Equal values have equal keys, whatever their scale: an `Int` for whole numbers, else digits and exponent as text. */
export function numericHashKey(a: Numeric): Int | string {
  if (a.scale < 0) return a.scale === NAN_SCALE ? 'NaN' : a.scale === INFINITY_SCALE ? 'Infinity' : '-Infinity';
  const { coefficient, scale } = withoutTrailingZeros(a);
  return scale === 0 ? coefficient : `${coefficient}e${scale}`;
}

/** The same value with the smallest scale. */
export function withoutTrailingZeros(a: Numeric): Numeric {
  let { coefficient, scale } = a;
  if (scale <= 0) return a;
  if (coefficient === 0) return numericZero;
  while (scale > 0 && typeof coefficient === 'bigint' && coefficient % 10n === 0n) {
    coefficient = toInt(coefficient / 10n);
    scale--;
  }
  while (scale > 0 && typeof coefficient === 'number' && coefficient % 10 === 0) {
    coefficient /= 10;
    scale--;
  }
  return scale === a.scale ? a : new Numeric(coefficient, scale);
}

// ---------------------------------------------------------------------------------------------------- arithmetic

export function addNumeric(a: Numeric, b: Numeric): Numeric {
  const left = a.scale;
  const right = b.scale;
  if (left < 0 || right < 0) return addSpecial(a, b);
  if (left === right) return checkedNumeric(addInt(a.coefficient, b.coefficient), left);
  if (left < right) return checkedNumeric(addInt(scaleUp(a.coefficient, right - left), b.coefficient), right);
  return checkedNumeric(addInt(a.coefficient, scaleUp(b.coefficient, left - right)), left);
}

function addSpecial(a: Numeric, b: Numeric): Numeric {
  if (a.scale === NAN_SCALE || b.scale === NAN_SCALE) return numericNaN;
  if (a.scale >= 0) return b;
  if (b.scale >= 0) return a;
  return a.scale === b.scale ? a : numericNaN;
}

export function subNumeric(a: Numeric, b: Numeric): Numeric {
  const left = a.scale;
  const right = b.scale;
  if (left < 0 || right < 0) return addSpecial(a, negateNumeric(b));
  if (left === right) return checkedNumeric(subInt(a.coefficient, b.coefficient), left);
  if (left < right) return checkedNumeric(subInt(scaleUp(a.coefficient, right - left), b.coefficient), right);
  return checkedNumeric(subInt(a.coefficient, scaleUp(b.coefficient, left - right)), left);
}

export function mulNumeric(a: Numeric, b: Numeric): Numeric {
  if (a.scale < 0 || b.scale < 0) return mulSpecial(a, b);
  const product = mulInt(a.coefficient, b.coefficient);
  const scale = a.scale + b.scale;
  if (scale > MAX_SCALE) return checkedNumeric(scaleDownRounding(product, scale - MAX_SCALE), MAX_SCALE);
  return checkedNumeric(product, scale);
}

function mulSpecial(a: Numeric, b: Numeric): Numeric {
  const sign = signNumeric(a) * signNumeric(b); // Zero times infinity is NaN, and so is anything with NaN.
  return sign === 0 ? numericNaN : sign > 0 ? numericInfinity : numericNegativeInfinity;
}

export function negateNumeric(a: Numeric): Numeric {
  if (a.scale >= 0) return new Numeric(negateInt(a.coefficient), a.scale);
  return a.scale === INFINITY_SCALE
    ? numericNegativeInfinity
    : a.scale === NEGATIVE_INFINITY_SCALE
      ? numericInfinity
      : a;
}

export function absNumeric(a: Numeric): Numeric {
  if (a.scale >= 0) return new Numeric(absInt(a.coefficient), a.scale);
  return a.scale === NEGATIVE_INFINITY_SCALE ? numericInfinity : a;
}

/** Rounds half away from zero to `scale` digits after the point (before it, where negative), and prints with that many. */
export const roundNumeric = (a: Numeric, scale: number): Numeric => rescale(a, scale, scaleDownRounding);

/** As `roundNumeric`, toward zero. */
export const truncNumeric = (a: Numeric, scale: number): Numeric => rescale(a, scale, scaleDownTruncating);

function rescale(a: Numeric, wanted: number, down: (value: Int, n: number) => Int): Numeric {
  if (a.scale < 0) return a;
  const scale = Math.min(Math.max(wanted, -MAX_RESULT_SCALE), MAX_RESULT_SCALE);
  if (scale >= a.scale) return scale === a.scale ? a : checkedNumeric(scaleUp(a.coefficient, scale - a.scale), scale);
  const coefficient = down(a.coefficient, a.scale - scale);
  return scale >= 0 ? new Numeric(coefficient, scale) : checkedNumeric(scaleUp(coefficient, -scale), 0);
}

/** round() and trunc() heed no more digits than this (NUMERIC_MAX_RESULT_SCALE). */
const MAX_RESULT_SCALE = 2000;

/** The greatest whole number not above `a`. */
export function floorNumeric(a: Numeric): Numeric {
  const whole = truncNumeric(a, 0);
  return a.scale > 0 && compareNumeric(whole, a) > 0 ? new Numeric(subInt(whole.coefficient, 1), 0) : whole;
}

/** The smallest whole number not below `a`. */
export function ceilNumeric(a: Numeric): Numeric {
  const whole = truncNumeric(a, 0);
  return a.scale > 0 && compareNumeric(whole, a) < 0 ? new Numeric(addInt(whole.coefficient, 1), 0) : whole;
}

// --------------------------------------------------------------------------------------------------- conversions

export const numericFromInt = (value: Int): Numeric => new Numeric(value, 0);

/** A double has 15 reliable digits, a single 6: PostgreSQL converts those and drops trailing zeros. */
export function numericFromDouble(value: number, digits: 15 | 6 = 15): Numeric {
  if (Number.isNaN(value)) return numericNaN;
  if (!Number.isFinite(value)) return value > 0 ? numericInfinity : numericNegativeInfinity;
  if (Number.isSafeInteger(value) && Math.abs(value) < (SMALL_POWERS[digits] as number))
    return new Numeric(value + 0, 0);
  return parseNumeric(generalFormat(value, digits));
}

/** The nearest double. Too large is 22003. */
export function numericToDouble(a: Numeric): number {
  const { coefficient, scale } = a;
  if (scale < 0) {
    return scale === NAN_SCALE
      ? Number.NaN
      : scale === INFINITY_SCALE
        ? Number.POSITIVE_INFINITY
        : Number.NEGATIVE_INFINITY;
  }
  // Both exact, so the one division rounds correctly.
  if (typeof coefficient === 'number' && scale <= 22) return coefficient / (SMALL_POWERS[scale] as number);
  const value = Number(`${coefficient}e-${scale}`);
  if (!Number.isFinite(value))
    throw numericValueOutOfRange(`"${formatNumeric(a)}" is out of range for type double precision`);
  return value;
}

/** The nearest whole number (half away from zero) within int64, else 22003. */
export function numericToInt(a: Numeric, typeName = 'bigint'): Int {
  if (a.scale < 0) throw cannotConvertSpecial(a, typeName);
  const value = a.scale === 0 ? a.coefficient : scaleDownRounding(a.coefficient, a.scale);
  if (!fitsInt64(value)) throw outOfRange(typeName);
  return value;
}

const cannotConvertSpecial = (a: Numeric, typeName: string) =>
  featureNotSupported(`cannot convert ${isNaNNumeric(a) ? 'NaN' : 'infinity'} to ${typeName}`);

// ----------------------------------------------------------------------------------------------------------- text

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

export function parseNumeric(text: string): Numeric {
  return parsePlain(text) ?? parseAny(text);
}

/** `-123.45` with at most 15 digits and nothing around it, else null. */
function parsePlain(text: string): Numeric | null {
  const { length } = text;
  if (length === 0 || length > 16) return null;
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  let value = 0;
  let point = -1;
  for (let i = start; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === -2 && point < 0) point = i;
    else return null;
  }
  if (length - start - (point < 0 ? 0 : 1) === 0) return null;
  return value > MAX_PLAIN ? null : new Numeric(start === 0 ? value : 0 - value, point < 0 ? 0 : length - 1 - point);
}

const MAX_PLAIN = 999_999_999_999_999;

function parseAny(text: string): Numeric {
  const body = trimSpace(text);
  const match = pattern.exec(body);
  const whole = match?.[2] ?? '';
  const decimals = match?.[3] ?? '';
  if (match === null || (whole === '' && decimals === '')) return parseSpecial(text, body);
  const exponent = match[4] === undefined ? 0 : Number(match[4]);
  if (Math.abs(exponent) >= 1073741823) throw numericOverflow();
  const digits = whole + decimals;
  const value = Number(digits);
  let coefficient: Int = Number.isSafeInteger(value) ? value : toInt(BigInt(digits));
  if (match[1] === '-') coefficient = negateInt(coefficient);
  return shifted(coefficient, decimals.length - exponent);
}

/** `coefficient / 10^scale` where the scale may be negative. */
function shifted(coefficient: Int, scale: number): Numeric {
  if (scale >= 0) return checkedNumeric(coefficient, scale);
  if (coefficient === 0) return numericZero;
  if (-scale + digitCount(coefficient) > MAX_WHOLE_DIGITS) throw numericOverflow();
  return new Numeric(scaleUp(coefficient, -scale), 0);
}

function parseSpecial(text: string, body: string): Numeric {
  switch (body.toLowerCase()) {
    case 'nan':
      return numericNaN;
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return numericInfinity;
    case '-inf':
    case '-infinity':
      return numericNegativeInfinity;
    default:
      throw invalidInputSyntax('numeric', text);
  }
}

export function formatNumeric(a: Numeric): string {
  const { coefficient, scale } = a;
  if (scale === 0) return `${coefficient}`;
  if (scale < 0) return scale === NAN_SCALE ? 'NaN' : scale === INFINITY_SCALE ? 'Infinity' : '-Infinity';
  const digits = `${absInt(coefficient)}`.padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${coefficient < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
