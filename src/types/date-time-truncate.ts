/** date_trunc, date_bin and age. */
import { datetimeFieldOverflow, featureNotSupported } from '../base/errors.ts';
import {
  civilFromDays,
  dayOfTimestamp,
  daysFromCivil,
  daysInMonth,
  isFiniteTimestamp,
  isValidTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  makeTimestamp,
  mondayOf,
  timeOfTimestamp,
} from './calendar.ts';
import { unitNotRecognized, unitNotSupported } from './date-time-extract.ts';
import { addInt, compareInt, floorModInt, type Int, subInt, truncModInt } from './int64.ts';
import { findUnit, type Unit } from './interval-parse.ts';
import { Interval, makeInterval, zeroInterval } from './interval-value.ts';
import { localToUtc, type TimeZone, unixSeconds } from './time-zone.ts';
import { timestampOutOfRange } from './timestamp.ts';

export type TruncateUnit = Unit;

/** The unit a word names; 22023 where there is none, 0A000 for a zone's. Resolve constants once, not per row. */
export function findTruncateUnit(word: string, typeName: string): TruncateUnit {
  const lower = word.toLowerCase();
  if (/^timezone(_[hm].*)?$/.test(lower)) throw unitNotSupported(lower, typeName);
  const unit = findUnit(lower);
  if (unit === undefined) throw unitNotRecognized(lower, typeName);
  return unit;
}

/** Units shorter than a day are exact lengths. */
const MICROS_OF: Partial<Readonly<Record<Unit, number>>> = {
  microsecond: 1,
  millisecond: 1000,
  second: MICROS_PER_SECOND,
  minute: MICROS_PER_MINUTE,
  hour: MICROS_PER_HOUR,
};

/** The first day of the unit that `days` lies in. Centuries begin with year 1, decades with year 0. */
function truncateDay(unit: Unit, days: number): number {
  if (unit === 'day') return days;
  if (unit === 'week') return mondayOf(days);
  const { year, month } = civilFromDays(days);
  switch (unit) {
    case 'month':
      return daysFromCivil(year, month, 1);
    case 'quarter':
      return daysFromCivil(year, month - ((month - 1) % 3), 1);
    case 'year':
      return daysFromCivil(year, 1, 1);
    case 'decade':
      return daysFromCivil(Math.floor(year / 10) * 10, 1, 1);
    case 'century':
      return daysFromCivil(Math.floor((year - 1) / 100) * 100 + 1, 1, 1);
    default:
      return daysFromCivil(Math.floor((year - 1) / 1000) * 1000 + 1, 1, 1);
  }
}

const checked = (value: Int): Int => {
  if (!isValidTimestamp(value)) throw timestampOutOfRange();
  return value;
};

export function truncateTimestamp(unit: TruncateUnit, value: Int): Int {
  if (!isFiniteTimestamp(value)) return value;
  const length = MICROS_OF[unit];
  if (length !== undefined) return subInt(value, floorModInt(value, length));
  return checked(makeTimestamp(truncateDay(unit, dayOfTimestamp(value)), 0));
}

/** Truncates what clocks in the zone show. Units of a day and more begin at local midnight, whatever offset that has. */
export function truncateTimestamptz(unit: TruncateUnit, value: Int, zone: TimeZone): Int {
  if (!isFiniteTimestamp(value)) return value;
  const offset = zone.offsetAt(unixSeconds(value)) * MICROS_PER_SECOND;
  const truncated = truncateTimestamp(unit, addInt(value, offset));
  return checked(MICROS_OF[unit] === undefined ? localToUtc(truncated, zone) : subInt(truncated, offset));
}

export function truncateInterval(unit: TruncateUnit, value: Interval): Interval {
  const length = MICROS_OF[unit];
  if (length !== undefined) {
    return new Interval(value.months, value.days, subInt(value.micros, truncModInt(value.micros, length)));
  }
  const months = (n: number): Interval => new Interval(value.months - (value.months % n), 0, 0);
  switch (unit) {
    case 'day':
      return new Interval(value.months, value.days, 0);
    case 'month':
      return months(1);
    case 'quarter':
      return months(3);
    case 'year':
      return months(12);
    case 'decade':
      return months(120);
    case 'century':
      return months(1200);
    case 'millennium':
      return months(12000);
    default:
      throw unitNotSupported(unit, 'interval', 'Months usually have fractional weeks.');
  }
}

/** The start of the bin of length `stride` that `value` lies in, bins counted from `origin`. */
export function binTimestamp(stride: Interval, value: Int, origin: Int): Int {
  if (!isFiniteTimestamp(value)) return value;
  if (!isFiniteTimestamp(origin)) throw datetimeFieldOverflow('origin out of range');
  if (stride.months !== 0) {
    throw featureNotSupported('timestamps cannot be binned into intervals containing months or years');
  }
  const length = addInt(makeTimestamp(stride.days, 0), stride.micros);
  if (length <= 0) throw datetimeFieldOverflow('stride must be greater than zero');
  return subInt(value, floorModInt(subInt(value, origin), length));
}

/**
 * age(a, b): years, months, days and time between two local timestamps, counted on the calendar. Days are borrowed from the
 * month of the earlier one.
 */
export function ageOfTimestamps(a: Int, b: Int): Interval {
  if (!isFiniteTimestamp(a) || !isFiniteTimestamp(b)) throw timestampOutOfRange();
  const order = compareInt(a, b);
  if (order === 0) return zeroInterval;
  const [late, early] = order > 0 ? [a, b] : [b, a];
  const to = civilFromDays(dayOfTimestamp(late));
  const from = civilFromDays(dayOfTimestamp(early));
  let time = timeOfTimestamp(late) - timeOfTimestamp(early);
  let days = to.day - from.day;
  let months = (to.year - from.year) * 12 + to.month - from.month;
  if (time < 0) {
    time += MICROS_PER_DAY;
    days--;
  }
  while (days < 0) {
    days += daysInMonth(from.year, from.month);
    months--;
  }
  return order > 0 ? makeInterval(months, days, time) : makeInterval(-months, -days, 0 - time);
}
