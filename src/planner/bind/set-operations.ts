/**
 * UNION, INTERSECT and EXCEPT. UNION ALL is a node of its own, UNION is distinct over it; INTERSECT and EXCEPT are
 * semi and anti joins of the distinct left side, where NULL equals NULL.
 */
import { featureNotSupported, syntaxError } from '../../base/errors.ts';
import { isUnknown } from '../../expr/coercibility.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { allOf } from '../expr-tree.ts';
import { distinct, join, pick, project } from '../logical/build.ts';
import { columnOf, type Field, type Logical } from '../logical/logical.ts';
import type { Binder, BoundQuery, QueryContext } from './binder.ts';
import { requireOperator } from './clauses.ts';
import { coerceToKnown, commonType, commonTypmod } from './coercion.ts';
import { distinctFrom, equals } from './operators.ts';
import { noOrigin } from './scope.ts';

type BindBody = (binder: Binder, body: ast.QueryBody, query: QueryContext) => BoundQuery;

export function bindSetOperation(
  binder: Binder,
  node: ast.SetOperation,
  query: QueryContext,
  bindBody: BindBody,
): BoundQuery {
  const name = node.operator.toUpperCase();
  const arms = [node.left, node.right].map((arm) => bindBody(binder, arm, { ...query, keepUnknown: true }));
  const [left, right] = arms as [BoundQuery, BoundQuery];
  if (left.columns.length !== right.columns.length) {
    throw syntaxError(`each ${name} query must have the same number of columns`, {
      position: firstPosition(node.right),
    });
  }
  const [l, r] = unify(binder, left, right, name);
  const plan = combine(binder, node, l, r);
  return { plan, columns: plan.fields.map((field) => ({ field, origin: noOrigin })), order: [] };
}

/** Where the first result column of an arm stands. */
function firstPosition(body: ast.QueryBody): number {
  switch (body.kind) {
    case 'select':
      return body.targets[0]?.expr.at ?? body.at;
    case 'values':
      return body.rows[0]?.[0]?.at ?? body.at;
    case 'set-operation':
      return firstPosition(body.left);
    case 'query':
      return firstPosition(body.body);
  }
}

/** Both arms with the same column types. */
function unify(binder: Binder, left: BoundQuery, right: BoundQuery, name: string): readonly [Logical, Logical] {
  const outputs = [left, right].map((arm) => arm.columns.map((column) => outputOf(binder, arm.plan, column.field)));
  const [ls, rs] = outputs as [Expr[], Expr[]];
  const types = ls.map((one, i) => commonType(binder, [one, rs[i] as Expr], name));
  const typmods = ls.map((one, i) => commonTypmod([one, rs[i] as Expr]));
  const convert = (arm: BoundQuery, exprs: readonly Expr[]): Logical => {
    const visible = arm.columns.map((column) => column.field);
    const converted = exprs.map((expr, i) => coerceToKnown(binder, expr, types[i] as Field['type'], name));
    const fields = visible.map((field, i) =>
      binder.field(field.name, types[i] as Field['type'], typmods[i], field.notNull),
    );
    return converted.every((expr, i) => expr === exprs[i] && expr.kind === 'column')
      ? pick(arm.plan, visible)
      : retyped(arm.plan, visible, converted, fields);
  };
  return [convert(left, ls), convert(right, rs)];
}

/** The expression to convert: an untyped literal itself, which takes its type in place, else the column. */
function outputOf(binder: Binder, plan: Logical, field: Field): Expr {
  const own = plan.kind === 'project' ? plan.exprs[plan.fields.findIndex((one) => one.id === field.id)] : undefined;
  const column = columnOf(field);
  if (own === undefined) return column;
  const at = binder.positionOf(own);
  if (isUnknown(own.type)) return own;
  return at === undefined ? column : binder.locate(column, at);
}

/** Conversions above the arm; what came from inside its projection (literals) is constant and may stand there too. */
const retyped = (plan: Logical, visible: readonly Field[], exprs: readonly Expr[], fields: readonly Field[]): Logical =>
  project(pick(plan, visible), fields, exprs);

function combine(binder: Binder, node: ast.SetOperation, left: Logical, right: Logical): Logical {
  const fields = left.fields.map((field, i) => ({
    ...binder.fresh(field),
    notNull: field.notNull && right.fields[i]?.notNull === true,
  }));
  if (node.operator === 'union') {
    const all: Logical = { kind: 'union', inputs: [left, right], fields };
    if (node.all) return all;
    for (const field of fields) requireOperator('=', field.type, undefined);
    return distinct(all);
  }
  if (node.all) {
    throw featureNotSupported(`${node.operator.toUpperCase()} ALL is not supported`, { position: node.at });
  }
  const same = left.fields.map((field, i) =>
    distinctFrom(equals(binder, columnOf(field), columnOf(right.fields[i] as Field), node.at), true),
  );
  return join(node.operator === 'intersect' ? 'semi' : 'anti', distinct(left), right, allOf(same));
}
