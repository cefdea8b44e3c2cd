/** Regular expressions: the operators ~ ~* !~ !~* and the regexp_ functions. The dialect is in regex.ts. */
import { invalidParameterValue } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import type { Value } from '../../types/column.ts';
import { int4 } from '../../types/integer.ts';
import { bpchar, codePointLength, codePointPrefix, name, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { textArray } from './array-types.ts';
import { define, type ScalarFunction } from './define.ts';
import { allMatches, matches, regexFor, splitByPattern } from './regex.ts';

const operator = (
  symbol: string,
  doc: string,
  result: string,
  test: (s: string, p: string) => boolean,
): ScalarFunction[] =>
  [text, name, bpchar].map((type: SqlType) =>
    define(
      symbol,
      [type, text],
      bool,
      doc,
      [[`'Thomas'::${type === bpchar ? 'char(6)' : type.name} ${symbol} 't.*ma'`, result]],
      test,
    ),
  );

export const regexpOperators: readonly ScalarFunction[] = [
  ...operator('~', 'Whether the text matches the regular expression.', 'f', matches),
  ...operator('~*', 'Whether the text matches the regular expression, without regard to case.', 't', (s, p) =>
    matches(s, p, 'i'),
  ),
  ...operator('!~', 'Whether the text does not match the regular expression.', 't', (s, p) => !matches(s, p)),
  ...operator(
    '!~*',
    'Whether the text does not match the regular expression, without regard to case.',
    'f',
    (s, p) => !matches(s, p, 'i'),
  ),
];

const groupsOf = (match: RegExpExecArray): Value =>
  SqlArray.of((match.length > 1 ? match.slice(1) : [match[0]]).map((g) => g ?? null));

function refuseGlobal(flags: string, name_: string, hint?: string): void {
  if (flags.includes('g')) throw invalidParameterValue(`${name_}() does not support the "global" option`, { hint });
}

function match(s: string, pattern: string, flags = ''): Value {
  refuseGlobal(flags, 'regexp_match', 'Use the regexp_matches function instead.');
  const found = regexFor(pattern, flags).exec(s);
  return found === null ? null : groupsOf(found);
}

/** `\1` … `\9` and `\&` in a replacement. */
function expand(replacement: string, found: RegExpExecArray): string {
  return replacement.replaceAll(/\\(.)?/gs, (whole, c: string | undefined) => {
    if (c === '&') return found[0];
    if (c !== undefined && /[0-9]/.test(c)) return c === '0' ? whole : (found[Number(c)] ?? '');
    return c === '\\' ? '\\' : whole;
  });
}

/** Replaces the `nth` match (0: all) from unit `from` on. */
function replaceMatches(
  s: string,
  pattern: string,
  replacement: string,
  flags: string,
  from: number,
  nth: number,
): string {
  let out = '';
  let copied = 0;
  let seen = 0;
  for (const found of allMatches(s, pattern, flags, from)) {
    seen++;
    if (nth !== 0 && seen !== nth) continue;
    out += s.slice(copied, found.index) + expand(replacement, found);
    copied = found.index + found[0].length;
    if (nth !== 0) break;
  }
  return out + s.slice(copied);
}

const positive = (value: number, what: string, least: number): void => {
  if (value < least) throw invalidParameterValue(`invalid value for parameter "${what}": ${value}`);
};

/** Unit offset of the character at position `start` (from 1). */
function offsetOf(s: string, start: number): number {
  positive(start, 'start', 1);
  return codePointPrefix(s, start - 1).length;
}

function replaceNth(s: string, p: string, r: string, start: number, n?: number, flags = ''): string {
  if (n !== undefined) positive(n, 'n', 0);
  return replaceMatches(s, p, r, flags, offsetOf(s, start), n ?? (flags.includes('g') ? 0 : 1));
}

function count(s: string, p: string, start = 1, flags = ''): number {
  refuseGlobal(flags, 'regexp_count');
  let n = 0;
  for (const _ of allMatches(s, p, flags, offsetOf(s, start))) n++;
  return n;
}

/** The `n`-th match from character `start` on. */
function nthMatch(
  s: string,
  p: string,
  start: number,
  n: number,
  flags: string,
  name_: string,
): RegExpExecArray | null {
  positive(n, 'n', 1);
  refuseGlobal(flags, name_);
  let seen = 0;
  for (const found of allMatches(s, p, flags, offsetOf(s, start))) if (++seen === n) return found;
  return null;
}

function substr(s: string, p: string, start = 1, n = 1, flags = '', group = 0): Value {
  positive(group, 'subexpr', 0);
  return nthMatch(s, p, start, n, flags, 'regexp_substr')?.[group] ?? null;
}

/** Position of the match, or just behind it. Of a group, its first occurrence inside the match. */
function instr(s: string, p: string, start = 1, n = 1, endOption = 0, flags = '', group = 0): number {
  if (endOption !== 0 && endOption !== 1)
    throw invalidParameterValue(`invalid value for parameter "endoption": ${endOption}`);
  positive(group, 'subexpr', 0);
  const found = nthMatch(s, p, start, n, flags, 'regexp_instr');
  const part = found?.[group];
  if (found === null || part === undefined) return 0;
  const at = found.index + (group === 0 ? 0 : found[0].indexOf(part));
  return codePointLength(s.slice(0, endOption === 0 ? at : at + part.length)) + 1;
}

/** substring(s FROM pattern): the first group, or the whole match. */
function extract(s: string, pattern: string): Value {
  const found = regexFor(pattern).exec(s);
  return found === null ? null : ((found.length > 1 ? found[1] : found[0]) ?? null);
}

export const regexpFunctions: readonly ScalarFunction[] = [
  define(
    'substring',
    [text, text],
    text,
    'The part that matches a regular expression, or its first group.',
    [
      ["substring('Thomas' FROM '...$')", 'mas'],
      ["substring('foobar' FROM 'o(.)b')", 'o'],
    ],
    extract,
  ),
  define(
    'regexp_match',
    [text, text],
    textArray,
    'The groups of the first match.',
    [["regexp_match('foobarbequebaz', '(bar)(beque)')", '{bar,beque}']],
    match,
  ),
  define(
    'regexp_match',
    [text, text, text],
    textArray,
    'The groups of the first match, with flags.',
    [["regexp_match('FOO', 'o', 'i')", '{O}']],
    match,
  ),
  define(
    'regexp_like',
    [text, text],
    bool,
    'Whether there is a match.',
    [["regexp_like('Hello World', 'world$')", 'f']],
    matches,
  ),
  define(
    'regexp_like',
    [text, text, text],
    bool,
    'Whether there is a match, with flags.',
    [["regexp_like('Hello World', 'world$', 'i')", 't']],
    (s: string, p: string, flags: string) => {
      refuseGlobal(flags, 'regexp_like');
      return matches(s, p, flags);
    },
  ),
  define(
    'regexp_replace',
    [text, text, text],
    text,
    'The first match replaced; \\1 to \\9 and \\& stand for groups and the match.',
    [
      ["regexp_replace('Thomas', '.[mN]a.', 'M')", 'ThM'],
      ["regexp_replace('abc', '(b)', '[\\1]')", 'a[b]c'],
    ],
    (s: string, p: string, r: string) => replaceMatches(s, p, r, '', 0, 1),
  ),
  define(
    'regexp_replace',
    [text, text, text, text],
    text,
    'As the flags say; `g` replaces all matches.',
    [["regexp_replace('foobarbaz', 'b..', 'X', 'g')", 'fooXX']],
    (s: string, p: string, r: string, flags: string) => replaceMatches(s, p, r, flags, 0, flags.includes('g') ? 0 : 1),
  ),
  ...[[int4], [int4, int4], [int4, int4, text]].map((more, i) =>
    define(
      'regexp_replace',
      [text, text, text, ...more],
      text,
      'The n-th match (0: all) from a position on replaced.',
      [
        [
          `regexp_replace('alphabet', 'a', 'X', 1${[', 2', ", 'i'"].slice(0, i).join('')})`,
          i === 0 ? 'Xlphabet' : 'alphXbet',
        ],
      ],
      replaceNth,
    ),
  ),
  ...[[], [int4], [int4, text]].map((more, i) =>
    define(
      'regexp_count',
      [text, text, ...more],
      int4,
      'Number of matches, from a position on.',
      [
        [
          `regexp_count('ABCABCAXYaxy', 'A.'${i > 0 ? ', 4' : ''}${i > 1 ? ", 'i'" : ''})`,
          ['3', '2', '3'][i] as string,
        ],
      ],
      count,
    ),
  ),
  ...[[], [int4], [int4, int4], [int4, int4, text], [int4, int4, text, int4]].map((more, i) =>
    define(
      'regexp_substr',
      [text, text, ...more],
      text,
      'The n-th match from a position on, or one of its groups.',
      [[`regexp_substr('ABCDEF', 'C(.)'${[', 1', ', 1', ", 'i'", ', 1'].slice(0, i).join('')})`, i === 4 ? 'D' : 'CD']],
      substr,
    ),
  ),
  ...[[], [int4], [int4, int4], [int4, int4, int4], [int4, int4, int4, text], [int4, int4, int4, text, int4]].map(
    (more, i) =>
      define(
        'regexp_instr',
        [text, text, ...more],
        int4,
        'Position of the n-th match from a position on, 0 when there is none; with end option 1, behind it.',
        [
          [
            `regexp_instr('ABCDEF', 'C(.)'${[', 1', ', 1', ', 0', ", 'i'", ', 1'].slice(0, i).join('')})`,
            i === 5 ? '4' : '3',
          ],
        ],
        instr,
      ),
  ),
  define(
    'regexp_split_to_array',
    [text, text],
    textArray,
    'The parts between matches.',
    [["regexp_split_to_array('hello  world', '\\s+')", '{hello,world}']],
    (s: string, p: string) => SqlArray.of(splitByPattern(s, p, '')),
  ),
  define(
    'regexp_split_to_array',
    [text, text, text],
    textArray,
    'The parts between matches, with flags.',
    [["regexp_split_to_array('aXbxc', 'x', 'i')", '{a,b,c}']],
    (s: string, p: string, flags: string) => SqlArray.of(splitByPattern(s, p, flags)),
  ),
];
