/**
 * A correlated aggregate over everything, the commonest scalar subquery:
 *
 *   L apply γ[count(*)](σ[r.x = l.y](R))   →   L left join γ[r.x; count(*)](R) on r.x = l.y, count or 0
 *
 * The left join brings back the outer rows for which R has nothing, and what an aggregate says of nothing is put in.
 */
import type { Expr } from '../../expr/expr.ts';
import { allOf } from '../expr-tree.ts';
import { join, project } from '../logical/build.ts';
import { type Apply, columnOf, type Field, type Logical } from '../logical/logical.ts';
import { emptyValue, type Fresh, orElse } from './fresh.ts';
import { Hoist } from './hoist.ts';

/** Null when the correlation is not by equalities. */
export function unnestAggregate(node: Apply, fresh: Fresh): Logical | null {
  const { left, right } = node;
  if (right.kind !== 'aggregate' || right.keys.length > 0 || node.condition !== null) return null;
  if (node.type !== 'inner' && node.type !== 'left') return null;
  const hoist = new Hoist(left.fields, fresh);
  const renamed = right.fields.map((field) => fresh({ ...field, notNull: false }));
  const grouped = hoist.groupedBy({ ...right, fields: renamed }, hoist.hoist(right.input));
  if (grouped === null) return null;
  const joined = join('left', left, grouped.plan, allOf(grouped.conjuncts));
  return withEmptyValues(joined, left.fields, right, renamed);
}

/** `kept`, then the fields of the aggregate: as they come, or what it says of no rows. */
export function withEmptyValues(
  joined: Logical,
  kept: readonly Field[],
  aggregate: Logical & { kind: 'aggregate' },
  renamed: readonly Field[],
): Logical {
  const values = aggregate.aggregates.map((call, i): Expr => orElse(columnOf(renamed[i] as Field), emptyValue(call)));
  return project(joined, [...kept, ...aggregate.fields], [...kept.map(columnOf), ...values]);
}
