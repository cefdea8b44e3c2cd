/** Walking and rebuilding plans. */
import { unreachable } from '../base/assert.ts';
import type { Expr } from '../expr/expr.ts';
import { inputsOf, type Plan } from './plan.ts';

/** `plan` over other inputs, which have the same columns; the same object when nothing changed. */
export function withPlanInputs(plan: Plan, inputs: readonly Plan[]): Plan {
  const old = inputsOf(plan);
  if (inputs.every((input, i) => input === old[i])) return plan;
  const [first, second] = inputs as [Plan, Plan];
  switch (plan.kind) {
    case 'scan':
    case 'values':
      return plan;
    case 'join':
      return { ...plan, left: first, right: second };
    case 'union':
      return { ...plan, inputs };
    default:
      return { ...plan, input: first };
  }
}

export const mapPlanInputs = (plan: Plan, f: (input: Plan) => Plan): Plan =>
  withPlanInputs(plan, inputsOf(plan).map(f));

/** Rebuilds from the leaves up; `f` sees nodes whose inputs are already rebuilt. */
export const rewritePlan = (plan: Plan, f: (node: Plan) => Plan): Plan =>
  f(mapPlanInputs(plan, (input) => rewritePlan(input, f)));

/** `plan` with `f` applied to each of its own expressions. */
export function mapPlanExprs(plan: Plan, f: (expr: Expr) => Expr): Plan {
  const optional = (expr: Expr | null): Expr | null => (expr === null ? null : f(expr));
  switch (plan.kind) {
    case 'scan':
      return plan.lookup === null ? plan : { ...plan, lookup: { ...plan.lookup, values: plan.lookup.values.map(f) } };
    case 'values':
      return { ...plan, rows: plan.rows.map((row) => row.map(f)) };
    case 'filter':
      return { ...plan, predicate: f(plan.predicate) };
    case 'project':
      return { ...plan, exprs: plan.exprs.map(f), predicate: optional(plan.predicate) };
    case 'join':
      return { ...plan, residual: optional(plan.residual) };
    case 'top-n':
      return { ...plan, limit: optional(plan.limit), offset: optional(plan.offset) };
    case 'table-function':
      return { ...plan, args: plan.args.map(f) };
    case 'aggregate':
    case 'distinct':
    case 'union':
    case 'time-window':
    case 'session-window':
    case 'single-row':
      return plan;
    default:
      return unreachable(plan);
  }
}
