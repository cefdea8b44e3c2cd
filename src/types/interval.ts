/** The SQL type `interval`: binary form, and the modifier that says which fields are kept and how many digits of a second. */
import { invalidParameterValue } from '../base/errors.ts';
import { expectLength, putInt32, putInt64, readInt32, readInt64 } from './bytes.ts';
import { MICROS_PER_HOUR, MICROS_PER_MINUTE } from './calendar.ts';
import { type Int, subInt, truncModInt } from './int64.ts';
import { formatInterval } from './interval-format.ts';
import { parseInterval } from './interval-parse.ts';
import {
  compareIntervals,
  FULL_PRECISION,
  FULL_RANGE,
  Interval,
  IntervalField,
  intervalSpan,
  intervalTypmod,
  precisionOf,
  rangeOf,
} from './interval-value.ts';
import { MAX_PRECISION, roundMicros } from './time-precision.ts';
import type { SqlType } from './type.ts';

const { year, month, day, hour, minute, second } = IntervalField;

/** The field masks SQL can write, with their words. */
const rangeNames = new Map<number, string>([
  [year, ' year'],
  [month, ' month'],
  [day, ' day'],
  [hour, ' hour'],
  [minute, ' minute'],
  [second, ' second'],
  [year | month, ' year to month'],
  [day | hour, ' day to hour'],
  [day | hour | minute, ' day to minute'],
  [day | hour | minute | second, ' day to second'],
  [hour | minute, ' hour to minute'],
  [hour | minute | second, ' hour to second'],
  [minute | second, ' minute to second'],
  [FULL_RANGE, ''],
]);

/** Arguments are PostgreSQL's encoding of the fields and, if written, the precision. */
function parseTypmod(args: readonly number[]): number {
  const [range, precision = FULL_PRECISION] = args;
  if (range === undefined || args.length > 2) throw invalidParameterValue('invalid INTERVAL type modifier');
  if (!rangeNames.has(range)) throw invalidParameterValue('invalid INTERVAL type modifier');
  if (precision < 0) throw invalidParameterValue(`INTERVAL(${precision}) precision must not be negative`);
  if (args.length === 1) return range === FULL_RANGE ? -1 : intervalTypmod(range, FULL_PRECISION);
  return intervalTypmod(range, precision > MAX_PRECISION && precision !== FULL_PRECISION ? MAX_PRECISION : precision);
}

function formatTypmod(typmod: number): string {
  if (typmod < 0) return '';
  const precision = precisionOf(typmod);
  return (rangeNames.get(rangeOf(typmod)) ?? '') + (precision === FULL_PRECISION ? '' : `(${precision})`);
}

/** Fields finer than the last one named are cut off; coarser ones stay (`INTERVAL HOUR` keeps days). */
function applyTypmod(value: Interval, typmod: number): Interval {
  if (typmod < 0) return value;
  const cut = cutToRange(value, rangeOf(typmod));
  const precision = precisionOf(typmod);
  return precision >= MAX_PRECISION ? cut : new Interval(cut.months, cut.days, roundMicros(cut.micros, precision));
}

function cutToRange(value: Interval, range: number): Interval {
  if (range === FULL_RANGE || (range & second) !== 0) return value;
  if ((range & minute) !== 0) return new Interval(value.months, value.days, cutMicros(value.micros, MICROS_PER_MINUTE));
  if ((range & hour) !== 0) return new Interval(value.months, value.days, cutMicros(value.micros, MICROS_PER_HOUR));
  if ((range & day) !== 0) return new Interval(value.months, value.days, 0);
  if ((range & month) !== 0) return new Interval(value.months, 0, 0);
  return new Interval(value.months - (value.months % 12), 0, 0);
}

const cutMicros = (micros: Int, unit: number): Int => subInt(micros, truncModInt(micros, unit));

export const interval: SqlType = {
  oid: 1186,
  name: 'interval',
  displayName: 'interval',
  arrayOid: 1187,
  category: 'T',
  isPreferred: true,
  length: 16,
  column: 'value',
  parse: (text, settings) => parseInterval(text, settings),
  parseLiteral: (text, typmod, settings) =>
    applyTypmod(parseInterval(text, settings, typmod < 0 ? FULL_RANGE : rangeOf(typmod)), typmod),
  format: (value: Interval, settings) => formatInterval(value, settings.intervalStyle),
  readBinary(bytes, offset, length) {
    expectLength(length, 16);
    return new Interval(readInt32(bytes, offset + 12), readInt32(bytes, offset + 8), readInt64(bytes, offset));
  },
  writeBinary(value: Interval) {
    const bytes = new Uint8Array(16);
    putInt64(bytes, 0, value.micros);
    putInt32(bytes, 8, value.days);
    putInt32(bytes, 12, value.months);
    return bytes;
  },
  compare: compareIntervals,
  hashKey: intervalSpan,
  applyTypmod,
  formatTypmod,
  parseTypmod,
};
