/** What planning needs to know, and what it gives back. The types of the room's door, apart from it so that all may use them. */
import type { Notice } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { StreamRelation, TableRelation } from '../catalog/relation.ts';
import type { EvalContext } from '../expr/context.ts';
import type { Expr } from '../expr/expr.ts';
import type { SqlType } from '../types/type.ts';
import type { PlanColumn, QueryPlan } from './plan.ts';

export type PlanEnvironment = {
  readonly catalog: Catalog;
  readonly searchPath: readonly string[];
  /** Settings for folding and for text literals. Its parameters are not read: they are unknown while planning. */
  readonly context: EvalContext;
  /** Types given to $1, $2, … by the client; null or absent: infer. */
  readonly parameterTypes: readonly (SqlType | null)[];
  /** `view`: refuse what cannot be maintained (volatile and stable functions, parameters) with 0A000 and a hint. */
  readonly purpose: 'query' | 'view';
};

/** The plan after binding and after each rule that changed it: EXPLAIN (RULES). */
export type RuleTrace = readonly { readonly rule: string; readonly plan: string }[];

export type PlannedQuery = {
  readonly query: QueryPlan;
  readonly trace: RuleTrace;
  readonly notices: readonly Notice[];
};

/** RETURNING: expressions over the target's columns (of the new row; of the old one for DELETE). */
export type Returning = { readonly exprs: readonly Expr[]; readonly columns: readonly PlanColumn[] } | null;

/** `source` yields exactly the target's columns, cast, defaulted and generated. */
export type PlannedInsert = {
  readonly kind: 'insert';
  readonly target: StreamRelation | TableRelation;
  readonly source: QueryPlan;
  readonly onConflict: 'nothing' | null;
  readonly returning: Returning;
};
/** `source` yields the old row's columns, then the new row's. */
export type PlannedUpdate = {
  readonly kind: 'update';
  readonly target: TableRelation;
  readonly source: QueryPlan;
  readonly returning: Returning;
};
/** `source` yields the old row's columns. */
export type PlannedDelete = {
  readonly kind: 'delete';
  readonly target: TableRelation;
  readonly source: QueryPlan;
  readonly returning: Returning;
};
export type PlannedDml = PlannedInsert | PlannedUpdate | PlannedDelete;
