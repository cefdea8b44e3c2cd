/**
 * Arrays of any type: values, and the SqlType made from an element type.
 *
 * A value holds its elements in one flat list, row-major, with the sizes and lower bounds of its dimensions. The empty
 * array has no dimensions. int2vector and oidvector, the catalogs' arrays, differ in text form and in starting at 0.
 */
import { invalidInputSyntax, SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import { formatArrayText, MAX_DIMENSIONS, parseArrayText, splitVector, tooManyDimensions } from './array-text.ts';
import { concatBytes, incorrectBinaryFormat, int32Bytes, putInt32, readInt32, readUint32 } from './bytes.ts';
import type { Value } from './column.ts';
import { int2 } from './integer.ts';
import { oid } from './oid.ts';
import type { FormatSettings, SqlType } from './type.ts';

export class SqlArray {
  readonly elements: readonly Value[];
  readonly dimensions: readonly number[];
  readonly lowerBounds: readonly number[];

  constructor(elements: readonly Value[], dimensions: readonly number[], lowerBounds: readonly number[]) {
    this.elements = elements;
    this.dimensions = dimensions;
    this.lowerBounds = lowerBounds;
  }

  /** The usual array: one dimension, counted from 1. */
  static of(elements: readonly Value[]): SqlArray {
    return elements.length === 0 ? emptyArray : new SqlArray(elements, [elements.length], [1]);
  }

  /** The same shape with other elements. */
  map(change: (element: Value) => Value): SqlArray {
    return new SqlArray(this.elements.map(change), this.dimensions, this.lowerBounds);
  }

  /** The element at the subscripts; null (NULL) outside the bounds or with the wrong number of subscripts. */
  at(subscripts: readonly number[]): Value {
    if (subscripts.length !== this.dimensions.length || subscripts.length === 0) return null;
    let index = 0;
    for (let d = 0; d < subscripts.length; d++) {
      const i = (subscripts[d] as number) - (this.lowerBounds[d] as number);
      if (i < 0 || i >= (this.dimensions[d] as number)) return null;
      index = index * (this.dimensions[d] as number) + i;
    }
    return this.elements[index] as Value;
  }
}

export const emptyArray = new SqlArray([], [], []);

/** Elements in turn (NULL equal to NULL and last), then the number of elements, dimensions, sizes and bounds. */
export function compareArrays(a: SqlArray, b: SqlArray, element: SqlType): number {
  const n = Math.min(a.elements.length, b.elements.length);
  for (let i = 0; i < n; i++) {
    const x = a.elements[i] as Value;
    const y = b.elements[i] as Value;
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
      continue;
    }
    const order = element.compare(x, y);
    if (order !== 0) return order;
  }
  return (
    a.elements.length - b.elements.length ||
    a.dimensions.length - b.dimensions.length ||
    compareLists(a.dimensions, b.dimensions) ||
    compareLists(a.lowerBounds, b.lowerBounds)
  );
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  }
  return 0;
}

/** Shape, then each element's own key behind its length, so that no two arrays run together. */
function hashArray(array: SqlArray, element: SqlType): string {
  let key = `${array.dimensions.join()};${array.lowerBounds.join()};`;
  for (const value of array.elements) {
    const part = value === null ? '' : `${element.hashKey(value)}`;
    key += value === null ? 'n' : `${part.length}:${part}`;
  }
  return key;
}

function parseArray(text: string, element: SqlType, settings: FormatSettings): SqlArray {
  const { elements, dimensions, lowerBounds } = parseArrayText(text);
  if (dimensions.length === 0) return emptyArray;
  const values = elements.map((part) => (part === null ? null : element.parse(part, settings)));
  return new SqlArray(values, dimensions, lowerBounds);
}

function formatArray(array: SqlArray, element: SqlType, settings: FormatSettings): string {
  const elements = array.elements.map((value) => (value === null ? null : element.format(value, settings)));
  return formatArrayText({ elements, dimensions: array.dimensions, lowerBounds: array.lowerBounds });
}

// --------------------------------------------------------------------------------------------------------- binary

/** Dimension count, a flag for NULLs, the element's OID; size and lower bound of each dimension; elements with lengths. */
function writeArray(array: SqlArray, element: SqlType): Uint8Array {
  const header = new Uint8Array(12 + 8 * array.dimensions.length);
  putInt32(header, 0, array.dimensions.length);
  putInt32(header, 4, array.elements.includes(null) ? 1 : 0);
  putInt32(header, 8, element.oid);
  array.dimensions.forEach((size, d) => {
    putInt32(header, 12 + 8 * d, size);
    putInt32(header, 16 + 8 * d, array.lowerBounds[d] as number);
  });
  const parts: Uint8Array[] = [header];
  for (const value of array.elements) {
    const body = value === null ? null : writeElement(element, value);
    parts.push(int32Bytes(body === null ? -1 : body.length));
    if (body !== null) parts.push(body);
  }
  return concatBytes(parts);
}

function writeElement(element: SqlType, value: Value): Uint8Array {
  if (element.writeBinary === undefined) throw noBinary('output', element);
  return element.writeBinary(value);
}

const noBinary = (direction: string, element: SqlType) =>
  new SqlError(SqlState.undefinedFunction, `no binary ${direction} function available for type ${element.displayName}`);

function readArray(bytes: Uint8Array, offset: number, length: number, element: SqlType): SqlArray {
  if (length < 12) throw incorrectBinaryFormat();
  if (element.readBinary === undefined) throw noBinary('input', element);
  const count = readInt32(bytes, offset);
  if (count < 0 || count > MAX_DIMENSIONS) throw tooManyDimensions(count);
  if (readUint32(bytes, offset + 8) !== element.oid) {
    throw new SqlError(SqlState.datatypeMismatch, 'wrong element type');
  }
  if (count === 0) return emptyArray;
  const dimensions: number[] = [];
  const lowerBounds: number[] = [];
  let at = offset + 12;
  for (let d = 0; d < count; d++, at += 8) {
    dimensions.push(readInt32(bytes, at));
    lowerBounds.push(readInt32(bytes, at + 4));
  }
  const size = dimensions.reduce((n, m) => n * m, 1);
  if (size === 0) return emptyArray;
  if (4 * size > length) throw incorrectBinaryFormat('insufficient data left in message');
  const elements: Value[] = [];
  for (let i = 0; i < size; i++) {
    const bodyLength = readInt32(bytes, at);
    at += 4;
    if (at + Math.max(bodyLength, 0) > offset + length)
      throw incorrectBinaryFormat('insufficient data left in message');
    elements.push(bodyLength < 0 ? null : element.readBinary(bytes, at, bodyLength));
    at += Math.max(bodyLength, 0);
  }
  return new SqlArray(elements, dimensions, lowerBounds);
}

// ----------------------------------------------------------------------------------------------------------- types

/** The array type of `element`; its OID is `element.arrayOid`. Modifiers are those of the element. */
export function makeArrayType(element: SqlType): SqlType {
  const { applyTypmod, formatTypmod, parseTypmod } = element;
  return {
    oid: element.arrayOid,
    name: `_${element.name}`,
    displayName: `${element.displayName}[]`,
    arrayOid: 0,
    category: element.name === 'record' ? 'P' : 'A',
    isPreferred: false,
    length: -1,
    column: 'value',
    element,
    parse: (text, settings) => parseArray(text, element, settings),
    format: (value: SqlArray, settings) => formatArray(value, element, settings),
    readBinary: (bytes, offset, length) => readArray(bytes, offset, length, element),
    writeBinary: (value: SqlArray) => writeArray(value, element),
    compare: (a: SqlArray, b: SqlArray) => compareArrays(a, b, element),
    hashKey: (value: SqlArray) => hashArray(value, element),
    ...(applyTypmod && {
      applyTypmod: (value: SqlArray, typmod: number, explicit: boolean) =>
        typmod < 0 ? value : value.map((part) => (part === null ? null : applyTypmod(part, typmod, explicit))),
    }),
    ...(formatTypmod && { formatTypmod }),
    ...(parseTypmod && { parseTypmod }),
  };
}

const vector = (facts: Pick<SqlType, 'oid' | 'name' | 'arrayOid'>, element: SqlType): SqlType => ({
  ...facts,
  displayName: facts.name,
  category: 'A',
  isPreferred: false,
  length: -1,
  column: 'value',
  element,
  parse(text, settings) {
    const parts = splitVector(text).map((part) => {
      if (!/^[+-]?\d+$/.test(part)) throw invalidInputSyntax(element.displayName, part);
      return element.parse(part, settings);
    });
    return vectorOf(parts);
  },
  format: (value: SqlArray) => value.elements.join(' '),
  readBinary: (bytes, offset, length) => readArray(bytes, offset, length, element),
  writeBinary: (value: SqlArray) => writeArray(value, element),
  compare: (a: SqlArray, b: SqlArray) => compareArrays(a, b, element),
  hashKey: (value: SqlArray) => hashArray(value, element),
});

/** A value of int2vector or oidvector: one dimension, even when empty, counted from 0. */
export const vectorOf = (elements: readonly Value[]): SqlArray => new SqlArray(elements, [elements.length], [0]);

export const int2vector: SqlType = vector({ oid: 22, name: 'int2vector', arrayOid: 1006 }, int2);
export const oidvector: SqlType = vector({ oid: 30, name: 'oidvector', arrayOid: 1013 }, oid);
