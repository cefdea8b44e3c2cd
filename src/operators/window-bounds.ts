/**
 * The arithmetic of tumbling windows over µs timestamps, exact over all of int64.
 *
 * Windows align to 1970-01-01 00:00 UTC + offset, while internal timestamps count from 2000-01-01. Times within 2^53 µs (until
 * the year 2285) take the way of doubles; others BigInt. The infinities lie in no window.
 */
import { addInt, floorModInt, type Int, int64At, MAX_INT64, MIN_INT64, subInt } from '../types/int64.ts';

/** 1970-01-01 on the internal time line. */
export const UNIX_EPOCH: Int = -946_684_800_000_000;

/** The greatest `origin + k × step` that is not after `time`. */
export const alignDown = (time: Int, step: Int, origin: Int): Int =>
  subInt(time, floorModInt(subInt(time, origin), step));

export const isFiniteTime = (time: Int): boolean => time !== MAX_INT64 && time !== MIN_INT64;

/**
 * For rows `0..count)` of a time column without NULLs, the bounds of their tumbling window of `size` µs into three lane
 * arrays. False as soon as a time is not a safe integer: the caller then goes row by row. Neighbours share windows, so bounds are
 * computed once per run of rows and then only copied.
 */
export function tumbleLanes(
  times: Int32Array,
  count: number,
  size: number,
  origin: number,
  starts: Int32Array,
  ends: Int32Array,
  lasts: Int32Array,
): boolean {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let [startLow, startHigh, endLow, endHigh, lastLow, lastHigh] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const high = times[2 * i + 1] as number;
    if (high < -0x100000 || high >= 0x100000) return false;
    const time = high * 4294967296 + ((times[2 * i] as number) >>> 0);
    if (time < start || time >= end) {
      const distance = time - origin;
      let down = Math.floor(distance / size) * size;
      if (down > distance) down -= size;
      else if (distance - down >= size) down += size;
      start = origin + down;
      end = start + size;
      if (!Number.isSafeInteger(down) || !Number.isSafeInteger(end)) return false;
      startLow = start | 0;
      startHigh = Math.floor(start / 4294967296);
      endLow = end | 0;
      endHigh = Math.floor(end / 4294967296);
      lastLow = (end - 1) | 0;
      lastHigh = Math.floor((end - 1) / 4294967296);
    }
    starts[2 * i] = startLow;
    starts[2 * i + 1] = startHigh;
    ends[2 * i] = endLow;
    ends[2 * i + 1] = endHigh;
    lasts[2 * i] = lastLow;
    lasts[2 * i + 1] = lastHigh;
  }
  return true;
}

/** Calls `visit` with each window that holds the `time` of row `i`, the earliest first. */
export type EachWindow = (times: Int32Array, i: number, visit: (start: Int, end: Int) => void) => void;

export const eachTumble =
  (size: Int, origin: Int): EachWindow =>
  (times, i, visit) => {
    const time = int64At(times, i);
    if (!isFiniteTime(time)) return;
    const start = alignDown(time, size, origin);
    visit(start, addInt(start, size));
  };

/** Windows of `size` that start every `step`: those with start <= time < start + size. */
export const eachHop =
  (size: Int, step: Int, origin: Int): EachWindow =>
  (times, i, visit) => {
    const time = int64At(times, i);
    if (!isFiniteTime(time)) return;
    let start = addInt(alignDown(subInt(time, size), step, origin), step);
    for (; start <= time; start = addInt(start, step)) visit(start, addInt(start, size));
  };

/** Within each window of `size` the windows from its start that end every `step`, up to the whole. */
export const eachCumulate =
  (size: Int, step: Int, origin: Int): EachWindow =>
  (times, i, visit) => {
    const time = int64At(times, i);
    if (!isFiniteTime(time)) return;
    const start = alignDown(time, size, origin);
    const limit = addInt(start, size);
    let end = addInt(alignDown(time, step, start), step);
    for (; end < limit; end = addInt(end, step)) visit(start, end);
    visit(start, limit);
  };
