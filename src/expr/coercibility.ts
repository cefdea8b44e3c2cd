/**
 * Which type may become which, by itself, on assignment or when asked: PostgreSQL's find_coercion_pathway (parse_coerce.c).
 * Answers with the cast to apply; building the expression is `coerce.ts`.
 */

import { int2vector, oidvector, type SqlArray } from '../types/array.ts';
import type { CastContext, CastFunction } from '../types/cast.ts';
import { castBetween } from '../types/casts.ts';
import type { SqlType } from '../types/type.ts';

export const UNKNOWN_OID = 705;

/** An untyped string literal, or a parameter whose type nothing has determined. */
export const isUnknown = (type: SqlType): boolean => type.oid === UNKNOWN_OID;

const strength: Record<CastContext, number> = { implicit: 0, assignment: 1, explicit: 2 };

/** The cast from one type to another (not the same, not unknown), or null when `context` allows none. */
export function coercionPath(from: SqlType, to: SqlType, context: CastContext): CastFunction | null {
  const cast = castBetween(from, to);
  if (cast !== undefined) return strength[cast.context] <= strength[context] ? cast : null;
  if (from.element !== undefined && to.element !== undefined) return arrayPath(from, to, context);
  return context === 'implicit' ? null : textPath(from, to, context);
}

export const canCoerce = (from: SqlType, to: SqlType, context: CastContext): boolean =>
  from === to || isUnknown(from) || coercionPath(from, to, context) !== null;

/** Casts made up on demand, one object per pair so that equal expressions stay equal. */
const derived = new Map<SqlType, Map<SqlType, CastFunction>>();

function derive(from: SqlType, to: SqlType, make: () => CastFunction): CastFunction {
  const row = derived.get(from) ?? new Map<SqlType, CastFunction>();
  derived.set(from, row);
  const cast = row.get(to) ?? make();
  row.set(to, cast);
  return cast;
}

/** An array becomes an array when its elements do, but never one of the catalogs' vectors. */
function arrayPath(from: SqlType, to: SqlType, context: CastContext): CastFunction | null {
  if (to === int2vector || to === oidvector) return null;
  const [source, target] = [from.element as SqlType, to.element as SqlType];
  if (source === target) return relabelled(from, to);
  const element = coercionPath(source, target, context);
  if (element === null) return null;
  return derive(from, to, () => ({
    from,
    to,
    context: element.context,
    binaryCoercible: element.binaryCoercible,
    usesSettings: element.usesSettings,
    convert: (value, settings) =>
      (value as SqlArray).map((item) => (item === null ? null : element.convert(item, settings))),
  }));
}

/** A vector of the catalogs is an array of its elements already, its bounds included. */
const relabelled = (from: SqlType, to: SqlType): CastFunction =>
  derive(from, to, () => ({
    from,
    to,
    context: 'implicit',
    binaryCoercible: true,
    usesSettings: false,
    convert: (value) => value,
  }));

/** Every type becomes text on assignment, and text becomes every type when asked, through its text form. */
function textPath(from: SqlType, to: SqlType, context: CastContext): CastFunction | null {
  if (to.category === 'S') {
    return derive(from, to, () => ({
      from,
      to,
      context: 'assignment',
      binaryCoercible: false,
      usesSettings: true,
      convert: (value, settings) => from.format(value, settings),
    }));
  }
  if (from.category !== 'S' || context !== 'explicit') return null;
  return derive(from, to, () => ({
    from,
    to,
    context: 'explicit',
    binaryCoercible: false,
    usesSettings: true,
    convert: (value, settings) => to.parse(value as string, settings),
  }));
}
