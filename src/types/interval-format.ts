/** interval as text in the four IntervalStyles (EncodeInterval in datetime.c). */
import { MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND } from './calendar.ts';
import { formatFraction, twoDigits } from './date-time-format.ts';
import { truncDivInt, truncModInt } from './int64.ts';
import type { Interval } from './interval-value.ts';
import type { FormatSettings } from './type.ts';

/** All fields with the sign of their part. */
export type IntervalFields = {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly micros: number;
};

export function intervalFields(value: Interval): IntervalFields {
  const time = Number(truncModInt(value.micros, MICROS_PER_HOUR)); // What is left of the last hour is small.
  return {
    years: Math.trunc(value.months / 12) + 0,
    months: (value.months % 12) + 0,
    days: value.days,
    hours: Number(truncDivInt(value.micros, MICROS_PER_HOUR)),
    minutes: Math.trunc(time / MICROS_PER_MINUTE) + 0,
    seconds: Math.trunc((time % MICROS_PER_MINUTE) / MICROS_PER_SECOND) + 0,
    micros: (time % MICROS_PER_SECOND) + 0,
  };
}

export function formatInterval(value: Interval, style: FormatSettings['intervalStyle']): string {
  const fields = intervalFields(value);
  switch (style) {
    case 'postgres':
      return formatPostgres(fields);
    case 'postgres_verbose':
      return formatVerbose(fields);
    case 'sql_standard':
      return formatSqlStandard(fields);
    default:
      return formatIso(fields);
  }
}

const isNegativeTime = (f: IntervalFields): boolean => f.hours < 0 || f.minutes < 0 || f.seconds < 0 || f.micros < 0;
const hasTime = (f: IntervalFields): boolean => f.hours !== 0 || f.minutes !== 0 || f.seconds !== 0 || f.micros !== 0;
const abs = Math.abs;

const clock = (f: IntervalFields, hours: string): string =>
  `${hours}:${twoDigits(abs(f.minutes))}:${twoDigits(abs(f.seconds))}${formatFraction(abs(f.micros))}`;

const plainSeconds = (f: IntervalFields): string => `${abs(f.seconds)}${formatFraction(abs(f.micros))}`;

/** `1 year 2 mons -3 days +04:05:06`: a part that follows a negative one says its plus. */
function formatPostgres(f: IntervalFields): string {
  const parts: string[] = [];
  let afterNegative = false;
  const add = (value: number, unit: string): void => {
    if (value === 0) return;
    parts.push(`${afterNegative && value > 0 ? '+' : ''}${value} ${unit}${value === 1 ? '' : 's'}`);
    afterNegative = value < 0;
  };
  add(f.years, 'year');
  add(f.months, 'mon');
  add(f.days, 'day');
  if (parts.length === 0 || hasTime(f)) {
    const sign = isNegativeTime(f) ? '-' : afterNegative ? '+' : '';
    parts.push(sign + clock(f, twoDigits(abs(f.hours))));
  }
  return parts.join(' ');
}

/** `@ 1 year 2 mons 3 days ago`: the sign of the first part is said at the end and reverses the rest. */
function formatVerbose(f: IntervalFields): string {
  let out = '@';
  let isZero = true;
  let isAgo = false;
  const add = (value: number, unit: string): void => {
    if (value === 0) return;
    if (isZero) isAgo = value < 0;
    const shown = isAgo ? -value : value;
    out += ` ${shown} ${unit}${shown === 1 ? '' : 's'}`;
    isZero = false;
  };
  add(f.years, 'year');
  add(f.months, 'mon');
  add(f.days, 'day');
  add(f.hours, 'hour');
  add(f.minutes, 'min');
  if (f.seconds !== 0 || f.micros !== 0) {
    const negative = f.seconds < 0 || f.micros < 0;
    if (isZero) isAgo = negative;
    const sign = negative !== isAgo ? '-' : '';
    out += ` ${sign}${plainSeconds(f)} sec${abs(f.seconds) !== 1 || f.micros !== 0 ? 's' : ''}`;
    isZero = false;
  }
  return `${out}${isZero ? ' 0' : ''}${isAgo ? ' ago' : ''}`;
}

/** `1-2` or `3 4:05:06`; what the standard cannot say (mixed signs, months and days) gets a sign on every part. */
function formatSqlStandard(f: IntervalFields): string {
  const values = [f.years, f.months, f.days, f.hours, f.minutes, f.seconds, f.micros];
  const hasNegative = values.some((value) => value < 0);
  const hasPositive = values.some((value) => value > 0);
  if (!hasNegative && !hasPositive) return '0';
  const hasYearMonth = f.years !== 0 || f.months !== 0;
  if ((hasNegative && hasPositive) || (hasYearMonth && (f.days !== 0 || hasTime(f)))) {
    const sign = (negative: boolean): string => (negative ? '-' : '+');
    const yearMonth = `${sign(f.years < 0 || f.months < 0)}${abs(f.years)}-${abs(f.months)}`;
    return `${yearMonth} ${sign(f.days < 0)}${abs(f.days)} ${sign(isNegativeTime(f))}${clock(f, `${abs(f.hours)}`)}`;
  }
  const sign = hasNegative ? '-' : '';
  if (hasYearMonth) return `${sign}${abs(f.years)}-${abs(f.months)}`;
  return sign + (f.days !== 0 ? `${abs(f.days)} ` : '') + clock(f, `${abs(f.hours)}`);
}

/** `P1Y2M3DT4H5M6S`. */
function formatIso(f: IntervalFields): string {
  const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`);
  const dateText = part(f.years, 'Y') + part(f.months, 'M') + part(f.days, 'D');
  if (!hasTime(f)) return dateText === '' ? 'PT0S' : `P${dateText}`;
  const sign = f.seconds < 0 || f.micros < 0 ? '-' : '';
  const seconds = f.seconds === 0 && f.micros === 0 ? '' : `${sign}${plainSeconds(f)}S`;
  return `P${dateText}T${part(f.hours, 'H')}${part(f.minutes, 'M')}${seconds}`;
}
