/**
 * What a rule is: a rewriting of one node of a plan that means the same rows with the same columns.
 *
 * `apply` sees a node whose inputs were already visited, and returns another node or null. Rules run until nothing changes,
 * so a rule must make progress: what it returns must not bring it back to where it began.
 */
import type { PlanEnvironment } from '../environment.ts';
import type { Plan } from '../plan.ts';

export type RuleContext = { readonly environment: PlanEnvironment; readonly isView: boolean };

export type Rule = {
  readonly name: string;
  /** What it does and why that helps. */
  readonly doc: string;
  /** A case that looks alike and that it must not touch, with the reason. */
  readonly counterExample: string;
  apply(plan: Plan, context: RuleContext): Plan | null;
};
