/** json and jsonb: operators that look inside, tests, changes, and the functions that build them. */
import { invalidParameterValue, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import type { Value } from '../../types/column.ts';
import { int4 } from '../../types/integer.ts';
import {
  formatJsonValue,
  Jsonb,
  type JsonValue,
  json,
  jsonb,
  jsonObject,
  parseJsonValue,
  quoteJson,
} from '../../types/json.ts';
import { Numeric } from '../../types/numeric.ts';
import { record } from '../../types/pseudo.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { textArray } from './array-types.ts';
import { define, defineFunction, type ScalarFunction } from './define.ts';
import { objectText, objectValue, pairsOf, toJsonText, toJsonValue } from './json-build.ts';
import * as path from './json-path.ts';
import { elementsOf, elementText, jsonAsText, kindOf, memberText } from './json-text.ts';
import { outputVolatility } from './output-volatility.ts';

// ------------------------------------------------------------------------------------------------- looking inside

/** A jsonb part: SQL NULL where there is none. */
const found = (value: JsonValue | undefined): Value => (value === undefined ? null : new Jsonb(value));

/** A jsonb part as SQL text; JSON null is NULL. */
export function jsonValueAsText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : formatJsonValue(value);
}

const elementAt = (value: JsonValue, i: number): JsonValue | undefined =>
  path.isArray(value) ? value.at(i) : undefined;
const memberAt = (value: JsonValue, key: string): JsonValue | undefined =>
  path.isObject(value) ? value.get(key) : undefined;

/** Steps of a path; NULL among them makes the result NULL. */
const steps = (array: SqlArray): readonly string[] | null =>
  array.elements.includes(null) ? null : (array.elements as readonly string[]);

function followText(s: string, steps_: readonly string[] | null): string | null {
  let at: string | null = steps_ === null ? null : s;
  for (const step of steps_ ?? []) {
    if (at === null) return null;
    const index = path.indexOfStep(step);
    at = kindOf(at) === 'array' ? (index === null ? null : elementText(at, index)) : memberText(at, step);
  }
  return at;
}

const asText = (s: string | null): string | null => (s === null ? null : jsonAsText(s));
const followValue = (value: Jsonb, s: readonly string[] | null): JsonValue | undefined =>
  s === null ? undefined : path.follow(value.root, s);

const sample = `'{"a": [1, "x"], "b": {"c": 2}}'`;

const inside: ScalarFunction[] = [
  define('->', [json, text], json, 'A member of an object.', [[`${sample}::json -> 'b'`, '{"c": 2}']], memberText),
  define(
    '->',
    [json, int4],
    json,
    'An element of an array, from 0; from the end when negative.',
    [[`'[1, 2, 3]'::json -> -1`, '3']],
    elementText,
  ),
  define(
    '->',
    [jsonb, text],
    jsonb,
    'A member of an object.',
    [[`${sample}::jsonb -> 'b'`, '{"c": 2}']],
    (v: Jsonb, key: string) => found(memberAt(v.root, key)),
  ),
  define(
    '->',
    [jsonb, int4],
    jsonb,
    'An element of an array, from 0; from the end when negative.',
    [[`'[1, 2, 3]'::jsonb -> -1`, '3']],
    (v: Jsonb, i: number) => found(elementAt(v.root, i)),
  ),
  define(
    '->>',
    [json, text],
    text,
    'A member of an object as text.',
    [[`'{"a": "x"}'::json ->> 'a'`, 'x']],
    (s: string, key: string) => asText(memberText(s, key)),
  ),
  define(
    '->>',
    [json, int4],
    text,
    'An element of an array as text.',
    [[`'["x", "y"]'::json ->> 1`, 'y']],
    (s: string, i: number) => asText(elementText(s, i)),
  ),
  define(
    '->>',
    [jsonb, text],
    text,
    'A member of an object as text.',
    [[`'{"a": "x"}'::jsonb ->> 'a'`, 'x']],
    (v: Jsonb, key: string) => jsonValueAsText(memberAt(v.root, key)),
  ),
  define(
    '->>',
    [jsonb, int4],
    text,
    'An element of an array as text.',
    [[`'["x", "y"]'::jsonb ->> 1`, 'y']],
    (v: Jsonb, i: number) => jsonValueAsText(elementAt(v.root, i)),
  ),
  define(
    '#>',
    [json, textArray],
    json,
    'The part at a path.',
    [[`${sample}::json #> '{a,1}'`, '"x"']],
    (s: string, p: SqlArray) => followText(s, steps(p)),
  ),
  define(
    '#>',
    [jsonb, textArray],
    jsonb,
    'The part at a path.',
    [[`${sample}::jsonb #> '{a,1}'`, '"x"']],
    (v: Jsonb, p: SqlArray) => found(followValue(v, steps(p))),
  ),
  define(
    '#>>',
    [json, textArray],
    text,
    'The part at a path as text.',
    [[`${sample}::json #>> '{a,1}'`, 'x']],
    (s: string, p: SqlArray) => asText(followText(s, steps(p))),
  ),
  define(
    '#>>',
    [jsonb, textArray],
    text,
    'The part at a path as text.',
    [[`${sample}::jsonb #>> '{a,1}'`, 'x']],
    (v: Jsonb, p: SqlArray) => jsonValueAsText(followValue(v, steps(p))),
  ),
];

// -------------------------------------------------------------------------------------------------- jsonb operators

const keysOf = (keys: SqlArray): string[] => keys.elements.filter((key) => key !== null) as string[];

const tests: ScalarFunction[] = [
  define(
    '@>',
    [jsonb, jsonb],
    bool,
    'Whether the left value contains the right one.',
    [[`'{"a": 1, "b": 2}'::jsonb @> '{"b": 2}'::jsonb`, 't']],
    (a: Jsonb, b: Jsonb) => path.contains(a.root, b.root),
  ),
  define(
    '<@',
    [jsonb, jsonb],
    bool,
    'Whether the right value contains the left one.',
    [[`'{"b": 2}'::jsonb <@ '{"a": 1, "b": 2}'::jsonb`, 't']],
    (a: Jsonb, b: Jsonb) => path.contains(b.root, a.root),
  ),
  define(
    '?',
    [jsonb, text],
    bool,
    'Whether the text is a key or an element.',
    [[`'{"a": 1, "b": 2}'::jsonb ? 'b'`, 't']],
    (v: Jsonb, key: string) => path.exists(v.root, key),
  ),
  define(
    '?|',
    [jsonb, textArray],
    bool,
    'Whether any of the texts is a key or an element.',
    [[`'{"a": 1, "b": 2}'::jsonb ?| ARRAY['b', 'd']`, 't']],
    (v: Jsonb, keys: SqlArray) => keysOf(keys).some((key) => path.exists(v.root, key)),
  ),
  define(
    '?&',
    [jsonb, textArray],
    bool,
    'Whether all of the texts are keys or elements.',
    [[`'["a", "b", "c"]'::jsonb ?& ARRAY['a', 'b']`, 't']],
    (v: Jsonb, keys: SqlArray) => keysOf(keys).every((key) => path.exists(v.root, key)),
  ),
  define(
    '||',
    [jsonb, jsonb],
    jsonb,
    'Objects merged, arrays joined.',
    [[`'{"a": 1}'::jsonb || '{"b": 2}'::jsonb`, '{"a": 1, "b": 2}']],
    (a: Jsonb, b: Jsonb) => new Jsonb(path.concatenate(a.root, b.root)),
  ),
  define(
    '-',
    [jsonb, text],
    jsonb,
    'Without a key, or without the elements that are that string.',
    [[`'{"a": 1, "b": 2}'::jsonb - 'a'`, '{"b": 2}']],
    (v: Jsonb, key: string) => new Jsonb(path.withoutKeys(v.root, new Set([key]))),
  ),
  define(
    '-',
    [jsonb, textArray],
    jsonb,
    'Without these keys or strings.',
    [[`'{"a": 1, "b": 2}'::jsonb - '{a,b}'::text[]`, '{}']],
    (v: Jsonb, keys: SqlArray) => new Jsonb(path.withoutKeys(v.root, new Set(keysOf(keys)))),
  ),
  define(
    '-',
    [jsonb, int4],
    jsonb,
    'Without an element; from the end when negative.',
    [[`'["a", "b"]'::jsonb - 1`, '["a"]']],
    (v: Jsonb, i: number) => new Jsonb(path.withoutIndex(v.root, i)),
  ),
  define(
    '#-',
    [jsonb, textArray],
    jsonb,
    'Without the part at a path.',
    [[`'["a", {"b": 1}]'::jsonb #- '{1,b}'`, '["a", {}]']],
    (v: Jsonb, p: SqlArray) =>
      new Jsonb(path.edit(v.root, pathOf(p), { replace: () => undefined, create: undefined, insertAfter: null })),
  ),
];

function pathOf(p: SqlArray): readonly string[] {
  const at = p.elements.indexOf(null);
  if (at >= 0) throw new SqlError(SqlState.nullValueNotAllowed, `path element at position ${at + 1} is null`);
  return p.elements as readonly string[];
}

export const jsonOperators: readonly ScalarFunction[] = [...inside, ...tests];

// ------------------------------------------------------------------------------------------------- asking, changing

function typeOfValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (value instanceof Numeric) return 'number';
  if (path.isArray(value)) return 'array';
  return typeof value;
}

const notArray = (isObject: boolean) =>
  invalidParameterValue(`cannot get array length of a ${isObject ? 'non-array' : 'scalar'}`);

function textLength(s: string): number {
  const kind = kindOf(s);
  if (kind !== 'array') throw notArray(kind === 'object');
  return [...elementsOf(s)].length;
}

function valueLength(v: Jsonb): number {
  if (!path.isArray(v.root)) throw notArray(path.isObject(v.root));
  return v.root.length;
}

/** Two blanks per level, as jsonb_pretty has four. */
function pretty(value: JsonValue, indent: string): string {
  const inner = `${indent}    `;
  if (path.isArray(value)) {
    if (value.length === 0) return `[\n${indent}]`;
    return `[\n${value.map((item) => inner + pretty(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (!path.isObject(value)) return formatJsonValue(value);
  if (value.keys.length === 0) return `{\n${indent}}`;
  const members = value.keys.map(
    (key, i) => `${inner}${quoteJson(key)}: ${pretty(value.values[i] as JsonValue, inner)}`,
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
}

const set = (v: Jsonb, p: SqlArray, next: Jsonb, create = true): Jsonb =>
  new Jsonb(
    path.edit(v.root, pathOf(p), {
      replace: () => next.root,
      create: create ? next.root : undefined,
      insertAfter: null,
    }),
  );

const insert = (v: Jsonb, p: SqlArray, next: Jsonb, after = false): Jsonb =>
  new Jsonb(path.edit(v.root, pathOf(p), { replace: (old) => old, create: next.root, insertAfter: after }));

/** json without null members, spelt anew without blanks. */
function stripText(s: string): string {
  const compact = (value: JsonValue): string => {
    if (path.isArray(value)) return `[${value.map(compact).join(',')}]`;
    if (!path.isObject(value)) return formatJsonValue(value);
    return `{${value.keys.map((key, i) => `${quoteJson(key)}:${compact(value.values[i] as JsonValue)}`).join(',')}}`;
  };
  return compact(path.stripNulls(parseJsonValue(s)));
}

const asking: ScalarFunction[] = [
  define(
    'json_typeof',
    [json],
    text,
    'object, array, string, number, boolean or null.',
    [["json_typeof('-123.4')", 'number']],
    kindOf,
  ),
  define(
    'jsonb_typeof',
    [jsonb],
    text,
    'object, array, string, number, boolean or null.',
    [["jsonb_typeof('[1]')", 'array']],
    (v: Jsonb) => typeOfValue(v.root),
  ),
  define(
    'json_array_length',
    [json],
    int4,
    'Number of elements.',
    [["json_array_length('[1, 2, [3, 4]]')", '3']],
    textLength,
  ),
  define(
    'jsonb_array_length',
    [jsonb],
    int4,
    'Number of elements.',
    [["jsonb_array_length('[1, 2, 3]')", '3']],
    valueLength,
  ),
  define(
    'json_extract_path',
    [json, textArray],
    json,
    'The part at a path.',
    [[`json_extract_path('{"a": {"b": 1}}', 'a', 'b')`, '1']],
    (s: string, ...p: (string | SqlArray)[]) => followText(s, spread(p)),
    { variadic: true },
  ),
  define(
    'json_extract_path_text',
    [json, textArray],
    text,
    'The part at a path as text.',
    [[`json_extract_path_text('{"a": {"b": "x"}}', 'a', 'b')`, 'x']],
    (s: string, ...p: (string | SqlArray)[]) => asText(followText(s, spread(p))),
    { variadic: true },
  ),
  define(
    'jsonb_extract_path',
    [jsonb, textArray],
    jsonb,
    'The part at a path.',
    [[`jsonb_extract_path('{"a": {"b": 1}}', 'a', 'b')`, '1']],
    (v: Jsonb, ...p: (string | SqlArray)[]) => found(followValue(v, spread(p))),
    { variadic: true },
  ),
  define(
    'jsonb_extract_path_text',
    [jsonb, textArray],
    text,
    'The part at a path as text.',
    [[`jsonb_extract_path_text('{"a": {"b": "x"}}', 'a', 'b')`, 'x']],
    (v: Jsonb, ...p: (string | SqlArray)[]) => jsonValueAsText(followValue(v, spread(p))),
    { variadic: true },
  ),
  define(
    'jsonb_pretty',
    [jsonb],
    text,
    'Text with line breaks and indentation.',
    [["jsonb_pretty('[]')", '[\n]']],
    (v: Jsonb) => pretty(v.root, ''),
  ),
  define(
    'jsonb_set',
    [jsonb, textArray, jsonb, bool],
    jsonb,
    'With the part at a path replaced, or added unless the last argument is false.',
    [[`jsonb_set('{"a": 1}', '{b}', '2')`, '{"a": 1, "b": 2}']],
    set,
    { optional: 1 },
  ),
  define(
    'jsonb_insert',
    [jsonb, textArray, jsonb, bool],
    jsonb,
    'With a value inserted before the place, or behind it if the last argument is true.',
    [[`jsonb_insert('{"a": [0, 1]}', '{a,1}', '"x"')`, '{"a": [0, "x", 1]}']],
    insert,
    { optional: 1 },
  ),
  define(
    'json_strip_nulls',
    [json],
    json,
    'Without members that are null.',
    [[`json_strip_nulls('{"a": 1, "b": null}')`, '{"a":1}']],
    stripText,
  ),
  define(
    'jsonb_strip_nulls',
    [jsonb],
    jsonb,
    'Without members that are null.',
    [[`jsonb_strip_nulls('{"a": 1, "b": null}')`, '{"a": 1}']],
    (v: Jsonb) => new Jsonb(path.stripNulls(v.root)),
  ),
];

/** Variadic steps come one by one. */
const spread = (given: readonly (string | SqlArray)[]): readonly string[] => given as readonly string[];

// -------------------------------------------------------------------------------------------------------- building

/** Shown as its type is shown, which for timestamptz asks the session's zone. */
const stable = { volatility: 'stable', volatilityFor: outputVolatility, context: true, strict: false } as const;
const build = (
  name: string,
  args: ScalarFunction['args'],
  result: SqlType,
  doc: string,
  example: readonly [string, string],
  evalFor: NonNullable<ScalarFunction['evalFor']>,
  more: Partial<Pick<ScalarFunction, 'strict' | 'variadic'>> = {},
): ScalarFunction => defineFunction({ name, args, result, doc, examples: [example], ...stable, ...more, evalFor });

const building: ScalarFunction[] = [
  build(
    'to_json',
    ['anyelement'],
    json,
    'The value as json.',
    [`to_json('Fred said "Hi."'::text)`, '"Fred said \\"Hi.\\""'],
    ([type]) =>
      (c: EvalContext, v: Value) =>
        toJsonText(type as SqlType, v, c.format),
    { strict: true },
  ),
  build(
    'to_jsonb',
    ['anyelement'],
    jsonb,
    'The value as jsonb.',
    ['to_jsonb(ARRAY[1, 2])', '[1, 2]'],
    ([type]) =>
      (c: EvalContext, v: Value) =>
        new Jsonb(toJsonValue(type as SqlType, v, c.format)),
    { strict: true },
  ),
  build(
    'array_to_json',
    ['anyarray'],
    json,
    'The array as json.',
    ['array_to_json(ARRAY[[1, 5], [99, 100]])', '[[1,5],[99,100]]'],
    ([type]) =>
      (c: EvalContext, v: Value) =>
        toJsonText(type as SqlType, v, c.format),
    { strict: true },
  ),
  build(
    'row_to_json',
    [record],
    json,
    'The row as json.',
    ['row_to_json(NULL) IS NULL', 't'],
    () => (c: EvalContext, v: Value) => toJsonText(record, v, c.format),
    { strict: true },
  ),
  define('json_build_array', [], json, 'An empty array.', [['json_build_array()', '[]']], () => '[]'),
  build(
    'json_build_array',
    ['any'],
    json,
    'An array of the arguments.',
    ["json_build_array(1, 2, 'foo', NULL)", '[1, 2, "foo", null]'],
    (types) =>
      (c: EvalContext, ...v: Value[]) =>
        `[${v.map((value, i) => toJsonText(types[i] as SqlType, value, c.format)).join(', ')}]`,
    { variadic: true },
  ),
  define('jsonb_build_array', [], jsonb, 'An empty array.', [['jsonb_build_array()', '[]']], () => new Jsonb([])),
  build(
    'jsonb_build_array',
    ['any'],
    jsonb,
    'An array of the arguments.',
    ["jsonb_build_array(1, 2, 'foo')", '[1, 2, "foo"]'],
    (types) =>
      (c: EvalContext, ...v: Value[]) =>
        new Jsonb(v.map((value, i) => toJsonValue(types[i] as SqlType, value, c.format))),
    { variadic: true },
  ),
  define('json_build_object', [], json, 'An empty object.', [['json_build_object()', '{}']], () => '{}'),
  build(
    'json_build_object',
    ['any'],
    json,
    'An object of keys and values in turn.',
    ["json_build_object('foo', 1, 2, ARRAY[3])", '{"foo" : 1, "2" : [3]}'],
    (types) =>
      (c: EvalContext, ...v: Value[]) =>
        objectText(pairsOf(types, v, c.format), c.format),
    { variadic: true },
  ),
  define(
    'jsonb_build_object',
    [],
    jsonb,
    'An empty object.',
    [['jsonb_build_object()', '{}']],
    () => new Jsonb(jsonObject([], [])),
  ),
  build(
    'jsonb_build_object',
    ['any'],
    jsonb,
    'An object of keys and values in turn.',
    ["jsonb_build_object('foo', 1, 'b', true)", '{"b": true, "foo": 1}'],
    (types) =>
      (c: EvalContext, ...v: Value[]) =>
        objectValue(pairsOf(types, v, c.format), c.format),
    { variadic: true },
  ),
  define(
    'json_object',
    [textArray],
    json,
    'An object of texts, keys and values in turn.',
    [["json_object('{a, 1, b, def}')", '{"a" : "1", "b" : "def"}']],
    (a: SqlArray) =>
      `{${textPairs(a)
        .map(([k, v]) => `${quoteJson(k)} : ${v === null ? 'null' : quoteJson(v)}`)
        .join(', ')}}`,
  ),
  define(
    'jsonb_object',
    [textArray],
    jsonb,
    'An object of texts, keys and values in turn.',
    [["jsonb_object('{a, 1, b, def}')", '{"a": "1", "b": "def"}']],
    (a: SqlArray) =>
      new Jsonb(
        jsonObject(
          textPairs(a).map(([k]) => k),
          textPairs(a).map(([, v]) => v),
        ),
      ),
  ),
];

function textPairs(a: SqlArray): (readonly [string, string | null])[] {
  if (a.elements.length % 2 !== 0)
    throw new SqlError(SqlState.arraySubscriptError, 'array must have even number of elements');
  const pairs: (readonly [string, string | null])[] = [];
  for (let i = 0; i < a.elements.length; i += 2) {
    const key = a.elements[i] as string | null;
    if (key === null) throw new SqlError(SqlState.nullValueNotAllowed, 'null value not allowed for object key');
    pairs.push([key, a.elements[i + 1] as string | null]);
  }
  return pairs;
}

export const jsonFunctions: readonly ScalarFunction[] = [...asking, ...building];
