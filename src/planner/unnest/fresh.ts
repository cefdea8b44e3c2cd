/** What the files of this folder share: new field ids, and comparisons where NULL equals NULL. */
import { featureNotSupported } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import { resolveOperator } from '../../expr/functions/resolve.ts';
import { bool } from '../../types/boolean.ts';
import { int8 } from '../../types/integer.ts';
import { columnsOf, constant, mapColumns } from '../expr-tree.ts';
import { columnOf, type Field, type LogicalAggregate } from '../logical/logical.ts';

export type Fresh = (field: Field) => Field;

/** `a IS NOT DISTINCT FROM b`. */
export function sameValue(a: Field, b: Field): Expr {
  const equal = resolveOperator('=', a.type, b.type);
  if (equal === null) {
    throw featureNotSupported(`a correlated subquery may not depend on a column of type ${a.type.displayName}`);
  }
  return {
    kind: 'is-distinct',
    left: columnOf(a),
    right: columnOf(b),
    equal: equal.fn,
    negated: true,
    type: bool,
    typmod: -1,
  };
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

/** An equality between something inside and something outside. */
export type Correlation = { readonly inside: Expr; readonly rebuild: (inside: Expr) => Expr };

/** Takes `inside = outside` apart; null for any other condition. */
export function correlationOf(conjunct: Expr, outer: ReadonlySet<number>): Correlation | null {
  const isOuter = (expr: Expr): boolean => [...columnsOf(expr)].every((id) => outer.has(id));
  const isInner = (expr: Expr): boolean => [...columnsOf(expr)].every((id) => !outer.has(id));
  if (conjunct.kind === 'call' && conjunct.fn.name === '=' && conjunct.args.length === 2) {
    const [a, b] = conjunct.args as readonly [Expr, Expr];
    // Equal by `=` must mean equal as a group key: operands of one type.
    if (a.type !== b.type) return null;
    if (isInner(a) && isOuter(b)) return { inside: a, rebuild: (inside) => ({ ...conjunct, args: [inside, b] }) };
    if (isInner(b) && isOuter(a)) return { inside: b, rebuild: (inside) => ({ ...conjunct, args: [a, inside] }) };
  }
  if (conjunct.kind === 'is-distinct' && conjunct.negated) {
    const { left, right } = conjunct;
    if (left.type !== right.type) return null;
    if (isInner(left) && isOuter(right)) return { inside: left, rebuild: (inside) => ({ ...conjunct, left: inside }) };
    if (isInner(right) && isOuter(left))
      return { inside: right, rebuild: (inside) => ({ ...conjunct, right: inside }) };
  }
  return null;
}

/** What an aggregate over no rows gives, where that is not NULL. */
export const emptyValue = (call: LogicalAggregate): Expr | null =>
  call.fn.name === 'count' || call.fn.name === 'regr_count' ? constant(0, int8) : null;

export const orElse = (value: Expr, fallback: Expr | null): Expr =>
  fallback === null ? value : { kind: 'coalesce', args: [value, fallback], type: value.type, typmod: value.typmod };
