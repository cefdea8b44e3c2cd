/** Aggregates under random insertions and retractions, each batch held against a plain recomputation over what is left. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { resolveAggregate } from '../../src/expr/aggregates/resolve.ts';
import { bool } from '../../src/types/boolean.ts';
import { allocateColumn, type Column, setValueAt, type Value, valueAt } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { interval } from '../../src/types/interval.ts';
import { Interval } from '../../src/types/interval-value.ts';
import { addNumeric, mulNumeric, Numeric, numericFromInt, numericNaN, numericZero } from '../../src/types/numeric.ts';
import { averageNumeric } from '../../src/types/numeric-division.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { text } from '../../src/types/text.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

const GROUPS = 1500; // More than a page, so that page and slot both matter.
const BATCH = 64;

type Model = (values: readonly Value[]) => Value;

const pools = new Map<SqlType, readonly Value[]>([
  [int4, [0, 1, -1, 17, 2147483647, -2147483648]],
  [int8, [0, 1, -1, 2 ** 40, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2n ** 62n, -(2n ** 63n)]],
  [
    numeric,
    [
      numericZero,
      new Numeric(150, 2),
      new Numeric(2, 0),
      new Numeric(-(10n ** 25n), 3),
      new Numeric(9007199254740991, 2),
      numericNaN,
    ],
  ],
  [float8, [0, 0.5, -1.25, 1024, 3.75, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  [bool, [true, false]],
  [interval, [new Interval(1, 2, 3), new Interval(0, 0, -3_600_000_000), new Interval(-13, 40, 7)]],
  [text, ['a', 'b', '\u{1f600}', '\uff5e']],
]);

const exactSum = (values: readonly Value[]): Numeric =>
  values.reduce<Numeric>(
    (sum, v) => addNumeric(sum, typeof v === 'object' ? (v as Numeric) : numericFromInt(v as number)),
    numericZero,
  );
const nullIfEmpty =
  (model: Model): Model =>
  (values) =>
    values.length === 0 ? null : model(values);
const sumInterval = (values: readonly Value[]): Interval =>
  (values as Interval[]).reduce(
    (a, b) => new Interval(a.months + b.months, a.days + b.days, Number(a.micros) + Number(b.micros)),
    new Interval(0, 0, 0),
  );
const extreme =
  (type: SqlType, sign: number): Model =>
  (values) =>
    values.reduce((best, v) => (best === null || sign * type.compare(v, best) > 0 ? v : best), null);

const mean = (values: readonly Value[]): Numeric => averageNumeric(exactSum(values), values.length);
const spread = (values: readonly Value[]): Numeric => {
  const squares = values.reduce<Numeric>(
    (sum, v) => addNumeric(sum, mulNumeric(numericFromInt(v as number), numericFromInt(v as number))),
    numericZero,
  );
  const sum = exactSum(values);
  const n = numericFromInt(values.length);
  return addNumeric(mulNumeric(n, squares), mulNumeric(numericFromInt(-1), mulNumeric(sum, sum)));
};

const retractable: readonly (readonly [name: string, type: SqlType, model: Model])[] = [
  ['count', int4, (values) => values.length],
  ['sum', int8, nullIfEmpty(exactSum)],
  ['avg', int8, nullIfEmpty(mean)],
  ['avg', int4, nullIfEmpty(mean)],
  ['sum', numeric, nullIfEmpty(exactSum)],
  ['avg', numeric, nullIfEmpty(mean)],
  ['sum', float8, nullIfEmpty((values) => (values as number[]).reduce((a, b) => a + b, 0))],
  ['bool_and', bool, nullIfEmpty((values) => values.every((v) => v === true))],
  ['bool_or', bool, nullIfEmpty((values) => values.includes(true))],
  ['sum', interval, nullIfEmpty(sumInterval)],
  ['var_pop', int4, nullIfEmpty((values) => (spread(values).coefficient === 0 ? numericZero : null))],
];
const forgetful: readonly (readonly [name: string, type: SqlType, model: Model])[] = [
  int4,
  int8,
  float8,
  numeric,
  text,
].flatMap((type) => [['min', type, extreme(type, -1)] as const, ['max', type, extreme(type, 1)] as const]);

/** Runs batches of changes; after each, every group touched is compared. */
function check(name: string, type: SqlType, model: Model, seed: number, retracts: boolean): void {
  const random = new Random(seed);
  const resolved = resolveAggregate(name, [type]);
  if (resolved === null) throw new Error(`no ${name}`);
  const { fn, result } = resolved;
  const pages = Math.ceil(GROUPS / 1024);
  const state = fn.state([type]).map((t) => Array.from({ length: pages }, () => allocateColumn(t.column, 1024)));
  const left = new Map<number, Value[]>();
  const pool = pools.get(type) as readonly Value[];
  for (let batch = 0; batch < 40; batch++) {
    const values = allocateColumn(type.column, BATCH);
    const groups = new Int32Array(BATCH);
    const weights = new Int32Array(BATCH);
    for (let i = 0; i < BATCH; i++) {
      const group = random.below(3) * 700;
      const rows = left.get(group) ?? [];
      left.set(group, rows);
      const isRetraction = retracts && rows.length > 0 && random.below(2) === 0;
      const value = isRetraction
        ? (rows.splice(random.below(rows.length), 1)[0] as Value)
        : (pool[random.below(pool.length)] as Value);
      weights[i] = isRetraction ? -1 : 1 + random.below(2);
      for (let copy = 0; copy < (weights[i] as number); copy++) rows.push(value);
      groups[i] = group;
      setValueAt(values, i, value);
    }
    accumulate(fn, state, groups, values, weights, random);
    for (const [group, rows] of left) {
      const out = allocateColumn(result.column, 1);
      fn.finish(state, Int32Array.of(group), 1, out, 0);
      compareResult(result, valueAt(out, 0), model(rows), name, rows);
    }
  }
}

type Fn = NonNullable<ReturnType<typeof resolveAggregate>>['fn'];

/** All rows, straight or through a selection in order. */
function accumulate(
  fn: Fn,
  state: Column[][],
  groups: Int32Array,
  values: Column,
  weights: Int32Array,
  random: Random,
): void {
  const selection = random.below(2) === 0 ? null : Int32Array.from({ length: BATCH }, (_, i) => i);
  fn.accumulate(state, groups, [values], weights, selection, BATCH);
}

function compareResult(type: SqlType, actual: Value, expected: Value, name: string, rows: readonly Value[]): void {
  if (name === 'var_pop' && expected === null && rows.length > 0) return; // Only where it is zero does the model say.
  const shown = actual === null ? null : type.format(actual, defaultFormat);
  const wanted = expected === null ? null : type.format(expected, defaultFormat);
  expect(shown, `${name} of ${rows.length} rows`).toBe(wanted);
}

const titled = (cases: typeof retractable) => cases.map((each) => [`${each[0]}(${each[1].name})`, each] as const);

describe('what can forget', () => {
  test.each(titled(retractable))('%s', (_, [name, type, model]) => {
    for (let seed = 0; seed < 5; seed++) check(name, type, model, seed, true);
  });
});

describe('what cannot forget, over appended rows', () => {
  test.each(titled(forgetful))('%s', (_, [name, type, model]) => {
    for (let seed = 0; seed < 5; seed++) check(name, type, model, seed, false);
  });
});

function sumOfDoubles(changes: readonly (readonly [value: number, weight: number])[]): Value {
  const { fn } = resolveAggregate('sum', [float8]) ?? {};
  if (fn === undefined) throw new Error('no sum');
  const state = fn.state([float8]).map((t) => [allocateColumn(t.column, 1024)]);
  for (const [value, weight] of changes) {
    const column = allocateColumn('f64', 1);
    setValueAt(column, 0, value);
    fn.accumulate(state, Int32Array.of(3), [column], Int32Array.of(weight), null, 1);
  }
  const out = allocateColumn('f64', 1);
  fn.finish(state, Int32Array.of(3), 1, out, 0);
  return valueAt(out, 0);
}

test('appended floats are summed as PostgreSQL sums them, rounding and all', () => {
  expect(
    sumOfDoubles([
      [0.1, 1],
      [0.2, 1],
      [0.3, 1],
    ]),
  ).toBe(0.6000000000000001);
});

test('a float that comes and goes leaves nothing behind', () => {
  expect(
    sumOfDoubles([
      [1, 1],
      [1e20, 1],
      [1e20, -1],
    ]),
  ).toBe(1);
  expect(
    sumOfDoubles([
      [0.1, 1],
      [0.2, 1],
      [0.3, 1],
      [0.1, -1],
      [0.2, -1],
    ]),
  ).toBe(0.3);
  expect(
    sumOfDoubles([
      [1, 1],
      [Number.NaN, 1],
      [Number.NaN, -1],
    ]),
  ).toBe(1);
});

test('a sum shows the greatest scale of the rows that are left', () => {
  const { fn } = resolveAggregate('sum', [numeric]) ?? {};
  if (fn === undefined) throw new Error('no sum');
  const state = fn.state([numeric]).map((t) => [allocateColumn(t.column, 1024)]);
  const add = (value: Numeric, weight: number): string => {
    const column = allocateColumn('dec', 1);
    setValueAt(column, 0, value);
    fn.accumulate(state, Int32Array.of(0), [column], Int32Array.of(weight), null, 1);
    const out = allocateColumn('dec', 1);
    fn.finish(state, Int32Array.of(0), 1, out, 0);
    return numeric.format(valueAt(out, 0), defaultFormat);
  };
  expect(add(new Numeric(2, 0), 1)).toBe('2');
  expect(add(new Numeric(150, 2), 1)).toBe('3.50');
  expect(add(new Numeric(150, 2), -1)).toBe('2');
});

test('sum(integer) beyond bigint is out of range', () => {
  const { fn } = resolveAggregate('sum', [int4]) ?? {};
  if (fn === undefined) throw new Error('no sum');
  const state = fn.state([int4]).map((t) => [allocateColumn(t.column, 1024)]);
  const column = allocateColumn('i32', 1);
  setValueAt(column, 0, 2147483647);
  for (let i = 0; i < 3; i++) fn.accumulate(state, Int32Array.of(0), [column], Int32Array.of(0x7fffffff), null, 1);
  const out = allocateColumn('i64', 1);
  expect(() => fn.finish(state, Int32Array.of(0), 1, out, 0)).toThrow('bigint out of range');
});
