/** The end of a query: ORDER BY over what it yields, LIMIT, OFFSET, WITH TIES, FETCH FIRST. */
import { invalidColumnReference, syntaxError } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { columnsOf } from '../expr-tree.ts';
import { topN } from '../logical/build.ts';
import type { FieldOrder, Logical } from '../logical/logical.ts';
import { type Binder, contextFor } from './binder.ts';
import { coerceToBigint } from './coercion.ts';
import { Scope } from './scope.ts';

export type Tail = Pick<ast.Query, 'orderBy' | 'limit' | 'offset'>;
export const noTail: Tail = { orderBy: [], limit: null, offset: null };
export const isEmptyTail = (tail: Tail): boolean =>
  tail.orderBy.length === 0 && tail.limit === null && tail.offset === null;

/** Cuts `plan` to the rows that LIMIT and OFFSET ask for. */
export function limited(
  binder: Binder,
  plan: Logical,
  order: readonly FieldOrder[],
  tail: Tail,
  outer: Scope | null,
): Logical {
  const offset = tail.offset === null ? null : bindCount(binder, tail.offset, 'OFFSET', outer);
  const count = tail.limit === null || tail.limit.count === null ? null : tail.limit.count;
  const limit = count === null ? null : bindCount(binder, count, 'LIMIT', outer);
  const withTies = tail.limit?.withTies === true;
  if (withTies && order.length === 0) {
    throw syntaxError('WITH TIES cannot be specified without ORDER BY clause', { position: tail.limit?.at });
  }
  if (limit === null && offset === null) return plan;
  return topN(plan, [], order, limit, offset, withTies);
}

/** Null stands for no limit. */
function bindCount(binder: Binder, count: ast.Expr, clause: 'LIMIT' | 'OFFSET', outer: Scope | null): Expr | null {
  const bound = binder.bindExpr(binder, count, contextFor(new Scope(outer), clause, null));
  const number = coerceToBigint(binder, bound, clause);
  if (columnsOf(number).size > 0) {
    throw invalidColumnReference(`argument of ${clause} must not contain variables`, { position: count.at });
  }
  if (number.kind === 'constant' && number.value === null) return null;
  return number;
}
