/** What is written comes back: columns of every kind, weights, runs; and damage is noticed. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { crc32, tableCrc32 } from '../../src/storage/checksum.ts';
import { codecsOf } from '../../src/storage/codec.ts';
import {
  type Block,
  decodeBlock,
  decodeOpaqueBlock,
  encodeBlock,
  encodeOpaqueBlock,
  mergeBlocks,
  sliceBlock,
} from '../../src/storage/log-block.ts';
import { decodeRowImage, encodeRowImage } from '../../src/storage/row-image.ts';
import { type Column, type Value, valueAt } from '../../src/types/column.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';
import { int4, sampleTypes, sampleValue, text } from './sample-values.ts';
import { columnsOf } from './table-model.ts';

const types = sampleTypes;
const codecs = codecsOf(types);

function sampleRows(count: number, random: Random): Value[][] {
  return Array.from({ length: count }, () => types.map((type) => sampleValue(type, random)));
}

function printRows(columns: readonly Column[], length: number): string[][] {
  return Array.from({ length }, (_, i) => columns.map((column, c) => printed(types[c] as SqlType, valueAt(column, i))));
}

const printed = (type: SqlType, value: Value): string => (value === null ? 'NULL' : type.format(value, defaultFormat));

function sampleBlock(length: number, seed: number): Block {
  const random = new Random(seed);
  const columns = columnsOf(types, sampleRows(length, random));
  const weights = Int32Array.from({ length }, () => random.below(5) - 2);
  return { runs: [{ tick: seed, arrivedAt: 1000 * seed, rows: length }], length, columns, weights };
}

describe.each([0, 1, 7, 8, 9, 300])('a block of %i rows', (length) => {
  test('comes back with its runs, weights and values', () => {
    const block = sampleBlock(length, 3);
    const decoded = decodeBlock(encodeBlock(block, codecs), codecs, 'block');
    expect(decoded.runs).toEqual(block.runs);
    expect(decoded.weights).toEqual(length === 0 ? null : block.weights);
    expect(printRows(decoded.columns, length)).toEqual(printRows(block.columns, length));
  });

  test('can be taken apart and put together again without knowing its types', () => {
    const block = sampleBlock(length, 4);
    const blob = encodeBlock(block, codecs);
    const again = encodeOpaqueBlock(decodeOpaqueBlock(blob, 'block'));
    expect(Buffer.from(again).equals(blob)).toBe(true);
  });
});

test('weights of any size come back', () => {
  for (const weights of [
    [1, 1],
    [1, -1],
    [127, -128],
    [128, 1],
    [2147483647, -2147483648],
  ]) {
    const columns = columnsOf([int4], [[1], [2]]);
    const block = { runs: [{ tick: 1, arrivedAt: 2, rows: 2 }], length: 2, columns, weights: Int32Array.from(weights) };
    const decoded = decodeBlock(encodeBlock(block, codecsOf([int4])), codecsOf([int4]), 'block');
    expect([...(decoded.weights ?? [1, 1])]).toEqual(weights);
  }
});

test('strings of all lengths and alphabets come back', () => {
  const alphabets = ['abc', 'äöü', '漢字', '\u{1f600}x'];
  for (const alphabet of alphabets) {
    for (const longest of [3, 300, 40_000]) {
      const rows = [[alphabet.repeat(longest)], [''], [alphabet], [null], [alphabet.repeat(20)]];
      const columns = columnsOf([text], rows);
      const block = { runs: [{ tick: 1, arrivedAt: 1, rows: 5 }], length: 5, columns, weights: null };
      const decoded = decodeBlock(encodeBlock(block, codecsOf([text])), codecsOf([text]), 'block');
      expect(rows.map((_, i) => [valueAt(decoded.columns[0] as Column, i)])).toEqual(rows);
    }
  }
});

test('blocks merge with their runs, and a slice holds the rows and runs of its part', () => {
  const blocks = [sampleBlock(5, 1), { ...sampleBlock(3, 2), weights: null }, sampleBlock(4, 3)];
  const merged = mergeBlocks(blocks);
  expect(merged.runs.map(({ tick, rows }) => [tick, rows])).toEqual([
    [1, 5],
    [2, 3],
    [3, 4],
  ]);
  expect(printRows(merged.columns, 12)).toEqual(blocks.flatMap((block) => printRows(block.columns, block.length)));
  expect([...(merged.weights ?? [])].slice(5, 8)).toEqual([1, 1, 1]);
  const part = sliceBlock(merged, 4, 9);
  expect(part.runs.map(({ tick, rows }) => [tick, rows])).toEqual([
    [1, 1],
    [2, 3],
    [3, 1],
  ]);
  expect(printRows(part.columns, 5)).toEqual(printRows(merged.columns, 12).slice(4, 9));
});

test('a row image keeps row numbers, consecutive or not, and the dead', () => {
  const random = new Random(9);
  const columns = columnsOf(types, sampleRows(4, random));
  for (const rows of [
    [5, 6, 7, 8],
    [1, 5, 1030, 9000],
  ]) {
    const blob = encodeRowImage(Int32Array.from(rows), 4, columns, Int32Array.of(2, 3, 77), 2, codecs);
    const image = decodeRowImage(blob, codecs, 'image');
    expect([...image.rows]).toEqual(rows);
    expect([...image.dead]).toEqual([2, 3]);
    expect(printRows(image.columns, 4)).toEqual(printRows(columns, 4));
  }
});

test('a blob with any bit turned, or cut short, is refused as XX001 by name', () => {
  const blob = encodeBlock(sampleBlock(20, 5), codecs);
  const random = new Random(1);
  for (let round = 0; round < 200; round++) {
    const damaged = blob.slice();
    const at = random.below(blob.length);
    damaged[at] = (damaged[at] as number) ^ (1 << random.below(8));
    expect(() => decodeBlock(damaged, codecs, 'tick 5 of the log')).toThrow(/^tick 5 of the log is corrupted/);
  }
  for (const length of [0, 7, 8, blob.length - 1]) {
    expect(() => decodeBlock(blob.slice(0, length), codecs, 'the blob')).toThrow(
      expect.objectContaining({ code: 'XX001' }),
    );
  }
});

test('a blob of other columns than expected is refused', () => {
  const blob = encodeBlock(sampleBlock(2, 5), codecs);
  expect(() => decodeBlock(blob, codecsOf([text]), 'the blob')).toThrow(/its columns are i32, i64/);
});

test('the checksum is that of zlib, with and without zlib', () => {
  const bytes = Buffer.from('123456789');
  expect(tableCrc32(bytes)).toBe(0xcbf43926);
  expect(crc32(bytes)).toBe(0xcbf43926);
});
