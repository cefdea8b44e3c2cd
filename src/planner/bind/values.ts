/** VALUES lists, standing alone or feeding INSERT. */
import { syntaxError } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import type { Values } from '../../parser/ast.ts';
import { oneRow, project } from '../logical/build.ts';
import type { Field, Logical } from '../logical/logical.ts';
import { type Binder, type BoundQuery, contextFor, type QueryContext } from './binder.ts';
import { coerceToCommon, commonTypmod } from './coercion.ts';
import { attachAll } from './conditions.ts';
import { type Attachment, noOrigin, Scope } from './scope.ts';

export type BoundRow = { readonly exprs: readonly Expr[]; readonly attachments: readonly Attachment[] };

/** The rows as expressions, each with the subqueries it needs. */
export function bindRows(binder: Binder, node: Values, outer: Scope | null): readonly BoundRow[] {
  const width = node.rows[0]?.length ?? 0;
  const scope = new Scope(outer);
  scope.clause = 'VALUES';
  return node.rows.map((row) => {
    if (row.length !== width) {
      throw syntaxError('VALUES lists must all be the same length', { position: row[0]?.at ?? node.at });
    }
    const attachments: Attachment[] = [];
    const context = contextFor(scope, 'VALUES', attachments);
    return { exprs: row.map((value) => binder.bindExpr(binder, value, context)), attachments };
  });
}

export function bindValues(binder: Binder, node: Values, query: QueryContext): BoundQuery {
  const rows = bindRows(binder, node, query.scope);
  const width = rows[0]?.exprs.length ?? 0;
  const columns = Array.from({ length: width }, (_, c) => {
    const values = rows.map((row) => row.exprs[c] as Expr);
    return query.keepUnknown === true && rows.length === 1 ? values : coerceToCommon(binder, values, 'VALUES');
  });
  const fields = columns.map((values, c) => {
    const [first] = values as readonly [Expr];
    const notNull = values.every((value) => value.kind === 'constant' && value.value !== null);
    return binder.field(`column${c + 1}`, first.type, commonTypmod(values), notNull);
  });
  const typed = rows.map((row, r) => ({ ...row, exprs: columns.map((values) => values[r] as Expr) }));
  const plan = rowsPlan(binder, fields, typed);
  return { plan, columns: plan.fields.map((field) => ({ field, origin: noOrigin })), order: [] };
}

/** Rows of constants are one node; rows with subqueries or outer columns are projections, put together. */
export function rowsPlan(binder: Binder, fields: readonly Field[], rows: readonly BoundRow[]): Logical {
  if (rows.length !== 1 && rows.every((row) => row.attachments.length === 0)) {
    return { kind: 'values', rows: rows.map((row) => row.exprs), fields };
  }
  const inputs = rows.map((row) =>
    project(
      attachAll(oneRow, row.attachments),
      rows.length === 1 ? fields : fields.map((field) => binder.fresh(field)),
      row.exprs,
    ),
  );
  return inputs.length === 1 ? (inputs[0] as Logical) : { kind: 'union', inputs, fields };
}
