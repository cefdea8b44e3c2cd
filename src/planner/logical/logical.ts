/**
 * The wider relational language that binding speaks and that unnesting narrows to `Plan`.
 *
 * Two things make it wider. Columns have identities: every field of a query gets a number of its own, expressions name
 * fields by it (`ColumnExpr.index`), and whatever a subtree uses but does not produce comes from outside. And there is
 * `apply`, the dependent join, whose right side may use fields of its left; `unnest/` removes every one of them.
 */
import { unreachable } from '../../base/assert.ts';
import type { AggregateFunction } from '../../expr/aggregates/define.ts';
import type { ColumnExpr, Expr, Typed } from '../../expr/expr.ts';
import type { TableFunction } from '../../expr/table-functions/define.ts';
import type { Int } from '../../types/int64.ts';
import type { RelationId, ScanPlan } from '../plan.ts';

/** `notNull` is certain knowledge; false means that NULL may occur. */
export type Field = Typed & { readonly id: number; readonly name: string; readonly notNull: boolean };
export type FieldOrder = { readonly id: number; readonly descending: boolean; readonly nullsFirst: boolean };

type Node = { readonly fields: readonly Field[] };

export type Logical =
  | Get
  | Values
  | Filter
  | Project
  | Join
  | Apply
  | Aggregate
  | Distinct
  | Union
  | TopN
  | TimeWindow
  | SessionWindow
  | FunctionRows
  | SingleRow;

/** All columns of a stored relation. `keys` are lists of fields that are unique together. */
export type Get = Node & {
  readonly kind: 'get';
  readonly relation: RelationId;
  readonly name: string;
  readonly source: ScanPlan['source'];
  readonly keys: readonly (readonly number[])[];
  /** The place of the column with the relation's watermark. */
  readonly watermark: number | null;
};
export type Values = Node & { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] };
export type Filter = Node & { readonly kind: 'filter'; readonly input: Logical; readonly predicate: Expr };
/** Field `i` is `exprs[i]`; an expression that is a bare column may keep its field's id. */
export type Project = Node & { readonly kind: 'project'; readonly input: Logical; readonly exprs: readonly Expr[] };
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
export type Join = Node & {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: Logical;
  readonly right: Logical;
  readonly condition: Expr | null;
};
/** For each row of `left` the rows of `right`, which may use it. */
export type Apply = Node & {
  readonly kind: 'apply';
  readonly type: 'inner' | 'left' | 'semi' | 'anti';
  readonly left: Logical;
  readonly right: Logical;
  readonly condition: Expr | null;
};
export type LogicalAggregate = {
  readonly fn: AggregateFunction;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly filter: Expr | null;
  readonly orderBy: readonly { readonly expr: Expr; readonly descending: boolean; readonly nullsFirst: boolean }[];
};
/** Fields: one for each of `keys`, then one for each of `aggregates`. */
export type Aggregate = Node & {
  readonly kind: 'aggregate';
  readonly input: Logical;
  readonly keys: readonly Expr[];
  readonly aggregates: readonly LogicalAggregate[];
};
export type Distinct = Node & { readonly kind: 'distinct'; readonly input: Logical };
/** UNION ALL by place; fields are new. */
export type Union = Node & { readonly kind: 'union'; readonly inputs: readonly Logical[] };
export type TopN = Node & {
  readonly kind: 'top-n';
  readonly input: Logical;
  readonly partitionBy: readonly number[];
  readonly order: readonly FieldOrder[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
  readonly withTies: boolean;
};
/** Fields: the input's, then window_start, window_end, window_time. */
export type TimeWindow = Node & {
  readonly kind: 'time-window';
  readonly input: Logical;
  readonly window: 'tumble' | 'hop' | 'cumulate';
  readonly timeField: number;
  readonly size: Int;
  readonly step: Int;
  readonly offset: Int;
};
export type SessionWindow = Node & {
  readonly kind: 'session-window';
  readonly input: Logical;
  readonly partitionBy: readonly number[];
  readonly timeField: number;
  readonly gap: Int;
};
/** Fields: the input's, then the function's, then the ordinal. */
export type FunctionRows = Node & {
  readonly kind: 'table-function';
  readonly input: Logical;
  readonly fn: TableFunction;
  readonly args: readonly Expr[];
  readonly withOrdinality: boolean;
  readonly outer: boolean;
};
export type SingleRow = Node & {
  readonly kind: 'single-row';
  readonly input: Logical;
  readonly key: readonly number[];
};

export const columnOf = (field: Field): ColumnExpr => ({
  kind: 'column',
  index: field.id,
  name: field.name,
  type: field.type,
  typmod: field.typmod,
});

export const isRead = (logical: Logical): logical is Get | Values =>
  logical.kind === 'get' || logical.kind === 'values';

export function inputsOf(node: Logical): readonly Logical[] {
  switch (node.kind) {
    case 'get':
    case 'values':
      return [];
    case 'join':
    case 'apply':
      return [node.left, node.right];
    case 'union':
      return node.inputs;
    default:
      return [node.input];
  }
}

/** `node` over other inputs, which have the same fields. */
export function withInputs(node: Logical, inputs: readonly Logical[]): Logical {
  const [first, second] = inputs as [Logical, Logical];
  switch (node.kind) {
    case 'get':
    case 'values':
      return node;
    case 'join':
    case 'apply':
      return first === node.left && second === node.right ? node : { ...node, left: first, right: second };
    case 'union':
      return { ...node, inputs };
    default:
      return first === node.input ? node : { ...node, input: first };
  }
}

/** `node` with `f` applied to each of its own expressions; fields it names by id are left alone. */
export function mapExprs(node: Logical, f: (expr: Expr) => Expr): Logical {
  switch (node.kind) {
    case 'get':
    case 'distinct':
    case 'union':
    case 'time-window':
    case 'session-window':
    case 'single-row':
      return node;
    case 'values':
      return { ...node, rows: node.rows.map((row) => row.map(f)) };
    case 'filter':
      return { ...node, predicate: f(node.predicate) };
    case 'project':
      return { ...node, exprs: node.exprs.map(f) };
    case 'join':
    case 'apply':
      return node.condition === null ? node : { ...node, condition: f(node.condition) };
    case 'aggregate':
      return { ...node, keys: node.keys.map(f), aggregates: node.aggregates.map((one) => mapAggregate(one, f)) };
    case 'top-n':
      return {
        ...node,
        limit: node.limit === null ? null : f(node.limit),
        offset: node.offset === null ? null : f(node.offset),
      };
    case 'table-function':
      return { ...node, args: node.args.map(f) };
    default:
      return unreachable(node);
  }
}

export const mapAggregate = (aggregate: LogicalAggregate, f: (expr: Expr) => Expr): LogicalAggregate => ({
  ...aggregate,
  args: aggregate.args.map(f),
  filter: aggregate.filter === null ? null : f(aggregate.filter),
  orderBy: aggregate.orderBy.map((key) => ({ ...key, expr: f(key.expr) })),
});

/** The expressions of the node itself. */
export function exprsOf(node: Logical): readonly Expr[] {
  const found: Expr[] = [];
  mapExprs(node, (expr) => {
    found.push(expr);
    return expr;
  });
  return found;
}

/** Applies `f` to every expression of the tree. */
export const mapTreeExprs = (node: Logical, f: (expr: Expr) => Expr): Logical =>
  mapExprs(
    withInputs(
      node,
      inputsOf(node).map((input) => mapTreeExprs(input, f)),
    ),
    f,
  );
