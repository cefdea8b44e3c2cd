/** Compiled kernels against the interpreter, and what the generated text must and must not hold. */
import { describe, expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { Random } from '../../src/base/random.ts';
import { compilePredicate, compileProjection } from '../../src/expr/compile.ts';
import { evaluate } from '../../src/expr/evaluate.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { defineFunction } from '../../src/expr/functions/define.ts';
import { resolveOperator } from '../../src/expr/functions/resolve.ts';
import { batchOfRows } from '../../src/types/batch.ts';
import { bool } from '../../src/types/boolean.ts';
import { allocateColumn, type Column, type Value, valueAt } from '../../src/types/column.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { Numeric } from '../../src/types/numeric.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { text } from '../../src/types/text.ts';
import type { SqlType } from '../../src/types/type.ts';
import { randomColumns, randomExpr, types } from './random-exprs.ts';
import { context } from './run-sql.ts';

const ROWS = 40;

const outcome = (run: () => Value): string => {
  try {
    return show(run());
  } catch (error) {
    if (error instanceof SqlError) return `${error.code} ${error.message}`;
    throw error;
  }
};

/** Values told apart exactly: 1 from 1.0, -0 from 0. */
const show = (value: Value): string =>
  Object.is(value, -0)
    ? '-0'
    : JSON.stringify(value, (_, part) => (typeof part === 'bigint' || Number.isNaN(part) ? `${part}` : part));

/** Integers have no negative zero, whatever the arithmetic left behind. */
const zeroed = (type: SqlType, shown: string): string => (type.column !== 'f64' && shown === '-0' ? '0' : shown);

const selectionOf = (random: Random): Int32Array | null =>
  random.below(2) === 0 ? null : Int32Array.from({ length: ROWS }, () => random.below(ROWS));

/** The outcome of each of `rows`, run one by one, as errors must be told apart. */
function compiledRows(expr: Expr, columns: readonly Column[], rows: readonly number[]): string[] {
  const kernel = compileProjection([expr], 'one', 0);
  const out = allocateColumn(expr.type.column, 1);
  const run = (row: number): Value => {
    kernel.run(context, columns, Int32Array.of(row), 1, [out]);
    return valueAt(out, 0);
  };
  return rows.map((row) =>
    zeroed(
      expr.type,
      outcome(() => run(row)),
    ),
  );
}

describe('a kernel gives what the interpreter gives', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('seed %i', (seed) => {
    const random = new Random(seed);
    const columns = randomColumns(random, ROWS);
    for (let round = 0; round < 12; round++) {
      const type = types[random.below(types.length)] as SqlType;
      const exprs = [randomExpr(random, type, 1 + random.below(3)), randomExpr(random, bool, 2)];
      const selection = selectionOf(random);
      const rowOf = (k: number) => (selection === null ? k : (selection[k] as number));
      const expected = Array.from({ length: ROWS }, (_, k) =>
        exprs.map((expr) =>
          zeroed(
            expr.type,
            outcome(() => evaluate(expr, context, columns, rowOf(k))),
          ),
        ),
      );
      const failing = expected.some((row) => row.some((shown) => /^[0-9A-Z]{5} /.test(shown)));
      if (failing) {
        const rows = Array.from({ length: ROWS }, (_, k) => rowOf(k));
        for (const [e, expr] of exprs.entries()) {
          expect(compiledRows(expr, columns, rows)).toEqual(expected.map((row) => row[e]));
        }
        continue;
      }
      const kernel = compileProjection(exprs, `random${seed}`, 0);
      const out = exprs.map((expr) => allocateColumn(expr.type.column, ROWS));
      kernel.run(context, columns, selection, ROWS, out);
      const actual = Array.from({ length: ROWS }, (_, k) =>
        exprs.map((expr, e) => zeroed(expr.type, show(valueAt(out[e] as Column, k)))),
      );
      expect(actual, kernel.source).toEqual(expected);
      const kept = new Int32Array(ROWS);
      const condition = exprs[1] as Expr;
      const found = compilePredicate(condition, `random${seed}`, 0).run(context, columns, selection, ROWS, kept);
      const wanted = Array.from({ length: ROWS }, (_, k) => rowOf(k)).filter((_, k) => expected[k]?.[1] === 'true');
      expect([...kept.subarray(0, found)]).toEqual(wanted);
    }
  });
});

const column = (index: number, type: SqlType, name = 'x'): Expr => ({ kind: 'column', index, name, type, typmod: -1 });
const constant = (type: SqlType, value: Value): Expr => ({ kind: 'constant', type, typmod: -1, value });
const operate = (left: Expr, name: string, right: Expr): Expr => {
  const found = resolveOperator(name, left.type, right.type);
  if (found === null) throw new Error(`no operator ${name}`);
  return { kind: 'call', fn: found.fn, args: [left, right], type: found.result, typmod: -1, at: 0 };
};

const project = (exprs: readonly Expr[], rows: readonly (readonly Value[])[], kinds: readonly SqlType[]): Value[][] => {
  const { columns } = batchOfRows(
    kinds.map((type) => type.column),
    rows,
  );
  const out = exprs.map((expr) => allocateColumn(expr.type.column, rows.length));
  compileProjection(exprs, 'test', 0).run(context, columns, null, rows.length, out);
  return rows.map((_, k) => out.map((c) => valueAt(c, k)));
};

test('a hostile column name stays inside its comment', () => {
  const name = 'x\n; throw 1 //\r\u2028\u2029*/ ` "';
  const expr = operate(column(0, int4, name), '+', constant(int4, 1));
  const { source } = compileProjection([expr], 'hostile', 0);
  const line = source.split('\n').find((each) => each.includes('throw 1'));
  expect(line).toMatch(/\/\/.*throw 1/);
  expect(source).not.toMatch(/[\r\u2028\u2029]/);
  expect(project([expr], [[1]], [int4])).toEqual([[2]]);
});

test('a hostile literal stays inside its string', () => {
  const value = `'"\\\n\u2028\u2029\${1}`;
  const expr = operate(column(0, text), '||', constant(text, value));
  expect(project([expr], [['a']], [text])).toEqual([[`a${value}`]]);
});

test('a branch not taken is not evaluated', () => {
  const inverse = operate(constant(int4, 1), '/', column(0, int4));
  const isZero = operate(column(0, int4), '=', constant(int4, 0));
  const then = constant(int4, -1);
  const guarded: Expr = {
    kind: 'case',
    branches: [{ when: isZero, then }],
    otherwise: inverse,
    type: int4,
    typmod: -1,
  };
  expect(project([guarded], [[0], [1]], [int4])).toEqual([[-1], [1]]);
  const either: Expr = {
    kind: 'or',
    operands: [isZero, operate(inverse, '=', constant(int4, 1))],
    type: bool,
    typmod: -1,
  };
  expect(project([either], [[0], [1], [2]], [int4])).toEqual([[true], [true], [false]]);
});

test('the error of a failing row is raised, worded by the function', () => {
  const sum = operate(column(0, int4), '+', constant(int4, 1));
  expect(() => project([sum], [[1], [2147483647]], [int4])).toThrow('integer out of range');
  const big = operate(column(0, int8), '*', constant(int8, 2));
  expect(() => project([big], [[2n ** 62n]], [int8])).toThrow('bigint out of range');
  expect(project([big], [[2 ** 53 - 1]], [int8])).toEqual([[2n ** 54n - 2n]]);
});

test('an expression that occurs twice is computed once', () => {
  const product = operate(column(0, numeric), '*', column(0, numeric));
  const twice = operate(product, '+', product);
  const { source } = compileProjection([twice, product], 'shared', 0);
  expect(source.match(/v\d+ \* v\d+/g)).toHaveLength(1);
  expect(project([twice, product], [[new Numeric(15, 1)]], [numeric])).toEqual([
    [new Numeric(450, 2), new Numeric(225, 2)],
  ]);
});

test('a volatile function runs once per row and is never compiled', () => {
  let calls = 0;
  const next = defineFunction({
    name: 'next',
    args: [],
    result: int8,
    volatility: 'volatile',
    doc: '',
    examples: [],
    eval: () => 2n ** 60n + BigInt(calls++),
  });
  const expr: Expr = { kind: 'call', fn: next, args: [], type: int8, typmod: -1, at: 0 };
  const rows = project([expr, column(0, int4)], [[1], [2], [3]], [int4]);
  expect(calls).toBe(3);
  expect(rows.map(([, x]) => x)).toEqual([1, 2, 3]);
});

test('output null maps of an earlier batch do not linger', () => {
  const kernel = compileProjection([operate(column(0, int4), '+', constant(int4, 1))], 'reuse', 0);
  const out = [allocateColumn('i32', 2)];
  kernel.run(context, batchOfRows(['i32'], [[null], [1]]).columns, null, 2, out);
  expect(valueAt(out[0] as Column, 0)).toBe(null);
  kernel.run(context, batchOfRows(['i32'], [[5], [6]]).columns, null, 2, out);
  expect([valueAt(out[0] as Column, 0), valueAt(out[0] as Column, 1)]).toEqual([6, 7]);
});

test('parameters are read once per batch, large and NULL ones too', () => {
  const parameter: Expr = { kind: 'parameter', index: 0, type: int8, typmod: -1 };
  const kernel = compileProjection([operate(column(0, int8), '+', parameter)], 'parameters', 0);
  const { columns } = batchOfRows(['i64'], [[1]]);
  const out = [allocateColumn('i64', 1)];
  const answer = (value: Value): Value => {
    kernel.run({ ...context, parameters: [value] }, columns, null, 1, out);
    return valueAt(out[0] as Column, 0);
  };
  expect([answer(2), answer(null), answer(2n ** 60n)]).toEqual([3, null, 2n ** 60n + 1n]);
});
