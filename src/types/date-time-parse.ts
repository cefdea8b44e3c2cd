/**
 * The second half of date and time input: what the fields mean together (DecodeDateTime and DecodeTimeOnly in datetime.c).
 *
 * Fields are read left to right into one `Reading`; each says which parts of a date-time it fills, and filling a part twice
 * is an error. Which number is day, month or year follows from what is there already and from the DateOrder setting.
 */

import { systemClock } from '../base/clock.ts';
import { invalidParameterValue } from '../base/errors.ts';
import {
  civilFromDays,
  dayOfTimestamp,
  daysFromCivil,
  daysInMonth,
  JULIAN_EPOCH,
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  makeTimestamp,
  timeOfTimestamp,
  UNIX_EPOCH_MICROS,
} from './calendar.ts';
import {
  badFormat,
  DateTimeError,
  type Field,
  fieldOverflow,
  findWord,
  fractionMicros,
  readTime,
  readZoneOffset,
  type SpecialValue,
  splitFields,
} from './date-time-fields.ts';
import type { IsoFields } from './date-time-iso.ts';
import type { Int } from './int64.ts';
import { findAbbreviation, findTimeZone, type TimeZone, unixSeconds, utc, utcToLocal } from './time-zone.ts';
import type { FormatSettings } from './type.ts';

/** What a literal says. `offset` is seconds east; undefined where the literal names no zone. */
export type DateTimeParts = { readonly kind: 'epoch' | 'infinity' | '-infinity' } | IsoFields;

export const sessionZone = (settings: FormatSettings): TimeZone => findTimeZone(settings.timeZone) ?? utc;

/** 'now': the start of the transaction where the session says so, in µs since 2000-01-01 UTC. */
export const currentTimestamp = (settings: FormatSettings): Int =>
  settings.now ?? systemClock.nowMicros() + UNIX_EPOCH_MICROS;

const YEAR = 1;
const MONTH = 2;
const DAY = 4;
const DAY_OF_YEAR = 8;
const TIME = 16;
const ZONE = 32;
const DAYLIGHT = 64;
const WEEKDAY = 128;
const MERIDIEM = 256;
const ERA = 512;
const DATE = YEAR | MONTH | DAY;

class Reading {
  readonly #settings: FormatSettings;
  readonly #fields: readonly Field[];
  /** Only a time is wanted: numbers are times, dates are accepted only to settle a zone. */
  readonly #timeOnly: boolean;
  #have = 0;
  #year = 0;
  #month = 0;
  #day = 0;
  #dayOfYear = 0;
  #time = 0;
  #hour = 0;
  #offset = 0;
  #zone: TimeZone | undefined;
  #meridiem: 'am' | 'pm' | null = null;
  #isBc = false;
  #isJulian = false;
  #isShortYear = false;
  #hasTextMonth = false;
  #label: 'julian' | 'iso-time' | null = null;
  #special: SpecialValue | null = null;

  constructor(text: string, settings: FormatSettings, timeOnly: boolean) {
    this.#fields = splitFields(text);
    this.#settings = settings;
    this.#timeOnly = timeOnly;
  }

  readDateTime(): DateTimeParts {
    this.#readFields();
    if (this.#special === 'epoch' || this.#special === 'infinity' || this.#special === '-infinity') {
      return { kind: this.#special };
    }
    this.#checkDate();
    this.#applyMeridiem();
    if ((this.#have & DATE) !== DATE) throw badFormat();
    const days = daysFromCivil(this.#year, this.#month, this.#day);
    return { kind: 'fields', days, micros: this.#time, offset: this.#settleZone(days) };
  }

  readTimeOnly(): { micros: number; offset: number | undefined } {
    this.#readFields();
    if (this.#special === 'epoch' || this.#special === 'infinity' || this.#special === '-infinity') throw badFormat();
    this.#checkDate();
    this.#applyMeridiem();
    if (this.#time > MICROS_PER_DAY) throw fieldOverflow();
    if ((this.#have & TIME) === 0) throw badFormat();
    const hasDate = (this.#have & DATE) === DATE;
    // Without a date nobody knows whether a zone has summer time.
    if (!hasDate && this.#zone !== undefined && this.#zone.fixedOffset === undefined) throw badFormat();
    const days = hasDate ? daysFromCivil(this.#year, this.#month, this.#day) : this.#today();
    return { micros: this.#time, offset: this.#settleZone(days) };
  }

  #readFields(): void {
    for (let i = 0; i < this.#fields.length; i++) {
      const filled = this.#readField(this.#fields[i] as Field, i);
      if ((filled & this.#have) !== 0) throw badFormat();
      this.#have |= filled;
    }
    if (this.#label !== null) throw badFormat();
  }

  #readField(field: Field, index: number): number {
    switch (field.kind) {
      case 'date':
        return this.#readDateField(field.text, index);
      case 'time':
        return this.#readTimeField(field.text);
      case 'zone':
        this.#offset = readZoneOffset(field.text);
        return ZONE;
      case 'number':
        return this.#readNumberField(field.text, index);
      default:
        return this.#readWord(field.text, index);
    }
  }

  // ------------------------------------------------------------------------------------------------- dates, times

  #readDateField(text: string, index: number): number {
    if (this.#label === 'julian') return this.#readJulianWithZone(text);
    const isTimeOrZone = this.#timeOnly
      ? !this.#mayBeDate(index)
      : this.#label !== null || (this.#have & (MONTH | DAY)) === (MONTH | DAY);
    if (!isTimeOrZone) return this.#readDate(text);
    if (/^\d/.test(text) || this.#label !== null) {
      // A time run together with its zone: hhmmss-zz.
      this.#label = null;
      const dash = text.indexOf('-');
      if ((this.#have & TIME) !== 0 || dash < 0) throw badFormat();
      this.#offset = readZoneOffset(text.slice(dash));
      return this.#readRunTogether(text.slice(0, dash), this.#timeOnly ? this.#have | DATE : this.#have) | ZONE;
    }
    return this.#readZoneName(text);
  }

  /** A date before or after a time, in a literal where only the time is wanted. */
  #mayBeDate(index: number): boolean {
    const count = this.#fields.length;
    return index === 0 && count >= 2 && (this.#fields[count - 1]?.kind === 'date' || this.#fields[1]?.kind === 'time');
  }

  #readZoneName(text: string): number {
    const zone = findTimeZone(text);
    if (zone === undefined) throw invalidParameterValue(`time zone "${text}" not recognized`);
    this.#zone = zone;
    return ZONE;
  }

  #readJulianWithZone(text: string): number {
    const match = /^(\d+)([+-].*)$/.exec(text);
    if (match === null) throw badFormat();
    this.#label = null;
    this.#setJulian(Number(match[1]));
    this.#offset = readZoneOffset(match[2] as string);
    return DATE | TIME | ZONE;
  }

  #setJulian(julianDay: number): void {
    if (julianDay > 0x7fffffff) throw fieldOverflow();
    const date = civilFromDays(julianDay - JULIAN_EPOCH);
    this.#year = date.year;
    this.#month = date.month;
    this.#day = date.day;
    this.#isJulian = true;
  }

  #readTimeField(text: string): number {
    if (this.#label !== null && this.#label !== 'iso-time') throw badFormat();
    this.#label = null;
    const { hour, minute, second, micros } = readTime(text);
    this.#setTime(hour, minute, second, micros);
    return TIME;
  }

  /** Digits run together behind a date are not checked: 250130 is one o'clock on the next day. */
  #setTime(hour: number, minute: number, second: number, micros: number, isChecked = true): void {
    this.#hour = hour;
    this.#time = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + second * MICROS_PER_SECOND + micros;
    if (isChecked && (hour > 24 || minute > 59 || second > 60 || this.#time > MICROS_PER_DAY)) throw fieldOverflow();
  }

  /** Three fields with punctuation between, one of them perhaps a month's name. */
  #readDate(text: string): number {
    const parts = text.match(/[0-9]+|[a-z]+/g);
    if (parts === null || /[^0-9a-z]$/.test(text)) throw badFormat();
    let have = this.#have;
    let filled = 0;
    let hasTextMonth = false;
    for (const part of parts.filter((p) => /^[a-z]/.test(p))) {
      const word = findWord(part);
      if (word?.kind === 'ignore') continue;
      if (word?.kind !== 'month' || (have & MONTH) !== 0) throw badFormat();
      this.#month = word.value;
      hasTextMonth = true;
      have |= MONTH;
      filled |= MONTH;
    }
    for (const part of parts.filter((p) => /^\d/.test(p))) {
      const mask = this.#readNumber(part, hasTextMonth, have);
      if ((mask & have) !== 0) throw badFormat();
      have |= mask;
      filled |= mask;
    }
    if ((have & (DATE | TIME | MERIDIEM | ERA | WEEKDAY)) !== DATE && (have & ~(DAY_OF_YEAR | ZONE)) !== DATE)
      throw badFormat();
    return filled;
  }

  // ------------------------------------------------------------------------------------------------------- numbers

  #readNumberField(text: string, index: number): number {
    if (this.#label !== null) return this.#readLabelled(text);
    const point = text.indexOf('.');
    const digits = point < 0 ? text.length : point;
    if (this.#timeOnly) return this.#readTimeNumber(text, index, digits);
    const hasDate = (this.#have & DATE) === DATE;
    if (point >= 0 && (this.#have & DATE) === 0) return this.#readDate(text);
    if (point >= 0 && digits > 2) return this.#readRunTogether(text, this.#have);
    if (text.length >= 6 && (!hasDate || (this.#have & TIME) === 0)) return this.#readRunTogether(text, this.#have);
    return this.#readNumber(text, this.#hasTextMonth, this.#have);
  }

  #readTimeNumber(text: string, index: number, digits: number): number {
    const have = this.#have | DATE;
    if (digits < text.length) {
      const count = this.#fields.length;
      if (index === 0 && count >= 2 && this.#fields[count - 1]?.kind === 'date') return this.#readDate(text);
      if (digits > 2) return this.#readRunTogether(text, have);
      throw badFormat();
    }
    return text.length > 4 ? this.#readRunTogether(text, have) : this.#readNumber(text, false, have);
  }

  /** The number behind `julian` or `t`. */
  #readLabelled(text: string): number {
    const label = this.#label;
    this.#label = null;
    if (label === 'iso-time') {
      const filled = this.#readRunTogether(text, this.#have | DATE);
      if (filled !== TIME) throw badFormat();
      return TIME;
    }
    const [whole, fraction] = text.split('.') as [string, string?];
    this.#setJulian(Number(whole));
    if (fraction === undefined) return DATE;
    this.#time = Math.trunc(Number(`0.${fraction}`) * MICROS_PER_DAY);
    return DATE | TIME;
  }

  /** A number alone: which part it is follows from the parts there are (`have`). */
  #readNumber(text: string, hasTextMonth: boolean, have: number): number {
    const [whole, fraction] = text.split('.') as [string, string?];
    const value = Number(whole);
    if (value > 0x7fffffff) throw fieldOverflow();
    if (fraction !== undefined && whole.length > 2) return this.#readRunTogether(text, have | DATE);
    if (text.length === 3 && (have & DATE) === YEAR && value >= 1 && value <= 366) {
      this.#dayOfYear = value;
      return DAY_OF_YEAR | MONTH | DAY;
    }
    switch (have & DATE) {
      case 0:
        if (text.length >= 3 || this.#settings.dateOrder === 'YMD') return this.#setYear(value, text.length);
        return this.#settings.dateOrder === 'DMY' ? this.#setDay(value) : this.#setMonth(value);
      case YEAR:
      case DAY:
        return this.#setMonth(value);
      case MONTH:
        if (hasTextMonth && (text.length >= 3 || this.#settings.dateOrder === 'YMD'))
          return this.#setYear(value, text.length);
        return this.#setDay(value);
      case YEAR | MONTH:
        if (hasTextMonth && text.length >= 3 && this.#isShortYear) {
          // The first number was taken for a year and was the day: 05-Jan-2024 in YMD mode.
          const day = this.#year;
          this.#year = value;
          this.#isShortYear = false;
          return this.#setDay(day);
        }
        return this.#setDay(value);
      case MONTH | DAY:
        return this.#setYear(value, text.length);
      case DATE:
        return this.#readRunTogether(text, have);
      default:
        throw badFormat();
    }
  }

  #setYear(value: number, digits: number): number {
    this.#year = value;
    this.#isShortYear = digits <= 2;
    return YEAR;
  }

  #setMonth(value: number): number {
    this.#month = value;
    return MONTH;
  }

  #setDay(value: number): number {
    this.#day = value;
    return DAY;
  }

  /** Digits run together: yyyymmdd, yymmdd, hhmmss, hhmm, with a fraction hhmmss.f. */
  #readRunTogether(text: string, have: number): number {
    const point = text.indexOf('.');
    const digits = point < 0 ? text : text.slice(0, point);
    const micros = point < 0 ? 0 : fractionMicros(text.slice(point));
    if (point < 0 && (have & DATE) !== DATE && digits.length >= 6) {
      this.#year = Number(digits.slice(0, -4));
      this.#month = Number(digits.slice(-4, -2));
      this.#day = Number(digits.slice(-2));
      this.#isShortYear = digits.length === 6;
      return DATE;
    }
    if ((have & TIME) !== 0 || (digits.length !== 6 && digits.length !== 4)) throw badFormat();
    const second = digits.length === 6 ? Number(digits.slice(4)) : 0;
    this.#setTime(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), second, micros, this.#timeOnly);
    return TIME;
  }

  // --------------------------------------------------------------------------------------------------------- words

  #readWord(text: string, index: number): number {
    const abbreviation = findAbbreviation(text);
    if (abbreviation !== undefined) {
      this.#offset = abbreviation.offset;
      return ZONE;
    }
    const word = findWord(text);
    switch (word?.kind) {
      case undefined: {
        const zone = findTimeZone(text);
        if (zone === undefined) throw badFormat();
        this.#zone = zone;
        return ZONE;
      }
      case 'ignore':
        return 0;
      case 'special':
        return this.#readSpecial(word.value);
      case 'month':
        return this.#readMonthName(word.value);
      case 'weekday':
        return WEEKDAY;
      case 'am':
      case 'pm':
        this.#meridiem = word.kind;
        return MERIDIEM;
      case 'ad':
      case 'bc':
        this.#isBc = word.kind === 'bc';
        return ERA;
      case 'daylight':
        this.#offset += 3600;
        return DAYLIGHT;
      case 'julian':
        this.#label = 'julian';
        return 0;
      case 'iso-time':
        return this.#expectIsoTime(index);
      default:
        throw badFormat();
    }
  }

  #expectIsoTime(index: number): number {
    const next = this.#fields[index + 1]?.kind;
    if (!this.#timeOnly && (this.#have & DATE) !== DATE) throw badFormat();
    if (next !== 'number' && next !== 'time' && next !== 'date') throw badFormat();
    this.#label = 'iso-time';
    return 0;
  }

  /** A month's name after a number taken for the month: the number was the day. */
  #readMonthName(month: number): number {
    const wasDay = (this.#have & MONTH) !== 0 && !this.#hasTextMonth && (this.#have & DAY) === 0;
    const replaced = wasDay && this.#month >= 1 && this.#month <= 31;
    if (replaced) this.#day = this.#month;
    this.#hasTextMonth = true;
    this.#month = month;
    return replaced ? DAY : MONTH;
  }

  #readSpecial(value: SpecialValue): number {
    if (this.#timeOnly && value !== 'now' && value !== 'zulu') throw badFormat();
    this.#special = value;
    switch (value) {
      case 'now': {
        const now = currentTimestamp(this.#settings);
        const zone = sessionZone(this.#settings);
        const local = utcToLocal(now, zone);
        this.#setDays(dayOfTimestamp(local));
        this.#time = timeOfTimestamp(local);
        this.#hour = Math.floor(this.#time / MICROS_PER_HOUR);
        this.#offset = zone.offsetAt(unixSeconds(now));
        return this.#timeOnly ? TIME : DATE | TIME | ZONE;
      }
      case 'today':
      case 'tomorrow':
      case 'yesterday':
        this.#setDays(this.#today() + (value === 'today' ? 0 : value === 'tomorrow' ? 1 : -1));
        return DATE;
      case 'zulu':
        this.#time = 0;
        this.#offset = 0;
        return TIME | ZONE;
      default:
        return DATE | TIME | ZONE;
    }
  }

  #today(): number {
    return dayOfTimestamp(utcToLocal(currentTimestamp(this.#settings), sessionZone(this.#settings)));
  }

  #setDays(days: number): void {
    const date = civilFromDays(days);
    this.#year = date.year;
    this.#month = date.month;
    this.#day = date.day;
    this.#isJulian = true; // The year is astronomical already.
  }

  // -------------------------------------------------------------------------------------------------------- checks

  #checkDate(): void {
    if ((this.#have & YEAR) !== 0) this.#settleYear();
    if ((this.#have & DAY_OF_YEAR) !== 0) {
      const date = civilFromDays(daysFromCivil(this.#year, 1, 1) + this.#dayOfYear - 1);
      this.#year = date.year;
      this.#month = date.month;
      this.#day = date.day;
    }
    if ((this.#have & MONTH) !== 0 && (this.#month < 1 || this.#month > 12))
      throw new DateTimeError('month-day-overflow');
    if ((this.#have & DAY) !== 0 && (this.#day < 1 || this.#day > 31)) throw new DateTimeError('month-day-overflow');
    if ((this.#have & DATE) === DATE && this.#day > daysInMonth(this.#year, this.#month)) throw fieldOverflow();
  }

  #settleYear(): void {
    if (this.#isJulian) return;
    if (this.#isBc) {
      if (this.#year <= 0) throw fieldOverflow();
      this.#year = 1 - this.#year; // There is no year 0: 1 BC is astronomical 0.
    } else if (this.#isShortYear) this.#year += this.#year < 70 ? 2000 : 1900;
    else if (this.#year <= 0) throw fieldOverflow();
  }

  #applyMeridiem(): void {
    if (this.#meridiem === null) return;
    if (this.#hour > 12) throw fieldOverflow();
    if (this.#meridiem === 'am' && this.#hour === 12) this.#time -= 12 * MICROS_PER_HOUR;
    if (this.#meridiem === 'pm' && this.#hour !== 12) this.#time += 12 * MICROS_PER_HOUR;
  }

  #settleZone(days: number): number | undefined {
    if ((this.#have & ZONE) === 0) {
      if ((this.#have & DAYLIGHT) !== 0) throw badFormat();
      return undefined;
    }
    if (this.#zone === undefined) return this.#offset;
    if ((this.#have & DAYLIGHT) !== 0) throw badFormat();
    return this.#zone.offsetOfLocal(unixSeconds(makeTimestamp(days, this.#time)));
  }
}

/** Reads any form. Callers try `readIso` first. */
export const parseDateTime = (text: string, settings: FormatSettings): DateTimeParts =>
  new Reading(text, settings, false).readDateTime();

export const parseTimeOnly = (text: string, settings: FormatSettings) =>
  new Reading(text, settings, true).readTimeOnly();
