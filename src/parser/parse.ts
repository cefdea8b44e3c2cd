/** The door of the room: text to statements. */
import type { Expr, Statement } from './ast.ts';
import { Cursor, type Grammar } from './cursor.ts';
import {
  continueExpression,
  parseExpression as parseExpressionOver,
  parseRestrictedExpression,
} from './expressions.ts';
import { tokenize } from './lexer.ts';
import { continueQuery, parseQuery } from './select.ts';
import { parseStatement } from './statements.ts';
import { TokenKind } from './token.ts';

/** One statement of a message, with where its text stands, for logs and `pg_stat_activity`. */
export type ParsedStatement = { readonly statement: Statement; readonly text: string; readonly start: number };

const GRAMMAR: Grammar = {
  expression: parseExpressionOver,
  continueExpression,
  restrictedExpression: parseRestrictedExpression,
  query: parseQuery,
  continueQuery,
  statement: parseStatement,
};

/**
 * Parses every statement of `sql`, which may hold none. Throws 42601 with PostgreSQL's wording and position,
 * 54001 when nesting is too deep.
 */
export function parseStatements(sql: string): ParsedStatement[] {
  const cursor = new Cursor(tokenize(sql), GRAMMAR);
  const statements: ParsedStatement[] = [];
  for (;;) {
    while (cursor.accept(';'));
    if (cursor.kind === TokenKind.end) return statements;
    statements.push(parseNext(cursor));
    if (!cursor.isEnd()) cursor.fail();
  }
}

function parseNext(cursor: Cursor): ParsedStatement {
  const start = cursor.at;
  cursor.startStatement();
  const parsed = parseStatement(cursor);
  const refused = cursor.unsupported;
  const statement: Statement = refused === null ? parsed : { kind: 'unsupported', ...refused };
  return { statement, text: cursor.source.slice(start, cursor.previousEnd), start };
}

/** Parses a single scalar expression (tests, DEFAULT texts read back from the catalog). */
export function parseExpression(sql: string): Expr {
  const cursor = new Cursor(tokenize(sql), GRAMMAR);
  const expr = cursor.expression();
  if (cursor.kind !== TokenKind.end) cursor.fail();
  return expr;
}
