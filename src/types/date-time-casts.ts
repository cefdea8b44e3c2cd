/** Dates, times and timestamps turned into each other. Infinities stay infinite; what has no time of day becomes NULL. */
import { datetimeFieldOverflow } from '../base/errors.ts';
import {
  DATE_INFINITY,
  DATE_NEGATIVE_INFINITY,
  dayOfTimestamp,
  isFiniteDate,
  isFiniteTimestamp,
  isValidTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  makeTimestamp,
  TIMESTAMP_INFINITY,
  TIMESTAMP_NEGATIVE_INFINITY,
  timeOfTimestamp,
} from './calendar.ts';
import { addInt, floorModInt, type Int } from './int64.ts';
import type { Interval } from './interval-value.ts';
import { TimeWithZone } from './time.ts';
import { localToUtc, type TimeZone, unixSeconds, utcToLocal } from './time-zone.ts';
import { timestampOutOfRange } from './timestamp.ts';

/** Midnight of the date. */
export function dateToTimestamp(days: number): Int {
  if (!isFiniteDate(days)) return days === DATE_INFINITY ? TIMESTAMP_INFINITY : TIMESTAMP_NEGATIVE_INFINITY;
  const value = makeTimestamp(days, 0);
  if (!isValidTimestamp(value)) throw datetimeFieldOverflow('date out of range for timestamp');
  return value;
}

/** Midnight of the date in the zone. */
export function dateToTimestamptz(days: number, zone: TimeZone): Int {
  const local = dateToTimestamp(days);
  if (!isFiniteTimestamp(local)) return local;
  const value = localToUtc(local, zone);
  if (!isValidTimestamp(value)) throw datetimeFieldOverflow('date out of range for timestamp');
  return value;
}

export function timestampToDate(value: Int): number {
  if (isFiniteTimestamp(value)) return dayOfTimestamp(value);
  return value > 0 ? DATE_INFINITY : DATE_NEGATIVE_INFINITY;
}

export const timestampToTime = (value: Int): number | null =>
  isFiniteTimestamp(value) ? timeOfTimestamp(value) : null;

/** The moment at which clocks in the zone show `value`. */
export function timestampToTimestamptz(value: Int, zone: TimeZone): Int {
  if (!isFiniteTimestamp(value)) return value;
  const moment = localToUtc(value, zone);
  if (!isValidTimestamp(moment)) throw timestampOutOfRange();
  return moment;
}

/** What clocks in the zone show at the moment `value`. */
export function timestamptzToTimestamp(value: Int, zone: TimeZone): Int {
  if (!isFiniteTimestamp(value)) return value;
  const local = utcToLocal(value, zone);
  if (!isValidTimestamp(local)) throw timestampOutOfRange();
  return local;
}

export function timestamptzToTimetz(value: Int, zone: TimeZone): TimeWithZone | null {
  if (!isFiniteTimestamp(value)) return null;
  const offset = zone.offsetAt(unixSeconds(value));
  return new TimeWithZone(timeOfTimestamp(addInt(value, offset * MICROS_PER_SECOND)), offset);
}

/** The time of day that many hours after midnight; days and months do not count. */
export const intervalToTime = (value: Interval): number => Number(floorModInt(value.micros, MICROS_PER_DAY));
