/**
 * Doubles and floats as text: the fewest digits that read back as the same value, laid out as PostgreSQL lays them out
 * (fixed from 1e-4 up to 15 digits for float8 and 6 for float4, else `1e+15`, `1e-05`).
 *
 * JavaScript prints the fewest digits too (algorithm and choice of digits agree with Ryu), but it accepts a decimal that lies
 * exactly half-way to the next double, and PostgreSQL does not: 1e23 prints as 9.999999999999999e+22.
 */
import { invalidInputSyntax, numericValueOutOfRange } from '../base/errors.ts';
import { isSpace } from './spaces.ts';

/** `extraFloatDigits` as the setting of that name: above 0 the shortest form, else 15 + it significant digits. */
export function formatFloat8(x: number, extraFloatDigits: number): string {
  if (Number.isInteger(x) && x < 1e15 && x > -1e15) return x === 0 && Object.is(x, -0) ? '-0' : `${x}`;
  if (!Number.isFinite(x)) return formatSpecial(x);
  if (extraFloatDigits <= 0) return generalFormat(x, Math.max(15 + extraFloatDigits, 1));
  const magnitude = Math.abs(x);
  if (magnitude >= 1e-4 && magnitude < 1e15) return `${x}`;
  return layOut(magnitude >= 9007199254740992 ? strictlyShortest(x) : x.toExponential(), 15);
}

export function formatFloat4(x: number, extraFloatDigits: number): string {
  if (Number.isInteger(x) && x < 1e6 && x > -1e6) return x === 0 && Object.is(x, -0) ? '-0' : `${x}`;
  if (!Number.isFinite(x)) return formatSpecial(x);
  if (extraFloatDigits <= 0) return generalFormat(x, Math.max(6 + extraFloatDigits, 1));
  return layOut(shortestSingle(x), 6);
}

const formatSpecial = (x: number): string => (Number.isNaN(x) ? 'NaN' : x > 0 ? 'Infinity' : '-Infinity');

/** C's `%.{precision}g`. */
export function generalFormat(x: number, precision: number): string {
  const [digits, exponent] = exponential(x, precision).split('e') as [string, string];
  const trimmed = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return layOut(`${trimmed}e${exponent}`, precision);
}

/** toExponential, but a value exactly half-way between two decimals goes to the even one, as in C. */
function exponential(x: number, precision: number): string {
  const rounded = x.toExponential(precision - 1);
  const longer = x.toExponential(precision);
  if (!longer.includes('5e') || Number(longer) !== x) return rounded;
  const digits = longer.slice(0, longer.indexOf('e'));
  const isTie = x.toExponential(Math.min(precision + 40, 100)).startsWith(`${digits}${'0'.repeat(40)}`);
  const cut = digits.slice(0, digits.at(-2) === '.' ? -2 : -1);
  return isTie && Number(cut.at(-1)) % 2 === 0 ? `${cut}${longer.slice(longer.indexOf('e'))}` : rounded;
}

/** Lays out `d.ddde±x`: fixed while the exponent is in [-4, fixedLimit), else scientific with two exponent digits or more. */
function layOut(scientific: string, fixedLimit: number): string {
  const at = scientific.indexOf('e');
  const exponent = Number(scientific.slice(at + 1));
  const negative = scientific.startsWith('-');
  const mantissa = scientific.slice(negative ? 1 : 0, at);
  const sign = negative ? '-' : '';
  if (exponent < -4 || exponent >= fixedLimit) {
    const size = `${Math.abs(exponent)}`.padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const digits = mantissa.replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** The shortest digits of a double of at least 2^53, half-way decimals refused. In scientific form. */
function strictlyShortest(x: number): string {
  const shortest = x.toExponential();
  if (!isHalfWay(shortest, x)) return shortest;
  for (let precision = shortest.indexOf('e') - (shortest.includes('.') ? 1 : 0); precision <= 17; precision++) {
    const text = exponential(x, precision);
    if (Number(text) === x && !isHalfWay(text, x)) return text;
  }
  return x.toExponential(16);
}

/** Whether the decimal lies exactly between `x` and a neighbouring double. Both are integers here. */
function isHalfWay(text: string, x: number): boolean {
  const value = integerOf(text);
  const exact = BigInt(x);
  if (value === exact) return false;
  const neighbour = BigInt(value > exact ? nextUp(x) : -nextUp(-x));
  return 2n * value === exact + neighbour;
}

/** The integer that `d.ddde+x` names; x is at least the number of decimals for the values asked about. */
function integerOf(text: string): bigint {
  const [mantissa, exponent] = text.split('e') as [string, string];
  const [whole, decimals = ''] = mantissa.split('.') as [string, string?];
  return BigInt(whole + decimals) * 10n ** BigInt(Number(exponent) - decimals.length);
}

const doubleBits = new Float64Array(1);
const doubleWords = new BigInt64Array(doubleBits.buffer);

/** The next double toward +∞ of a finite non-zero `x`. */
function nextUp(x: number): number {
  doubleBits[0] = x;
  doubleWords[0] = (doubleWords[0] as bigint) + (x > 0 ? 1n : -1n);
  return doubleBits[0];
}

/** The shortest decimal that rounds to the single `x`, in scientific form. */
function shortestSingle(x: number): string {
  for (let precision = 1; precision < 9; precision++) {
    const text = exponential(x, precision);
    if (readsBackAsSingle(text, x)) return text;
    // Below a power of two the gap is half as wide, so the nearest decimal may fall out where its neighbour above fits.
    const above = nextDecimal(text);
    if (readsBackAsSingle(above, x)) return above;
  }
  return x.toExponential(8);
}

/** Rounds to `x` and is not half-way between two singles. */
function readsBackAsSingle(text: string, x: number): boolean {
  const value = Number(text);
  return Math.fround(value) === x && Math.fround(nextUp(value)) === x && Math.fround(-nextUp(-value)) === x;
}

/** One unit in the last digit of `d.ddde±x` further from zero. */
function nextDecimal(text: string): string {
  const [mantissa, exponent] = text.split('e') as [string, string];
  const decimals = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  const digits = Number(mantissa.replace('.', ''));
  return Number(`${digits + Math.sign(digits)}e${Number(exponent) - decimals}`).toExponential(decimals);
}

const decimalPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const specials = new Map<string, number>([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['+nan', Number.NaN],
  ['-nan', Number.NaN],
]);

export function parseFloat8(text: string): number {
  const value = parseDouble(text, 'double precision');
  if (!Number.isFinite(value) && !Number.isNaN(value) && /\d/.test(text))
    throw floatOutOfRange(text, 'double precision');
  if (value === 0 && namesNonZero(text)) throw floatOutOfRange(text, 'double precision');
  return value;
}

export function parseFloat4(text: string): number {
  const double = parseDouble(text, 'real');
  const value = singleOf(double, text);
  if (!Number.isFinite(value) && !Number.isNaN(value) && /\d/.test(text)) throw floatOutOfRange(text, 'real');
  if (value === 0 && (double !== 0 || namesNonZero(text))) throw floatOutOfRange(text, 'real');
  return value;
}

/** Rounding to double and then to single can go wrong only where the double is exactly half-way between two singles. */
function singleOf(double: number, text: string): number {
  const single = Math.fround(double);
  if (single === double || !Number.isFinite(double)) return single;
  const up = Math.fround(nextUp(double));
  const down = Math.fround(-nextUp(-double));
  if (up === down) return single;
  const side = compareDecimalToDouble(text.trim(), double);
  return side > 0 ? up : side < 0 ? down : single;
}

/** Sign of (decimal text - double), exactly. */
function compareDecimalToDouble(text: string, double: number): number {
  const [, sign, whole, decimals = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(
    text,
  ) as string[] as [string, string, string, string?, string?];
  // Every double below 2^53 in size that matters here is k / 2^200.
  const scaled = BigInt(double * 2 ** 100) * 2n ** 100n;
  const tens = Number(exponent) - decimals.length;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${decimals}`);
  const left = digits * 2n ** 200n * 10n ** BigInt(Math.max(tens, 0));
  const right = scaled * 10n ** BigInt(Math.max(-tens, 0));
  return left > right ? 1 : left < right ? -1 : 0;
}

function parseDouble(text: string, typeName: string): number {
  let start = 0;
  let end = text.length;
  while (isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  const body = text.slice(start, end);
  if (decimalPattern.test(body)) return Number(body);
  const special = specials.get(body.toLowerCase());
  if (special !== undefined) return special;
  if (/^[+-]?0[xX][0-9a-fA-F]+$/.test(body)) {
    return body.startsWith('-') ? -Number(body.slice(1)) : Number(body.replace('+', ''));
  }
  throw invalidInputSyntax(typeName, text);
}

const namesNonZero = (text: string): boolean => /[1-9]/.test(text.replace(/[eE].*$/, ''));

const floatOutOfRange = (text: string, typeName: string) =>
  numericValueOutOfRange(`"${text.trim()}" is out of range for type ${typeName}`);
