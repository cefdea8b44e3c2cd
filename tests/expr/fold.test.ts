/** Folding, printing and volatility of expressions, bound from SQL. */
import { describe, expect, test } from 'vitest';
import { coerceExpr } from '../../src/expr/coerce.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { foldConstants } from '../../src/expr/fold.ts';
import { formatExpr } from '../../src/expr/format-expr.ts';
import { resolveFunction, resolveOperator } from '../../src/expr/functions/resolve.ts';
import { volatilityOf } from '../../src/expr/volatility.ts';
import { bool } from '../../src/types/boolean.ts';
import type { Value } from '../../src/types/column.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { Numeric } from '../../src/types/numeric.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { text, varchar } from '../../src/types/text.ts';
import { timestamptz } from '../../src/types/timestamp.ts';
import type { SqlType } from '../../src/types/type.ts';
import { context } from './run-sql.ts';

const a: Expr = { kind: 'column', index: 0, name: 'a', type: int4, typmod: -1 };
const constant = (type: SqlType, value: Value): Expr => ({ kind: 'constant', type, typmod: -1, value });
const one = constant(int4, 1);

function call(name: string, ...args: Expr[]): Expr {
  const types = args.map((arg) => arg.type);
  const isOperator = /^\W+$/.test(name) && args.length === 2;
  const found = isOperator
    ? resolveOperator(name, types[0] as SqlType, types[1] as SqlType)
    : resolveFunction(name, types);
  if (found === null) throw new Error(`no ${name}`);
  return { kind: 'call', fn: found.fn, args, type: found.result, typmod: -1, at: 0 };
}

const both = (kind: 'and' | 'or', ...operands: Expr[]): Expr => ({ kind, operands, type: bool, typmod: -1 });
const fold = (expr: Expr): string => formatExpr(foldConstants(expr, context));

describe('folding', () => {
  test('immutable calls over constants become their value, inside other calls too', () => {
    expect(fold(call('+', a, call('*', constant(int4, 6), constant(int4, 7))))).toBe('(a + 42)');
    expect(fold(call('upper', constant(text, 'x')))).toBe("'X'::text");
  });

  test('a part that fails stays, so that it fails only if it is reached', () => {
    expect(fold(call('/', one, constant(int4, 0)))).toBe('(1 / 0)');
  });

  test('what depends on the session or on chance stays', () => {
    expect(fold(call('random'))).toBe('random()');
    expect(fold(call('now'))).toBe('now()');
    expect(fold(call('concat', constant(timestamptz, 0)))).toMatch(/^concat\(/);
    expect(fold(call('concat', one, constant(text, 'x')))).toBe("'1x'::text");
  });

  test('operands that cannot matter go, and all behind one that decides', () => {
    const isOne = call('=', a, one);
    const yes = constant(bool, true);
    const no = constant(bool, false);
    expect(fold(both('and', yes, isOne))).toBe('(a = 1)');
    expect(fold(both('and', no, isOne))).toBe('false');
    expect(fold(both('and', isOne, no, isOne))).toBe('((a = 1) AND false)');
    expect(fold(both('or', no, no))).toBe('false');
  });

  test('CASE keeps only the branches that may be taken', () => {
    const branch = (when: Expr, then: Expr) => ({ when, then });
    const no = constant(bool, false);
    const yes = constant(bool, true);
    const failing = call('/', one, constant(int4, 0));
    const choose = (branches: ReturnType<typeof branch>[]): Expr => ({
      kind: 'case',
      branches,
      otherwise: a,
      type: int4,
      typmod: -1,
    });
    expect(fold(choose([branch(no, failing)]))).toBe('a');
    expect(fold(choose([branch(yes, one), branch(call('=', a, one), failing)]))).toBe('1');
  });
});

describe('printing', () => {
  test.each<readonly [Expr, string]>([
    [constant(int4, -5), "'-5'::integer"],
    [constant(int8, 5), "'5'::bigint"],
    [constant(numeric, new Numeric(908, 3)), '0.908'],
    [constant(text, "it's"), "'it''s'::text"],
    [constant(int4, null), 'NULL::integer'],
    [{ ...a, name: 'Select' } as Expr, '"Select"'],
    [coerceExpr(a, numeric, -1, 'implicit', 0) as Expr, '(a)::numeric'],
    [coerceExpr(constant(text, 'abc'), varchar, 7, 'explicit', 0) as Expr, "('abc'::text)::character varying(3)"],
    [
      { kind: 'in-list', operand: a, choices: [1, null, 3], negated: false, type: bool, typmod: -1 },
      "(a = ANY ('{1,NULL,3}'::integer[]))",
    ],
    [{ kind: 'is-null', operand: a, negated: true, type: bool, typmod: -1 }, '(a IS NOT NULL)'],
    [{ kind: 'not', operand: call('=', a, one), type: bool, typmod: -1 }, '(NOT (a = 1))'],
    [call('abs', a), 'abs(a)'],
  ])('%#', (expr, shown) => {
    expect(formatExpr(expr)).toBe(shown);
  });
});

test('the volatility of an expression is that of its most volatile part', () => {
  expect(volatilityOf(call('+', a, one))).toBe('immutable');
  expect(volatilityOf(both('and', call('=', a, one), call('<', call('now'), call('now'))))).toBe('stable');
  expect(
    volatilityOf({
      kind: 'coalesce',
      args: [a, coerceExpr(call('random'), int4, -1, 'explicit', 0) as Expr],
      type: int4,
      typmod: -1,
    }),
  ).toBe('volatile');
  expect(volatilityOf({ kind: 'parameter', index: 0, type: int4, typmod: -1 })).toBe('stable');
});

test('a literal that its type cannot read is reported where it stands', () => {
  const literal = { ...constant(text, 'x'), type: { ...text, oid: 705 } } as Expr;
  expect(() => coerceExpr(literal, int4, -1, 'implicit', 17)).toThrow('invalid input syntax for type integer: "x"');
  try {
    coerceExpr(literal, int4, -1, 'implicit', 17);
  } catch (error) {
    expect((error as { fields: { position?: number } }).fields.position).toBe(17);
  }
});
