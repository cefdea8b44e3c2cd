/**
 * numeric division, at PostgreSQL's choice of scale: at least 16 significant digits, and no fewer than either input shows
 * (select_div_scale in numeric.c, which reckons in base 10000: hence the weights and leading base-10000 digits below).
 */
import { divisionByZero } from '../base/errors.ts';
import type { Int } from './int64.ts';
import { truncModInt } from './int64.ts';
import {
  checkedNumeric,
  divideRounding,
  isFiniteNumeric,
  isNaNNumeric,
  leadingExponent,
  Numeric,
  numericInfinity,
  numericNaN,
  numericNegativeInfinity,
  numericZero,
  powerOfTen,
  scaleUp,
  signNumeric,
  truncNumeric,
} from './numeric.ts';

export const MIN_SIGNIFICANT_DIGITS = 16;
export const MAX_DISPLAY_SCALE = 1000;

/** Position of the leading base-10000 digit: 0 for 1 to 9999.99…, -1 below 1. Zero counts as 0. */
export const weightOf = (a: Numeric): number => (a.coefficient === 0 ? 0 : Math.floor(leadingExponent(a) / 4));

/** The leading base-10000 digit, 0 for zero. */
export function leadingDigit(a: Numeric): number {
  if (a.coefficient === 0) return 0;
  const digits = `${a.coefficient < 0 ? -a.coefficient : a.coefficient}`;
  const exponent = digits.length - 1 - a.scale;
  const wanted = exponent - 4 * Math.floor(exponent / 4) + 1;
  return Number(digits.slice(0, wanted).padEnd(wanted, '0'));
}

export function divisionScale(a: Numeric, b: Numeric): number {
  let weight = weightOf(a) - weightOf(b);
  if (leadingDigit(a) <= leadingDigit(b)) weight--;
  return Math.min(Math.max(MIN_SIGNIFICANT_DIGITS - 4 * weight, a.scale, b.scale, 0), MAX_DISPLAY_SCALE);
}

export function divNumeric(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return divideSpecial(a, b);
  if (b.coefficient === 0) throw divisionByZero();
  return quotient(a, b, divisionScale(a, b));
}

/** `a / b` rounded half away from zero to `scale` digits; both finite, `b` not zero. */
export function quotient(a: Numeric, b: Numeric, scale: number): Numeric {
  const shift = scale - a.scale + b.scale;
  if (shift >= 0) {
    return checkedNumeric(divideRounding(BigInt(a.coefficient) * powerOfTen(shift), BigInt(b.coefficient)), scale);
  }
  return checkedNumeric(divideRounding(BigInt(a.coefficient), BigInt(b.coefficient) * powerOfTen(-shift)), scale);
}

function divideSpecial(a: Numeric, b: Numeric): Numeric {
  if (isNaNNumeric(a) || isNaNNumeric(b)) return numericNaN;
  if (isFiniteNumeric(a)) return numericZero;
  if (!isFiniteNumeric(b)) return numericNaN;
  const sign = signNumeric(b);
  if (sign === 0) throw divisionByZero();
  return signNumeric(a) === sign ? numericInfinity : numericNegativeInfinity;
}

/** div(): the quotient truncated to a whole number. */
export function divTruncNumeric(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return divideSpecial(a, b);
  if (b.coefficient === 0) throw divisionByZero();
  const rest = modNumeric(a, b);
  const exact = alignedDifference(a, rest);
  return truncNumeric(quotient(exact, b, 0), 0);
}

const alignedDifference = (a: Numeric, rest: Numeric): Numeric => {
  const scale = Math.max(a.scale, rest.scale);
  const left = BigInt(scaleUp(a.coefficient, scale - a.scale));
  return new Numeric(left - BigInt(scaleUp(rest.coefficient, scale - rest.scale)), scale);
};

/** The rest of truncated division, with the sign of `a` and the larger scale. */
export function modNumeric(a: Numeric, b: Numeric): Numeric {
  if (isNaNNumeric(a) || isNaNNumeric(b)) return numericNaN;
  if (isFiniteNumeric(b) && b.coefficient === 0) throw divisionByZero();
  if (!isFiniteNumeric(a)) return numericNaN;
  if (!isFiniteNumeric(b)) return a;
  const scale = Math.max(a.scale, b.scale);
  return new Numeric(
    truncModInt(scaleUp(a.coefficient, scale - a.scale), scaleUp(b.coefficient, scale - b.scale)),
    scale,
  );
}

/** avg(): sum over count at division's scale. The sum of integers comes with scale 0. `count` is not zero. */
export const averageNumeric = (sum: Numeric, count: Int): Numeric => divNumeric(sum, new Numeric(count, 0));
