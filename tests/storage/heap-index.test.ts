/** Heap indexes and bulk insertion, against a plain model. */
import { expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import type { StateTable } from '../../src/storage/state.ts';
import { type Batch, batchOfRows } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import { int4, int8 } from '../../src/types/integer.ts';

const makeTable = (): StateTable =>
  new MemoryStateStore().table({
    name: 'values',
    columns: [
      { name: 'group', type: int4 },
      { name: 'value', type: int8 },
    ],
    key: [],
    equality: 'image',
    indexes: [
      { kind: 'heap', partition: 0, order: [{ column: 1, descending: false, nullsFirst: false }] },
      { kind: 'heap', partition: 0, order: [{ column: 1, descending: true, nullsFirst: true }] },
      { kind: 'multi', columns: [0] },
    ],
  });

const batch = (rows: readonly (readonly Value[])[]): Batch => batchOfRows(['i32', 'i64'], rows);

type Living = { readonly row: number; readonly group: number; readonly value: number | null };

/** The first of a group, NULLs last going up and first going down, ties by row number. */
function firstOf(living: readonly Living[], group: number, sign: 1 | -1): number {
  const rank = ({ value }: Living): number => (value === null ? Number.POSITIVE_INFINITY : value) * sign;
  const own = living.filter((each) => each.group === group);
  own.sort((a, b) => (rank(a) === rank(b) ? a.row - b.row : rank(a) - rank(b)));
  return own[0]?.row ?? -1;
}

test('a heap index knows the first row of each partition while rows come and go', () => {
  const random = new Random(5);
  const table = makeTable();
  const living: Living[] = [];
  for (let step = 0; step < 4000; step++) {
    const grows = step % 1000 < 600;
    if (living.length === 0 || random.next() < (grows ? 0.7 : 0.3)) {
      const group = random.below(6);
      const value = random.below(12) === 0 ? null : random.below(50) * 1e14;
      living.push({ row: table.insert(batch([[group, value]]).columns, 0), group, value });
    } else {
      const [gone] = living.splice(random.below(living.length), 1);
      table.remove((gone as Living).row);
    }
    for (let group = 0; group < 6; group++) {
      expect(table.heap(0).first(group)).toBe(firstOf(living, group, 1));
      expect(table.heap(1).first(group)).toBe(firstOf(living, group, -1));
    }
  }
});

test('a heap index gives thousands of rows back in order, and is empty after clear', () => {
  const random = new Random(6);
  const table = makeTable();
  const values = Array.from({ length: 5000 }, () => random.below(1_000_000));
  for (const value of values) table.insert(batch([[3, value]]).columns, 0);
  const given: number[] = [];
  for (let row = table.heap(0).first(3); row >= 0; row = table.heap(0).first(3)) {
    const lanes = table.column(1)[row >> 10]?.data as Int32Array;
    given.push(lanes[2 * (row & 1023)] as number);
    table.remove(row);
  }
  expect(given).toEqual(values.sort((a, b) => a - b));
  table.insert(batch([[3, 1]]).columns, 0);
  table.clear();
  expect(table.heap(0).first(3)).toBe(-1);
  expect(table.heap(0).first(100_000)).toBe(-1);
});

test('rows inserted together are found as rows inserted one by one', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => [i % 7, i === 5 ? null : i]);
  const together = makeTable();
  const numbers = new Int32Array(rows.length);
  together.insertAll(batch(rows).columns, rows.length, numbers);
  const single = makeTable();
  const expected = rows.map((row) => single.insert(batch([row]).columns, 0));
  expect([...numbers]).toEqual(expected);
  const groups = batch([
    [3, 0],
    [6, 0],
    [9, 0],
  ]).columns;
  for (const table of [together, single]) {
    const heads = new Int32Array(3);
    table.findFirst(2, groups.slice(0, 1), 3, heads);
    expect(heads[2]).toBe(-1);
    const chain: number[] = [];
    for (let row = heads[1] as number; row >= 0; row = table.nextInChain(2, row)) chain.push(row);
    expect(chain.sort((a, b) => a - b)).toEqual(expected.filter((_, i) => i % 7 === 6));
    expect(table.heap(0).first(6)).toBe(6);
    expect(table.heap(1).first(5)).toBe(5);
  }
});
