/** Whether a plan's changes are insertions only: then what it feeds need not remember how to go back. */
import { unreachable } from '../base/assert.ts';
import type { Plan } from '../planner/plan.ts';

export function isAppendOnly(plan: Plan): boolean {
  switch (plan.kind) {
    case 'scan':
      return plan.source === 'stream';
    case 'values':
      return true;
    case 'filter':
    case 'project':
    case 'time-window':
    case 'table-function':
    case 'distinct':
      return isAppendOnly(plan.input);
    case 'union':
      return plan.inputs.every(isAppendOnly);
    case 'join':
      return plan.type === 'inner' && isAppendOnly(plan.left) && isAppendOnly(plan.right);
    case 'aggregate':
    case 'top-n':
    case 'session-window':
    case 'single-row':
      return false;
    default:
      return unreachable(plan);
  }
}
