/** Arrays: shape, elements, searching, changing, containment; and arrays from and to text. */
import { arraySubscriptError, dataException, featureNotSupported, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { emptyArray, SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import type { Value } from '../../types/column.ts';
import { int4 } from '../../types/integer.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { arrayTypeOf } from '../candidates.ts';
import type { EvalContext } from '../context.ts';
import { int4Array, textArray } from './array-types.ts';
import { define, defineFunction, type ScalarFunction } from './define.ts';
import { outputVolatility } from './output-volatility.ts';

const elementOf = (args: readonly SqlType[]): SqlType =>
  (args.find((type) => type.element !== undefined) as SqlType).element as SqlType;
const arrayResult = (args: readonly SqlType[]): SqlType => arrayTypeOf(elementOf(args));
const first = (args: readonly SqlType[]): SqlType => args[0] as SqlType;
const loose = { strict: false } as const;

/** Equality as the array functions see it: NULL equals NULL. */
const equal = (element: SqlType, a: Value, b: Value): boolean =>
  a === null || b === null ? a === b : element.compare(a, b) === 0;

// ---------------------------------------------------------------------------------------------------------- shape

const size = (a: SqlArray, d: number): Value => a.dimensions[d - 1] ?? null;
const lower = (a: SqlArray, d: number): Value => a.lowerBounds[d - 1] ?? null;
const upper = (a: SqlArray, d: number): Value =>
  d < 1 || d > a.dimensions.length ? null : (a.lowerBounds[d - 1] as number) + (a.dimensions[d - 1] as number) - 1;

const shape: ScalarFunction[] = [
  define(
    'array_length',
    ['anyarray', int4],
    int4,
    'Number of elements along a dimension.',
    [['array_length(ARRAY[1, 2, 3], 1)', '3']],
    size,
  ),
  define(
    'array_lower',
    ['anyarray', int4],
    int4,
    'Lowest subscript of a dimension.',
    [["array_lower('[0:2]={1,2,3}'::int[], 1)", '0']],
    lower,
  ),
  define(
    'array_upper',
    ['anyarray', int4],
    int4,
    'Highest subscript of a dimension.',
    [['array_upper(ARRAY[1, 8, 3, 7], 1)', '4']],
    upper,
  ),
  define(
    'array_ndims',
    ['anyarray'],
    int4,
    'Number of dimensions.',
    [['array_ndims(ARRAY[[1, 2], [3, 4]])', '2']],
    (a: SqlArray) => a.dimensions.length || null,
  ),
  define(
    'array_dims',
    ['anyarray'],
    text,
    'Bounds of all dimensions as text.',
    [['array_dims(ARRAY[[1, 2, 3], [4, 5, 6]])', '[1:2][1:3]']],
    (a: SqlArray) =>
      a.dimensions.length === 0 ? null : a.dimensions.map((_, d) => `[${lower(a, d + 1)}:${upper(a, d + 1)}]`).join(''),
  ),
  define(
    'cardinality',
    ['anyarray'],
    int4,
    'Number of elements in all dimensions.',
    [['cardinality(ARRAY[[1, 2], [3, 4]])', '4']],
    (a: SqlArray) => a.elements.length,
  ),
];

// ----------------------------------------------------------------------------------------------------- subscripts

/** Elements from `low` to `high` of a one-dimensional array; a missing bound is the array's. */
function slice(a: SqlArray, low: number | null, high: number | null): SqlArray {
  if (a.dimensions.length === 0) return emptyArray;
  const start = a.lowerBounds[0] as number;
  const end = start + (a.dimensions[0] as number) - 1;
  const from = Math.max(low ?? start, start);
  const to = Math.min(high ?? end, end);
  if (from > to) return emptyArray;
  const inner = a.dimensions.slice(1);
  const width = inner.reduce((n, m) => n * m, 1);
  const elements = a.elements.slice((from - start) * width, (to - start + 1) * width);
  return new SqlArray(
    elements,
    [to - from + 1, ...inner],
    a.dimensions.map(() => 1),
  );
}

const subscripts: ScalarFunction[] = [
  define(
    'array_subscript',
    ['anyarray', int4],
    (args) => elementOf(args),
    'The element at a subscript, NULL outside the bounds; written array[n].',
    [
      ['(ARRAY[10, 20, 30])[2]', '20'],
      ['(ARRAY[10, 20, 30])[4]', ''],
    ],
    (a: SqlArray, i: number) => a.at([i]),
  ),
  define(
    'array_slice',
    ['anyarray', int4, int4],
    first,
    'The elements between two subscripts; written array[m:n].',
    [['(ARRAY[10, 20, 30])[2:3]', '{20,30}']],
    (a: SqlArray | null, low: number | null, high: number | null) => (a === null ? null : slice(a, low, high)),
    loose,
  ),
];

// -------------------------------------------------------------------------------------------------------- changing

/** A one-dimensional array with `elements`, counted from where `like` is. */
const oneDimension = (elements: readonly Value[], from: number): SqlArray =>
  elements.length === 0 ? emptyArray : new SqlArray(elements, [elements.length], [from]);

const requireOneDimension = (a: SqlArray): void => {
  if (a.dimensions.length > 1) throw dataException('argument must be empty or one-dimensional array');
};

function append(a: SqlArray | null, value: Value): SqlArray {
  if (a === null) return SqlArray.of([value]);
  requireOneDimension(a);
  return oneDimension([...a.elements, value], a.lowerBounds[0] ?? 1);
}

function prepend(value: Value, a: SqlArray | null): SqlArray {
  if (a === null) return SqlArray.of([value]);
  requireOneDimension(a);
  return oneDimension([value, ...a.elements], a.lowerBounds[0] ?? 1);
}

/** Arrays of one shape join along the first dimension; one of fewer dimensions joins as an element of it. */
function concatenate(a: SqlArray | null, b: SqlArray | null): Value {
  if (a === null || b === null) return a ?? b;
  if (a.elements.length === 0) return b;
  if (b.elements.length === 0) return a;
  const [da, db] = [a.dimensions, b.dimensions];
  const same = (x: readonly number[], y: readonly number[]) => x.length === y.length && x.every((n, i) => n === y[i]);
  const elements = [...a.elements, ...b.elements];
  if (same(da.slice(1), db.slice(1)) && da.length === db.length) {
    return new SqlArray(elements, [(da[0] as number) + (db[0] as number), ...da.slice(1)], a.lowerBounds);
  }
  if (same(da, db.slice(1))) return new SqlArray(elements, [1 + (db[0] as number), ...da], b.lowerBounds);
  if (same(da.slice(1), db)) return new SqlArray(elements, [(da[0] as number) + 1, ...db], a.lowerBounds);
  throw arraySubscriptErrorWithDetail(da, db);
}

const arraySubscriptErrorWithDetail = (a: readonly number[], b: readonly number[]) =>
  arraySubscriptError('cannot concatenate incompatible arrays', {
    detail:
      a.length === b.length
        ? 'Arrays with differing element dimensions are not compatible for concatenation.'
        : `Arrays of ${a.length} and ${b.length} dimensions are not compatible for concatenation.`,
  });

function without(element: SqlType, a: SqlArray, value: Value): SqlArray {
  if (a.dimensions.length > 1)
    throw featureNotSupported('removing elements from multidimensional arrays is not supported');
  const kept = a.elements.filter((item) => !equal(element, item, value));
  return kept.length === a.elements.length ? a : oneDimension(kept, a.lowerBounds[0] ?? 1);
}

const changing: ScalarFunction[] = [
  define(
    'array_append',
    ['anycompatiblearray', 'anycompatible'],
    first,
    'The array with an element at the end.',
    [['array_append(ARRAY[1, 2], 3)', '{1,2,3}']],
    append,
    loose,
  ),
  define(
    'array_prepend',
    ['anycompatible', 'anycompatiblearray'],
    arrayResult,
    'The array with an element at the start.',
    [['array_prepend(1, ARRAY[2, 3])', '{1,2,3}']],
    prepend,
    loose,
  ),
  define(
    'array_cat',
    ['anycompatiblearray', 'anycompatiblearray'],
    first,
    'Both arrays, one after the other.',
    [['array_cat(ARRAY[1, 2, 3], ARRAY[4, 5])', '{1,2,3,4,5}']],
    concatenate,
    loose,
  ),
  defineFunction({
    name: 'array_remove',
    args: ['anycompatiblearray', 'anycompatible'],
    result: first,
    strict: false,
    doc: 'The array without the elements that equal a value.',
    examples: [['array_remove(ARRAY[1, 2, 3, 2], 2)', '{1,3}']],
    evalFor: (args) => (a: SqlArray | null, value: Value) => (a === null ? null : without(elementOf(args), a, value)),
  }),
  defineFunction({
    name: 'array_replace',
    args: ['anycompatiblearray', 'anycompatible', 'anycompatible'],
    result: first,
    strict: false,
    doc: 'The array with another value for the elements that equal a value.',
    examples: [['array_replace(ARRAY[1, 2, 5, 4], 5, 3)', '{1,2,3,4}']],
    evalFor: (args) => (a: SqlArray | null, from: Value, to: Value) =>
      a === null ? null : a.map((item) => (equal(elementOf(args), item, from) ? to : item)),
  }),
  define(
    'trim_array',
    ['anyarray', int4],
    first,
    'The array without its last n elements.',
    [['trim_array(ARRAY[1, 2, 3, 4], 2)', '{1,2}']],
    (a: SqlArray, n: number) => {
      const length = a.dimensions[0] ?? 0;
      if (n < 0 || n > length) throw arraySubscriptError(`number of elements to trim must be between 0 and ${length}`);
      return slice(a, null, (a.lowerBounds[0] ?? 1) + length - 1 - n);
    },
  ),
  define(
    'array_fill',
    ['anyelement', int4Array],
    (args) => arrayTypeOf(args[0] as SqlType),
    'An array of one value in the given dimensions.',
    [['array_fill(11, ARRAY[3])', '{11,11,11}']],
    fill,
    loose,
  ),
];

function fill(value: Value, dimensions: SqlArray | null): SqlArray {
  if (dimensions === null || dimensions.elements.includes(null)) {
    throw new SqlError(SqlState.nullValueNotAllowed, 'dimension array or low bound array cannot be null');
  }
  const sizes = dimensions.elements as readonly number[];
  const total = sizes.reduce((n, m) => n * m, 1);
  if (sizes.length === 0 || total === 0) return emptyArray;
  return new SqlArray(
    new Array<Value>(total).fill(value),
    sizes,
    sizes.map(() => 1),
  );
}

// ------------------------------------------------------------------------------------------------------- searching

function position(element: SqlType, a: SqlArray, value: Value, start: number): number | null {
  if (a.dimensions.length > 1)
    throw featureNotSupported('searching for elements in multidimensional arrays is not supported');
  const base = a.lowerBounds[0] ?? 1;
  for (let i = Math.max(start - base, 0); i < a.elements.length; i++) {
    if (equal(element, a.elements[i] as Value, value)) return i + base;
  }
  return null;
}

function positions(element: SqlType, a: SqlArray, value: Value): SqlArray {
  const found: number[] = [];
  const base = a.lowerBounds[0] ?? 1;
  a.elements.forEach((item, i) => {
    if (equal(element, item, value)) found.push(i + base);
  });
  return SqlArray.of(found);
}

const searching: ScalarFunction[] = [
  defineFunction({
    name: 'array_position',
    args: ['anycompatiblearray', 'anycompatible'],
    result: int4,
    strict: false,
    doc: 'Subscript of the first element that equals a value, or NULL.',
    examples: [["array_position(ARRAY['sun', 'mon', 'tue'], 'mon')", '2']],
    evalFor: (args) => (a: SqlArray | null, value: Value) =>
      a === null ? null : position(elementOf(args), a, value, Number.NEGATIVE_INFINITY),
  }),
  defineFunction({
    name: 'array_position',
    args: ['anycompatiblearray', 'anycompatible', int4],
    result: int4,
    strict: false,
    doc: 'Subscript of the first element from a subscript on that equals a value, or NULL.',
    examples: [['array_position(ARRAY[1, 4, 1], 1, 2)', '3']],
    evalFor: (args) => (a: SqlArray | null, value: Value, start: number | null) => {
      if (start === null) throw new SqlError(SqlState.nullValueNotAllowed, 'initial position must not be null');
      return a === null ? null : position(elementOf(args), a, value, start);
    },
  }),
  defineFunction({
    name: 'array_positions',
    args: ['anycompatiblearray', 'anycompatible'],
    result: int4Array,
    strict: false,
    doc: 'Subscripts of all elements that equal a value.',
    examples: [["array_positions(ARRAY['A', 'A', 'B', 'A'], 'A')", '{1,2,4}']],
    evalFor: (args) => (a: SqlArray | null, value: Value) => (a === null ? null : positions(elementOf(args), a, value)),
  }),
];

/** Every element of `b` that there is (NULL equals nothing) occurs in `a`. */
const contains = (element: SqlType, a: SqlArray, b: SqlArray): boolean =>
  b.elements.every(
    (item) => item !== null && a.elements.some((other) => other !== null && element.compare(item, other) === 0),
  );

const overlap = (element: SqlType, a: SqlArray, b: SqlArray): boolean =>
  a.elements.some(
    (item) => item !== null && b.elements.some((other) => other !== null && element.compare(item, other) === 0),
  );

const containment = (
  name: string,
  doc: string,
  example: string,
  test: (element: SqlType, a: SqlArray, b: SqlArray) => boolean,
) =>
  defineFunction({
    name,
    args: ['anyarray', 'anyarray'],
    result: bool,
    doc,
    examples: [[example, 't']],
    evalFor: (args) => (a: SqlArray, b: SqlArray) => test(elementOf(args), a, b),
  });

export const arrayOperators: readonly ScalarFunction[] = [
  containment(
    '@>',
    'Whether the left array has every element of the right one.',
    'ARRAY[1, 4, 3] @> ARRAY[3, 1, 3]',
    contains,
  ),
  containment(
    '<@',
    'Whether the right array has every element of the left one.',
    'ARRAY[2, 2] <@ ARRAY[1, 2]',
    (e, a, b) => contains(e, b, a),
  ),
  containment('&&', 'Whether the arrays have an element in common.', 'ARRAY[1, 4, 3] && ARRAY[2, 1]', overlap),
  define(
    '||',
    ['anycompatiblearray', 'anycompatiblearray'],
    first,
    'Both arrays, one after the other.',
    [['ARRAY[1, 2] || ARRAY[3]', '{1,2,3}']],
    concatenate,
    loose,
  ),
  define(
    '||',
    ['anycompatible', 'anycompatiblearray'],
    arrayResult,
    'The array with an element at the start.',
    [['1 || ARRAY[2, 3]', '{1,2,3}']],
    prepend,
    loose,
  ),
  define(
    '||',
    ['anycompatiblearray', 'anycompatible'],
    first,
    'The array with an element at the end.',
    [['ARRAY[1, 2] || 3', '{1,2,3}']],
    append,
    loose,
  ),
];

// ------------------------------------------------------------------------------------------------------------ text

/** Parts between delimiters (NULL: every character); those that equal `nullText` become NULL. */
export function splitText(s: string, delimiter: string | null, nullText: string | null): Value[] {
  if (s === '') return [];
  const parts = delimiter === null ? [...s] : delimiter === '' ? [s] : s.split(delimiter);
  return parts.map((part) => (part === nullText ? null : part));
}

const toArray = (s: string | null, delimiter: string | null, nullText: string | null = null): Value =>
  s === null ? null : SqlArray.of(splitText(s, delimiter, nullText));

function joinWith(args: readonly SqlType[]) {
  const element = elementOf(args);
  return (
    context: EvalContext,
    a: SqlArray | null,
    delimiter: string | null,
    nullText: string | null = null,
  ): Value => {
    if (a === null || delimiter === null) return null;
    const parts = a.elements.map((item) => (item === null ? nullText : element.format(item, context.format)));
    return parts.filter((part) => part !== null).join(delimiter);
  };
}

const textual: ScalarFunction[] = [
  define(
    'string_to_array',
    [text, text],
    textArray,
    'The parts between delimiters; every character when the delimiter is NULL.',
    [["string_to_array('xx~~yy~~zz', '~~')", '{xx,yy,zz}']],
    toArray,
    loose,
  ),
  define(
    'string_to_array',
    [text, text, text],
    textArray,
    'The parts between delimiters; those equal to the third text become NULL.',
    [["string_to_array('xx~~yy~~zz', '~~', 'yy')", '{xx,NULL,zz}']],
    toArray,
    loose,
  ),
  ...[[], [text]].map((more, i) =>
    defineFunction({
      name: 'array_to_string',
      args: ['anyarray', text, ...more],
      result: text,
      strict: false,
      volatility: 'stable',
      volatilityFor: outputVolatility,
      context: true,
      doc: 'The elements as text, joined; NULLs are left out, or shown as the third text.',
      examples: [
        [`array_to_string(ARRAY[1, 2, NULL, 5], ','${i === 0 ? '' : ", '*'"})`, i === 0 ? '1,2,5' : '1,2,*,5'],
      ],
      evalFor: joinWith,
    }),
  ),
];

export const arrayFunctions: readonly ScalarFunction[] = [
  ...shape,
  ...subscripts,
  ...changing,
  ...searching,
  ...textual,
];
