/** Text made of values of any type: concat, format, quoting, text || anything; encodings and digests of text and bytes. */
import { createHash } from 'node:crypto';
import { invalidParameterValue, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { SqlArray } from '../../types/array.ts';
import { bytea, formatEscape, hexOfBytes, parseBytea, parseHex } from '../../types/bytea.ts';
import { decodeUtf8, encodeUtf8 } from '../../types/bytes.ts';
import { castBetween } from '../../types/casts.ts';
import type { Value } from '../../types/column.ts';
import type { Int } from '../../types/int64.ts';
import { int4, int8 } from '../../types/integer.ts';
import { name, text } from '../../types/text.ts';
import type { FormatSettings, SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import { textArray } from './array-types.ts';
import { define, defineFunction, type ScalarFunction } from './define.ts';
import { splitQualifiedName } from './names.ts';
import { outputVolatility } from './output-volatility.ts';

/** The value cast to text: as it is printed, but booleans in full. */
export function castToText(type: SqlType, value: Value, settings: FormatSettings): string {
  const cast = type === text ? undefined : castBetween(type, text);
  return cast === undefined ? type.format(value, settings) : (cast.convert(value, settings) as string);
}

const print = (context: EvalContext, type: SqlType | undefined, value: Value): string | null =>
  value === null ? null : (type ?? text).format(value, context.format);

/** Settled by the types of the arguments; until then, stable. */
const stable = { volatility: 'stable', context: true } as const;
const byTypes = { ...stable, volatilityFor: outputVolatility } as const;

// ---------------------------------------------------------------------------------------------- concat and format

const concatenation: ScalarFunction[] = [
  defineFunction({
    name: 'concat',
    args: ['any'],
    variadic: true,
    result: text,
    ...byTypes,
    strict: false,
    doc: 'All arguments as text, one after the other; NULLs are passed over.',
    examples: [["concat('abcde', 2, NULL, 22)", 'abcde222']],
    evalFor:
      (types) =>
      (context: EvalContext, ...values: Value[]) =>
        values.map((value, i) => print(context, types[i], value) ?? '').join(''),
  }),
  defineFunction({
    name: 'concat_ws',
    args: [text, 'any'],
    variadic: true,
    result: text,
    ...byTypes,
    strict: false,
    doc: 'The arguments behind the first as text, joined with the first; NULLs are passed over.',
    examples: [["concat_ws(',', 'abcde', 2, NULL, 22)", 'abcde,2,22']],
    evalFor:
      (types) =>
      (context: EvalContext, separator: string | null, ...values: Value[]) => {
        if (separator === null) return null;
        const parts = values.map((value, i) => print(context, types[i + 1], value));
        return parts.filter((part) => part !== null).join(separator);
      },
  }),
];

const badFormat = (message: string, hint?: string) => invalidParameterValue(message, { hint });

/** One `%…` of a format string: position, flag, width, kind. */
const specifier = /%(?:%|(?:(\d+)\$)?(-)?(?:(\d+)|\*(?:(\d+)\$)?)?([\s\S])?)/g;

function formatText(
  types: readonly SqlType[],
  context: EvalContext,
  template: string,
  values: readonly Value[],
): string {
  let next = 0;
  const take = (position: string | undefined): number => {
    const index = position === undefined ? next : Number(position) - 1;
    if (index < 0) throw badFormat('format specifies argument 0, but arguments are numbered from 1');
    if (index >= values.length) throw badFormat('too few arguments for format()');
    next = index + 1;
    return index;
  };
  return template.replaceAll(specifier, (whole, position, minus, digits, widthPosition, kind) => {
    if (whole === '%%') return '%';
    if (kind === undefined) {
      throw badFormat('unterminated format() type specifier', 'For a single "%" use "%%".');
    }
    let width = digits === undefined ? 0 : Number(digits);
    if (whole.includes('*')) width = Number(values[take(widthPosition)] ?? 0);
    if (!'sIL'.includes(kind)) {
      throw badFormat(`unrecognized format() type specifier "${kind}"`, 'For a single "%" use "%%".');
    }
    const index = take(position);
    const shown = convertForFormat(kind, print(context, types[index], values[index] as Value));
    return minus === undefined && width >= 0 ? shown.padStart(width) : shown.padEnd(Math.abs(width));
  });
}

function convertForFormat(kind: string, value: string | null): string {
  if (kind === 's') return value ?? '';
  if (kind === 'L') return value === null ? 'NULL' : quoteLiteral(value);
  if (value === null)
    throw new SqlError(SqlState.nullValueNotAllowed, 'null values cannot be formatted as an SQL identifier');
  return quoteIdentifier(value);
}

const formats: ScalarFunction[] = [
  define(
    'format',
    [text],
    text,
    'The text, with %% for a percent sign.',
    [["format('100%%')", '100%']],
    (context: EvalContext, template: string) => formatText([], context, template, []),
    stable,
  ),
  defineFunction({
    name: 'format',
    args: [text, 'any'],
    variadic: true,
    result: text,
    ...byTypes,
    strict: false,
    doc: 'The text with %s, %I (an identifier) and %L (a literal) replaced by the arguments; %2$s takes the second.',
    examples: [
      ["format('Hello %s, %1$s', 'World')", 'Hello World, World'],
      ["format('%I = %L', 'Col', 'it''s')", "\"Col\" = 'it''s'"],
    ],
    evalFor:
      (types) =>
      (context: EvalContext, template: string | null, ...values: Value[]) =>
        template === null ? null : formatText(types.slice(1), context, template, values),
  }),
];

// -------------------------------------------------------------------------------------------------------- quoting

const quoting: ScalarFunction[] = [
  define(
    'quote_ident',
    [text],
    text,
    'The text as an SQL identifier, quoted where needed.',
    [
      ["quote_ident('Foo bar')", '"Foo bar"'],
      ["quote_ident('foo')", 'foo'],
    ],
    quoteIdentifier,
  ),
  define(
    'quote_literal',
    [text],
    text,
    'The text as an SQL literal.',
    [["quote_literal('O''Reilly')", "'O''Reilly'"]],
    quoteLiteral,
  ),
  define(
    'quote_nullable',
    [text],
    text,
    'The text as an SQL literal, NULL as the word NULL.',
    [['quote_nullable(NULL)', 'NULL']],
    (s: string | null) => (s === null ? 'NULL' : quoteLiteral(s)),
    { strict: false },
  ),
  defineFunction({
    name: 'quote_literal',
    args: ['anyelement'],
    result: text,
    ...byTypes,
    doc: 'The value as an SQL literal.',
    examples: [['quote_literal(42.5)', "'42.5'"]],
    evalFor:
      ([type]) =>
      (context: EvalContext, value: Value) =>
        quoteLiteral(castToText(type as SqlType, value, context.format)),
  }),
  defineFunction({
    name: 'quote_nullable',
    args: ['anyelement'],
    result: text,
    ...byTypes,
    strict: false,
    doc: 'The value as an SQL literal, NULL as the word NULL.',
    examples: [['quote_nullable(42.5)', "'42.5'"]],
    evalFor:
      ([type]) =>
      (context: EvalContext, value: Value) =>
        value === null ? 'NULL' : quoteLiteral(castToText(type as SqlType, value, context.format)),
  }),
  define(
    'parse_ident',
    [text],
    textArray,
    'The parts of a qualified name.',
    [[`parse_ident('"SomeSchema".sometable')`, '{SomeSchema,sometable}']],
    (s: string) => SqlArray.of(splitQualifiedName(s)),
  ),
];

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
  if (length < 0) throw new SqlError('22011' as SqlState, 'negative substring length not allowed');
  return b.slice(Math.max(start - 1, 0), Math.max(start - 1 + length, 0));
}

const bytes: ScalarFunction[] = [
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

export const textOutputFunctions: readonly ScalarFunction[] = [
  ...concatenation,
  ...formats,
  ...quoting,
  ...encodings,
  ...bytes,
];

/** Text beside anything that is not an array. */
export const textOutputOperators: readonly ScalarFunction[] = [
  defineFunction({
    name: '||',
    args: [text, 'anynonarray'],
    result: text,
    ...byTypes,
    doc: 'The text, then the value as text.',
    examples: [["'Value: ' || 42", 'Value: 42']],
    evalFor:
      ([, type]) =>
      (context: EvalContext, a: string, b: Value) =>
        a + castToText(type as SqlType, b, context.format),
  }),
  defineFunction({
    name: '||',
    args: ['anynonarray', text],
    result: text,
    ...byTypes,
    doc: 'The value as text, then the text.',
    examples: [["42 || ' is the value'", '42 is the value']],
    evalFor:
      ([type]) =>
      (context: EvalContext, a: Value, b: string) =>
        castToText(type as SqlType, a, context.format) + b,
  }),
  define(
    '||',
    [bytea, bytea],
    bytea,
    'Both, one after the other.',
    [[`'\\x123456'::bytea || '\\x789a00'::bytea`, '\\x123456789a00']],
    (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b]),
  ),
];
