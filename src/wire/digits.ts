/**
 * Writes numbers as decimal digits straight into bytes, without a string in between. Integers below 2^31 use integer
 * arithmetic, larger ones up to 2^53 take seven digits at a time off the end. Returns the place after the last byte.
 */

/** `count` digits of `value` (a safe integer ≥ 0 with no more digits than that), zeros in front. */
export function putPadded(bytes: Uint8Array, at: number, value: number, count: number): number {
  let end = at + count;
  let rest = value;
  while (rest > 0x7fffffff) {
    const low = rest % 10_000_000; // Exact on doubles, where rounding a quotient is not.
    rest = (rest - low) / 10_000_000;
    putSmall(bytes, end - 7, low | 0, 7);
    end -= 7;
  }
  putSmall(bytes, at, rest | 0, end - at);
  return at + count;
}

function putSmall(bytes: Uint8Array, at: number, value: number, count: number): void {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    const next = (rest / 10) | 0;
    bytes[i] = 48 + (rest - next * 10);
    rest = next;
  }
}

/** `value`, a safe integer of either sign. At most 17 bytes. */
export function putInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0) return putPadded(bytes, at, value, countDigits(value));
  bytes[at] = 0x2d;
  return putPadded(bytes, at + 1, -value, countDigits(-value));
}

/** `value / 10^scale` with `scale` digits after the point; `value` a safe integer, `scale` 1 to 15. At most 19 bytes. */
export function putDecimal(bytes: Uint8Array, at: number, value: number, scale: number): number {
  let to = at;
  let rest = value;
  if (value < 0) {
    bytes[to++] = 0x2d;
    rest = -value;
  }
  const power = powers[scale] as number;
  const decimals = rest % power;
  const whole = (rest - decimals) / power;
  to = putPadded(bytes, to, whole, countDigits(whole));
  bytes[to++] = 0x2e;
  return putPadded(bytes, to, decimals, scale);
}

const powers = Float64Array.from({ length: 17 }, (_, i) => 10 ** i);

function countDigits(value: number): number {
  let count = 1;
  while (count < 16 && value >= (powers[count] as number)) count++;
  return count;
}
