/** A whole query: WITH, the body, ORDER BY and LIMIT over it, EMIT. */
import { unreachable } from '../../base/assert.ts';
import { featureNotSupported, invalidColumnReference, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type * as ast from '../../parser/ast.ts';
import { extend } from '../logical/build.ts';
import { columnOf } from '../logical/logical.ts';
import { type Binder, type BoundQuery, contextFor, type QueryContext } from './binder.ts';
import { bindOrderBy } from './clauses.ts';
import { Scope } from './scope.ts';
import { bindSelect } from './select.ts';
import { bindSetOperation } from './set-operations.ts';
import { isEmptyTail, limited, type Tail } from './tail.ts';
import type { Target } from './targets.ts';
import { bindValues } from './values.ts';

export function bindQuery(binder: Binder, query: ast.Query, context: QueryContext): BoundQuery {
  checkEmit(query.emit);
  const outer = binder.ctes;
  if (query.with !== null) bindWith(binder, query.with, context.scope);
  try {
    return bindBodyWith(binder, query.body, query, context);
  } finally {
    binder.ctes = outer;
  }
}

function checkEmit(emit: ast.EmitClause | null): void {
  if (emit === null || emit.mode === 'changes') return;
  const mode = emit.mode === 'periodic' ? 'PERIODIC' : emit.mode.replaceAll('-', ' ').toUpperCase();
  throw featureNotSupported(`EMIT ${mode} is not supported`, {
    hint: 'Leave it out, or write EMIT CHANGES: results follow every change.',
    position: emit.at,
  });
}

/** Puts the names of WITH in force, each query seeing those before it. */
export function bindWith(binder: Binder, clause: ast.WithClause, scope: Scope | null): void {
  const names = new Set<string>();
  for (const cte of clause.ctes) {
    if (names.has(cte.name)) {
      const message = `WITH query name "${cte.name}" specified more than once`;
      throw new SqlError(SqlState.duplicateAlias, message, { position: cte.at });
    }
    names.add(cte.name);
    const outer = binder.ctes;
    if (clause.recursive) binder.ctes = { outer, name: cte.name, query: null };
    const bound = binder.bindQuery(binder, cte.query, { scope });
    binder.ctes = { outer, name: cte.name, query: renamedColumns(bound, cte) };
  }
}

function renamedColumns(bound: BoundQuery, cte: ast.CommonTable): BoundQuery {
  const available = bound.columns.length;
  if (cte.columns.length > available) {
    throw invalidColumnReference(
      `WITH query "${cte.name}" has ${available} columns available but ${cte.columns.length} columns specified`,
      { position: cte.at },
    );
  }
  const columns = bound.columns.map((column, i) => ({
    ...column,
    field: { ...column.field, name: cte.columns[i] ?? column.field.name },
  }));
  return { ...bound, columns };
}

function bindBodyWith(binder: Binder, body: ast.QueryBody, tail: Tail, context: QueryContext): BoundQuery {
  if (body.kind === 'select') return bindSelect(binder, body, tail, context);
  const bound = bindBody(binder, body, context);
  return isEmptyTail(tail) ? bound : withTail(binder, bound, body, tail, context);
}

const noTail: Tail = { orderBy: [], limit: null, offset: null };

function bindBody(binder: Binder, body: ast.QueryBody, context: QueryContext): BoundQuery {
  switch (body.kind) {
    case 'select':
      return bindSelect(binder, body, noTail, context);
    case 'values':
      return bindValues(binder, body, context);
    case 'set-operation':
      return bindSetOperation(binder, body, context, bindBody);
    case 'query':
      return binder.bindQuery(binder, body, context);
    default:
      return unreachable(body);
  }
}

/** ORDER BY and LIMIT over what is no SELECT: its result columns are the names there are. */
function withTail(
  binder: Binder,
  bound: BoundQuery,
  body: ast.QueryBody,
  tail: Tail,
  context: QueryContext,
): BoundQuery {
  const scope = new Scope(context.scope);
  const columns = bound.columns.map(({ field, origin }) => ({ name: field.name, field, origin }));
  const table = { name: '*VALUES*', schema: null, relation: null, realName: null, columns };
  scope.show({ tables: [table], columns });
  const targets: Target[] = columns.map((column) => ({
    expr: columnOf(column.field),
    name: column.name,
    origin: column.origin,
    hidden: false,
  }));
  const keys = bindOrderBy(binder, tail.orderBy, targets, contextFor(scope, 'ORDER BY', []));
  const hidden = targets.filter((target) => target.hidden);
  if (hidden.length > 0 && body.kind === 'set-operation') {
    throw featureNotSupported(`invalid UNION/INTERSECT/EXCEPT ORDER BY clause`, {
      detail: 'Only result column names can be used, not expressions or functions.',
      hint: 'Add the expression/function to every SELECT, or move the UNION into a FROM clause.',
      position: binder.positionOf((hidden[0] as Target).expr),
    });
  }
  const extra = hidden.map((target) => binder.fieldFor(target.name, target.expr));
  const plan = extend(
    bound.plan,
    extra,
    hidden.map((target) => target.expr),
  );
  const idOf = (target: Target): number =>
    target.hidden
      ? (extra[hidden.indexOf(target)]?.id as number)
      : (columns[targets.indexOf(target)]?.field.id as number);
  const own = keys.map((key) => ({ id: idOf(key.target), descending: key.descending, nullsFirst: key.nullsFirst }));
  const order = own.length === 0 ? bound.order : own;
  return { plan: limited(binder, plan, order, tail, scope), columns: bound.columns, order };
}
