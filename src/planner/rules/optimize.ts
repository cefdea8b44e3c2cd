/** Runs the rules over a plan, phase by phase, until none applies. The trace shows what each did. */
import type { PlanEnvironment, RuleTrace } from '../environment.ts';
import { formatPlan } from '../explain.ts';
import type { Plan, QueryPlan } from '../plan.ts';
import { rewritePlan } from '../plan-tree.ts';
import { phases } from './index.ts';
import type { Rule, RuleContext } from './rule.ts';

/** More rounds than any sensible query needs; a bound, so that two rules that undo each other cannot hang the server. */
const MAX_ROUNDS = 30;

export type Optimized = { readonly query: QueryPlan; readonly trace: RuleTrace };

export function optimize(query: QueryPlan, environment: PlanEnvironment): Optimized {
  const context: RuleContext = { environment, isView: environment.purpose === 'view' };
  const steps: { readonly rule: string; readonly plan: Plan }[] = [{ rule: 'bound', plan: query.plan }];
  let plan = query.plan;
  for (const phase of phases) plan = runPhase(plan, phase, context, steps);
  return { query: { ...query, plan }, trace: traceOf(steps) };
}

function runPhase(
  start: Plan,
  phase: readonly Rule[],
  context: RuleContext,
  steps: { readonly rule: string; readonly plan: Plan }[],
): Plan {
  let plan = start;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = plan;
    for (const rule of phase) {
      const next = rewritePlan(plan, (node) => rule.apply(node, context) ?? node);
      if (next !== plan) steps.push({ rule: rule.name, plan: next });
      plan = next;
    }
    if (plan === before) break;
  }
  return plan;
}

/** Plans are printed only when someone looks. */
const traceOf = (steps: readonly { readonly rule: string; readonly plan: Plan }[]): RuleTrace =>
  steps.map(({ rule, plan }) => ({
    rule,
    get plan() {
      return formatPlan(plan);
    },
  }));
