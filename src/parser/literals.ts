/**
 * Strings, bit strings and quoted identifiers: everything between quotes, and the blanks and comments that may stand
 * between the parts of one string. Each reader takes the offset where the literal begins (its prefix included) and
 * returns the value with the offset behind it, or throws a `LexicalError`.
 */
import { isHexDigit, isIdentifierPart, isIdentifierStart, isSpace, truncateIdentifier } from './characters.ts';

export type Literal = { readonly value: string; readonly end: number };

/** The scanner gives up: `tokenize` makes it the syntax error of the token [start, end). */
export class LexicalError extends Error {
  override readonly name = 'LexicalError';
  readonly start: number;
  readonly end: number;
  readonly hint: string | undefined;
  /** The message stands alone, without `at or near`. */
  readonly isBare: boolean;
  /** 22025 instead of 42601. */
  readonly isInvalidEscape: boolean;

  constructor(
    message: string,
    start: number,
    end: number,
    hint?: string | undefined,
    isBare = false,
    isInvalidEscape = false,
  ) {
    super(message);
    this.start = start;
    this.end = end;
    this.hint = hint;
    this.isBare = isBare;
    this.isInvalidEscape = isInvalidEscape;
  }
}

const QUOTE = 39;
const BACKSLASH = 92;
const NEWLINE = 10;
const RETURN = 13;
const DOLLAR = 36;

// ------------------------------------------------------------------------------------------- blanks and comments

/** The offset behind the blanks and comments that start at `at`. */
export function skipBlanks(source: string, at: number): number {
  let end = at;
  while (true) {
    const code = source.charCodeAt(end);
    if (isSpace(code)) end++;
    else if (code === 45 && source.charCodeAt(end + 1) === 45) end = lineEnd(source, end);
    else if (code === 47 && source.charCodeAt(end + 1) === 42) end = skipBlockComment(source, end);
    else return end;
  }
}

function lineEnd(source: string, at: number): number {
  let end = at;
  for (let code = source.charCodeAt(end); end < source.length; code = source.charCodeAt(++end)) {
    if (code === NEWLINE || code === RETURN) return end;
  }
  return end;
}

/** Block comments nest, as in the standard. */
function skipBlockComment(source: string, start: number): number {
  let depth = 1;
  let at = start + 2;
  while (depth > 0) {
    if (at >= source.length) throw new LexicalError('unterminated /* comment', start, source.length);
    const code = source.charCodeAt(at);
    const next = source.charCodeAt(at + 1);
    if (code === 47 && next === 42) {
      depth++;
      at += 2;
    } else if (code === 42 && next === 47) {
      depth--;
      at += 2;
    } else at++;
  }
  return at;
}

/** Two strings are one when only blanks with a line end between them part them; -1 when the literal ends at `at`. */
function continuation(source: string, at: number): number {
  let sawNewline = false;
  let end = at;
  while (true) {
    const code = source.charCodeAt(end);
    if (code === QUOTE) return sawNewline ? end + 1 : -1;
    if (code === NEWLINE || code === RETURN) sawNewline = true;
    if (isSpace(code)) end++;
    else if (code === 45 && source.charCodeAt(end + 1) === 45) end = lineEnd(source, end);
    else return -1;
  }
}

// ------------------------------------------------------------------------------------------------------- strings

/** `'…'` with doubled quotes. */
export function readString(source: string, start: number): Literal {
  return readQuotedParts(source, start, start + 1, 'unterminated quoted string');
}

function readQuotedParts(source: string, start: number, contentStart: number, unterminated: string): Literal {
  let value = '';
  let from = contentStart;
  while (true) {
    const quote = source.indexOf("'", from);
    if (quote < 0) throw new LexicalError(unterminated, start, source.length);
    value += source.slice(from, quote);
    if (source.charCodeAt(quote + 1) === QUOTE) {
      value += "'";
      from = quote + 2;
      continue;
    }
    const next = continuation(source, quote + 1);
    if (next < 0) return { value, end: quote + 1 };
    from = next;
  }
}

/** `B'01'`, `X'1F'`: the value starts with the letter. The digits are checked by the type, as in PostgreSQL. */
export function readBits(source: string, start: number, letter: 'b' | 'x'): Literal {
  const unterminated = letter === 'b' ? 'unterminated bit string literal' : 'unterminated hexadecimal string literal';
  const { value, end } = readQuotedParts(source, start, start + 2, unterminated);
  return { value: letter + value, end };
}

/** `E'…'` with C escapes. `\xHH` and octal escapes give bytes, which together must be UTF-8. */
export function readEscapeString(source: string, start: number): Literal {
  let value = '';
  let at = start + 2;
  while (true) {
    const code = source.charCodeAt(at);
    if (Number.isNaN(code)) throw new LexicalError('unterminated quoted string', start, source.length);
    if (code === BACKSLASH) {
      const escaped = isByteEscape(source, at) ? readBytes(source, at) : readEscape(source, at, start);
      value += escaped.value;
      at = escaped.end;
    } else if (code !== QUOTE) {
      const from = at;
      at = plainEnd(source, at);
      value += source.slice(from, at);
    } else if (source.charCodeAt(at + 1) === QUOTE) {
      value += "'";
      at += 2;
    } else {
      const next = continuation(source, at + 1);
      if (next < 0) return { value, end: at + 1 };
      at = next;
    }
  }
}

function plainEnd(source: string, at: number): number {
  let end = at;
  for (let code = source.charCodeAt(end); end < source.length; code = source.charCodeAt(++end)) {
    if (code === QUOTE || code === BACKSLASH) return end;
  }
  return end;
}

const isOctal = (code: number) => code >= 48 && code <= 55;

function isByteEscape(source: string, at: number): boolean {
  const code = source.charCodeAt(at + 1);
  return isOctal(code) || (code === 120 && isHexDigit(source.charCodeAt(at + 2)));
}

/** Consecutive `\xHH` and `\ooo`, decoded as UTF-8 together. */
function readBytes(source: string, start: number): Literal {
  const bytes: number[] = [];
  let at = start;
  while (source.charCodeAt(at) === BACKSLASH && isByteEscape(source, at)) {
    const isHex = source.charCodeAt(at + 1) === 120;
    const from = isHex ? at + 2 : at + 1;
    const isPart = isHex ? isHexDigit : isOctal;
    const most = from + (isHex ? 2 : 3);
    let end = from;
    while (end < most && isPart(source.charCodeAt(end))) end++;
    bytes.push(Number.parseInt(source.slice(from, end), isHex ? 16 : 8) & 255);
    at = end;
  }
  return { value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes)), end: at };
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function readEscape(source: string, at: number, literalStart: number): Literal {
  const letter = source.charAt(at + 1);
  if (letter === 'u' || letter === 'U') return readUnicodeEscapes(source, at);
  if (letter === '') throw new LexicalError('unterminated quoted string', literalStart, source.length);
  const character = String.fromCodePoint(source.codePointAt(at + 1) as number);
  return { value: SIMPLE_ESCAPES[letter] ?? character, end: at + 1 + character.length };
}

/** `\uXXXX` or `\UXXXXXXXX`; a high surrogate must be followed by its low one. */
function readUnicodeEscapes(source: string, at: number): Literal {
  const first = readCodePoint(source, at);
  if (!isHighSurrogate(first.code)) return { value: toText(first.code, at, first.end), end: first.end };
  const isPaired = source.charCodeAt(first.end) === BACKSLASH && /[uU]/.test(source.charAt(first.end + 1));
  if (!isPaired) throw new LexicalError('invalid Unicode surrogate pair', first.end, first.end + 1);
  const second = readCodePoint(source, first.end);
  if (!isLowSurrogate(second.code)) throw new LexicalError('invalid Unicode surrogate pair', first.end, second.end);
  return { value: String.fromCharCode(first.code, second.code), end: second.end };
}

function readCodePoint(source: string, at: number): { code: number; end: number } {
  const digits = source.charAt(at + 1) === 'u' ? 4 : 8;
  const end = at + 2 + digits;
  for (let i = at + 2; i < end; i++) {
    if (!isHexDigit(source.charCodeAt(i))) {
      const hint = 'Unicode escapes must be \\uXXXX or \\UXXXXXXXX.';
      throw new LexicalError('invalid Unicode escape', at, i, hint, true, true);
    }
  }
  return { code: Number.parseInt(source.slice(at + 2, end), 16), end };
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;

function toText(code: number, start: number, end: number): string {
  if (code === 0 || code > 0x10ffff) throw new LexicalError('invalid Unicode escape value', start, end);
  if (isLowSurrogate(code)) throw new LexicalError('invalid Unicode surrogate pair', start, end);
  return String.fromCodePoint(code);
}

// ------------------------------------------------------------------------------------------------- dollar quotes

/** `$$…$$` or `$tag$…$tag$`; null where the dollar starts no such string. */
export function readDollarQuoted(source: string, start: number): Literal | null {
  let at = start + 1;
  if (isIdentifierStart(source.charCodeAt(at))) {
    at++;
    while (isIdentifierPart(source.charCodeAt(at)) && source.charCodeAt(at) !== DOLLAR) at++;
  }
  if (source.charCodeAt(at) !== DOLLAR) return null;
  const tag = source.slice(start, at + 1);
  const close = source.indexOf(tag, at + 1);
  if (close < 0) throw new LexicalError('unterminated dollar-quoted string', start, source.length);
  return { value: source.slice(at + 1, close), end: close + tag.length };
}

// -------------------------------------------------------------------------------------------- quoted identifiers

/** `"…"`, or with backticks; the quote doubled stands for itself. */
export function readQuotedIdentifier(source: string, start: number, quoteCode: number): Literal {
  const { value, end } = readDelimited(source, start, start + 1, String.fromCharCode(quoteCode));
  return { value: truncateIdentifier(value), end };
}

function readDelimited(source: string, start: number, contentStart: number, quote: string): Literal {
  let value = '';
  let from = contentStart;
  while (true) {
    const close = source.indexOf(quote, from);
    if (close < 0) throw new LexicalError('unterminated quoted identifier', start, source.length);
    value += source.slice(from, close);
    if (source.charAt(close + 1) !== quote) {
      if (value === '') throw new LexicalError('zero-length delimited identifier', start, close + 1);
      return { value, end: close + 1 };
    }
    value += quote;
    from = close + 2;
  }
}

// ------------------------------------------------------------------------------------------- U& and its UESCAPE

/** `U&'…'` and `U&"…"`, with an optional `UESCAPE 'c'` behind. */
export function readUnicodeLiteral(source: string, start: number): Literal {
  const isString = source.charCodeAt(start + 2) === QUOTE;
  const raw = isString
    ? readQuotedParts(source, start, start + 3, 'unterminated quoted string')
    : readDelimited(source, start, start + 3, '"');
  const uescape = readUescape(source, raw.end);
  const value = decodeUnicode(raw.value, uescape.value, start + 3);
  return { value: isString ? value : truncateIdentifier(value), end: uescape.end };
}

function readUescape(source: string, end: number): Literal {
  const at = skipBlanks(source, end);
  const word = source.slice(at, at + 7).toLowerCase();
  if (word !== 'uescape' || isIdentifierPart(source.charCodeAt(at + 7))) return { value: '\\', end };
  const quote = skipBlanks(source, at + 7);
  if (source.charCodeAt(quote) !== QUOTE) {
    const wordEnd = Math.min(source.length, Math.max(quote + 1, at + 7));
    throw new LexicalError('UESCAPE must be followed by a simple string literal', quote, wordEnd);
  }
  const character = readString(source, quote);
  if (character.value.length !== 1 || /[0-9a-fA-F+'"\s]/.test(character.value)) {
    throw new LexicalError('invalid Unicode escape character', quote, character.end);
  }
  return character;
}

/** `\XXXX` and `\+XXXXXX` with the given escape character; doubled it stands for itself. */
function decodeUnicode(raw: string, mark: string, contentStart: number): string {
  let value = '';
  let at = 0;
  let high = 0;
  while (at < raw.length) {
    if (raw.charAt(at) !== mark || raw.charAt(at + 1) === mark) {
      if (high !== 0) break;
      value += raw.charAt(at);
      at += raw.charAt(at) === mark ? 2 : 1;
      continue;
    }
    const digits = raw.charAt(at + 1) === '+' ? raw.slice(at + 2, at + 8) : raw.slice(at + 1, at + 5);
    const isLong = raw.charAt(at + 1) === '+';
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== (isLong ? 6 : 4)) {
      const hint = 'Unicode escapes must be \\XXXX or \\+XXXXXX.';
      throw new LexicalError('invalid Unicode escape', contentStart + at, contentStart + at + 1, hint, true);
    }
    const code = Number.parseInt(digits, 16);
    const end = at + (isLong ? 8 : 5);
    if (high !== 0 && isLowSurrogate(code)) {
      value += String.fromCharCode(high, code);
      high = 0;
    } else if (high !== 0) break;
    else if (isHighSurrogate(code)) high = code;
    else value += toText(code, contentStart + at, contentStart + end);
    at = end;
  }
  if (high !== 0) {
    const start = contentStart + at;
    throw new LexicalError('invalid Unicode surrogate pair', start, start + 1, undefined, true);
  }
  return value;
}
