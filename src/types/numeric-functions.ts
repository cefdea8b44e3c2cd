/**
 * sqrt, exp, ln, log and power of numeric.
 *
 * How many digits a result shows is PostgreSQL's choice (numeric.c: at least 16 significant digits, estimated as there).
 * The digits themselves come from binary fixed-point arithmetic on BigInt with guard bits, rounded half away from zero.
 */
import { divisionByZero, SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import { absInt, truncModInt } from './int64.ts';
import {
  checkedNumeric,
  compareNumeric,
  divideRounding,
  INFINITY_SCALE,
  isFiniteNumeric,
  isNaNNumeric,
  leadingExponent,
  MAX_WHOLE_DIGITS,
  mulNumeric,
  NEGATIVE_INFINITY_SCALE,
  Numeric,
  numericInfinity,
  numericNaN,
  numericNegativeInfinity,
  numericOne,
  numericOverflow,
  numericZero,
  powerOfTen,
  roundNumeric,
  signNumeric,
  subNumeric,
  withoutTrailingZeros,
} from './numeric.ts';
import { MAX_DISPLAY_SCALE, MIN_SIGNIFICANT_DIGITS, quotient, weightOf } from './numeric-division.ts';

const { LOG10E, LN10 } = Math;
/** exp() overflows past three times NUMERIC_MAX_RESULT_SCALE. */
const MAX_EXPONENT = 6000;

const clampScale = (scale: number): number => Math.min(Math.max(scale, 0), MAX_DISPLAY_SCALE);

// ------------------------------------------------------------------------------------------------- estimates

/** log10 |a| to double precision; `a` is finite and not zero. */
function approximateLog10(a: Numeric): number {
  const digits = `${absInt(a.coefficient)}`.slice(0, 17);
  return Math.log10(Number(digits)) + leadingExponent(a) - (digits.length - 1);
}

const approximate = (a: Numeric): number => (a.coefficient === 0 ? 0 : Number(`${a.coefficient}e-${a.scale}`));

const nineTenths = new Numeric(9, 1);
const elevenTenths = new Numeric(11, 1);

/** Decimal exponent of ln(a), roughly: how many digits stand before the point of a logarithm. */
function lnWeight(a: Numeric): number {
  if (signNumeric(a) <= 0) return 0;
  if (compareNumeric(a, nineTenths) >= 0 && compareNumeric(a, elevenTenths) <= 0) {
    const x = subNumeric(a, numericOne); // ln(1 + x) is about x.
    return x.coefficient === 0 ? 0 : leadingExponent(x);
  }
  return Math.trunc(Math.log10(Math.abs(approximateLog10(a) * LN10)));
}

// ---------------------------------------------------------------------------------------------- binary fixed point

const bitsFor = (decimalDigits: number): number => Math.ceil(decimalDigits * 3.3219281) + 64;

const bitLength = (value: bigint): number => {
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0] as string, 16)) + 28;
};

/** `a * 2^bits`, truncated. */
const fixedOf = (a: Numeric, bits: number): bigint => (BigInt(a.coefficient) << BigInt(bits)) / powerOfTen(a.scale);

/** A fixed-point value rounded half away from zero to `scale` decimal digits. */
const numericOfFixed = (value: bigint, bits: number, scale: number): Numeric =>
  checkedNumeric(divideRounding(value * powerOfTen(scale), 1n << BigInt(bits)), scale);

/** 2·atanh(z) = 2 (z + z³/3 + z⁵/5 + …). */
function twiceAtanh(z: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const square = (z * z) >> shift;
  let power = z;
  let sum = z;
  for (let k = 3n; power !== 0n && power !== -1n; k += 2n) {
    power = (power * square) >> shift;
    sum += power / k;
  }
  return 2n * sum;
}

/** ln 2 in fixed point: 2·atanh(1/3). Kept for the last precision asked. */
let lnTwo = { bits: 0, value: 0n };
function lnTwoFixed(bits: number): bigint {
  if (lnTwo.bits !== bits) lnTwo = { bits, value: twiceAtanh((1n << BigInt(bits)) / 3n, bits) };
  return lnTwo.value;
}

/** ln(a) in fixed point: a = m·2^j with m near 1, ln a = 2·atanh((m-1)/(m+1)) + j·ln 2. */
function lnFixed(a: Numeric, bits: number): bigint {
  const coefficient = BigInt(a.coefficient);
  const divisor = powerOfTen(a.scale);
  let j = bitLength(coefficient) - bitLength(divisor);
  // Move m from (0.5, 2) into about (0.7, 1.4), where the series is short; near 1 j must be 0 to keep every digit.
  const half = j >= 0 ? [coefficient, divisor << BigInt(j)] : [coefficient << BigInt(-j), divisor];
  const [over, under] = half as [bigint, bigint];
  if (5n * over > 7n * under) j++;
  else if (7n * over < 5n * under) j--;
  const top = j >= 0 ? coefficient : coefficient << BigInt(-j);
  const bottom = j >= 0 ? divisor << BigInt(j) : divisor;
  const z = ((top - bottom) << BigInt(bits)) / (top + bottom);
  return twiceAtanh(z, bits) + BigInt(j) * lnTwoFixed(bits);
}

/** e^x in fixed point: halve x until it is small, sum the series, square back. */
function expFixed(x: bigint, bits: number): bigint {
  const halvings = Math.max(0, bitLength(x < 0n ? -x : x) - bits) + 8;
  const inner = bits + 2 * halvings + 16;
  const shift = BigInt(inner);
  const small = (x << BigInt(inner - bits)) >> BigInt(halvings);
  let term = 1n << shift;
  let sum = term;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = ((term * small) >> shift) / k;
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum = (sum * sum) >> shift;
  return sum >> BigInt(inner - bits);
}

/** The whole square root, by Newton's method from above. */
function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

// --------------------------------------------------------------------------------------------------------- sqrt

export function sqrtNumeric(a: Numeric): Numeric {
  if (isNaNNumeric(a) || a.scale === INFINITY_SCALE) return a;
  if (signNumeric(a) < 0) {
    throw new SqlError(SqlState.invalidArgumentForPowerFunction, 'cannot take square root of a negative number');
  }
  const weight = 2 * (weightOf(a) + 1) - 1;
  const scale = clampScale(Math.max(MIN_SIGNIFICANT_DIGITS - weight, a.scale));
  // One digit more than shown: a root is exact or irrational, so that digit decides the rounding.
  const shift = 2 * (scale + 1) - a.scale;
  const radicand = shift >= 0 ? BigInt(a.coefficient) * powerOfTen(shift) : BigInt(a.coefficient) / powerOfTen(-shift);
  return checkedNumeric(divideRounding(integerSquareRoot(radicand), 10n), scale);
}

// ------------------------------------------------------------------------------------------------ exp, ln and log

export function expNumeric(a: Numeric): Numeric {
  if (!isFiniteNumeric(a)) return a.scale === NEGATIVE_INFINITY_SCALE ? numericZero : a;
  const weight = Math.trunc(Math.min(Math.max(approximate(a) * LOG10E, -2000), 2000));
  return expAtScale(a, clampScale(Math.max(MIN_SIGNIFICANT_DIGITS - weight, a.scale)));
}

function expAtScale(a: Numeric, scale: number): Numeric {
  const value = approximate(a);
  if (Math.abs(value) >= MAX_EXPONENT) {
    if (value > 0) throw numericOverflow();
    return new Numeric(0, scale);
  }
  const bits = bitsFor(scale + Math.max(0, Math.ceil(value * LOG10E)) + 10);
  return numericOfFixed(expFixed(fixedOf(a, bits), bits), bits, scale);
}

const logarithmOf = (what: 'zero' | 'a negative number') =>
  new SqlError(SqlState.invalidArgumentForLogarithm, `cannot take logarithm of ${what}`);

function checkLogarithm(a: Numeric): void {
  const sign = signNumeric(a);
  if (isNaNNumeric(a) || sign > 0) return;
  throw logarithmOf(sign < 0 ? 'a negative number' : 'zero');
}

export function lnNumeric(a: Numeric): Numeric {
  checkLogarithm(a);
  if (!isFiniteNumeric(a)) return a;
  const scale = clampScale(Math.max(MIN_SIGNIFICANT_DIGITS - lnWeight(a), a.scale));
  const bits = bitsFor(scale + 10);
  return numericOfFixed(lnFixed(a, bits), bits, scale);
}

/** Logarithm of `a` to base `base`. log(x) of SQL has base 10. */
export function logNumeric(base: Numeric, a: Numeric): Numeric {
  if (isNaNNumeric(base) || isNaNNumeric(a)) return numericNaN;
  if (a.scale === NEGATIVE_INFINITY_SCALE) throw logarithmOf('a negative number');
  checkLogarithm(base);
  checkLogarithm(a);
  if (!isFiniteNumeric(base)) return isFiniteNumeric(a) ? numericZero : numericNaN;
  if (!isFiniteNumeric(a)) return numericInfinity;
  const weight = lnWeight(a) - lnWeight(base);
  const scale = clampScale(Math.max(MIN_SIGNIFICANT_DIGITS - weight, base.scale, a.scale));
  const bits = bitsFor(scale + 2 * Math.abs(lnWeight(base)) + 2 * Math.abs(lnWeight(a)) + 20);
  const divisor = lnFixed(base, bits);
  if (compareNumeric(base, numericOne) === 0) throw divisionByZero();
  return checkedNumeric(divideRounding(lnFixed(a, bits) * powerOfTen(scale), divisor), scale);
}

// --------------------------------------------------------------------------------------------------------- power

const powerError = (message: string) => new SqlError(SqlState.invalidArgumentForPowerFunction, message);

const isWhole = (a: Numeric): boolean =>
  !isNaNNumeric(a) && (!isFiniteNumeric(a) || withoutTrailingZeros(a).scale === 0);

const isOdd = (a: Numeric): boolean => {
  const whole = withoutTrailingZeros(a);
  return whole.scale === 0 && truncModInt(whole.coefficient, 2) !== 0;
};

export function powerNumeric(base: Numeric, exponent: Numeric): Numeric {
  if (isNaNNumeric(base)) return isFiniteNumeric(exponent) && exponent.coefficient === 0 ? numericOne : numericNaN;
  const baseIsOne = isFiniteNumeric(base) && compareNumeric(base, numericOne) === 0;
  if (isNaNNumeric(exponent)) return baseIsOne ? numericOne : numericNaN;
  if (signNumeric(base) === 0 && signNumeric(exponent) < 0) {
    throw powerError('zero raised to a negative power is undefined');
  }
  if (signNumeric(base) < 0 && !isWhole(exponent)) {
    throw powerError('a negative number raised to a non-integer power yields a complex result');
  }
  if (!isFiniteNumeric(base) || !isFiniteNumeric(exponent)) return powerOfInfinite(base, exponent);
  const whole = withoutTrailingZeros(exponent);
  if (whole.scale === 0 && typeof whole.coefficient === 'number' && Math.abs(whole.coefficient) <= 0x80000000) {
    return powerInteger(base, whole.coefficient);
  }
  return powerReal(base, exponent);
}

/** The rules of POSIX pow() where an operand is infinite and none is NaN. */
function powerOfInfinite(base: Numeric, exponent: Numeric): Numeric {
  const baseSign = signNumeric(base);
  const exponentSign = signNumeric(exponent);
  if (isFiniteNumeric(base) && compareNumeric(base, numericOne) === 0) return numericOne;
  if (exponentSign === 0) return numericOne;
  if (baseSign === 0) return numericZero;
  if (!isFiniteNumeric(exponent)) {
    const size = isFiniteNumeric(base)
      ? compareNumeric(new Numeric(absInt(base.coefficient), base.scale), numericOne)
      : 1;
    if (size === 0) return numericOne;
    return size > 0 === exponentSign > 0 ? numericInfinity : numericZero;
  }
  if (exponentSign < 0) return numericZero;
  return baseSign > 0 || !isOdd(exponent) ? numericInfinity : numericNegativeInfinity;
}

/** Whole powers show 16 digits after the point, whatever their size. */
function powerInteger(base: Numeric, exponent: number): Numeric {
  const scale = clampScale(Math.max(MIN_SIGNIFICANT_DIGITS, base.scale));
  switch (exponent) {
    case 0:
      return roundNumeric(numericOne, scale);
    case 1:
      return roundNumeric(base, scale);
    case -1:
      return quotient(numericOne, base, scale);
    case 2:
      return roundNumeric(mulNumeric(base, base), scale);
    default:
      return base.coefficient === 0 ? new Numeric(0, scale) : powerBySquaring(base, exponent, scale);
  }
}

/** A positive decimal float: `digits * 10^exponent`, cut to so many significant digits after each product. */
type Float = { readonly digits: bigint; readonly exponent: number };

function powerBySquaring(base: Numeric, exponent: number, scale: number): Numeric {
  const weight = exponent * approximateLog10(base);
  if (weight > MAX_WHOLE_DIGITS) throw numericOverflow();
  if (weight + 1 < -scale) return new Numeric(0, scale);
  const precision = scale + Math.trunc(weight) + 1 + Math.trunc(Math.log(Math.abs(exponent))) + 12;
  const multiply = (a: Float, b: Float): Float => {
    const digits = a.digits * b.digits;
    const excess = Math.floor(bitLength(digits) * 0.30103) - precision - 4;
    return excess > 0
      ? { digits: digits / powerOfTen(excess), exponent: a.exponent + b.exponent + excess }
      : { digits, exponent: a.exponent + b.exponent };
  };
  let square: Float = { digits: BigInt(absInt(base.coefficient)), exponent: -base.scale };
  let result: Float = { digits: 1n, exponent: 0 };
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    if (rest > 1) square = multiply(square, square);
  }
  const value = exponent > 0 ? result : inverse(result, precision);
  const sign = base.coefficient < 0 && exponent % 2 !== 0 ? -1n : 1n;
  return floatAtScale({ digits: sign * value.digits, exponent: value.exponent }, scale);
}

function inverse(a: Float, precision: number): Float {
  const shift = precision + Math.ceil(bitLength(a.digits) * 0.30103) + 4;
  return { digits: powerOfTen(shift) / a.digits, exponent: -a.exponent - shift };
}

function floatAtScale(a: Float, scale: number): Numeric {
  const shift = a.exponent + scale;
  if (shift >= 0) return checkedNumeric(divideRounding(a.digits * powerOfTen(shift), 1n), scale);
  return checkedNumeric(divideRounding(a.digits, powerOfTen(-shift)), scale);
}

/** e^(exponent · ln base). */
function powerReal(base: Numeric, exponent: Numeric): Numeric {
  if (base.coefficient === 0) return new Numeric(0, MIN_SIGNIFICANT_DIGITS);
  const positive = new Numeric(absInt(base.coefficient), base.scale);
  const rough = approximate(exponent) * lnRoughly(positive);
  if (Math.abs(rough) > MAX_EXPONENT * 1.005) {
    if (rough > 0) throw numericOverflow();
    return new Numeric(0, MAX_DISPLAY_SCALE);
  }
  const weight = Math.trunc(rough * LOG10E);
  const scale = clampScale(Math.max(MIN_SIGNIFICANT_DIGITS - weight, base.scale, exponent.scale));
  const bits = bitsFor(scale + Math.max(weight, 0) + 12 + Math.max(0, leadingExponent(exponent)));
  const product = (lnFixed(positive, bits) * BigInt(exponent.coefficient)) / powerOfTen(exponent.scale);
  if (Math.abs(rough) >= MAX_EXPONENT) {
    if (rough > 0) throw numericOverflow();
    return new Numeric(0, scale);
  }
  const result = numericOfFixed(expFixed(product, bits), bits, scale);
  return base.coefficient < 0 && isOdd(exponent) ? new Numeric(-BigInt(result.coefficient), scale) : result;
}

/** ln(a) to double precision, exact enough near 1 too. */
function lnRoughly(a: Numeric): number {
  const weight = lnWeight(a);
  if (weight >= -2) return approximateLog10(a) * LN10;
  return Math.log1p(approximate(subNumeric(a, numericOne)));
}
