/** SQL values as JSON: to_json and what builds on it (json.c, jsonb.c). */
import { invalidParameterValue } from '../../base/errors.ts';
import type { SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import { isFiniteDate, isFiniteTimestamp } from '../../types/calendar.ts';
import type { Value } from '../../types/column.ts';
import { date } from '../../types/date.ts';
import { float4, float8 } from '../../types/float.ts';
import type { Int } from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
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
import { numeric } from '../../types/numeric-type.ts';
import { record, type SqlRecord } from '../../types/pseudo.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import { defaultFormat, type FormatSettings, type SqlType } from '../../types/type.ts';

const numbers: ReadonlySet<SqlType> = new Set([int2, int4, int8, float4, float8, numeric]);

/** A moment in the form of XML Schema: a T between, minutes in the offset. */
function momentText(type: SqlType, value: Value, settings: FormatSettings): string {
  const plain = type.format(value, settings);
  const isOrdinary = type === date ? isFiniteDate(value as number) : isFiniteTimestamp(value as Int);
  if (!isOrdinary || type === date) return plain;
  const joined = plain.replace(' ', 'T');
  return type === timestamptz ? joined.replace(/([+-]\d\d)(?=$| )/, '$1:00') : joined;
}

/** The value as JSON text, spelt as to_json spells it. */
export function toJsonText(type: SqlType, value: Value, settings: FormatSettings): string {
  if (value === null) return 'null';
  if (type === bool) return `${value}`;
  if (type === json) return value as string;
  if (type === jsonb) return formatJsonValue((value as Jsonb).root);
  if (numbers.has(type)) {
    const text = type.format(value, settings);
    return /^-?\d/.test(text) ? text : `"${text}"`;
  }
  if (type.category === 'A') return arrayText(type.element as SqlType, value as SqlArray, settings);
  if (type === record) return recordText(value as SqlRecord, settings);
  const isMoment = type === date || type === timestamp || type === timestamptz;
  return quoteJson(isMoment ? momentText(type, value, settings) : type.format(value, settings));
}

function recordText(value: SqlRecord, settings: FormatSettings): string {
  const fields = value.values.map(
    (field, i) => `"f${i + 1}":${toJsonText(value.types[i] as SqlType, field, settings)}`,
  );
  return `{${fields.join(',')}}`;
}

/** Arrays of more dimensions become arrays of arrays. */
function arrayText(element: SqlType, array: SqlArray, settings: FormatSettings): string {
  let parts = array.elements.map((item) => toJsonText(element, item, settings));
  for (const length of array.dimensions.slice(1).reverse()) {
    const grouped: string[] = [];
    for (let i = 0; i < parts.length; i += length) grouped.push(`[${parts.slice(i, i + length).join(',')}]`);
    parts = grouped;
  }
  return `[${parts.join(',')}]`;
}

/** The value as it stands in a jsonb. */
export function toJsonValue(type: SqlType, value: Value, settings: FormatSettings = defaultFormat): JsonValue {
  if (value === null || type === bool) return value as JsonValue;
  if (type === jsonb) return (value as Jsonb).root;
  return parseJsonValue(toJsonText(type, value, settings));
}

export type Pair = { readonly key: string; readonly type: SqlType; readonly value: Value };

/** Pairs out of a flat argument list: key, value, key, value. Keys are text. */
export function pairsOf(types: readonly SqlType[], values: readonly Value[], settings: FormatSettings): Pair[] {
  if (values.length % 2 !== 0) {
    throw invalidParameterValue('argument list must have even number of elements', {
      hint: 'The arguments of json_build_object() must consist of alternating keys and values.',
    });
  }
  const pairs: Pair[] = [];
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i] as Value;
    if (key === null) {
      throw invalidParameterValue(`argument ${i + 1} cannot be null`, { hint: 'Object keys should be text.' });
    }
    const type = types[i] as SqlType;
    const shown = type === bool ? `${key}` : type.format(key, settings);
    pairs.push({ key: shown, type: types[i + 1] as SqlType, value: values[i + 1] as Value });
  }
  return pairs;
}

export const objectText = (pairs: readonly Pair[], settings: FormatSettings): string =>
  `{${pairs.map((p) => `${quoteJson(p.key)} : ${toJsonText(p.type, p.value, settings)}`).join(', ')}}`;

export const objectValue = (pairs: readonly Pair[], settings: FormatSettings): Jsonb =>
  new Jsonb(
    jsonObject(
      pairs.map((p) => p.key),
      pairs.map((p) => toJsonValue(p.type, p.value, settings)),
    ),
  );
