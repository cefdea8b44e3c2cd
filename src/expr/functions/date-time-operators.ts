/** + - * / and comparisons of date, time, timestamp and interval. */
import { MICROS_PER_SECOND } from '../../types/calendar.ts';
import { date } from '../../types/date.ts';
import { dateToTimestamp, dateToTimestamptz, timestampToTimestamptz } from '../../types/date-time-casts.ts';
import { sessionZone } from '../../types/date-time-parse.ts';
import { float8 } from '../../types/float.ts';
import { addInt, compareInt, type Int, negateInt } from '../../types/int64.ts';
import { int4 } from '../../types/integer.ts';
import { interval } from '../../types/interval.ts';
import { Interval } from '../../types/interval-value.ts';
import { type TimeWithZone, time, timetz } from '../../types/time.ts';
import type { TimeZone } from '../../types/time-zone.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import type { EvalContext } from '../context.ts';
import { comparisonsOf } from './comparison.ts';
import {
  addDays,
  addInterval,
  addIntervalInZone,
  addIntervals,
  addToTime,
  addToTimeWithZone,
  divideInterval,
  multiplyInterval,
  negateInterval,
  subtractDates,
  subtractIntervals,
  subtractTimestamps,
  timestampOf,
} from './date-time-arithmetic.ts';
import { define, type Inline, type InlineArgument, type ScalarFunction } from './define.ts';

const inSession = { volatility: 'stable', context: true } as const;

const zoneOf = (context: EvalContext): TimeZone => sessionZone(context.format);

/** A span without months and days, safe to add as a number. The bounds keep far from where timestamps end. */
const addSpanInline =
  (op: '+' | '-') =>
  ({ value: t }: InlineArgument, { value: i }: InlineArgument): Inline => ({
    value: `${t} ${op} ${i}.micros`,
    unless: (r) => `${i}.months !== 0 || ${i}.days !== 0 || !(${r} <= 9007199254740991 && ${r} >= -9007199254740991)`,
  });

const dates: ScalarFunction[] = [
  define('+', [date, int4], date, 'So many days later.', [["date '2001-09-28' + 7", '2001-10-05']], addDays),
  define(
    '+',
    [int4, date],
    date,
    'So many days later.',
    [["7 + date '2001-09-28'", '2001-10-05']],
    (n: number, d: number) => addDays(d, n),
  ),
  define(
    '-',
    [date, int4],
    date,
    'So many days earlier.',
    [["date '2001-10-01' - 7", '2001-09-24']],
    (d: number, n: number) => addDays(d, -n),
  ),
  define(
    '-',
    [date, date],
    int4,
    'Number of days between.',
    [["date '2001-10-01' - date '2001-09-28'", '3']],
    subtractDates,
  ),
  define(
    '+',
    [date, interval],
    timestamp,
    'The moment a span after midnight of the date.',
    [["date '2001-09-28' + interval '1 hour'", '2001-09-28 01:00:00']],
    (d: number, i: Interval) => addInterval(dateToTimestamp(d), i),
  ),
  define(
    '+',
    [interval, date],
    timestamp,
    'The moment a span after midnight of the date.',
    [["interval '1 hour' + date '2001-09-28'", '2001-09-28 01:00:00']],
    (i: Interval, d: number) => addInterval(dateToTimestamp(d), i),
  ),
  define(
    '-',
    [date, interval],
    timestamp,
    'The moment a span before midnight of the date.',
    [["date '2001-09-28' - interval '1 hour'", '2001-09-27 23:00:00']],
    (d: number, i: Interval) => addInterval(dateToTimestamp(d), negateInterval(i)),
  ),
  define(
    '+',
    [date, time],
    timestamp,
    'That time on that date.',
    [["date '2001-09-28' + time '03:00'", '2001-09-28 03:00:00']],
    timestampOf,
  ),
  define(
    '+',
    [time, date],
    timestamp,
    'That time on that date.',
    [["time '03:00' + date '2001-09-28'", '2001-09-28 03:00:00']],
    (t: number, d: number) => timestampOf(d, t),
  ),
  define(
    '+',
    [date, timetz],
    timestamptz,
    'That time on that date.',
    [["date '2001-09-28' + timetz '03:00+00' = timestamptz '2001-09-28 03:00+00'", 't']],
    (d: number, t: TimeWithZone) => addInt(timestampOf(d, t.micros), -t.offset * MICROS_PER_SECOND),
  ),
];

const timestamps: ScalarFunction[] = [
  define(
    '+',
    [timestamp, interval],
    timestamp,
    'The moment a span later.',
    [["timestamp '2001-01-31 01:00' + interval '1 month'", '2001-02-28 01:00:00']],
    addInterval,
    { inline: addSpanInline('+') },
  ),
  define(
    '+',
    [interval, timestamp],
    timestamp,
    'The moment a span later.',
    [["interval '1 day' + timestamp '2001-09-28 01:00'", '2001-09-29 01:00:00']],
    (i: Interval, t: Int) => addInterval(t, i),
  ),
  define(
    '-',
    [timestamp, interval],
    timestamp,
    'The moment a span earlier.',
    [["timestamp '2001-09-28 23:00' - interval '23 hours'", '2001-09-28 00:00:00']],
    (t: Int, i: Interval) => addInterval(t, negateInterval(i)),
    { inline: addSpanInline('-') },
  ),
  define(
    '-',
    [timestamp, timestamp],
    interval,
    'The time between, in days and hours.',
    [["timestamp '2001-09-29 03:00' - timestamp '2001-07-27 12:00'", '63 days 15:00:00']],
    subtractTimestamps,
  ),
  define(
    '+',
    [timestamptz, interval],
    timestamptz,
    'The moment a span later; days and months count in the session’s zone.',
    [["timestamptz '2001-09-28 01:00+00' + interval '1 hour' = timestamptz '2001-09-28 02:00+00'", 't']],
    (context: EvalContext, t: Int, i: Interval) => addIntervalInZone(t, i, zoneOf(context)),
    { ...inSession, inline: addSpanInline('+') },
  ),
  define(
    '+',
    [interval, timestamptz],
    timestamptz,
    'The moment a span later; days and months count in the session’s zone.',
    [["interval '1 hour' + timestamptz '2001-09-28 01:00+00' = timestamptz '2001-09-28 02:00+00'", 't']],
    (context: EvalContext, i: Interval, t: Int) => addIntervalInZone(t, i, zoneOf(context)),
    inSession,
  ),
  define(
    '-',
    [timestamptz, interval],
    timestamptz,
    'The moment a span earlier; days and months count in the session’s zone.',
    [["timestamptz '2001-09-28 01:00+00' - interval '1 hour' = timestamptz '2001-09-28 00:00+00'", 't']],
    (context: EvalContext, t: Int, i: Interval) => addIntervalInZone(t, negateInterval(i), zoneOf(context)),
    { ...inSession, inline: addSpanInline('-') },
  ),
  define(
    '-',
    [timestamptz, timestamptz],
    interval,
    'The time between, in days and hours.',
    [["timestamptz '2001-09-29 03:00+00' - timestamptz '2001-09-28 02:00+00'", '1 day 01:00:00']],
    subtractTimestamps,
  ),
];

const times: ScalarFunction[] = [
  define(
    '+',
    [time, interval],
    time,
    'The time of day a span later.',
    [["time '23:00' + interval '3 hours'", '02:00:00']],
    (t: number, i: Interval) => addToTime(t, i.micros),
  ),
  define(
    '+',
    [interval, time],
    time,
    'The time of day a span later.',
    [["interval '3 hours' + time '01:00'", '04:00:00']],
    (i: Interval, t: number) => addToTime(t, i.micros),
  ),
  define(
    '-',
    [time, interval],
    time,
    'The time of day a span earlier.',
    [["time '05:00' - interval '2 hours'", '03:00:00']],
    (t: number, i: Interval) => addToTime(t, negateInt(i.micros)),
  ),
  define(
    '-',
    [time, time],
    interval,
    'The time between.',
    [["time '05:00' - time '03:00'", '02:00:00']],
    (a: number, b: number) => new Interval(0, 0, a - b),
  ),
  define(
    '+',
    [timetz, interval],
    timetz,
    'The time of day a span later.',
    [["timetz '23:00+01' + interval '3 hours'", '02:00:00+01']],
    (t: TimeWithZone, i: Interval) => addToTimeWithZone(t, i.micros),
  ),
  define(
    '+',
    [interval, timetz],
    timetz,
    'The time of day a span later.',
    [["interval '3 hours' + timetz '23:00+01'", '02:00:00+01']],
    (i: Interval, t: TimeWithZone) => addToTimeWithZone(t, i.micros),
  ),
  define(
    '-',
    [timetz, interval],
    timetz,
    'The time of day a span earlier.',
    [["timetz '05:00+01' - interval '2 hours'", '03:00:00+01']],
    (t: TimeWithZone, i: Interval) => addToTimeWithZone(t, negateInt(i.micros)),
  ),
];

const intervals: ScalarFunction[] = [
  define(
    '+',
    [interval, interval],
    interval,
    'Both spans, part by part.',
    [["interval '1 day' + interval '1 hour'", '1 day 01:00:00']],
    addIntervals,
  ),
  define(
    '-',
    [interval, interval],
    interval,
    'The difference, part by part.',
    [["interval '1 day' - interval '1 hour'", '1 day -01:00:00']],
    subtractIntervals,
  ),
  define('-', [interval], interval, 'The span backwards.', [["- interval '23 hours'", '-23:00:00']], negateInterval),
  define(
    '*',
    [interval, float8],
    interval,
    'The span so many times.',
    [["interval '1 day' * 3.5", '3 days 12:00:00']],
    multiplyInterval,
  ),
  define(
    '*',
    [float8, interval],
    interval,
    'The span so many times.',
    [["900 * interval '1 second'", '00:15:00']],
    (f: number, i: Interval) => multiplyInterval(i, f),
  ),
  define(
    '/',
    [interval, float8],
    interval,
    'The span divided.',
    [["interval '1 hour' / 1.5", '00:40:00']],
    divideInterval,
  ),
];

const same = (type: typeof date, low: string, high: string) =>
  comparisonsOf({ left: type, right: type, sample: [`${type.name} '${low}'`, `${type.name} '${high}'`] });

const withinFamily: ScalarFunction[] = [
  ...same(date, '2024-01-01', '2024-01-02'),
  ...same(time, '01:00', '02:00'),
  ...same(timetz, '01:00+00', '02:00+00'),
  ...same(timestamp, '2024-01-01 01:00', '2024-01-01 02:00'),
  ...same(timestamptz, '2024-01-01 01:00+00', '2024-01-01 02:00+00'),
  ...same(interval, '1 hour', '2 hours'),
];

const low = "date '2024-01-01'";
const high = "timestamp '2024-01-02 01:00'";
const highZone = "timestamptz '2024-01-03 01:00+00'";

/** Comparisons across types; those with timestamptz read the other side in the session's zone. */
const across: ScalarFunction[] = [
  ...comparisonsOf({
    left: date,
    right: timestamp,
    sample: [low, high],
    compare: (d: number, t: Int) => compareInt(dateToTimestamp(d), t),
  }),
  ...comparisonsOf({
    left: timestamp,
    right: date,
    sample: ["timestamp '2023-01-02 01:00'", low],
    compare: (t: Int, d: number) => compareInt(t, dateToTimestamp(d)),
  }),
  ...inZone(
    comparisonsOf({ left: date, right: timestamptz, sample: [low, highZone], compare: compareInt }),
    (c, d: number, t: Int) => [dateToTimestamptz(d, zoneOf(c)), t],
  ),
  ...inZone(
    comparisonsOf({
      left: timestamptz,
      right: date,
      sample: ["timestamptz '2023-01-02 01:00+00'", low],
      compare: compareInt,
    }),
    (c, t: Int, d: number) => [t, dateToTimestamptz(d, zoneOf(c))],
  ),
  ...inZone(
    comparisonsOf({ left: timestamp, right: timestamptz, sample: [high, highZone], compare: compareInt }),
    (c, a: Int, b: Int) => [timestampToTimestamptz(a, zoneOf(c)), b],
  ),
  ...inZone(
    comparisonsOf({
      left: timestamptz,
      right: timestamp,
      sample: ["timestamptz '2023-01-03 01:00+00'", high],
      compare: compareInt,
    }),
    (c, a: Int, b: Int) => [a, timestampToTimestamptz(b, zoneOf(c))],
  ),
];

/** The same functions over operands that `bring` has made timestamptz. */
function inZone(
  fns: readonly ScalarFunction[],
  bring: (context: EvalContext, a: never, b: never) => readonly [Int, Int],
): ScalarFunction[] {
  return fns.map((fn) => {
    const compare = fn.eval as (a: Int, b: Int) => boolean;
    return {
      ...fn,
      ...inSession,
      eval: (context: EvalContext, a: never, b: never) => compare(...bring(context, a, b)),
    };
  });
}

export const dateTimeOperators: readonly ScalarFunction[] = [
  ...dates,
  ...timestamps,
  ...times,
  ...intervals,
  ...withinFamily,
  ...across,
];
