/** Target lists: stars expanded, names given. */
import { syntaxError } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { columnOf } from '../logical/logical.ts';
import type { Binder, ExprContext } from './binder.ts';
import { missingTable } from './name-hints.ts';
import { findTable, resolveColumn } from './names.ts';
import { outputName } from './output-name.ts';
import { noOrigin, type Origin, type Scope, type ScopeColumn } from './scope.ts';

/** An entry of a target list. Hidden ones serve ORDER BY and its kin. */
export type Target = {
  expr: Expr;
  readonly name: string;
  readonly origin: Origin;
  readonly hidden: boolean;
};

export const bindTargets = (binder: Binder, list: readonly ast.SelectTarget[], context: ExprContext): Target[] =>
  list.flatMap((target) =>
    target.expr.kind === 'star'
      ? starTargets(binder, target.expr, context.scope)
      : [bindTarget(binder, target, context)],
  );

function bindTarget(binder: Binder, target: ast.SelectTarget, context: ExprContext): Target {
  const expr = binder.bindExpr(binder, target.expr, context);
  const name = target.alias ?? outputName(target.expr, (node) => binder.subqueryName(node));
  const origin =
    target.expr.kind === 'column-ref' ? resolveColumn(binder, target.expr, context.scope).origin : noOrigin;
  return { expr, name, origin, hidden: false };
}

function starTargets(binder: Binder, star: ast.Star, scope: Scope): Target[] {
  const columns = star.qualifier.length === 0 ? allColumns(scope, star.at) : columnsOfTable(star, scope);
  return columns.map((column) => ({
    expr: binder.locate(columnOf(column.field), star.at),
    name: column.name,
    origin: column.origin,
    hidden: false,
  }));
}

function allColumns(scope: Scope, at: number): readonly ScopeColumn[] {
  if (scope.tables.length > 0) return scope.columns;
  throw syntaxError('SELECT * with no tables specified is not valid', { position: at });
}

function columnsOfTable(star: ast.Star, scope: Scope): readonly ScopeColumn[] {
  const table = findTable(star.qualifier, scope, star.at);
  if (table === null) throw missingTable(star.qualifier[star.qualifier.length - 1] as string, scope, star.at);
  return table.columns;
}
