/**
 * The value of interval: months, days and microseconds, kept apart because a month has no fixed number of days and a day no
 * fixed number of hours. Only comparison and hashing bring them together, at 30 days a month and 24 hours a day.
 */
import { datetimeFieldOverflow } from '../base/errors.ts';
import { MICROS_PER_DAY } from './calendar.ts';
import { addInt, compareInt, fitsInt64, type Int, mulInt } from './int64.ts';

export class Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: Int;

  constructor(months: number, days: number, micros: Int) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }
}

export const zeroInterval = new Interval(0, 0, 0);

export const intervalOutOfRange = () => datetimeFieldOverflow('interval out of range');

const fitsInt32 = (value: number): boolean => value >= -0x80000000 && value <= 0x7fffffff;

/** An interval of parts that fit (int32, int32, int64); 22008 otherwise. */
export function makeInterval(months: number, days: number, micros: Int): Interval {
  if (!fitsInt32(months) || !fitsInt32(days) || !fitsInt64(micros)) throw intervalOutOfRange();
  return new Interval(months + 0, days + 0, micros);
}

/** The length in microseconds at 30 days a month: what comparing, hashing and window sizes go by. May exceed int64. */
export const intervalSpan = (value: Interval): Int =>
  addInt(value.micros, mulInt(value.days + value.months * 30, MICROS_PER_DAY));

export const compareIntervals = (a: Interval, b: Interval): number => compareInt(intervalSpan(a), intervalSpan(b));

// -------------------------------------------------------------------------------------------------- the modifier

/** Bits of the field mask in a typmod (`INTERVAL DAY TO SECOND`). */
export const IntervalField = {
  month: 1 << 1,
  year: 1 << 2,
  day: 1 << 3,
  hour: 1 << 10,
  minute: 1 << 11,
  second: 1 << 12,
} as const;
export const FULL_RANGE = 0x7fff;
export const FULL_PRECISION = 0xffff;

export const intervalTypmod = (range: number, precision: number): number => (range << 16) | precision;
export const rangeOf = (typmod: number): number => (typmod >> 16) & 0x7fff;
export const precisionOf = (typmod: number): number => typmod & 0xffff;
