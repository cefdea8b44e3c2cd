/** Expressions over the columns of one relation, as the catalog keeps them in text: DEFAULT, CHECK, generated columns, watermarks. */
import { datatypeMismatch, featureNotSupported, invalidColumnReference } from '../../base/errors.ts';
import type { Expr, Typed } from '../../expr/expr.ts';
import { foldConstants } from '../../expr/fold.ts';
import type { Expr as AstExpr } from '../../parser/ast.ts';
import { parseExpression } from '../../parser/parse.ts';
import type { PlanEnvironment } from '../environment.ts';
import { columnsOf } from '../expr-tree.ts';
import type { Field } from '../logical/logical.ts';
import { placed } from '../lower.ts';
import type { PlanColumn } from '../plan.ts';
import { binderFor } from './bind.ts';
import { type Binder, type Clause, contextFor } from './binder.ts';
import { coerce, coerceToBoolean, settleUnknown } from './coercion.ts';
import { noOrigin, Scope } from './scope.ts';

export type ColumnExpressionKind = 'DEFAULT' | 'CHECK' | 'GENERATED' | 'WATERMARK' | 'LIMIT';

const clauses: Record<ColumnExpressionKind, Clause> = {
  DEFAULT: 'DEFAULT expressions',
  CHECK: 'check constraints',
  GENERATED: 'column generation expressions',
  WATERMARK: 'watermark expressions',
  LIMIT: 'LIMIT',
};

/**
 * Binds an expression over the columns of one relation: DEFAULT, CHECK, generated columns, watermarks. `what` names it in errors.
 * Positions of errors are those of the tree, or offsets into the text.
 */
export function planColumnExpression(
  source: string | AstExpr,
  columns: readonly PlanColumn[],
  environment: PlanEnvironment,
  target: Typed | null,
  what: ColumnExpressionKind,
): Expr {
  const binder = binderFor(environment);
  const fields = columns.map((column) => binder.field(column.name, column.type, column.typmod));
  const bound = bindColumnText(binder, source, fields, target, what);
  return foldConstants(placed(bound, fields), environment.context);
}

/** Likewise within a statement, over fields. */
export function bindColumnText(
  binder: Binder,
  source: string | AstExpr,
  fields: readonly Field[],
  target: Typed | null,
  what: ColumnExpressionKind,
): Expr {
  const scope = new Scope(null);
  const columns = fields.map((field) => ({ name: field.name, field, origin: noOrigin }));
  scope.show({ tables: [{ name: '', schema: null, relation: null, realName: null, columns }], columns });
  binder.own(fields, scope);
  const parsed = typeof source === 'string' ? parseExpression(source) : source;
  const bound = binder.bindExpr(binder, parsed, contextFor(scope, clauses[what], null));
  const typed = convert(binder, bound, target, what);
  if (what === 'DEFAULT' && columnsOf(typed).size > 0) {
    throw featureNotSupported('cannot use column reference in DEFAULT expression', { position: parsed.at });
  }
  if (what === 'LIMIT' && columnsOf(typed).size > 0) {
    throw invalidColumnReference('argument of LIMIT must not contain variables', { position: parsed.at });
  }
  return typed;
}

function convert(binder: Binder, bound: Expr, target: Typed | null, what: ColumnExpressionKind): Expr {
  if (what === 'CHECK') return coerceToBoolean(binder, bound, 'CHECK');
  if (target === null) return settleUnknown(binder, bound);
  const at = binder.positionOf(bound);
  const coerced = coerce(binder, bound, target.type, target.typmod, 'assignment', at ?? 0);
  if (coerced !== null) return coerced;
  const subject =
    what === 'DEFAULT' ? 'default expression' : what === 'GENERATED' ? 'generation expression' : 'expression';
  throw datatypeMismatch(
    `column is of type ${target.type.displayName} but ${subject} is of type ${bound.type.displayName}`,
    { hint: 'You will need to rewrite or cast the expression.', position: at },
  );
}
