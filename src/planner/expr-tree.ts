/**
 * Walking and rebuilding bound expressions.
 *
 * A column's index means whatever the caller's world says: a field id before lowering, a place in the input after.
 */
import { unreachable } from '../base/assert.ts';
import { childrenOf, mapChildren } from '../expr/children.ts';
import type { ColumnExpr, ConstantExpr, Expr } from '../expr/expr.ts';
import { bool } from '../types/boolean.ts';
import type { Value } from '../types/column.ts';
import { defaultFormat } from '../types/type.ts';

/** Calls `visit` for every node, parents first. */
export function visitExpr(expr: Expr, visit: (node: Expr) => void): void {
  visit(expr);
  for (const part of childrenOf(expr)) visitExpr(part, visit);
}

export const someExpr = (expr: Expr, test: (node: Expr) => boolean): boolean =>
  test(expr) || childrenOf(expr).some((part) => someExpr(part, test));

/** Rebuilds from the leaves up; `f` sees nodes whose parts are already rebuilt. */
export const rewriteExpr = (expr: Expr, f: (node: Expr) => Expr): Expr =>
  f(mapChildren(expr, (part) => rewriteExpr(part, f)));

/** Replaces columns. */
export const mapColumns = (expr: Expr, f: (column: ColumnExpr) => Expr): Expr =>
  expr.kind === 'column' ? f(expr) : mapChildren(expr, (part) => mapColumns(part, f));

/** Adds `by` to every column index. */
export const shiftColumns = (expr: Expr, by: number): Expr =>
  by === 0 ? expr : mapColumns(expr, (column) => ({ ...column, index: column.index + by }));

/** The column indexes that occur, each once. */
export function columnsOf(expr: Expr): Set<number> {
  const found = new Set<number>();
  visitExpr(expr, (node) => {
    if (node.kind === 'column') found.add(node.index);
  });
  return found;
}

/** Whether the expression may be evaluated more often, less often or elsewhere without anyone noticing. */
export const isVolatile = (expr: Expr): boolean =>
  someExpr(expr, (node) => node.kind === 'call' && node.fn.volatility === 'volatile');

/** The operands of AND, flattened; TRUE is no operand. */
export function conjunctsOf(expr: Expr | null): readonly Expr[] {
  if (expr === null || isTrue(expr)) return [];
  return expr.kind === 'and' ? expr.operands.flatMap(conjunctsOf) : [expr];
}

/** AND of `conjuncts`; null for none. */
export function allOf(conjuncts: readonly Expr[]): Expr | null {
  const [first] = conjuncts;
  if (first === undefined) return null;
  return conjuncts.length === 1 ? first : { kind: 'and', operands: conjuncts, type: bool, typmod: -1 };
}

export const constant = (value: Value, type: ConstantExpr['type']): ConstantExpr => ({
  kind: 'constant',
  value,
  type,
  typmod: -1,
});
export const trueExpr: ConstantExpr = constant(true, bool);
export const falseExpr: ConstantExpr = constant(false, bool);

export const isTrue = (expr: Expr): boolean => expr.kind === 'constant' && expr.value === true;
/** FALSE or NULL: a condition that keeps no row. */
export const isNeverTrue = (expr: Expr): boolean =>
  expr.kind === 'constant' && (expr.value === false || expr.value === null);

export const not = (operand: Expr): Expr => ({ kind: 'not', operand, type: bool, typmod: -1 });
export const isNull = (operand: Expr, negated = false): Expr => ({
  kind: 'is-null',
  operand,
  negated,
  type: bool,
  typmod: -1,
});
export const caseOf = (when: Expr, then: Expr, otherwise: Expr | null): Expr => ({
  kind: 'case',
  branches: [{ when, then }],
  otherwise,
  type: then.type,
  typmod: then.typmod,
});

/** Structural equality. Positions and printed names do not count. */
export function sameExpr(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.type !== b.type || a.typmod !== b.typmod) return false;
  return sameHead(a, b) && sameParts(childrenOf(a), childrenOf(b));
}

export const sameExprs = (a: readonly Expr[], b: readonly Expr[]): boolean => sameParts(a, b);

function sameParts(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((part, i) => sameExpr(part, b[i] as Expr));
}

/** Compares what is not a part, of two nodes of one kind and type. */
function sameHead(a: Expr, b: Expr): boolean {
  switch (a.kind) {
    case 'column':
    case 'parameter':
      return a.index === (b as typeof a).index;
    case 'constant':
      return sameValue(a, b as typeof a);
    case 'call':
      return a.fn === (b as typeof a).fn && a.fn.volatility !== 'volatile';
    case 'cast':
      return a.cast === (b as typeof a).cast && a.explicit === (b as typeof a).explicit;
    case 'is-null':
      return a.negated === (b as typeof a).negated;
    case 'boolean-test':
      return a.negated === (b as typeof a).negated && a.test === (b as typeof a).test;
    case 'is-distinct':
      return a.negated === (b as typeof a).negated && a.equal === (b as typeof a).equal;
    case 'case':
      return (a.otherwise === null) === ((b as typeof a).otherwise === null);
    case 'in-list':
      return a.negated === (b as typeof a).negated && sameChoices(a, b as typeof a);
    case 'quantified':
      return a.quantifier === (b as typeof a).quantifier && a.fn === (b as typeof a).fn;
    case 'and':
    case 'or':
    case 'not':
    case 'coalesce':
    case 'greatest':
    case 'least':
    case 'array':
      return true;
    default:
      return unreachable(a);
  }
}

const sameValue = (a: ConstantExpr, b: ConstantExpr): boolean =>
  a.value === b.value || (a.value !== null && b.value !== null && printed(a.value, a) === printed(b.value, b));

/** Values that compare equal may print differently (1.0 and 1.00), and then are not the same expression. */
const printed = (value: Value, of: { readonly type: ConstantExpr['type'] }): string =>
  of.type.format(value, defaultFormat);

function sameChoices(a: Expr & { kind: 'in-list' }, b: Expr & { kind: 'in-list' }): boolean {
  const type = a.operand.type;
  const same = (one: Value, other: Value): boolean => sameValue(constant(one, type), constant(other, type));
  return a.choices.length === b.choices.length && a.choices.every((choice, i) => same(choice, b.choices[i] as Value));
}
