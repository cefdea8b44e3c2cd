/**
 * What every part of print shares: names, strings, lists, and the limit on nesting. Expressions hold queries and
 * queries expressions, so the two rules are handed in, as `Grammar` is to the parser.
 */
import type { Expr, Query } from './ast.ts';
import { MAX_DEPTH, tooDeep } from './cursor.ts';
import { lookupKeyword, needsQuotes } from './keywords.ts';
import { TokenKind } from './token.ts';

export type PrintRules = {
  readonly expression: (printer: Printer, expr: Expr, minimum: number) => string;
  readonly query: (printer: Printer, query: Query) => string;
};

export class Printer {
  readonly #rules: PrintRules;
  #depth = 0;

  constructor(rules: PrintRules) {
    this.#rules = rules;
  }

  /** In parentheses if its operator binds weaker than `minimum`. */
  expression(expr: Expr, minimum = 0): string {
    this.#enter();
    const text = this.#rules.expression(this, expr, minimum);
    this.#depth--;
    return text;
  }

  expressions(list: readonly Expr[]): string {
    return list.map((expr) => this.expression(expr)).join(', ');
  }

  query(query: Query): string {
    this.#enter();
    const text = this.#rules.query(this, query);
    this.#depth--;
    return text;
  }

  /** A tree from the parser always fits; one that was built on top of it may not. */
  #enter(): void {
    if (++this.#depth > 2 * MAX_DEPTH) throw tooDeep();
  }
}

/** Unreserved words that mean something else in some place where a name may stand. */
const AMBIGUOUS = new Set(
  `partition range rows groups unbounded current recursive cube rollup operator set double session data nulls
  materialized lateral at escape`.split(/\s+/),
);

/** A name as it must be written to be read back in any place. */
export function printName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_$]*$/.test(name) && !needsQuotes(name) && !AMBIGUOUS.has(name);
  return isPlain && lookupKeyword(name)?.kind !== TokenKind.word ? name : `"${name.replaceAll('"', '""')}"`;
}

export const printNames = (names: readonly string[]) => names.map(printName).join(', ');

/** `a.b.c`. */
export const printParts = (parts: readonly string[]) => parts.map(printName).join('.');

export function printString(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** ` text` where there is some. */
export const spaced = (text: string) => (text === '' ? '' : ` ${text}`);
