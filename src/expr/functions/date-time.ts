/** The clock, making dates and times from numbers, AT TIME ZONE, OVERLAPS. */
import { datetimeFieldOverflow, invalidParameterValue } from '../../base/errors.ts';
import { bool } from '../../types/boolean.ts';
import {
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
  TIMESTAMP_INFINITY,
  TIMESTAMP_NEGATIVE_INFINITY,
  timeOfTimestamp,
  UNIX_EPOCH_MICROS,
} from '../../types/calendar.ts';
import type { Value } from '../../types/column.ts';
import { date, isValidDate } from '../../types/date.ts';
import { sessionZone } from '../../types/date-time-parse.ts';
import { float8 } from '../../types/float.ts';
import { addInt, type Int, intFromDouble } from '../../types/int64.ts';
import { int4 } from '../../types/integer.ts';
import { interval } from '../../types/interval.ts';
import { type Interval, makeInterval } from '../../types/interval-value.ts';
import { text } from '../../types/text.ts';
import { TimeWithZone, time, timetz } from '../../types/time.ts';
import { roundMicros } from '../../types/time-precision.ts';
import { localToUtc, TimeZone, unixSeconds, utcToLocal } from '../../types/time-zone.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { addInterval, addIntervalInZone, addToTime } from './date-time-arithmetic.ts';
import { define, type ScalarFunction } from './define.ts';
import { roundToEven } from './math.ts';
import { zoneByName } from './zones.ts';

const inSession = { volatility: 'stable', context: true } as const;
const onClock = { volatility: 'volatile', context: true } as const;

// ------------------------------------------------------------------------------------------------------ the clock

const local = (context: EvalContext): Int => utcToLocal(context.transactionMicros, sessionZone(context.format));
const round = (value: Int, precision: number | undefined): Int =>
  precision === undefined ? value : roundMicros(value, precision);

function localTimeWithZone(context: EvalContext, precision?: number): TimeWithZone {
  const offset = sessionZone(context.format).offsetAt(unixSeconds(context.transactionMicros));
  return new TimeWithZone(Number(round(timeOfTimestamp(local(context)), precision)), offset);
}

const transactionStart = (context: EvalContext, precision?: number): Int => round(context.transactionMicros, precision);

/** A function of the clock, alone and with a precision in digits of a second. */
const withPrecision = (
  name: string,
  type: SqlType,
  doc: string,
  run: (context: EvalContext, precision?: number) => Value,
): ScalarFunction[] => [
  define(name, [], type, doc, [[`${name} IS NOT NULL`, 't']], run, inSession),
  define(
    name,
    [int4],
    type,
    `${doc} Rounded to so many digits of a second.`,
    [[`${name}(0) IS NOT NULL`, 't']],
    run,
    inSession,
  ),
];

const clock: ScalarFunction[] = [
  ...['now', 'transaction_timestamp'].map((name) =>
    define(
      name,
      [],
      timestamptz,
      'Start of the transaction.',
      [[`${name}() = now()`, 't']],
      (c: EvalContext) => c.transactionMicros,
      inSession,
    ),
  ),
  define(
    'statement_timestamp',
    [],
    timestamptz,
    'Start of the statement.',
    [['statement_timestamp() >= now()', 't']],
    (c: EvalContext) => c.statementMicros,
    inSession,
  ),
  define(
    'clock_timestamp',
    [],
    timestamptz,
    'The time this very moment.',
    [['clock_timestamp() >= now()', 't']],
    (c: EvalContext) => c.nowMicros(),
    onClock,
  ),
  define(
    'timeofday',
    [],
    text,
    'The time this very moment, as text.',
    [["timeofday() ~ '^[A-Z][a-z]{2} '", 't']],
    (c: EvalContext) => timeOfDay(c),
    onClock,
  ),
  define(
    'current_date',
    [],
    date,
    'The day on which the transaction began.',
    [['current_date = now()::date', 't']],
    (c: EvalContext) => dayOfTimestamp(local(c)),
    inSession,
  ),
  ...withPrecision('current_timestamp', timestamptz, 'Start of the transaction.', transactionStart),
  ...withPrecision('localtimestamp', timestamp, 'Start of the transaction, in local time.', (c, p) =>
    round(local(c), p),
  ),
  ...withPrecision('localtime', time, 'Local time of day when the transaction began.', (c, p) =>
    round(timeOfTimestamp(local(c)), p),
  ),
  ...withPrecision(
    'current_time',
    timetz,
    'Local time of day when the transaction began, with its offset.',
    localTimeWithZone,
  ),
];

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon Feb 05 14:03:07.120000 2024 UTC`. */
function timeOfDay(context: EvalContext): string {
  const zone = sessionZone(context.format);
  const value = utcToLocal(context.nowMicros(), zone);
  const at = new Date(Number(value) / 1000 - UNIX_EPOCH_MICROS / 1000);
  const two = (n: number) => `${n}`.padStart(2, '0');
  const clockTime = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const micros = `${timeOfTimestamp(value) % MICROS_PER_SECOND}`.padStart(6, '0');
  return `${DAY_NAMES[at.getUTCDay()]} ${MONTH_NAMES[at.getUTCMonth()]} ${two(at.getUTCDate())} ${clockTime}.${micros} ${at.getUTCFullYear()} ${zone.name}`;
}

// --------------------------------------------------------------------------------------------------------- making

function makeDate(year: number, month: number, day: number): number {
  const astronomical = year < 0 ? year + 1 : year;
  const isValid = year !== 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(astronomical, month);
  const two = (n: number) => `${n}`.padStart(2, '0');
  if (!isValid) throw datetimeFieldOverflow(`date field value out of range: ${year}-${two(month)}-${two(day)}`);
  const days = daysFromCivil(astronomical, month, day);
  if (!isValidDate(days)) throw datetimeFieldOverflow(`date out of range: ${year}-${two(month)}-${two(day)}`);
  return days;
}

function makeTime(hour: number, minute: number, seconds: number): number {
  const micros = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + roundToEven(seconds * 1e6);
  const isValid = hour >= 0 && minute >= 0 && minute < 60 && seconds >= 0 && seconds <= 60 && micros <= MICROS_PER_DAY;
  if (!isValid) {
    const two = (n: number) => `${n}`.padStart(2, '0');
    throw datetimeFieldOverflow(`time field value out of range: ${hour}:${two(minute)}:${two(seconds)}`);
  }
  return micros;
}

function makeLocal(year: number, month: number, day: number, hour: number, minute: number, seconds: number): Int {
  const value = makeTimestamp(makeDate(year, month, day), makeTime(hour, minute, seconds));
  if (!isValidTimestamp(value)) throw datetimeFieldOverflow('timestamp out of range');
  return value;
}

/** Seconds since 1970 as a timestamptz. */
function fromEpoch(seconds: number): Int {
  if (Number.isNaN(seconds)) throw datetimeFieldOverflow('timestamp cannot be NaN');
  if (!Number.isFinite(seconds)) return seconds > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_NEGATIVE_INFINITY;
  const outOfRange = () => datetimeFieldOverflow(`timestamp out of range: "${seconds}"`);
  if (Math.abs(seconds) > 1e13) throw outOfRange();
  const value = addInt(intFromDouble(roundToEven(seconds * 1e6)), UNIX_EPOCH_MICROS);
  if (!isValidTimestamp(value)) throw outOfRange();
  return value;
}

function makeSpan(years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0): Interval {
  const micros = hours * MICROS_PER_HOUR + minutes * MICROS_PER_MINUTE + roundToEven(seconds * 1e6);
  return makeInterval(years * 12 + months, weeks * 7 + days, intFromDouble(micros));
}

const six = [int4, int4, int4, int4, int4, float8] as const;

const making: ScalarFunction[] = [
  define(
    'make_date',
    [int4, int4, int4],
    date,
    'A date from year (negative: BC), month and day.',
    [['make_date(2013, 7, 15)', '2013-07-15']],
    makeDate,
  ),
  define(
    'make_time',
    [int4, int4, float8],
    time,
    'A time of day from hour, minute and seconds.',
    [['make_time(8, 15, 23.5)', '08:15:23.5']],
    makeTime,
  ),
  define(
    'make_timestamp',
    six,
    timestamp,
    'A timestamp from year, month, day, hour, minute and seconds.',
    [['make_timestamp(2013, 7, 15, 8, 15, 23.5)', '2013-07-15 08:15:23.5']],
    makeLocal,
  ),
  define(
    'make_timestamptz',
    six,
    timestamptz,
    'A timestamptz from fields in the session’s zone.',
    [["make_timestamptz(2013, 7, 15, 8, 15, 23.5) = '2013-07-15 08:15:23.5'::timestamptz", 't']],
    (c: EvalContext, y: number, mo: number, d: number, h: number, mi: number, s: number) =>
      localToUtc(makeLocal(y, mo, d, h, mi, s), sessionZone(c.format)),
    inSession,
  ),
  define(
    'make_timestamptz',
    [...six, text],
    timestamptz,
    'A timestamptz from fields in a zone.',
    [["make_timestamptz(2013, 7, 15, 8, 15, 23.5, 'America/New_York') = '2013-07-15 12:15:23.5+00'::timestamptz", 't']],
    (y: number, mo: number, d: number, h: number, mi: number, s: number, zone: string) =>
      localToUtc(makeLocal(y, mo, d, h, mi, s), zoneByName(zone)),
  ),
  define(
    'make_interval',
    [int4, int4, int4, int4, int4, int4, float8],
    interval,
    'A span from years, months, weeks, days, hours, minutes and seconds.',
    [['make_interval(0, 0, 0, 10)', '10 days']],
    makeSpan,
    { optional: 7 },
  ),
  define(
    'to_timestamp',
    [float8],
    timestamptz,
    'The moment so many seconds after 1970-01-01 00:00 UTC.',
    [["to_timestamp(1284352323) = '2010-09-13 04:32:03+00'::timestamptz", 't']],
    fromEpoch,
  ),
];

// --------------------------------------------------------------------------------------------------- AT TIME ZONE

const toLocal = (zone: TimeZone, value: Int): Int => (isFiniteTimestamp(value) ? utcToLocal(value, zone) : value);
const toUtc = (zone: TimeZone, value: Int): Int => (isFiniteTimestamp(value) ? localToUtc(value, zone) : value);

function moveTime(zone: TimeZone, value: TimeWithZone, now: Int): TimeWithZone {
  const offset = zone.offsetAt(unixSeconds(now));
  return new TimeWithZone(addToTime(value.micros, (offset - value.offset) * MICROS_PER_SECOND), offset);
}

function zoneOfInterval(span: Interval): TimeZone {
  if (span.months !== 0 || span.days !== 0) {
    throw invalidParameterValue('interval time zone must not include months or days');
  }
  return new TimeZone('interval', Math.trunc(Number(span.micros) / MICROS_PER_SECOND));
}

const atTimeZone: ScalarFunction[] = [
  define(
    'timezone',
    [text, timestamptz],
    timestamp,
    'What clocks in the zone show; written value AT TIME ZONE zone.',
    [["timestamptz '2001-02-16 20:38:40+00' AT TIME ZONE 'America/Denver'", '2001-02-16 13:38:40']],
    (zone: string, v: Int) => toLocal(zoneByName(zone), v),
  ),
  define(
    'timezone',
    [text, timestamp],
    timestamptz,
    'The moment when clocks in the zone show that; written value AT TIME ZONE zone.',
    [["(timestamp '2001-02-16 20:38:40' AT TIME ZONE 'America/Denver') = timestamptz '2001-02-17 03:38:40+00'", 't']],
    (zone: string, v: Int) => toUtc(zoneByName(zone), v),
  ),
  define(
    'timezone',
    [text, timetz],
    timetz,
    'The same time of day with the zone’s offset.',
    [["timetz '05:34:17+00' AT TIME ZONE 'UTC'", '05:34:17+00']],
    (c: EvalContext, zone: string, v: TimeWithZone) => moveTime(zoneByName(zone), v, c.transactionMicros),
    inSession,
  ),
  define(
    'timezone',
    [interval, timestamptz],
    timestamp,
    'What clocks with that offset show.',
    [["timestamptz '2001-02-16 20:38:40+00' AT TIME ZONE interval '-7 hours'", '2001-02-16 13:38:40']],
    (zone: Interval, v: Int) => toLocal(zoneOfInterval(zone), v),
  ),
  define(
    'timezone',
    [interval, timestamp],
    timestamptz,
    'The moment when clocks with that offset show that.',
    [
      [
        "(timestamp '2001-02-16 20:38:40' AT TIME ZONE interval '-7 hours') = timestamptz '2001-02-17 03:38:40+00'",
        't',
      ],
    ],
    (zone: Interval, v: Int) => toUtc(zoneOfInterval(zone), v),
  ),
  define(
    'timezone',
    [interval, timetz],
    timetz,
    'The same time of day with that offset.',
    [["timetz '05:34:17+00' AT TIME ZONE interval '1 hour'", '06:34:17+01']],
    (c: EvalContext, zone: Interval, v: TimeWithZone) => moveTime(zoneOfInterval(zone), v, c.transactionMicros),
    inSession,
  ),
];

// ------------------------------------------------------------------------------------------------------- OVERLAPS

/** (a, b) OVERLAPS (c, d): half-open periods, ends in any order; NULL as far as an end that is NULL matters. */
function overlaps(compare: (a: never, b: never) => number, a: Value, b: Value, c: Value, d: Value): boolean | null {
  const order = compare as (a: Value, b: Value) => number;
  const arrange = (x: Value, y: Value): readonly [Value, Value] =>
    x === null || (y !== null && order(x, y) > 0) ? [y, x] : [x, y];
  const [start1, end1] = arrange(a, b);
  const [start2, end2] = arrange(c, d);
  if (start1 === null || start2 === null) return null;
  const first = order(start1, start2);
  if (first === 0) return end1 === null || end2 === null ? null : true;
  const [end, later] = first > 0 ? [end2, start1] : [end1, start2];
  if (end === null) return null;
  if (order(later, end) < 0) return true;
  const otherEnd = first > 0 ? end1 : end2;
  return otherEnd === null ? null : false;
}

/** OVERLAPS where each period may be given by its length. */
function overlapFunctions(
  type: SqlType,
  sample: (clock: string) => string,
  add: ((c: EvalContext, start: never, span: Interval) => Value) | null,
): ScalarFunction[] {
  const doc = 'Whether two periods overlap; each is a start and an end or a length.';
  const shapes =
    add === null
      ? [[false, false] as const]
      : ([
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ] as const);
  return shapes.map(([firstIsSpan, secondIsSpan]) => {
    const end = (isSpan: boolean, clockTime: string) => (isSpan ? "interval '2 hours'" : sample(clockTime));
    const example = `(${sample('01:00')}, ${end(firstIsSpan, '03:00')}) OVERLAPS (${sample('02:00')}, ${end(secondIsSpan, '04:00')})`;
    const endOf = (c: EvalContext, isSpan: boolean, start: Value, given: Value): Value => {
      if (!isSpan || add === null) return given;
      return start === null || given === null ? null : add(c, start as never, given as Interval);
    };
    return define(
      'overlaps',
      [type, firstIsSpan ? interval : type, type, secondIsSpan ? interval : type],
      bool,
      doc,
      [[example, 't']],
      (c: EvalContext, a: Value, b: Value, d: Value, e: Value) =>
        overlaps(type.compare as never, a, endOf(c, firstIsSpan, a, b), d, endOf(c, secondIsSpan, d, e)),
      { strict: false, context: true, volatility: type === timestamptz ? 'stable' : 'immutable' },
    );
  });
}

const overlapping: ScalarFunction[] = [
  ...overlapFunctions(
    timestamp,
    (t) => `timestamp '2024-01-01 ${t}'`,
    (_, start, span) => addInterval(start, span),
  ),
  ...overlapFunctions(
    timestamptz,
    (t) => `timestamptz '2024-01-01 ${t}+00'`,
    (c, start, span) => addIntervalInZone(start, span, sessionZone(c.format)),
  ),
  ...overlapFunctions(
    time,
    (t) => `time '${t}'`,
    (_, start, span) => addToTime(start, span.micros),
  ),
  ...overlapFunctions(timetz, (t) => `timetz '${t}+00'`, null),
];

export const dateTimeFunctions: readonly ScalarFunction[] = [...clock, ...making, ...atTimeZone, ...overlapping];
