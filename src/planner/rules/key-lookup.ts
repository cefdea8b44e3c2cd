/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { equalityOf } from '../equality.ts';
import { columnsOf, conjunctsOf, isVolatile } from '../expr-tree.ts';
import type { Plan, ScanPlan } from '../plan.ts';
import type { Rule, RuleContext } from './rule.ts';

export const keyLookup: Rule = {
  name: 'key-lookup',
  doc: 'Equality with constants or parameters on all columns of a key or index finds the rows without reading the others.',
  counterExample: 'A view reads every change of the relation, so nothing is looked up; nor is anything by half a key.',
  apply(plan, context) {
    const predicate = plan.kind === 'filter' || plan.kind === 'project' ? plan.predicate : null;
    if (context.isView || predicate === null || !('input' in plan) || plan.input.kind !== 'scan') return null;
    const lookup = plan.input.lookup === null ? lookupFor(plan.input, predicate, context) : null;
    return lookup === null ? null : ({ ...plan, input: { ...plan.input, lookup } } as Plan);
  },
};

function lookupFor(scan: ScanPlan, predicate: Expr, context: RuleContext): ScanPlan['lookup'] {
  const values = fixedColumns(scan, predicate);
  for (const columns of candidates(scan, context)) {
    const found = columns.map((column) => values.get(column));
    if (columns.length > 0 && !found.includes(undefined)) return { columns, values: found as Expr[] };
  }
  return null;
}

/** Relation columns that equal something without columns, of their own type. */
function fixedColumns(scan: ScanPlan, predicate: Expr): ReadonlyMap<number, Expr> {
  const found = new Map<number, Expr>();
  for (const conjunct of conjunctsOf(predicate)) {
    const equality = equalityOf(conjunct);
    if (equality === null || equality.nullSafe || isVolatile(conjunct)) continue;
    const { left, right } = equality;
    for (const [column, value] of [[left, right] as const, [right, left] as const]) {
      if (column.kind !== 'column' || columnsOf(value).size > 0) continue;
      found.set(scan.project[column.index] as number, value);
    }
  }
  return found;
}

/** Keys first, then indexes, the unique ones before the others. */
function candidates(scan: ScanPlan, { environment }: RuleContext): readonly (readonly number[])[] {
  const indexes = environment.catalog
    .dependents(scan.relation)
    .flatMap((relation) => (relation.kind === 'index' ? [relation] : []))
    .sort((a, b) => Number(b.unique) - Number(a.unique));
  return [...(scan.keys ?? []), ...indexes.map((index) => index.keys)];
}
