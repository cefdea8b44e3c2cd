/**
 * Constant folding: immutable parts over constants are computed once, when planned.
 *
 * A part that fails stays as it is, so that its error arises only if a row ever reaches it. Parts that may not be reached
 * (branches of CASE, later operands of AND) are folded like any other: folding raises nothing.
 */
import { SqlError } from '../base/errors.ts';
import { childrenOf, mapChildren } from './children.ts';
import { evaluateConstant } from './compile.ts';
import type { EvalContext } from './context.ts';
import type { ConstantExpr, Expr } from './expr.ts';
import { volatilityOf } from './volatility.ts';

/** `expr` with its immutable constant parts replaced by their values. */
export function foldConstants(expr: Expr, context: EvalContext): Expr {
  const folded = simplify(mapChildren(expr, (child) => foldConstants(child, context)));
  if (folded.kind === 'constant' || folded.kind === 'column' || folded.kind === 'parameter') return folded;
  if (!childrenOf(folded).every((child) => child.kind === 'constant')) return folded;
  if (volatilityOf(folded) !== 'immutable') return folded;
  try {
    return constantOf(folded, evaluateConstant(folded, context));
  } catch (error) {
    if (error instanceof SqlError) return folded;
    throw error;
  }
}

const constantOf = (expr: Expr, value: ConstantExpr['value']): ConstantExpr => ({
  kind: 'constant',
  type: expr.type,
  typmod: expr.typmod,
  value,
});

const isConstant = (expr: Expr, value: boolean): boolean => expr.kind === 'constant' && expr.value === value;

/** Operands that decide AND, OR and CASE, or cannot matter, go. */
function simplify(expr: Expr): Expr {
  if (expr.kind === 'and' || expr.kind === 'or') {
    const decisive = expr.kind === 'or';
    const rest = expr.operands.filter((operand) => !isConstant(operand, !decisive));
    const end = rest.findIndex((operand) => isConstant(operand, decisive));
    const operands = end < 0 ? rest : rest.slice(0, end + 1);
    if (operands.length === 0) return constantOf(expr, !decisive);
    if (operands.length === 1) return operands[0] as Expr;
    return operands.length === expr.operands.length ? expr : { ...expr, operands };
  }
  if (expr.kind !== 'case') return expr;
  const branches = expr.branches.filter((b) => b.when.kind !== 'constant' || b.when.value === true);
  const [first] = branches;
  if (first === undefined) return expr.otherwise ?? constantOf(expr, null);
  if (isConstant(first.when, true)) return first.then;
  return branches.length === expr.branches.length ? expr : { ...expr, branches };
}
