/** Adding columns under a node and taking them away above it: what rules that need one more column do. */
import type { ColumnExpr, Expr } from '../../expr/expr.ts';
import { mapColumns } from '../expr-tree.ts';
import type { JoinPlan, Plan, PlanColumn } from '../plan.ts';

export const columnAt = (columns: readonly PlanColumn[], index: number): ColumnExpr => {
  const { name, type, typmod } = columns[index] as PlanColumn;
  return { kind: 'column', index, name, type, typmod };
};

export const project = (input: Plan, exprs: readonly Expr[], columns: readonly PlanColumn[]): Plan => ({
  kind: 'project',
  input,
  exprs,
  predicate: null,
  columns,
});

/** `plan` with a column for each of `exprs`, and their places; bare columns are where they are. */
export function appendColumns(
  plan: Plan,
  exprs: readonly Expr[],
): { readonly plan: Plan; readonly places: readonly number[] } {
  const added: Expr[] = [];
  const places = exprs.map((expr) =>
    expr.kind === 'column' ? expr.index : plan.columns.length + added.push(expr) - 1,
  );
  if (added.length === 0) return { plan, places };
  const kept = plan.columns.map((_, i) => columnAt(plan.columns, i));
  const columns = [...plan.columns, ...added.map(({ type, typmod }) => ({ name: 'key', type, typmod }))];
  return { plan: project(plan, [...kept, ...added], columns), places };
}

/** Only the columns at `places`, under the names of `columns`. */
export function keepColumns(plan: Plan, places: readonly number[], columns: readonly PlanColumn[]): Plan {
  const isAll = places.length === plan.columns.length && places.every((place, i) => place === i);
  if (isAll) return plan;
  return project(
    plan,
    places.map((place) => columnAt(plan.columns, place)),
    columns,
  );
}

export const joinColumns = (type: JoinPlan['type'], left: Plan, right: Plan): readonly PlanColumn[] =>
  type === 'semi' || type === 'anti' ? left.columns : [...left.columns, ...right.columns];

/** An expression over left and right columns, after the left side grew by `grown` columns. */
export const shiftRight = (expr: Expr, leftWidth: number, grown: number): Expr =>
  mapColumns(expr, (column) => (column.index < leftWidth ? column : { ...column, index: column.index + grown }));
