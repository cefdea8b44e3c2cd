/** What the files of this folder share: new field ids, and comparisons where NULL equals NULL. */
import { featureNotSupported } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import { type ResolvedFunction, resolveOperator } from '../../expr/functions/resolve.ts';
import { bool } from '../../types/boolean.ts';
import { int8 } from '../../types/integer.ts';
import { equalityOf } from '../equality.ts';
import { columnsOf, constant, mapColumns } from '../expr-tree.ts';
import { columnOf, type Field, type LogicalAggregate } from '../logical/logical.ts';

export type Fresh = (field: Field) => Field;

/** `a IS NOT DISTINCT FROM b`. */
export function sameValue(a: Field, b: Field): Expr {
  if (resolveOperator('=', a.type, b.type) === null) {
    throw featureNotSupported(`a correlated subquery may not depend on a column of type ${a.type.displayName}`);
  }
  return compareExprs(columnOf(a), columnOf(b), true);
}

/** Replaces fields by others. */
export const substitute = (expr: Expr, by: ReadonlyMap<number, Field>): Expr =>
  mapColumns(expr, (column) => {
    const field = by.get(column.index);
    return field === undefined ? column : columnOf(field);
  });

/** Replaces fields by expressions. */
export const replaceFields = (expr: Expr, by: ReadonlyMap<number, Expr>): Expr =>
  mapColumns(expr, (column) => by.get(column.index) ?? column);

/** An equality between something inside and something outside, as `rebuild(inside)`. */
export type Correlation = { readonly inside: Expr; readonly rebuild: (inside: Expr) => Expr };

/** Takes `inside = outside` apart; null for any other condition. */
export function correlationOf(conjunct: Expr, outer: ReadonlySet<number>): Correlation | null {
  const equality = equalityOf(conjunct);
  if (equality === null) return null;
  const isOuter = (expr: Expr): boolean => [...columnsOf(expr)].every((id) => outer.has(id));
  const isInner = (expr: Expr): boolean => [...columnsOf(expr)].every((id) => !outer.has(id));
  const { left, right, nullSafe } = equality;
  const compare = (inside: Expr, outside: Expr): Expr => compareExprs(inside, outside, nullSafe);
  if (isInner(left) && isOuter(right)) return { inside: left, rebuild: (inside) => compare(inside, right) };
  if (isInner(right) && isOuter(left)) return { inside: right, rebuild: (inside) => compare(inside, left) };
  return null;
}

function compareExprs(a: Expr, b: Expr, nullSafe: boolean): Expr {
  const resolved = resolveOperator('=', a.type, b.type) as ResolvedFunction;
  return nullSafe
    ? { kind: 'is-distinct', left: a, right: b, equal: resolved.fn, negated: true, type: bool, typmod: -1 }
    : { kind: 'call', fn: resolved.fn, args: [a, b], type: bool, typmod: -1, at: 0 };
}

/** What an aggregate over no rows gives, where that is not NULL. */
export const emptyValue = (call: LogicalAggregate): Expr | null =>
  call.fn.name === 'count' || call.fn.name === 'regr_count' ? constant(0, int8) : null;

export const orElse = (value: Expr, fallback: Expr | null): Expr =>
  fallback === null ? value : { kind: 'coalesce', args: [value, fallback], type: value.type, typmod: value.typmod };
