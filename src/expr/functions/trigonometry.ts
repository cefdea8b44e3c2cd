/** Angles: sines and their kin in radians and (with a d) in degrees, hyperbolic functions, pi. All over float8. */
import { numericValueOutOfRange } from '../../base/errors.ts';
import { float8 } from '../../types/float.ts';
import { floatOutOfRange } from './arithmetic.ts';
import { define, type ScalarFunction } from './define.ts';

const outOfDomain = () => numericValueOutOfRange('input is out of range');

const finite =
  (f: (x: number) => number) =>
  (x: number): number => {
    if (!Number.isFinite(x) && !Number.isNaN(x)) throw outOfDomain();
    return f(x);
  };

const within =
  (low: number, high: number, f: (x: number) => number) =>
  (x: number): number => {
    if (x < low || x > high) throw outOfDomain();
    return f(x);
  };

const toRadians = (degrees: number): number => degrees * (Math.PI / 180);
const toDegrees = (radians: number): number => radians / (Math.PI / 180);

// In degrees the round angles have exact answers; scaling by the function's own value at such an angle makes them so.
const SIN_30 = Math.sin(toRadians(30));
const ONE_MINUS_COS_60 = 1 - Math.cos(toRadians(60));

const sinUpTo30 = (x: number): number => Math.sin(toRadians(x)) / SIN_30 / 2;
const cosUpTo60 = (x: number): number => 1 - (1 - Math.cos(toRadians(x))) / ONE_MINUS_COS_60 / 2;
const sinQuadrant = (x: number): number => (x <= 30 ? sinUpTo30(x) : cosUpTo60(90 - x));
const cosQuadrant = (x: number): number => (x <= 60 ? cosUpTo60(x) : sinUpTo30(90 - x));

function sind(x: number): number {
  let angle = x % 360;
  let sign = 1;
  if (angle < 0) [angle, sign] = [-angle, -1];
  if (angle > 180) [angle, sign] = [360 - angle, -sign];
  return sign * sinQuadrant(angle > 90 ? 180 - angle : angle) + 0;
}

function cosd(x: number): number {
  let angle = Math.abs(x % 360);
  if (angle > 180) angle = 360 - angle;
  return (angle > 90 ? -cosQuadrant(180 - angle) : cosQuadrant(angle)) + 0;
}

const TAN_45 = sinQuadrant(45) / cosQuadrant(45);
const tand = (x: number): number => sind(x) / cosd(x) / TAN_45;
const cotd = (x: number): number => (cosd(x) / sind(x)) * TAN_45;

/** Inverse functions scaled so that the round values give round angles. */
const ASIN_HALF = Math.asin(0.5);
const ACOS_HALF = Math.acos(0.5);
const ATAN_ONE = Math.atan(1);
const acosQuadrant = (x: number): number =>
  x <= 0.5 ? 90 - (Math.asin(x) / ASIN_HALF) * 30 : (Math.acos(x) / ACOS_HALF) * 60;
const asinQuadrant = (x: number): number =>
  x <= 0.5 ? (Math.asin(x) / ASIN_HALF) * 30 : 90 - (Math.acos(x) / ACOS_HALF) * 60;
const asind = (x: number): number => (x >= 0 ? asinQuadrant(x) : -asinQuadrant(-x));
const acosd = (x: number): number => (x >= 0 ? acosQuadrant(x) : 90 + asinQuadrant(-x));
const atand = (x: number): number => (Math.atan(x) / ATAN_ONE) * 45;
const atan2d = (y: number, x: number): number => (Math.atan2(y, x) / ATAN_ONE) * 45;

function sinhChecked(f: (x: number) => number): (x: number) => number {
  return (x) => {
    const result = f(x);
    if (!Number.isFinite(result) && Number.isFinite(x)) throw floatOutOfRange('overflow');
    return result;
  };
}

type Row = readonly [name: string, doc: string, f: (x: number) => number, sample: string, result: string];

const rows: readonly Row[] = [
  ['sin', 'Sine of an angle in radians.', finite(Math.sin), '0', '0'],
  ['cos', 'Cosine of an angle in radians.', finite(Math.cos), '0', '1'],
  ['tan', 'Tangent of an angle in radians.', finite(Math.tan), '0', '0'],
  ['cot', 'Cotangent of an angle in radians.', finite((x) => 1 / Math.tan(x)), '0', 'Infinity'],
  ['asin', 'Inverse sine, in radians.', within(-1, 1, Math.asin), '0', '0'],
  ['acos', 'Inverse cosine, in radians.', within(-1, 1, Math.acos), '1', '0'],
  ['atan', 'Inverse tangent, in radians.', Math.atan, '0', '0'],
  ['sind', 'Sine of an angle in degrees.', finite(sind), '30', '0.5'],
  ['cosd', 'Cosine of an angle in degrees.', finite(cosd), '60', '0.5'],
  ['tand', 'Tangent of an angle in degrees.', finite(tand), '45', '1'],
  ['cotd', 'Cotangent of an angle in degrees.', finite(cotd), '45', '1'],
  ['asind', 'Inverse sine, in degrees.', within(-1, 1, asind), '0.5', '30'],
  ['acosd', 'Inverse cosine, in degrees.', within(-1, 1, acosd), '0.5', '60'],
  ['atand', 'Inverse tangent, in degrees.', atand, '1', '45'],
  ['sinh', 'Hyperbolic sine.', sinhChecked(Math.sinh), '0', '0'],
  ['cosh', 'Hyperbolic cosine.', sinhChecked(Math.cosh), '0', '1'],
  ['tanh', 'Hyperbolic tangent.', Math.tanh, '0', '0'],
  ['asinh', 'Inverse hyperbolic sine.', Math.asinh, '0', '0'],
  ['acosh', 'Inverse hyperbolic cosine.', within(1, Number.POSITIVE_INFINITY, Math.acosh), '1', '0'],
  ['atanh', 'Inverse hyperbolic tangent.', within(-1, 1, Math.atanh), '0', '0'],
  ['degrees', 'An angle in radians, in degrees.', toDegrees, 'pi()', '180'],
  ['radians', 'An angle in degrees, in radians.', toRadians, '0', '0'],
];

export const trigonometry: readonly ScalarFunction[] = [
  ...rows.map(([name, doc, f, sample, result]) =>
    define(name, [float8], float8, doc, [[`${name}(${sample})`, result]], f),
  ),
  define(
    'atan2',
    [float8, float8],
    float8,
    'Inverse tangent of the quotient, in radians.',
    [['atan2(0, 1)', '0']],
    Math.atan2,
  ),
  define(
    'atan2d',
    [float8, float8],
    float8,
    'Inverse tangent of the quotient, in degrees.',
    [['atan2d(1, 0)', '90']],
    atan2d,
  ),
  define('pi', [], float8, 'The number pi.', [['pi()', '3.141592653589793']], () => Math.PI),
];
