/** What adding, subtracting and scaling of dates, times and intervals mean (date.c, timestamp.c). Infinities absorb. */
import { datetimeFieldOverflow, divisionByZero } from '../../base/errors.ts';
import {
  civilFromDays,
  dayOfTimestamp,
  daysFromCivil,
  daysInMonth,
  isFiniteDate,
  isFiniteTimestamp,
  isValidTimestamp,
  MICROS_PER_DAY,
  makeTimestamp,
  timeOfTimestamp,
} from '../../types/calendar.ts';
import { isValidDate } from '../../types/date.ts';
import { dateToTimestamp } from '../../types/date-time-casts.ts';
import {
  addInt,
  floorModInt,
  type Int,
  intFromDouble,
  negateInt,
  subInt,
  truncDivInt,
  truncModInt,
} from '../../types/int64.ts';
import { type Interval, intervalOutOfRange, makeInterval } from '../../types/interval-value.ts';
import { TimeWithZone } from '../../types/time.ts';
import { localToUtc, type TimeZone, utcToLocal } from '../../types/time-zone.ts';
import { timestampOutOfRange } from '../../types/timestamp.ts';
import { roundToEven } from './math.ts';

// ---------------------------------------------------------------------------------------------------------- dates

export function addDays(date: number, days: number): number {
  if (!isFiniteDate(date)) return date;
  if (!isValidDate(date + days)) throw datetimeFieldOverflow('date out of range');
  return date + days;
}

export function subtractDates(a: number, b: number): number {
  if (!isFiniteDate(a) || !isFiniteDate(b)) throw datetimeFieldOverflow('cannot subtract infinite dates');
  return a - b;
}

// ----------------------------------------------------------------------------------------------------- timestamps

const checked = (value: Int): Int => {
  if (!isValidTimestamp(value)) throw timestampOutOfRange();
  return value;
};

/** Whole months move along the calendar; a day past the end of its month becomes the last one. */
function addMonths(value: Int, months: number): Int {
  const { year, month, day } = civilFromDays(dayOfTimestamp(value));
  const total = year * 12 + (month - 1) + months;
  const toYear = Math.floor(total / 12);
  const toMonth = total - toYear * 12 + 1;
  const days = daysFromCivil(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
  return checked(makeTimestamp(days, timeOfTimestamp(value)));
}

const addWholeDays = (value: Int, days: number): Int =>
  checked(makeTimestamp(dayOfTimestamp(value) + days, timeOfTimestamp(value)));

export function addInterval(value: Int, span: Interval): Int {
  if (!isFiniteTimestamp(value)) return value;
  let result = value;
  if (span.months !== 0) result = addMonths(result, span.months);
  if (span.days !== 0) result = addWholeDays(result, span.days);
  return checked(addInt(result, span.micros));
}

/** Months and days count in local time, so that they leap over changes of the clock; the rest is elapsed time. */
export function addIntervalInZone(value: Int, span: Interval, zone: TimeZone): Int {
  if (!isFiniteTimestamp(value)) return value;
  let result = value;
  if (span.months !== 0) result = checked(localToUtc(addMonths(utcToLocal(result, zone), span.months), zone));
  if (span.days !== 0) result = checked(localToUtc(addWholeDays(utcToLocal(result, zone), span.days), zone));
  return checked(addInt(result, span.micros));
}

/** Days and the rest of a day. */
export function subtractTimestamps(a: Int, b: Int): Interval {
  if (!isFiniteTimestamp(a) || !isFiniteTimestamp(b))
    throw datetimeFieldOverflow('cannot subtract infinite timestamps');
  return justifyHours(makeInterval(0, 0, subInt(a, b)));
}

// ------------------------------------------------------------------------------------------------------ intervals

export const addIntervals = (a: Interval, b: Interval): Interval =>
  makeInterval(a.months + b.months, a.days + b.days, addInt(a.micros, b.micros));

export const negateInterval = (a: Interval): Interval => makeInterval(-a.months, -a.days, negateInt(a.micros));
export const subtractIntervals = (a: Interval, b: Interval): Interval =>
  makeInterval(a.months - b.months, a.days - b.days, subInt(a.micros, b.micros));

/** Rounded to the microsecond, as PostgreSQL rounds the parts that cascade downward. */
const roundSeconds = (x: number): number => roundToEven(x * 1e6) / 1e6;

/** Fractions of months become days (30 to a month), fractions of days become time. */
function scaleInterval(a: Interval, scale: (part: number) => number): Interval {
  const months = Math.trunc(scale(a.months));
  let days = Math.trunc(scale(a.days));
  const restDays = roundSeconds((scale(a.months) - months) * 30);
  let restSeconds = roundSeconds((scale(a.days) - days + restDays - Math.trunc(restDays)) * 86400);
  if (Math.abs(restSeconds) >= 86400) {
    days += Math.trunc(restSeconds / 86400);
    restSeconds -= Math.trunc(restSeconds / 86400) * 86400;
  }
  days += Math.trunc(restDays);
  const micros = roundToEven(scale(Number(a.micros)) + restSeconds * 1e6);
  if (![months, days, micros].every(Number.isFinite)) throw intervalOutOfRange();
  return makeInterval(months, days, intFromDouble(micros));
}

export const multiplyInterval = (a: Interval, factor: number): Interval => scaleInterval(a, (part) => part * factor);

export function divideInterval(a: Interval, divisor: number): Interval {
  if (divisor === 0) throw divisionByZero();
  return scaleInterval(a, (part) => part / divisor);
}

/** Full days of the time become days. Signs are made to agree. */
export function justifyHours(a: Interval): Interval {
  let days = a.days + Number(truncDivInt(a.micros, MICROS_PER_DAY));
  let micros = truncModInt(a.micros, MICROS_PER_DAY);
  if (days > 0 && micros < 0) {
    micros = addInt(micros, MICROS_PER_DAY);
    days--;
  } else if (days < 0 && micros > 0) {
    micros = subInt(micros, MICROS_PER_DAY);
    days++;
  }
  return makeInterval(a.months, days, micros);
}

/** Every 30 days become a month. */
export function justifyDays(a: Interval): Interval {
  let months = a.months + Math.trunc(a.days / 30);
  let days = a.days % 30;
  if (months > 0 && days < 0) {
    days += 30;
    months--;
  } else if (months < 0 && days > 0) {
    days -= 30;
    months++;
  }
  return makeInterval(months, days, a.micros);
}

export function justifyInterval(a: Interval): Interval {
  const whole = justifyHours(a);
  let { months, days, micros } = justifyDays(whole);
  if (months > 0 && (days < 0 || (days === 0 && micros < 0))) {
    days += 30;
    months--;
  } else if (months < 0 && (days > 0 || (days === 0 && micros > 0))) {
    days -= 30;
    months++;
  }
  if (days > 0 && micros < 0) {
    micros = addInt(micros, MICROS_PER_DAY);
    days--;
  } else if (days < 0 && micros > 0) {
    micros = subInt(micros, MICROS_PER_DAY);
    days++;
  }
  return makeInterval(months, days, micros);
}

// ---------------------------------------------------------------------------------------------------------- times

/** Times wrap at midnight. */
export const addToTime = (time: number, micros: Int): number =>
  Number(floorModInt(addInt(time, micros), MICROS_PER_DAY));

export const addToTimeWithZone = (time: TimeWithZone, micros: Int): TimeWithZone =>
  new TimeWithZone(addToTime(time.micros, micros), time.offset);

/** `date + time`. */
export const timestampOf = (date: number, time: number): Int =>
  isFiniteDate(date) ? checked(makeTimestamp(date, time)) : dateToTimestamp(date);
