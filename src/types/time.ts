/** time: microseconds since midnight, 24:00:00 included. timetz: the same with an offset. */
import { datetimeFieldOverflow } from '../base/errors.ts';
import { expectLength, int64Bytes, putInt32, putInt64, readInt32, readInt64 } from './bytes.ts';
import { dayOfTimestamp, MICROS_PER_DAY, MICROS_PER_SECOND, makeTimestamp } from './calendar.ts';
import { withDateTimeErrors } from './date-time-fields.ts';
import { formatOffset, formatTime } from './date-time-format.ts';
import { currentTimestamp, parseTimeOnly, sessionZone } from './date-time-parse.ts';
import { formatPrecision, parsePrecision, roundMicros } from './time-precision.ts';
import { unixSeconds, utcToLocal } from './time-zone.ts';
import type { FormatSettings, SqlType } from './type.ts';

function checkTime(micros: number): number {
  if (micros < 0 || micros > MICROS_PER_DAY) throw datetimeFieldOverflow('time out of range');
  return micros;
}

export const time: SqlType = {
  oid: 1083,
  name: 'time',
  displayName: 'time without time zone',
  arrayOid: 1183,
  category: 'D',
  isPreferred: false,
  length: 8,
  column: 'i64',
  parse: (text, settings) => withDateTimeErrors(text, 'time', () => parseTimeOnly(text, settings).micros),
  format: (value: number) => formatTime(value),
  readBinary(bytes, offset, length) {
    expectLength(length, 8);
    return checkTime(Number(readInt64(bytes, offset)));
  },
  writeBinary: (value: number) => int64Bytes(value),
  compare: (a: number, b: number) => a - b,
  hashKey: (value) => value,
  applyTypmod: (value: number, typmod) => roundMicros(value, typmod),
  formatTypmod: formatPrecision,
  parseTypmod: (args) => parsePrecision(args, 'TIME', ''),
};

/** A time of day in a place `offset` seconds east of Greenwich. */
export class TimeWithZone {
  readonly micros: number;
  readonly offset: number;

  constructor(micros: number, offset: number) {
    this.micros = micros;
    this.offset = offset;
  }
}

function parseTimeWithZone(text: string, settings: FormatSettings): TimeWithZone {
  const { micros, offset } = withDateTimeErrors(text, 'time with time zone', () => parseTimeOnly(text, settings));
  return new TimeWithZone(micros, offset ?? sessionOffset(micros, settings));
}

/** The session's offset at that time of today. */
export function sessionOffset(micros: number, settings: FormatSettings): number {
  const zone = sessionZone(settings);
  const today = dayOfTimestamp(utcToLocal(currentTimestamp(settings), zone));
  return zone.offsetOfLocal(unixSeconds(makeTimestamp(today, micros)));
}

/** Earlier in absolute time first; at the same moment the more eastern first. */
function compareTimesWithZone(a: TimeWithZone, b: TimeWithZone): number {
  const difference = a.micros - b.micros - (a.offset - b.offset) * MICROS_PER_SECOND;
  return difference !== 0 ? difference : b.offset - a.offset;
}

export const timetz: SqlType = {
  oid: 1266,
  name: 'timetz',
  displayName: 'time with time zone',
  arrayOid: 1270,
  category: 'D',
  isPreferred: false,
  length: 12,
  column: 'value',
  parse: parseTimeWithZone,
  format: (value: TimeWithZone) => formatTime(value.micros) + formatOffset(value.offset),
  readBinary(bytes, offset, length) {
    expectLength(length, 12);
    const micros = checkTime(Number(readInt64(bytes, offset)));
    const west = readInt32(bytes, offset + 8);
    if (Math.abs(west) >= 16 * 3600) throw datetimeFieldOverflow('time zone displacement out of range');
    return new TimeWithZone(micros, 0 - west);
  },
  writeBinary(value: TimeWithZone) {
    const bytes = new Uint8Array(12);
    putInt64(bytes, 0, value.micros);
    putInt32(bytes, 8, -value.offset); // The wire counts west.
    return bytes;
  },
  compare: compareTimesWithZone,
  hashKey: (value: TimeWithZone) => `${value.micros}${formatOffset(value.offset)}`,
  applyTypmod: (value: TimeWithZone, typmod) =>
    typmod < 0 ? value : new TimeWithZone(Number(roundMicros(value.micros, typmod)), value.offset),
  formatTypmod: formatPrecision,
  parseTypmod: (args) => parsePrecision(args, 'TIME', ' WITH TIME ZONE'),
};
