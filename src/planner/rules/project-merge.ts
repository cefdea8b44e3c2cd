/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { isVolatile, mapColumns, visitExpr } from '../expr-tree.ts';
import type { Plan, ProjectPlan } from '../plan.ts';
import type { Rule } from './rule.ts';

export const projectMerge: Rule = {
  name: 'project-merge',
  doc: 'A projection of a projection becomes one; a projection that changes nothing goes.',
  counterExample: 'An expensive column used twice above is computed once below, so that projection stays.',
  apply(plan) {
    if (plan.kind !== 'project' || plan.predicate !== null) return null;
    if (isIdentity(plan)) return { ...plan.input, columns: plan.columns };
    const { input } = plan;
    if (input.kind !== 'project' || input.predicate !== null || !mayMerge(plan, input)) return null;
    const exprs = plan.exprs.map((expr) => mapColumns(expr, (column) => input.exprs[column.index] as Expr));
    return { ...plan, input: input.input, exprs };
  },
};

const isIdentity = (plan: ProjectPlan): boolean =>
  plan.exprs.length === plan.input.columns.length &&
  plan.exprs.every((expr, i) => expr.kind === 'column' && expr.index === i);

function mayMerge(outer: ProjectPlan, inner: ProjectPlan): boolean {
  const counts = new Map<number, number>();
  for (const expr of outer.exprs) {
    visitExpr(expr, (node) => {
      if (node.kind === 'column') counts.set(node.index, (counts.get(node.index) ?? 0) + 1);
    });
  }
  return inner.exprs.every((expr, i) => {
    if (isVolatile(expr)) return false;
    return expr.kind === 'column' || expr.kind === 'constant' || expr.kind === 'parameter' || (counts.get(i) ?? 0) <= 1;
  });
}

export const filterProjectFusion: Rule = {
  name: 'filter-project-fusion',
  doc: 'A projection over a filter runs as one operator: rows that fail are never copied.',
  counterExample: 'A filter over a projection is no such case: predicate-pushdown has already turned it around.',
  apply(plan) {
    if (plan.kind !== 'project' || plan.predicate !== null || plan.input.kind !== 'filter') return null;
    const { input }: { readonly input: Plan & { kind: 'filter' } } = { input: plan.input };
    return { ...plan, input: input.input, predicate: input.predicate };
  },
};
