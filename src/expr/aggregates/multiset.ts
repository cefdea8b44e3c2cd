/**
 * Aggregates that read all values of their group: string_agg, array_agg, json_agg and json_object_agg.
 *
 * The operator keeps the values in order, each with its number of copies, and asks for the result when it is needed. ORDER BY
 * inside the call is the operator's business; without it the order is that of the type.
 */
import { AssertionError } from '../../base/assert.ts';
import { invalidParameterValue } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import { bytea } from '../../types/bytea.ts';
import { concatBytes } from '../../types/bytes.ts';
import type { Value } from '../../types/column.ts';
import { Jsonb, type JsonValue, json, jsonb, jsonObject, quoteJson } from '../../types/json.ts';
import { text } from '../../types/text.ts';
import { defaultFormat, type SqlType } from '../../types/type.ts';
import { arrayTypeOf } from '../candidates.ts';
import { toJsonText, toJsonValue } from '../functions/json-build.ts';
import { type AggregateFunction, defineAggregate } from './define.ts';

type Entry = { readonly value: Value; readonly copies: number };

const neverAccumulated = (): never => {
  throw new AssertionError('a multiset aggregate has no state of its own');
};

const shared = {
  retraction: 'multiset',
  state: () => [],
  accumulate: neverAccumulated,
  finish: neverAccumulated,
} as const;

/** Every value as often as it is there. */
function* repeated(entries: Iterable<Entry>): Generator<Value> {
  for (const { value, copies } of entries) for (let i = 0; i < copies; i++) yield value;
}

/** The tuple of arguments of a row, when the aggregate has several. */
const pairOf = (value: Value): readonly [Value, Value] => value as unknown as readonly [Value, Value];

// ------------------------------------------------------------------------------------------------------ string_agg

/** Values joined by the delimiter that comes with each but the first. NULL values are passed over, NULL delimiters are empty. */
function joinParts<T>(entries: Iterable<Entry>, join: (parts: T[]) => Value): Value {
  const parts: T[] = [];
  let isFirst = true;
  for (const entry of repeated(entries)) {
    const [value, delimiter] = pairOf(entry);
    if (value === null) continue;
    if (!isFirst && delimiter !== null) parts.push(delimiter as T);
    parts.push(value as T);
    isFirst = false;
  }
  return isFirst ? null : join(parts);
}

const stringAggregates: AggregateFunction[] = [
  defineAggregate({
    ...shared,
    name: 'string_agg',
    args: [text, text],
    result: text,
    skipsNulls: false,
    doc: 'The values that are not NULL joined, with the delimiter between.',
    examples: [["SELECT string_agg(x, ', ' ORDER BY x) FROM (VALUES ('b'), (NULL), ('a')) AS t(x)", 'a, b']],
    finishMultiset: (values) => joinParts<string>(values, (parts) => parts.join('')),
  }),
  defineAggregate({
    ...shared,
    name: 'string_agg',
    args: [bytea, bytea],
    result: bytea,
    skipsNulls: false,
    doc: 'The bytes that are not NULL joined, with the delimiter between.',
    examples: [
      ["SELECT string_agg(x, '\\x00' ORDER BY x) FROM (VALUES ('\\x01'::bytea), ('\\x02')) AS t(x)", '\\x010002'],
    ],
    finishMultiset: (values) => joinParts<Uint8Array>(values, concatBytes),
  }),
];

// ------------------------------------------------------------------------------------------------------- array_agg

function arrayOfArrays(values: readonly Value[]): Value {
  const arrays = values as readonly (SqlArray | null)[];
  const first = arrays[0];
  if (first === null || arrays.includes(null)) throw invalidParameterValue('cannot accumulate null arrays');
  if (first === undefined || first.dimensions.length === 0)
    throw invalidParameterValue('cannot accumulate empty arrays');
  const isSame = (array: SqlArray | null) => array?.dimensions.join() === first.dimensions.join();
  if (!arrays.every(isSame)) throw invalidParameterValue('cannot accumulate arrays of different dimensionality');
  const elements = arrays.flatMap((array) => (array as SqlArray).elements);
  return new SqlArray(elements, [arrays.length, ...first.dimensions], [1, ...first.lowerBounds]);
}

/** NULL over no rows. */
const orNull = (entries: Iterable<Entry>, make: (values: readonly Value[]) => Value): Value => {
  const values = [...repeated(entries)];
  return values.length === 0 ? null : make(values);
};

const arrayAggregates: AggregateFunction[] = [
  defineAggregate({
    ...shared,
    name: 'array_agg',
    args: ['anynonarray'],
    result: ([type]) => arrayTypeOf(type as SqlType),
    skipsNulls: false,
    doc: 'An array of the values, NULLs too.',
    examples: [['SELECT array_agg(x ORDER BY x) FROM (VALUES (2), (NULL), (1)) AS t(x)', '{1,2,NULL}']],
    finishMultiset: (entries) => orNull(entries, (values) => SqlArray.of(values)),
  }),
  defineAggregate({
    ...shared,
    name: 'array_agg',
    args: ['anyarray'],
    result: ([type]) => type as SqlType,
    skipsNulls: false,
    doc: 'An array of one more dimension, of arrays of one shape.',
    examples: [['SELECT array_agg(x ORDER BY x) FROM (VALUES (ARRAY[3, 4]), (ARRAY[1, 2])) AS t(x)', '{{1,2},{3,4}}']],
    finishMultiset: (entries) => orNull(entries, arrayOfArrays),
  }),
];

// ------------------------------------------------------------------------------------------------------------ json

/** An aggregate whose result depends on the type of its arguments. */
function byType(
  facts: Pick<AggregateFunction, 'name' | 'args' | 'result' | 'doc' | 'examples'>,
  make: (types: readonly SqlType[], values: readonly Value[]) => Value,
): AggregateFunction {
  const fn: AggregateFunction = {
    ...shared,
    ...facts,
    skipsNulls: false,
    specialize: (types) => ({
      ...fn,
      finishMultiset: (entries) => orNull(entries, (values) => make(types, values)),
    }),
  };
  return fn;
}

function keyOf(type: SqlType, key: Value): string {
  if (key === null) throw invalidParameterValue('field name must not be null');
  return type.format(key, defaultFormat);
}

const values = '(VALUES (2), (1)) AS t(x)';
const jsonAggregates: AggregateFunction[] = [
  byType(
    {
      name: 'json_agg',
      args: ['anyelement'],
      result: json,
      doc: 'A json array of the values, NULLs too.',
      examples: [[`SELECT json_agg(x ORDER BY x) FROM ${values}`, '[1, 2]']],
    },
    ([type], all) => `[${all.map((value) => toJsonText(type as SqlType, value, defaultFormat)).join(', ')}]`,
  ),
  byType(
    {
      name: 'jsonb_agg',
      args: ['anyelement'],
      result: jsonb,
      doc: 'A jsonb array of the values, NULLs too.',
      examples: [[`SELECT jsonb_agg(x ORDER BY x) FROM ${values}`, '[1, 2]']],
    },
    ([type], all) => new Jsonb(all.map((value) => toJsonValue(type as SqlType, value))),
  ),
  byType(
    {
      name: 'json_object_agg',
      args: ['any', 'any'],
      result: json,
      doc: 'A json object of the pairs of keys and values.',
      examples: [[`SELECT json_object_agg(x, x * 10 ORDER BY x) FROM ${values}`, '{ "1" : 10, "2" : 20 }']],
    },
    ([keyType, type], all) => {
      const pairs = all.map((pair) => {
        const [key, value] = pairOf(pair);
        return `${quoteJson(keyOf(keyType as SqlType, key))} : ${toJsonText(type as SqlType, value, defaultFormat)}`;
      });
      return `{ ${pairs.join(', ')} }`;
    },
  ),
  byType(
    {
      name: 'jsonb_object_agg',
      args: ['any', 'any'],
      result: jsonb,
      doc: 'A jsonb object of the pairs of keys and values.',
      examples: [[`SELECT jsonb_object_agg(x, x * 10 ORDER BY x) FROM ${values}`, '{"1": 10, "2": 20}']],
    },
    ([keyType, type], all) => {
      const pairs = all.map(pairOf);
      const keys = pairs.map(([key]) => keyOf(keyType as SqlType, key));
      return new Jsonb(
        jsonObject(
          keys,
          pairs.map(([, value]): JsonValue => toJsonValue(type as SqlType, value)),
        ),
      );
    },
  ),
];

export const multisetAggregates: readonly AggregateFunction[] = [
  ...stringAggregates,
  ...arrayAggregates,
  ...jsonAggregates,
];
