/** Numbers for expressions: equal expressions have equal numbers, so that a kernel computes them once. */
import { childrenOf } from '../children.ts';
import type { Expr } from '../expr.ts';

export class ExpressionKeys {
  readonly #known = new WeakMap<Expr, number>();
  readonly #byShape = new Map<string, number>();
  readonly #objects = new Map<unknown, number>();

  of(expr: Expr): number {
    let key = this.#known.get(expr);
    if (key === undefined) {
      key = this.#number(this.#byShape, `${this.#shape(expr)}(${childrenOf(expr).map((child) => this.of(child))})`);
      this.#known.set(expr, key);
    }
    return key;
  }

  #number<K>(map: Map<K, number>, key: K): number {
    const n = map.get(key) ?? map.size;
    map.set(key, n);
    return n;
  }

  #identity(object: unknown): number {
    return this.#number(this.#objects, object);
  }

  #shape(expr: Expr): string {
    const typed = `${expr.kind}:${expr.type.oid}:${expr.typmod}`;
    switch (expr.kind) {
      case 'column':
      case 'parameter':
        return `${typed}:${expr.index}`;
      case 'constant':
        return `${typed}:${typeof expr.value}:${typeof expr.value === 'object' ? this.#identity(expr.value) : JSON.stringify(`${expr.value}`)}`;
      case 'call':
        return `${typed}:${this.#identity(expr.fn)}`;
      case 'cast':
        return `${typed}:${this.#identity(expr.cast)}:${expr.explicit}`;
      case 'is-null':
        return `${typed}:${expr.negated}`;
      case 'boolean-test':
        return `${typed}:${expr.test}:${expr.negated}`;
      case 'is-distinct':
        return `${typed}:${this.#identity(expr.equal)}:${expr.negated}`;
      case 'in-list':
        return `${typed}:${this.#identity(expr.choices)}:${expr.negated}`;
      case 'quantified':
        return `${typed}:${this.#identity(expr.fn)}:${expr.quantifier}`;
      case 'case':
        return `${typed}:${expr.branches.length}`;
      default:
        return typed;
    }
  }
}
