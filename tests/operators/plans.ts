/** Plans, expressions and contexts in a line each, for tests of operators. */
import { aggregates } from '../../src/expr/aggregates/index.ts';
import type { CatalogReader, EvalContext } from '../../src/expr/context.ts';
import type { AggregateCall, Expr, SortKey } from '../../src/expr/expr.ts';
import { operators } from '../../src/expr/functions/index.ts';
import type { AggregatePlan, JoinPlan, Plan, PlanColumn, RelationId, ScanPlan } from '../../src/planner/plan.ts';
import { bool } from '../../src/types/boolean.ts';
import type { Value } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { text } from '../../src/types/text.ts';
import { timestamptz } from '../../src/types/timestamp.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

/** Relations are known by number to plans, and by name to tests. */
export const relations: Record<string, { readonly id: RelationId; readonly types: readonly SqlType[] }> = {
  orders: { id: 1 as RelationId, types: [int4, text, int8] },
  users: { id: 2 as RelationId, types: [int4, text] },
  events: { id: 3 as RelationId, types: [text, timestamptz, int4] },
  prices: { id: 4 as RelationId, types: [int4, numeric, float8, bool] },
};

const columnsOf = (types: readonly SqlType[]): PlanColumn[] =>
  types.map((type, c) => ({ type, typmod: -1, name: `c${c}` }));

export const typesOf = (plan: Plan): SqlType[] => plan.columns.map((column) => column.type);

export function scan(name: string, source: ScanPlan['source'] = 'table'): ScanPlan {
  const relation = relations[name];
  if (relation === undefined) throw new Error(`no relation ${name}`);
  const { id, types } = relation;
  return {
    kind: 'scan',
    relation: id,
    name,
    source,
    project: types.map((_, c) => c),
    lookup: null,
    columns: columnsOf(types),
  };
}

export const column = (index: number, type: SqlType): Expr => ({
  kind: 'column',
  index,
  name: `c${index}`,
  type,
  typmod: -1,
});
export const constant = (value: Value, type: SqlType): Expr => ({ kind: 'constant', value, type, typmod: -1 });
export const int = (value: number): Expr => constant(value, int4);
export const bigint = (value: number): Expr => constant(value, int8);

/** A definition that takes exactly these types, or `any`: tests coerce nothing. */
function exactly<T extends { readonly name: string; readonly args: readonly unknown[] }>(
  all: readonly T[],
  name: string,
  types: readonly SqlType[],
): T {
  const found = all.find((each) => {
    if (each.name !== name || each.args.length !== types.length) return false;
    return each.args.every((arg, a) => arg === types[a] || arg === 'any');
  });
  if (found === undefined) throw new Error(`no ${name}(${types.map((type) => type.name).join(', ')})`);
  return found;
}

const resultOf = (
  fn: { readonly result: SqlType | ((args: readonly SqlType[]) => SqlType) },
  args: readonly SqlType[],
) => (typeof fn.result === 'function' ? fn.result(args) : fn.result);

/** `left operator right`. */
export function operate(left: Expr, operator: string, right: Expr): Expr {
  const types = [left.type, right.type];
  const fn = exactly(operators, operator, types);
  return { kind: 'call', fn, args: [left, right], at: 0, type: resultOf(fn, types), typmod: -1 };
}

export const filter = (input: Plan, predicate: Expr): Plan => ({
  kind: 'filter',
  input,
  predicate,
  columns: input.columns,
});

export const project = (input: Plan, exprs: readonly Expr[], predicate: Expr | null = null): Plan => ({
  kind: 'project',
  input,
  exprs,
  predicate,
  columns: columnsOf(exprs.map((expr) => expr.type)),
});

export const union = (...inputs: Plan[]): Plan => ({ kind: 'union', inputs, columns: (inputs[0] as Plan).columns });
export const distinct = (input: Plan): Plan => ({ kind: 'distinct', input, columns: input.columns });

export const values = (types: readonly SqlType[], rows: readonly (readonly Expr[])[]): Plan => ({
  kind: 'values',
  rows,
  columns: columnsOf(types),
});

export function join(
  type: JoinPlan['type'],
  left: Plan,
  right: Plan,
  keys: readonly (readonly [number, number])[],
  options: { readonly residual?: Expr; readonly nullSafe?: boolean } = {},
): JoinPlan {
  const own = type === 'semi' || type === 'anti';
  return {
    kind: 'join',
    type,
    left,
    right,
    leftKeys: keys.map(([key]) => key),
    rightKeys: keys.map(([, key]) => key),
    nullSafe: keys.map(() => options.nullSafe ?? false),
    residual: options.residual ?? null,
    columns: columnsOf(own ? typesOf(left) : [...typesOf(left), ...typesOf(right)]),
  };
}

type CallOptions = {
  readonly distinct?: boolean;
  readonly filter?: number;
  readonly orderBy?: readonly SortKey[];
};

/** An aggregate of columns of `input`. */
export function aggregateCall(
  input: Plan,
  name: string,
  args: readonly number[],
  options: CallOptions = {},
): AggregateCall {
  const types = args.map((c) => typesOf(input)[c] as SqlType);
  const fn = exactly(aggregates, name, types);
  const { distinct: isDistinct = false, filter: filterColumn = null, orderBy = [] } = options;
  return { fn, args, distinct: isDistinct, filter: filterColumn, orderBy, name, type: resultOf(fn, types), typmod: -1 };
}

export function aggregate(
  input: Plan,
  groupBy: readonly number[],
  calls: readonly AggregateCall[],
  appendOnly = false,
): AggregatePlan {
  const types = [...groupBy.map((c) => typesOf(input)[c] as SqlType), ...calls.map((each) => each.type)];
  return { kind: 'aggregate', input, groupBy, aggregates: calls, appendOnly, columns: columnsOf(types) };
}

export const ascending = (key: number): SortKey => ({ column: key, descending: false, nullsFirst: false });
export const descending = (key: number): SortKey => ({ column: key, descending: true, nullsFirst: true });

export function topN(
  input: Plan,
  order: readonly SortKey[],
  limit: number | null,
  options: { readonly offset?: number; readonly partitionBy?: readonly number[]; readonly withTies?: boolean } = {},
): Plan {
  const { offset, partitionBy = [], withTies = false } = options;
  const bound = (n: number | null | undefined) => (n === null || n === undefined ? null : bigint(n));
  return {
    kind: 'top-n',
    input,
    order,
    limit: bound(limit),
    offset: bound(offset),
    partitionBy,
    withTies,
    columns: input.columns,
  };
}

export const MINUTE = 60_000_000;
const withWindow = (input: Plan): PlanColumn[] => [
  ...input.columns,
  ...columnsOf([timestamptz, timestamptz, timestamptz]),
];

export const timeWindow = (
  input: Plan,
  window: 'tumble' | 'hop' | 'cumulate',
  size: number,
  step = size,
  offset = 0,
): Plan => ({ kind: 'time-window', input, window, timeColumn: 1, size, step, offset, columns: withWindow(input) });

export const session = (input: Plan, partitionBy: readonly number[], gap: number): Plan => ({
  kind: 'session-window',
  input,
  partitionBy,
  timeColumn: 1,
  gap,
  columns: withWindow(input),
});

export const singleRow = (input: Plan, key: readonly number[]): Plan => ({
  kind: 'single-row',
  input,
  key,
  columns: input.columns,
});

const noCatalog = new Proxy({} as CatalogReader, { get: () => () => undefined });

export const evalContext: EvalContext = {
  format: defaultFormat,
  transactionMicros: 0,
  statementMicros: 0,
  nowMicros: () => 0,
  session: {
    user: 'test',
    sessionUser: 'test',
    database: 'test',
    backendPid: 1,
    searchPath: ['public'],
    setting: () => undefined,
    setSetting: (_name, value) => value,
  },
  catalog: noCatalog,
  parameters: [],
};
