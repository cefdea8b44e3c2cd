/**
 * Making an expression have a type: PostgreSQL's coerce_to_target_type.
 *
 * Untyped literals are read here, once, so that a bad one is reported where it stands. What reading depends on (the session's
 * zone and catalog) comes in `context`; without one, such literals become casts that run later.
 */
import { SqlError } from '../base/errors.ts';
import type { CastContext } from '../types/cast.ts';
import type { Value } from '../types/column.ts';
import { regTypes } from '../types/oid.ts';
import { text } from '../types/text.ts';
import { defaultFormat, type FormatSettings, type SqlType } from '../types/type.ts';
import { coercionPath, isUnknown } from './coercibility.ts';
import type { EvalContext } from './context.ts';
import type { ConstantExpr, Expr } from './expr.ts';
import { nameToReg, regToText } from './functions/reg.ts';

/**
 * `expr` as a `toType` with modifier `toTypmod` (-1: none), or null when `context` does not allow that (the caller words the
 * error, usually `cannotCoerce`). `at` is where the literal or the cast stands. A parameter without a type gets `toType`.
 * Throws 22P02 and its kin, with the position, for a literal that `toType` cannot read.
 */
export function coerceExpr(
  expr: Expr,
  toType: SqlType,
  toTypmod: number,
  context: CastContext,
  at: number,
  evalContext?: EvalContext,
): Expr | null {
  if (isUnknown(expr.type) && !isUnknown(toType))
    return withTypmod(coerceUnknown(expr, toType, toTypmod, context, at, evalContext), toTypmod, context, at);
  if (expr.type === toType) return withTypmod(expr, toTypmod, context, at);
  if (expr.kind === 'constant' && expr.value === null) return { ...expr, type: toType, typmod: toTypmod };
  const isReg = regTypes.includes(toType) && expr.type.category === 'S';
  if (isReg && (context === 'explicit' || toType.name === 'regclass')) return callReg(expr, toType, at, evalContext);
  if (regTypes.includes(expr.type) && toType.category === 'S') {
    if (context === 'implicit') return null;
    const fn = regToText(expr.type);
    const shown: Expr = { kind: 'call', fn, args: [expr], at, type: text, typmod: -1 };
    return toType === text ? shown : coerceExpr(shown, toType, toTypmod, context, at, evalContext);
  }
  const cast = coercionPath(expr.type, toType, context);
  if (cast === null) return null;
  const explicit = context === 'explicit';
  const typmod = toTypmod >= 0 && toType.applyTypmod !== undefined ? toTypmod : -1;
  return { kind: 'cast', operand: expr, cast, explicit, at, type: toType, typmod };
}

/** Applies the modifier, unless `expr` has it. */
function withTypmod(expr: Expr, typmod: number, context: CastContext, at: number): Expr {
  if (typmod < 0 || typmod === expr.typmod || expr.type.applyTypmod === undefined) return expr;
  const explicit = context === 'explicit';
  if (expr.kind === 'constant') {
    const value = modified(expr, typmod, explicit);
    if (value !== undefined) return { ...expr, typmod, value };
  }
  return { kind: 'cast', operand: expr, cast: null, explicit, at, type: expr.type, typmod };
}

/** The constant with its modifier applied; undefined where that fails, which only its evaluation may report. */
function modified(expr: ConstantExpr, typmod: number, explicit: boolean): Value | undefined {
  if (expr.value === null) return null;
  try {
    return expr.type.applyTypmod?.(expr.value, typmod, explicit) ?? expr.value;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function coerceUnknown(
  expr: Expr,
  toType: SqlType,
  toTypmod: number,
  context: CastContext,
  at: number,
  evalContext: EvalContext | undefined,
): Expr {
  if (expr.kind === 'parameter') return { ...expr, type: toType };
  if (expr.kind !== 'constant')
    return coerceExpr({ ...expr, type: text } as Expr, toType, toTypmod, context, at, evalContext) as Expr;
  if (expr.value === null) return { ...expr, type: toType, typmod: -1 };
  if (regTypes.includes(toType)) return callReg({ ...expr, type: text }, toType, at, evalContext);
  if (evalContext === undefined && dependsOnSession(toType)) {
    const cast = coercionPath(text, toType, 'explicit');
    if (cast !== null)
      return { kind: 'cast', operand: { ...expr, type: text }, cast, explicit: true, at, type: toType, typmod: -1 };
  }
  return parsed(expr, toType, toTypmod, at, evalContext?.format ?? defaultFormat);
}

/** Reads a literal; the error points at it. */
function parsed(expr: ConstantExpr, type: SqlType, typmod: number, at: number, settings: FormatSettings): ConstantExpr {
  const literal = expr.value as string;
  try {
    if (type.parseLiteral !== undefined) {
      return { kind: 'constant', type, typmod, value: type.parseLiteral(literal, typmod, settings) };
    }
    return { kind: 'constant', type, typmod: -1, value: type.parse(literal, settings) };
  } catch (error) {
    throw error instanceof SqlError ? error.at(at) : error;
  }
}

/** Types whose text form is read in the session's time zone. */
function dependsOnSession(type: SqlType): boolean {
  const base = type.element ?? type;
  return base.name === 'timestamptz' || base.name === 'timetz';
}

/** Text to regclass and its kin asks the catalog: at once for a literal, as PostgreSQL does, else row by row. */
function callReg(expr: Expr, toType: SqlType, at: number, context: EvalContext | undefined): Expr {
  const fn = nameToReg(toType);
  const call: Expr = {
    kind: 'call',
    fn,
    args: [expr.type === text ? expr : ({ ...expr, type: text } as Expr)],
    at,
    type: toType,
    typmod: -1,
  };
  if (expr.kind !== 'constant' || context === undefined) return call;
  try {
    const value = (fn.eval as (context: EvalContext, name: string) => number)(context, expr.value as string);
    return { kind: 'constant', type: toType, typmod: -1, value };
  } catch (error) {
    throw error instanceof SqlError ? error.at(at) : error;
  }
}
