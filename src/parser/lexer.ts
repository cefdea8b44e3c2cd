/**
 * Text to tokens by PostgreSQL's rules (src/backend/parser/scan.l, version 15).
 *
 * One pass over code units, no regular expressions. A lexical error becomes the last token, so that a grammar error
 * before it is reported first, as in PostgreSQL where the scanner runs one token ahead of the grammar. Strings and
 * quoted identifiers are in `literals.ts`. Beyond PostgreSQL: backticks quote identifiers.
 */
import { invalidEscapeSequence, type SqlError, syntaxError } from '../base/errors.ts';
import {
  foldIdentifier,
  isDigit,
  isIdentifierPart,
  isIdentifierStart,
  isOperatorCharacter,
  isSpace,
  truncateIdentifier,
} from './characters.ts';
import { lookupKeyword } from './keywords.ts';
import {
  LexicalError,
  type Literal,
  readBits,
  readDollarQuoted,
  readEscapeString,
  readQuotedIdentifier,
  readString,
  readUnicodeLiteral,
  skipBlanks,
} from './literals.ts';
import { TokenKind, type Tokens } from './token.ts';

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const BACKTICK = 96;
const DOLLAR = 36;
const AMPERSAND = 38;
const DOT = 46;
const MINUS = 45;
const PLUS = 43;
const SLASH = 47;
const STAR = 42;
const COLON = 58;
const EQUALS = 61;

/** Splits `source` into tokens; the last one is `end` or `error`. */
export function tokenize(source: string): Tokens {
  const tokens: Tokens = { source, kinds: [], tags: [], values: [], starts: [], ends: [], error: null };
  try {
    scan(source, tokens);
    push(tokens, TokenKind.end, '', '', source.length, source.length);
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error;
    tokens.error = toSqlError(error, source);
    push(tokens, TokenKind.error, '', '', error.start, error.end);
  }
  return tokens;
}

function toSqlError(error: LexicalError, source: string): SqlError {
  const { start, end, hint, isBare, isInvalidEscape } = error;
  const near = start >= source.length ? 'at end of input' : `at or near "${source.slice(start, end)}"`;
  const message = isBare ? error.message : `${error.message} ${near}`;
  const fields = { position: start, hint };
  return isInvalidEscape ? invalidEscapeSequence(message, fields) : syntaxError(message, fields);
}

function push(tokens: Tokens, kind: TokenKind, tag: string, value: string, start: number, end: number): void {
  tokens.kinds.push(kind);
  tokens.tags.push(tag);
  tokens.values.push(value);
  tokens.starts.push(start);
  tokens.ends.push(end);
}

function scan(source: string, tokens: Tokens): void {
  const length = source.length;
  let at = 0;
  while (true) {
    let code = source.charCodeAt(at);
    while (isSpace(code)) code = source.charCodeAt(++at);
    if (at >= length) return;
    if (isIdentifierStart(code)) at = scanWord(source, at, tokens);
    else if (isDigit(code)) at = scanNumber(source, at, tokens);
    else if (isOperatorCharacter(code)) at = scanOperatorOrComment(source, at, tokens);
    else at = scanOther(source, at, code, tokens);
  }
}

function pushLiteral(tokens: Tokens, kind: TokenKind, literal: Literal, start: number): number {
  push(tokens, kind, '', literal.value, start, literal.end);
  return literal.end;
}

// -------------------------------------------------------------------------------------------------------- words

function scanWord(source: string, start: number, tokens: Tokens): number {
  let end = start + 1;
  while (isIdentifierPart(source.charCodeAt(end))) end++;
  const following = source.charCodeAt(end);
  if (end === start + 1 && (following === QUOTE || following === AMPERSAND)) {
    const prefixed = scanPrefixedLiteral(source, start, following, tokens);
    if (prefixed >= 0) return prefixed;
  }
  const word = foldIdentifier(source.slice(start, end));
  const keyword = lookupKeyword(word);
  if (keyword === undefined) push(tokens, TokenKind.word, '', truncateIdentifier(word), start, end);
  else push(tokens, keyword.kind, keyword.word, keyword.word, start, end);
  return end;
}

/** `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`; -1 where the letter is just a name. */
function scanPrefixedLiteral(source: string, start: number, following: number, tokens: Tokens): number {
  const letter = source.charAt(start).toLowerCase();
  if (following === AMPERSAND) {
    const quote = source.charCodeAt(start + 2);
    if (letter !== 'u' || (quote !== QUOTE && quote !== DOUBLE_QUOTE)) return -1;
    const kind = quote === QUOTE ? TokenKind.string : TokenKind.quoted;
    return pushLiteral(tokens, kind, readUnicodeLiteral(source, start), start);
  }
  switch (letter) {
    case 'e':
      return pushLiteral(tokens, TokenKind.string, readEscapeString(source, start), start);
    case 'b':
    case 'x':
      return pushLiteral(tokens, TokenKind.bits, readBits(source, start, letter), start);
    case 'n':
      // N'x' is the keyword nchar followed by a plain string.
      push(tokens, TokenKind.columnName, 'nchar', 'nchar', start, start + 1);
      return start + 1;
    default:
      return -1;
  }
}

// ------------------------------------------------------------------------------------------------------ numbers

/** `1`, `1.`, `.5`, `1e-3`. `1..2` is `1`, `..`, `2`. A name stuck to a number is an error since version 15. */
function scanNumber(source: string, start: number, tokens: Tokens): number {
  let end = skipDigits(source, start);
  let kind: TokenKind = TokenKind.integer;
  if (source.charCodeAt(end) === DOT && source.charCodeAt(end + 1) !== DOT) {
    kind = TokenKind.decimal;
    end = skipDigits(source, end + 1);
  }
  const exponent = source.charCodeAt(end) | 32;
  if (exponent === 101) {
    const sign = source.charCodeAt(end + 1);
    const digits = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
    if (isDigit(source.charCodeAt(digits))) {
      kind = TokenKind.decimal;
      end = skipDigits(source, digits);
    } else if (digits === end + 2) {
      throw new LexicalError('trailing junk after numeric literal', start, digits);
    }
  }
  refuseJunk(source, start, end, 'trailing junk after numeric literal');
  push(tokens, kind, '', source.slice(start, end), start, end);
  return end;
}

function skipDigits(source: string, start: number): number {
  let end = start;
  while (isDigit(source.charCodeAt(end))) end++;
  return end;
}

function refuseJunk(source: string, start: number, end: number, message: string): void {
  if (!isIdentifierStart(source.charCodeAt(end))) return;
  let junkEnd = end + 1;
  while (isIdentifierPart(source.charCodeAt(junkEnd))) junkEnd++;
  throw new LexicalError(message, start, junkEnd);
}

// ---------------------------------------------------------------------------------- operators, comments and marks

function scanOperatorOrComment(source: string, start: number, tokens: Tokens): number {
  const afterComment = skipBlanks(source, start);
  if (afterComment > start) return afterComment;
  const end = operatorEnd(source, start);
  const text = internOperator(source.slice(start, end));
  push(tokens, text === '=>' ? TokenKind.punctuation : TokenKind.operator, text, text, start, end);
  return end;
}

/**
 * An operator ends before a comment, and may end in + or - only if it holds one of ~ ! @ # % ^ & | ?, so that
 * `a=-1` is `a = -1` and `@-` is one operator.
 */
function operatorEnd(source: string, start: number): number {
  let end = start + 1;
  let mayEndInSign = isSignFriendly(source.charCodeAt(start));
  for (let code = source.charCodeAt(end); isOperatorCharacter(code); code = source.charCodeAt(++end)) {
    const next = source.charCodeAt(end + 1);
    if ((code === MINUS && next === MINUS) || (code === SLASH && next === STAR)) break;
    if (isSignFriendly(code)) mayEndInSign = true;
  }
  while (!mayEndInSign && end > start + 1 && isSign(source.charCodeAt(end - 1))) end--;
  return end;
}

const isSign = (code: number) => code === PLUS || code === MINUS;
const isSignFriendly = (code: number) =>
  // ~ ! @ # % ^ & | ?
  code === 126 ||
  code === 33 ||
  code === 64 ||
  code === 35 ||
  code === 37 ||
  code === 94 ||
  code === 38 ||
  code === 124 ||
  code === 63;

const OPERATORS = new Map<string, string>();
for (const operator of '+ - * / % ^ < > = <= >= <> => || -> ->> ~ ~* !~ !~* && @> <@ #> #>> ? ~~ !~~'.split(' ')) {
  OPERATORS.set(operator, operator);
}
OPERATORS.set('!=', '<>');

/** The shared string of a usual operator; `!=` is `<>`. */
function internOperator(text: string): string {
  return OPERATORS.get(text) ?? text;
}

function scanOther(source: string, start: number, code: number, tokens: Tokens): number {
  switch (code) {
    case QUOTE:
      return pushLiteral(tokens, TokenKind.string, readString(source, start), start);
    case DOUBLE_QUOTE:
    case BACKTICK:
      return pushLiteral(tokens, TokenKind.quoted, readQuotedIdentifier(source, start, code), start);
    case DOLLAR:
      return scanDollar(source, start, tokens);
    case DOT:
      if (isDigit(source.charCodeAt(start + 1))) return scanNumber(source, start, tokens);
      return pushMark(tokens, source.charCodeAt(start + 1) === DOT ? '..' : '.', start);
    case COLON:
      return scanColon(source, start, tokens);
    default:
      return pushMark(tokens, markOf(code, source, start), start);
  }
}

function scanColon(source: string, start: number, tokens: Tokens): number {
  const next = source.charCodeAt(start + 1);
  return pushMark(tokens, next === COLON ? '::' : next === EQUALS ? ':=' : ':', start);
}

function pushMark(tokens: Tokens, mark: string, start: number): number {
  push(tokens, TokenKind.punctuation, mark, mark, start, start + mark.length);
  return start + mark.length;
}

/** A character that starts nothing is a token of its own, which no rule of the grammar accepts. */
function markOf(code: number, source: string, start: number): string {
  switch (code) {
    case 40:
      return '(';
    case 41:
      return ')';
    case 44:
      return ',';
    case 59:
      return ';';
    case 91:
      return '[';
    case 93:
      return ']';
    default:
      return source.charAt(start);
  }
}

/** `$1`, `$tag$…$tag$`, or a lone dollar that no rule accepts. */
function scanDollar(source: string, start: number, tokens: Tokens): number {
  if (isDigit(source.charCodeAt(start + 1))) {
    const end = skipDigits(source, start + 1);
    refuseJunk(source, start, end, 'trailing junk after parameter');
    push(tokens, TokenKind.parameter, '', source.slice(start + 1, end), start, end);
    return end;
  }
  const literal = readDollarQuoted(source, start);
  if (literal === null) return pushMark(tokens, '$', start);
  return pushLiteral(tokens, TokenKind.string, literal, start);
}
