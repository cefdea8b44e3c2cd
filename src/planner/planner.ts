/**
 * The door of the room: a parsed query or DML statement to a plan, through binding, unnesting and the rules.
 */
import type { Query } from '../parser/ast.ts';
import { binderFor } from './bind/bind.ts';
import type { PlanEnvironment, PlannedQuery } from './environment.ts';
import { finishQuery } from './finish.ts';

export { planColumnExpression } from './bind/column-expression.ts';
export { planDml } from './dml/plan-dml.ts';
export type {
  PlanEnvironment,
  PlannedDelete,
  PlannedDml,
  PlannedInsert,
  PlannedQuery,
  PlannedUpdate,
  Returning,
  RuleTrace,
} from './environment.ts';

/** Binds and optimises a query. Throws every error PostgreSQL's analysis would, with its position. */
export function planQuery(query: Query, environment: PlanEnvironment): PlannedQuery {
  const binder = binderFor(environment);
  const bound = binder.bindQuery(binder, query, { scope: null });
  return finishQuery(binder, bound);
}
