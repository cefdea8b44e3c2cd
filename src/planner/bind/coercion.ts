/**
 * Conversions while binding: untyped literals are read, untyped parameters get their type, everything else goes the way
 * of PostgreSQL's coerce_type. What no rule converts is the caller's error, because each place words it in its own way.
 */
import { datatypeMismatch, SqlError } from '../../base/errors.ts';
import { coerceExpr } from '../../expr/coerce.ts';
import { isUnknown } from '../../expr/coercibility.ts';
import { commonTypeOrNull } from '../../expr/common-type.ts';
import type { Expr } from '../../expr/expr.ts';
import { bool } from '../../types/boolean.ts';
import type { CastContext } from '../../types/cast.ts';
import { int8 } from '../../types/integer.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import type { Binder } from './binder.ts';

/** `expr` as `type`, or null when `context` allows no conversion. `at` is for errors at run time. */
export function coerce(
  binder: Binder,
  expr: Expr,
  type: SqlType,
  typmod: number,
  context: CastContext,
  at: number,
): Expr | null {
  const position = binder.positionOf(expr);
  const settled =
    expr.kind === 'parameter' && isUnknown(expr.type) ? binder.parameters.decide(expr, type, position) : expr;
  const literal = isUnknown(settled.type) && position !== undefined;
  const result = coerceExpr(settled, type, typmod, context, literal ? position : at, binder.environment.context);
  return result === null || position === undefined || result === expr ? result : binder.locate(result, position);
}

/** For conversions that overload resolution has already found possible. */
export function coerceImplicitly(binder: Binder, expr: Expr, type: SqlType, at: number): Expr {
  const coerced = coerce(binder, expr, type, -1, 'implicit', at);
  if (coerced !== null) return coerced;
  throw datatypeMismatch(`cannot convert type ${expr.type.displayName} to ${type.displayName}`, { position: at });
}

/** What has no type yet becomes text. */
export const settleUnknown = (binder: Binder, expr: Expr): Expr =>
  isUnknown(expr.type) ? coerceImplicitly(binder, expr, text, binder.positionOf(expr) ?? 0) : expr;

/** A condition. `what` as in `argument of WHERE must be type boolean, not type integer`. */
export const coerceToBoolean = (binder: Binder, expr: Expr, what: string): Expr =>
  coerceArgument(binder, expr, bool, what);

/** LIMIT and OFFSET. */
export const coerceToBigint = (binder: Binder, expr: Expr, what: string): Expr =>
  coerceArgument(binder, expr, int8, what);

function coerceArgument(binder: Binder, expr: Expr, type: SqlType, what: string): Expr {
  const at = binder.positionOf(expr);
  const coerced = coerce(binder, expr, type, -1, 'assignment', at ?? 0);
  if (coerced !== null) return coerced;
  throw datatypeMismatch(`argument of ${what} must be type ${type.displayName}, not type ${expr.type.displayName}`, {
    position: at,
  });
}

/** The type that all of `exprs` take, pointing at the first that does not fit. */
export function commonType(binder: Binder, exprs: readonly Expr[], construct: string): SqlType {
  const types = exprs.map((expr) => expr.type);
  const common = commonTypeOrNull(types);
  if (common !== null) return common;
  const wrong = types.findIndex((_, i) => commonTypeOrNull(types.slice(0, i + 1)) === null);
  const before = types.slice(0, wrong).find((type) => !isUnknown(type)) as SqlType;
  const settled = commonTypeOrNull(types.slice(0, wrong)) ?? before;
  throw datatypeMismatch(
    `${construct} types ${settled.displayName} and ${types[wrong]?.displayName} cannot be matched`,
    { position: binder.positionOf(exprs[wrong] as Expr) },
  );
}

/** All of `exprs` in their common type. */
export function coerceToCommon(binder: Binder, exprs: readonly Expr[], construct: string): readonly Expr[] {
  const type = commonType(binder, exprs, construct);
  return exprs.map((expr) => coerceToKnown(binder, expr, type, construct));
}

export function coerceToKnown(binder: Binder, expr: Expr, type: SqlType, construct: string): Expr {
  const at = binder.positionOf(expr);
  const coerced = coerce(binder, expr, type, -1, 'implicit', at ?? 0);
  if (coerced !== null) return coerced;
  throw new SqlError('42846', `${construct} could not convert type ${expr.type.displayName} to ${type.displayName}`, {
    position: at,
  });
}

/** The modifier that all of `exprs` share, else -1. */
export function commonTypmod(exprs: readonly Expr[]): number {
  const [first] = exprs;
  if (first === undefined) return -1;
  return exprs.every((expr) => expr.typmod === first.typmod && expr.type === first.type) ? first.typmod : -1;
}
