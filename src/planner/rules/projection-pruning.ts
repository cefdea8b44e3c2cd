/** See `doc`. */
import type { AggregateCall, Expr } from '../../expr/expr.ts';
import { columnsOf, mapColumns } from '../expr-tree.ts';
import type { AggregatePlan, JoinPlan, Plan, PlanColumn, ProjectPlan } from '../plan.ts';
import { mapPlanExprs } from '../plan-tree.ts';
import { joinColumns, keepColumns } from './columns.ts';
import type { Rule } from './rule.ts';

export const projectionPruning: Rule = {
  name: 'projection-pruning',
  doc: 'Columns that nobody above uses are neither computed, joined, kept in state nor read.',
  counterExample: 'DISTINCT and UNION over fewer columns would be another query: below DISTINCT everything is used.',
  apply(plan) {
    if (plan.kind === 'project') return pruneProject(plan);
    if (plan.kind === 'aggregate') return pruneAggregateInput(plan);
    return plan.kind === 'join' && (plan.type === 'semi' || plan.type === 'anti') ? pruneTested(plan) : null;
  },
};

/** A plan with fewer columns; `places[old]` is where an old column is now, -1 for gone. */
type Pruned = { readonly plan: Plan; readonly places: readonly number[] };

const place = (places: readonly number[], column: number): number => places[column] as number;
const move = (expr: Expr, places: readonly number[]): Expr =>
  mapColumns(expr, (column) => ({ ...column, index: place(places, column.index) }));
const usedBy = (exprs: readonly (Expr | null)[]): Set<number> =>
  new Set(exprs.flatMap((expr) => (expr === null ? [] : [...columnsOf(expr)])));

function pruneProject(plan: ProjectPlan): Plan | null {
  const needed = usedBy([...plan.exprs, plan.predicate]);
  const { plan: input, places } = prune(plan.input, needed);
  if (input === plan.input) return null;
  const moved = mapPlanExprs(plan, (expr) => move(expr, places)) as ProjectPlan;
  return { ...moved, input };
}

function pruneAggregateInput(plan: AggregatePlan): Plan | null {
  const { plan: input, places } = prune(plan.input, neededByAggregate(plan));
  return input === plan.input ? null : movedAggregate({ ...plan, input }, places);
}

/** A semi or anti join only looks at its right side's keys and condition. */
function pruneTested(plan: JoinPlan): Plan | null {
  const pruned = pruneJoin(plan, new Set(plan.left.columns.map((_, i) => i)));
  return pruned.plan === plan ? null : pruned.plan;
}

const neededByAggregate = (plan: AggregatePlan): Set<number> =>
  new Set([...plan.groupBy, ...plan.aggregates.flatMap(columnsOfCall)]);

const columnsOfCall = (call: AggregateCall): readonly number[] => [
  ...call.args,
  ...(call.filter === null ? [] : [call.filter]),
  ...call.orderBy.map((key) => key.column),
];

const movedAggregate = (plan: AggregatePlan, places: readonly number[]): AggregatePlan => ({
  ...plan,
  groupBy: plan.groupBy.map((column) => place(places, column)),
  aggregates: plan.aggregates.map((call) => ({
    ...call,
    args: call.args.map((column) => place(places, column)),
    filter: call.filter === null ? null : place(places, call.filter),
    orderBy: call.orderBy.map((key) => ({ ...key, column: place(places, key.column) })),
  })),
});

const unchanged = (plan: Plan): Pruned => ({ plan, places: plan.columns.map((_, i) => i) });

/** The columns of `old` at the places that survive, in order, and the map to them. */
function selection(old: readonly PlanColumn[], kept: (column: number) => boolean) {
  const places: number[] = [];
  const columns: PlanColumn[] = [];
  old.forEach((column, i) => {
    places.push(kept(i) ? columns.push(column) - 1 : -1);
  });
  const chosen = old.flatMap((_, i) => (kept(i) ? [i] : []));
  return { places, columns, chosen };
}

function prune(plan: Plan, needed: ReadonlySet<number>): Pruned {
  switch (plan.kind) {
    case 'scan': {
      if (plan.columns.every((_, i) => needed.has(i))) return unchanged(plan);
      const { places, columns, chosen } = selection(plan.columns, (i) => needed.has(i));
      return { plan: { ...plan, project: chosen.map((i) => plan.project[i] as number), columns }, places };
    }
    case 'values': {
      if (plan.columns.every((_, i) => needed.has(i))) return unchanged(plan);
      const { places, columns, chosen } = selection(plan.columns, (i) => needed.has(i));
      const rows = plan.rows.map((row) => chosen.map((i) => row[i] as Expr));
      return { plan: { ...plan, rows, columns }, places };
    }
    case 'project': {
      if (plan.columns.every((_, i) => needed.has(i))) return unchanged(plan);
      const { places, columns, chosen } = selection(plan.columns, (i) => needed.has(i));
      return { plan: { ...plan, exprs: chosen.map((i) => plan.exprs[i] as Expr), columns }, places };
    }
    case 'filter': {
      const { plan: input, places } = prune(plan.input, new Set([...needed, ...columnsOf(plan.predicate)]));
      if (input === plan.input) return unchanged(plan);
      return { plan: { ...plan, input, predicate: move(plan.predicate, places), columns: input.columns }, places };
    }
    case 'join':
      return pruneJoin(plan, needed);
    case 'aggregate':
      return pruneAggregate(plan, needed);
    case 'union':
      return pruneUnion(plan, needed);
    case 'top-n': {
      const own = [...plan.partitionBy, ...plan.order.map((key) => key.column)];
      const { plan: input, places } = prune(plan.input, new Set([...needed, ...own]));
      if (input === plan.input) return unchanged(plan);
      const order = plan.order.map((key) => ({ ...key, column: place(places, key.column) }));
      const partitionBy = plan.partitionBy.map((column) => place(places, column));
      return { plan: { ...plan, input, order, partitionBy, columns: input.columns }, places };
    }
    case 'single-row': {
      const { plan: input, places } = prune(plan.input, new Set([...needed, ...plan.key]));
      if (input === plan.input) return unchanged(plan);
      return { plan: { ...plan, input, key: plan.key.map((c) => place(places, c)), columns: input.columns }, places };
    }
    case 'time-window':
      return pruneAppending(plan, needed, [plan.timeColumn], (places) => ({
        timeColumn: place(places, plan.timeColumn),
      }));
    case 'session-window':
      return pruneAppending(plan, needed, [plan.timeColumn, ...plan.partitionBy], (places) => ({
        timeColumn: place(places, plan.timeColumn),
        partitionBy: plan.partitionBy.map((column) => place(places, column)),
      }));
    case 'table-function':
      return pruneAppending(plan, needed, [...usedBy(plan.args)], (places) => ({
        args: plan.args.map((arg) => move(arg, places)),
      }));
    case 'distinct':
      return unchanged(plan);
  }
}

/** Nodes that pass their input on and append columns of their own. */
function pruneAppending<P extends Plan & { readonly input: Plan }>(
  plan: P,
  needed: ReadonlySet<number>,
  own: readonly number[],
  moved: (places: readonly number[]) => Partial<P>,
): Pruned {
  const width = plan.input.columns.length;
  const fromInput = new Set([...[...needed].filter((column) => column < width), ...own]);
  const { plan: input, places } = prune(plan.input, fromInput);
  if (input === plan.input) return unchanged(plan);
  const added = plan.columns.slice(width);
  const all = [...places, ...added.map((_, i) => input.columns.length + i)];
  return { plan: { ...plan, ...moved(places), input, columns: [...input.columns, ...added] }, places: all };
}

function pruneJoin(plan: JoinPlan, needed: ReadonlySet<number>): Pruned {
  const width = plan.left.columns.length;
  const all = [...needed, ...usedBy([plan.residual])];
  const left = prune(plan.left, new Set([...all.filter((column) => column < width), ...plan.leftKeys]));
  const ofRight = all.filter((column) => column >= width).map((column) => column - width);
  const right = prune(plan.right, new Set([...ofRight, ...plan.rightKeys]));
  if (left.plan === plan.left && right.plan === plan.right) return unchanged(plan);
  const newWidth = left.plan.columns.length;
  const both = [...left.places, ...right.places.map((column) => (column < 0 ? -1 : column + newWidth))];
  const pruned: JoinPlan = {
    ...plan,
    left: left.plan,
    right: right.plan,
    leftKeys: plan.leftKeys.map((column) => place(left.places, column)),
    rightKeys: plan.rightKeys.map((column) => place(right.places, column)),
    residual: plan.residual === null ? null : move(plan.residual, both),
    columns: joinColumns(plan.type, left.plan, right.plan),
  };
  return { plan: pruned, places: both.slice(0, plan.columns.length) };
}

/** Groups stay; aggregates that nobody reads go. A global aggregate keeps one, for its row. */
function pruneAggregate(plan: AggregatePlan, needed: ReadonlySet<number>): Pruned {
  const groups = plan.groupBy.length;
  const isKept = (column: number): boolean =>
    column < groups || needed.has(column) || (groups === 0 && column === 0 && needed.size === 0);
  if (plan.columns.every((_, i) => isKept(i))) return unchanged(plan);
  const { places, columns } = selection(plan.columns, isKept);
  const aggregates = plan.aggregates.filter((_, i) => isKept(groups + i));
  return { plan: { ...plan, aggregates, columns }, places };
}

function pruneUnion(plan: Plan & { kind: 'union' }, needed: ReadonlySet<number>): Pruned {
  if (plan.columns.every((_, i) => needed.has(i))) return unchanged(plan);
  const { places, columns, chosen } = selection(plan.columns, (i) => needed.has(i));
  const inputs = plan.inputs.map((input) => {
    const pruned = prune(input, needed);
    const kept = chosen.map((column) => place(pruned.places, column));
    return keepColumns(
      pruned.plan,
      kept,
      chosen.map((column) => input.columns[column] as PlanColumn),
    );
  });
  return { plan: { ...plan, inputs, columns }, places };
}
