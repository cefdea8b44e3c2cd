/** int2, int4, int8: optional sign, digits, surrounding blanks. PostgreSQL 15 takes no hex, no underscores. */
import { invalidInputSyntax, numericValueOutOfRange } from '../base/errors.ts';
import { expectLength, int32Bytes, int64Bytes, putInt16, readInt16, readInt32, readInt64 } from './bytes.ts';
import { compareInt, fitsInt64, type Int, toInt } from './int64.ts';
import type { SqlType } from './type.ts';

const pattern = /^[ \t\n\v\f\r]*([+-]?\d+)[ \t\n\v\f\r]*$/;

/** An integer of any size; throws 22P02 naming `typeName`. */
function parseInteger(text: string, typeName: string): Int {
  const digits = pattern.exec(text)?.[1];
  if (digits === undefined) throw invalidInputSyntax(typeName, text);
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return value + 0;
  return toInt(BigInt(digits.startsWith('+') ? digits.slice(1) : digits));
}

export const valueOutOfRange = (text: string, typeName: string) =>
  numericValueOutOfRange(`value "${text}" is out of range for type ${typeName}`);

export function parseInt64(text: string, typeName = 'bigint'): Int {
  const value = parseInteger(text, typeName);
  if (!fitsInt64(value)) throw valueOutOfRange(text, typeName);
  return value;
}

function parseNarrow(text: string, typeName: string, limit: number): number {
  const value = parseInteger(text, typeName);
  if (typeof value !== 'number' || value < -limit || value >= limit) throw valueOutOfRange(text, typeName);
  return value;
}

const compareNumbers = (a: number, b: number): number => a - b;

export const int2: SqlType = {
  oid: 21,
  name: 'int2',
  displayName: 'smallint',
  arrayOid: 1005,
  category: 'N',
  isPreferred: false,
  length: 2,
  column: 'i32',
  parse: (text) => parseNarrow(text, 'smallint', 0x8000),
  format: (value: number) => `${value}`,
  readBinary(bytes, offset, length) {
    expectLength(length, 2);
    return readInt16(bytes, offset);
  },
  writeBinary(value: number) {
    const bytes = new Uint8Array(2);
    putInt16(bytes, 0, value);
    return bytes;
  },
  compare: compareNumbers,
  hashKey: (value) => value,
};

export const int4: SqlType = {
  oid: 23,
  name: 'int4',
  displayName: 'integer',
  arrayOid: 1007,
  category: 'N',
  isPreferred: false,
  length: 4,
  column: 'i32',
  parse: (text) => parseNarrow(text, 'integer', 0x80000000),
  format: (value: number) => `${value}`,
  readBinary(bytes, offset, length) {
    expectLength(length, 4);
    return readInt32(bytes, offset);
  },
  writeBinary: (value: number) => int32Bytes(value),
  compare: compareNumbers,
  hashKey: (value) => value,
};

export const int8: SqlType = {
  oid: 20,
  name: 'int8',
  displayName: 'bigint',
  arrayOid: 1016,
  category: 'N',
  isPreferred: false,
  length: 8,
  column: 'i64',
  parse: (text) => parseInt64(text),
  format: (value: Int) => `${value}`,
  readBinary(bytes, offset, length) {
    expectLength(length, 8);
    return readInt64(bytes, offset);
  },
  writeBinary: (value: Int) => int64Bytes(value),
  compare: compareInt,
  hashKey: (value) => value,
};
