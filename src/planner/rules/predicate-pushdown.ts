/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { allOf, columnsOf, conjunctsOf, isVolatile, mapColumns, shiftColumns } from '../expr-tree.ts';
import type { FilterPlan, JoinPlan, Plan } from '../plan.ts';
import { withPlanInputs } from '../plan-tree.ts';
import type { Rule } from './rule.ts';

export const predicatePushdown: Rule = {
  name: 'predicate-pushdown',
  doc: 'Conditions move toward the rows they test: through projections, unions, windows, into the sides of joins, and below grouping when they use group keys only.',
  counterExample:
    'A condition on the right side of a left join stays above it: below, it would turn dropped rows into rows with NULLs.',
  apply(plan) {
    if (plan.kind !== 'filter') return null;
    const conjuncts = conjunctsOf(plan.predicate);
    const movable = conjuncts.filter((conjunct) => !isVolatile(conjunct));
    const pushed = movable.length === 0 ? null : push(plan, movable);
    if (pushed === null) return null;
    const rest = conjuncts.filter((conjunct) => !pushed.taken.includes(conjunct));
    return filtered(pushed.plan, rest, plan);
  },
};

/** The input with the `taken` conjuncts somewhere inside it. */
type Pushed = { readonly plan: Plan; readonly taken: readonly Expr[] };

const filtered = (input: Plan, conjuncts: readonly Expr[], like: Plan): Plan => {
  const predicate = allOf(conjuncts);
  return predicate === null
    ? { ...input, columns: like.columns }
    : { kind: 'filter', input, predicate, columns: like.columns };
};

const under = (input: Plan, conjuncts: readonly Expr[]): Plan => filtered(input, conjuncts, input);

const uses = (conjunct: Expr, allowed: (column: number) => boolean): boolean => {
  const columns = [...columnsOf(conjunct)];
  return columns.length > 0 && columns.every(allowed);
};

function push({ input }: FilterPlan, conjuncts: readonly Expr[]): Pushed | null {
  switch (input.kind) {
    case 'filter':
      return { plan: under(input.input, [...conjunctsOf(input.predicate), ...conjuncts]), taken: conjuncts };
    case 'project':
      return pushIntoProject(input, conjuncts);
    case 'union':
      return { plan: { ...input, inputs: input.inputs.map((one) => under(one, conjuncts)) }, taken: conjuncts };
    case 'join':
      return pushIntoJoin(input, conjuncts);
    case 'distinct':
      return { plan: { ...input, input: under(input.input, conjuncts) }, taken: conjuncts };
    case 'aggregate': {
      const width = input.groupBy.length;
      const taken = conjuncts.filter((conjunct) => uses(conjunct, (column) => column < width));
      const moved = taken.map((conjunct) =>
        mapColumns(conjunct, (column) => ({ ...column, index: input.groupBy[column.index] as number })),
      );
      return taken.length === 0 ? null : { plan: { ...input, input: under(input.input, moved) }, taken };
    }
    case 'top-n':
    case 'session-window':
      return pushBelow(input, conjuncts, (column) => input.partitionBy.includes(column));
    case 'single-row':
      return pushBelow(input, conjuncts, (column) => input.key.includes(column));
    case 'time-window':
    case 'table-function':
      return pushBelow(input, conjuncts, (column) => column < input.input.columns.length);
    default:
      return null;
  }
}

function pushBelow(
  node: Plan & { readonly input: Plan },
  conjuncts: readonly Expr[],
  allowed: (column: number) => boolean,
): Pushed | null {
  const taken = conjuncts.filter((conjunct) => uses(conjunct, allowed));
  return taken.length === 0 ? null : { plan: withPlanInputs(node, [under(node.input, taken)]), taken };
}

function pushIntoProject(node: Plan & { kind: 'project' }, conjuncts: readonly Expr[]): Pushed | null {
  if (node.predicate !== null) return null;
  const stable = (column: number): boolean => !isVolatile(node.exprs[column] as Expr);
  const taken = conjuncts.filter((conjunct) => [...columnsOf(conjunct)].every(stable));
  if (taken.length === 0) return null;
  const moved = taken.map((conjunct) => mapColumns(conjunct, (column) => node.exprs[column.index] as Expr));
  return { plan: { ...node, input: under(node.input, moved) }, taken };
}

function pushIntoJoin(node: JoinPlan, conjuncts: readonly Expr[]): Pushed | null {
  const width = node.left.columns.length;
  const ofLeft = conjuncts.filter((conjunct) => uses(conjunct, (column) => column < width));
  const ofRight = conjuncts.filter((conjunct) => uses(conjunct, (column) => column >= width));
  const { type } = node;
  const left = type === 'right' || type === 'full' ? [] : ofLeft;
  const right = type === 'inner' || type === 'right' ? ofRight : [];
  const both = type === 'inner' ? conjuncts.filter((one) => !left.includes(one) && !right.includes(one)) : [];
  const taken = [...left, ...right, ...both];
  if (taken.length === 0) return null;
  const moved: JoinPlan = {
    ...node,
    left: under(node.left, left),
    right: under(
      node.right,
      right.map((conjunct) => shiftColumns(conjunct, -width)),
    ),
    residual: allOf([...conjunctsOf(node.residual), ...both]),
  };
  return { plan: moved, taken };
}

export const joinConditionPushdown: Rule = {
  name: 'join-condition-pushdown',
  doc: 'A join condition on one side alone filters that side before the join.',
  counterExample: '`l LEFT JOIN r ON l.x > 0` keeps every row of l; only conditions on r may go into r.',
  apply(plan) {
    if (plan.kind !== 'join' || plan.residual === null || plan.type === 'full') return null;
    const width = plan.left.columns.length;
    const conjuncts = conjunctsOf(plan.residual).filter((conjunct) => !isVolatile(conjunct));
    const mayLeft = plan.type === 'inner' || plan.type === 'semi' || plan.type === 'right';
    const mayRight = plan.type !== 'right';
    const left = mayLeft ? conjuncts.filter((one) => uses(one, (column) => column < width)) : [];
    const right = mayRight ? conjuncts.filter((one) => uses(one, (column) => column >= width)) : [];
    if (left.length + right.length === 0) return null;
    const rest = conjunctsOf(plan.residual).filter((one) => !left.includes(one) && !right.includes(one));
    const shifted = right.map((conjunct) => shiftColumns(conjunct, -width));
    return { ...plan, left: under(plan.left, left), right: under(plan.right, shifted), residual: allOf(rest) };
  },
};
