/**
 * JSON text to values, by PostgreSQL's rules: numbers stay exact decimals, of duplicate keys the last one counts, \u0000 and
 * lone surrogates are refused. Errors carry PostgreSQL's detail and its excerpt of the offending line.
 *
 * One token is read ahead, because PostgreSQL reports a bad token before it reports one that is merely out of place.
 */
import { invalidTextRepresentation, SqlError, statementTooComplex } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import { type Numeric, parseNumeric } from './numeric.ts';

/** What the parser makes of each kind of value. */
export interface JsonBuilder<T> {
  null(): T;
  boolean(value: boolean): T;
  number(value: Numeric): T;
  string(value: string): T;
  array(elements: T[]): T;
  object(keys: string[], values: T[]): T;
}

/** `syntaxOnly`: \u escapes are checked for their digits and not for what they mean, as the json type does. */
export function parseJson<T>(text: string, builder: JsonBuilder<T>, syntaxOnly = false): T {
  const lexer = new JsonLexer(text, syntaxOnly);
  lexer.advance();
  const value = parseValue(lexer, builder, 0);
  if (!lexer.isAt('end')) throw lexer.expected('end of input');
  return value;
}

/** Nested deeper, PostgreSQL runs out of stack as well. */
const MAX_DEPTH = 5000;

function parseValue<T>(lexer: JsonLexer, builder: JsonBuilder<T>, depth: number): T {
  if (depth > MAX_DEPTH) throw statementTooComplex('stack depth limit exceeded');
  const { token, value } = lexer;
  switch (token) {
    case '{':
      return parseObject(lexer, builder, depth);
    case '[':
      return parseArray(lexer, builder, depth);
    case 'string':
      lexer.advance();
      return builder.string(value);
    case 'number':
      lexer.advance();
      return builder.number(parseNumeric(value));
    case 'true':
    case 'false':
      lexer.advance();
      return builder.boolean(token === 'true');
    case 'null':
      lexer.advance();
      return builder.null();
    default:
      throw lexer.expected('JSON value');
  }
}

function parseArray<T>(lexer: JsonLexer, builder: JsonBuilder<T>, depth: number): T {
  const elements: T[] = [];
  lexer.advance();
  if (!lexer.isAt(']')) {
    elements.push(parseValue(lexer, builder, depth + 1));
    while (lexer.isAt(',')) {
      lexer.advance();
      elements.push(parseValue(lexer, builder, depth + 1));
    }
    if (!lexer.isAt(']')) throw lexer.expected('"," or "]"');
  }
  lexer.advance();
  return builder.array(elements);
}

function parseObject<T>(lexer: JsonLexer, builder: JsonBuilder<T>, depth: number): T {
  const keys: string[] = [];
  const values: T[] = [];
  lexer.advance();
  if (!lexer.isAt('}')) {
    parseField(lexer, builder, depth, keys, values, 'string or "}"');
    while (lexer.isAt(',')) {
      lexer.advance();
      parseField(lexer, builder, depth, keys, values, 'string');
    }
    if (!lexer.isAt('}')) throw lexer.expected('"," or "}"');
  }
  lexer.advance();
  return builder.object(keys, values);
}

function parseField<T>(
  lexer: JsonLexer,
  builder: JsonBuilder<T>,
  depth: number,
  keys: string[],
  values: T[],
  expected: string,
): void {
  if (!lexer.isAt('string')) throw lexer.expected(expected);
  keys.push(lexer.value);
  lexer.advance();
  if (!lexer.isAt(':')) throw lexer.expected('":"');
  lexer.advance();
  values.push(parseValue(lexer, builder, depth + 1));
}

type Token = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end';

const punctuation = new Map<string, Token>([...'{}[],:'].map((c) => [c, c as Token]));
/** A number, or what looked like one until a digit was missing. */
const numberPattern = /-?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?\d*)?/y;
const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const wordPattern = /[A-Za-z0-9_\u0080-\uffff]+/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonLexer {
  token: Token = 'end';
  /** The content of a string (escapes resolved) or the digits of a number. */
  value = '';
  readonly #text: string;
  readonly #syntaxOnly: boolean;
  #start = 0;
  #end = 0;

  constructor(text: string, syntaxOnly: boolean) {
    this.#text = text;
    this.#syntaxOnly = syntaxOnly;
  }

  isAt(token: Token): boolean {
    return this.token === token;
  }

  advance(): void {
    const text = this.#text;
    let at = this.#end;
    let c = text.charCodeAt(at);
    while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
    this.#start = at;
    if (at >= text.length) {
      this.#end = at;
      this.token = 'end';
    } else if (c === 34) {
      this.#readString(at + 1);
      this.token = 'string';
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      this.#readNumber(at);
      this.token = 'number';
    } else {
      const mark = punctuation.get(text[at] as string);
      if (mark === undefined) this.token = this.#readWord(at);
      else {
        this.#end = at + 1;
        this.token = mark;
      }
    }
  }

  #readWord(at: number): Token {
    const word = this.#match(wordPattern, at);
    this.#end = at + Math.max(word.length, 1);
    if (word === 'true' || word === 'false' || word === 'null') return word;
    throw this.#invalidToken();
  }

  #readNumber(at: number): void {
    // Plain whole numbers, most of all, need no pattern.
    let end = at;
    let c = this.#text.charCodeAt(end);
    while (c >= 48 && c <= 57) c = this.#text.charCodeAt(++end);
    if (
      end > at &&
      (c === 44 || c === 125 || c === 93 || Number.isNaN(c)) &&
      (this.#text[at] !== '0' || end === at + 1)
    ) {
      this.#end = end;
      this.value = this.#text.slice(at, end);
      return;
    }
    const digits = this.#match(numberPattern, at);
    const junk = this.#match(wordPattern, at + digits.length);
    this.#end = at + digits.length + junk.length;
    if (junk !== '' || !wholeNumber.test(digits)) throw this.#invalidToken();
    this.value = digits;
  }

  #match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? '';
  }

  #readString(from: number): void {
    const text = this.#text;
    let at = from;
    let pieceStart = from;
    let out = '';
    for (;;) {
      const c = text.charCodeAt(at);
      if (c === 34) break;
      if (Number.isNaN(c)) throw this.#unterminated();
      if (c < 32) throw this.#controlCharacter(at);
      if (c !== 92) {
        at++;
        continue;
      }
      out += text.slice(pieceStart, at);
      const [piece, next] = this.#readEscape(at + 1);
      out += piece;
      at = next;
      pieceStart = at;
    }
    this.#end = at + 1;
    this.value = out + text.slice(pieceStart, at);
  }

  /** Reads the escape whose letter stands at `at`; answers its text and where it ends. */
  #readEscape(at: number): [string, number] {
    const letter = this.#text[at];
    if (letter === undefined) throw this.#unterminated();
    if (letter === 'u') return this.#readUnicode(at + 1);
    const plain = escapes[letter];
    if (plain !== undefined) return [plain, at + 1];
    const char = String.fromCodePoint(this.#text.codePointAt(at) as number);
    throw this.#failAt(at + char.length, `Escape sequence "\\${char}" is invalid.`);
  }

  #readUnicode(at: number): [string, number] {
    const unit = this.#hex(at);
    if (this.#syntaxOnly) return ['', at + 4];
    if (unit === 0) throw this.#nulCharacter(at + 4);
    if (unit < 0xd800 || unit > 0xdfff) return [String.fromCharCode(unit), at + 4];
    if (unit >= 0xdc00) throw this.#failAt(at + 4, 'Unicode low surrogate must follow a high surrogate.');
    const next = this.#text.slice(at + 4, at + 6);
    if (next === '' || next === '\\') throw this.#unterminated();
    if (next.charCodeAt(0) < 32) throw this.#controlCharacter(at + 4);
    if (next !== '\\u') {
      const end = this.#text[at + 4] === '"' ? at + 5 : at + 4;
      throw this.#failAt(end, 'Unicode low surrogate must follow a high surrogate.');
    }
    const low = this.#hex(at + 6);
    if (low >= 0xd800 && low <= 0xdbff) {
      throw this.#failAt(at + 10, 'Unicode high surrogate must not follow a high surrogate.');
    }
    if (low < 0xdc00 || low > 0xdfff)
      throw this.#failAt(at + 10, 'Unicode low surrogate must follow a high surrogate.');
    return [String.fromCharCode(unit, low), at + 10];
  }

  #hex(at: number): number {
    for (let i = at; i < at + 4; i++) {
      const c = this.#text[i];
      if (c === undefined) throw this.#unterminated();
      if (!/[0-9a-fA-F]/.test(c)) throw this.#failAt(i + 1, '"\\u" must be followed by four hexadecimal digits.');
    }
    return Number.parseInt(this.#text.slice(at, at + 4), 16);
  }

  expected(what: string): SqlError {
    if (this.token === 'end') return this.#error('The input string ended unexpectedly.');
    return this.#error(`Expected ${what}, but found "${this.#text.slice(this.#start, this.#end)}".`);
  }

  #controlCharacter(at: number): SqlError {
    const code = this.#text.charCodeAt(at).toString(16).padStart(2, '0');
    return this.#failAt(at, `Character with value 0x${code} must be escaped.`);
  }

  #unterminated(): SqlError {
    this.#end = this.#text.length;
    return this.#invalidToken();
  }

  #invalidToken(): SqlError {
    return this.#error(`Token "${this.#text.slice(this.#start, this.#end)}" is invalid.`);
  }

  #failAt(end: number, detail: string): SqlError {
    this.#end = end;
    return this.#error(detail);
  }

  #nulCharacter(end: number): SqlError {
    this.#end = end;
    return new SqlError(SqlState.untranslatableCharacter, 'unsupported Unicode escape sequence', {
      detail: '\\u0000 cannot be converted to text.',
      where: this.#context(),
    });
  }

  #error(detail: string): SqlError {
    return invalidTextRepresentation('invalid input syntax for type json', { detail, where: this.#context() });
  }

  /** The line up to the offending token, cut at the front to 50 characters. */
  #context(): string {
    const before = this.#text.slice(0, this.#end);
    const lineStart = before.lastIndexOf('\n', Math.max(0, this.#start - 1)) + 1;
    const line = before.slice(0, lineStart).split('\n').length;
    let start = Math.max(lineStart, this.#end - 49);
    if (start - lineStart <= 3) start = lineStart;
    const next = this.#text[this.#end];
    const hasMore = next !== undefined && next !== '\n' && next !== '\r';
    const shown = this.#text.slice(start, this.#end);
    return `JSON data, line ${line}: ${start > lineStart ? '...' : ''}${shown}${hasMore ? '...' : ''}`;
  }
}
