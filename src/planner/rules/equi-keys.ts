/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { equalityOf } from '../equality.ts';
import { allOf, columnsOf, conjunctsOf, isVolatile, shiftColumns } from '../expr-tree.ts';
import type { JoinPlan, Plan } from '../plan.ts';
import { appendColumns, joinColumns, keepColumns, shiftRight } from './columns.ts';
import type { Rule } from './rule.ts';

export const equiKeys: Rule = {
  name: 'equi-keys',
  doc: 'Equalities between the two sides of a join become keys, so that matches are found by hash. Expressions are projected first.',
  counterExample: '`a.x = b.y + a.z` uses the left side on both sides of `=` and stays a condition on pairs.',
  apply(plan) {
    if (plan.kind !== 'join' || plan.residual === null) return null;
    const keys: Key[] = [];
    const rest: Expr[] = [];
    for (const conjunct of conjunctsOf(plan.residual)) {
      const key = keyOf(conjunct, plan.left.columns.length);
      if (key === null) rest.push(conjunct);
      else keys.push(key);
    }
    return keys.length === 0 ? null : withKeys(plan, keys, allOf(rest));
  },
};

/** `left` over the left input's columns, `right` over the right's. */
type Key = { readonly left: Expr; readonly right: Expr; readonly nullSafe: boolean };

function keyOf(conjunct: Expr, leftWidth: number): Key | null {
  const equality = equalityOf(conjunct);
  if (equality === null || isVolatile(conjunct)) return null;
  const { left, right, nullSafe } = equality;
  const [a, b] = [sideOf(left, leftWidth), sideOf(right, leftWidth)];
  if (a === 'left' && b === 'right') return { left, right: shiftColumns(right, -leftWidth), nullSafe };
  if (a === 'right' && b === 'left') return { left: right, right: shiftColumns(left, -leftWidth), nullSafe };
  return null;
}

function sideOf(expr: Expr, leftWidth: number): 'left' | 'right' | 'both' | 'none' {
  const columns = [...columnsOf(expr)];
  if (columns.length === 0) return 'none';
  if (columns.every((column) => column < leftWidth)) return 'left';
  return columns.every((column) => column >= leftWidth) ? 'right' : 'both';
}

function withKeys(plan: JoinPlan, keys: readonly Key[], rest: Expr | null): Plan {
  const left = appendColumns(
    plan.left,
    keys.map((key) => key.left),
  );
  const right = appendColumns(
    plan.right,
    keys.map((key) => key.right),
  );
  const oldLeft = plan.left.columns.length;
  const grown = left.plan.columns.length - oldLeft;
  const joined: JoinPlan = {
    ...plan,
    left: left.plan,
    right: right.plan,
    leftKeys: [...plan.leftKeys, ...left.places],
    rightKeys: [...plan.rightKeys, ...right.places],
    nullSafe: [...plan.nullSafe, ...keys.map((key) => key.nullSafe)],
    residual: rest === null ? null : shiftRight(rest, oldLeft, grown),
    columns: joinColumns(plan.type, left.plan, right.plan),
  };
  const shown =
    plan.type === 'semi' || plan.type === 'anti'
      ? plan.columns.map((_, i) => i)
      : plan.columns.map((_, i) => (i < oldLeft ? i : i + grown));
  return keepColumns(joined, shown, plan.columns);
}
