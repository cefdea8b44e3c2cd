/** The door of the room: text to statements. */
import type { Expr, Statement } from './ast.ts';

/** One statement of a message, with where its text stands, for logs and `pg_stat_activity`. */
export type ParsedStatement = { readonly statement: Statement; readonly text: string; readonly start: number };

/**
 * Parses every statement of `sql`, which may hold none. Throws 42601 with PostgreSQL's wording and position,
 * 54001 when nesting is too deep.
 */
export declare function parseStatements(sql: string): ParsedStatement[];
/** Parses a single scalar expression (tests, DEFAULT texts read back from the catalog). */
export declare function parseExpression(sql: string): Expr;
