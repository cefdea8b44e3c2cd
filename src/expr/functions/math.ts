/** Mathematics over integers, floats and numerics: signs, rounding, powers, logarithms, divisors. Angles are in trigonometry.ts. */
import { divisionByZero, numericValueOutOfRange, outOfRange, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { SqlArray } from '../../types/array.ts';
import type { Value } from '../../types/column.ts';
import { float4, float8 } from '../../types/float.ts';
import { absInt, fitsInt64, type Int, mulInt, toInt, truncDivInt, truncModInt } from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import {
  absNumeric,
  ceilNumeric,
  compareNumeric,
  floorNumeric,
  isFiniteNumeric,
  mulNumeric,
  Numeric,
  numericFromInt,
  numericNaN,
  numericZero,
  roundNumeric,
  signNumeric,
  subNumeric,
  truncNumeric,
  withoutTrailingZeros,
} from '../../types/numeric.ts';
import { divTruncNumeric, modNumeric } from '../../types/numeric-division.ts';
import { expNumeric, lnNumeric, logNumeric, powerNumeric, sqrtNumeric } from '../../types/numeric-functions.ts';
import { numeric } from '../../types/numeric-type.ts';
import type { SqlType } from '../../types/type.ts';
import { floatOutOfRange } from './arithmetic.ts';
import { define, defineFunction, type ScalarFunction } from './define.ts';

const integers: readonly SqlType[] = [int2, int4, int8];

function checkedInt(value: Int, type: SqlType): Int {
  const fits =
    type === int8
      ? fitsInt64(value)
      : typeof value === 'number' && Math.abs(value) < (type === int4 ? 0x80000000 : 0x8000);
  if (!fits) throw outOfRange(type.displayName);
  return value;
}

// ---------------------------------------------------------------------------------------------------- one argument

const magnitudes: ScalarFunction[] = [
  ...integers.map((type) =>
    define('abs', [type], type, 'The value without its sign.', [[`abs((-17)::${type.name})`, '17']], (x: Int) =>
      checkedInt(absInt(x), type),
    ),
  ),
  ...[float4, float8].map((type) =>
    define(
      'abs',
      [type],
      type,
      'The value without its sign.',
      [[`abs((-17.5)::${type.name})`, '17.5']],
      (x: number) => Math.abs(x),
      {
        emit: (x) => `Math.abs(${x})`,
      },
    ),
  ),
  define('abs', [numeric], numeric, 'The value without its sign.', [['abs(-17.40)', '17.40']], absNumeric),
  define('sign', [float8], float8, '-1, 0 or 1.', [['sign((-8.4)::float8)', '-1']], (x: number) => Math.sign(x) + 0),
  define('sign', [numeric], numeric, '-1, 0 or 1.', [['sign(-8.4)', '-1']], (x: Numeric) =>
    x.scale < 0 && signNumeric(x) === 0 ? numericNaN : numericFromInt(signNumeric(x)),
  ),
];

/** Half to even, as C's rint. */
export function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

const rounding: ScalarFunction[] = [
  ...['ceil', 'ceiling'].flatMap((name) => [
    define(
      name,
      [float8],
      float8,
      'The nearest whole number not below.',
      [[`${name}((-42.8)::float8)`, '-42']],
      (x: number) => Math.ceil(x),
      { emit: (x) => `Math.ceil(${x})` },
    ),
    define(name, [numeric], numeric, 'The nearest whole number not below.', [[`${name}(42.2)`, '43']], ceilNumeric),
  ]),
  define(
    'floor',
    [float8],
    float8,
    'The nearest whole number not above.',
    [['floor((-42.8)::float8)', '-43']],
    (x: number) => Math.floor(x),
    { emit: (x) => `Math.floor(${x})` },
  ),
  define('floor', [numeric], numeric, 'The nearest whole number not above.', [['floor(42.8)', '42']], floorNumeric),
  define(
    'round',
    [float8],
    float8,
    'The nearest whole number; of two the even one.',
    [['round(42.5::float8)', '42']],
    roundToEven,
  ),
  define(
    'round',
    [numeric],
    numeric,
    'The nearest whole number; halves away from zero.',
    [['round(42.5)', '43']],
    (x: Numeric) => roundNumeric(x, 0),
  ),
  define(
    'round',
    [numeric, int4],
    numeric,
    'Rounded to so many digits after the point, before it when negative.',
    [
      ['round(42.4382, 2)', '42.44'],
      ['round(1234.56, -1)', '1230'],
    ],
    roundNumeric,
  ),
  define(
    'trunc',
    [float8],
    float8,
    'The whole part.',
    [['trunc((-42.8)::float8)', '-42']],
    (x: number) => Math.trunc(x),
    { emit: (x) => `Math.trunc(${x})` },
  ),
  define('trunc', [numeric], numeric, 'The whole part.', [['trunc(42.8)', '42']], (x: Numeric) => truncNumeric(x, 0)),
  define(
    'trunc',
    [numeric, int4],
    numeric,
    'Cut to so many digits after the point, before it when negative.',
    [['trunc(42.4382, 2)', '42.43']],
    truncNumeric,
  ),
  define('scale', [numeric], int4, 'Number of digits after the point.', [['scale(8.4100)', '4']], (x: Numeric) =>
    isFiniteNumeric(x) ? x.scale : null,
  ),
  define(
    'min_scale',
    [numeric],
    int4,
    'Number of digits after the point that are needed.',
    [['min_scale(8.4100)', '2']],
    (x: Numeric) => (isFiniteNumeric(x) ? withoutTrailingZeros(x).scale : null),
  ),
  define(
    'trim_scale',
    [numeric],
    numeric,
    'The value without zeros at the end.',
    [['trim_scale(8.4100)', '8.41']],
    withoutTrailingZeros,
  ),
];

// -------------------------------------------------------------------------------------------- roots, powers, logs

const argumentError = (code: SqlState, message: string) => new SqlError(code, message);
const badPower = (message: string) => argumentError(SqlState.invalidArgumentForPowerFunction, message);
const badLogarithm = (x: number) =>
  argumentError(
    SqlState.invalidArgumentForLogarithm,
    `cannot take logarithm of ${x === 0 ? 'zero' : 'a negative number'}`,
  );

function sqrt(x: number): number {
  if (x < 0) throw badPower('cannot take square root of a negative number');
  return Math.sqrt(x);
}

function exp(x: number): number {
  const result = Math.exp(x);
  if (result === Number.POSITIVE_INFINITY && x !== result) throw floatOutOfRange('overflow');
  if (result === 0 && x !== Number.NEGATIVE_INFINITY) throw floatOutOfRange('underflow');
  return result;
}

const logarithm =
  (of: (x: number) => number) =>
  (x: number): number => {
    if (x <= 0) throw badLogarithm(x);
    return of(x);
  };

function power(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === 0 && y < 0) throw badPower('zero raised to a negative power is undefined');
  if (x < 0 && Number.isFinite(y) && !Number.isInteger(y) && Number.isFinite(x)) {
    throw badPower('a negative number raised to a non-integer power yields a complex result');
  }
  // Math.pow says NaN where C says 1.
  if (x === -1 && !Number.isFinite(y)) return 1;
  const result = x ** y;
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) throw floatOutOfRange('overflow');
  if (result === 0 && x !== 0 && Number.isFinite(x) && Number.isFinite(y)) throw floatOutOfRange('underflow');
  return result;
}

const powers: ScalarFunction[] = [
  define('sqrt', [float8], float8, 'Square root.', [['sqrt(2::float8)', '1.4142135623730951']], sqrt),
  define(
    'sqrt',
    [numeric],
    numeric,
    'Square root, to at least 16 significant digits.',
    [['sqrt(2.0)', '1.414213562373095']],
    sqrtNumeric,
  ),
  define('cbrt', [float8], float8, 'Cube root.', [['cbrt(27::float8)', '3']], (x: number) => Math.cbrt(x)),
  define('exp', [float8], float8, 'e raised to the power.', [['exp(0::float8)', '1']], exp),
  define('exp', [numeric], numeric, 'e raised to the power.', [['exp(1.0)', '2.7182818284590452']], expNumeric),
  define('ln', [float8], float8, 'Natural logarithm.', [['ln(1::float8)', '0']], logarithm(Math.log)),
  define('ln', [numeric], numeric, 'Natural logarithm.', [['ln(2.0)', '0.6931471805599453']], lnNumeric),
  ...['log', 'log10'].flatMap((name) => [
    define(name, [float8], float8, 'Logarithm to the base 10.', [[`${name}(100::float8)`, '2']], logarithm(Math.log10)),
    define(
      name,
      [numeric],
      numeric,
      'Logarithm to the base 10.',
      [[`${name}(100.0)`, '2.0000000000000000']],
      (x: Numeric) => logNumeric(numericFromInt(10), x),
    ),
  ]),
  define(
    'log',
    [numeric, numeric],
    numeric,
    'Logarithm of the second to the base of the first.',
    [['log(2.0, 64.0)', '6.0000000000000000']],
    logNumeric,
  ),
  ...['power', 'pow'].flatMap((name) => [
    define(
      name,
      [float8, float8],
      float8,
      'The first raised to the power of the second.',
      [[`${name}(9::float8, 3::float8)`, '729']],
      power,
    ),
    define(
      name,
      [numeric, numeric],
      numeric,
      'The first raised to the power of the second.',
      [[`${name}(2.0, 3.0)`, '8.0000000000000000']],
      powerNumeric,
    ),
  ]),
];

export const mathOperators: readonly ScalarFunction[] = [
  define('^', [float8, float8], float8, 'Left raised to the power of right.', [['2::float8 ^ 3', '8']], power),
  define(
    '^',
    [numeric, numeric],
    numeric,
    'Left raised to the power of right.',
    [['2.0 ^ 3.0', '8.0000000000000000']],
    powerNumeric,
  ),
  define('|/', [float8], float8, 'Square root.', [['|/ 25::float8', '5']], sqrt),
  define('||/', [float8], float8, 'Cube root.', [['||/ 64::float8', '4']], (x: number) => Math.cbrt(x)),
];

// ------------------------------------------------------------------------------------------------------- division

function modulo(a: Int, b: Int): Int {
  if (b === 0) throw divisionByZero();
  return truncModInt(a, b);
}

function gcdInt(a: Int, b: Int): Int {
  let [x, y] = [absInt(a), absInt(b)];
  while (y !== 0) [x, y] = [y, truncModInt(x, y)];
  return x;
}

const lcmInt = (a: Int, b: Int): Int => (a === 0 || b === 0 ? 0 : absInt(mulInt(truncDivInt(a, gcdInt(a, b)), b)));

function gcdNumeric(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return numericNaN;
  const scale = Math.max(a.scale, b.scale);
  let [x, y] = [absNumeric(a), absNumeric(b)];
  while (compareNumeric(y, numericZero) !== 0) [x, y] = [y, modNumeric(x, y)];
  return roundNumeric(x, scale);
}

function lcmNumeric(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return numericNaN;
  const scale = Math.max(a.scale, b.scale);
  if (a.coefficient === 0 || b.coefficient === 0) return new Numeric(0, scale);
  return roundNumeric(absNumeric(mulNumeric(divTruncNumeric(a, gcdNumeric(a, b)), b)), scale);
}

function factorial(n: Int): Numeric {
  if (n < 0) throw numericValueOutOfRange('factorial of a negative number is undefined');
  if (n > 32177) throw numericValueOutOfRange('value overflows numeric format');
  let product = 1n;
  for (let i = 2n; i <= BigInt(n); i++) product *= i;
  return numericFromInt(toInt(product));
}

const division: ScalarFunction[] = [
  ...integers.map((type) =>
    define(
      'mod',
      [type, type],
      type,
      'Remainder of the division; it has the sign of the dividend.',
      [[`mod(9::${type.name}, 4::${type.name})`, '1']],
      modulo,
    ),
  ),
  define(
    'mod',
    [numeric, numeric],
    numeric,
    'Remainder of the division; it has the sign of the dividend.',
    [['mod(9.5, 4)', '1.5']],
    modNumeric,
  ),
  define(
    'div',
    [numeric, numeric],
    numeric,
    'Whole quotient, rounded toward zero.',
    [['div(9.5, 4)', '2']],
    divTruncNumeric,
  ),
  ...[int4, int8].flatMap((type) => [
    define(
      'gcd',
      [type, type],
      type,
      'Greatest common divisor.',
      [[`gcd(1071::${type.name}, 462::${type.name})`, '21']],
      (a: Int, b: Int) => checkedInt(gcdInt(a, b), type),
    ),
    define(
      'lcm',
      [type, type],
      type,
      'Least common multiple.',
      [[`lcm(1071::${type.name}, 462::${type.name})`, '23562']],
      (a: Int, b: Int) => checkedInt(lcmInt(a, b), type),
    ),
  ]),
  define('gcd', [numeric, numeric], numeric, 'Greatest common divisor.', [['gcd(10.5, 4.2)', '2.1']], gcdNumeric),
  define('lcm', [numeric, numeric], numeric, 'Least common multiple.', [['lcm(10.5, 4.2)', '21.0']], lcmNumeric),
  define('factorial', [int8], numeric, 'Product of the whole numbers up to n.', [['factorial(5)', '120']], factorial),
];

// -------------------------------------------------------------------------------------------------------- buckets

const bucketError = (message: string) => new SqlError(SqlState.invalidArgumentForWidthBucketFunction, message);
const MAX_INT4 = 0x7fffffff;

function checkBuckets(count: number, sameBounds: boolean): void {
  if (count <= 0) throw bucketError('count must be greater than zero');
  if (sameBounds) throw bucketError('lower bound cannot equal upper bound');
}

function floatBucket(x: number, low: number, high: number, count: number): number {
  if ([x, low, high].some(Number.isNaN)) throw bucketError('operand, lower bound, and upper bound cannot be NaN');
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw bucketError('lower and upper bounds must be finite');
  checkBuckets(count, low === high);
  const [from, to, value] = low < high ? [low, high, x] : [-low, -high, -x];
  if (value < from) return 0;
  const bucket = value >= to ? count + 1 : Math.min(Math.floor(((value - from) / (to - from)) * count), count - 1) + 1;
  if (bucket > MAX_INT4) throw outOfRange('integer');
  return bucket;
}

function numericBucket(x: Numeric, low: Numeric, high: Numeric, count: number): number {
  if ([x, low, high].some((n) => n.scale === numericNaN.scale))
    throw bucketError('operand, lower bound, and upper bound cannot be NaN');
  if (!isFiniteNumeric(low) || !isFiniteNumeric(high)) throw bucketError('lower and upper bounds must be finite');
  const order = compareNumeric(low, high);
  checkBuckets(count, order === 0);
  const beforeLow = order < 0 ? compareNumeric(x, low) < 0 : compareNumeric(x, low) > 0;
  const atHigh = order < 0 ? compareNumeric(x, high) >= 0 : compareNumeric(x, high) <= 0;
  if (beforeLow) return 0;
  if (atHigh) return count + 1;
  const share = divTruncNumeric(mulNumeric(subNumeric(x, low), numericFromInt(count)), subNumeric(high, low));
  return Number(share.coefficient) + 1;
}

const bucketOfThresholds =
  (element: SqlType) =>
  (x: Value, thresholds: SqlArray): number => {
    if (thresholds.elements.includes(null)) {
      throw new SqlError(SqlState.nullValueNotAllowed, 'thresholds array must not contain NULLs');
    }
    return thresholds.elements.filter((threshold) => element.compare(threshold, x) <= 0).length;
  };

const buckets: ScalarFunction[] = [
  define(
    'width_bucket',
    [float8, float8, float8, int4],
    int4,
    'The number of the bucket, of so many equal ones between two bounds.',
    [['width_bucket(5.35::float8, 0.024, 10.06, 5)', '3']],
    floatBucket,
  ),
  define(
    'width_bucket',
    [numeric, numeric, numeric, int4],
    int4,
    'The number of the bucket, of so many equal ones between two bounds.',
    [['width_bucket(5.35, 0.024, 10.06, 5)', '3']],
    numericBucket,
  ),
  defineFunction({
    name: 'width_bucket',
    args: ['anycompatible', 'anycompatiblearray'],
    result: int4,
    doc: 'The number of ascending thresholds not above the value.',
    examples: [['width_bucket(3, ARRAY[1, 3, 4, 10])', '2']],
    evalFor: ([type]) => bucketOfThresholds(type as SqlType),
  }),
];

// --------------------------------------------------------------------------------------------------------- chance

const random: ScalarFunction[] = [
  define(
    'random',
    [],
    float8,
    'A random number, at least 0 and below 1.',
    [['random() < 1', 't']],
    () => Math.random(),
    { volatility: 'volatile' },
  ),
];

export const mathFunctions: readonly ScalarFunction[] = [
  ...magnitudes,
  ...rounding,
  ...powers,
  ...division,
  ...buckets,
  ...random,
];
