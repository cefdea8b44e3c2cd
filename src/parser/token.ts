/**
 * Tokens as parallel arrays: what the lexer hands to the cursor. No object per token, because a point lookup has a
 * dozen of them and ten microseconds for everything.
 */
import type { SqlError } from '../base/errors.ts';

/**
 * Kinds are ordered so that the name classes of gram.y are ranges: words and quoted identifiers are 1 to 6, and a
 * ColId, a type or function name, and a ColLabel are what `NAME_CLASSES` below allows.
 */
export const TokenKind = {
  end: 0,
  /** An unquoted identifier that is no keyword of PostgreSQL. */
  word: 1,
  unreserved: 2,
  columnName: 3,
  typeOrFunction: 4,
  reserved: 5,
  quoted: 6,
  string: 7,
  integer: 8,
  decimal: 9,
  bits: 10,
  parameter: 11,
  operator: 12,
  punctuation: 13,
  /** The lexer gave up here; the error is raised when the parser gets this far, as PostgreSQL's does. */
  error: 14,
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

export type Tokens = {
  readonly source: string;
  readonly kinds: TokenKind[];
  /**
   * What the grammar compares: the keyword, operator or punctuation mark, always one of a fixed set of interned
   * strings (so a comparison is one of pointers); '' for everything that only carries a value.
   */
  readonly tags: string[];
  /** Folded name, unescaped string, digits of a number or parameter, text of an operator. */
  readonly values: string[];
  /** Code-unit offsets of the token's text: [start, end). */
  readonly starts: number[];
  readonly ends: number[];
  error: SqlError | null;
};
