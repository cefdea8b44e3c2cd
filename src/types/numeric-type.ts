/** The SQL type `numeric(precision, scale)`: typmods, and the binary form in base-10000 digits. */
import { invalidParameterValue, SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import { incorrectBinaryFormat, putInt16, readInt16, readUint16 } from './bytes.ts';
import { absInt, type Int, toInt } from './int64.ts';
import {
  checkedNumeric,
  compareNumeric,
  formatNumeric,
  isFiniteNumeric,
  isNaNNumeric,
  Numeric,
  numericHashKey,
  numericInfinity,
  numericNaN,
  numericNegativeInfinity,
  parseNumeric,
  powerOfTen,
  roundNumeric,
  scaleUp,
} from './numeric.ts';
import type { SqlType } from './type.ts';

const SIGN_NEGATIVE = 0x4000;
const SIGN_NAN = 0xc000;
const SIGN_INFINITY = 0xd000;
const SIGN_NEGATIVE_INFINITY = 0xf000;

export const precisionOf = (typmod: number): number => ((typmod - 4) >> 16) & 0xffff;

/** -1000 to 1000: the low 11 bits, sign-extended. */
export const scaleOf = (typmod: number): number => (((typmod - 4) & 0x7ff) ^ 1024) - 1024;

export const numericTypmod = (precision: number, scale: number): number => ((precision << 16) | (scale & 0x7ff)) + 4;

function applyTypmod(value: Numeric, typmod: number): Numeric {
  if (typmod < 4 || isNaNNumeric(value)) return value;
  const precision = precisionOf(typmod);
  const scale = scaleOf(typmod);
  if (!isFiniteNumeric(value)) {
    throw fieldOverflow(`A field with precision ${precision}, scale ${scale} cannot hold an infinite value.`);
  }
  const rounded = roundNumeric(value, scale);
  // |rounded| < 10^(precision - scale), compared without fractions.
  const whole = precision - scale;
  if (absInt(rounded.coefficient) >= scaleUp(1, rounded.scale + whole)) {
    const bound = whole === 0 ? '1' : `10^${whole}`;
    throw fieldOverflow(
      `A field with precision ${precision}, scale ${scale} must round to an absolute value less than ${bound}.`,
    );
  }
  return rounded;
}

const fieldOverflow = (detail: string) =>
  new SqlError(SqlState.numericValueOutOfRange, 'numeric field overflow', { detail });

function parseTypmod(args: readonly number[]): number {
  const [precision, scale = 0] = args;
  if (precision === undefined || args.length > 2) throw invalidParameterValue('invalid NUMERIC type modifier');
  if (precision < 1 || precision > 1000) {
    throw invalidParameterValue(`NUMERIC precision ${precision} must be between 1 and 1000`);
  }
  if (scale < -1000 || scale > 1000)
    throw invalidParameterValue(`NUMERIC scale ${scale} must be between -1000 and 1000`);
  return numericTypmod(precision, scale);
}

/** Header of four int16 (digit count, weight of the first digit, sign, display scale), then the base-10000 digits. */
function writeBinary(value: Numeric): Uint8Array {
  if (!isFiniteNumeric(value)) return specialBytes(value);
  // Align so that the point falls between two base-10000 digits.
  const padding = (4 - (value.scale % 4)) % 4;
  let digits = `${scaleUp(absInt(value.coefficient), padding)}`;
  digits = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  let count = digits.length / 4;
  const weight = count - 1 - (value.scale + padding) / 4;
  while (count > 0 && digits.startsWith('0000', (count - 1) * 4)) count--;
  const bytes = header(count, count === 0 ? 0 : weight, value.coefficient < 0 ? SIGN_NEGATIVE : 0, value.scale);
  for (let i = 0; i < count; i++) putInt16(bytes, 8 + 2 * i, Number(digits.slice(4 * i, 4 * i + 4)));
  return bytes;
}

function header(count: number, weight: number, sign: number, scale: number): Uint8Array {
  const bytes = new Uint8Array(8 + 2 * count);
  putInt16(bytes, 0, count);
  putInt16(bytes, 2, weight);
  putInt16(bytes, 4, sign);
  putInt16(bytes, 6, scale);
  return bytes;
}

const specialBytes = (value: Numeric): Uint8Array => {
  if (isNaNNumeric(value)) return header(0, 0, SIGN_NAN, 0);
  return value === numericInfinity || value.scale === numericInfinity.scale
    ? header(0, 0, SIGN_INFINITY, 32)
    : header(0, 0, SIGN_NEGATIVE_INFINITY, 32);
};

function readBinary(bytes: Uint8Array, offset: number, length: number): Numeric {
  if (length < 8) throw incorrectBinaryFormat();
  const count = readUint16(bytes, offset);
  const weight = readInt16(bytes, offset + 2);
  const sign = readUint16(bytes, offset + 4);
  const scale = readUint16(bytes, offset + 6);
  if (length !== 8 + 2 * count) throw incorrectBinaryFormat();
  if (sign === SIGN_NAN) return numericNaN;
  if (sign === SIGN_INFINITY) return numericInfinity;
  if (sign === SIGN_NEGATIVE_INFINITY) return numericNegativeInfinity;
  if (sign !== 0 && sign !== SIGN_NEGATIVE) throw incorrectBinaryFormat('invalid sign in external "numeric" value');
  if (scale > 0x3fff) throw incorrectBinaryFormat('invalid scale in external "numeric" value');
  let digits = '';
  for (let i = 0; i < count; i++) {
    const digit = readInt16(bytes, offset + 8 + 2 * i);
    if (digit < 0 || digit > 9999) throw incorrectBinaryFormat('invalid digit in external "numeric" value');
    digits += `${digit}`.padStart(4, '0');
  }
  const magnitude = toInt(BigInt(digits === '' ? '0' : digits));
  const value = atScale(magnitude, 4 * (count - 1 - weight), scale);
  return sign === SIGN_NEGATIVE
    ? new Numeric(value.coefficient === 0 ? 0 : toInt(-BigInt(value.coefficient)), value.scale)
    : value;
}

/** `magnitude / 10^from`, cut to `scale` digits after the point. */
function atScale(magnitude: Int, from: number, scale: number): Numeric {
  const shift = scale - from;
  if (shift >= 0) return checkedNumeric(scaleUp(magnitude, shift), scale);
  return new Numeric(toInt(BigInt(magnitude) / powerOfTen(-shift)), scale);
}

export const numeric: SqlType = {
  oid: 1700,
  name: 'numeric',
  displayName: 'numeric',
  arrayOid: 1231,
  category: 'N',
  isPreferred: false,
  length: -1,
  column: 'dec',
  parse: (text) => parseNumeric(text),
  format: (value: Numeric) => formatNumeric(value),
  readBinary,
  writeBinary,
  compare: compareNumeric,
  hashKey: numericHashKey,
  applyTypmod,
  formatTypmod: (typmod) => (typmod < 4 ? '' : `(${precisionOf(typmod)},${scaleOf(typmod)})`),
  parseTypmod,
};
