/** Bytes: encodings of them in text, digests of bytes and of text, and the pieces of bytea. */
import { createHash } from 'node:crypto';
import { invalidParameterValue, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { bytea, formatEscape, hexOfBytes, parseBytea, parseHex } from '../../types/bytea.ts';
import { decodeUtf8, encodeUtf8 } from '../../types/bytes.ts';
import type { Int } from '../../types/int64.ts';
import { int4, int8 } from '../../types/integer.ts';
import { name, text } from '../../types/text.ts';
import { define, type ScalarFunction } from './define.ts';

// ------------------------------------------------------------------------------------------- encodings and digests

const bytesOf = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? encodeUtf8(value) : value);
const digest = (algorithm: string) => (value: string | Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytesOf(value)).digest());
const hexDigest = (algorithm: string) => (value: string | Uint8Array) =>
  createHash(algorithm).update(bytesOf(value)).digest('hex');

const badEncoding = (encoding: string) => invalidParameterValue(`unrecognized encoding: "${encoding}"`);

function encode(bytes: Uint8Array, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'hex':
      return hexOfBytes(bytes);
    case 'base64':
      // Lines of 76 characters, as RFC 2045 has them.
      return Buffer.from(bytes)
        .toString('base64')
        .replaceAll(/.{76}(?=.)/g, '$&\n');
    case 'escape':
      return formatEscape(bytes);
    default:
      throw badEncoding(encoding);
  }
}

function decode(s: string, encoding: string): Uint8Array {
  switch (encoding.toLowerCase()) {
    case 'hex':
      return parseHex(s);
    case 'base64':
      return decodeBase64(s);
    case 'escape':
      return parseBytea(s.startsWith('\\x') ? `\\134${s.slice(1)}` : s);
    default:
      throw badEncoding(encoding);
  }
}

function decodeBase64(s: string): Uint8Array {
  const body = s.replaceAll(/[ \t\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(body)?.[0];
  if (bad !== undefined) throw invalidParameterValue(`invalid symbol "${bad}" found while decoding base64 sequence`);
  if (!/^[^=]*={0,2}$/.test(body)) throw invalidParameterValue('unexpected "=" while decoding base64 sequence');
  if (body.length % 4 !== 0) {
    throw invalidParameterValue('invalid base64 end sequence', {
      hint: 'Input data is missing padding, is truncated, or is otherwise corrupted.',
    });
  }
  return new Uint8Array(Buffer.from(body, 'base64'));
}

const MD5_A = '0cc175b9c0f1b6a831c399e269772661';
const encodings: ScalarFunction[] = [
  define('md5', [text], text, 'MD5 digest in hexadecimal.', [["md5('a')", MD5_A]], hexDigest('md5')),
  define('md5', [bytea], text, 'MD5 digest in hexadecimal.', [[`md5('\\x61'::bytea)`, MD5_A]], hexDigest('md5')),
  ...(['sha224', 'sha256', 'sha384', 'sha512'] as const).map((algorithm) =>
    define(
      algorithm,
      [bytea],
      bytea,
      `SHA-2 digest of ${algorithm.slice(3)} bits.`,
      [[`length(${algorithm}('abc'::bytea))`, `${Number(algorithm.slice(3)) / 8}`]],
      digest(algorithm),
    ),
  ),
  define(
    'encode',
    [bytea, text],
    text,
    'Bytes as text: hex, base64 or escape.',
    [[`encode('\\x313233'::bytea, 'base64')`, 'MTIz']],
    encode,
  ),
  define(
    'decode',
    [text, text],
    bytea,
    'Bytes from text: hex, base64 or escape.',
    [["decode('MTIz', 'base64')", '\\x313233']],
    decode,
  ),
  define(
    'convert_from',
    [bytea, name],
    text,
    'Bytes in an encoding as text.',
    [[`convert_from('\\x616263'::bytea, 'UTF8')`, 'abc']],
    (b: Uint8Array, encoding: string) => {
      checkEncoding(encoding);
      return decodeUtf8(b);
    },
  ),
  define(
    'convert_to',
    [text, name],
    bytea,
    'Text as bytes in an encoding.',
    [["convert_to('abc', 'UTF8')", '\\x616263']],
    (s: string, encoding: string) => {
      checkEncoding(encoding);
      return encodeUtf8(s);
    },
  ),
];

function checkEncoding(encoding: string): void {
  if (!/^utf-?8$/i.test(encoding)) throw invalidParameterValue(`invalid encoding name "${encoding}"`);
}

// ----------------------------------------------------------------------------------------------------------- bytea

function byteAt(b: Uint8Array, i: number): number {
  if (i < 0 || i >= b.length)
    throw new SqlError(SqlState.arraySubscriptError, `index ${i} out of valid range, 0..${b.length - 1}`);
  return b[i] as number;
}

function withByte(b: Uint8Array, i: number, value: number): Uint8Array {
  byteAt(b, i);
  const copy = b.slice();
  copy[i] = value;
  return copy;
}

function sliceBytes(b: Uint8Array, start: number, length = Number.POSITIVE_INFINITY): Uint8Array {
  if (length < 0) throw new SqlError(SqlState.substringError, 'negative substring length not allowed');
  return b.slice(Math.max(start - 1, 0), Math.max(start - 1 + length, 0));
}

const byteAccess: ScalarFunction[] = [
  define(
    'get_byte',
    [bytea, int4],
    int4,
    'The n-th byte, from 0.',
    [[`get_byte('\\x1234567890'::bytea, 4)`, '144']],
    byteAt,
  ),
  define(
    'set_byte',
    [bytea, int4, int4],
    bytea,
    'The bytes with another n-th one.',
    [[`set_byte('\\x1234567890'::bytea, 4, 64)`, '\\x1234567840']],
    withByte,
  ),
  define(
    'get_bit',
    [bytea, int8],
    int4,
    'The n-th bit, from the lowest of the first byte.',
    [[`get_bit('\\x1234567890'::bytea, 30)`, '1']],
    (b: Uint8Array, n: Int) => (byteAt(b, Math.floor(Number(n) / 8)) >> (Number(n) % 8)) & 1,
  ),
  ...['substr', 'substring'].flatMap((fn) => [
    define(
      fn,
      [bytea, int4],
      bytea,
      'The bytes from a position on.',
      [[`${fn}('\\x1234567890'::bytea, 3)`, '\\x567890']],
      (b: Uint8Array, from: number) => sliceBytes(b, from),
    ),
    define(
      fn,
      [bytea, int4, int4],
      bytea,
      'So many bytes from a position on.',
      [[`${fn}('\\x1234567890'::bytea, 3, 2)`, '\\x5678']],
      sliceBytes,
    ),
  ]),
  define(
    'position',
    [bytea, bytea],
    int4,
    'Position of the second bytes in the first, 0 when they do not occur.',
    [[`position('\\x5678'::bytea IN '\\x1234567890'::bytea)`, '3']],
    (b: Uint8Array, part: Uint8Array) => Buffer.from(b).indexOf(part) + 1,
  ),
];

export const byteFunctions: readonly ScalarFunction[] = [...encodings, ...byteAccess];

export const byteOperators: readonly ScalarFunction[] = [
  define(
    '||',
    [bytea, bytea],
    bytea,
    'Both, one after the other.',
    [[`'\\x123456'::bytea || '\\x789a00'::bytea`, '\\x123456789a00']],
    (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b]),
  ),
];
