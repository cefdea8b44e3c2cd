/**
 * The proleptic Gregorian calendar over days since 2000-01-01, and timestamps as days and microseconds of the day.
 *
 * Years are astronomical here (0 is 1 BC). Timestamps are `Int`s: numbers from 1714 to 2285, bigints beyond; every step that
 * can leave the safe range is made on the days, which cannot. The int64 extremes stand for the infinities, as do the int32
 * extremes for dates.
 */
import { floorDivInt, floorModInt, type Int, MAX_INT64, MIN_INT64, toInt } from './int64.ts';

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;

/** Days and microseconds from 2000-01-01 to 1970-01-01. */
export const UNIX_EPOCH_DAYS = -10957;
export const UNIX_EPOCH_MICROS = UNIX_EPOCH_DAYS * MICROS_PER_DAY;

export const TIMESTAMP_INFINITY: Int = MAX_INT64;
export const TIMESTAMP_NEGATIVE_INFINITY: Int = MIN_INT64;
export const DATE_INFINITY = 0x7fffffff;
export const DATE_NEGATIVE_INFINITY = -0x80000000;

/** Julian day number of 2000-01-01. */
export const JULIAN_EPOCH = 2451545;
/** 4714-11-24 BC, where Julian days begin: the first valid date and timestamp. */
export const MIN_DATE = -JULIAN_EPOCH;
/** One past the last date (5874897-12-31) and the day past the last timestamp (294276-12-31). */
export const END_DATE = 2147483494 - JULIAN_EPOCH;
export const END_TIMESTAMP_DAY = 109203528 - JULIAN_EPOCH;

export const isFiniteTimestamp = (value: Int): boolean =>
  typeof value === 'number' || (value !== MAX_INT64 && value !== MIN_INT64);

export const isFiniteDate = (days: number): boolean => days !== DATE_INFINITY && days !== DATE_NEGATIVE_INFINITY;

export type CivilDate = { year: number; month: number; day: number };

/** Days since 2000-01-01. Months outside 1 to 12 carry into the year; days are added as they come. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const carried = year + Math.floor((month - 1) / 12);
  const m = (((month - 1) % 12) + 12) % 12;
  // Years begin in March here, so that the leap day is the last of its year.
  const y = m < 2 ? carried - 1 : carried;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((m + 10) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 730425;
}

export function civilFromDays(days: number): CivilDate {
  const shifted = days + 730425;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  const month = m < 10 ? m + 3 : m - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] as number);

/** 0 is Sunday. */
export const dayOfWeek = (days: number): number => (((days + 6) % 7) + 7) % 7;

export const dayOfYear = (days: number): number => days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1;

/** The Monday that begins the week of `days`. */
export const mondayOf = (days: number): number => days - ((dayOfWeek(days) + 6) % 7);

/** ISO 8601 year and week: a week belongs to the year of its Thursday. */
export function isoWeek(days: number): { year: number; week: number } {
  const thursday = mondayOf(days) + 3;
  const { year } = civilFromDays(thursday);
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

/** The Monday of ISO week 1 of `year`. */
export const isoYearStart = (year: number): number => mondayOf(daysFromCivil(year, 1, 4));

// ------------------------------------------------------------------------------------------------------ timestamps

/** The day a finite timestamp falls on. */
export const dayOfTimestamp = (value: Int): number =>
  typeof value === 'number' ? Math.floor(value / MICROS_PER_DAY) : Number(floorDivInt(value, MICROS_PER_DAY));

/** Microseconds since midnight. */
export const timeOfTimestamp = (value: Int): number =>
  typeof value === 'number'
    ? value - Math.floor(value / MICROS_PER_DAY) * MICROS_PER_DAY
    : Number(floorModInt(value, MICROS_PER_DAY));

/** `time` may lie outside the day. Not range-checked. */
export function makeTimestamp(days: number, time: number): Int {
  const value = days * MICROS_PER_DAY + time;
  return Number.isSafeInteger(value) ? value : toInt(BigInt(days) * 86_400_000_000n + BigInt(time));
}

/** Whether a finite timestamp lies between 4714-11-24 BC and 294276-12-31. */
export function isValidTimestamp(value: Int): boolean {
  if (typeof value === 'number') return true;
  const day = dayOfTimestamp(value);
  return day >= MIN_DATE && day < END_TIMESTAMP_DAY;
}
