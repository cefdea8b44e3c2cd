/** LIKE, ILIKE, NOT … as operators ~~ ~~* !~~ !~~*, and SIMILAR TO's pattern translator. Patterns are compiled once and kept. */
import { SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { bool } from '../../types/boolean.ts';
import { bytea } from '../../types/bytea.ts';
import { bpchar, name, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { define, type ScalarFunction } from './define.ts';

const CACHE_SIZE = 1000;

/** What compiling a pattern gives, kept for the patterns met last. */
export class PatternCache<T> {
  readonly #known = new Map<string, T>();
  readonly #compile: (pattern: string) => T;

  constructor(compile: (pattern: string) => T) {
    this.#compile = compile;
  }

  get(pattern: string): T {
    let compiled = this.#known.get(pattern);
    if (compiled === undefined) {
      compiled = this.#compile(pattern);
      if (this.#known.size >= CACHE_SIZE) this.#known.clear();
      this.#known.set(pattern, compiled);
    }
    return compiled;
  }
}

const badEscape = () => new SqlError(SqlState.invalidEscapeSequence, 'LIKE pattern must not end with escape character');
const quote = (c: string): string => c.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');

/** The literal parts between `%`s, when the pattern has nothing else of its own; null otherwise. */
function literalParts(pattern: string): string[] | null {
  return /[_\\]/.test(pattern) ? null : pattern.split('%');
}

type Matcher = (s: string) => boolean;

/** Most patterns are a prefix, a suffix or a part: those need no regular expression. */
function compileLike(pattern: string): Matcher {
  const parts = literalParts(pattern);
  if (parts === null) return regularMatcher(pattern, 'su');
  const [first, second, third] = parts as [string, string, string];
  if (parts.length === 1) return (s) => s === first;
  if (parts.length === 2)
    return (s) => s.length >= first.length + second.length && s.startsWith(first) && s.endsWith(second);
  if (parts.length === 3 && first === '' && third === '') return (s) => s.includes(second);
  return regularMatcher(pattern, 'su');
}

function regularMatcher(pattern: string, flags: string): Matcher {
  let source = '^';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c !== '\\') source += c === '%' ? '.*' : c === '_' ? '.' : quote(c);
    else if (i + 1 < pattern.length) source += quote(pattern[++i] as string);
    else return failingMatcher(new RegExp(`${source}.`, flags));
  }
  const regex = new RegExp(`${source}$`, flags);
  return (s) => regex.test(s);
}

/** A pattern that ends in its escape is an error only for a text that gets that far. */
function failingMatcher(regex: RegExp): Matcher {
  return (s) => {
    if (regex.test(s)) throw badEscape();
    return false;
  };
}

const likePatterns = new PatternCache(compileLike);
const ilikePatterns = new PatternCache((pattern) => regularMatcher(pattern, 'sui'));

export const like = (s: string, pattern: string): boolean => likePatterns.get(pattern)(s);
const ilike = (s: string, pattern: string): boolean => ilikePatterns.get(pattern)(s);
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** LIKE … ESCAPE 'e': the pattern with backslash as its escape. */
function likeEscape(pattern: string, escaping: string): string {
  if ([...escaping].length > 1) {
    throw new SqlError(SqlState.invalidEscapeSequence, 'invalid escape string', {
      hint: 'Escape string must be empty or one character.',
    });
  }
  if (escaping === '\\') return pattern;
  let out = '';
  let isEscaped = false;
  for (const c of pattern) {
    if (c === escaping && !isEscaped) {
      out += '\\';
      isEscaped = true;
    } else {
      out += c === '\\' && !isEscaped ? '\\\\' : c;
      isEscaped = false;
    }
  }
  return out;
}

const subjects: readonly (readonly [SqlType, string])[] = [
  [text, "'thomas'::text"],
  [name, "'thomas'::name"],
  [bpchar, "'thomas'::char(6)"],
];

const likeOperators = (
  name_: string,
  doc: string,
  match: (s: string, p: string) => boolean,
  negated: boolean,
): ScalarFunction[] =>
  subjects.map(([type, sample]) =>
    define(
      name_,
      [type, text],
      bool,
      doc,
      [[`${sample} ${name_} 'th%'`, negated ? 'f' : 't']],
      negated ? (s: string, p: string) => !match(s, p) : match,
    ),
  );

export const likePatternOperators: readonly ScalarFunction[] = [
  ...likeOperators('~~', 'LIKE: % stands for any characters, _ for one, backslash escapes.', like, false),
  ...likeOperators('!~~', 'NOT LIKE.', like, true),
  ...likeOperators('~~*', 'ILIKE: LIKE without regard to case.', ilike, false),
  ...likeOperators('!~~*', 'NOT ILIKE.', ilike, true),
  define(
    '~~',
    [bytea, bytea],
    bool,
    'LIKE over bytes.',
    [["'abc'::bytea ~~ 'a%'::bytea", 't']],
    (a: Uint8Array, b: Uint8Array) => like(latin1(a), latin1(b)),
  ),
  define(
    '!~~',
    [bytea, bytea],
    bool,
    'NOT LIKE over bytes.',
    [["'abc'::bytea !~~ 'a%'::bytea", 'f']],
    (a: Uint8Array, b: Uint8Array) => !like(latin1(a), latin1(b)),
  ),
];

/** SIMILAR TO's pattern as a POSIX regular expression, anchored. */
function similarToEscape(pattern: string, escaping: string): string {
  let out = '^(?:';
  let inBracket = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === escaping && escaping !== '') {
      i++;
      out += `\\${pattern[i] ?? ''}`;
    } else if (inBracket) {
      if (c === ']') inBracket = false;
      out += c === '\\' ? '\\\\' : c;
    } else if (c === '[') {
      inBracket = true;
      out += c;
    } else if (c === '%') out += '.*';
    else if (c === '_') out += '.';
    else if (c === '(') out += '(?:';
    else if (c === '\\' || c === '.' || c === '^' || c === '$') out += `\\${c}`;
    else out += c;
  }
  return `${out})$`;
}

export const likeFunctions: readonly ScalarFunction[] = [
  define(
    'like_escape',
    [text, text],
    text,
    'A LIKE pattern with another escape character, rewritten to use the backslash.',
    [["like_escape('10#%', '#')", '10\\%']],
    likeEscape,
  ),
  define('like', [text, text], bool, 'LIKE as a function.', [["like('abc', 'a%')", 't']], like),
  define(
    'notlike',
    [text, text],
    bool,
    'NOT LIKE as a function.',
    [["notlike('abc', 'a%')", 'f']],
    (s: string, p: string) => !like(s, p),
  ),
  define(
    'similar_to_escape',
    [text],
    text,
    'A SIMILAR TO pattern as a regular expression.',
    [["similar_to_escape('a%b_')", '^(?:a.*b.)$']],
    (p: string) => similarToEscape(p, '\\'),
  ),
  define(
    'similar_to_escape',
    [text, text],
    text,
    'A SIMILAR TO pattern with an escape character as a regular expression.',
    [["similar_to_escape('a#%b', '#')", '^(?:a\\%b)$']],
    similarToEscape,
  ),
];
