/** The operands of an expression, in order of evaluation, and a copy with others. Every walk over expressions is built on these two. */
import { unreachable } from '../base/assert.ts';
import type { Expr } from './expr.ts';

export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
      return [];
    case 'call':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return expr.args;
    case 'and':
    case 'or':
      return expr.operands;
    case 'cast':
    case 'not':
    case 'is-null':
    case 'boolean-test':
    case 'in-list':
      return [expr.operand];
    case 'is-distinct':
      return [expr.left, expr.right];
    case 'quantified':
      return [expr.operand, expr.array];
    case 'array':
      return expr.elements;
    case 'case':
      return [
        ...expr.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ];
    default:
      return unreachable(expr);
  }
}

/** `expr` with `change` applied to each child; `expr` itself when nothing changed. */
export function mapChildren(expr: Expr, change: (child: Expr) => Expr): Expr {
  const old = childrenOf(expr);
  const fresh = old.map(change);
  return fresh.every((child, i) => child === old[i]) ? expr : withChildren(expr, fresh);
}

function withChildren(expr: Expr, children: readonly Expr[]): Expr {
  const [first, second] = children as readonly [Expr, Expr];
  switch (expr.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
      return expr;
    case 'call':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return { ...expr, args: children };
    case 'and':
    case 'or':
      return { ...expr, operands: children };
    case 'cast':
    case 'not':
    case 'is-null':
    case 'boolean-test':
    case 'in-list':
      return { ...expr, operand: first };
    case 'is-distinct':
      return { ...expr, left: first, right: second };
    case 'quantified':
      return { ...expr, operand: first, array: second };
    case 'array':
      return { ...expr, elements: children };
    case 'case': {
      const branches = expr.branches.map((_, i) => {
        const [when, then] = children.slice(2 * i) as [Expr, Expr];
        return { when, then };
      });
      return { ...expr, branches, otherwise: expr.otherwise === null ? null : (children.at(-1) as Expr) };
    }
    default:
      return unreachable(expr);
  }
}
