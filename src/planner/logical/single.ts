/** Whether a tree yields at most one row for each row of its surroundings: then a scalar subquery needs no check. */
import type { Expr } from '../../expr/expr.ts';
import { columnsOf, conjunctsOf } from '../expr-tree.ts';
import type { Logical } from './logical.ts';

export const yieldsAtMostOne = (node: Logical): boolean => isSingleWith(node, new Set());

/** `fixed`: fields that have one value here, because a filter above compares them with something from outside. */
function isSingleWith(node: Logical, fixed: ReadonlySet<number>): boolean {
  switch (node.kind) {
    case 'values':
      return node.rows.length <= 1;
    case 'get':
      return node.keys.some((key) => key.every((id) => fixed.has(id)));
    case 'filter':
      return isSingleWith(node.input, withFixed(fixed, conjunctsOf(node.predicate), node.input));
    case 'project':
      return isSingleWith(node.input, throughProject(node, fixed));
    case 'aggregate':
      return node.keys.every((_, i) => fixed.has((node.fields[i] as { id: number }).id));
    case 'top-n':
      return isLimitOne(node.limit) && node.partitionBy.length === 0 ? true : isSingleWith(node.input, fixed);
    case 'join':
      return node.type === 'semi' || node.type === 'anti' ? isSingleWith(node.left, fixed) : isSingleJoin(node, fixed);
    case 'single-row':
      return node.key.every((id) => fixed.has(id)) || isSingleWith(node.input, fixed);
    case 'distinct':
      return node.fields.every((field) => fixed.has(field.id)) || isSingleWith(node.input, fixed);
    case 'apply':
      return node.type === 'semi' || node.type === 'anti'
        ? isSingleWith(node.left, fixed)
        : isSingleWith(node.left, fixed) && isSingleWith(node.right, fixed);
    default:
      return false;
  }
}

function isSingleJoin(node: Logical & { kind: 'join' }, fixed: ReadonlySet<number>): boolean {
  const more = node.type === 'inner' ? withFixed(fixed, conjunctsOf(node.condition), node) : fixed;
  return isSingleWith(node.left, more) && isSingleWith(node.right, more);
}

const isLimitOne = (limit: Expr | null): boolean =>
  limit?.kind === 'constant' && (limit.value === 1 || limit.value === 0);

/** Adds fields that a condition `field = outside` fixes. */
function withFixed(fixed: ReadonlySet<number>, conjuncts: readonly Expr[], input: Logical): ReadonlySet<number> {
  const inside = new Set(input.fields.map((field) => field.id));
  const found = new Set(fixed);
  for (const conjunct of conjuncts) {
    if (conjunct.kind !== 'call' || conjunct.fn.name !== '=') continue;
    const [left, right] = conjunct.args as readonly [Expr, Expr];
    for (const [one, other] of [[left, right] as const, [right, left] as const]) {
      const isFixed = [...columnsOf(other)].every((id) => !inside.has(id) || found.has(id));
      if (one.kind === 'column' && inside.has(one.index) && isFixed) found.add(one.index);
    }
  }
  return found;
}

function throughProject(node: Logical & { kind: 'project' }, fixed: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  node.exprs.forEach((expr, i) => {
    if (expr.kind === 'column' && fixed.has((node.fields[i] as { id: number }).id)) found.add(expr.index);
  });
  return found;
}
