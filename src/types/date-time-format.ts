/** Dates, times and offsets as text in the ISO style: `2024-01-05`, `10:00:00.5`, `+02`, ` BC` at the very end. */
import { civilFromDays, dayOfTimestamp, MICROS_PER_MINUTE, MICROS_PER_SECOND, timeOfTimestamp } from './calendar.ts';
import type { Int } from './int64.ts';

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(2, '0'));

export const twoDigits = (n: number): string => (n < 100 ? (TWO_DIGITS[n] as string) : `${n}`);

/** Rows that follow each other mostly fall on the same day. */
let lastDay = Number.NaN;
let lastText = '';

/** The date without its era; `isBc` says whether ` BC` belongs at the end of the whole text. */
function civilText(days: number): string {
  if (days !== lastDay) {
    const { year, month, day } = civilFromDays(days);
    const shown = year > 0 ? year : 1 - year;
    lastText = `${`${shown}`.padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
    lastDay = days;
  }
  return lastText;
}

const FIRST_DAY_AD = -730119; // 0001-01-01

const era = (days: number): string => (days < FIRST_DAY_AD ? ' BC' : '');

export const formatDate = (days: number): string => civilText(days) + era(days);

/** `.5`, `.000001`, or nothing. */
export function formatFraction(micros: number): string {
  if (micros === 0) return '';
  const digits = `${micros}`.padStart(6, '0');
  let end = 6;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return `.${digits.slice(0, end)}`;
}

export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  const minutes = Math.floor(micros / MICROS_PER_MINUTE);
  const hours = Math.floor(minutes / 60);
  const clock = `${twoDigits(hours)}:${twoDigits(minutes - hours * 60)}:${twoDigits(seconds - minutes * 60)}`;
  return clock + formatFraction(micros - seconds * MICROS_PER_SECOND);
}

/** Seconds east as `+02`, `-08:30`, `+00:53:28`. */
export function formatOffset(offset: number): string {
  const size = Math.abs(offset);
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor(size / 60) % 60;
  const seconds = size % 60;
  const rest =
    seconds !== 0 ? `:${twoDigits(minutes)}:${twoDigits(seconds)}` : minutes !== 0 ? `:${twoDigits(minutes)}` : '';
  return (offset < 0 ? '-' : '+') + twoDigits(hours) + rest;
}

/** A finite local timestamp, with `offset` (text, perhaps empty) before the era. */
export function formatTimestamp(local: Int, offset: string): string {
  const days = dayOfTimestamp(local);
  return `${civilText(days)} ${formatTime(timeOfTimestamp(local))}${offset}${era(days)}`;
}
