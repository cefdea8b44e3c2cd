/** Rows out of json and jsonb: elements of arrays, members of objects. */
import { invalidParameterValue } from '../../base/errors.ts';
import type { Value } from '../../types/column.ts';
import { Jsonb, type JsonValue, json, jsonb } from '../../types/json.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { jsonValueAsText } from '../functions/json.ts';
import { isArray, isObject } from '../functions/json-path.ts';
import { elementsOf, jsonAsText, kindOf, membersOf } from '../functions/json-text.ts';
import { defineTableFunction, type TableFunction } from './define.ts';

/** One family over both types: how to walk, and how a part is shown. */
type Family = {
  readonly prefix: 'json' | 'jsonb';
  readonly type: SqlType;
  elements(value: Value): Iterable<unknown>;
  members(value: Value): Iterable<readonly [key: string, part: unknown]>;
  part(part: unknown): Value;
  text(part: unknown): string | null;
};

const cannot = (what: string, from: string) => invalidParameterValue(`cannot ${what} ${from}`);

const textFamily: Family = {
  prefix: 'json',
  type: json,
  *elements(value) {
    const s = value as string;
    const kind = kindOf(s);
    if (kind !== 'array') throw cannot('call json_array_elements on', kind === 'object' ? 'a non-array' : 'a scalar');
    for (const { start, end } of elementsOf(s)) yield s.slice(start, end);
  },
  *members(value) {
    const s = value as string;
    const kind = kindOf(s);
    if (kind !== 'object') throw cannot('deconstruct', kind === 'array' ? 'an array as an object' : 'a scalar');
    for (const { key, start, end } of membersOf(s)) yield [key, s.slice(start, end)];
  },
  part: (part) => part as string,
  text: (part) => jsonAsText(part as string),
};

const valueFamily: Family = {
  prefix: 'jsonb',
  type: jsonb,
  elements(value) {
    const { root } = value as Jsonb;
    if (!isArray(root)) throw cannot('extract elements from', isObject(root) ? 'an object' : 'a scalar');
    return root;
  },
  members(value) {
    const { root } = value as Jsonb;
    if (!isObject(root)) throw cannot('call jsonb_each on', 'a non-object');
    return root.keys.map((key, i) => [key, root.values[i]] as const);
  },
  part: (part) => new Jsonb(part as JsonValue),
  text: (part) => jsonValueAsText(part as JsonValue),
};

function* mapped<T>(parts: Iterable<T>, row: (part: T) => readonly Value[]): Generator<readonly Value[]> {
  for (const part of parts) yield row(part);
}

const functionsOf = (family: Family): TableFunction[] => {
  const { prefix, type } = family;
  const keyValue = (value: SqlType) => () => [
    { name: 'key', type: text },
    { name: 'value', type: value },
  ];
  return [
    defineTableFunction({
      name: `${prefix}_array_elements`,
      args: [type],
      columns: () => [{ name: 'value', type }],
      doc: 'The elements of an array, one a row.',
      examples: [[`SELECT * FROM ${prefix}_array_elements('[1, true, "a"]')`, '1\ntrue\n"a"']],
      rows: (_, [value]) => mapped(family.elements(value as Value), (part) => [family.part(part)]),
    }),
    defineTableFunction({
      name: `${prefix}_array_elements_text`,
      args: [type],
      columns: () => [{ name: 'value', type: text }],
      doc: 'The elements of an array as text, one a row.',
      examples: [[`SELECT * FROM ${prefix}_array_elements_text('["foo", "bar"]')`, 'foo\nbar']],
      rows: (_, [value]) => mapped(family.elements(value as Value), (part) => [family.text(part)]),
    }),
    defineTableFunction({
      name: `${prefix}_each`,
      args: [type],
      columns: keyValue(type),
      doc: 'The members of an object, one a row.',
      examples: [[`SELECT * FROM ${prefix}_each('{"a": "foo", "b": 2}')`, 'a|"foo"\nb|2']],
      rows: (_, [value]) => mapped(family.members(value as Value), ([key, part]) => [key, family.part(part)]),
    }),
    defineTableFunction({
      name: `${prefix}_each_text`,
      args: [type],
      columns: keyValue(text),
      doc: 'The members of an object as text, one a row.',
      examples: [[`SELECT * FROM ${prefix}_each_text('{"a": "foo", "b": 2}')`, 'a|foo\nb|2']],
      rows: (_, [value]) => mapped(family.members(value as Value), ([key, part]) => [key, family.text(part)]),
    }),
    defineTableFunction({
      name: `${prefix}_object_keys`,
      args: [type],
      columns: () => [{ name: `${prefix}_object_keys`, type: text }],
      doc: 'The keys of an object, one a row.',
      examples: [[`SELECT * FROM ${prefix}_object_keys('{"f1": "abc", "f2": 1}')`, 'f1\nf2']],
      rows: (_, [value]) => mapped(family.members(value as Value), ([key]) => [key]),
    }),
  ];
};

export const jsonTableFunctions: readonly TableFunction[] = [...functionsOf(textFamily), ...functionsOf(valueFamily)];
