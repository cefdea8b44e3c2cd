/** Random dates, times and intervals: reading every form, printing, zones, extract, date_trunc, date_bin, age, casts. */
import type { Random } from '../../../src/base/random.ts';
import { MICROS_PER_DAY, makeTimestamp } from '../../../src/types/calendar.ts';
import { castBetween } from '../../../src/types/casts.ts';
import { date } from '../../../src/types/date.ts';
import * as extract from '../../../src/types/date-time-extract.ts';
import {
  ageOfTimestamps,
  binTimestamp,
  findTruncateUnit,
  truncateInterval,
  truncateTimestamp,
  truncateTimestamptz,
} from '../../../src/types/date-time-truncate.ts';
import { addInt, type Int } from '../../../src/types/int64.ts';
import { interval } from '../../../src/types/interval.ts';
import { FULL_PRECISION, Interval, IntervalField, intervalTypmod } from '../../../src/types/interval-value.ts';
import { formatNumeric, type Numeric } from '../../../src/types/numeric.ts';
import { type TimeWithZone, time, timetz } from '../../../src/types/time.ts';
import { findTimeZone, type TimeZone } from '../../../src/types/time-zone.ts';
import { timestamp, timestamptz } from '../../../src/types/timestamp.ts';
import { defaultFormat, type FormatSettings, type SqlType } from '../../../src/types/type.ts';
import { type Case, quote } from './oracle.ts';

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)] as T;
const pad = (n: number, width = 2): string => `${n}`.padStart(width, '0');

const months = 'January February March April May June July August September October November December'.split(' ');

/** A literal in one of the many forms, valid or nearly so. */
function randomLiteral(random: Random): string {
  const year = random.below(4) === 0 ? 1 + random.below(9999) : 1900 + random.below(200);
  const month = 1 + random.below(random.below(20) === 0 ? 13 : 12);
  const day = 1 + random.below(random.below(10) === 0 ? 32 : 28);
  const name = pick(random, [months[(month - 1) % 12] as string, (months[(month - 1) % 12] as string).slice(0, 3)]);
  const y = pad(year, 4);
  const dateText = pick(random, [
    `${y}-${pad(month)}-${pad(day)}`,
    `${y}-${month}-${day}`,
    `${y}/${month}/${day}`,
    `${month}/${day}/${y}`,
    `${month}-${day}-${pad(year % 100)}`,
    `${day}.${month}.${y}`,
    `${name} ${day}, ${y}`,
    `${day} ${name} ${y}`,
    `${day}-${name}-${y}`,
    `${y}-${name}-${day}`,
    `${name}-${day}-${y}`,
    `${y}${pad(month)}${pad(day)}`,
    `${pad(year % 100)}${pad(month)}${pad(day)}`,
    `${y}.${pad(1 + random.below(366), 3)}`,
    `J${2400000 + random.below(100000)}`,
    `${pick(random, ['Mon', 'tuesday', 'Sat'])} ${name} ${day} ${y}`,
  ]);
  const era = random.below(12) === 0 ? pick(random, [' BC', ' AD', ' bc']) : '';
  if (random.below(4) === 0) return dateText + era;
  return `${dateText}${pick(random, [' ', ' ', ' ', 'T', '  '])}${randomTime(random)}${era}`;
}

const zones = [
  'Z',
  '+00',
  '-08',
  '+05:30',
  '-0330',
  '+02:00:15',
  ' PST',
  ' CEST',
  ' America/New_York',
  ' Europe/Berlin',
  ' utc',
];

function randomTime(random: Random): string {
  const hour = random.below(random.below(15) === 0 ? 26 : 24);
  const minute = random.below(60);
  const second = random.below(random.below(15) === 0 ? 62 : 60);
  const fraction = random.below(2) === 0 ? '' : `.${random.below(10 ** (1 + random.below(7)))}`;
  const twelve = 1 + (hour % 12);
  const text = pick(random, [
    `${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}`,
    `${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}`,
    `${hour}:${pad(minute)}`,
    `${pad(hour)}${pad(minute)}${pad(second)}${fraction}`,
    `${twelve}:${pad(minute)}:${pad(second)} ${pick(random, ['AM', 'pm'])}`,
  ]);
  return random.below(2) === 0 ? text : text + pick(random, zones);
}

const read = (type: SqlType, text: string, settings: FormatSettings): string =>
  type.format(type.parse(text, settings), settings);

export function literals(random: Random, settings: FormatSettings, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const text = randomLiteral(random);
    for (const type of [date, timestamp, timestamptz]) {
      cases.push({ sql: `${quote(text)}::${type.name}`, ours: () => read(type, text, settings) });
    }
    const clock = randomTime(random);
    cases.push({ sql: `${quote(clock)}::time`, ours: () => read(time, clock, settings) });
    if (!/[A-Za-z]{4}/.test(clock))
      cases.push({ sql: `${quote(clock)}::timetz`, ours: () => read(timetz, clock, settings) });
  }
  return cases;
}

/** Strings that are odd, at an edge, or wrong. */
export function oddLiterals(settings: FormatSettings): Case[] {
  const texts = [
    ...['epoch', 'infinity', '-infinity', '', ' ', 'x', '2024', '2024-13-01', '2024-02-30', '0000-01-01', '13/13/2024'],
    ...[
      '4714-11-24 BC',
      '4714-11-23 BC',
      '294276-12-31 23:59:59.999999',
      '294277-01-01',
      '5874897-12-31',
      '5874898-01-01',
    ],
    ...['2024-01-05 24:00:00', '2024-01-05 24:00:01', '2024-01-05 23:59:60', '2024-01-05 10:00:00.9999999', '99-1-1'],
    ...[
      '2024-01-05 10:00 Foo/Bar',
      '2024-01-05 10:00 XYZ',
      '2024-01-05 10:00+16',
      '2024-01-05 10:00+15:59',
      '20240105T101530',
    ],
    ...[
      '20240105 101530.5',
      '2024-01-05T10:15:30Z',
      '2024-01-05 13:00 PM',
      '2024-01-05 00:30 AM',
      '2024-01-05 10:00 2024',
    ],
    ...[
      'Jan 5',
      '5 Jan',
      'January 8, 1999 10:00',
      '1999-Jan-08',
      '08-Jan-1999',
      '990108',
      '1999.008',
      'J2451187',
      '1/8/1999',
    ],
    ...[
      '2024-01-05 at 10:00',
      '2024-01-05 10:00 EST DST',
      '2024-01-05 10:00 MET DST',
      '2024-01-05 10:00:00 -08',
      'J2451187.5',
    ],
    ...['2024-01-05 10:00:00+05:30', '2024-01-05 allballs', '10:00', '2024-01-05 10', 'julian 2451187', 'J2451187 -08'],
    ...[
      '2024-1-5 1:2:3',
      '2024-01-05 1:2',
      '2024-01-05 :1',
      '2024--01-05',
      '-2024-01-05',
      '2024-01-05 10:60',
      '12024-01-05',
    ],
    ...[
      'Fri Jan 05 10:00:00 2024 PST',
      'Fri Jan 05 10:00:00.5 2024',
      '2024-01-05 10:00:00 UTC+3',
      '2024-01-05 10:00 <+03>-3',
    ],
  ];
  return texts.flatMap((text) =>
    [date, timestamp, timestamptz, time].map(
      (type): Case => ({
        sql: `${quote(text)}::${type.name}`,
        ours: () => read(type, text, settings),
      }),
    ),
  );
}

// --------------------------------------------------------------------------------------------------------- values

function randomTimestamp(random: Random): Int {
  const range = pick(random, [100, 12000, 40000, 700000, 2000000]);
  const days = random.below(2 * range) - range;
  const micros = pick(random, [0, random.below(86400) * 1e6, Math.floor(random.next() * MICROS_PER_DAY)]);
  return makeTimestamp(days, micros);
}

const inUtc = (value: Int): string => `timestamptz ${quote(timestamptz.format(value, defaultFormat))}`;
const local = (value: Int): string => `timestamp ${quote(timestamp.format(value, defaultFormat))}`;

/** Timestamps of the zone's last century, so that its clock changes come. */
export function zoneText(random: Random, settings: FormatSettings, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const value = makeTimestamp(random.below(24000) - 12000, Math.floor(random.next() * MICROS_PER_DAY));
    cases.push({ sql: inUtc(value), ours: () => timestamptz.format(value, settings) });
    const text = timestamp.format(value, settings);
    cases.push({ sql: `timestamptz ${quote(text)}`, ours: () => read(timestamptz, text, settings) });
  }
  return cases;
}

/** Every quarter of an hour around the two clock changes of a year. */
export function clockChanges(settings: FormatSettings, days: readonly string[]): Case[] {
  return days.flatMap((day) =>
    Array.from({ length: 96 }, (_, i): Case => {
      const text = `${day} ${pad(Math.floor(i / 4))}:${pad((i % 4) * 15)}`;
      return { sql: `timestamptz ${quote(text)}`, ours: () => read(timestamptz, text, settings) };
    }),
  );
}

const fields = (
  'microseconds milliseconds second minute hour day week month quarter year decade century millennium dow isodow doy epoch ' +
  'julian isoyear timezone timezone_hour timezone_minute'
).split(' ');

const shown = (value: Numeric | null): string | null => (value === null ? null : formatNumeric(value));

export function extracts(random: Random, settings: FormatSettings, count: number): Case[] {
  const zone = findTimeZone(settings.timeZone) as TimeZone;
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const value = randomTimestamp(random);
    const span = randomInterval(random);
    for (const field of fields) {
      const find = (typeName: string) => extract.findExtractField(field, typeName);
      cases.push({
        sql: `extract(${field} from ${local(value)})`,
        ours: () => shown(extract.extractFromTimestamp(find('timestamp without time zone'), value)),
      });
      cases.push({
        sql: `extract(${field} from ${inUtc(value)})`,
        ours: () => shown(extract.extractFromTimestamptz(find('timestamp with time zone'), value, zone)),
      });
      if (i % 8 !== 0) continue;
      const day = castBetween(timestamp, date)?.convert(value, settings) as number;
      cases.push({
        sql: `extract(${field} from ${local(value)}::date)`,
        ours: () => shown(extract.extractFromDate(find('date'), day)),
      });
      const clock = castBetween(timestamp, time)?.convert(value, settings) as number;
      cases.push({
        sql: `extract(${field} from ${local(value)}::time)`,
        ours: () => shown(extract.extractFromTime(find('time without time zone'), clock)),
      });
      cases.push({
        sql: `extract(${field} from interval ${quote(interval.format(span, defaultFormat))})`,
        ours: () => shown(extract.extractFromInterval(find('interval'), span)),
        only15: field === 'week' || field === 'quarter',
      });
    }
  }
  return cases;
}

export function truncations(random: Random, settings: FormatSettings, count: number): Case[] {
  const zone = findTimeZone(settings.timeZone) as TimeZone;
  const units =
    'microseconds milliseconds second minute hour day week month quarter year decade century millennium'.split(' ');
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const value = randomTimestamp(random);
    const other = randomTimestamp(random);
    const span = randomInterval(random);
    for (const word of units) {
      const unit = findTruncateUnit(word, 'interval');
      cases.push({
        sql: `date_trunc('${word}', ${local(value)})`,
        ours: () => timestamp.format(truncateTimestamp(unit, value), settings),
      });
      cases.push({
        sql: `date_trunc('${word}', ${inUtc(value)})`,
        ours: () => timestamptz.format(truncateTimestamptz(unit, value, zone), settings),
      });
      cases.push({
        sql: `date_trunc('${word}', interval ${quote(interval.format(span, defaultFormat))})`,
        ours: () => interval.format(truncateInterval(unit, span), settings),
      });
    }
    cases.push({
      sql: `age(${local(value)}, ${local(other)})`,
      ours: () => interval.format(ageOfTimestamps(value, other), settings),
    });
    const stride = new Interval(0, random.below(10), 1 + random.below(1e9));
    cases.push({
      sql: `date_bin(interval ${quote(interval.format(stride, defaultFormat))}, ${local(value)}, ${local(other)})`,
      ours: () => timestamp.format(binTimestamp(stride, value, other), settings),
    });
  }
  return cases;
}

// ------------------------------------------------------------------------------------------------------ intervals

function randomInterval(random: Random): Interval {
  const part = (size: number): number => (random.below(3) === 0 ? 0 : random.below(2 * size) - size);
  const micros = addInt(part(30) * 3_600_000_000, addInt(part(3_600_000_000), 0));
  return new Interval(part(40), part(60), micros);
}

export const intervalStyles = ['postgres', 'postgres_verbose', 'sql_standard', 'iso_8601'] as const;

export function intervalTexts(random: Random, settings: FormatSettings, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const value = randomInterval(random);
    // Written in any style and read in the session's, because the sign rules of sql_standard differ.
    const text = interval.format(value, { ...defaultFormat, intervalStyle: pick(random, intervalStyles) });
    cases.push({ sql: `interval ${quote(text)}`, ours: () => read(interval, text, settings) });
    const phrase = randomPhrase(random);
    cases.push({ sql: `interval ${quote(phrase)}`, ours: () => read(interval, phrase, settings) });
  }
  return cases;
}

function randomPhrase(random: Random): string {
  const units = 'us ms s sec min m h hours day d week w mon month y years decade century millennium'.split(' ');
  const number = (): string =>
    `${pick(random, ['', '', '-', '+'])}${random.below(50)}${random.below(3) === 0 ? `.${random.below(1000)}` : ''}`;
  const parts = Array.from(
    { length: 1 + random.below(3) },
    () => `${number()}${pick(random, ['', ' '])}${pick(random, units)}`,
  );
  if (random.below(3) === 0)
    parts.push(`${random.below(50)}:${pad(random.below(60))}:${pad(random.below(60))}.${random.below(1000)}`);
  if (random.below(5) === 0) parts.push('ago');
  return parts.join(' ');
}

/** Between bars: at the edges of what is an interval, and past them. */
const ODD_INTERVALS =
  '1|1.5|-1|1-2|-1-2|1-13|1 2:03|1 2:03:04|-1 2:03:04|1-2 3 4:05:06|1 +02:03|1 -02:03|P1Y2M3DT4H5M6S|P1Y|' +
  'PT1.5H|P-1Y|P0001-02-03T04:05:06|P00010203T040506|P1W|PT|P|P1.5Y|P1.5M|P1Y2|PT1H2|P1H|PT1Y|P1-2|PT04:05|' +
  '1 day 1 day|1 day ago 2|ago||day|1 foo|@ 1 day ago|1:2|1:2:3|1:2.5|1:60|25:00:61|100000000:00:00|' +
  '2147483647 months|2147483648 months|178956970 years|178956971 years|-2147483648 days|' +
  '9223372036854775807 us|9223372036854775808 us|1e5 days|1.1.1 day|0.5 month|1.75 years|0.1 century|' +
  '1.5 week|1.23456789 days|3.000000499 s|1 qtr|1 quarter|2 d 3h4m5s|1 microsecond|5 milliseconds|' +
  '1 millisecond 5 microseconds|1.5 s 1 ms|1 millennium|1 mil|1 c|1 dec';

export function oddIntervals(settings: FormatSettings): Case[] {
  return ODD_INTERVALS.split('|').map(
    (text): Case => ({
      sql: `interval ${quote(text)}`,
      ours: () => read(interval, text, settings),
      only15: text === '1 day ago 2', // Later versions want ago at the end.
    }),
  );
}

export function intervalModifiers(settings: FormatSettings): Case[] {
  const { year, month, day, hour, minute, second } = IntervalField;
  const ranges = [
    ['year', year],
    ['month', month],
    ['day', day],
    ['hour', hour],
    ['minute', minute],
    ['second', second],
    ['year to month', year | month],
    ['day to hour', day | hour],
    ['day to minute', day | hour | minute],
    ['day to second', day | hour | minute | second],
    ['hour to minute', hour | minute],
    ['hour to second', hour | minute | second],
    ['minute to second', minute | second],
  ] as const;
  const texts = [
    '5',
    '1-2',
    '1 2',
    '1 2:03',
    '1 2:03:04',
    '10:20',
    '1.5',
    '1 day 2:03:04.56789',
    '1 year 2 mons 3 days 04:05:06.789',
  ];
  return ranges.flatMap(([words, range]) =>
    texts.map(
      (text): Case => ({
        sql: `interval ${quote(text)} ${words}`,
        ours: () => {
          const typmod = intervalTypmod(range, FULL_PRECISION);
          return interval.format(interval.parseLiteral?.(text, typmod, settings) ?? null, settings);
        },
      }),
    ),
  );
}

// ---------------------------------------------------------------------------------------------------------- casts

export function dateTimeCasts(random: Random, settings: FormatSettings, count: number): Case[] {
  const types = [date, time, timetz, timestamp, timestamptz, interval];
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const value = i === 0 ? timestamp.parse('infinity', settings) : randomTimestamp(random);
    for (const from of types) {
      const source =
        castBetween(timestamp, from)?.convert(value as Int, settings) ?? (from === timestamp ? value : null);
      if (source === null || source === undefined) continue;
      const text = from.format(source as TimeWithZone, settings);
      for (const to of types) {
        const cast = castBetween(from, to);
        if (cast === undefined) continue;
        cases.push({
          sql: `${quote(text)}::${from.name}::${to.name}`,
          ours: () => {
            const result = cast.convert(from.parse(text, settings), settings);
            return result === null ? null : to.format(result, settings);
          },
        });
      }
    }
  }
  return cases;
}

export function precisions(random: Random, settings: FormatSettings, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const value = randomTimestamp(random);
    const precision = random.below(7);
    for (const type of [timestamp, timestamptz] as const) {
      cases.push({
        sql: `${quote(timestamp.format(value, settings))}::${type.name}(${precision})`,
        ours: () => {
          const parsed = type.parse(timestamp.format(value, settings), settings);
          return type.format(type.applyTypmod?.(parsed, precision, true) ?? null, settings);
        },
      });
    }
  }
  return cases;
}
