/**
 * PostgreSQL's advanced regular expressions (src/backend/regex) as JavaScript's.
 *
 * The pattern is rewritten piece by piece: bracket classes, its own escapes (\m \M \y \Y \A \Z), options. What remains
 * different: among alternatives JavaScript takes the first that matches, PostgreSQL the longest.
 */
import { invalidParameterValue, invalidRegularExpression } from '../../base/errors.ts';
import { PatternCache } from './like.ts';

const fail = (why: string) => invalidRegularExpression(`invalid regular expression: ${why}`);

const classes: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{N}',
  alpha: '\\p{L}',
  blank: ' \\t',
  cntrl: '\\p{Cc}',
  digit: '0-9',
  graph: '\\p{L}\\p{N}\\p{P}\\p{S}\\p{M}',
  lower: '\\p{Ll}',
  print: '\\p{L}\\p{N}\\p{P}\\p{S}\\p{M} ',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: '\\p{Lu}',
  word: '\\p{L}\\p{N}_',
  xdigit: '0-9A-Fa-f',
};

const WORD = '[\\p{L}\\p{N}_]';
const WORD_START = `(?<!${WORD})(?=${WORD})`;
const WORD_END = `(?<=${WORD})(?!${WORD})`;

/** Escapes that stand for a class, outside and inside brackets. */
const classEscapes: Readonly<Record<string, readonly [string, string | null]>> = {
  d: ['[0-9]', '0-9'],
  D: ['[^0-9]', null],
  s: ['\\s', '\\s'],
  S: ['\\S', null],
  w: [WORD, '\\p{L}\\p{N}_'],
  W: ['[^\\p{L}\\p{N}_]', null],
};

const constraints: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  m: WORD_START,
  M: WORD_END,
  y: `(?:${WORD_START}|${WORD_END})`,
  Y: `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
  Z: '(?![\\s\\S])',
};

const characters: Readonly<Record<string, string>> = {
  a: '\\x07',
  b: '\\x08',
  B: '\\\\',
  e: '\\x1b',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
  0: '\\0',
};

type Options = { caseless: boolean; dotAll: boolean; multiline: boolean; expanded: boolean; literal: boolean };

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const literallyInBrackets = (c: string): string => c.replace(/[\\\]^[-]/, '\\$&');

class Translator {
  readonly #text: string;
  readonly #options: Options;
  #at = 0;
  #depth = 0;
  #out = '';
  /** Whether a quantifier may follow. */
  #hasAtom = false;

  constructor(text: string, options: Options) {
    this.#text = text;
    this.#options = options;
  }

  translate(): string {
    while (this.#at < this.#text.length) this.#step();
    if (this.#depth > 0) throw fail('parentheses () not balanced');
    return this.#out;
  }

  #put(code: string, isAtom: boolean): void {
    this.#out += code;
    this.#hasAtom = isAtom;
  }

  #step(): void {
    const c = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    this.#at += c.length;
    switch (c) {
      case '\\':
        this.#escape();
        return;
      case '[':
        this.#bracket();
        return;
      case '(':
        this.#open();
        return;
      case ')':
        if (this.#depth === 0) throw fail('parentheses () not balanced');
        this.#depth--;
        this.#put(')', true);
        return;
      case '.':
        this.#put(this.#options.dotAll ? '[\\s\\S]' : '[^\\n]', true);
        return;
      case '^':
        this.#put(this.#options.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])', false);
        return;
      case '$':
        this.#put(this.#options.multiline ? '(?![^\\n])' : '(?![\\s\\S])', false);
        return;
      case '|':
        this.#put('|', false);
        return;
      case '*':
      case '+':
      case '?':
        this.#quantifier(c);
        return;
      case '{':
        this.#bound();
        return;
      default:
        if (this.#options.expanded && this.#skipBlank(c)) return;
        this.#put(literally(c), true);
    }
  }

  #skipBlank(c: string): boolean {
    if (c === '#') {
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
      return true;
    }
    return /\s/.test(c);
  }

  #quantifier(code: string): void {
    if (!this.#hasAtom) throw fail('quantifier operand invalid');
    const lazy = this.#text[this.#at] === '?' ? '?' : '';
    this.#at += lazy.length;
    this.#put(code + lazy, false);
  }

  #bound(): void {
    const bound = /^(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at));
    if (bound === null) {
      if (/^\d/.test(this.#text.slice(this.#at))) throw fail('invalid repetition count(s)');
      this.#put('\\{', true);
      return;
    }
    const low = Number(bound[1]);
    const high = bound[3] === undefined || bound[3] === '' ? low : Number(bound[3]);
    if (low > 255 || high > 255 || high < low) throw fail('invalid repetition count(s)');
    this.#at += bound[0].length;
    this.#quantifier(`{${bound[0]}`);
  }

  #open(): void {
    const special = /^\?(?::|=|!|<=|<!)/.exec(this.#text.slice(this.#at))?.[0];
    if (special !== undefined) {
      this.#at += special.length;
      this.#put(`(${special}`, false);
    } else if (this.#text.startsWith('?#', this.#at)) {
      const end = this.#text.indexOf(')', this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
      return;
    } else if (this.#text[this.#at] === '?') {
      throw fail('quantifier operand invalid');
    } else this.#put('(', false);
    this.#depth++;
  }

  #escape(): void {
    const c = this.#text[this.#at];
    if (c === undefined) throw fail('invalid escape \\ sequence');
    this.#at++;
    const constraint = constraints[c];
    if (constraint !== undefined) this.#put(constraint, false);
    else if (classEscapes[c] !== undefined) this.#put(classEscapes[c][0], true);
    else if (/[1-9]/.test(c)) this.#backReference(c);
    else this.#put(this.#characterEscape(c), true);
  }

  #backReference(first: string): void {
    const more = /^\d*/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += more.length;
    this.#put(`\\${first}${more}(?:)`, true);
  }

  /** An escape for one character. */
  #characterEscape(c: string): string {
    const known = characters[c];
    if (known !== undefined) return known;
    if (!/[A-Za-z0-9]/.test(c)) return literally(c);
    const rest = this.#text.slice(this.#at);
    const digits =
      c === 'x'
        ? /^[0-9A-Fa-f]+/.exec(rest)
        : c === 'u'
          ? /^[0-9A-Fa-f]{4}/.exec(rest)
          : c === 'U'
            ? /^[0-9A-Fa-f]{8}/.exec(rest)
            : null;
    if (digits !== null) {
      this.#at += digits[0].length;
      return `\\u{${Number.parseInt(digits[0], 16).toString(16)}}`;
    }
    if (c === 'c' && rest !== '') {
      this.#at++;
      return `\\x${((rest.codePointAt(0) as number) % 32).toString(16).padStart(2, '0')}`;
    }
    throw fail('invalid escape \\ sequence');
  }

  #bracket(): void {
    const rest = this.#text.slice(this.#at);
    const wordBound = /^\[:([<>]):\]\]/.exec(rest);
    if (wordBound !== null) {
      this.#at += wordBound[0].length;
      this.#put(wordBound[1] === '<' ? WORD_START : WORD_END, false);
      return;
    }
    const isNegated = rest.startsWith('^');
    if (isNegated) this.#at++;
    let body = '';
    for (let isFirst = true; ; isFirst = false) {
      const c = this.#text.codePointAt(this.#at);
      if (c === undefined) throw fail('brackets [] not balanced');
      if (c === 0x5d && !isFirst) break;
      body += this.#bracketItem(isFirst);
    }
    this.#at++;
    if (isNegated && !this.#options.dotAll) body += '\\n';
    this.#put(`[${isNegated ? '^' : ''}${body}]`, true);
  }

  #bracketItem(isFirst: boolean): string {
    const rest = this.#text.slice(this.#at);
    const named = /^\[(?:([:])(\w+):|([.=])(.+?)\3)\]/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      if (named[2] === undefined) return literallyInBrackets(named[4] as string);
      const known = classes[named[2]];
      if (known === undefined) throw fail('invalid character class');
      return known;
    }
    const c = String.fromCodePoint(rest.codePointAt(0) as number);
    this.#at += c.length;
    if (c === '\\') return this.#bracketEscape();
    // A minus between two characters makes a range; anywhere else it stands for itself.
    if (c === '-' && !isFirst && this.#text[this.#at] !== ']') return '-';
    return literallyInBrackets(c);
  }

  #bracketEscape(): string {
    const c = this.#text[this.#at];
    if (c === undefined) throw fail('brackets [] not balanced');
    this.#at++;
    const known = classEscapes[c];
    if (known !== undefined) {
      if (known[1] === null) throw fail('invalid escape \\ sequence');
      return known[1];
    }
    return /[A-Za-z0-9]/.test(c) ? this.#characterEscape(c) : literallyInBrackets(c);
  }
}

/** Options from flag letters; `g` is the caller's business. */
function readOptions(flags: string): Options {
  const options = { caseless: false, dotAll: true, multiline: false, expanded: false, literal: false };
  for (const flag of flags) {
    if (flag === 'i') options.caseless = true;
    else if (flag === 'c') options.caseless = false;
    else if (flag === 'n' || flag === 'm') Object.assign(options, { dotAll: false, multiline: true });
    else if (flag === 's') Object.assign(options, { dotAll: true, multiline: false });
    else if (flag === 'p') Object.assign(options, { dotAll: false, multiline: false });
    else if (flag === 'w') Object.assign(options, { dotAll: true, multiline: true });
    else if (flag === 'x') options.expanded = true;
    else if (flag === 'q') options.literal = true;
    else if (!'tbeg'.includes(flag)) throw invalidParameterValue(`invalid regular expression option: "${flag}"`);
  }
  return options;
}

/** `flags` and pattern, a character that no flag is between them. */
function compile(key: string): RegExp {
  const split = key.indexOf('/');
  let options = readOptions(key.slice(0, split));
  let text = key.slice(split + 1);
  if (text.startsWith('***=')) return build(literally(text.slice(4)), options);
  if (text.startsWith('***:')) text = text.slice(4);
  if (options.literal) return build(literally(text), options);
  const embedded = /^\(\?([a-z]+)\)/.exec(text);
  if (embedded !== null) {
    options = readOptions(key.slice(0, split) + (embedded[1] as string));
    text = text.slice(embedded[0].length);
  }
  return build(new Translator(text, options).translate(), options);
}

function build(source: string, options: Options): RegExp {
  try {
    return new RegExp(source, options.caseless ? 'giu' : 'gu');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (/range out of order/i.test(error.message)) throw fail('invalid character range');
    if (/escape/i.test(error.message)) throw fail('invalid backreference number');
    throw fail(error.message.replace(/^.*: /, '').toLowerCase());
  }
}

const cache = new PatternCache(compile);

/** The compiled pattern, global: set `lastIndex` before use. */
export function regexFor(pattern: string, flags = ''): RegExp {
  const regex = cache.get(`${flags}/${pattern}`);
  regex.lastIndex = 0;
  return regex;
}

export const matches = (s: string, pattern: string, flags = ''): boolean => regexFor(pattern, flags).test(s);

/** All matches from unit `from` on. Zero-length ones move one character ahead. */
export function* allMatches(s: string, pattern: string, flags: string, from = 0): Generator<RegExpExecArray> {
  const regex = new RegExp(regexFor(pattern, flags));
  regex.lastIndex = from;
  for (let match = regex.exec(s); match !== null; match = regex.exec(s)) {
    yield match;
    if (match[0] === '') regex.lastIndex += (s.codePointAt(regex.lastIndex) ?? 0) > 0xffff ? 2 : 1;
  }
}

/** The pieces between matches, by the rules of regexp_split: empty matches at the ends or right after another do not split. */
export function splitByPattern(s: string, pattern: string, flags: string): string[] {
  if (flags.includes('g')) throw invalidParameterValue('regexp_split_to_table() does not support the "global" option');
  const parts: string[] = [];
  let start = 0;
  let previousEnd = 0;
  for (const match of allMatches(s, pattern, flags)) {
    const end = match.index + match[0].length;
    if (match.index < s.length && end > previousEnd) {
      parts.push(s.slice(start, match.index));
      start = end;
    }
    previousEnd = end;
  }
  parts.push(s.slice(start));
  return parts;
}
