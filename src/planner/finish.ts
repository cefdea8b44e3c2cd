/** The second half of planning: a bound query through unnesting, lowering and the rules. */
import type { Binder, BoundQuery } from './bind/binder.ts';
import type { PlannedQuery } from './environment.ts';
import { pick } from './logical/build.ts';
import type { Field } from './logical/logical.ts';
import { lower, sortKeys } from './lower.ts';
import type { QueryPlan } from './plan.ts';
import { optimize } from './rules/optimize.ts';
import { unnest } from './unnest/unnest.ts';

export function finishQuery(binder: Binder, bound: BoundQuery): PlannedQuery {
  const parameters = binder.parameters.settled();
  const visible = bound.columns.map((column) => column.field);
  const shown = new Set(visible.map((field) => field.id));
  const hidden = bound.order
    .filter((key) => !shown.has(key.id))
    .map((key) => bound.plan.fields.find((field) => field.id === key.id) as Field);
  const all = [...visible, ...new Set(hidden)];
  const plan = lower(unnest(pick(bound.plan, all), (field) => binder.fresh(field)));
  const query: QueryPlan = {
    plan,
    visible: visible.length,
    order: sortKeys(bound.order, all),
    parameters,
    origins: bound.columns.map((column) => column.origin),
  };
  const { query: optimized, trace } = optimize(query, binder.environment);
  return { query: optimized, trace, notices: binder.notices };
}
