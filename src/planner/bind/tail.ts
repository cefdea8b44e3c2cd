/** The end of a query: ORDER BY over what it yields, LIMIT, OFFSET, WITH TIES, FETCH FIRST. */
import { invalidColumnReference, syntaxError } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import { foldConstants } from '../../expr/fold.ts';
import type * as ast from '../../parser/ast.ts';
import { columnsOf } from '../expr-tree.ts';
import { topN } from '../logical/build.ts';
import type { FieldOrder, Logical } from '../logical/logical.ts';
import { type Binder, contextFor } from './binder.ts';
import { coerceToBigint } from './coercion.ts';
import type { Scope } from './scope.ts';

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
  scope: Scope,
): Logical {
  const offset = tail.offset === null ? null : bindCount(binder, tail.offset, 'OFFSET', scope);
  const count = tail.limit === null || tail.limit.count === null ? null : tail.limit.count;
  const limit = count === null ? null : bindCount(binder, count, 'LIMIT', scope);
  const withTies = tail.limit?.withTies === true;
  if (withTies && order.length === 0) {
    throw syntaxError('WITH TIES cannot be specified without ORDER BY clause');
  }
  if (limit === null && offset === null) return plan;
  return topN(plan, [], order, limit, offset, withTies);
}

/** Null stands for no limit. */
function bindCount(binder: Binder, count: ast.Expr, clause: 'LIMIT' | 'OFFSET', scope: Scope): Expr | null {
  const bound = binder.bindExpr(binder, count, contextFor(scope, clause, null));
  const number = foldConstants(coerceToBigint(binder, bound, clause), binder.environment.context);
  if (columnsOf(number).size > 0) {
    throw invalidColumnReference(`argument of ${clause} must not contain variables`, { position: count.at });
  }
  if (number.kind === 'constant' && number.value === null) return null;
  return number;
}
