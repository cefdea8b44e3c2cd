/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
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
  const sides = equalityOf(conjunct);
  if (sides === null || sides.one.type !== sides.other.type) return null;
  if (isVolatile(conjunct)) return null;
  const { one, other, nullSafe } = sides;
  const [a, b] = [sideOf(one, leftWidth), sideOf(other, leftWidth)];
  if (a === 'left' && b === 'right') return { left: one, right: shiftColumns(other, -leftWidth), nullSafe };
  if (a === 'right' && b === 'left') return { left: other, right: shiftColumns(one, -leftWidth), nullSafe };
  return null;
}

function equalityOf(expr: Expr): { readonly one: Expr; readonly other: Expr; readonly nullSafe: boolean } | null {
  if (expr.kind === 'call' && expr.fn.name === '=' && expr.args.length === 2) {
    return { one: expr.args[0] as Expr, other: expr.args[1] as Expr, nullSafe: false };
  }
  if (expr.kind === 'is-distinct' && expr.negated) return { one: expr.left, other: expr.right, nullSafe: true };
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
