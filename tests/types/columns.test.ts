/** Properties of 64-bit integers in lanes, and of columns and batches: what goes in comes out, wherever it is moved. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_ROWS, type Batch, BatchBuilder, batchOfRows, rowAt, weightAt } from '../../src/types/batch.ts';
import {
  allocateColumn,
  type ColumnKind,
  copyValue,
  gatherColumn,
  isNullAt,
  setValueAt,
  type Value,
  valueAt,
} from '../../src/types/column.ts';
import * as int64 from '../../src/types/int64.ts';
import { Numeric, numericInfinity, numericNaN } from '../../src/types/numeric.ts';

const seed = 20240105;
const check = (property: fc.IProperty<never> | fc.IProperty<unknown[]>): void =>
  fc.assert(property as fc.IProperty<unknown[]>, { seed });

const edges = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 32n,
  -(2n ** 32n),
  2n ** 53n - 1n,
  2n ** 53n,
  -(2n ** 53n),
  1n - 2n ** 53n,
];
const anyBig = fc.oneof(
  fc.constantFrom(...edges, int64.MAX_INT64, int64.MIN_INT64),
  fc.bigInt(-1000n, 1000n),
  fc.bigInt(int64.MIN_INT64, int64.MAX_INT64),
);
const anyInt = anyBig.map(int64.toInt);

test('an integer is a number exactly when it is safe', () => {
  check(
    fc.property(anyBig, (big) => {
      const value = int64.toInt(big);
      expect(typeof value === 'number').toBe(big >= -(2n ** 53n - 1n) && big <= 2n ** 53n - 1n);
      expect(BigInt(value)).toBe(big);
    }),
  );
});

test('lanes give back the integer put in, in the same form', () => {
  const lanes = new Int32Array(6);
  check(
    fc.property(anyInt, (value) => {
      int64.setInt64(lanes, 1, value);
      expect(int64.int64At(lanes, 1)).toBe(value);
      expect([lanes[0], lanes[1], lanes[4], lanes[5]]).toEqual([0, 0, 0, 0]);
      expect(int64.int64AsDouble(lanes, 1)).toBe(Number(value));
    }),
  );
});

const floorDiv = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

type Operation = readonly [(a: int64.Int, b: int64.Int) => int64.Int, (a: bigint, b: bigint) => bigint];
const sums: readonly Operation[] = [
  [int64.addInt, (a, b) => a + b],
  [int64.subInt, (a, b) => a - b],
  [int64.mulInt, (a, b) => a * b],
];
const quotients: readonly Operation[] = [
  [int64.floorDivInt, floorDiv],
  [int64.floorModInt, (a, b) => a - floorDiv(a, b) * b],
  [int64.truncDivInt, (a, b) => a / b],
  [int64.truncModInt, (a, b) => a % b],
];

test('arithmetic on integers agrees with BigInt, canonical form included', () => {
  check(
    fc.property(anyBig, anyBig, (a, b) => {
      for (const [ours, exact] of b === 0n ? sums : [...sums, ...quotients]) {
        const result = ours(int64.toInt(a), int64.toInt(b));
        expect(Object.is(result, int64.toInt(exact(a, b)))).toBe(true);
      }
    }),
  );
});

// -------------------------------------------------------------------------------------------------------- columns

const values: Record<ColumnKind, fc.Arbitrary<Value>> = {
  i32: fc.integer(),
  i64: anyInt,
  f64: fc.double(),
  bool: fc.boolean(),
  text: fc.string(),
  dec: fc.oneof(
    fc.tuple(anyInt, fc.nat(20)).map(([coefficient, scale]) => new Numeric(coefficient, scale)),
    fc.constantFrom(numericNaN, numericInfinity, new Numeric(10n ** 40n, 3)),
  ),
  value: fc.constantFrom({ an: 'object' }, 'text', new Uint8Array(2)),
};
const kinds = Object.keys(values) as ColumnKind[];

const cells = (kind: ColumnKind) =>
  fc.array(fc.oneof({ weight: 4, arbitrary: values[kind] }, fc.constant(null)), { minLength: 1, maxLength: 40 });
const anyColumn = fc.constantFrom(...kinds).chain((kind) => fc.tuple(fc.constant(kind), cells(kind)));

test('a column gives back what was set, NULLs and overwritten NULLs too', () => {
  check(
    fc.property(anyColumn, ([kind, rows]) => {
      const column = allocateColumn(kind, rows.length);
      for (const i of rows.keys()) setValueAt(column, i, null);
      rows.forEach((value, i) => {
        setValueAt(column, i, value);
      });
      expect(rows.map((_, i) => valueAt(column, i))).toEqual(rows);
      expect(rows.map((_, i) => isNullAt(column, i))).toEqual(rows.map((value) => value === null));
    }),
  );
});

test('gathering and copying move the same values', () => {
  check(
    fc.property(anyColumn, fc.array(fc.nat(), { maxLength: 40 }), fc.nat(3), ([kind, rows], picks, at) => {
      const from = allocateColumn(kind, rows.length);
      rows.forEach((value, i) => {
        setValueAt(from, i, value);
      });
      const chosen = Int32Array.from(picks, (pick) => pick % rows.length);
      const gathered = allocateColumn(kind, chosen.length + at);
      const copied = allocateColumn(kind, chosen.length + at);
      for (let i = 0; i < chosen.length; i++) setValueAt(gathered, at + i, null); // Old NULLs must not shine through.
      gatherColumn(from, chosen, chosen.length, gathered, at);
      chosen.forEach((row, i) => {
        copyValue(from, row, copied, at + i);
      });
      const expected = [...chosen].map((row) => rows[row]);
      expect([...chosen].map((_, i) => valueAt(gathered, at + i))).toEqual(expected);
      expect([...chosen].map((_, i) => valueAt(copied, at + i))).toEqual(expected);
    }),
  );
});

test('a builder hands on full batches, every row once and with its weight', () => {
  const rows = Array.from({ length: 1000 }, (_, i): Value[] => [i, i % 7 === 0 ? null : `row ${i}`]);
  const source = batchOfRows(
    ['i32', 'text'],
    rows,
    rows.map((_, i) => (i % 3 === 0 ? -1 : 1)),
  );
  const builder = new BatchBuilder(['i32', 'text']);
  const sizes: number[] = [];
  const seen: Value[][] = [];
  const output = (batch: Batch): void => {
    sizes.push(batch.length);
    for (let i = 0; i < batch.length; i++) seen.push([...rowAt(batch, i), weightAt(batch, i)]);
  };
  const order = Int32Array.from(rows.keys());
  for (let round = 0; round < 3; round++) builder.gather(source.columns, order, order.length, source.weights, output);
  builder.flush(output);
  builder.flush(output);
  expect(sizes).toEqual([BATCH_ROWS, BATCH_ROWS, 3000 - 2 * BATCH_ROWS]);
  const once = rows.map((row, i) => [...row, i % 3 === 0 ? -1 : 1]);
  expect(seen).toEqual([...once, ...once, ...once]);
});

test('a batch of plain inserts carries no weights', () => {
  const builder = new BatchBuilder(['bool']);
  const lengths: (Int32Array | null)[] = [];
  setValueAt(builder.columns[0] as ReturnType<typeof allocateColumn>, builder.add(1), true);
  builder.flush((batch) => lengths.push(batch.weights));
  expect(lengths).toEqual([null]);
});
