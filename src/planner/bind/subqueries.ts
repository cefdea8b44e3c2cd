/**
 * Subqueries in expressions. Each becomes a plan to be joined to the input of the expression (an attachment), and the
 * expression refers to its columns:
 *
 *   (SELECT x …)       left join with the single row of the query, which is x
 *   EXISTS (…)         join with its count: count > 0
 *   ARRAY (…)          join with array_agg
 *   x IN (…)           join with three counts: of matches, of rows, of NULLs
 *
 * Where such a condition stands alone in WHERE it is a semi or anti join instead (`conditions.ts`).
 */
import { featureNotSupported, SqlError, syntaxError, undefinedObject } from '../../base/errors.ts';
import { resolveAggregate } from '../../expr/aggregates/resolve.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { emptyArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import { int8 } from '../../types/integer.ts';
import { arrayOf } from '../../types/registry.ts';
import { allOf, caseOf, constant, falseExpr, isNull, not, trueExpr } from '../expr-tree.ts';
import { filter } from '../logical/build.ts';
import { cloneFresh, renameColumns } from '../logical/clone.ts';
import type { Field, Logical, LogicalAggregate } from '../logical/logical.ts';
import { columnOf } from '../logical/logical.ts';
import { yieldsAtMostOne } from '../logical/single.ts';
import type { Binder, BoundQuery, ExprContext } from './binder.ts';
import { anyOf, bindOperator, compareRows } from './operators.ts';
import type { Attachment } from './scope.ts';

const refusals: Partial<Record<ExprContext['clause'], string>> = {
  'DEFAULT expressions': 'cannot use subquery in DEFAULT expression',
  'check constraints': 'cannot use subquery in check constraint',
  'column generation expressions': 'cannot use subquery in column generation expression',
};

/** Binds the query of a subquery expression. Throws 0A000 where no subquery may stand. */
export function bindInner(binder: Binder, query: ast.Query, context: ExprContext, at: number): BoundQuery {
  if (context.attachments === null) {
    throw featureNotSupported(refusals[context.clause] ?? `cannot use subquery in ${context.clause}`, { position: at });
  }
  return binder.bindQuery(binder, query, { scope: context.scope });
}

function attach(context: ExprContext, type: Attachment['type'], right: Logical): void {
  (context.attachments as Attachment[]).push({ type, right });
}

export function bindSubquery(binder: Binder, node: ast.SubqueryExpr, context: ExprContext): Expr {
  const query = bindInner(binder, node.query, context, node.at);
  switch (node.form) {
    case 'exists':
      return atLeastOne(binder, query.plan, context);
    case 'scalar':
      return bindScalar(binder, node, query, context);
    case 'array':
      return bindArrayOf(binder, node, query, context);
  }
}

function onlyColumn(query: BoundQuery, at: number): Field {
  const [column] = query.columns;
  if (column !== undefined && query.columns.length === 1) return column.field;
  throw syntaxError('subquery must return only one column', { position: at });
}

function bindScalar(binder: Binder, node: ast.SubqueryExpr, query: BoundQuery, context: ExprContext): Expr {
  const field = onlyColumn(query, node.at);
  binder.nameSubquery(node, field.name);
  attach(context, 'left', singleRow(query.plan));
  return columnOf(field);
}

/** With the check that there is at most one row, where that is not known. */
export const singleRow = (plan: Logical): Logical =>
  yieldsAtMostOne(plan) ? plan : { kind: 'single-row', input: plan, key: [], fields: plan.fields };

function bindArrayOf(binder: Binder, node: ast.SubqueryExpr, query: BoundQuery, context: ExprContext): Expr {
  const field = onlyColumn(query, node.at);
  const type = field.type.element === undefined ? arrayOf(field.type) : field.type;
  if (type === undefined) {
    throw undefinedObject(`could not find array type for data type ${field.type.displayName}`, { position: node.at });
  }
  const order = query.order.map(({ id, descending, nullsFirst }) => ({
    expr: columnOf(query.plan.fields.find((candidate) => candidate.id === id) as Field),
    descending,
    nullsFirst,
  }));
  const [collected] = attachAggregates(binder, query.plan, context, [
    { ...aggregate('array_agg', [columnOf(field)], null), orderBy: order },
  ]) as [Expr];
  return { kind: 'coalesce', args: [collected, constant(emptyArray, type)], type, typmod: -1 };
}

// ------------------------------------------------------------------------------------------------ counting subqueries

const zero = constant(0, int8);

function aggregate(name: string, args: readonly Expr[], condition: Expr | null): LogicalAggregate {
  const resolved = resolveAggregate(
    name,
    args.map((arg) => arg.type),
  );
  if (resolved === null) throw featureNotSupported(`aggregate ${name} is missing`);
  return { fn: resolved.fn, args, distinct: false, filter: condition, orderBy: [] };
}

const count = (condition: Expr | null = null): LogicalAggregate => aggregate('count', [], condition);

/** Joins aggregates over the whole of `plan` and returns a column for each. */
function attachAggregates(
  binder: Binder,
  plan: Logical,
  context: ExprContext,
  aggregates: readonly LogicalAggregate[],
): readonly Expr[] {
  const fields = aggregates.map(({ fn, args }) => {
    const types = args.map((arg) => arg.type);
    const type = typeof fn.result === 'function' ? fn.result(types) : fn.result;
    return binder.field(fn.name, type, -1, fn.name === 'count');
  });
  attach(context, 'inner', { kind: 'aggregate', input: plan, keys: [], aggregates, fields });
  return fields.map(columnOf);
}

const isPositive = (binder: Binder, value: Expr): Expr => bindOperator(binder, ['>'], value, zero, 0);

function atLeastOne(binder: Binder, plan: Logical, context: ExprContext): Expr {
  const [rows] = attachAggregates(binder, plan, context, [count()]) as [Expr];
  return isPositive(binder, rows);
}

// ------------------------------------------------------------------------------------------------------- IN, ANY, ALL

/** The parts of `x op ANY (query)`: the comparison over the query's columns and outer ones. */
export type QueryComparison = {
  readonly query: BoundQuery;
  readonly left: readonly Expr[];
  readonly comparison: Expr;
  /** The comparison is never NULL. */
  readonly neverNull: boolean;
};

export function compareWithQuery(
  binder: Binder,
  operand: ast.Expr,
  operator: readonly string[],
  inner: ast.Query,
  context: ExprContext,
  at: number,
): QueryComparison {
  const left = (operand.kind === 'row' ? operand.fields : [operand]).map((part) =>
    binder.bindExpr(binder, part, context),
  );
  const query = bindInner(binder, inner, context, at);
  if (query.columns.length > left.length) throw syntaxError('subquery has too many columns', { position: at });
  if (query.columns.length < left.length) throw syntaxError('subquery has too few columns', { position: at });
  const right = query.columns.map((column) => columnOf(column.field));
  const comparison =
    left.length === 1
      ? bindOperator(binder, operator, left[0] as Expr, right[0] as Expr, at)
      : compareRows(binder, operator, left, right, at);
  if (comparison.type !== bool) {
    throw new SqlError('42804', 'row comparison operator must yield type boolean', { position: at });
  }
  const neverNull =
    left.every((one) => isNotNull(one, context)) && query.columns.every((column) => column.field.notNull);
  return { query, left, comparison, neverNull };
}

function isNotNull(expr: Expr, context: ExprContext): boolean {
  if (expr.kind === 'constant') return expr.value !== null;
  if (expr.kind !== 'column') return false;
  return context.scope.columns.some((column) => column.field.id === expr.index && column.field.notNull);
}

export function bindInQuery(binder: Binder, node: ast.InTest, query: ast.Query, context: ExprContext): Expr {
  const parts = compareWithQuery(binder, node.operand, ['='], query, context, node.at);
  const found = anyMatch(binder, parts, context);
  return node.negated ? not(found) : found;
}

export function bindQuantifiedQuery(
  binder: Binder,
  node: ast.QuantifiedTest,
  query: ast.Query,
  context: ExprContext,
): Expr {
  const parts = compareWithQuery(binder, node.operand, node.operator, query, context, node.at);
  if (node.quantifier === 'any') return anyMatch(binder, parts, context);
  // x op ALL (q): no row for which the comparison is false.
  return not(anyMatch(binder, { ...parts, comparison: not(parts.comparison) }, context));
}

/** Whether any row matches: true, false, or NULL when none does but for some nobody knows. */
function anyMatch(binder: Binder, parts: QueryComparison, context: ExprContext): Expr {
  const { query, comparison, left } = parts;
  if (parts.neverNull) return atLeastOne(binder, filter(query.plan, comparison), context);
  if (left.length > 1 || comparison.kind !== 'call' || comparison.fn.name !== '=') {
    return countedMatch(binder, parts, context);
  }
  const [rows, nulls] = countRowsAndNulls(binder, query, context);
  const matches = atLeastOne(binder, filter(query.plan, comparison), context);
  const mayMatch = anyOf([isNull(left[0] as Expr), isPositive(binder, nulls)]);
  return {
    kind: 'case',
    branches: [
      { when: matches, then: trueExpr },
      { when: not(isPositive(binder, rows)), then: falseExpr },
      { when: mayMatch, then: constant(null, bool) },
    ],
    otherwise: falseExpr,
    type: bool,
    typmod: -1,
  };
}

/** How many rows the query has, and how many of them are NULL; over a copy of it. */
export function countRowsAndNulls(binder: Binder, query: BoundQuery, context: ExprContext): readonly [Expr, Expr] {
  const copy = cloneFresh(query.plan, (field) => binder.fresh(field));
  const column = renameColumns(columnOf((query.columns[0] as { field: Field }).field), copy.renamed);
  const [rows, nulls] = attachAggregates(binder, copy.plan, context, [count(), count(isNull(column))]);
  return [rows as Expr, nulls as Expr];
}

/** The general form: counts the rows for which the comparison is true, and those for which it is NULL. */
function countedMatch(binder: Binder, parts: QueryComparison, context: ExprContext): Expr {
  const [matches, unclear] = attachAggregates(binder, parts.query.plan, context, [
    count(parts.comparison),
    count(isNull(parts.comparison)),
  ]) as [Expr, Expr];
  const maybe = caseOf(isPositive(binder, unclear), constant(null, bool), falseExpr);
  return caseOf(isPositive(binder, matches), trueExpr, maybe);
}

export const noNullRule = (rows: Expr, nulls: Expr, left: Expr, binder: Binder): Expr =>
  anyOf([not(isPositive(binder, rows)), allOf([not(isPositive(binder, nulls)), isNull(left, true)]) as Expr]);
