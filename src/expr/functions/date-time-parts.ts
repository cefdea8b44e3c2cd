/** extract, date_part, date_trunc, date_bin, age, justify_*, isfinite: what dates and times consist of. */
import { bool } from '../../types/boolean.ts';
import { dayOfTimestamp, isFiniteDate, isFiniteTimestamp, makeTimestamp } from '../../types/calendar.ts';
import { date } from '../../types/date.ts';
import { dateToTimestamp } from '../../types/date-time-casts.ts';
import {
  type ExtractField,
  extractFromDate,
  extractFromInterval,
  extractFromTime,
  extractFromTimestamp,
  extractFromTimestamptz,
  extractFromTimetz,
  findExtractField,
} from '../../types/date-time-extract.ts';
import { sessionZone } from '../../types/date-time-parse.ts';
import {
  ageOfTimestamps,
  binTimestamp,
  findTruncateUnit,
  type TruncateUnit,
  truncateInterval,
  truncateTimestamp,
  truncateTimestamptz,
} from '../../types/date-time-truncate.ts';
import { float8 } from '../../types/float.ts';
import type { Int } from '../../types/int64.ts';
import { interval } from '../../types/interval.ts';
import type { Interval } from '../../types/interval-value.ts';
import { type Numeric, numericToDouble } from '../../types/numeric.ts';
import { numeric } from '../../types/numeric-type.ts';
import { text } from '../../types/text.ts';
import { time, timetz } from '../../types/time.ts';
import { type TimeZone, utcToLocal } from '../../types/time-zone.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { justifyDays, justifyHours, justifyInterval } from './date-time-arithmetic.ts';
import { define, type ScalarFunction } from './define.ts';
import { PatternCache } from './like.ts';
import { zoneByName } from './zones.ts';

const inSession = { volatility: 'stable', context: true } as const;

/** Words for units recur row after row: looked up once per type. */
const fieldsOf = (type: SqlType) => new PatternCache<ExtractField>((word) => findExtractField(word, type.displayName));
const unitsOf = (type: SqlType) => new PatternCache<TruncateUnit>((word) => findTruncateUnit(word, type.displayName));

// -------------------------------------------------------------------------------------------- extract and date_part

type Source = {
  readonly type: SqlType;
  readonly extract: (field: ExtractField, value: never, zone: TimeZone) => Numeric | null;
  readonly sample: string;
  readonly field: string;
  readonly result: string;
  readonly part: string;
};

const sources: readonly Source[] = [
  {
    type: timestamp,
    extract: extractFromTimestamp,
    sample: "timestamp '2001-02-16 20:38:40.12'",
    field: 'second',
    result: '40.120000',
    part: '40.12',
  },
  { type: date, extract: extractFromDate, sample: "date '2001-02-16'", field: 'doy', result: '47', part: '47' },
  { type: time, extract: extractFromTime, sample: "time '20:38:40'", field: 'hour', result: '20', part: '20' },
  {
    type: timetz,
    extract: extractFromTimetz,
    sample: "timetz '20:38:40+02'",
    field: 'timezone_hour',
    result: '2',
    part: '2',
  },
  {
    type: interval,
    extract: extractFromInterval,
    sample: "interval '2 months 3 days'",
    field: 'month',
    result: '2',
    part: '2',
  },
  {
    type: timestamptz,
    extract: extractFromTimestamptz,
    sample: "timestamptz '2001-02-16 20:38:40+00'",
    field: 'epoch',
    result: '982355920.000000',
    part: '982355920',
  },
];

const timestampFields = fieldsOf(timestamp);
const toDouble = (value: Numeric | null): number | null => (value === null ? null : numericToDouble(value));

const extracts: ScalarFunction[] = sources.flatMap((source): ScalarFunction[] => {
  const { type, sample, field } = source;
  const fields = fieldsOf(type);
  const examples = [[`extract(${field} FROM ${sample})`, source.result]] as const;
  const parts = [[`date_part('${field}', ${sample})`, source.part]] as const;
  const doc = 'A field of the value, such as year, doy, epoch, second.';
  const partDoc = 'A field of the value as a float; extract gives it exactly.';
  if (type === timestamptz) {
    const run = (context: EvalContext, word: string, value: Int) =>
      extractFromTimestamptz(fields.get(word), value, sessionZone(context.format));
    return [
      define('extract', [text, type], numeric, doc, examples, run, inSession),
      define(
        'date_part',
        [text, type],
        float8,
        partDoc,
        parts,
        (c: EvalContext, w: string, v: Int) => toDouble(run(c, w, v)),
        inSession,
      ),
    ];
  }
  const extract = source.extract as (field: ExtractField, value: unknown) => Numeric | null;
  const run = (word: string, value: unknown) => extract(fields.get(word), value);
  // Of a date, date_part looks at midnight, which has hours too.
  const part =
    type === date
      ? (word: string, days: number) => toDouble(extractFromTimestamp(timestampFields.get(word), dateToTimestamp(days)))
      : (word: string, value: unknown) => toDouble(run(word, value));
  return [
    define('extract', [text, type], numeric, doc, examples, run),
    define('date_part', [text, type], float8, partDoc, parts, part),
  ];
});

// ------------------------------------------------------------------------------------------- date_trunc, date_bin

const timestampUnits = unitsOf(timestamp);
const timestamptzUnits = unitsOf(timestamptz);
const intervalUnits = unitsOf(interval);

const truncations: ScalarFunction[] = [
  define(
    'date_trunc',
    [text, timestamp],
    timestamp,
    'Cut to a unit such as hour or week.',
    [["date_trunc('hour', timestamp '2001-02-16 20:38:40')", '2001-02-16 20:00:00']],
    (word: string, value: Int) => truncateTimestamp(timestampUnits.get(word), value),
  ),
  define(
    'date_trunc',
    [text, timestamptz],
    timestamptz,
    'Cut to a unit as clocks in the session’s zone show it.',
    [["date_trunc('hour', timestamptz '2001-02-16 20:38:40+00') = timestamptz '2001-02-16 20:00+00'", 't']],
    (context: EvalContext, word: string, value: Int) =>
      truncateTimestamptz(timestamptzUnits.get(word), value, sessionZone(context.format)),
    inSession,
  ),
  define(
    'date_trunc',
    [text, timestamptz, text],
    timestamptz,
    'Cut to a unit as clocks in a zone show it.',
    [
      [
        "date_trunc('day', timestamptz '2001-02-16 20:38:40+00', 'Australia/Sydney') = timestamptz '2001-02-16 13:00+00'",
        't',
      ],
    ],
    (word: string, value: Int, zone: string) =>
      truncateTimestamptz(timestamptzUnits.get(word), value, zoneByName(zone)),
  ),
  define(
    'date_trunc',
    [text, interval],
    interval,
    'Cut to a unit.',
    [["date_trunc('hour', interval '2 days 3 hours 40 minutes')", '2 days 03:00:00']],
    (word: string, value: Interval) => truncateInterval(intervalUnits.get(word), value),
  ),
  ...[timestamp, timestamptz].map((type) =>
    define(
      'date_bin',
      [interval, type, type],
      type,
      'The start of the bin of that length, counted from an origin, that the moment is in.',
      [
        [
          `date_bin('15 minutes', ${type.name} '2020-02-11 15:44:17+00', ${type.name} '2001-01-01 00:02:30+00') = ${type.name} '2020-02-11 15:32:30+00'`,
          't',
        ],
      ],
      binTimestamp,
    ),
  ),
];

// ------------------------------------------------------------------------------------------------ age and the rest

/** Midnight of the current day, as a local timestamp. */
function today(context: EvalContext): Int {
  const local = utcToLocal(context.transactionMicros, sessionZone(context.format));
  return makeTimestamp(dayOfTimestamp(local), 0);
}

const localIn = (context: EvalContext, value: Int): Int =>
  isFiniteTimestamp(value) ? utcToLocal(value, sessionZone(context.format)) : value;

const ages: ScalarFunction[] = [
  define(
    'age',
    [timestamp, timestamp],
    interval,
    'Years, months and days between, on the calendar.',
    [["age(timestamp '2001-04-10', timestamp '1957-06-13')", '43 years 9 mons 27 days']],
    ageOfTimestamps,
  ),
  define(
    'age',
    [timestamptz, timestamptz],
    interval,
    'Years, months and days between, on the calendar of the session’s zone.',
    [["age(timestamptz '2001-04-10 00:00+00', timestamptz '2001-04-08 23:00+00')", '1 day 01:00:00']],
    (c: EvalContext, a: Int, b: Int) => ageOfTimestamps(localIn(c, a), localIn(c, b)),
    inSession,
  ),
  define(
    'age',
    [timestamp],
    interval,
    'Years, months and days up to midnight of the current day.',
    [['age(current_date::timestamp)', '00:00:00']],
    (c: EvalContext, a: Int) => ageOfTimestamps(today(c), a),
    inSession,
  ),
  define(
    'age',
    [timestamptz],
    interval,
    'Years, months and days up to midnight of the current day.',
    [['age(current_date::timestamptz)', '00:00:00']],
    (c: EvalContext, a: Int) => ageOfTimestamps(today(c), localIn(c, a)),
    inSession,
  ),
];

const others: ScalarFunction[] = [
  define(
    'justify_days',
    [interval],
    interval,
    'Every 30 days made a month.',
    [["justify_days(interval '35 days')", '1 mon 5 days']],
    justifyDays,
  ),
  define(
    'justify_hours',
    [interval],
    interval,
    'Every 24 hours made a day.',
    [["justify_hours(interval '27 hours')", '1 day 03:00:00']],
    justifyHours,
  ),
  define(
    'justify_interval',
    [interval],
    interval,
    'Days and hours carried over, with signs that agree.',
    [["justify_interval(interval '1 mon -1 hour')", '29 days 23:00:00']],
    justifyInterval,
  ),
  define(
    'isfinite',
    [date],
    bool,
    'Whether the date is not infinity.',
    [["isfinite(date 'infinity')", 'f']],
    isFiniteDate,
  ),
  define(
    'isfinite',
    [timestamp],
    bool,
    'Whether the moment is not infinity.',
    [["isfinite(timestamp '2001-02-16')", 't']],
    isFiniteTimestamp,
  ),
  define(
    'isfinite',
    [timestamptz],
    bool,
    'Whether the moment is not infinity.',
    [["isfinite(timestamptz '-infinity')", 'f']],
    isFiniteTimestamp,
  ),
  define(
    'isfinite',
    [interval],
    bool,
    'Always true: there are no infinite intervals.',
    [["isfinite(interval '4 hours')", 't']],
    () => true,
  ),
];

export const dateTimeParts: readonly ScalarFunction[] = [...extracts, ...truncations, ...ages, ...others];
