/**
 * extract(field FROM …) for every date and time type, with PostgreSQL's numeric scales (seconds show six digits, milliseconds
 * three). date_part is the same as a double. Null is SQL's NULL: a day or an hour of infinity.
 */
import { AssertionError } from '../base/assert.ts';
import { featureNotSupported, invalidParameterValue } from '../base/errors.ts';
import {
  civilFromDays,
  dayOfTimestamp,
  dayOfWeek,
  dayOfYear,
  isFiniteDate,
  isFiniteTimestamp,
  isoWeek,
  JULIAN_EPOCH,
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  timeOfTimestamp,
  UNIX_EPOCH_DAYS,
  UNIX_EPOCH_MICROS,
} from './calendar.ts';
import { addInt, type Int, mulInt, subInt } from './int64.ts';
import { intervalFields } from './interval-format.ts';
import { findUnit, type Unit } from './interval-parse.ts';
import type { Interval } from './interval-value.ts';
import { addNumeric, Numeric, numericFromInt, numericInfinity, numericNegativeInfinity } from './numeric.ts';
import { divNumeric } from './numeric-division.ts';
import type { TimeWithZone } from './time.ts';
import { type TimeZone, unixSeconds } from './time-zone.ts';

export type ExtractField =
  | Unit
  | 'dow'
  | 'isodow'
  | 'doy'
  | 'epoch'
  | 'julian'
  | 'isoyear'
  | 'timezone'
  | 'timezone_hour'
  | 'timezone_minute';

const extraFields = new Map<string, ExtractField>([
  ['dow', 'dow'],
  ['isodow', 'isodow'],
  ['doy', 'doy'],
  ['epoch', 'epoch'],
  ['j', 'julian'],
  ['jd', 'julian'],
  ['julian', 'julian'],
  ['isoyear', 'isoyear'],
  ['timezone', 'timezone'],
  ['timezone_h', 'timezone_hour'],
  ['timezone_m', 'timezone_minute'],
]);

export const unitNotRecognized = (unit: string, typeName: string) =>
  invalidParameterValue(`unit "${unit}" not recognized for type ${typeName}`);

export const unitNotSupported = (unit: string, typeName: string, detail?: string) =>
  featureNotSupported(`unit "${unit}" not supported for type ${typeName}`, { detail });

const ofTime = 'microsecond millisecond second minute hour';
const ofZone = 'timezone timezone_hour timezone_minute';
const ofDay = 'day week month quarter year decade century millennium dow isodow doy julian isoyear';

/** What extract() finds in each type, by the name that messages give it. */
const fieldsOf = new Map<string, ReadonlySet<string>>(
  [
    ['timestamp without time zone', `${ofDay} ${ofTime} epoch`],
    ['timestamp with time zone', `${ofDay} ${ofTime} ${ofZone} epoch`],
    ['date', `${ofDay} epoch`],
    ['time without time zone', `${ofTime} epoch`],
    ['time with time zone', `${ofTime} ${ofZone} epoch`],
    ['interval', `day month quarter year decade century millennium ${ofTime} epoch`],
  ].map(([typeName, fields]) => [typeName as string, new Set((fields as string).split(' '))]),
);

/**
 * The field a word names: 22023 where there is none, 0A000 where the type has none such. Resolve constants once, not per row.
 * The functions below rely on it: a field it would refuse for their type is a mistake of the caller.
 */
export function findExtractField(word: string, typeName: string): ExtractField {
  const lower = word.toLowerCase();
  const field = findUnit(lower) ?? extraFields.get(lower.slice(0, 10));
  if (field === undefined) throw unitNotRecognized(lower, typeName);
  if (fieldsOf.get(typeName)?.has(field) !== true) throw unitNotSupported(lower, typeName);
  return field;
}

// ---------------------------------------------------------------------------------------------------------- parts

/** Fields that grow without end: infinite for an infinite time. The others come round again, and are NULL. */
const monotonic = new Set<ExtractField>(['year', 'decade', 'century', 'millennium', 'julian', 'isoyear', 'epoch']);

const ofInfinity = (field: ExtractField, isPositive: boolean): Numeric | null =>
  monotonic.has(field) ? (isPositive ? numericInfinity : numericNegativeInfinity) : null;

/** What a day alone answers; undefined for fields of the time and the zone. Years have no zero: 1 BC is -1. */
function partOfDay(field: ExtractField, days: number): number | undefined {
  const { year, month, day } = civilFromDays(days);
  const historic = year > 0 ? year : year - 1;
  switch (field) {
    case 'day':
      return day;
    case 'month':
      return month;
    case 'quarter':
      return Math.ceil(month / 3);
    case 'week':
      return isoWeek(days).week;
    case 'year':
      return historic;
    case 'decade':
      return Math.floor(year / 10) + 0;
    case 'century':
      return year > 0 ? Math.ceil(year / 100) : -Math.floor((99 - historic) / 100);
    case 'millennium':
      return year > 0 ? Math.ceil(year / 1000) : -Math.floor((999 - historic) / 1000);
    case 'isoyear': {
      const iso = isoWeek(days).year;
      return iso > 0 ? iso : iso - 1;
    }
    case 'dow':
      return dayOfWeek(days);
    case 'isodow':
      return dayOfWeek(days) || 7;
    case 'doy':
      return dayOfYear(days);
    default:
      return undefined;
  }
}

/** What a time of day answers; undefined for other fields. */
function partOfTime(field: ExtractField, micros: number): Numeric | undefined {
  switch (field) {
    case 'microsecond':
      return numericFromInt(micros % MICROS_PER_MINUTE);
    case 'millisecond':
      return new Numeric(micros % MICROS_PER_MINUTE, 3);
    case 'second':
      return new Numeric(micros % MICROS_PER_MINUTE, 6);
    case 'minute':
      return numericFromInt(Math.floor(micros / MICROS_PER_MINUTE) % 60);
    case 'hour':
      return numericFromInt(Math.floor(micros / MICROS_PER_HOUR));
    default:
      return undefined;
  }
}

/** What an offset (seconds east) answers; undefined for other fields. */
function partOfOffset(field: ExtractField, offset: number): number | undefined {
  switch (field) {
    case 'timezone':
      return offset;
    case 'timezone_hour':
      return Math.trunc(offset / 3600) + 0;
    case 'timezone_minute':
      return Math.trunc((offset % 3600) / 60) + 0;
    default:
      return undefined;
  }
}

const numericOrUndefined = (value: number | undefined): Numeric | undefined =>
  value === undefined ? undefined : numericFromInt(value);

// ---------------------------------------------------------------------------------------------------------- types

function partOfLocal(field: ExtractField, local: Int): Numeric | undefined {
  const days = dayOfTimestamp(local);
  const time = timeOfTimestamp(local);
  if (field === 'julian') {
    const fraction = divNumeric(numericFromInt(time), numericFromInt(MICROS_PER_DAY));
    return addNumeric(numericFromInt(days + JULIAN_EPOCH), fraction);
  }
  return numericOrUndefined(partOfDay(field, days)) ?? partOfTime(field, time);
}

const epochOf = (moment: Int): Numeric => new Numeric(subInt(moment, UNIX_EPOCH_MICROS), 6);

export function extractFromTimestamp(field: ExtractField, value: Int): Numeric | null {
  if (!isFiniteTimestamp(value)) return ofInfinity(field, value > 0);
  return field === 'epoch' ? epochOf(value) : (partOfLocal(field, value) as Numeric);
}

export function extractFromTimestamptz(field: ExtractField, value: Int, zone: TimeZone): Numeric | null {
  if (!isFiniteTimestamp(value)) return ofInfinity(field, value > 0);
  if (field === 'epoch') return epochOf(value);
  const offset = zone.offsetAt(unixSeconds(value));
  const ofOffset = partOfOffset(field, offset);
  if (ofOffset !== undefined) return numericFromInt(ofOffset);
  return partOfLocal(field, addInt(value, offset * MICROS_PER_SECOND)) as Numeric;
}

/** extract() takes no time from a date (date_part does: it looks at the date's timestamp). */
export function extractFromDate(field: ExtractField, days: number): Numeric | null {
  if (!isFiniteDate(days)) return ofInfinity(field, days > 0);
  if (field === 'epoch') return numericFromInt((days - UNIX_EPOCH_DAYS) * 86400);
  if (field === 'julian') return numericFromInt(days + JULIAN_EPOCH);
  return numericFromInt(partOfDay(field, days) as number);
}

export function extractFromTime(field: ExtractField, micros: number): Numeric {
  if (field === 'epoch') return new Numeric(micros, 6);
  return partOfTime(field, micros) as Numeric;
}

export function extractFromTimetz(field: ExtractField, value: TimeWithZone): Numeric {
  if (field === 'epoch') return new Numeric(value.micros - value.offset * MICROS_PER_SECOND, 6);
  return (partOfTime(field, value.micros) ?? numericOrUndefined(partOfOffset(field, value.offset))) as Numeric;
}

export function extractFromInterval(field: ExtractField, value: Interval): Numeric {
  const fields = intervalFields(value);
  const secondMicros = fields.seconds * MICROS_PER_SECOND + fields.micros;
  const tens = (years: number): Numeric => numericFromInt(Math.trunc(fields.years / years) + 0);
  switch (field) {
    case 'microsecond':
      return numericFromInt(secondMicros);
    case 'millisecond':
      return new Numeric(secondMicros, 3);
    case 'second':
      return new Numeric(secondMicros, 6);
    case 'minute':
      return numericFromInt(fields.minutes);
    case 'hour':
      return numericFromInt(fields.hours);
    case 'day':
      return numericFromInt(fields.days);
    case 'month':
      return numericFromInt(fields.months);
    case 'quarter':
      return numericFromInt(Math.trunc(fields.months / 3) + 1);
    case 'year':
      return numericFromInt(fields.years);
    case 'decade':
      return tens(10);
    case 'century':
      return tens(100);
    case 'millennium':
      return tens(1000);
    case 'epoch': {
      // A year counts 365.25 days here, and what is left of it 30 days a month.
      const quarterDays = fields.years * 1461 + fields.months * 120 + fields.days * 4;
      return new Numeric(addInt(mulInt(quarterDays, MICROS_PER_DAY / 4), value.micros), 6);
    }
    default:
      throw new AssertionError(`extract ${field} from interval`);
  }
}
