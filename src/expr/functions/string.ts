/** Strings: lengths, pieces, padding, case, searching. Positions and lengths count code points, from 1. */
import { invalidParameterValue, programLimitExceeded, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { bool } from '../../types/boolean.ts';
import { bytea } from '../../types/bytea.ts';
import type { Int } from '../../types/int64.ts';
import { int4, int8 } from '../../types/integer.ts';
import { bpchar, codePointLength, codePointPrefix, text, trimTrailingBlanks } from '../../types/text.ts';
import { define, type ScalarFunction } from './define.ts';

/** Text without surrogates has as many code points as units, and can be cut as it is. */
const isPlain = (s: string): boolean => codePointLength(s) === s.length;

/** Code points `from` (counted from 0) up to `to`. */
function slicePoints(s: string, from: number, to: number): string {
  if (isPlain(s)) return s.slice(from, to);
  return [...s].slice(from, to).join('');
}

/** substring(s, start, length) of SQL: a start before the string eats into the length. */
function substring(s: string, start: number, length = Number.POSITIVE_INFINITY): string {
  if (length < 0) throw new SqlError(SqlState.substringError, 'negative substring length not allowed');
  const end = start + length;
  return end <= 1 ? '' : slicePoints(s, Math.max(start - 1, 0), end - 1);
}

/** Position of `part`, from 1; 0 when it does not occur. */
function positionOf(s: string, part: string): number {
  const at = s.indexOf(part);
  return at <= 0 ? at + 1 : codePointLength(s.slice(0, at)) + 1;
}

function trim(s: string, characters: string, atStart: boolean, atEnd: boolean): string {
  const points = [...s];
  const set = new Set(characters);
  let start = 0;
  let end = points.length;
  while (atStart && start < end && set.has(points[start] as string)) start++;
  while (atEnd && end > start && set.has(points[end - 1] as string)) end--;
  return points.slice(start, end).join('');
}

const MAX_TEXT = 0x3fffffff;
const tooLong = () => programLimitExceeded('requested length too large');

function padding(length: number, fill: string): string {
  if (length > MAX_TEXT) throw tooLong();
  const points = [...fill];
  return points.length === 0 ? '' : slicePoints(fill.repeat(Math.ceil(length / points.length)), 0, length);
}

function pad(s: string, length: number, fill: string, atStart: boolean): string {
  const missing = length - codePointLength(s);
  if (missing <= 0) return codePointPrefix(s, Math.max(length, 0));
  const filled = padding(missing, fill);
  return atStart ? filled + s : s + filled;
}

function splitPart(s: string, delimiter: string, n: number): string {
  if (n === 0) throw invalidParameterValue('field position must not be zero');
  if (s === '') return '';
  const parts = delimiter === '' ? [s] : s.split(delimiter);
  return parts.at(n > 0 ? n - 1 : n) ?? '';
}

function translate(s: string, from: string, to: string): string {
  const targets = [...to];
  const map = new Map<string, string>();
  [...from].forEach((c, i) => {
    if (!map.has(c)) map.set(c, targets[i] ?? '');
  });
  let out = '';
  for (const c of s) out += map.get(c) ?? c;
  return out;
}

const isAscii = (s: string): boolean => {
  for (let i = 0; i < s.length; i++) if (s.charCodeAt(i) > 127) return false;
  return true;
};

/** Character by character, as C maps them: no SS for ß, no second form of the sigma at the end of a word. */
function mapCase(s: string, change: (c: string) => string): string {
  if (isAscii(s)) return change(s);
  let out = '';
  for (const c of s) {
    const mapped = change(c);
    out += codePointLength(mapped) === 1 ? mapped : c;
  }
  return out;
}

const upper = (s: string): string => mapCase(s, (c) => c.toUpperCase());
const lower = (s: string): string => mapCase(s, (c) => c.toLowerCase());

/** A word begins after anything that is no letter or digit. */
const initcap = (s: string): string =>
  lower(s).replaceAll(/[\p{L}\p{N}]+/gu, (word) => {
    const first = String.fromCodePoint(word.codePointAt(0) as number);
    return upper(first) + word.slice(first.length);
  });

function chr(code: number): string {
  if (code === 0) throw programLimitExceeded('null character not permitted');
  if (code < 0) throw invalidParameterValue('character number must be positive');
  if (code > 0x10ffff) throw programLimitExceeded(`requested character too large for encoding: ${code}`);
  if (code >= 0xd800 && code <= 0xdfff)
    throw programLimitExceeded(`requested character not valid for encoding: ${code}`);
  return String.fromCodePoint(code);
}

function overlay(s: string, part: string, start: number, length: number): string {
  if (start <= 0) throw new SqlError(SqlState.substringError, 'negative substring length not allowed');
  return slicePoints(s, 0, start - 1) + part + slicePoints(s, Math.max(start - 1 + length, 0), s.length);
}

const hex = (value: Int, bits: 32 | 64): string => BigInt.asUintN(bits, BigInt(value)).toString(16);

const normalForms = ['NFC', 'NFD', 'NFKC', 'NFKD'];
function normalize(s: string, form: string): string {
  if (!normalForms.includes(form.toUpperCase())) throw invalidParameterValue(`invalid normalization form: ${form}`);
  return s.normalize(form.toUpperCase());
}

function repeat(s: string, n: number): string {
  if (n <= 0) return '';
  if (s.length * n > MAX_TEXT) throw tooLong();
  return s.repeat(n);
}

const lengths: ScalarFunction[] = [
  ...['length', 'char_length', 'character_length'].flatMap((name) => [
    define(name, [text], int4, 'Number of characters.', [[`${name}('jose')`, '4']], codePointLength),
    define(
      name,
      [bpchar],
      int4,
      'Number of characters, blanks at the end not counted.',
      [[`${name}('jo'::char(5))`, '2']],
      (s: string) => codePointLength(trimTrailingBlanks(s)),
    ),
  ]),
  define('length', [bytea], int4, 'Number of bytes.', [[`length('\\x1234'::bytea)`, '2']], (b: Uint8Array) => b.length),
  define('octet_length', [text], int4, 'Number of bytes in UTF-8.', [["octet_length('é')", '2']], Buffer.byteLength),
  define(
    'octet_length',
    [bpchar],
    int4,
    'Number of bytes in UTF-8.',
    [["octet_length('a'::char(3))", '3']],
    Buffer.byteLength,
  ),
  define(
    'octet_length',
    [bytea],
    int4,
    'Number of bytes.',
    [[`octet_length('\\x1234'::bytea)`, '2']],
    (b: Uint8Array) => b.length,
  ),
  define(
    'bit_length',
    [text],
    int4,
    'Number of bits in UTF-8.',
    [["bit_length('jose')", '32']],
    (s: string) => 8 * Buffer.byteLength(s),
  ),
  define(
    'bit_length',
    [bytea],
    int4,
    'Number of bits.',
    [[`bit_length('\\x12'::bytea)`, '8']],
    (b: Uint8Array) => 8 * b.length,
  ),
];

const trims: ScalarFunction[] = [
  ['btrim', 'both ends', true, true, 'trim'],
  ['ltrim', 'the start', true, false, 'trimxx'],
  ['rtrim', 'the end', false, true, 'xxtrim'],
].flatMap(([name, where, atStart, atEnd, result]) => [
  define(
    name as string,
    [text],
    text,
    `The text without blanks at ${where}.`,
    [[`'[' || ${name}('  x  ') || ']'`, `[${atStart ? '' : '  '}x${atEnd ? '' : '  '}]`]],
    (s: string) => trim(s, ' ', atStart as boolean, atEnd as boolean),
  ),
  define(
    name as string,
    [text, text],
    text,
    `The text without any of the given characters at ${where}.`,
    [[`${name}('xxtrimxx', 'x')`, result as string]],
    (s: string, characters: string) => trim(s, characters, atStart as boolean, atEnd as boolean),
  ),
]);

const pieces: ScalarFunction[] = [
  ...['substr', 'substring'].flatMap((name) => [
    define(
      name,
      [text, int4],
      text,
      'The text from a position on.',
      [[`${name}('alphabet', 3)`, 'phabet']],
      (s: string, from: number) => substring(s, from),
    ),
    define(
      name,
      [text, int4, int4],
      text,
      'So many characters from a position on.',
      [
        [`${name}('alphabet', 3, 2)`, 'ph'],
        [`${name}('alphabet', -1, 4)`, 'al'],
      ],
      substring,
    ),
  ]),
  define(
    'left',
    [text, int4],
    text,
    'The first n characters, or all but the last -n.',
    [
      ["left('abcde', 2)", 'ab'],
      ["left('abcde', -2)", 'abc'],
    ],
    (s: string, n: number) => (n >= 0 ? slicePoints(s, 0, n) : slicePoints(s, 0, Math.max(codePointLength(s) + n, 0))),
  ),
  define(
    'right',
    [text, int4],
    text,
    'The last n characters, or all but the first -n.',
    [
      ["right('abcde', 2)", 'de'],
      ["right('abcde', -2)", 'cde'],
    ],
    (s: string, n: number) => {
      const length = codePointLength(s);
      return slicePoints(s, n >= 0 ? Math.max(length - n, 0) : -n, length);
    },
  ),
  define(
    'split_part',
    [text, text, int4],
    text,
    'The n-th part between delimiters; from the end when n is negative.',
    [
      ["split_part('a,b,c', ',', 2)", 'b'],
      ["split_part('a,b,c', ',', -1)", 'c'],
    ],
    splitPart,
  ),
  define(
    'overlay',
    [text, text, int4, int4],
    text,
    'Replaces so many characters from a position on.',
    [["overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4)", 'Thomas']],
    overlay,
  ),
  define(
    'overlay',
    [text, text, int4],
    text,
    'Replaces as many characters as the new part has.',
    [["overlay('abcdef' PLACING 'zz' FROM 3)", 'abzzef']],
    (s: string, part: string, start: number) => overlay(s, part, start, codePointLength(part)),
  ),
];

const changes: ScalarFunction[] = [
  define('upper', [text], text, 'The text in upper case.', [["upper('tom')", 'TOM']], upper),
  define('lower', [text], text, 'The text in lower case.', [["lower('TOM')", 'tom']], lower),
  define(
    'initcap',
    [text],
    text,
    'Each word with a capital first letter.',
    [["initcap('hi THOMAS')", 'Hi Thomas']],
    initcap,
  ),
  define('reverse', [text], text, 'The characters in reverse order.', [["reverse('abc')", 'cba']], (s: string) =>
    [...s].reverse().join(''),
  ),
  define('repeat', [text, int4], text, 'The text n times.', [["repeat('ab', 3)", 'ababab']], repeat),
  define(
    'replace',
    [text, text, text],
    text,
    'Every occurrence of the second text replaced by the third.',
    [["replace('abcabc', 'bc', 'X')", 'aXaX']],
    (s: string, from: string, to: string) => (from === '' ? s : s.split(from).join(to)),
  ),
  define(
    'translate',
    [text, text, text],
    text,
    'Each character of the second text replaced by its counterpart in the third, or dropped.',
    [["translate('12345', '143', 'ax')", 'a2x5']],
    translate,
  ),
  define(
    'lpad',
    [text, int4, text],
    text,
    'Filled up at the start, or cut at the end, to a length.',
    [
      ["lpad('hi', 5, 'xy')", 'xyxhi'],
      ["lpad('hello', 2, 'x')", 'he'],
    ],
    (s: string, n: number, fill: string) => pad(s, n, fill, true),
  ),
  define(
    'lpad',
    [text, int4],
    text,
    'Filled up with blanks at the start, or cut at the end, to a length.',
    [["lpad('hi', 5)", '   hi']],
    (s: string, n: number) => pad(s, n, ' ', true),
  ),
  define(
    'rpad',
    [text, int4, text],
    text,
    'Filled up, or cut, at the end to a length.',
    [["rpad('hi', 5, 'xy')", 'hixyx']],
    (s: string, n: number, fill: string) => pad(s, n, fill, false),
  ),
  define(
    'rpad',
    [text, int4],
    text,
    'Filled up with blanks, or cut, at the end to a length.',
    [["rpad('hi', 4) || '.'", 'hi  .']],
    (s: string, n: number) => pad(s, n, ' ', false),
  ),
  define(
    'normalize',
    [text, text],
    text,
    'The text in a Unicode normal form.',
    [["length(normalize(U&'\\0061\\0308', NFC))", '1']],
    normalize,
  ),
  define(
    'normalize',
    [text],
    text,
    'The text in the Unicode normal form NFC.',
    [["length(normalize(U&'\\0061\\0308'))", '1']],
    (s: string) => s.normalize(),
  ),
  define(
    'to_hex',
    [int4],
    text,
    'Hexadecimal digits; of negative numbers, their two’s complement.',
    [
      ['to_hex(255)', 'ff'],
      ['to_hex(-1)', 'ffffffff'],
    ],
    (n: number) => hex(n, 32),
  ),
  define(
    'to_hex',
    [int8],
    text,
    'Hexadecimal digits; of negative numbers, their two’s complement.',
    [['to_hex(255::int8)', 'ff']],
    (n: Int) => hex(n, 64),
  ),
];

const searches: ScalarFunction[] = [
  define(
    'strpos',
    [text, text],
    int4,
    'Position of the second text in the first, 0 when it does not occur.',
    [["strpos('high', 'ig')", '2']],
    positionOf,
  ),
  define(
    'position',
    [text, text],
    int4,
    'Position of the second text in the first, 0 when it does not occur; written position(part IN whole).',
    [["position('om' IN 'Thomas')", '3']],
    positionOf,
  ),
  define(
    'starts_with',
    [text, text],
    bool,
    'Whether the first text begins with the second.',
    [["starts_with('alphabet', 'alph')", 't']],
    (s: string, p: string) => s.startsWith(p),
  ),
  define(
    'ascii',
    [text],
    int4,
    'Code point of the first character, 0 for the empty text.',
    [["ascii('x')", '120']],
    (s: string) => s.codePointAt(0) ?? 0,
  ),
  define('chr', [int4], text, 'The character with this code point.', [['chr(65)', 'A']], chr),
];

export const stringFunctions: readonly ScalarFunction[] = [...lengths, ...trims, ...pieces, ...changes, ...searches];

export const stringOperators: readonly ScalarFunction[] = [
  define(
    '||',
    [text, text],
    text,
    'Both texts, one after the other.',
    [["'Post' || 'greSQL'", 'PostgreSQL']],
    (a: string, b: string) => a + b,
    {
      emit: (a, b) => `${a} + ${b}`,
    },
  ),
  define(
    '^@',
    [text, text],
    bool,
    'Whether the left text begins with the right one.',
    [["'alphabet' ^@ 'alph'", 't']],
    (s: string, p: string) => s.startsWith(p),
  ),
];
