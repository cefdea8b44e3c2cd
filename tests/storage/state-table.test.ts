/** The state table against the obvious model: random operations over every column kind, both equalities, NULLs among all. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import {
  PAGE_MASK,
  PAGE_SHIFT,
  type StateSnapshot,
  type StateTable,
  type StateTableSpec,
} from '../../src/storage/state.ts';
import { PagedStateTable } from '../../src/storage/state-table.ts';
import { type Column, setValueAt, type Value, valueAt } from '../../src/types/column.ts';
import { interval } from '../../src/types/interval.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';
import { bpchar, float8, int4, int8, numeric, sampleTypes, sampleValue, text } from './sample-values.ts';
import { columnsOf, TableModel } from './table-model.ts';

const column = (name: string, type: SqlType) => ({ name, type });

const printed = (type: SqlType, value: Value): string => (value === null ? 'NULL' : type.format(value, defaultFormat));

function rowOf(table: StateTable, row: number): Value[] {
  return table.spec.columns.map((_, c) => valueAt(table.column(c)[row >> PAGE_SHIFT] as Column, row & PAGE_MASK));
}

function expectSame(table: StateTable, model: TableModel): void {
  expect(table.rowCount).toBe(model.rows.size);
  for (let row = 0; row < table.rowLimit; row++) {
    const isAlive = table.live[row >> PAGE_SHIFT]?.[row & PAGE_MASK] === 1;
    expect(isAlive).toBe(model.rows.has(row));
    if (isAlive) expectSameRow(table.spec, rowOf(table, row), model.rows.get(row) as Value[]);
  }
}

function expectSameRow(spec: StateTableSpec, actual: readonly Value[], expected: readonly Value[]): void {
  const print = (row: readonly Value[]) => spec.columns.map(({ type }, c) => printed(type, row[c] as Value));
  expect(print(actual)).toEqual(print(expected));
}

/** Runs random operations on both and compares as it goes. */
class Comparison {
  readonly table: StateTable;
  readonly model: TableModel;
  readonly #random: Random;
  readonly #types: readonly SqlType[];

  constructor(spec: StateTableSpec, seed: number) {
    this.table = new PagedStateTable(spec);
    this.model = new TableModel(spec);
    this.#random = new Random(seed);
    this.#types = spec.columns.map(({ type }) => type);
  }

  step(): void {
    const choice = this.#random.below(10);
    if (choice < 4) this.upsert();
    else if (choice < 6) this.remove();
    else if (choice < 8) this.write();
    else this.find();
  }

  upsert(): void {
    const { spec } = this.model;
    const count = 1 + this.#random.below(20);
    const keys = this.#keys(count);
    const rows = new Int32Array(count);
    const created = new Uint8Array(count);
    const made = this.table.upsert(this.#keyColumns(keys), count, rows, created);
    let expected = 0;
    keys.forEach((key, i) => {
      let row = this.model.find(key);
      expect(created[i]).toBe(row < 0 ? 1 : 0);
      if (row < 0) {
        expected++;
        row = this.model.lowestFree();
        const values = this.#types.map((_, c) => emptyValue(this.#types[c] as SqlType));
        key.forEach((value, k) => {
          values[spec.key[k] as number] = value;
        });
        this.model.rows.set(row, values);
      }
      expect(rows[i]).toBe(row);
    });
    expect(made).toBe(expected);
  }

  insert(): void {
    const values = this.#types.map((type) => sampleValue(type, this.#random));
    const row = this.table.insert(columnsOf(this.#types, [values]), 0);
    expect(row).toBe(this.model.lowestFree());
    this.model.rows.set(row, values);
  }

  remove(): void {
    const row = this.#livingRow();
    if (row < 0) return;
    this.table.remove(row);
    this.model.rows.delete(row);
  }

  write(): void {
    const { spec } = this.model;
    const row = this.#livingRow();
    const c = spec.columns.length - 1;
    if (row < 0) return;
    const value = sampleValue(this.#types[c] as SqlType, this.#random);
    this.table.touch(Int32Array.of(row), 1);
    setValueAt(this.table.column(c)[row >> PAGE_SHIFT] as Column, row & PAGE_MASK, value);
    (this.model.rows.get(row) as Value[])[c] = value;
  }

  find(): void {
    const keys = this.#keys(20);
    const rows = new Int32Array(20);
    this.table.find(this.#keyColumns(keys), 20, rows);
    expect([...rows]).toEqual(keys.map((key) => this.model.find(key)));
  }

  #keys(count: number): Value[][] {
    return Array.from({ length: count }, () =>
      this.model.spec.key.map((c) => sampleValue(this.#types[c] as SqlType, this.#random)),
    );
  }

  #keyColumns(keys: readonly Value[][]): Column[] {
    return columnsOf(
      this.model.spec.key.map((c) => this.#types[c] as SqlType),
      keys,
    );
  }

  #livingRow(): number {
    const rows = this.model.numbers();
    return rows[this.#random.below(rows.length)] ?? -1;
  }
}

function emptyValue(type: SqlType): Value {
  const [empty] = columnsOf([type], []);
  return valueAt(empty as Column, 0);
}

const keyedSpec = (name: string, key: readonly SqlType[], equality: 'sql' | 'image'): StateTableSpec => ({
  name,
  columns: [...key.map((type, k) => column(`k${k}`, type)), column('payload', numeric)],
  key: key.map((_, k) => k),
  equality,
  indexes: [],
});

describe.each(['sql', 'image'] as const)('under %s equality', (equality) => {
  test.each(sampleTypes.map((type) => [type.name, type] as const))(
    'a table keyed by %s finds what the model finds',
    (name, type) => {
      const comparison = new Comparison(keyedSpec(name, [type], equality), type.oid);
      for (let step = 0; step < 150; step++) comparison.step();
      expectSame(comparison.table, comparison.model);
    },
  );

  test('keys of two bigints, and of every kind at once, work alike', () => {
    for (const key of [[int8, int8], [int8, text, int4], sampleTypes]) {
      const comparison = new Comparison(keyedSpec('many', key, equality), 7);
      for (let step = 0; step < 100; step++) comparison.step();
      expectSame(comparison.table, comparison.model);
    }
  });
});

test('a key that differs only in form is one row under sql equality and two under image equality', () => {
  const pairs: [SqlType, Value, Value][] = [
    [numeric, numeric.parse('1.0', defaultFormat), numeric.parse('1.00', defaultFormat)],
    [float8, 0, -0],
    [bpchar, 'a', 'a  '],
    [interval, interval.parse('1 day', defaultFormat), interval.parse('24:00:00', defaultFormat)],
  ];
  for (const [type, a, b] of pairs) {
    for (const [equality, expected] of [
      ['sql', 1],
      ['image', 2],
    ] as const) {
      const table = new PagedStateTable(keyedSpec('forms', [type], equality));
      table.upsert(columnsOf([type], [[a], [b], [a]]), 3, new Int32Array(3), new Uint8Array(3));
      expect(table.rowCount).toBe(expected);
    }
  }
});

test('a hundred thousand keys survive the splitting of parts, and their removal empties the index', () => {
  const table = new PagedStateTable(keyedSpec('large', [int8], 'sql'));
  const count = 100_000;
  const keys = columnsOf(
    [int8],
    Array.from({ length: count }, (_, i) => [i * 7919]),
  );
  const rows = new Int32Array(count);
  const created = new Uint8Array(count);
  expect(table.upsert(keys, count, rows, created)).toBe(count);
  expect(table.upsert(keys, count, rows, created)).toBe(0);
  for (let row = 0; row < count; row += 3) table.remove(row);
  table.find(keys, count, rows);
  for (let i = 0; i < count; i++) expect(rows[i] === -1).toBe(i % 3 === 0);
  for (let row = 0; row < count; row++) if (row % 3 !== 0) table.remove(row);
  table.find(keys, count, rows);
  expect(rows.every((row) => row === -1)).toBe(true);
});

const indexedSpec: StateTableSpec = {
  name: 'indexed',
  columns: [column('a', int4), column('b', text), column('c', numeric), column('payload', float8)],
  key: [],
  equality: 'sql',
  indexes: [
    { kind: 'multi', columns: [0] },
    { kind: 'multi', columns: [2, 1] },
    {
      kind: 'ordered',
      order: [
        { column: 1, descending: false, nullsFirst: false },
        { column: 2, descending: true, nullsFirst: true },
      ],
    },
  ],
};

test('chains of a multi index hold exactly the rows of their key', () => {
  const random = new Random(11);
  const comparison = new Comparison(indexedSpec, 11);
  const { table, model } = comparison;
  for (let step = 0; step < 600; step++) {
    if (random.below(5) < 3) comparison.insert();
    else comparison.remove();
    if (step % 20 === 0) expectChains(table, model, random);
  }
});

function expectChains(table: StateTable, model: TableModel, random: Random): void {
  for (const [index, columns] of [
    [0, [0]],
    [1, [2, 1]],
  ] as const) {
    const types = columns.map((c) => model.type(c));
    const key = types.map((type) => sampleValue(type, random));
    const first = new Int32Array(1);
    table.findFirst(index, columnsOf(types, [key]), 1, first);
    const chain: number[] = [];
    for (let row = first[0] as number; row >= 0; row = table.nextInChain(index, row)) chain.push(row);
    expect(chain.sort((a, b) => a - b)).toEqual(model.matching(columns, key, 'sql'));
  }
}

test('an ordered index answers first, last, seek, next, previous, rank, at and count as a sorted array does', () => {
  const random = new Random(13);
  const comparison = new Comparison(indexedSpec, 13);
  for (let step = 0; step < 1500; step++) {
    const growing = step < 900;
    if (random.below(4) < (growing ? 3 : 1)) comparison.insert();
    else comparison.remove();
    if (step % 50 === 49) expectOrder(comparison, random);
  }
});

function expectOrder({ table, model }: Comparison, random: Random): void {
  const spec = indexedSpec.indexes[2];
  if (spec?.kind !== 'ordered') throw new Error('unreachable');
  const index = table.ordered(2);
  const sorted = model.inOrder(spec.order);
  const walked: number[] = [];
  for (let row = index.first([], 0); row >= 0; row = index.next(row)) walked.push(row);
  expect(walked).toEqual(sorted);
  const back: number[] = [];
  for (let row = index.last([], 0); row >= 0; row = index.previous(row)) back.push(row);
  expect(back).toEqual([...sorted].reverse());
  sorted.forEach((row, rank) => {
    expect(index.rank(row)).toBe(rank);
    expect(index.at(rank)).toBe(row);
  });
  expect([index.at(-1), index.at(sorted.length)]).toEqual([-1, -1]);
  for (let probe = 0; probe < 10; probe++) {
    const types = spec.order.slice(0, 1 + random.below(2)).map(({ column: c }) => model.type(c));
    const bound = types.map((type) => sampleValue(type, random));
    const columns = columnsOf(types, [bound]);
    const order = (row: number) => model.compareBound(spec.order, model.rows.get(row) as Value[], bound);
    const under = sorted.filter((row) => order(row) === 0);
    expect(index.first(columns, 0)).toBe(under[0] ?? -1);
    expect(index.last(columns, 0)).toBe(under.at(-1) ?? -1);
    expect(index.count(columns, 0)).toBe(under.length);
    expect(index.seek(columns, 0, false)).toBe(sorted.find((row) => order(row) >= 0) ?? -1);
    expect(index.seek(columns, 0, true)).toBe(sorted.find((row) => order(row) > 0) ?? -1);
  }
}

test('an ordered index holds thousands of rows that come in order, against it, and at random, and empties', () => {
  const spec: StateTableSpec = {
    name: 'deep',
    columns: [column('a', int8)],
    key: [],
    equality: 'sql',
    indexes: [{ kind: 'ordered', order: [{ column: 0, descending: false, nullsFirst: false }] }],
  };
  const count = 20_000;
  const random = new Random(5);
  const orders = [(i: number) => i, (i: number) => count - i, () => random.below(count)];
  for (const keyOf of orders) {
    const table = new PagedStateTable(spec);
    const index = table.ordered(0);
    const keys = columnsOf(
      [int8],
      Array.from({ length: count }, (_, i) => [keyOf(i)]),
    );
    for (let i = 0; i < count; i++) table.insert(keys, i);
    expectAscending(table, count);
    for (let i = 0; i < count; i += 2) table.remove(index.at(i >> 1));
    expectAscending(table, count / 2);
    while (table.rowCount > 0) table.remove(index.at(random.below(table.rowCount)));
    expect(index.first([], 0)).toBe(-1);
    table.insert(keys, 0);
    expect(index.count([], 0)).toBe(1);
  }
});

function expectAscending(table: StateTable, count: number): void {
  const index = table.ordered(0);
  let last = Number.NEGATIVE_INFINITY;
  let seen = 0;
  for (let row = index.first([], 0); row >= 0; row = index.next(row)) {
    const value = rowOf(table, row)[0] as number;
    expect(value >= last).toBe(true);
    last = value;
    seen++;
  }
  expect(seen).toBe(count);
}

test('a pinned table does not move while the table changes under it', () => {
  const spec = keyedSpec('pinned', [int8], 'sql');
  const comparison = new Comparison(spec, 17);
  for (let step = 0; step < 200; step++) comparison.step();
  const pins: { snapshot: StateSnapshot; rows: Map<number, Value[]> }[] = [];
  for (let round = 0; round < 6; round++) {
    pins.push({ snapshot: comparison.table.pin(), rows: copyRows(comparison.model.rows) });
    // Those that stay are not moved either when an older one has gone.
    if (round % 2 === 1) pins.shift()?.snapshot.release();
    for (let step = 0; step < 60; step++) comparison.step();
    for (const pin of pins) expectSnapshot(spec, pin.snapshot, pin.rows);
  }
  expectSame(comparison.table, comparison.model);
  comparison.table.clear();
  for (const pin of pins) expectSnapshot(spec, pin.snapshot, pin.rows);
  expect(comparison.table.rowCount).toBe(0);
});

const copyRows = (rows: Map<number, Value[]>) => new Map([...rows].map(([row, values]) => [row, [...values]]));

function expectSnapshot(spec: StateTableSpec, snapshot: StateSnapshot, rows: Map<number, Value[]>): void {
  expect(snapshot.rowCount).toBe(rows.size);
  let seen = 0;
  for (let p = 0; p < snapshot.pageCount; p++) {
    const { columns, live, liveCount } = snapshot.page(p);
    expect(live.reduce((sum, bit) => sum + bit, 0)).toBe(liveCount);
    live.forEach((bit, i) => {
      if (bit === 0) return;
      const values = columns.map((each) => valueAt(each, i));
      expectSameRow(spec, values, rows.get((p << PAGE_SHIFT) + i) as Value[]);
      seen++;
    });
  }
  expect(seen).toBe(rows.size);
}
