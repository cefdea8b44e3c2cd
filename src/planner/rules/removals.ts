/** Operators that change nothing, because of what is known of their input. */
import { columnsOf, shiftColumns } from '../expr-tree.ts';
import type { JoinPlan, Plan, ProjectPlan } from '../plan.ts';
import { mapPlanExprs } from '../plan-tree.ts';
import { propertiesOf } from '../properties.ts';
import type { Rule } from './rule.ts';

export const distinctRemoval: Rule = {
  name: 'distinct-removal',
  doc: 'DISTINCT over rows that a key already tells apart does nothing.',
  counterExample: '`SELECT DISTINCT b` of a table with key a keeps it: the key is not among the columns.',
  apply: (plan) => (plan.kind === 'distinct' && propertiesOf(plan.input).keys.length > 0 ? plan.input : null),
};

export const singleRowRemoval: Rule = {
  name: 'single-row-removal',
  doc: 'The check that a scalar subquery has one row goes where a key says so.',
  counterExample: 'A key with one more column than those the check is about proves nothing.',
  apply(plan) {
    if (plan.kind !== 'single-row') return null;
    const { keys } = propertiesOf(plan.input);
    return keys.some((key) => key.every((column) => plan.key.includes(column))) ? plan.input : null;
  },
};

export const unusedJoin: Rule = {
  name: 'unused-join',
  doc: 'A join that neither adds, drops nor repeats rows and whose columns nobody reads is not made.',
  counterExample: 'A left join to a side without a key may repeat rows, so it stays though its columns are unused.',
  apply(plan) {
    if (plan.kind !== 'project' || plan.input.kind !== 'join') return null;
    const { input } = plan;
    const width = input.left.columns.length;
    const used = new Set(
      [...plan.exprs, ...(plan.predicate === null ? [] : [plan.predicate])].flatMap((e) => [...columnsOf(e)]),
    );
    const usesLeft = [...used].some((column) => column < width);
    const usesRight = [...used].some((column) => column >= width);
    if (!usesRight && addsNothing(input)) return { ...plan, input: input.left };
    return !usesLeft && isPair(input) && isExactlyOneRow(input.left) ? overRight(plan, input) : null;
  },
};

const isPair = (join: JoinPlan): boolean =>
  join.type === 'inner' && join.leftKeys.length === 0 && join.residual === null;

function addsNothing(join: JoinPlan): boolean {
  if (isPair(join)) return isExactlyOneRow(join.right);
  return (
    join.type === 'left' &&
    propertiesOf(join.right).keys.some((key) => key.every((column) => join.rightKeys.includes(column)))
  );
}

const overRight = (plan: ProjectPlan, join: JoinPlan): Plan => {
  const by = -join.left.columns.length;
  return { ...(mapPlanExprs(plan, (expr) => shiftColumns(expr, by)) as ProjectPlan), input: join.right };
};

function isExactlyOneRow(plan: Plan): boolean {
  if (plan.kind === 'aggregate') return plan.groupBy.length === 0;
  if (plan.kind === 'values') return plan.rows.length === 1;
  return plan.kind === 'project' && plan.predicate === null && isExactlyOneRow(plan.input);
}
