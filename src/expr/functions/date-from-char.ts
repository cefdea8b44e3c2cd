/** to_date and to_timestamp: text read by a picture. Digits are taken as many as the field has, blanks and separators loosely. */
import { datetimeFieldOverflow, invalidDatetimeFormat } from '../../base/errors.ts';
import {
  dayOfTimestamp,
  daysFromCivil,
  daysInMonth,
  isoYearStart,
  JULIAN_EPOCH,
  MICROS_PER_SECOND,
  makeTimestamp,
} from '../../types/calendar.ts';
import type { Int } from '../../types/int64.ts';
import { addInt } from '../../types/int64.ts';
import { DAYS, MONTHS, type PictureField, type PicturePart, parsePicture, ROMAN_MONTHS } from './date-picture.ts';

/** What has been read so far. */
type Read = Map<
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'half'
  | 'minute'
  | 'second'
  | 'micros'
  | 'dayOfYear'
  | 'julian'
  | 'era'
  | 'isoYear'
  | 'isoWeek'
  | 'isoDay'
  | 'century'
  | 'week'
  | 'secondsOfDay'
  | 'offset'
  | 'offsetMinutes'
  | 'clock12',
  number
>;

export type ReadMoment = { readonly local: Int; readonly offset: number | null };

/** Widths of the numeric fields, and what each sets. */
const numeric: Readonly<Record<string, readonly [name: Parameters<Read['set']>[0], width: number]>> = {
  YYYY: ['year', 4],
  MM: ['month', 2],
  DD: ['day', 2],
  HH24: ['hour', 2],
  HH12: ['hour', 2],
  HH: ['hour', 2],
  MI: ['minute', 2],
  SS: ['second', 2],
  SSSS: ['secondsOfDay', 5],
  SSSSS: ['secondsOfDay', 5],
  DDD: ['dayOfYear', 3],
  J: ['julian', 10],
  IYYY: ['isoYear', 4],
  IW: ['isoWeek', 2],
  ID: ['isoDay', 1],
  CC: ['century', 2],
  WW: ['week', 2],
};

const invalid = (message: string, detail?: string) => invalidDatetimeFormat(message, { detail });

class Reader {
  readonly #text: string;
  readonly values: Read = new Map();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  /** A separator in the picture passes over one separator of the text, and blanks around it. */
  skipText(part: string): void {
    if (/^\s$/.test(part)) {
      this.skipSpace();
      return;
    }
    if (/^[^A-Za-z0-9]$/.test(part)) {
      this.skipSpace();
      if (/[^A-Za-z0-9\s]/.test(this.#text[this.#at] ?? 'x') && !this.#isSign()) this.#at++;
      return;
    }
    this.#at += part.length;
  }

  #isSign(): boolean {
    return this.#text[this.#at] === '-' && /\d/.test(this.#text[this.#at + 1] ?? '') && this.#at === 0;
  }

  read(field: PictureField, next: PicturePart | undefined): void {
    this.skipSpace();
    if (this.#at >= this.#text.length) return;
    const known = numeric[field.key];
    if (known !== undefined) {
      const digitsFollow = next?.kind === 'field' && /^(?:[YMDHSJIW]|CC|MI|US)/.test(next.key);
      this.values.set(known[0], this.#integer(field, field.compact || !digitsFollow ? 20 : known[1]));
      if (field.key === 'HH12' || field.key === 'HH') this.values.set('clock12', 1);
      return;
    }
    this.#readOther(field);
  }

  #integer(field: PictureField, width: number): number {
    const match = /^[+-]?\d+/.exec(this.#text.slice(this.#at, this.#at + width + 1));
    const digits = match?.[0].slice(0, /^[+-]/.test(match[0]) ? width + 1 : width);
    if (digits === undefined)
      throw invalid(
        `invalid value "${this.#text.slice(this.#at, this.#at + Math.min(width, 4))}" for "${field.spelling}"`,
        'Value must be an integer.',
      );
    this.#at += digits.length;
    if (field.ordinal !== '') this.#at += 2;
    return Number(digits);
  }

  #readOther(field: PictureField): void {
    const { key } = field;
    if (key === 'Y,YYY') {
      const match = /^(\d+),(\d{3})/.exec(this.#text.slice(this.#at));
      if (match === null) throw invalid('invalid input string for "Y,YYY"');
      this.#at += match[0].length;
      this.values.set('year', Number(match[1]) * 1000 + Number(match[2]));
    } else if (/^Y{1,3}$/.test(key)) this.#shortYear(field);
    else if (key === 'MS' || key === 'US' || key.startsWith('FF')) this.#fraction(field);
    else if (key === 'MONTH' || key === 'MON') this.values.set('month', this.#word(field, MONTHS, key === 'MON') + 1);
    else if (key === 'DAY' || key === 'DY') this.#word(field, DAYS, key === 'DY');
    else if (key === 'RM') this.values.set('month', this.#word(field, ROMAN_MONTHS, false) + 1);
    else if (/^[AP]\.?M/.test(key))
      this.values.set('half', this.#word(field, key.includes('.') ? ['A.M.', 'P.M.'] : ['AM', 'PM'], false));
    else if (/^(?:B\.?C|A\.?D)/.test(key))
      this.values.set('era', this.#word(field, key.includes('.') ? ['B.C.', 'A.D.'] : ['BC', 'AD'], false));
    else if (key === 'TZH' || key === 'TZM' || key === 'OF') this.#zone(field);
    else if (key === 'Q' || key === 'D' || key === 'W') this.#integer(field, 1);
  }

  /** Two and three digits stand for the year next to 2020. */
  #shortYear(field: PictureField): void {
    const before = this.#at;
    const year = this.#integer(field, field.key.length === 1 ? 1 : 4);
    const length = this.#at - before;
    if (length > 3) this.values.set('year', year);
    else if (length === 3) this.values.set('year', year < 520 ? year + 2000 : year + 1000);
    else this.values.set('year', length === 2 ? (year < 70 ? year + 2000 : year + 1900) : year + 2000);
  }

  #fraction(field: PictureField): void {
    const width = field.key === 'MS' ? 3 : field.key === 'US' ? 6 : Number(field.key[2]);
    const digits = /^\d+/.exec(this.#text.slice(this.#at, this.#at + width))?.[0] ?? '';
    this.#at += digits.length;
    this.values.set('micros', Number(digits.padEnd(6, '0')));
  }

  /** The index of the name the text goes on with. */
  #word(field: PictureField, names: readonly string[], isShort: boolean): number {
    const rest = this.#text.slice(this.#at).toLowerCase();
    const spelt = names.map((name) => (isShort ? name.slice(0, 3) : name).toLowerCase());
    let found = -1;
    spelt.forEach((name, i) => {
      if (rest.startsWith(name) && (found < 0 || name.length > (spelt[found] as string).length)) found = i;
    });
    if (found < 0) {
      const word = /^\S*/.exec(this.#text.slice(this.#at))?.[0] ?? '';
      throw invalid(
        `invalid value "${word}" for "${field.spelling}"`,
        'The given value did not match any of the allowed values for this field.',
      );
    }
    this.#at += (spelt[found] as string).length;
    return found;
  }

  #zone(field: PictureField): void {
    const match = /^([+-]?)(\d{1,2})(?::?(\d\d))?/.exec(this.#text.slice(this.#at));
    if (match === null) return;
    const isHours = field.key !== 'TZM';
    this.#at += field.key === 'OF' ? match[0].length : (match[1] as string).length + (match[2] as string).length;
    const sign = match[1] === '-' ? -1 : 1;
    this.values.set(isHours ? 'offset' : 'offsetMinutes', sign * Number(match[2]) * (isHours ? 3600 : 60));
    if (field.key === 'OF' && match[3] !== undefined) this.values.set('offsetMinutes', sign * Number(match[3]) * 60);
  }
}

const outOfRange = (text: string) => datetimeFieldOverflow(`date/time field value out of range: "${text}"`);

/** The local time that `text` says, and its offset if it says one. */
export function readByPicture(text: string, picture: string): ReadMoment {
  const reader = new Reader(text);
  const parts = parsePicture(picture);
  reader.skipSpace();
  parts.forEach((part, i) => {
    if (part.kind === 'text') reader.skipText(part.text);
    else reader.read(part, parts[i + 1]);
  });
  const { values } = reader;
  const offset = values.get('offset');
  return {
    local: addInt(makeTimestamp(dayOf(values, text), 0), timeOf(values, text)),
    offset: offset === undefined ? null : offset + (values.get('offsetMinutes') ?? 0),
  };
}

function dayOf(values: Read, text: string): number {
  const get = (name: Parameters<Read['get']>[0]) => values.get(name);
  const julian = get('julian');
  if (julian !== undefined) return julian - JULIAN_EPOCH;
  const isoYear = get('isoYear');
  if (isoYear !== undefined) return isoYearStart(isoYear) + ((get('isoWeek') ?? 1) - 1) * 7 + (get('isoDay') ?? 1) - 1;
  let year = get('year') ?? (get('century') === undefined ? 0 : ((get('century') as number) - 1) * 100 + 1);
  if (get('era') === 0 && year > 0) year = 1 - year;
  const dayOfYear = get('dayOfYear');
  if (dayOfYear !== undefined && get('month') === undefined) {
    if (dayOfYear < 1 || dayOfYear > 366) throw outOfRange(text);
    return daysFromCivil(year, 1, 1) + dayOfYear - 1;
  }
  const week = get('week');
  if (week !== undefined && get('month') === undefined) return daysFromCivil(year, 1, 1) + (week - 1) * 7;
  const month = get('month') ?? 1;
  const day = get('day') ?? 1;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw outOfRange(text);
  return daysFromCivil(year, month, day);
}

function timeOf(values: Read, text: string): number {
  const secondsOfDay = values.get('secondsOfDay');
  const half = values.get('half');
  let hour = values.get('hour') ?? 0;
  if (values.get('clock12') === 1 && (hour < 1 || hour > 12)) {
    throw invalidDatetimeFormat(`hour "${hour}" is invalid for the 12-hour clock`, {
      hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
    });
  }
  if (half !== undefined || values.get('clock12') === 1)
    hour = (hour % 12) + (half === 1 ? 12 : hour === 12 && half === undefined ? 0 : 0);
  const minute = values.get('minute') ?? 0;
  const second = values.get('second') ?? 0;
  if (hour > 23 || minute > 59 || second > 59) throw outOfRange(text);
  const whole = secondsOfDay ?? hour * 3600 + minute * 60 + second;
  return whole * MICROS_PER_SECOND + (values.get('micros') ?? 0);
}

export const dateByPicture = (text: string, picture: string): number =>
  dayOfTimestamp(readByPicture(text, picture).local);
