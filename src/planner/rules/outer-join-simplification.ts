/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { conjunctsOf } from '../expr-tree.ts';
import type { JoinPlan } from '../plan.ts';
import type { Rule } from './rule.ts';

export const outerJoinSimplification: Rule = {
  name: 'outer-join-simplification',
  doc: 'A condition that is never true for the NULLs an outer join fills in makes the join an inner one (or a full join a one-sided one).',
  counterExample:
    '`WHERE r.x IS NULL` above a left join asks for the filled rows; `coalesce(r.x, 0) = 0` accepts them.',
  apply(plan) {
    if (plan.kind !== 'filter' || plan.input.kind !== 'join') return null;
    const { input } = plan;
    if (input.type !== 'left' && input.type !== 'right' && input.type !== 'full') return null;
    const width = input.left.columns.length;
    const conjuncts = conjunctsOf(plan.predicate);
    const rejectsLeft = conjuncts.some((one) => rejectsNull(one, (column) => column < width));
    const rejectsRight = conjuncts.some((one) => rejectsNull(one, (column) => column >= width));
    const type = simplified(input.type, rejectsLeft, rejectsRight);
    return type === input.type ? null : { ...plan, input: { ...input, type } };
  },
};

/** A side is filled with NULLs unless a condition rejects them there. */
function simplified(type: JoinPlan['type'], rejectsLeft: boolean, rejectsRight: boolean): JoinPlan['type'] {
  const keepsLeft = (type === 'left' || type === 'full') && !rejectsRight;
  const keepsRight = (type === 'right' || type === 'full') && !rejectsLeft;
  return keepsLeft ? (keepsRight ? 'full' : 'left') : keepsRight ? 'right' : 'inner';
}

type Side = (column: number) => boolean;

/** Never true when the side's columns are all NULL. */
function rejectsNull(expr: Expr, side: Side): boolean {
  switch (expr.kind) {
    case 'and':
      return expr.operands.some((operand) => rejectsNull(operand, side));
    case 'or':
      return expr.operands.every((operand) => rejectsNull(operand, side));
    case 'is-null':
      return expr.negated && isNullWith(expr.operand, side);
    case 'boolean-test':
      return expr.test !== 'unknown' && !expr.negated && isNullWith(expr.operand, side);
    default:
      return isNullWith(expr, side);
  }
}

/** NULL when the side's columns are all NULL. */
function isNullWith(expr: Expr, side: Side): boolean {
  switch (expr.kind) {
    case 'column':
      return side(expr.index);
    case 'call':
      return expr.fn.strict && expr.args.some((arg) => isNullWith(arg, side));
    case 'cast':
    case 'not':
    case 'in-list':
      return isNullWith(expr.operand, side);
    case 'and':
    case 'or':
      return expr.operands.every((operand) => isNullWith(operand, side));
    default:
      return false;
  }
}
