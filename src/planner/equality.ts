/** Taking equalities apart: `a = b` and `a IS NOT DISTINCT FROM b`, with both sides brought to one type. */
import { coerceExpr } from '../expr/coerce.ts';
import type { Expr } from '../expr/expr.ts';

export type Equality = { readonly left: Expr; readonly right: Expr; readonly nullSafe: boolean };

/**
 * The sides of an equality as group or join keys see them. `int4 = int8` compares as int8, so the narrower side is widened.
 * Null for other conditions, and where no side becomes the other's type by itself.
 */
export function equalityOf(expr: Expr): Equality | null {
  if (expr.kind === 'call' && expr.fn.name === '=' && expr.args.length === 2) {
    return aligned(expr.args[0] as Expr, expr.args[1] as Expr, false);
  }
  return expr.kind === 'is-distinct' && expr.negated ? aligned(expr.left, expr.right, true) : null;
}

function aligned(left: Expr, right: Expr, nullSafe: boolean): Equality | null {
  if (left.type === right.type) return { left, right, nullSafe };
  const widenedLeft = coerceExpr(left, right.type, -1, 'implicit', 0);
  if (widenedLeft !== null) return { left: widenedLeft, right, nullSafe };
  const widenedRight = coerceExpr(right, left.type, -1, 'implicit', 0);
  return widenedRight === null ? null : { left, right: widenedRight, nullSafe };
}
