/** Runs the rules over a plan until none applies, and keeps a trace of what they did. */
import type { PlanEnvironment, RuleTrace } from '../environment.ts';
import type { Plan, QueryPlan } from '../plan.ts';
import { rewritePlan } from '../plan-tree.ts';
import { rules } from './index.ts';
import type { RuleContext } from './rule.ts';

/** More rounds than any sensible query needs; a bound, so that two rules that undo each other cannot hang the server. */
const MAX_ROUNDS = 20;

export function optimize(
  query: QueryPlan,
  environment: PlanEnvironment,
): { readonly query: QueryPlan; readonly trace: RuleTrace } {
  const context: RuleContext = { environment, isView: environment.purpose === 'view' };
  const trace: { rule: string; plan: string }[] = [];
  let plan = query.plan;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = plan;
    for (const rule of rules) plan = rewritePlan(plan, (node: Plan) => rule.apply(node, context) ?? node);
    if (plan === before) break;
  }
  return { query: { ...query, plan }, trace };
}
