/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { isNeverTrue } from '../expr-tree.ts';
import type { JoinPlan, Plan } from '../plan.ts';
import { columnAt, project } from './columns.ts';
import type { Rule } from './rule.ts';

export const emptyInput: Rule = {
  name: 'empty-input',
  doc: 'A condition that is never true leaves no rows, and what is built on no rows is known without running it.',
  counterExample: 'An aggregate without GROUP BY over nothing still gives its one row.',
  apply(plan) {
    switch (plan.kind) {
      case 'filter':
        return isNeverTrue(plan.predicate) || isEmpty(plan.input) ? empty(plan) : null;
      case 'project':
      case 'distinct':
      case 'time-window':
      case 'session-window':
      case 'table-function':
      case 'single-row':
        return isEmpty(plan.input) ? empty(plan) : null;
      case 'top-n': {
        const takesNone = plan.limit?.kind === 'constant' && plan.limit.value === 0;
        return takesNone || isEmpty(plan.input) ? empty(plan) : null;
      }
      case 'aggregate':
        return plan.groupBy.length > 0 && isEmpty(plan.input) ? empty(plan) : null;
      case 'union': {
        const inputs = plan.inputs.filter((input) => !isEmpty(input));
        if (inputs.length === plan.inputs.length) return null;
        const [only] = inputs;
        if (only === undefined) return empty(plan);
        return inputs.length === 1 ? { ...only, columns: plan.columns } : { ...plan, inputs };
      }
      case 'join':
        return emptyJoin(plan);
      default:
        return null;
    }
  },
};

const isEmpty = (plan: Plan): boolean => plan.kind === 'values' && plan.rows.length === 0;
const empty = (plan: Plan): Plan => ({ kind: 'values', rows: [], columns: plan.columns });

function emptyJoin(plan: JoinPlan): Plan | null {
  const neverMeets = plan.residual !== null && isNeverTrue(plan.residual);
  // Rows that never meet are as good as no rows on the other side.
  const left = isEmpty(plan.left) || (neverMeets && plan.type === 'right');
  const right = isEmpty(plan.right) || (neverMeets && plan.type !== 'right' && plan.type !== 'full');
  if (!left && !right) return null;
  switch (plan.type) {
    case 'inner':
    case 'semi':
      return empty(plan);
    case 'anti':
      return left ? empty(plan) : plan.left;
    case 'left':
      return left ? empty(plan) : filled(plan, 'left');
    case 'right':
      return right ? empty(plan) : filled(plan, 'right');
    case 'full':
      return left && right ? empty(plan) : filled(plan, right ? 'left' : 'right');
  }
}

/** The kept side beside NULLs. */
function filled(plan: JoinPlan, kept: 'left' | 'right'): Plan {
  const width = plan.left.columns.length;
  const exprs = plan.columns.map(({ type, typmod }, i): Expr => {
    if (i < width === (kept === 'left')) return columnAt(plan[kept].columns, kept === 'left' ? i : i - width);
    return { kind: 'constant', value: null, type, typmod };
  });
  return project(plan[kept], exprs, plan.columns);
}
