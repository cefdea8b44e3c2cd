/** Random bound expressions over seven columns, one per column kind, and batches to run them on, extremes and NULLs included. */
import type { Random } from '../../src/base/random.ts';
import { coerceExpr } from '../../src/expr/coerce.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { resolveFunction, resolveOperator } from '../../src/expr/functions/resolve.ts';
import { emptyArray, SqlArray } from '../../src/types/array.ts';
import { bool } from '../../src/types/boolean.ts';
import { allocateColumn, type Column, setValueAt, type Value } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { Numeric, numericNaN } from '../../src/types/numeric.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { arrayOf } from '../../src/types/registry.ts';
import { text } from '../../src/types/text.ts';
import type { SqlType } from '../../src/types/type.ts';

const int4Array = arrayOf(int4) as SqlType;
export const types: readonly SqlType[] = [int4, int8, float8, bool, text, numeric, int4Array];

const MAX = 2n ** 63n - 1n;
const values = new Map<SqlType, readonly Value[]>([
  [int4, [0, 1, -1, 2, 7, 123, 2147483647, -2147483648]],
  [int8, [0, 1, -1, 5, 246, 2 ** 40, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2n ** 53n, MAX, -MAX - 1n]],
  [float8, [0, -0, 1.5, -2.25, 1e300, 1e-300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  [bool, [true, false]],
  [text, ['', 'a', 'b', 'Ab\u2028c', '\u{1f600}', "it's"]],
  [
    numeric,
    [
      new Numeric(0, 0),
      new Numeric(150, 2),
      new Numeric(-15, 1),
      new Numeric(908, 3),
      new Numeric(10n ** 20n, 4),
      numericNaN,
      new Numeric(1, 30),
      new Numeric(9007199254740991, 2),
    ],
  ],
  [int4Array, [emptyArray, SqlArray.of([1, 2]), SqlArray.of([7, null])]],
]);

const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;

export function randomColumns(random: Random, rows: number): Column[] {
  return types.map((type) => {
    const column = allocateColumn(type.column, rows);
    const nullShare = pick(random, [0, 0, 0.3]);
    for (let i = 0; i < rows; i++) {
      const isNull = random.next() < nullShare;
      setValueAt(
        column,
        i,
        isNull ? null : pick(random, (values.get(type) as Value[]).slice(0, random.below(4) === 0 ? 99 : 5)),
      );
    }
    return column;
  });
}

const leaf = (random: Random, type: SqlType): Expr => {
  if (random.below(3) === 0) {
    const value = random.below(8) === 0 ? null : pick(random, values.get(type) as Value[]);
    return { kind: 'constant', type, typmod: -1, value };
  }
  return { kind: 'column', index: types.indexOf(type), name: `c\n${type.name}`, type, typmod: -1 };
};

const call = (name: string, args: readonly Expr[]): Expr => {
  const argTypes = args.map((arg) => arg.type);
  const operator = /^\W+$/.test(name);
  const found = operator
    ? resolveOperator(name, args.length === 1 ? null : (argTypes[0] as SqlType), argTypes.at(-1) as SqlType)
    : resolveFunction(name, argTypes);
  if (found === null) throw new Error(`no ${name}(${argTypes.map((type) => type.name)})`);
  const coerced = args.map((arg, i) => coerceExpr(arg, found.argTypes[i] as SqlType, -1, 'implicit', 0) as Expr);
  return { kind: 'call', fn: found.fn, args: coerced, type: found.result, typmod: -1, at: 0 };
};

const cast = (expr: Expr, type: SqlType): Expr => coerceExpr(expr, type, -1, 'explicit', 0) as Expr;

type Make = (of: (type: SqlType) => Expr, random: Random) => Expr;

/** Ways to make a value of each type out of others. */
const makers = new Map<SqlType, readonly Make[]>([
  [
    int4,
    [
      (of, r) => call(pick(r, ['+', '-', '*', '/', '%', '&', '|']), [of(int4), of(int4)]),
      (of, r) => call(pick(r, ['-', '@', '~']), [of(int4)]),
      (of) => call('length', [of(text)]),
      (of) => cast(of(int8), int4),
      (of) => call('array_subscript', [of(int4Array), of(int4)]),
      (of) => call('array_length', [of(int4Array), { kind: 'constant', type: int4, typmod: -1, value: 1 }]),
    ],
  ],
  [
    int8,
    [
      (of, r) => call(pick(r, ['+', '-', '*', '/', '%']), [of(int8), of(int8)]),
      (of, r) => call(pick(r, ['+', '*', '/']), [of(int8), of(int4)]),
      (of, r) => call(pick(r, ['-', '@', '~']), [of(int8)]),
      (of) => cast(of(int4), int8),
      (of) => cast(of(numeric), int8),
    ],
  ],
  [
    float8,
    [
      (of, r) => call(pick(r, ['+', '-', '*', '/']), [of(float8), of(float8)]),
      (of, r) => call(pick(r, ['floor', 'abs', 'round']), [of(float8)]),
      (of, r) => cast(of(pick(r, [int4, int8, numeric])), float8),
    ],
  ],
  [
    numeric,
    [
      (of, r) => call(pick(r, ['+', '-', '*', '/', '%']), [of(numeric), of(numeric)]),
      (of, r) => call(pick(r, ['-', '@']), [of(numeric)]),
      (of, r) => cast(of(pick(r, [int4, int8])), numeric),
      (of) => coerceExpr(of(numeric), numeric, (12 << 16) + 2 + 4, 'explicit', 0) as Expr,
    ],
  ],
  [
    text,
    [
      (of) => call('||', [of(text), of(text)]),
      (of, r) => call(pick(r, ['upper', 'reverse']), [of(text)]),
      (of) => call('concat', [of(text), of(int8), of(numeric)]),
      (of) => cast(of(int8), text),
    ],
  ],
  [
    bool,
    [
      (of, r) => {
        const type = pick(r, types);
        return call(pick(r, ['=', '<>', '<', '<=', '>', '>=']), [of(type), of(type)]);
      },
      (of, r) => call(pick(r, ['<', '=', '>=']), [of(int8), of(int4)]),
      (of, r) => ({
        kind: pick(r, ['and', 'or'] as const),
        operands: [of(bool), of(bool), of(bool)],
        type: bool,
        typmod: -1,
      }),
      (of) => ({ kind: 'not', operand: of(bool), type: bool, typmod: -1 }),
      (of, r) => ({ kind: 'is-null', operand: of(pick(r, types)), negated: r.below(2) === 0, type: bool, typmod: -1 }),
      (of, r) => ({
        kind: 'boolean-test',
        operand: of(bool),
        test: pick(r, ['true', 'false', 'unknown'] as const),
        negated: r.below(2) === 0,
        type: bool,
        typmod: -1,
      }),
      (of, r) => {
        const type = pick(r, types);
        const equal = resolveOperator('=', type, type);
        if (equal === null) throw new Error('no =');
        return {
          kind: 'is-distinct',
          left: of(type),
          right: of(type),
          equal: equal.fn,
          negated: r.below(2) === 0,
          type: bool,
          typmod: -1,
        };
      },
      (of, r) => {
        const type = pick(r, [int4, int8, float8, text, numeric]);
        const choices = (values.get(type) as Value[]).slice(1, 4);
        return {
          kind: 'in-list',
          operand: of(type),
          choices: r.below(3) === 0 ? [...choices, null] : choices,
          negated: r.below(2) === 0,
          type: bool,
          typmod: -1,
        };
      },
      (of, r) => {
        const equal = resolveOperator('=', int4, int4);
        if (equal === null) throw new Error('no =');
        return {
          kind: 'quantified',
          quantifier: pick(r, ['any', 'all'] as const),
          operand: of(int4),
          array: of(int4Array),
          fn: equal.fn,
          type: bool,
          typmod: -1,
        };
      },
    ],
  ],
  [
    int4Array,
    [
      (of) => ({ kind: 'array', elements: [of(int4), of(int4)], type: int4Array, typmod: -1 }),
      (of) => call('||', [of(int4Array), of(int4Array)]),
    ],
  ],
]);

const branch = (when: Expr, then: Expr) => ({ when, then });

const lazy = (type: SqlType): Make[] => [
  (of) => ({
    kind: 'case',
    branches: [branch(of(bool), of(type)), branch(of(bool), of(type))],
    otherwise: of(type),
    type,
    typmod: -1,
  }),
  (of) => ({ kind: 'case', branches: [branch(of(bool), of(type))], otherwise: null, type, typmod: -1 }),
  (of) => ({ kind: 'coalesce', args: [of(type), of(type), of(type)], type, typmod: -1 }),
  (of, r) => ({ kind: pick(r, ['greatest', 'least'] as const), args: [of(type), of(type)], type, typmod: -1 }),
];

export function randomExpr(random: Random, type: SqlType, depth: number): Expr {
  if (depth === 0) return leaf(random, type);
  const own = makers.get(type) as readonly Make[];
  const make = random.below(3) === 0 ? pick(random, lazy(type)) : pick(random, own);
  return make((wanted) => randomExpr(random, wanted, depth - 1), random);
}
