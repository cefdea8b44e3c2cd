/** See `doc`. */
import { resolveAggregate } from '../../expr/aggregates/resolve.ts';
import { coerceExpr } from '../../expr/coerce.ts';
import type { AggregateCall, Expr } from '../../expr/expr.ts';
import { floorModInt } from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { numeric } from '../../types/numeric-type.ts';
import type { SqlType } from '../../types/type.ts';
import type { AggregatePlan, Plan, PlanColumn, ProjectPlan, TimeWindowPlan } from '../plan.ts';
import { columnAt, project } from './columns.ts';
import type { Rule } from './rule.ts';

export const hopSlices: Rule = {
  name: 'hop-slices',
  doc: 'Counts and exact sums over hopping windows are computed once per slide, and each window adds up its slices: a row is touched once, not once per window.',
  counterExample:
    'A sum of float8 depends on the order of addition, and avg or max are not sums of parts: they see every row in every window.',
  apply(plan) {
    if (plan.kind !== 'aggregate' || plan.input.kind !== 'project' || plan.input.predicate !== null) return null;
    const { input } = plan;
    const hop = input.input;
    if (hop.kind !== 'time-window' || hop.window !== 'hop' || hop.size === hop.step) return null;
    if (floorModInt(hop.size, hop.step) !== 0 || !plan.aggregates.every(isSummable)) return null;
    if (!input.exprs.every((expr) => expr.kind === 'column') || isGroupedByTime(hop)) return null;
    return sliced(plan, input, hop);
  },
};

/** Slices already, by this rule or by hand: there is nothing left to save, and the rule would go on for ever. */
function isGroupedByTime({ input, timeColumn }: TimeWindowPlan): boolean {
  if (input.kind === 'aggregate') return timeColumn < input.groupBy.length;
  if (input.kind !== 'project' || input.input.kind !== 'aggregate') return false;
  const source = input.exprs[timeColumn];
  return source?.kind === 'column' && source.index < input.input.groupBy.length;
}

const summable: ReadonlySet<SqlType> = new Set([int2, int4, int8, numeric]);

function isSummable(call: AggregateCall): boolean {
  if (call.distinct || call.orderBy.length > 0) return false;
  if (call.fn.name === 'count') return true;
  return call.fn.name === 'sum' && summable.has(call.fn.args[0] as SqlType);
}

/**
 * aggregate(hop(rows)) becomes aggregate(hop(aggregate(tumble(rows)))): a slice's start falls in exactly the windows that its
 * rows fall in, because the size is a multiple of the slide.
 */
function sliced(plan: AggregatePlan, input: ProjectPlan, hop: TimeWindowPlan): Plan | null {
  const width = hop.input.columns.length;
  const sourceOf = (column: number): number => (input.exprs[column] as Expr & { kind: 'column' }).index;
  const isWindow = (column: number): boolean => sourceOf(column) >= width;
  const reads = plan.aggregates.flatMap((call) => [...call.args, ...(call.filter === null ? [] : [call.filter])]);
  if (!plan.groupBy.some(isWindow) || reads.some(isWindow)) return null;
  const keys = plan.groupBy.filter((column) => !isWindow(column));
  const partial = partialAggregate(plan, input, hop, keys);
  const added = hop.columns.slice(width);
  const windows: TimeWindowPlan = {
    ...hop,
    input: partial,
    timeColumn: 0,
    columns: [...partial.columns, ...added],
  };
  const placeOf = (column: number): number =>
    isWindow(column) ? partial.columns.length + sourceOf(column) - width : 1 + keys.indexOf(column);
  const places = [...plan.groupBy.map(placeOf), ...plan.aggregates.map((_, i) => 1 + keys.length + i)];
  return finalAggregate(plan, pickColumns(windows, places));
}

const pickColumns = (plan: Plan, places: readonly number[]): Plan =>
  project(
    plan,
    places.map((place) => columnAt(plan.columns, place)),
    places.map((place) => plan.columns[place] as PlanColumn),
  );

/** Per slice and key. The slice's start is the first column. */
function partialAggregate(
  plan: AggregatePlan,
  input: ProjectPlan,
  hop: TimeWindowPlan,
  keys: readonly number[],
): AggregatePlan {
  const width = hop.input.columns.length;
  const tumble: TimeWindowPlan = { ...hop, window: 'tumble', size: hop.step };
  const start = hop.columns[width] as PlanColumn;
  const rows = project(tumble, [columnAt(hop.columns, width), ...input.exprs], [start, ...input.columns]);
  const shifted = plan.aggregates.map((call) => ({
    ...call,
    args: call.args.map((column) => column + 1),
    filter: call.filter === null ? null : call.filter + 1,
  }));
  const groupBy = [0, ...keys.map((column) => column + 1)];
  const columns = [...groupBy.map((column) => rows.columns[column] as PlanColumn), ...shifted.map(columnOfCall)];
  return { ...plan, input: rows, groupBy, aggregates: shifted, columns };
}

const columnOfCall = ({ name, type, typmod }: AggregateCall): PlanColumn => ({ name, type, typmod });

/** Sums of the partial results, in the types of the original. */
function finalAggregate(plan: AggregatePlan, input: Plan): Plan | null {
  const groups = plan.groupBy.length;
  const sums = plan.aggregates.map((call, i): AggregateCall | null => {
    const resolved = resolveAggregate('sum', [call.type]);
    if (resolved === null || resolved.argTypes[0] !== call.type) return null;
    const { fn, result } = resolved;
    return {
      fn,
      args: [groups + i],
      distinct: false,
      filter: null,
      orderBy: [],
      name: call.name,
      type: result,
      typmod: -1,
    };
  });
  if (sums.includes(null)) return null;
  const aggregates = sums as AggregateCall[];
  const keyColumns = plan.columns.slice(0, groups);
  const total: AggregatePlan = {
    kind: 'aggregate',
    input,
    groupBy: keyColumns.map((_, i) => i),
    aggregates,
    appendOnly: false,
    columns: [...keyColumns, ...aggregates.map(columnOfCall)],
  };
  const exprs = plan.columns.map((column, i): Expr | null =>
    coerceExpr(columnAt(total.columns, i), column.type, -1, 'assignment', 0),
  );
  return exprs.includes(null) ? null : project(total, exprs as Expr[], plan.columns);
}
