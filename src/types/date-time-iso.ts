/**
 * The one form of timestamp that clients and feeds send, `2024-01-05 10:00:00.5+02`, read digit by digit: several times faster
 * than the general reader. It answers null for everything else, errors included, and the general reader takes over.
 */
import { daysFromCivil, daysInMonth, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND } from './calendar.ts';

export type IsoFields = {
  readonly kind: 'fields';
  readonly days: number;
  readonly micros: number;
  readonly offset: number | undefined;
};

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const POINT = 46;
const BLANK = 32;
const LETTER_T = 84;
const LETTER_Z = 90;
const PLUS = 43;

/** Two digits at `at`, or a negative number. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -100000;
}

export function readIso(text: string): IsoFields | null {
  const length = text.length;
  if (length < 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (year <= 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const days = daysFromCivil(year, month, day);
  if (length === 10) return { kind: 'fields', days, micros: 0, offset: undefined };
  const gap = text.charCodeAt(10);
  if (gap !== BLANK && gap !== LETTER_T) return null;
  return readTime(text, days);
}

/** `10:00:00[.f][zone]` from the eleventh character on. */
function readTime(text: string, days: number): IsoFields | null {
  if (text.length < 19 || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return null;
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  let at = 19;
  let fraction = 0;
  if (text.charCodeAt(at) === POINT) {
    let unit = 100_000;
    for (at = 20; unit >= 1; at++, unit /= 10) {
      const digit = text.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      fraction += digit * unit;
    }
    if (at === 20) return null;
  }
  const micros = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + second * MICROS_PER_SECOND + fraction;
  if (at === text.length) return { kind: 'fields', days, micros, offset: undefined };
  const offset = readOffset(text, at);
  return offset === null ? null : { kind: 'fields', days, micros, offset };
}

/** `Z`, `+hh` or `+hh:mm` up to the end, in seconds east. */
function readOffset(text: string, at: number): number | null {
  const sign = text.charCodeAt(at);
  const rest = text.length - at;
  if (sign === LETTER_Z) return rest === 1 ? 0 : null;
  if (sign !== PLUS && sign !== DASH) return null;
  if (rest !== 3 && (rest !== 6 || text.charCodeAt(at + 3) !== COLON)) return null;
  const hours = two(text, at + 1);
  const minutes = rest === 6 ? two(text, at + 4) : 0;
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return null;
  const size = hours * 3600 + minutes * 60;
  return sign === DASH ? 0 - size : size;
}
