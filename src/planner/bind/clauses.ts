/**
 * ORDER BY, GROUP BY and DISTINCT ON items to entries of the target list: by output name, by position, or as an
 * expression, which joins the list as a hidden entry when it is not there (findTargetlistEntrySQL92 and 99).
 */
import { ambiguousColumn, invalidColumnReference, SqlError, syntaxError } from '../../base/errors.ts';
import { resolveOperator } from '../../expr/functions/resolve.ts';
import type { Expr as AstExpr, SortItem } from '../../parser/ast.ts';
import type { SqlType } from '../../types/type.ts';
import { sameExpr } from '../expr-tree.ts';
import type { Binder, ExprContext } from './binder.ts';
import { settleUnknown } from './coercion.ts';
import { outputName } from './output-name.ts';
import { noOrigin } from './scope.ts';
import { isDescending, nullsFirst } from './sort.ts';
import type { Target } from './targets.ts';

export type SortTarget = {
  readonly target: Target;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly at: number;
};

export function bindOrderBy(
  binder: Binder,
  items: readonly SortItem[],
  targets: Target[],
  context: ExprContext,
): readonly SortTarget[] {
  const found: SortTarget[] = [];
  for (const item of items) {
    const target = findTarget(binder, item.expr, targets, context);
    requireOperator('<', target.expr.type, item.expr.at);
    if (found.some((other) => other.target === target)) continue;
    found.push({ target, descending: isDescending(item), nullsFirst: nullsFirst(item), at: item.expr.at });
  }
  return found;
}

/** Sorting needs `<`, grouping `=`: json and its like have neither. */
export function requireOperator(operator: '<' | '=', type: SqlType, at: number | undefined): void {
  if (type.category === 'P' || resolveOperator(operator, type, type) === null) {
    const [kind, hint] =
      operator === '<'
        ? ['an ordering', 'Use an explicit ordering operator or modify the query.']
        : ['an equality', undefined];
    throw new SqlError('42883', `could not identify ${kind} operator for type ${type.displayName}`, {
      hint,
      position: at,
    });
  }
}

/** The entry an item means, made if need be. An untyped literal becomes text. */
export function findTarget(binder: Binder, item: AstExpr, targets: Target[], context: ExprContext): Target {
  const found =
    byName(item, targets, context) ??
    byPosition(item, targets, context.clause) ??
    byExpression(binder, item, targets, context);
  found.expr = settleUnknown(binder, found.expr);
  return found;
}

/** GROUP BY prefers a column of the input where both have the name, as the standard wants. */
function byName(item: AstExpr, targets: readonly Target[], context: ExprContext): Target | null {
  if (item.kind !== 'column-ref' || item.parts.length !== 1) return null;
  const name = item.parts[0] as string;
  if (context.clause === 'GROUP BY' && context.scope.columns.some((column) => column.name === name)) return null;
  const named = targets.filter((target) => !target.hidden && target.name === name);
  const [first] = named;
  if (first === undefined) return null;
  if (named.every((target) => sameExpr(target.expr, first.expr))) return first;
  const error = ambiguousColumn(name, item.at);
  throw new SqlError(error.code, `${context.clause} "${name}" is ambiguous`, { position: item.at });
}

function byPosition(item: AstExpr, targets: readonly Target[], clause: string): Target | null {
  if (item.kind !== 'constant') return null;
  if (item.type !== 'integer') throw syntaxError(`non-integer constant in ${clause}`, { position: item.at });
  const target = targets.filter((one) => !one.hidden)[Number(item.text) - 1];
  if (target !== undefined) return target;
  throw invalidColumnReference(`${clause} position ${item.text} is not in select list`, { position: item.at });
}

function byExpression(binder: Binder, item: AstExpr, targets: Target[], context: ExprContext): Target {
  const expr = binder.bindExpr(binder, item, context);
  const known = targets.find((target) => sameExpr(target.expr, expr));
  if (known !== undefined) return known;
  const name = outputName(item, (node) => binder.subqueryName(node));
  const hidden: Target = { expr, name, origin: noOrigin, hidden: true };
  targets.push(hidden);
  return hidden;
}
