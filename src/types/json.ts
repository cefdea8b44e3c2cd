/**
 * json and jsonb.
 *
 * json keeps its text, checked for syntax. jsonb keeps the value: `Jsonb` wraps a root so that JSON null is not SQL NULL;
 * objects hold their keys in PostgreSQL's order (shorter first, then by bytes) once each; numbers are exact.
 */

import { decodeUtf8, encodeUtf8, incorrectBinaryFormat } from './bytes.ts';
import { type JsonBuilder, parseJson } from './json-parse.ts';
import { compareNumeric, formatNumeric, Numeric, numericHashKey } from './numeric.ts';
import { compareText } from './text.ts';
import type { SqlType } from './type.ts';

export type JsonValue = null | boolean | string | Numeric | readonly JsonValue[] | JsonObject;

/** Keys in jsonb's order, without duplicates, with a value each. Make one with `jsonObject`. */
export class JsonObject {
  readonly keys: readonly string[];
  readonly values: readonly JsonValue[];

  constructor(keys: readonly string[], values: readonly JsonValue[]) {
    this.keys = keys;
    this.values = values;
  }

  /** Undefined where there is no such key. */
  get(key: string): JsonValue | undefined {
    const i = this.keys.indexOf(key);
    return i < 0 ? undefined : this.values[i];
  }
}

/** A jsonb datum. */
export class Jsonb {
  readonly root: JsonValue;

  constructor(root: JsonValue) {
    this.root = root;
  }
}

export const isJsonArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** Length in bytes first: "b" stands before "aa". Then bytes, which order as code points do. */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : utf8Length(a) - utf8Length(b) || compareText(a, b);
}

/** Bytes in UTF-8. A loop, because keys are short and a call into Buffer costs more. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate counts two: the pair is four bytes.
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** An object of the pairs; of equal keys the last counts. */
export function jsonObject(keys: readonly string[], values: readonly JsonValue[]): JsonObject {
  let sorted = true;
  for (let i = 1; i < keys.length && sorted; i++) sorted = compareKeys(keys[i - 1] as string, keys[i] as string) < 0;
  if (sorted) return new JsonObject(keys, values);
  const last = new Map<string, JsonValue>();
  keys.forEach((key, i) => {
    last.set(key, values[i] as JsonValue);
  });
  const order = [...last.keys()].sort(compareKeys);
  return new JsonObject(
    order,
    order.map((key) => last.get(key) as JsonValue),
  );
}

const valueBuilder: JsonBuilder<JsonValue> = {
  null: () => null,
  boolean: (value) => value,
  number: (value) => value,
  string: (value) => value,
  array: (elements) => elements,
  object: jsonObject,
};

export const parseJsonValue = (text: string): JsonValue => parseJson(text, valueBuilder);

// ----------------------------------------------------------------------------------------------------------- text

/** A JSON string literal; only what must be escaped is. */
export const quoteJson = (text: string): string =>
  needsEscape.test(text) ? `"${text.replace(escaped, escapeCharacter)}"` : `"${text}"`;

// Built from text, because a literal with control characters looks like a mistake to readers and linters.
const mustEscape = '["\\\\\\u0000-\\u001f]';
const escaped = new RegExp(mustEscape, 'g');
const needsEscape = new RegExp(mustEscape);
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const escapeCharacter = (c: string): string => shortEscapes[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** jsonb's text: a blank after each comma and colon. */
export function formatJsonValue(value: JsonValue): string {
  if (typeof value === 'string') return quoteJson(value);
  if (value === null || typeof value === 'boolean') return `${value}`;
  if (value instanceof Numeric) return formatNumeric(value);
  if (isJsonArray(value)) return `[${value.map(formatJsonValue).join(', ')}]`;
  const fields = value.keys.map((key, i) => `${quoteJson(key)}: ${formatJsonValue(value.values[i] as JsonValue)}`);
  return `{${fields.join(', ')}}`;
}

// ---------------------------------------------------------------------------------------------------------- order

const rankOf = (value: JsonValue): number => {
  if (value === null) return 0;
  if (typeof value === 'string') return 1;
  if (value instanceof Numeric) return 2;
  if (typeof value === 'boolean') return 3;
  return isJsonArray(value) ? 4 : 5;
};

/** Null < string < number < boolean < array < object; containers by size first. */
export function compareJsonValues(a: JsonValue, b: JsonValue): number {
  const rank = rankOf(a);
  const otherRank = rankOf(b);
  if (rank !== otherRank) return rank - otherRank;
  if (typeof a === 'string') return compareText(a, b as string);
  if (a instanceof Numeric) return compareNumeric(a, b as Numeric);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (a === null) return 0;
  return isJsonArray(a) ? compareJsonArrays(a, b as readonly JsonValue[]) : compareJsonObjects(a, b as JsonObject);
}

function compareJsonArrays(a: readonly JsonValue[], b: readonly JsonValue[]): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) {
    const order = compareJsonValues(a[i] as JsonValue, b[i] as JsonValue);
    if (order !== 0) return order;
  }
  return 0;
}

function compareJsonObjects(a: JsonObject, b: JsonObject): number {
  if (a.keys.length !== b.keys.length) return a.keys.length - b.keys.length;
  for (let i = 0; i < a.keys.length; i++) {
    const order =
      compareText(a.keys[i] as string, b.keys[i] as string) ||
      compareJsonValues(a.values[i] as JsonValue, b.values[i] as JsonValue);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The order of whole datums. PostgreSQL stores a scalar as an array of one, which shows in one place: at the top an empty
 * array sorts before every scalar.
 */
export function compareJsonb(a: Jsonb, b: Jsonb): number {
  const left = a.root;
  const right = b.root;
  const leftIsEmpty = left !== null && typeof left === 'object' && isJsonArray(left) && left.length === 0;
  const rightIsEmpty = right !== null && typeof right === 'object' && isJsonArray(right) && right.length === 0;
  if (leftIsEmpty && rankOf(right) < 4) return -1;
  if (rightIsEmpty && rankOf(left) < 4) return 1;
  return compareJsonValues(left, right);
}

/** As the text, but numbers without their trailing zeros: 1.0 and 1 are equal. */
function hashJsonValue(value: JsonValue): string {
  if (value instanceof Numeric) return `${numericHashKey(value)}`;
  if (value === null || typeof value !== 'object') return formatJsonValue(value);
  if (isJsonArray(value)) return `[${value.map(hashJsonValue).join()}]`;
  return `{${value.keys.map((key, i) => `${quoteJson(key)}:${hashJsonValue(value.values[i] as JsonValue)}`).join()}}`;
}

// ----------------------------------------------------------------------------------------------------------- types

const ignore: JsonBuilder<null> = {
  null: () => null,
  boolean: () => null,
  number: () => null,
  string: () => null,
  array: () => null,
  object: () => null,
};

/** The engine's parser accepts less than PostgreSQL nowhere, so only what it refuses needs a second look (for the error). */
function checkJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    parseJson(text, ignore, true);
  }
  return text;
}

export const json: SqlType = {
  oid: 114,
  name: 'json',
  displayName: 'json',
  arrayOid: 199,
  category: 'U',
  isPreferred: false,
  length: -1,
  column: 'value',
  parse: checkJson,
  format: (value: string) => value,
  readBinary: (bytes, offset, length) => checkJson(decodeUtf8(bytes, offset, length)),
  writeBinary: (value: string) => encodeUtf8(value),
  compare: compareText,
  hashKey: (value) => value,
};

export const jsonb: SqlType = {
  oid: 3802,
  name: 'jsonb',
  displayName: 'jsonb',
  arrayOid: 3807,
  category: 'U',
  isPreferred: false,
  length: -1,
  column: 'value',
  parse: (text) => new Jsonb(parseJsonValue(text)),
  format: (value: Jsonb) => formatJsonValue(value.root),
  readBinary(bytes, offset, length) {
    if (bytes[offset] !== 1) throw incorrectBinaryFormat(`unsupported jsonb version number ${bytes[offset]}`);
    return new Jsonb(parseJsonValue(decodeUtf8(bytes, offset + 1, length - 1)));
  },
  writeBinary(value: Jsonb) {
    const body = encodeUtf8(formatJsonValue(value.root));
    const bytes = new Uint8Array(body.length + 1);
    bytes[0] = 1;
    bytes.set(body, 1);
    return bytes;
  },
  compare: compareJsonb,
  hashKey: (value: Jsonb) => hashJsonValue(value.root),
};
