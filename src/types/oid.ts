/**
 * oid and its kin: the reg* types (an oid that prints as a name), transaction and command ids, tid, pg_lsn.
 *
 * The reg* types read numbers here; names to read need a catalog, which casts above have. They print the name that
 * `FormatSettings.objectName` knows, else the number; `-` is zero everywhere, as in PostgreSQL.
 */
import { invalidInputSyntax } from '../base/errors.ts';
import {
  expectLength,
  int32Bytes,
  int64Bytes,
  putInt16,
  putInt32,
  readInt64,
  readUint16,
  readUint32,
} from './bytes.ts';
import { compareInt, type Int, toInt } from './int64.ts';
import { parseInt64, valueOutOfRange } from './integer.ts';
import type { FormatSettings, SqlType } from './type.ts';

const oidPattern = /^[ \t\n\v\f\r]*([+-]?\d+)[ \t\n\v\f\r]*$/;

/** As C's strtoul does, negative int4 values wrap: '-1' is 4294967295. */
function parseOid(text: string, typeName: string): number {
  const digits = oidPattern.exec(text)?.[1];
  if (digits === undefined) throw invalidInputSyntax(typeName, text);
  const value = Number(digits);
  if (value > 0xffffffff || value < -0x80000000) throw valueOutOfRange(text, typeName);
  return value >>> 0;
}

const unsigned32 = (
  facts: Pick<SqlType, 'oid' | 'name' | 'arrayOid' | 'category' | 'isPreferred'>,
  parse: (text: string) => number,
  format: (value: number, settings: FormatSettings) => string = (value) => String(value),
): SqlType => ({
  ...facts,
  displayName: facts.name,
  length: 4,
  column: 'i64',
  parse,
  format,
  readBinary(bytes, offset, length) {
    expectLength(length, 4);
    return readUint32(bytes, offset);
  },
  writeBinary: (value: number) => int32Bytes(value | 0),
  compare: (a: number, b: number) => a - b,
  hashKey: (value) => value,
});

export const oid: SqlType = unsigned32(
  { oid: 26, name: 'oid', arrayOid: 1028, category: 'N', isPreferred: true },
  (text) => parseOid(text, 'oid'),
);

function reg(typeOid: number, name: string, arrayOid: number): SqlType {
  const type = unsigned32(
    { oid: typeOid, name, arrayOid, category: 'N', isPreferred: false },
    (text) => (text === '-' ? 0 : parseOid(text, name)),
    (value, settings) => (value === 0 ? '-' : (settings.objectName?.(type, value) ?? `${value}`)),
  );
  return type;
}

export const regproc: SqlType = reg(24, 'regproc', 1008);
export const regprocedure: SqlType = reg(2202, 'regprocedure', 2207);
export const regclass: SqlType = reg(2205, 'regclass', 2210);
export const regtype: SqlType = reg(2206, 'regtype', 2211);
export const regconfig: SqlType = reg(3734, 'regconfig', 3735);
export const regdictionary: SqlType = reg(3769, 'regdictionary', 3770);
export const regnamespace: SqlType = reg(4089, 'regnamespace', 4090);
export const regrole: SqlType = reg(4096, 'regrole', 4097);
export const regcollation: SqlType = reg(4191, 'regcollation', 4192);

/** The two operator types print a missing operator as 0, not as a dash. */
const regOperator = (typeOid: number, name: string, arrayOid: number): SqlType =>
  unsigned32({ oid: typeOid, name, arrayOid, category: 'N', isPreferred: false }, (text) => parseOid(text, name));

export const regoper: SqlType = regOperator(2203, 'regoper', 2208);
export const regoperator: SqlType = regOperator(2204, 'regoperator', 2209);

/** All types that are an oid underneath, `oid` itself not counted. */
export const regTypes: readonly SqlType[] = [
  regproc,
  regprocedure,
  regoper,
  regoperator,
  regclass,
  regtype,
  regconfig,
  regdictionary,
  regnamespace,
  regrole,
  regcollation,
];

/** xid and cid read what C's strtoul reads, and anything else as 0. */
function parseLoose(text: string): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text);
  if (digits === null) return 0;
  const value = Number(BigInt.asUintN(32, BigInt(digits[2] as string)));
  return digits[1] === '-' ? -value >>> 0 : value;
}

export const xid: SqlType = unsigned32(
  { oid: 28, name: 'xid', arrayOid: 1011, category: 'U', isPreferred: false },
  parseLoose,
);

export const cid: SqlType = unsigned32(
  { oid: 29, name: 'cid', arrayOid: 1012, category: 'U', isPreferred: false },
  parseLoose,
);

const eightBytes = {
  category: 'U',
  isPreferred: false,
  length: 8,
  column: 'i64',
  readBinary(bytes: Uint8Array, offset: number, length: number): Int {
    expectLength(length, 8);
    return readInt64(bytes, offset);
  },
  writeBinary: (value: Int): Uint8Array => int64Bytes(value),
  compare: compareInt,
  hashKey: (value: Int): Int => value,
} as const;

/** Stored as a signed 64-bit value: transaction numbers do not reach 2^63. */
export const xid8: SqlType = {
  ...eightBytes,
  oid: 5069,
  name: 'xid8',
  displayName: 'xid8',
  arrayOid: 271,
  parse: (text) => parseInt64(text, 'xid8'),
  format: (value: Int) => `${value}`,
};

/** A log position, `16/B374D848`: both halves in hex. Stored as a signed 64-bit value. */
export const pgLsn: SqlType = {
  ...eightBytes,
  oid: 3220,
  name: 'pg_lsn',
  displayName: 'pg_lsn',
  arrayOid: 3221,
  parse(text) {
    const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text);
    if (match === null) throw invalidInputSyntax('pg_lsn', text);
    return toInt((BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`));
  },
  format(value: Int) {
    const bits = BigInt.asUintN(64, BigInt(value));
    return `${(bits >> 32n).toString(16)}/${(bits & 0xffffffffn).toString(16)}`.toUpperCase();
  },
};

/** A row's physical place, printed `(block,offset)`. */
export class TupleId {
  readonly block: number;
  readonly offset: number;

  constructor(block: number, offset: number) {
    this.block = block;
    this.offset = offset;
  }
}

export const tid: SqlType = {
  oid: 27,
  name: 'tid',
  displayName: 'tid',
  arrayOid: 1010,
  category: 'U',
  isPreferred: false,
  length: 6,
  column: 'value',
  parse(text) {
    const match = /^\((\d+),(\d+)\)$/.exec(text);
    if (match === null || Number(match[1]) > 0xffffffff || Number(match[2]) > 0xffff)
      throw invalidInputSyntax('tid', text);
    return new TupleId(Number(match[1]), Number(match[2]));
  },
  format: (value: TupleId) => `(${value.block},${value.offset})`,
  readBinary(bytes, offset, length) {
    expectLength(length, 6);
    return new TupleId(readUint32(bytes, offset), readUint16(bytes, offset + 4));
  },
  writeBinary(value: TupleId) {
    const bytes = new Uint8Array(6);
    putInt32(bytes, 0, value.block | 0);
    putInt16(bytes, 4, value.offset);
    return bytes;
  },
  compare: (a: TupleId, b: TupleId) => a.block - b.block || a.offset - b.offset,
  hashKey: (value: TupleId) => value.block * 0x10000 + value.offset,
};
