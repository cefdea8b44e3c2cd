/**
 * SELECT … FROM … WHERE … GROUP BY … HAVING … with its ORDER BY and LIMIT, in the order PostgreSQL analyses the clauses
 * (transformSelectStmt), because the first error and the first use of a parameter decide.
 */
import { featureNotSupported, groupingError, invalidColumnReference } from '../../base/errors.ts';
import { isUnknown } from '../../expr/coercibility.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { int8 } from '../../types/integer.ts';
import { constant } from '../expr-tree.ts';
import { distinct, filterAll, oneRow, pick, project, topN } from '../logical/build.ts';
import type { Field, FieldOrder, Logical } from '../logical/logical.ts';
import { type Binder, type BoundQuery, contextFor, type ExprContext, type QueryContext } from './binder.ts';
import { bindOrderBy, findTarget, requireOperator, type SortTarget } from './clauses.ts';
import { coerceToBoolean, settleUnknown } from './coercion.ts';
import { attachAll, bindWhere } from './conditions.ts';
import { bindFrom } from './from.ts';
import { Grouping } from './grouping.ts';
import { type Attachment, Scope, type SetReturning } from './scope.ts';
import { limited, type Tail } from './tail.ts';
import { bindTargets, type Target } from './targets.ts';
import { checkSessionPartitions } from './window-tables.ts';

/** Everything above the aggregation, bound but not yet put together. */
type Bound = {
  readonly targets: Target[];
  readonly having: Expr | null;
  readonly order: readonly SortTarget[];
  readonly groups: readonly Expr[] | null;
  readonly distinctOn: readonly Target[];
  readonly attachments: readonly Attachment[];
  readonly havingAttachments: readonly Attachment[];
  readonly setReturning: readonly SetReturning[];
  readonly groupAttachments: readonly Attachment[];
};

export function bindSelect(binder: Binder, node: ast.Select, tail: Tail, query: QueryContext): BoundQuery {
  refuseUnsupported(node);
  const scope = new Scope(query.scope);
  const from = bindFrom(binder, node.from, scope);
  if (from !== null) scope.show(from);
  checkSessionPartitions(node);
  const { bound, input } = bindClauses(binder, node, tail, scope, from?.plan ?? oneRow);
  if (query.keepUnknown !== true) {
    for (const target of bound.targets) target.expr = settleUnknown(binder, target.expr);
  }
  const below = assemble(binder, scope, input, bound);
  return finish(binder, node, tail, scope, bound, below);
}

function refuseUnsupported(node: ast.Select): void {
  if (node.qualify !== null) throw featureNotSupported('QUALIFY is not supported', { position: node.qualify.at });
  const [window] = node.windows;
  if (window !== undefined)
    throw featureNotSupported('window functions are not supported', { position: window.spec.at });
}

function bindClauses(
  binder: Binder,
  node: ast.Select,
  tail: Tail,
  scope: Scope,
  from: Logical,
): { readonly bound: Bound; readonly input: Logical } {
  const attachments: Attachment[] = [];
  const setReturning: SetReturning[] = [];
  const at = (clause: ExprContext['clause']): ExprContext => {
    scope.clause = clause;
    return { ...contextFor(scope, clause, attachments), setReturning };
  };
  const targets = bindTargets(binder, node.targets, at('SELECT'));
  scope.clause = 'WHERE';
  const input = bindWhere(binder, node.where, scope, from, 'WHERE');
  const havingAttachments: Attachment[] = [];
  scope.clause = 'HAVING';
  const having =
    node.having === null
      ? null
      : coerceToBoolean(
          binder,
          binder.bindExpr(binder, node.having, contextFor(scope, 'HAVING', havingAttachments)),
          'HAVING',
        );
  const order = bindOrderBy(binder, tail.orderBy, targets, at('ORDER BY'));
  const groupAttachments: Attachment[] = [];
  const grouped = bindGroupBy(binder, node, targets, { ...at('GROUP BY'), attachments: groupAttachments });
  const groups = grouped ?? (having !== null || scope.aggregates.length > 0 ? [] : null);
  const distinctOn = bindDistinctOn(binder, node, targets, at('DISTINCT ON'));
  const bound = {
    targets,
    having,
    order,
    groups,
    distinctOn,
    attachments,
    havingAttachments,
    setReturning,
    groupAttachments,
  };
  return { bound, input };
}

// ------------------------------------------------------------------------------------------------ GROUP BY, DISTINCT ON

/** The group expressions, or null without GROUP BY. */
function bindGroupBy(
  binder: Binder,
  node: ast.Select,
  targets: Target[],
  context: ExprContext,
): readonly Expr[] | null {
  if (node.groupBy.length === 0) return null;
  return node.groupBy
    .flatMap((item) => groupItems(item))
    .map((item) => {
      const target = findTarget(binder, item, targets, context);
      requireOperator('=', target.expr.type, item.at);
      refuseAggregateKey(binder, target.expr, context.scope, item.at);
      return target.expr;
    });
}

function groupItems(item: ast.GroupItem): readonly ast.Expr[] {
  if (item.kind === 'group-list') return item.exprs;
  if (item.kind === 'group-expr') {
    return item.expr.kind === 'row' && !item.expr.explicit ? item.expr.fields : [item.expr];
  }
  const name = item.kind === 'grouping-sets' ? 'GROUPING SETS' : item.kind.toUpperCase();
  throw featureNotSupported(`${name} is not supported`, {
    hint: 'Write one query per grouping and combine them with UNION ALL.',
    position: item.at,
  });
}

/** `GROUP BY 1` may point at an aggregate of the target list. */
function refuseAggregateKey(binder: Binder, key: Expr, scope: Scope, at: number): void {
  if (key.kind !== 'column' || !scope.aggregates.some((use) => use.field.id === key.index)) return;
  throw groupingError('aggregate functions are not allowed in GROUP BY', { position: binder.positionOf(key) ?? at });
}

function bindDistinctOn(binder: Binder, node: ast.Select, targets: Target[], context: ExprContext): readonly Target[] {
  return (node.distinct?.on ?? []).map((item) => {
    const target = findTarget(binder, item, targets, context);
    requireOperator('=', target.expr.type, item.at);
    return target;
  });
}

// ------------------------------------------------------------------------------------------------- putting it together

/** The input of the target list: aggregation, HAVING, subqueries and set-returning functions. Rewrites the targets in place. */
function assemble(binder: Binder, scope: Scope, input: Logical, bound: Bound): Logical {
  if (bound.groups === null) {
    const all = [...bound.groupAttachments, ...bound.havingAttachments, ...bound.attachments];
    return withSetReturning(attachAll(input, all), bound.setReturning);
  }
  const grouping = new Grouping(binder, scope, attachAll(input, bound.groupAttachments), bound.groups);
  for (const target of bound.targets) target.expr = grouping.above(target.expr);
  const having = bound.having === null ? [] : [grouping.above(bound.having)];
  const above = grouping.attachments(bound.attachments);
  const forHaving = grouping.attachments(bound.havingAttachments);
  const sets = bound.setReturning.map((set) => ({ ...set, args: set.args.map((arg) => grouping.above(arg)) }));
  const filtered = filterAll(attachAll(grouping.plan(), forHaving), having);
  return withSetReturning(attachAll(filtered, above), sets);
}

const withSetReturning = (input: Logical, sets: readonly SetReturning[]): Logical =>
  sets.reduce<Logical>(
    (plan, { fn, args, field }) => ({
      kind: 'table-function',
      input: plan,
      fn,
      args,
      withOrdinality: false,
      outer: false,
      fields: [...plan.fields, field],
    }),
    input,
  );

function finish(binder: Binder, node: ast.Select, tail: Tail, scope: Scope, bound: Bound, input: Logical): BoundQuery {
  const { targets } = bound;
  const fields = targets.map((target) => targetField(binder, target, input));
  const fieldOf = (target: Target): Field => fields[targets.indexOf(target)] as Field;
  const order = bound.order.map((key) => ({
    id: fieldOf(key.target).id,
    descending: key.descending,
    nullsFirst: key.nullsFirst,
  }));
  const all = project(
    input,
    fields,
    targets.map((target) => target.expr),
  );
  const shown = targets.filter((target) => !target.hidden);
  const visible = shown.map(fieldOf);
  const single = applyDistinct(binder, node, all, visible, bound, order, fieldOf);
  const plan = limited(binder, single, order, tail, scope);
  const columns = visible.map((field, i) => ({ field, origin: (shown[i] as Target).origin }));
  return { plan, columns, order };
}

function targetField(binder: Binder, target: Target, input: Logical): Field {
  const { expr } = target;
  const below = expr.kind === 'column' ? input.fields.find((field) => field.id === expr.index) : undefined;
  const notNull = below?.notNull === true || (expr.kind === 'constant' && expr.value !== null);
  return binder.field(target.name, expr.type, expr.typmod, notNull);
}

function applyDistinct(
  binder: Binder,
  node: ast.Select,
  all: Logical,
  visible: readonly Field[],
  bound: Bound,
  order: readonly FieldOrder[],
  fieldOf: (target: Target) => Field,
): Logical {
  if (node.distinct === null) return all;
  if (node.distinct.on.length > 0) return firstOfEach(all, bound, node.distinct.on, order, fieldOf);
  const extra = bound.order.find((key) => key.target.hidden);
  if (extra !== undefined) {
    throw invalidColumnReference('for SELECT DISTINCT, ORDER BY expressions must appear in select list', {
      position: extra.at,
    });
  }
  for (const { expr } of bound.targets) {
    if (!isUnknown(expr.type)) requireOperator('=', expr.type, binder.positionOf(expr));
  }
  return distinct(pick(all, visible));
}

/** The first row of each group in the order: top-1 per group. */
function firstOfEach(
  all: Logical,
  bound: Bound,
  distinctOn: readonly ast.Expr[],
  order: readonly FieldOrder[],
  fieldOf: (target: Target) => Field,
): Logical {
  const on = new Set(bound.distinctOn);
  let passed = 0;
  let skipped: SortTarget | null = null;
  for (const key of bound.order) {
    if (!on.has(key.target)) skipped ??= key;
    else if (skipped === null) passed++;
    else throw mismatchedDistinctOn(skipped.at);
  }
  if (skipped !== null && passed < on.size) {
    const sorted = new Set(bound.order.map((key) => key.target));
    const unsorted = bound.distinctOn.findIndex((target) => !sorted.has(target));
    throw mismatchedDistinctOn(distinctOn[unsorted]?.at);
  }
  const partition = [...on].map((target) => fieldOf(target).id);
  return topN(all, partition, order, constant(1, int8), null);
}

const mismatchedDistinctOn = (position: number | undefined) =>
  invalidColumnReference('SELECT DISTINCT ON expressions must match initial ORDER BY expressions', { position });
