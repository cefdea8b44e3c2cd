/**
 * The plan: what is to be computed, after names, types and subqueries are gone. The contract between planner and operators.
 *
 * One relational IR for views and queries. Immutable, printable (`explain.ts`), free of state. Every node lists its output
 * columns; expressions and keys are column numbers of the input. A node means the Z-set of its rows: order exists only at the root
 * of a query (`QueryPlan.order`).
 */
import type { RelationId } from '../base/ids.ts';
import type { AggregateCall, Expr, SortKey, Typed } from '../expr/expr.ts';
import type { TableFunction } from '../expr/table-functions/define.ts';
import type { Int } from '../types/int64.ts';
import type { SqlType } from '../types/type.ts';

export type { RelationId } from '../base/ids.ts';

export type PlanColumn = Typed & { readonly name: string };

type PlanNode = { readonly columns: readonly PlanColumn[] };

export type Plan =
  | ScanPlan
  | ValuesPlan
  | FilterPlan
  | ProjectPlan
  | JoinPlan
  | AggregatePlan
  | DistinctPlan
  | UnionPlan
  | TopNPlan
  | TimeWindowPlan
  | SessionWindowPlan
  | TableFunctionPlan
  | SingleRowPlan;

/** Rows of a stored relation. `project` picks relation columns (in this order) so that unused ones are never read. */
export type ScanPlan = PlanNode & {
  readonly kind: 'scan';
  readonly relation: RelationId;
  readonly name: string;
  readonly source: 'stream' | 'table' | 'materialized-view' | 'system';
  readonly project: readonly number[];
  /** Equality with constants or parameters on these columns of the relation, when a key or index can answer it. For queries only. */
  readonly lookup: { readonly columns: readonly number[]; readonly values: readonly Expr[] } | null;
  /** Lists of columns of the relation that are unique together and never NULL. Absent: none is known. */
  readonly keys?: readonly (readonly number[])[];
  /** The column of the relation that carries its watermark, if any. */
  readonly watermark?: number | null;
};

/** Constant rows: VALUES, SELECT without FROM (one row, no columns). Expressions refer to no columns. */
export type ValuesPlan = PlanNode & { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] };

export type FilterPlan = PlanNode & { readonly kind: 'filter'; readonly input: Plan; readonly predicate: Expr };

/** With `predicate`, rows are filtered first: filter and projection fused into one operator by the last rule. */
export type ProjectPlan = PlanNode & {
  readonly kind: 'project';
  readonly input: Plan;
  readonly exprs: readonly Expr[];
  readonly predicate: Expr | null;
};

/**
 * Equi-join on `leftKeys[i] = rightKeys[i]` (NULL matches nothing unless `nullSafe[i]`) and, over the columns of left then right,
 * `residual`. Empty keys: every pair. Output: left columns then right columns; semi and anti: left columns only.
 */
export type JoinPlan = PlanNode & {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  readonly left: Plan;
  readonly right: Plan;
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly nullSafe: readonly boolean[];
  readonly residual: Expr | null;
};

/** Output: the group columns, then one column per aggregate. Without group columns always exactly one row, also over nothing. */
export type AggregatePlan = PlanNode & {
  readonly kind: 'aggregate';
  readonly input: Plan;
  readonly groupBy: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /** The input never retracts: extremes need no history. Set by the rule `append-only-aggregate`. */
  readonly appendOnly: boolean;
};

export type DistinctPlan = PlanNode & { readonly kind: 'distinct'; readonly input: Plan };
/** UNION ALL. */
export type UnionPlan = PlanNode & { readonly kind: 'union'; readonly inputs: readonly Plan[] };

/** Per partition, rows `offset … offset + limit` in order (limit null: all after offset); `withTies` adds peers of the last. Ties are broken by the whole row, so the answer is one. */
export type TopNPlan = PlanNode & {
  readonly kind: 'top-n';
  readonly input: Plan;
  readonly partitionBy: readonly number[];
  readonly order: readonly SortKey[];
  /** Expressions without columns: bigint constants or parameters. */
  readonly limit: Expr | null;
  readonly offset: Expr | null;
  readonly withTies: boolean;
};

/**
 * Window assignment without state: the input columns, then window_start, window_end, window_time (= end - 1 µs) of the time
 * column's type, one output row per window the row falls in. Sizes in µs. Windows align to 1970-01-01 00:00 UTC + offset.
 * Rows with NULL time fall in no window.
 */
export type TimeWindowPlan = PlanNode & {
  readonly kind: 'time-window';
  readonly input: Plan;
  readonly window: 'tumble' | 'hop' | 'cumulate';
  readonly timeColumn: number;
  readonly size: Int;
  /** Slide of hop, step of cumulate; equals size for tumble. */
  readonly step: Int;
  readonly offset: Int;
};

/** Session assignment, per partition: same output columns; two rows share a session iff a chain of distances < gap joins them. */
export type SessionWindowPlan = PlanNode & {
  readonly kind: 'session-window';
  readonly input: Plan;
  readonly partitionBy: readonly number[];
  readonly timeColumn: number;
  readonly gap: Int;
};

/** For each input row the rows of a table function of it: input columns, then the function's, then the ordinal (int8) if asked. `outer`: a row without results appears once with NULLs. */
export type TableFunctionPlan = PlanNode & {
  readonly kind: 'table-function';
  readonly input: Plan;
  readonly fn: TableFunction;
  readonly args: readonly Expr[];
  readonly withOrdinality: boolean;
  readonly outer: boolean;
};

/** Raises 21000 when more than one row (by weight) shares a key: what is left of a scalar subquery. */
export type SingleRowPlan = PlanNode & {
  readonly kind: 'single-row';
  readonly input: Plan;
  readonly key: readonly number[];
};

/** A whole query: the plan, what of it is shown, and in which order. */
export type QueryPlan = {
  readonly plan: Plan;
  /** The first `visible` columns of the plan are the result; the rest only serve `order`. */
  readonly visible: number;
  readonly order: readonly SortKey[];
  /** Types of $1, $2, …, as far as binding determined them. */
  readonly parameters: readonly SqlType[];
  /** Table OID and column number of each visible column that is a plain column of a relation, else zeros: RowDescription tells clients. */
  readonly origins: readonly { readonly relation: number; readonly attnum: number }[];
};

/** The relations a plan reads, each once, in order of appearance. */
export function relationsOf(plan: Plan): RelationId[] {
  const found = new Set<RelationId>();
  visitPlan(plan, (node) => {
    if (node.kind === 'scan') found.add(node.relation);
  });
  return [...found];
}

export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'scan':
    case 'values':
      return [];
    case 'join':
      return [plan.left, plan.right];
    case 'union':
      return plan.inputs;
    default:
      return [plan.input];
  }
}

/** Calls `visit` for every node, inputs first. */
export function visitPlan(plan: Plan, visit: (node: Plan) => void): void {
  for (const input of inputsOf(plan)) visitPlan(input, visit);
  visit(plan);
}
