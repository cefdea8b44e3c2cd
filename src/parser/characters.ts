/**
 * Character classes of PostgreSQL's scanner (scan.l), by UTF-16 code unit. Everything beyond ASCII may be part of an
 * identifier, as there.
 */

const IDENTIFIER_START = 1;
const IDENTIFIER_PART = 2;
const DIGIT = 4;
const OPERATOR = 8;
const SPACE = 16;
const HEX = 32;

const CLASSES = new Uint8Array(128);

function mark(characters: string, flag: number): void {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    CLASSES[code] = (CLASSES[code] as number) | flag;
  }
}
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';
mark(LETTERS, IDENTIFIER_START | IDENTIFIER_PART);
mark('0123456789', DIGIT | IDENTIFIER_PART | HEX);
mark('$', IDENTIFIER_PART);
mark('abcdefABCDEF', HEX);
// PostgreSQL also has the backtick here; this dialect quotes identifiers with it.
mark('~!@#^&|?+-*/%<>=', OPERATOR);
mark(' \t\n\r\f', SPACE);

// NaN (past the end) fails every test below.
const has = (code: number, flag: number) => code < 128 && ((CLASSES[code] as number) & flag) !== 0;

export const isIdentifierStart = (code: number) => code >= 128 || has(code, IDENTIFIER_START);
export const isIdentifierPart = (code: number) => code >= 128 || has(code, IDENTIFIER_PART);
export const isDigit = (code: number) => code >= 48 && code <= 57;
export const isHexDigit = (code: number) => has(code, HEX);
export const isOperatorCharacter = (code: number) => has(code, OPERATOR);
export const isSpace = (code: number) => has(code, SPACE);

/** Lower case of A to Z only, as PostgreSQL folds under UTF-8. */
export function foldIdentifier(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128) return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
    if (code >= 65 && code <= 90) return foldFrom(text, i);
  }
  return text;
}

function foldFrom(text: string, start: number): string {
  for (let i = start; i < text.length; i++) {
    if (text.charCodeAt(i) >= 128) return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
  }
  return text.toLowerCase();
}

const MAX_IDENTIFIER_BYTES = 63;

/** Cuts at 63 bytes of UTF-8, never inside a character (NAMEDATALEN - 1). */
export function truncateIdentifier(name: string): string {
  if (name.length * 3 <= MAX_IDENTIFIER_BYTES) return name;
  let bytes = 0;
  let end = 0;
  for (const character of name) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MAX_IDENTIFIER_BYTES) return name.slice(0, end);
    end += character.length;
  }
  return name;
}
