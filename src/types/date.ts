/** date: days since 2000-01-01; the int32 extremes are ±infinity. */
import { datetimeFieldOverflow } from '../base/errors.ts';
import { expectLength, int32Bytes, readInt32 } from './bytes.ts';
import {
  DATE_INFINITY,
  DATE_NEGATIVE_INFINITY,
  END_DATE,
  isFiniteDate,
  MIN_DATE,
  UNIX_EPOCH_DAYS,
} from './calendar.ts';
import { withDateTimeErrors } from './date-time-fields.ts';
import { formatDate } from './date-time-format.ts';
import { readIso } from './date-time-iso.ts';
import { parseDateTime } from './date-time-parse.ts';
import type { FormatSettings, SqlType } from './type.ts';

export const isValidDate = (days: number): boolean => days >= MIN_DATE && days < END_DATE;

function parseDate(text: string, settings: FormatSettings): number {
  const parts = readIso(text) ?? withDateTimeErrors(text, 'date', () => parseDateTime(text, settings));
  switch (parts.kind) {
    case 'epoch':
      return UNIX_EPOCH_DAYS;
    case 'infinity':
      return DATE_INFINITY;
    case '-infinity':
      return DATE_NEGATIVE_INFINITY;
    default:
      if (!isValidDate(parts.days)) throw datetimeFieldOverflow(`date out of range: "${text}"`);
      return parts.days;
  }
}

export const date: SqlType = {
  oid: 1082,
  name: 'date',
  displayName: 'date',
  arrayOid: 1182,
  category: 'D',
  isPreferred: false,
  length: 4,
  column: 'i32',
  parse: parseDate,
  format(value: number) {
    if (isFiniteDate(value)) return formatDate(value);
    return value === DATE_INFINITY ? 'infinity' : '-infinity';
  },
  readBinary(bytes, offset, length) {
    expectLength(length, 4);
    const value = readInt32(bytes, offset);
    if (isFiniteDate(value) && !isValidDate(value)) throw datetimeFieldOverflow('date out of range');
    return value;
  },
  writeBinary: (value: number) => int32Bytes(value),
  compare: (a: number, b: number) => a - b,
  hashKey: (value) => value,
};
