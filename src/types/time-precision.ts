/** The one modifier of time, timestamp and interval: digits of a second, 0 to 6. */
import { invalidParameterValue } from '../base/errors.ts';
import { absInt, addInt, type Int, mulInt, negateInt, truncDivInt } from './int64.ts';

export const MAX_PRECISION = 6;

const STEPS = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/** Rounds microseconds to `precision` digits of a second, half away from zero. */
export function roundMicros(micros: Int, precision: number): Int {
  if (precision < 0 || precision >= MAX_PRECISION) return micros;
  const step = STEPS[precision] as number;
  const size = mulInt(truncDivInt(addInt(absInt(micros), step / 2), step), step);
  return micros < 0 ? negateInt(size) : size;
}

/** `TIMESTAMP(3)`: a precision above 6 counts as 6 (PostgreSQL warns). */
export function parsePrecision(args: readonly number[], keyword: string, suffix: string): number {
  const precision = args[0];
  if (precision === undefined || args.length !== 1) throw invalidParameterValue('invalid type modifier');
  if (precision < 0) {
    throw invalidParameterValue(`${keyword}(${precision})${suffix} precision must not be negative`);
  }
  return Math.min(precision, MAX_PRECISION);
}

export const formatPrecision = (typmod: number): string => (typmod < 0 ? '' : `(${typmod})`);
