/** avg() by long division against the general numeric division, whose digits are PostgreSQL's. */
import { expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { allocateColumn, type DecColumn, numericAt } from '../../src/types/column.ts';
import { formatNumeric, Numeric } from '../../src/types/numeric.ts';
import { setAverage } from '../../src/types/numeric-average.ts';
import { averageNumeric } from '../../src/types/numeric-division.ts';

function average(sum: number, scale: number, count: number): string {
  const out = allocateColumn('dec', 2) as DecColumn;
  setAverage(out, 1, sum, scale, count);
  return formatNumeric(numericAt(out, 1));
}

const expected = (sum: number, scale: number, count: number): string =>
  formatNumeric(averageNumeric(new Numeric(sum, scale), count));

test('means of chosen sums have the digits of numeric division', () => {
  const sums = [0, 1, 2, 5, 9, 10, 9999, 10000, 10001, 99999999, 100000000, 5e12, 1e15, Number.MAX_SAFE_INTEGER];
  const counts = [1, 2, 3, 6, 7, 8, 999, 10000, 10001, 65536, 90_071_992, 90_071_993, 1e9];
  for (const sum of sums.flatMap((n) => [n, 0 - n])) {
    for (const count of counts) {
      for (const scale of [0, 1, 2, 4, 7, 16, 17, 30]) {
        expect(average(sum, scale, count), `${sum}e-${scale} / ${count}`).toBe(expected(sum, scale, count));
      }
    }
  }
});

test('means of random sums of every size have the digits of numeric division', () => {
  const random = new Random(11);
  for (let i = 0; i < 50_000; i++) {
    const magnitude = Math.floor(random.next() * 2 ** (1 + random.below(53)));
    const sum = random.below(2) === 0 ? magnitude : 0 - magnitude;
    const count = 1 + Math.floor(random.next() * 2 ** random.below(28));
    const scale = random.below(3) === 0 ? random.below(20) : 0;
    const actual = average(sum, scale, count);
    if (actual !== expected(sum, scale, count))
      expect(actual, `${sum}e-${scale} / ${count}`).toBe(expected(sum, scale, count));
  }
});
