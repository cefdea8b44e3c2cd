/** to_char of timestamps and intervals. */
import {
  civilFromDays,
  dayOfTimestamp,
  dayOfWeek,
  dayOfYear,
  daysFromCivil,
  isFiniteTimestamp,
  isoWeek,
  isoYearStart,
  JULIAN_EPOCH,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  timeOfTimestamp,
} from '../../types/calendar.ts';
import { addInt, type Int } from '../../types/int64.ts';
import { intervalFields } from '../../types/interval-format.ts';
import type { Interval } from '../../types/interval-value.ts';
import { type TimeZone, unixSeconds } from '../../types/time-zone.ts';
import { DAYS, MONTHS, type PictureField, parsePicture, ROMAN_MONTHS } from './date-picture.ts';

/** What a picture may show. An interval has no calendar and no zone. */
type Moment = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Days since 2000-01-01, or null for an interval. */
  readonly days: number | null;
  readonly zone: { readonly name: string; readonly offset: number } | null;
};

function momentOf(local: Int, zone: Moment['zone']): Moment {
  const days = dayOfTimestamp(local);
  const time = timeOfTimestamp(local);
  return {
    ...civilFromDays(days),
    hour: Math.floor(time / MICROS_PER_HOUR),
    minute: Math.floor(time / MICROS_PER_MINUTE) % 60,
    second: Math.floor(time / MICROS_PER_SECOND) % 60,
    micros: time % MICROS_PER_SECOND,
    days,
    zone,
  };
}

/** NULL for infinities, as PostgreSQL has it. */
export const timestampToChar = (value: Int, picture: string): string | null =>
  isFiniteTimestamp(value) ? format(momentOf(value, null), picture) : null;

export function timestamptzToChar(value: Int, picture: string, zone: TimeZone): string | null {
  if (!isFiniteTimestamp(value)) return null;
  const offset = zone.offsetAt(unixSeconds(value));
  return format(momentOf(addInt(value, offset * MICROS_PER_SECOND), { name: zone.name, offset }), picture);
}

export function intervalToChar(value: Interval, picture: string): string {
  const { years, months, days, hours, minutes, seconds, micros } = intervalFields(value);
  const moment = { year: years, month: months, day: days, hour: hours, minute: minutes, second: seconds, micros };
  return format({ ...moment, days: null, zone: null }, picture);
}

const format = (moment: Moment, picture: string): string =>
  parsePicture(picture)
    .map((part) => (part.kind === 'text' ? part.text : show(part, moment)))
    .join('');

/** Digits, padded with zeros unless compact; a minus before them. */
function digits(field: PictureField, value: number, width: number): string {
  const sign = value < 0 ? '-' : '';
  const shown = `${sign}${`${Math.abs(value)}`.padStart(field.compact ? 0 : width, '0')}`;
  if (field.ordinal === '') return shown;
  const suffix = ordinalOf(Math.abs(value));
  return shown + (field.ordinal === 'TH' ? suffix.toUpperCase() : suffix);
}

function ordinalOf(n: number): string {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th';
}

/** A name in the case of the keyword: MONTH, Month or month. */
function named(field: PictureField, name: string, width: number): string {
  const { spelling } = field;
  const isUpper = spelling === spelling.toUpperCase();
  const cased = isUpper ? name.toUpperCase() : spelling[0] === spelling[0]?.toUpperCase() ? name : name.toLowerCase();
  return field.compact ? cased : cased.padEnd(width);
}

const sameCase = (field: PictureField, text: string): string =>
  field.spelling === field.spelling.toLowerCase() ? text.toLowerCase() : text;

function show(field: PictureField, m: Moment): string {
  return showTime(field, m) ?? showDate(field, m) ?? '';
}

function showTime(field: PictureField, m: Moment): string | undefined {
  const half = m.hour % 24 >= 12 ? 'PM' : 'AM';
  switch (field.key) {
    case 'HH':
    case 'HH12':
      return digits(field, m.hour % 12 === 0 ? 12 : m.hour % 12, 2);
    case 'HH24':
      return digits(field, m.hour, 2);
    case 'MI':
      return digits(field, m.minute, 2);
    case 'SS':
      return digits(field, m.second, 2);
    case 'MS':
    case 'FF3':
      return digits(field, Math.trunc(m.micros / 1000), 3);
    case 'US':
    case 'FF6':
      return digits(field, m.micros, 6);
    case 'FF1':
    case 'FF2':
    case 'FF4':
    case 'FF5': {
      const width = Number(field.key[2]);
      return digits(field, Math.trunc(m.micros / 10 ** (6 - width)), width);
    }
    case 'SSSS':
    case 'SSSSS':
      return digits({ ...field, compact: true }, m.hour * 3600 + m.minute * 60 + m.second, 0);
    case 'AM':
    case 'PM':
      return sameCase(field, half);
    case 'A.M.':
    case 'P.M.':
      return sameCase(field, half === 'AM' ? 'A.M.' : 'P.M.');
    default:
      return showZone(field, m);
  }
}

function showZone(field: PictureField, m: Moment): string | undefined {
  const offset = m.zone?.offset ?? 0;
  const sign = offset < 0 ? '-' : '+';
  const hours = `${Math.floor(Math.abs(offset) / 3600)}`.padStart(2, '0');
  const minutes = `${Math.floor(Math.abs(offset) / 60) % 60}`.padStart(2, '0');
  switch (field.key) {
    case 'TZ':
      return m.zone === null ? '' : sameCase(field, abbreviation(m.zone));
    case 'TZH':
      return sign + hours;
    case 'TZM':
      return minutes;
    case 'OF':
      return sign + hours + (minutes === '00' ? '' : `:${minutes}`);
    default:
      return undefined;
  }
}

/** UTC has a name; of other zones the offset is shown, as PostgreSQL does where a zone has no abbreviation. */
function abbreviation(zone: NonNullable<Moment['zone']>): string {
  if (zone.name === 'UTC' || zone.name === 'GMT') return zone.name;
  const sign = zone.offset < 0 ? '-' : '+';
  return `${sign}${`${Math.floor(Math.abs(zone.offset) / 3600)}`.padStart(2, '0')}`;
}

function showDate(field: PictureField, m: Moment): string | undefined {
  const isInterval = m.days === null;
  const year = isInterval || m.year > 0 ? m.year : 1 - m.year;
  switch (field.key) {
    case 'Y,YYY': {
      const thousands = Math.floor(year / 1000);
      return `${thousands},${`${year % 1000}`.padStart(3, '0')}`;
    }
    case 'YYYY':
      return digits(field, year, 4);
    case 'YYY':
      return digits(field, year % 1000, 3);
    case 'YY':
      return digits(field, year % 100, 2);
    case 'Y':
      return digits(field, year % 10, 1);
    case 'MM':
      return digits(field, m.month, 2);
    case 'DD':
      return digits(field, m.day, 2);
    case 'CC':
      return digits(
        field,
        isInterval ? Math.trunc(m.year / 100) : m.year > 0 ? Math.ceil(m.year / 100) : -Math.ceil(year / 100),
        2,
      );
    case 'MONTH':
      return m.month === 0 ? '' : named(field, MONTHS[m.month - 1] as string, 9);
    case 'MON':
      return m.month === 0 ? '' : named({ ...field, compact: true }, (MONTHS[m.month - 1] as string).slice(0, 3), 3);
    case 'RM': {
      const roman = ROMAN_MONTHS[m.month - 1];
      if (roman === undefined) return '';
      return sameCase(field, field.compact ? roman : roman.padEnd(4));
    }
    case 'BC':
    case 'AD':
      return sameCase(field, isInterval || m.year > 0 ? 'AD' : 'BC');
    case 'B.C.':
    case 'A.D.':
      return sameCase(field, isInterval || m.year > 0 ? 'A.D.' : 'B.C.');
    default:
      return m.days === null ? undefined : showDay(field, m.days, m);
  }
}

function showDay(field: PictureField, days: number, m: Moment): string | undefined {
  const iso = isoWeek(days);
  const weekday = dayOfWeek(days);
  switch (field.key) {
    case 'DAY':
      return named(field, DAYS[weekday] as string, 9);
    case 'DY':
      return named({ ...field, compact: true }, (DAYS[weekday] as string).slice(0, 3), 3);
    case 'DDD':
      return digits(field, dayOfYear(days), 3);
    case 'IDDD':
      return digits(field, days - isoYearStart(iso.year) + 1, 3);
    case 'D':
      return digits(field, weekday + 1, 1);
    case 'ID':
      return digits(field, weekday || 7, 1);
    case 'W':
      return digits(field, Math.floor((m.day - 1) / 7) + 1, 1);
    case 'WW':
      return digits(field, Math.floor((days - daysFromCivil(m.year, 1, 1)) / 7) + 1, 2);
    case 'IW':
      return digits(field, iso.week, 2);
    case 'IYYY':
      return digits(field, iso.year, 4);
    case 'IYY':
      return digits(field, iso.year % 1000, 3);
    case 'IY':
      return digits(field, iso.year % 100, 2);
    case 'I':
      return digits(field, iso.year % 10, 1);
    case 'J':
      return digits(field, days + JULIAN_EPOCH, 1);
    case 'Q':
      return digits(field, Math.ceil(m.month / 3), 1);
    default:
      return undefined;
  }
}
