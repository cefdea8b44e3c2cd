/**
 * The character types: text, varchar(n), bpchar (`char(n)`), name, "char", unknown, cstring.
 *
 * All are JavaScript strings. Order is by code point, which is PostgreSQL's order under the C collation in UTF-8 (byte order
 * and code point order agree); JavaScript's `<` compares UTF-16 units and would put U+FF5E after U+1F600.
 */
import { invalidParameterValue, valueTooLong } from '../base/errors.ts';
import { decodeUtf8, encodeUtf8, expectLength } from './bytes.ts';
import type { SqlType } from './type.ts';

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Lifts surrogates (U+D800…DFFF) above the rest of the basic plane. */
const codePointRank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Number of code points: what varchar(n), char_length and substring count. */
export function codePointLength(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) n--;
  }
  return n;
}

/** The first `count` code points. */
export function codePointPrefix(text: string, count: number): string {
  if (text.length <= count) return text;
  let at = 0;
  for (let seen = 0; seen < count && at < text.length; seen++) at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return text.slice(0, at);
}

/** Blanks (U+0020 only) at the end do not count for char(n). */
export function trimTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
}

const strings = {
  column: 'text',
  parse: (value: string): string => value,
  format: (value: string): string => value,
  readBinary: (bytes: Uint8Array, offset: number, length: number): string => decodeUtf8(bytes, offset, length),
  writeBinary: (value: string): Uint8Array => encodeUtf8(value),
  compare: compareText,
  hashKey: (value: string): string => value,
} as const;

export const text: SqlType = {
  ...strings,
  oid: 25,
  name: 'text',
  displayName: 'text',
  arrayOid: 1009,
  category: 'S',
  isPreferred: true,
  length: -1,
};

/** What a quoted literal is until something gives it a type. */
export const unknown: SqlType = {
  ...strings,
  oid: 705,
  name: 'unknown',
  displayName: 'unknown',
  arrayOid: 0,
  category: 'X',
  isPreferred: false,
  length: -2,
};

export const cstring: SqlType = {
  ...strings,
  oid: 2275,
  name: 'cstring',
  displayName: 'cstring',
  arrayOid: 1263,
  category: 'P',
  isPreferred: false,
  length: -2,
};

export const refcursor: SqlType = {
  ...strings,
  oid: 1790,
  name: 'refcursor',
  displayName: 'refcursor',
  arrayOid: 2201,
  category: 'U',
  isPreferred: false,
  length: -1,
};

/** An expression tree as the catalog stores it; nothing can be put in by hand. */
export const pgNodeTree: SqlType = {
  ...strings,
  oid: 194,
  name: 'pg_node_tree',
  displayName: 'pg_node_tree',
  arrayOid: 0,
  category: 'Z',
  isPreferred: false,
  length: -1,
};

// ------------------------------------------------------------------------------------------- varchar(n), char(n)

const MAX_LENGTH = 10485760;

/** typmod = n + 4, for the four bytes of length word PostgreSQL counts in. */
function parseLengthTypmod(typeName: string, args: readonly number[]): number {
  const n = args[0];
  if (n === undefined || args.length !== 1) throw invalidParameterValue('invalid type modifier');
  if (n < 1) throw invalidParameterValue(`length for type ${typeName} must be at least 1`);
  if (n > MAX_LENGTH) throw invalidParameterValue(`length for type ${typeName} cannot exceed ${MAX_LENGTH}`);
  return n + 4;
}

const formatLengthTypmod = (typmod: number): string => (typmod > 4 ? `(${typmod - 4})` : '');

/** Cuts to `limit` code points. Only blanks may fall unless the cast is explicit. */
function cut(value: string, limit: number, explicit: boolean, typeName: string): string {
  const kept = codePointPrefix(value, limit);
  if (!explicit && trimTrailingBlanks(value.slice(kept.length)) !== '') throw valueTooLong(`${typeName}(${limit})`);
  return kept;
}

export const varchar: SqlType = {
  ...strings,
  oid: 1043,
  name: 'varchar',
  displayName: 'character varying',
  arrayOid: 1015,
  category: 'S',
  isPreferred: false,
  length: -1,
  applyTypmod(value: string, typmod, explicit) {
    const limit = typmod - 4;
    return typmod < 4 || value.length <= limit ? value : cut(value, limit, explicit, 'character varying');
  },
  formatTypmod: formatLengthTypmod,
  parseTypmod: (args) => parseLengthTypmod('varchar', args),
};

/** Stored padded, compared and hashed without its trailing blanks. */
export const bpchar: SqlType = {
  ...strings,
  oid: 1042,
  name: 'bpchar',
  displayName: 'character',
  arrayOid: 1014,
  category: 'S',
  isPreferred: false,
  length: -1,
  compare: (a: string, b: string) => compareText(trimTrailingBlanks(a), trimTrailingBlanks(b)),
  hashKey: (value: string) => trimTrailingBlanks(value),
  applyTypmod(value: string, typmod, explicit) {
    if (typmod < 4) return value;
    const limit = typmod - 4;
    const length = codePointLength(value);
    if (length <= limit) return value + ' '.repeat(limit - length);
    return cut(value, limit, explicit, 'character');
  },
  formatTypmod: formatLengthTypmod,
  parseTypmod: (args) => parseLengthTypmod('char', args),
};

// ---------------------------------------------------------------------------------------------------- name, "char"

const MAX_NAME_BYTES = 63;

/** An identifier is cut, silently, to 63 bytes, never inside a character. */
export function truncateName(value: string): string {
  if (value.length <= MAX_NAME_BYTES / 3) return value;
  let bytes = 0;
  let at = 0;
  for (const char of value) {
    const code = char.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MAX_NAME_BYTES) return value.slice(0, at);
    at += char.length;
  }
  return value;
}

export const name: SqlType = {
  ...strings,
  oid: 19,
  name: 'name',
  displayName: 'name',
  arrayOid: 1003,
  category: 'S',
  isPreferred: false,
  length: 64,
  parse: truncateName,
};

/** The value of "char" that a text gives: its first byte. */
export const firstByte = (value: string): string =>
  value === '' ? '' : String.fromCharCode(encodeUtf8(value)[0] as number);

/** The one-byte type of the catalogs: a string of the one byte (as U+0000…00FF), empty for the zero byte. */
export const char: SqlType = {
  ...strings,
  oid: 18,
  name: 'char',
  displayName: '"char"',
  arrayOid: 1002,
  category: 'Z',
  isPreferred: false,
  length: 1,
  parse: firstByte,
  readBinary(bytes, offset, length) {
    expectLength(length, 1);
    return bytes[offset] === 0 ? '' : String.fromCharCode(bytes[offset] as number);
  },
  writeBinary: (value: string) => Uint8Array.of(value === '' ? 0 : value.charCodeAt(0)),
};
