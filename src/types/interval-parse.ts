/**
 * interval from text: PostgreSQL's own form (`1 day 2 hours ago`, `1-2 3 4:05:06`, DecodeInterval) and ISO 8601
 * (`P1DT2H`, `P0001-02-03T04:05:06`).
 */
import { MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND } from './calendar.ts';
import {
  badFormat,
  DateTimeError,
  type Field,
  fieldOverflow,
  readTime,
  roundHalfEven,
  splitFields,
  withDateTimeErrors,
} from './date-time-fields.ts';
import { addInt, fitsInt64, type Int, mulInt, negateInt, toInt } from './int64.ts';
import { FULL_RANGE, type Interval, IntervalField, makeInterval } from './interval-value.ts';
import type { FormatSettings } from './type.ts';

export type Unit =
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year'
  | 'decade'
  | 'century'
  | 'millennium';

const units = new Map<string, Unit | 'ago'>();
const defineUnit = (unit: Unit, names: string): void => {
  for (const name of names.split(' ')) units.set(name, unit);
};
defineUnit('microsecond', 'us usec usecond useconds usecs microsecon');
defineUnit('millisecond', 'ms msec msecond mseconds msecs millisecon');
defineUnit('second', 's sec second seconds secs');
defineUnit('minute', 'm min mins minute minutes');
defineUnit('hour', 'h hour hours hr hrs');
defineUnit('day', 'd day days');
defineUnit('week', 'w week weeks');
defineUnit('month', 'mon mons month months');
defineUnit('quarter', 'qtr quarter');
defineUnit('year', 'y year years yr yrs');
defineUnit('decade', 'dec decade decades decs');
defineUnit('century', 'c cent centuries century');
defineUnit('millennium', 'mil millennia millennium mils');
units.set('ago', 'ago');

/** The unit a word names (told by its first ten letters, singular or plural), for intervals and date_part alike. */
export function findUnit(lowerWord: string): Unit | undefined {
  const unit = units.get(lowerWord.slice(0, 10));
  return unit === 'ago' ? undefined : unit;
}

const overflow = () => new DateTimeError('interval-overflow');

/** Adds up parts, checking each step as PostgreSQL does. */
class Sum {
  years = 0;
  months = 0;
  days = 0;
  micros: Int = 0;

  addMonths(value: Int): void {
    this.months = checked32(addInt(this.months, value));
  }

  addDays(value: Int): void {
    this.days = checked32(addInt(this.days, value));
  }

  addMicros(value: Int): void {
    this.micros = addInt(this.micros, value);
    if (!fitsInt64(this.micros)) throw overflow();
  }

  /** `fraction` (below 1 in size) of `scale` microseconds. */
  addFractionMicros(fraction: number, scale: number): void {
    const product = fraction * scale;
    const whole = Math.trunc(product);
    const rest = product - whole;
    this.addMicros(whole + (rest > 0.5 ? 1 : rest < -0.5 ? -1 : 0));
  }

  addFractionDays(fraction: number, scale: number): void {
    const product = fraction * scale;
    const whole = Math.trunc(product);
    this.addDays(whole + 0);
    this.addFractionMicros(product - whole, MICROS_PER_DAY);
  }

  addUnit(unit: Unit, whole: Int, fraction: number): void {
    switch (unit) {
      case 'microsecond':
        this.#addTime(whole, fraction, 1);
        return;
      case 'millisecond':
        this.#addTime(whole, fraction, 1000);
        return;
      case 'second':
        this.#addTime(whole, fraction, MICROS_PER_SECOND);
        return;
      case 'minute':
        this.#addTime(whole, fraction, MICROS_PER_MINUTE);
        return;
      case 'hour':
        this.#addTime(whole, fraction, MICROS_PER_HOUR);
        return;
      case 'day':
        this.addDays(whole);
        this.addFractionMicros(fraction, MICROS_PER_DAY);
        return;
      case 'week':
        this.addDays(mulInt(whole, 7));
        this.addFractionDays(fraction, 7);
        return;
      case 'month':
        this.addMonths(whole);
        this.addFractionDays(fraction, 30);
        return;
      case 'year':
        this.#addYears(whole, fraction, 1);
        return;
      case 'decade':
        this.#addYears(whole, fraction, 10);
        return;
      case 'century':
        this.#addYears(whole, fraction, 100);
        return;
      case 'millennium':
        this.#addYears(whole, fraction, 1000);
        return;
      default:
        throw badFormat();
    }
  }

  #addTime(whole: Int, fraction: number, scale: number): void {
    this.addMicros(mulInt(whole, scale));
    this.addFractionMicros(fraction, scale);
  }

  #addYears(whole: Int, fraction: number, scale: number): void {
    this.years = checked32(addInt(this.years, mulInt(whole, scale)));
    this.addMonths(roundHalfEven(fraction * scale * 12));
  }

  negate(): void {
    this.years = checked32(-this.years);
    this.months = checked32(-this.months);
    this.days = checked32(-this.days);
    this.micros = negateInt(this.micros);
    if (!fitsInt64(this.micros)) throw overflow();
  }

  value(): Interval {
    return makeInterval(this.years * 12 + this.months, this.days, this.micros);
  }
}

function checked32(value: Int): number {
  if (typeof value === 'bigint' || value < -0x80000000 || value > 0x7fffffff) throw overflow();
  return value + 0;
}

/** `range` is the field mask of the type (`INTERVAL MINUTE`): it says what a bare number counts. */
export function parseInterval(text: string, settings: FormatSettings, range: number = FULL_RANGE): Interval {
  return withDateTimeErrors(text, 'interval', () => {
    try {
      return readFields(splitFields(text), range, settings.intervalStyle === 'sql_standard');
    } catch (error) {
      if (!(error instanceof DateTimeError)) throw error;
      if (error.problem === 'overflow') throw overflow();
      if (error.problem !== 'format') throw error;
      return readIso(text);
    }
  });
}

// ------------------------------------------------------------------------------------------------ PostgreSQL's form

/** Bits for "this unit was given", to refuse it twice. Seconds with a fraction cover milli- and microseconds too. */
const unitBits = new Map<Unit, number>(
  (
    [
      'microsecond',
      'millisecond',
      'second',
      'minute',
      'hour',
      'day',
      'week',
      'month',
      'year',
      'decade',
      'century',
      'millennium',
    ] as const
  ).map((unit, i) => [unit, 1 << i]),
);
const TIME_BITS = 0b11111;
const ALL_SECONDS = 0b111;

function readFields(fields: readonly Field[], range: number, sqlStandard: boolean): Interval {
  const sum = new Sum();
  const signs = fields.slice(1).some((field) => /^[+-]/.test(field.text));
  // In the SQL standard's form a leading minus is the sign of everything.
  const negateAll = sqlStandard && fields[0]?.text.startsWith('-') === true && !signs;
  let unit: Unit | null = null;
  let have = 0;
  let isAgo = false;
  for (let i = fields.length - 1; i >= 0; i--) {
    const field = fields[i] as Field;
    let filled = 0;
    if (field.kind === 'string' || field.kind === 'special') {
      const word = units.get(field.text.slice(0, 10));
      if (word === undefined) throw badFormat();
      if (word === 'ago') isAgo = true;
      else unit = word as Unit;
    } else if (field.kind === 'time' || (field.kind === 'zone' && field.text.includes(':'))) {
      addClock(sum, field.text, range, negateAll);
      filled = TIME_BITS;
      unit = 'day';
    } else {
      unit ??= rightmostUnit(range);
      filled = addNumber(sum, field.text, unit, negateAll);
      if (field.text.indexOf('-', 1) > 0) unit = 'month';
      else if (unit === 'hour') unit = 'day';
    }
    if ((filled & have) !== 0) throw badFormat();
    have |= filled;
  }
  if (have === 0) throw badFormat();
  if (isAgo) sum.negate();
  return sum.value();
}

function addClock(sum: Sum, text: string, range: number, negateAll: boolean): void {
  const signed = /^[+-]/.test(text);
  const { hour, minute, second, micros } = readTime(
    signed ? text.slice(1) : text,
    range === (IntervalField.minute | IntervalField.second),
  );
  const total = addInt(mulInt(hour, MICROS_PER_HOUR), minute * MICROS_PER_MINUTE + second * MICROS_PER_SECOND + micros);
  sum.addMicros(text.startsWith('-') || negateAll ? negateInt(total) : total);
}

/** What the rightmost bare number counts. */
function rightmostUnit(range: number): Unit {
  if (range === FULL_RANGE) return 'second';
  if ((range & IntervalField.second) !== 0) return 'second';
  if ((range & IntervalField.minute) !== 0) return 'minute';
  if ((range & IntervalField.hour) !== 0) return 'hour';
  if ((range & IntervalField.day) !== 0) return 'day';
  if ((range & IntervalField.month) !== 0) return 'month';
  return (range & IntervalField.year) !== 0 ? 'year' : 'second';
}

function addNumber(sum: Sum, text: string, unit: Unit, negateAll: boolean): number {
  const match = /^([+-]?)(\d+)(?:(-)(\d*)|(\.\d*))?$/.exec(text);
  if (match === null) throw badFormat();
  const negative = match[1] === '-' || negateAll;
  const size = toInt(BigInt(match[2] as string));
  if (!fitsInt64(size)) throw fieldOverflow();
  if (match[3] !== undefined) {
    const months = Number(match[4]);
    if (months >= 12) throw fieldOverflow();
    const total = addInt(mulInt(size, 12), months);
    sum.addUnit('month', negative ? negateInt(total) : total, 0);
    return unitBits.get('month') as number;
  }
  const fraction = match[5] === undefined || match[5] === '.' ? 0 : Number(match[5]);
  sum.addUnit(unit, negative ? negateInt(size) : size, negative ? -fraction : fraction);
  return unit === 'second' && fraction !== 0 ? ALL_SECONDS : (unitBits.get(unit) as number);
}

// ------------------------------------------------------------------------------------------------------- ISO 8601

const numberPattern = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)/y;
const dateUnits: Readonly<Record<string, Unit>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };
const timeUnits: Readonly<Record<string, Unit>> = { H: 'hour', M: 'minute', S: 'second' };

function readIso(text: string): Interval {
  if (text.length < 2 || text[0] !== 'P') throw badFormat();
  const [datePart, timePart, ...rest] = text.slice(1).split('T') as [string, string?, ...string[]];
  if (rest.length > 0) throw badFormat();
  const sum = new Sum();
  if (datePart !== '') addIsoPart(sum, datePart, dateUnits, readIsoDate);
  if (timePart !== undefined && timePart !== '') addIsoPart(sum, timePart, timeUnits, readIsoTime);
  return sum.value();
}

function addIsoPart(
  sum: Sum,
  text: string,
  letters: Readonly<Record<string, Unit>>,
  alternative: (sum: Sum, text: string) => void,
): void {
  if (!/[A-Z]/.test(text)) {
    alternative(sum, text);
    return;
  }
  for (let at = 0; at < text.length; ) {
    numberPattern.lastIndex = at;
    const number = numberPattern.exec(text)?.[0];
    if (number === undefined) throw badFormat();
    const unit = letters[text[at + number.length] ?? ''];
    if (unit === undefined) throw badFormat();
    addIsoNumber(sum, number, unit);
    at += number.length + 1;
  }
}

function addIsoNumber(sum: Sum, number: string, unit: Unit): void {
  const negative = number.startsWith('-');
  const [whole, fraction = ''] = number.replace(/^[+-]/, '').split('.') as [string, string?];
  const size = toInt(BigInt(whole === '' ? '0' : whole));
  if (!fitsInt64(size)) throw overflow();
  const rest = fraction === '' ? 0 : Number(`0.${fraction}`);
  sum.addUnit(unit, negative ? negateInt(size) : size, negative ? -rest : rest);
}

/** `20240105`, or `0001-02-03` from the left. */
function readIsoDate(sum: Sum, text: string): void {
  const basic = /^(-?)(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (basic !== null) {
    const [, sign = '', years = '', months = '', days = ''] = basic;
    addIsoNumber(sum, sign + years, 'year');
    addIsoNumber(sum, sign + months, 'month');
    addIsoNumber(sum, sign + days, 'day');
    return;
  }
  addSeparated(sum, text, /^([+-]?[\d.]+)(?:-([+-]?[\d.]+)(?:-([+-]?[\d.]+))?)?$/, ['year', 'month', 'day']);
}

/** `040506`, or `04:05:06` from the left. */
function readIsoTime(sum: Sum, text: string): void {
  const basic = /^(-?)(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(text);
  if (basic !== null) {
    const [, sign = '', hours = '', minutes = '', seconds = ''] = basic;
    addIsoNumber(sum, sign + hours, 'hour');
    addIsoNumber(sum, sign + minutes, 'minute');
    addIsoNumber(sum, sign + seconds, 'second');
    return;
  }
  addSeparated(sum, text, /^([+-]?[\d.]+)(?::([+-]?[\d.]+)(?::([+-]?[\d.]+))?)?$/, ['hour', 'minute', 'second']);
}

function addSeparated(sum: Sum, text: string, pattern: RegExp, order: readonly Unit[]): void {
  const match = pattern.exec(text);
  if (match === null) throw badFormat();
  order.forEach((unit, i) => {
    const number = match[i + 1];
    if (number !== undefined) addIsoNumber(sum, number, unit);
  });
}
