/**
 * The first half of PostgreSQL's date and time input: cutting text into fields, each a word, a number, or something that by
 * its punctuation can only be a date, a time or a zone (ParseDateTime in datetime.c). Also the words and the errors.
 */
import { datetimeFieldOverflow, invalidDatetimeFormat, SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import { isSpace } from './spaces.ts';

export type FieldKind = 'number' | 'string' | 'date' | 'time' | 'zone' | 'special';
export type Field = { readonly kind: FieldKind; text: string };

/** Why text is no date, time or interval; `DateTimeError` turns into the user's message once the type is known. */
export type DateTimeProblem = 'format' | 'overflow' | 'month-day-overflow' | 'interval-overflow' | 'zone-overflow';

export class DateTimeError extends Error {
  readonly problem: DateTimeProblem;

  constructor(problem: DateTimeProblem) {
    super(problem);
    this.problem = problem;
  }
}

export const badFormat = () => new DateTimeError('format');
export const fieldOverflow = () => new DateTimeError('overflow');

/** Runs a parser; a DateTimeError becomes the SqlError that PostgreSQL words for `typeName`. */
export function withDateTimeErrors<T>(text: string, typeName: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DateTimeError) throw userError(error.problem, text, typeName);
    throw error;
  }
}

function userError(problem: DateTimeProblem, text: string, typeName: string): SqlError {
  switch (problem) {
    case 'overflow':
      return datetimeFieldOverflow(`date/time field value out of range: "${text}"`);
    case 'month-day-overflow':
      return datetimeFieldOverflow(`date/time field value out of range: "${text}"`, {
        hint: 'Perhaps you need a different "datestyle" setting.',
      });
    case 'interval-overflow':
      return new SqlError(SqlState.intervalFieldOverflow, `interval field value out of range: "${text}"`);
    case 'zone-overflow':
      return new SqlError(SqlState.invalidTimeZoneDisplacementValue, `time zone displacement out of range: "${text}"`);
    default:
      return invalidDatetimeFormat(`invalid input syntax for type ${typeName}: "${text}"`);
  }
}

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const isAlpha = (c: string | undefined): boolean =>
  c !== undefined && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
const isPunctuation = (c: string): boolean => /[!-/:-@[-`{-~]/.test(c);

const MAX_FIELDS = 25;

export function splitFields(text: string): Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text[at] as string;
    if (isSpace(c)) {
      at++;
      continue;
    }
    const start = at;
    let kind: FieldKind | null = null;
    if (isDigit(c)) [kind, at] = scanNumber(text, at);
    else if (c === '.') {
      kind = 'number';
      at = skip(text, at + 1, /\d/);
    } else if (isAlpha(c)) [kind, at] = scanWord(text, at);
    else if (c === '+' || c === '-') {
      const field = scanSigned(text, at);
      at = field.end;
      fields.push(field);
    } else if (isPunctuation(c)) at++;
    else throw badFormat();
    if (kind !== null) fields.push({ kind, text: text.slice(start, at).toLowerCase() });
    if (fields.length > MAX_FIELDS) throw badFormat();
  }
  return fields;
}

function skip(text: string, from: number, class_: RegExp): number {
  let at = from;
  while (at < text.length && class_.test(text[at] as string)) at++;
  return at;
}

/** A field that begins with a digit: time with a colon, date with - / or . between, else a number. */
function scanNumber(text: string, from: number): [FieldKind, number] {
  let at = skip(text, from, /\d/);
  const delimiter = text[at];
  if (delimiter === ':') return ['time', skip(text, at, /[\d:.]/)];
  if (delimiter !== '-' && delimiter !== '/' && delimiter !== '.') return ['number', at];
  at++;
  const inDate = (c: string): boolean => c === delimiter || isDigit(c) || isAlpha(c);
  if (!isDigit(text[at])) {
    while (at < text.length && inDate(text[at] as string)) at++;
    return ['date', at];
  }
  at = skip(text, at, /\d/);
  if (text[at] !== delimiter) return [delimiter === '.' ? 'number' : 'date', at];
  at++;
  while (at < text.length && (isDigit(text[at]) || text[at] === delimiter)) at++;
  return ['date', at];
}

/** A word; with punctuation inside, a date (`Jan-5-2024`) or the name of a zone (`America/New_York`). */
function scanWord(text: string, from: number): [FieldKind, number] {
  const at = skip(text, from, /[A-Za-z]/);
  const c = text[at];
  let isDate = c === '-' || c === '/' || c === '.';
  if (c === '+' || isDigit(c)) isDate = findWord(text.slice(from, at).toLowerCase()) === undefined;
  return isDate ? ['date', skip(text, at, /[-+/_.:0-9A-Za-z]/)] : ['string', at];
}

function scanSigned(text: string, from: number): Field & { end: number } {
  let at = from + 1;
  while (isSpace(text[at])) at++;
  const sign = text[from] as string;
  if (isDigit(text[at])) {
    const end = skip(text, at, /[\d:.-]/);
    return { kind: 'zone', text: sign + text.slice(at, end), end };
  }
  if (!isAlpha(text[at])) throw badFormat();
  const end = skip(text, at, /[A-Za-z]/);
  return { kind: 'special', text: sign + text.slice(at, end).toLowerCase(), end };
}

// ----------------------------------------------------------------------------------------------------------- words

export type SpecialValue = 'now' | 'today' | 'tomorrow' | 'yesterday' | 'epoch' | 'infinity' | '-infinity' | 'zulu';

export type Word =
  | { readonly kind: 'month' | 'weekday'; readonly value: number }
  | { readonly kind: 'special'; readonly value: SpecialValue }
  | { readonly kind: 'am' | 'pm' | 'ad' | 'bc' | 'ignore' | 'julian' | 'iso-time' | 'daylight' | 'unit' };

const words = new Map<string, Word>();

/** Words are told apart by their first ten letters. */
export const findWord = (lowerWord: string): Word | undefined => words.get(lowerWord.slice(0, 10));

function defineWords(kind: 'month' | 'weekday', first: number, spellings: readonly string[]): void {
  spellings.forEach((names, i) => {
    for (const name of names.split(' ')) words.set(name, { kind, value: first + i });
  });
}

defineWords('month', 1, [
  'jan january',
  'feb february',
  'mar march',
  'apr april',
  'may',
  'jun june',
  'jul july',
  'aug august',
  'sep sept september',
  'oct october',
  'nov november',
  'dec december',
]);
defineWords('weekday', 0, [
  'sun sunday',
  'mon monday',
  'tue tues tuesday',
  'wed weds wednesday',
  'thu thur thurs thursday',
  'fri friday',
  'sat saturday',
]);
for (const kind of ['am', 'pm', 'ad', 'bc'] as const) words.set(kind, { kind });
for (const name of ['at', 'on']) words.set(name, { kind: 'ignore' });
for (const name of ['j', 'jd', 'julian']) words.set(name, { kind: 'julian' });
for (const value of ['now', 'today', 'tomorrow', 'yesterday', 'epoch', 'infinity', '-infinity'] as const) {
  words.set(value, { kind: 'special', value });
}
words.set('allballs', { kind: 'special', value: 'zulu' });
words.set('t', { kind: 'iso-time' });
words.set('dst', { kind: 'daylight' });
// Known so that `3h4m` falls into four fields; in a date they mean nothing.
for (const name of ['y', 'm', 'mm', 'd', 'h', 's', 'dow', 'doy', 'isodow', 'isoyear'])
  words.set(name, { kind: 'unit' });

// --------------------------------------------------------------------------------------------------- small readers

/** The fraction `.5`, `.` or nothing in microseconds, rounded half to even as C's rint does. */
export function fractionMicros(fraction: string): number {
  if (fraction === '' || fraction === '.') return 0;
  return roundHalfEven(Number(fraction) * 1_000_000);
}

export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor + 0;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor + 0 : floor + 1;
}

export type TimeOfDay = {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
};

/** `h:m`, `h:m:s`, `h:m:s.f`, or `m:s.f`. `minuteToSecond`: two parts are minutes and seconds. Hours have no upper limit here. */
export function readTime(text: string, minuteToSecond = false): TimeOfDay {
  const match = /^(\d+):(\d*)(?::(\d*))?(\.\d*)?$/.exec(text);
  if (match === null) throw badFormat();
  const first = Number(match[1]);
  const second = Number(match[2]);
  const micros = fractionMicros(match[4] ?? '');
  const shifted = match[3] === undefined && (match[4] !== undefined || minuteToSecond);
  const time = shifted
    ? { hour: 0, minute: first, second, micros }
    : { hour: first, minute: second, second: Number(match[3] ?? 0), micros };
  if (time.minute > 59 || time.second > 60 || !Number.isSafeInteger(time.hour)) throw fieldOverflow();
  return time;
}

const MAX_ZONE_HOURS = 15;

/** `+5`, `-08:30`, `+0530`, `-05:30:15`: seconds east of Greenwich. */
export function readZoneOffset(text: string): number {
  const match = /^([+-])([+-]?\d+)(?::(\d*)(?::(\d*))?)?/.exec(text);
  if (match === null) throw badFormat();
  let hours = Number(match[2]);
  let minutes = Number(match[3] ?? 0);
  const seconds = Number(match[4] ?? 0);
  if (match[3] === undefined && match[0].length === text.length && text.length > 3) {
    minutes = hours % 100;
    hours = Math.floor(hours / 100);
  }
  if (hours < 0 || hours > MAX_ZONE_HOURS || minutes > 59 || seconds > 59) throw new DateTimeError('zone-overflow');
  if (match[0].length < text.length) throw badFormat();
  const size = hours * 3600 + minutes * 60 + seconds;
  return match[1] === '-' ? 0 - size : size;
}
