/**
 * Removes every dependent join, from the inside out, so that no subquery is evaluated per row.
 *
 * After Neumann and Kemper, "Unnesting Arbitrary Queries" (BTW 2015). Three ways, cheapest first:
 * `pull-up.ts` moves what uses the outer row above the join or into its condition, which suffices for most queries;
 * `aggregate.ts` groups a correlated aggregate by what it is compared with; `domain.ts` is the general method.
 */
import { allOf, conjunctsOf } from '../expr-tree.ts';
import { join } from '../logical/build.ts';
import { usesAny } from '../logical/free.ts';
import { type Apply, inputsOf, type Logical, withInputs } from '../logical/logical.ts';
import { unnestAggregate } from './aggregate.ts';
import { throughDomain } from './domain.ts';
import type { Fresh } from './fresh.ts';
import { pullUp } from './pull-up.ts';

/** The same rows without `apply`. */
export function unnest(node: Logical, fresh: Fresh): Logical {
  const inner = withInputs(
    node,
    inputsOf(node).map((input) => unnest(input, fresh)),
  );
  if (inner.kind !== 'apply') return inner;
  return unnestApply({ ...inner, condition: allOf(conjunctsOf(inner.condition)) }, fresh);
}

/** Both sides are free of `apply`. */
function unnestApply(node: Apply, fresh: Fresh): Logical {
  if (!usesAny(node.right, node.left.fields)) return plainJoin(node);
  const again = (next: Apply): Logical => unnestApply(next, fresh);
  return pullUp(node, fresh, again) ?? unnestAggregate(node, fresh) ?? throughDomain(node, fresh);
}

function plainJoin({ type, left, right, condition }: Apply): Logical {
  const isNothing = right.kind === 'values' && right.rows.length === 1 && right.fields.length === 0;
  if (isNothing && condition === null && (type === 'inner' || type === 'left')) return left;
  return join(type, left, right, condition);
}
