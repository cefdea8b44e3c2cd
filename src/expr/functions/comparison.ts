/**
 * = <> < <= > >= of every type that has an order, one function per pair of types as in pg_operator.
 *
 * Numbers of different types compare as they are; the doubles of a compiled loop hold all of them. Arrays compare by the order
 * of their elements.
 */
import type { SqlArray } from '../../types/array.ts';
import { compareArrays, oidvector } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import { bytea } from '../../types/bytea.ts';
import type { Value } from '../../types/column.ts';
import { float4, float8 } from '../../types/float.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { jsonb } from '../../types/json.ts';
import { numeric } from '../../types/numeric-type.ts';
import { oid, pgLsn, tid, xid, xid8 } from '../../types/oid.ts';
import { bpchar, char, name, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { uuid } from '../../types/uuid.ts';
import { defineFunction, type Inline, type InlineArgument, type ScalarFunction } from './define.ts';

type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=';
const all: readonly Operator[] = ['=', '<>', '<', '<=', '>', '>='];

const docs: Record<Operator, string> = {
  '=': 'Whether both values are equal.',
  '<>': 'Whether the values differ.',
  '<': 'Whether the left value sorts before the right one.',
  '<=': 'Whether the left value sorts before the right one or equals it.',
  '>': 'Whether the left value sorts after the right one.',
  '>=': 'Whether the left value sorts after the right one or equals it.',
};

/** What each operator says of two values in order, `low < high`. */
const ofAscending: Record<Operator, boolean> = {
  '=': false,
  '<>': true,
  '<': true,
  '<=': true,
  '>': false,
  '>=': false,
};

/** From a three-way comparison to the operator. */
function decide(op: Operator, compare: (a: never, b: never) => number): (a: never, b: never) => boolean {
  switch (op) {
    case '=':
      return (a, b) => compare(a, b) === 0;
    case '<>':
      return (a, b) => compare(a, b) !== 0;
    case '<':
      return (a, b) => compare(a, b) < 0;
    case '<=':
      return (a, b) => compare(a, b) <= 0;
    case '>':
      return (a, b) => compare(a, b) > 0;
    case '>=':
      return (a, b) => compare(a, b) >= 0;
  }
}

const javaScript: Record<Operator, string> = { '=': '===', '<>': '!==', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

/** Integers, dates and times order as JavaScript orders numbers. */
const emitNumber = (op: Operator) => (a: string, b: string) => `${a} ${javaScript[op]} ${b}`;

/** NaN equals itself and is greater than everything else. */
function emitFloat(op: Operator): (a: string, b: string) => string {
  const equal = (a: string, b: string) => `(${a} === ${b} || (${a} !== ${a} && ${b} !== ${b}))`;
  const less = (a: string, b: string) => `(${a} < ${b} || (${b} !== ${b} && ${a} === ${a}))`;
  switch (op) {
    case '=':
      return equal;
    case '<>':
      return (a, b) => `!${equal(a, b)}`;
    case '<':
      return less;
    case '<=':
      return (a, b) => `!${less(b, a)}`;
    case '>':
      return (a, b) => less(b, a);
    case '>=':
      return (a, b) => `!${less(a, b)}`;
  }
}

/**
 * Numerics compare as coefficients brought to one scale. The product may round, but only beyond 2^53, where it has left the
 * other, exact, coefficient behind for good.
 */
const inlineNumeric =
  (op: Operator) =>
  (a: InlineArgument, b: InlineArgument): Inline => {
    const left = a.scale === b.scale ? a.value : `${a.value} * powers[Math.max(${b.scale} - ${a.scale}, 0)]`;
    const right = a.scale === b.scale ? b.value : `${b.value} * powers[Math.max(${a.scale} - ${b.scale}, 0)]`;
    return { value: `${left} ${javaScript[op]} ${right}`, unless: () => `Math.abs(${a.scale} - ${b.scale}) > 300` };
  };

type Pair = {
  readonly left: SqlType;
  readonly right: SqlType;
  /** SQL of a smaller value of the left type and a greater one of the right. */
  readonly sample: readonly [string, string];
  readonly compare?: (a: never, b: never) => number;
};

function emitFor(pair: Pair, op: Operator): ScalarFunction['emit'] {
  if (pair.compare !== undefined) return undefined;
  const kinds = [pair.left.column, pair.right.column];
  if (kinds.includes('f64')) return emitFloat(op);
  if (kinds.every((kind) => kind === 'i32' || kind === 'i64')) return emitNumber(op);
  const plainText = pair.left.column === 'text' && pair.left !== bpchar && pair.right !== bpchar;
  if ((plainText || pair.left === bool) && (op === '=' || op === '<>')) return emitNumber(op);
  return undefined;
}

const isNumeric = (pair: Pair): boolean => pair.left === numeric && pair.right === numeric;

/** The six operators of a pair of types. */
export function comparisonsOf(pair: Pair): ScalarFunction[] {
  const { left, right, sample } = pair;
  // The wider type's order holds for both: int8 values may be bigints, which subtraction does not mix with numbers.
  const compare = pair.compare ?? (right.column === 'i64' ? right : left).compare;
  return all.map((op) =>
    defineFunction({
      name: op,
      args: [left, right],
      result: bool,
      doc: docs[op],
      examples: [[`${sample[0]} ${op} ${sample[1]}`, ofAscending[op] ? 't' : 'f']],
      eval: decide(op, compare),
      emit: emitFor(pair, op),
      inline: isNumeric(pair) ? inlineNumeric(op) : undefined,
    }),
  );
}

const same = (type: SqlType, low: string, high: string): Pair => ({ left: type, right: type, sample: [low, high] });
const cross = (left: SqlType, right: SqlType, low: string, high: string): Pair => ({
  left,
  right,
  sample: [low, high],
});

const integers: readonly (readonly [SqlType, string, string])[] = [
  [int2, '1::int2', '2::int2'],
  [int4, '1', '2'],
  [int8, '1::int8', '2::int8'],
];
const floats: readonly (readonly [SqlType, string, string])[] = [
  [float4, '1.5::float4', "'NaN'::float4"],
  [float8, '1.5::float8', "'NaN'::float8"],
];

/** Every pair within a family of numbers. */
const squared = (family: typeof integers): Pair[] =>
  family.flatMap(([left, low]) => family.map(([right, , high]) => cross(left, right, low, high)));

const pairs: readonly Pair[] = [
  ...squared(integers),
  ...squared(floats),
  same(numeric, '1.50', '10.5'),
  same(text, "'abc'::text", "'abd'::text"),
  same(bpchar, "'a'::char(3)", "'b'::char(3)"),
  same(name, "'a'::name", "'b'::name"),
  cross(name, text, "'a'::name", "'b'::text"),
  cross(text, name, "'a'::text", "'b'::name"),
  same(char, `'a'::"char"`, `'b'::"char"`),
  same(bool, 'false', 'true'),
  same(oid, '1::oid', '2::oid'),
  same(oidvector, "'1 2'::oidvector", "'1 3'::oidvector"),
  same(tid, "'(0,1)'::tid", "'(0,2)'::tid"),
  same(xid8, "'1'::xid8", "'2'::xid8"),
  same(pgLsn, "'0/1'::pg_lsn", "'0/2'::pg_lsn"),
  same(bytea, `'\\x01'::bytea`, `'\\x02'::bytea`),
  same(uuid, "'00000000-0000-0000-0000-000000000001'::uuid", "'00000000-0000-0000-0000-000000000002'::uuid"),
  same(jsonb, `'{"a": 1}'::jsonb`, `'{"a": 2}'::jsonb`),
];

/** Transaction ids go round in a circle: they are equal or not, but have no order. */
const xidComparisons: ScalarFunction[] = comparisonsOf(same(xid, "'1'::xid", "'2'::xid")).filter(
  (fn) => fn.name === '=' || fn.name === '<>',
);

const arrayComparisons: ScalarFunction[] = all.map((op) =>
  defineFunction({
    name: op,
    args: ['anyarray', 'anyarray'],
    result: bool,
    doc: `${docs[op]} Arrays compare element by element.`,
    examples: [[`ARRAY[1, 2] ${op} ARRAY[1, 3]`, ofAscending[op] ? 't' : 'f']],
    evalFor: ([type]) => {
      const element = type?.element as SqlType;
      return decide(op, (a: SqlArray, b: SqlArray) => compareArrays(a, b, element)) as (...args: never[]) => Value;
    },
  }),
);

export const comparisons: readonly ScalarFunction[] = [
  ...pairs.flatMap(comparisonsOf),
  ...xidComparisons,
  ...arrayComparisons,
];
