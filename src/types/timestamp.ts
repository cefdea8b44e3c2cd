/** timestamp and timestamptz: µs since 2000-01-01 (of no zone, and of UTC); the int64 extremes are ±infinity. */
import { datetimeFieldOverflow } from '../base/errors.ts';
import { expectLength, int64Bytes, readInt64 } from './bytes.ts';
import {
  isFiniteTimestamp,
  isValidTimestamp,
  MICROS_PER_SECOND,
  makeTimestamp,
  TIMESTAMP_INFINITY,
  TIMESTAMP_NEGATIVE_INFINITY,
  UNIX_EPOCH_MICROS,
} from './calendar.ts';
import { withDateTimeErrors } from './date-time-fields.ts';
import { formatOffset, formatTimestamp } from './date-time-format.ts';
import { readIso } from './date-time-iso.ts';
import { type DateTimeParts, parseDateTime, sessionZone } from './date-time-parse.ts';
import { addInt, compareInt, type Int } from './int64.ts';
import { formatPrecision, parsePrecision, roundMicros } from './time-precision.ts';
import { localToUtc, unixSeconds } from './time-zone.ts';
import type { FormatSettings, SqlType } from './type.ts';

export const timestampOutOfRange = () => datetimeFieldOverflow('timestamp out of range');

/** The value itself if it is a valid timestamp or infinite; 22008 otherwise. */
export function checkTimestamp(value: Int): Int {
  if (typeof value === 'bigint' && isFiniteTimestamp(value) && !isValidTimestamp(value)) throw timestampOutOfRange();
  return value;
}

/** The value of what was read; `local` turns the fields into microseconds. */
function timestampOf(parts: DateTimeParts, text: string, local: (value: Int, offset: number | undefined) => Int): Int {
  switch (parts.kind) {
    case 'epoch':
      return UNIX_EPOCH_MICROS;
    case 'infinity':
      return TIMESTAMP_INFINITY;
    case '-infinity':
      return TIMESTAMP_NEGATIVE_INFINITY;
    default: {
      const value = local(makeTimestamp(parts.days, parts.micros), parts.offset);
      if (!isValidTimestamp(value)) throw datetimeFieldOverflow(`timestamp out of range: "${text}"`);
      return value;
    }
  }
}

/** A zone in the text is read and ignored, as the standard has it. */
export function parseTimestamp(text: string, settings: FormatSettings): Int {
  const parts = readIso(text) ?? withDateTimeErrors(text, 'timestamp', () => parseDateTime(text, settings));
  return timestampOf(parts, text, (value) => value);
}

export function parseTimestamptz(text: string, settings: FormatSettings): Int {
  const parts =
    readIso(text) ?? withDateTimeErrors(text, 'timestamp with time zone', () => parseDateTime(text, settings));
  return timestampOf(parts, text, (value, offset) =>
    offset === undefined ? localToUtc(value, sessionZone(settings)) : addInt(value, -offset * MICROS_PER_SECOND),
  );
}

const formatInfinity = (value: Int): string => (value > 0 ? 'infinity' : '-infinity');

function formatTimestamptz(value: Int, settings: FormatSettings): string {
  if (!isFiniteTimestamp(value)) return formatInfinity(value);
  const zone = sessionZone(settings);
  if (zone.fixedOffset === 0) return formatTimestamp(value, '+00');
  const offset = zone.offsetAt(unixSeconds(value));
  return formatTimestamp(addInt(value, offset * MICROS_PER_SECOND), formatOffset(offset));
}

const applyPrecision = (value: Int, typmod: number): Int =>
  isFiniteTimestamp(value) ? checkTimestamp(roundMicros(value, typmod)) : value;

const shared = {
  category: 'D',
  length: 8,
  column: 'i64',
  readBinary(bytes: Uint8Array, offset: number, length: number): Int {
    expectLength(length, 8);
    return checkTimestamp(readInt64(bytes, offset));
  },
  writeBinary: (value: Int): Uint8Array => int64Bytes(value),
  compare: compareInt,
  hashKey: (value: Int): Int => value,
  applyTypmod: applyPrecision,
  formatTypmod: formatPrecision,
} as const;

export const timestamp: SqlType = {
  ...shared,
  oid: 1114,
  name: 'timestamp',
  displayName: 'timestamp without time zone',
  arrayOid: 1115,
  isPreferred: false,
  parse: parseTimestamp,
  format: (value: Int) => (isFiniteTimestamp(value) ? formatTimestamp(value, '') : formatInfinity(value)),
  parseTypmod: (args) => parsePrecision(args, 'TIMESTAMP', ''),
};

export const timestamptz: SqlType = {
  ...shared,
  oid: 1184,
  name: 'timestamptz',
  displayName: 'timestamp with time zone',
  arrayOid: 1185,
  isPreferred: true,
  parse: parseTimestamptz,
  format: formatTimestamptz,
  parseTypmod: (args) => parsePrecision(args, 'TIMESTAMP', ' WITH TIME ZONE'),
};
