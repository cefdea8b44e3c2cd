/**
 * Aggregate calls. A call belongs to the innermost query level whose columns its arguments use, and is collected there; in
 * the expression a field stands for it (parse_agg.c).
 */
import { featureNotSupported, groupingError, SqlError } from '../../base/errors.ts';
import { type ResolvedAggregate, resolveAggregate } from '../../expr/aggregates/resolve.ts';
import type { Expr } from '../../expr/expr.ts';
import { noSuchFunction } from '../../expr/functions/resolve.ts';
import type { FunctionCall } from '../../parser/ast.ts';
import { columnsOf, sameExprs } from '../expr-tree.ts';
import type { LogicalAggregate } from '../logical/logical.ts';
import { columnOf } from '../logical/logical.ts';
import type { Binder, Clause, ExprContext } from './binder.ts';
import { coerceImplicitly, coerceToBoolean, settleUnknown } from './coercion.ts';
import type { Scope } from './scope.ts';
import { isDescending, nullsFirst } from './sort.ts';

const allowed: ReadonlySet<Clause> = new Set<Clause>(['SELECT', 'HAVING', 'ORDER BY', 'DISTINCT ON']);

export function bindAggregate(binder: Binder, name: string, node: FunctionCall, context: ExprContext): Expr {
  if (node.withinGroup.length > 0) {
    throw featureNotSupported('ordered-set aggregates are not supported', { position: node.at });
  }
  if (context.inAggregate) throw groupingError('aggregate function calls cannot be nested', { position: node.at });
  const inner: ExprContext = {
    ...context,
    inAggregate: true,
    attachments: context.attachments === null ? null : context.scope.belowAggregates,
  };
  const call = bindParts(binder, name, node, inner);
  const level = levelFor(binder, call.parts, context.scope);
  const clause = level === context.scope ? context.clause : level.clause;
  if (!allowed.has(clause)) {
    throw groupingError(`aggregate functions are not allowed in ${clause}`, { position: node.at });
  }
  return collect(binder, level, name, call.aggregate, call.resolved, node.at);
}

function bindParts(binder: Binder, name: string, node: FunctionCall, context: ExprContext) {
  const args = node.args.map((arg) => binder.bindExpr(binder, arg, context));
  const resolved = resolve(name, node, args);
  const coerced = args.map((arg, i) => {
    const type = resolved.argTypes[i];
    return type === undefined ? arg : coerceImplicitly(binder, arg, type, node.at);
  });
  const orderBy = node.orderBy.map((item) => ({
    expr: settleUnknown(binder, binder.bindExpr(binder, item.expr, context)),
    descending: isDescending(item),
    nullsFirst: nullsFirst(item),
  }));
  if (node.distinct) checkDistinct(node, coerced, orderBy);
  const filter =
    node.filter === null
      ? null
      : coerceToBoolean(
          binder,
          binder.bindExpr(binder, node.filter, { ...context, clause: 'FILTER', inAggregate: false }),
          'FILTER',
        );
  const aggregate: LogicalAggregate = { fn: resolved.fn, args: coerced, distinct: node.distinct, filter, orderBy };
  const parts = [...coerced, ...orderBy.map((key) => key.expr), ...(filter === null ? [] : [filter])];
  return { aggregate, resolved, parts };
}

function resolve(name: string, node: FunctionCall, args: readonly Expr[]): ResolvedAggregate {
  if (!node.star && args.length === 0 && name === 'count') {
    throw new SqlError('42809', 'count(*) must be used to call a parameterless aggregate function', {
      position: node.at,
    });
  }
  const types = args.map((arg) => arg.type);
  try {
    const resolved = resolveAggregate(name, types);
    if (resolved !== null) return resolved;
  } catch (error) {
    throw error instanceof SqlError ? error.at(node.at) : error;
  }
  throw noSuchFunction(node.name.join('.'), types, node.at);
}

function checkDistinct(node: FunctionCall, args: readonly Expr[], orderBy: readonly { readonly expr: Expr }[]): void {
  if (node.star) throw new SqlError('42601', 'DISTINCT specified, but * given', { position: node.at });
  const wrong = orderBy.find((key) => !args.some((arg) => sameExprs([arg], [key.expr])));
  if (wrong === undefined) return;
  throw new SqlError('42P10', 'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list', {
    position: node.orderBy[0]?.at ?? node.at,
  });
}

function levelFor(binder: Binder, parts: readonly Expr[], scope: Scope): Scope {
  const levels = parts.flatMap((part) => [...columnsOf(part)]).map((id) => binder.levelOf(id));
  let innermost: Scope | null = null;
  for (const level of levels) {
    if (level !== undefined && (innermost === null || level.depth > innermost.depth)) innermost = level;
  }
  return innermost ?? scope;
}

/** One field per different call, so that `ORDER BY count(*)` finds the `count(*)` of the target list. */
function collect(
  binder: Binder,
  level: Scope,
  name: string,
  call: LogicalAggregate,
  resolved: ResolvedAggregate,
  at: number,
): Expr {
  const known = level.aggregates.find((use) => sameCall(use.call, call) && use.field.type === resolved.result);
  if (known !== undefined) return columnOf(known.field);
  const field = binder.field(name, resolved.result, -1, name === 'count');
  binder.own([field], level);
  level.aggregates.push({ field, call, at });
  return columnOf(field);
}

const sameCall = (a: LogicalAggregate, b: LogicalAggregate): boolean =>
  a.fn.name === b.fn.name &&
  a.distinct === b.distinct &&
  sameExprs(a.args, b.args) &&
  (a.filter === null) === (b.filter === null) &&
  (a.filter === null || b.filter === null || sameExprs([a.filter], [b.filter])) &&
  sameExprs(
    a.orderBy.map((key) => key.expr),
    b.orderBy.map((key) => key.expr),
  ) &&
  a.orderBy.every(
    (key, i) => key.descending === b.orderBy[i]?.descending && key.nullsFirst === b.orderBy[i]?.nullsFirst,
  );
