/**
 * The text of a kernel as it is written: lines, fresh names, objects handed in as arguments, and what has been computed
 * already. What the user wrote enters only as JSON literals and inside comments.
 */

import type { Expr } from '../expr.ts';
import { formatExpr } from '../format-expr.ts';
import { ExpressionKeys } from './keys.ts';

/**
 * A computed expression: `value` names its value (the coefficient of a numeric, whose `scale` is beside it), `isNull` a 0/1
 * variable, or is `0` or `1` where that is known. At a NULL the value is anything of the right kind.
 */
export type Computed = { readonly value: string; readonly scale: string; readonly isNull: string };

/** All four characters that end a line comment in JavaScript; a quoted identifier may hold any. */
const LINE_END = /[\n\r\u2028\u2029]/g;

export class Code {
  readonly lines: string[] = [];
  /** Before the loop: columns and parameters taken apart. */
  readonly prologue: string[] = [];
  readonly argumentNames: string[] = [];
  readonly argumentValues: unknown[] = [];
  /** Statement that leaves the row at hand to the interpreter. */
  readonly bail: string;
  readonly #compute: (expr: Expr, code: Code) => Computed;
  readonly #keys = new ExpressionKeys();
  readonly #given = new Map<unknown, string>();
  #scopes: Map<number, Computed>[] = [new Map()];
  #next = 0;
  #depth: number;

  constructor(bail: string, depth: number, compute: (expr: Expr, code: Code) => Computed) {
    this.#compute = compute;
    this.bail = bail;
    this.#depth = depth;
  }

  /** Writes what computes `expr` (expression.ts), unless that has been done, and names the result. */
  compute(expr: Expr): Computed {
    return this.#compute(expr, this);
  }

  fresh(): number {
    this.#next++;
    return this.#next;
  }

  line(text: string): void {
    this.lines.push('  '.repeat(this.#depth) + text);
  }

  comment(expr: Expr): string {
    const text = formatExpr(expr).replaceAll(LINE_END, ' ');
    return ` // ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`;
  }

  /** A block whose inner results are forgotten behind it, because it may be skipped. */
  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    this.#depth++;
    this.#scopes.push(new Map());
    body();
    this.#scopes.pop();
    this.#depth--;
    this.line('}');
  }

  /** The name under which `object` is handed to the kernel. */
  argument(prefix: string, object: unknown): string {
    let name = this.#given.get(object);
    if (name === undefined) {
      name = `${prefix}${this.argumentNames.length}`;
      this.#given.set(object, name);
      this.argumentNames.push(name);
      this.argumentValues.push(object);
    }
    return name;
  }

  /** What `compute` yields for `expr`, computed once per row as far as it is in reach. */
  once(expr: Expr, compute: () => Computed): Computed {
    const key = this.#keys.of(expr);
    for (const scope of this.#scopes) {
      const known = scope.get(key);
      if (known !== undefined) return known;
    }
    const computed = compute();
    (this.#scopes.at(-1) as Map<number, Computed>).set(key, computed);
    return computed;
  }
}

/** 0, 1, or an expression that is 1 when any of `flags` is. */
export function anyNull(flags: readonly string[]): string {
  const open = [...new Set(flags)].filter((flag) => flag !== '0');
  if (open.includes('1')) return '1';
  return open.length === 0 ? '0' : open.join(' | ');
}
