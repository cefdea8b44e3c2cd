/** + - * / % and signs of the numbers, with PostgreSQL's overflow errors; bits; roots and powers as operators. */
import { divisionByZero, numericValueOutOfRange, outOfRange } from '../../base/errors.ts';
import { float4, float8 } from '../../types/float.ts';
import {
  absInt,
  addInt,
  fitsInt64,
  type Int,
  mulInt,
  negateInt,
  subInt,
  toInt,
  truncDivInt,
  truncModInt,
} from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { absNumeric, addNumeric, mulNumeric, negateNumeric, subNumeric } from '../../types/numeric.ts';
import { divNumeric, modNumeric } from '../../types/numeric-division.ts';
import { numeric } from '../../types/numeric-type.ts';
import type { SqlType } from '../../types/type.ts';
import { defineFunction, type Inline, type InlineArgument, type ScalarFunction } from './define.ts';

// ------------------------------------------------------------------------------------------------------- integers

const integers: readonly SqlType[] = [int2, int4, int8];
const wider = (a: SqlType, b: SqlType): SqlType => (integers.indexOf(a) > integers.indexOf(b) ? a : b);

function fits(value: Int, type: SqlType): boolean {
  if (type === int8) return fitsInt64(value);
  if (typeof value !== 'number') return false;
  return type === int4 ? value === (value | 0) : value === (value << 16) >> 16;
}

function checked(value: Int, type: SqlType): Int {
  if (!fits(value, type)) throw outOfRange(type.displayName);
  return value;
}

/** JavaScript for "this result is not exact or not within the type". */
function notWithin(type: SqlType): (value: string) => string {
  if (type === int4) return (value) => `${value} !== (${value} | 0)`;
  if (type === int2) return (value) => `${value} !== (${value} << 16 >> 16)`;
  return (value) => `!(${value} <= 9007199254740991 && ${value} >= -9007199254740991)`;
}

type IntegerOperator = {
  readonly name: '+' | '-' | '*' | '/' | '%';
  readonly doc: string;
  readonly example: readonly [left: string, right: string, result: string];
  readonly exact: (a: Int, b: Int) => Int;
};

const integerOperators: readonly IntegerOperator[] = [
  { name: '+', doc: 'Sum.', example: ['2', '3', '5'], exact: addInt },
  { name: '-', doc: 'Difference.', example: ['2', '3', '-1'], exact: subInt },
  { name: '*', doc: 'Product.', example: ['2', '3', '6'], exact: mulInt },
  { name: '/', doc: 'Quotient, rounded toward zero.', example: ['-7', '2', '-3'], exact: truncDivInt },
  {
    name: '%',
    doc: 'Remainder of the division; it has the sign of the dividend.',
    example: ['-7', '2', '-1'],
    exact: truncModInt,
  },
];

function integerInline(op: IntegerOperator['name'], type: SqlType): (a: InlineArgument, b: InlineArgument) => Inline {
  const narrow = type !== int8;
  return ({ value: a }, { value: b }) => {
    if (op === '/') {
      const value = narrow ? `(${a} / ${b}) | 0` : `Math.trunc(${a} / ${b}) + 0`;
      const inexact = narrow
        ? `${b} === 0 || (${b} === -1 && ${a} < -32767)`
        : `${b} === 0 || !(Math.abs(${a}) <= 1125899906842624)`;
      return { value, unless: () => inexact };
    }
    if (op === '%') return { value: remainder(a, b, narrow), unless: () => `${b} === 0` };
    return { value: `${a} ${op} ${b}`, unless: notWithin(type) };
  };
}

/** An int32 remainder takes 4 ns, the one of doubles 20: most ids and amounts are small. `+ 0` turns -0 into 0. */
function remainder(a: string, b: string, narrow: boolean): string {
  if (narrow) return `${a} % ${b} | 0`;
  return `(${a} === (${a} | 0) && ${b} === (${b} | 0) ? (${a} | 0) % (${b} | 0) : ${a} % ${b}) + 0`;
}

function integerFunction(op: IntegerOperator, left: SqlType, right: SqlType): ScalarFunction {
  const type = wider(left, right);
  const [a, b, result] = op.example;
  const divides = op.name === '/' || op.name === '%';
  const cast = (text: string, to: SqlType) => (to === int4 ? text : `(${text})::${to.name}`);
  return defineFunction({
    name: op.name,
    args: [left, right],
    result: type,
    doc: op.doc,
    examples: [[`${cast(a, left)} ${op.name} ${cast(b, right)}`, result]],
    eval: (x: Int, y: Int) => {
      if (divides && y === 0) throw divisionByZero();
      return checked(op.exact(x, y), type);
    },
    inline: integerInline(op.name, type),
  });
}

const integerBinary: ScalarFunction[] = integerOperators.flatMap((op) =>
  integers.flatMap((left) =>
    integers.filter((right) => op.name !== '%' || left === right).map((right) => integerFunction(op, left, right)),
  ),
);

const signsOf = (type: SqlType): ScalarFunction[] => [
  defineFunction({
    name: '-',
    args: [type],
    result: type,
    doc: 'The value with its sign changed.',
    examples: [[`- (5::${type.name})`, '-5']],
    eval: (x: Int) => checked(negateInt(x), type),
    inline: ({ value }) => ({ value: `0 - ${value}`, unless: notWithin(type) }),
  }),
  defineFunction({
    name: '+',
    args: [type],
    result: type,
    doc: 'The value itself.',
    examples: [[`+ (5::${type.name})`, '5']],
    eval: (x: Int) => x,
    emit: (x) => x,
  }),
  defineFunction({
    name: '@',
    args: [type],
    result: type,
    doc: 'The value without its sign.',
    examples: [[`@ ((-5)::${type.name})`, '5']],
    eval: (x: Int) => checked(absInt(x), type),
    inline: ({ value }) => ({ value: `Math.abs(${value})`, unless: notWithin(type) }),
  }),
];

// ----------------------------------------------------------------------------------------------------------- bits

const bitOperators = [
  { name: '&', doc: 'Bitwise AND.', result: '8', exact: (a: bigint, b: bigint) => a & b },
  { name: '|', doc: 'Bitwise OR.', result: '14', exact: (a: bigint, b: bigint) => a | b },
  { name: '#', doc: 'Bitwise exclusive OR.', result: '6', exact: (a: bigint, b: bigint) => a ^ b },
] as const;

/** C's shifts: the count counts modulo the width. */
const shiftOperators = [
  { name: '<<', doc: 'Bits shifted to the left.', sample: '1', result: '16', exact: (a: bigint, n: bigint) => a << n },
  {
    name: '>>',
    doc: 'Bits shifted to the right; the sign fills up.',
    sample: '(-16)',
    result: '-1',
    exact: (a: bigint, n: bigint) => a >> n,
  },
] as const;

const widthOf = (type: SqlType): number => (type === int2 ? 16 : type === int4 ? 32 : 64);

const bitsOf = (type: SqlType): ScalarFunction[] => {
  const width = widthOf(type);
  const narrow = (value: bigint): Int => toInt(BigInt.asIntN(width, value));
  const sample = (text: string) => (type === int4 ? text : `${text}::${type.name}`);
  const symbol = (op: string) => (op === '#' ? '^' : op);
  return [
    ...bitOperators.map((op) =>
      defineFunction({
        name: op.name,
        args: [type, type],
        result: type,
        doc: op.doc,
        examples: [[`${sample('12')} ${op.name} ${sample('10')}`, op.result]],
        eval: (a: Int, b: Int) => narrow(op.exact(BigInt(a), BigInt(b))),
        emit: type === int8 ? undefined : (a, b) => `(${a} ${symbol(op.name)} ${b})`,
      }),
    ),
    ...shiftOperators.map((op) =>
      defineFunction({
        name: op.name,
        args: [type, int4],
        result: type,
        doc: op.doc,
        examples: [[`${sample(op.sample)} ${op.name} 4`, op.result]],
        eval: (a: Int, n: number) => narrow(op.exact(BigInt(a), BigInt(n & (width === 64 ? 63 : 31)))),
        emit: type === int4 ? (a, n) => `(${a} ${op.name} ${n})` : undefined,
      }),
    ),
    defineFunction({
      name: '~',
      args: [type],
      result: type,
      doc: 'All bits inverted.',
      examples: [[`~ ${sample('5')}`, '-6']],
      eval: (a: Int) => subInt(-1, a),
      inline: ({ value }) => ({ value: `-1 - ${value}`, unless: notWithin(type) }),
    }),
  ];
};

// --------------------------------------------------------------------------------------------------------- floats

/** 22003 for a float8 or float4 result: `overflow` or `underflow`. */
export const floatOutOfRange = (what: 'overflow' | 'underflow') =>
  numericValueOutOfRange(`value out of range: ${what}`);

type FloatOperator = { readonly name: '+' | '-' | '*' | '/'; readonly doc: string; readonly result: string };
const floatOperators: readonly FloatOperator[] = [
  { name: '+', doc: 'Sum.', result: '2' },
  { name: '-', doc: 'Difference.', result: '1' },
  { name: '*', doc: 'Product.', result: '0.75' },
  { name: '/', doc: 'Quotient.', result: '3' },
];

/** An infinite result of finite operands is an overflow; a zero product or quotient of others an underflow. */
function floatResult(op: FloatOperator['name'], single: boolean): (a: number, b: number) => number {
  const apply = plainFloat(op);
  return (a, b) => {
    if (op === '/' && b === 0 && !Number.isNaN(a)) throw divisionByZero();
    const exact = apply(a, b);
    const result = single ? Math.fround(exact) : exact;
    if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) throw floatOutOfRange('overflow');
    if (result === 0 && a !== 0 && (op === '*' ? b !== 0 : op === '/' && Number.isFinite(b)))
      throw floatOutOfRange('underflow');
    return result;
  };
}

function plainFloat(op: FloatOperator['name']): (a: number, b: number) => number {
  if (op === '+') return (a, b) => a + b;
  if (op === '-') return (a, b) => a - b;
  return op === '*' ? (a, b) => a * b : (a, b) => a / b;
}

/** Finite and, for products, not zero: then nothing can have gone wrong. */
const floatInline =
  (op: FloatOperator['name'], single: boolean) =>
  ({ value: a }: InlineArgument, { value: b }: InlineArgument): Inline => ({
    value: single ? `Math.fround(${a} ${op} ${b})` : `${a} ${op} ${b}`,
    unless: (r) =>
      op === '*' || op === '/' ? `!(Math.abs(${r}) < Infinity) || ${r} === 0` : `!(Math.abs(${r}) < Infinity)`,
  });

const floatPairs: readonly (readonly [SqlType, SqlType])[] = [
  [float8, float8],
  [float4, float4],
  [float4, float8],
  [float8, float4],
];

const floatBinary: ScalarFunction[] = floatOperators.flatMap((op) =>
  floatPairs.map(([left, right]) => {
    const single = left === float4 && right === float4;
    return defineFunction({
      name: op.name,
      args: [left, right],
      result: single ? float4 : float8,
      doc: op.doc,
      examples: [[`1.5::${left.name} ${op.name} 0.5::${right.name}`, op.result]],
      eval: floatResult(op.name, single),
      inline: floatInline(op.name, single),
    });
  }),
);

const floatSigns = (type: SqlType): ScalarFunction[] => [
  defineFunction({
    name: '-',
    args: [type],
    result: type,
    doc: 'The value with its sign changed.',
    examples: [[`- (1.5::${type.name})`, '-1.5']],
    eval: (x: number) => -x,
    emit: (x) => `-${x}`,
  }),
  defineFunction({
    name: '+',
    args: [type],
    result: type,
    doc: 'The value itself.',
    examples: [[`+ (1.5::${type.name})`, '1.5']],
    eval: (x: number) => x,
    emit: (x) => x,
  }),
  defineFunction({
    name: '@',
    args: [type],
    result: type,
    doc: 'The value without its sign.',
    examples: [[`@ ((-1.5)::${type.name})`, '1.5']],
    eval: (x: number) => Math.abs(x),
    emit: (x) => `Math.abs(${x})`,
  }),
];

// -------------------------------------------------------------------------------------------------------- numeric

const SAFE = (value: string): string => `${value} <= 9007199254740991 && ${value} >= -9007199254740991`;

/** Both coefficients at one scale; bails out when either, or the result, leaves the exact range. */
const alignedInline =
  (op: '+' | '-') =>
  (a: InlineArgument, b: InlineArgument): Inline => {
    if (a.scale === b.scale)
      return { value: `${a.value} ${op} ${b.value}`, scale: a.scale, unless: (r) => `!(${SAFE(r)})` };
    const left = `(${a.value} * powers[Math.max(${b.scale} - ${a.scale}, 0)])`;
    const right = `(${b.value} * powers[Math.max(${a.scale} - ${b.scale}, 0)])`;
    return {
      value: `${left} ${op} ${right}`,
      scale: `Math.max(${a.scale}, ${b.scale})`,
      unless: (r) => `!(${SAFE(r)} && ${SAFE(left)} && ${SAFE(right)})`,
    };
  };

const productInline = (a: InlineArgument, b: InlineArgument): Inline => ({
  value: `${a.value} * ${b.value} + 0`,
  scale: a.scale === '0' ? b.scale : b.scale === '0' ? a.scale : `${a.scale} + ${b.scale}`,
  unless: (r, s) => `!(${SAFE(r)} && ${s} <= 16383)`,
});

const numericFunctions: ScalarFunction[] = [
  defineFunction({
    name: '+',
    args: [numeric, numeric],
    result: numeric,
    doc: 'Sum, exact.',
    examples: [['1.50 + 2.5', '4.00']],
    eval: addNumeric,
    inline: alignedInline('+'),
  }),
  defineFunction({
    name: '-',
    args: [numeric, numeric],
    result: numeric,
    doc: 'Difference, exact.',
    examples: [['1.50 - 2.5', '-1.00']],
    eval: subNumeric,
    inline: alignedInline('-'),
  }),
  defineFunction({
    name: '*',
    args: [numeric, numeric],
    result: numeric,
    doc: 'Product, exact.',
    examples: [['0.908 * 100', '90.800']],
    eval: mulNumeric,
    inline: productInline,
  }),
  defineFunction({
    name: '/',
    args: [numeric, numeric],
    result: numeric,
    doc: 'Quotient, to at least 16 significant digits.',
    examples: [['10.0 / 3', '3.3333333333333333']],
    eval: divNumeric,
  }),
  defineFunction({
    name: '%',
    args: [numeric, numeric],
    result: numeric,
    doc: 'Remainder of the division; it has the sign of the dividend.',
    examples: [['-7.5 % 2', '-1.5']],
    eval: modNumeric,
  }),
  defineFunction({
    name: '-',
    args: [numeric],
    result: numeric,
    doc: 'The value with its sign changed.',
    examples: [['- (1.50)', '-1.50']],
    eval: negateNumeric,
    inline: ({ value, scale }) => ({ value: `0 - ${value}`, scale }),
  }),
  defineFunction({
    name: '+',
    args: [numeric],
    result: numeric,
    doc: 'The value itself.',
    examples: [['+ (1.50)', '1.50']],
    eval: (x) => x,
    inline: ({ value, scale }) => ({ value, scale }),
  }),
  defineFunction({
    name: '@',
    args: [numeric],
    result: numeric,
    doc: 'The value without its sign.',
    examples: [['@ (-1.50)', '1.50']],
    eval: absNumeric,
    inline: ({ value, scale }) => ({ value: `Math.abs(${value})`, scale }),
  }),
];

export const arithmetic: readonly ScalarFunction[] = [
  ...integerBinary,
  ...integers.flatMap(signsOf),
  ...integers.flatMap(bitsOf),
  ...floatBinary,
  ...floatSigns(float8),
  ...floatSigns(float4),
  ...numericFunctions,
];
