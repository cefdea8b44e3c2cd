/** Comparison of two trees of AST shape: PostgreSQL's, converted, and ours. */
import type * as Ast from '../../src/parser/ast.ts';
import { NOWHERE, plainJson } from './postgres-expressions.ts';

/** Fields that only print needs, or that PostgreSQL's tree does not keep. */
const UNCOMPARED = new Set(['spelling', 'queryText', 'text of prepared']);

/** The path and both values where the trees first differ; null when they are the same. */
export function firstDifference(theirs: unknown, ours: unknown, comparePositions: boolean, path = ''): string | null {
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) {
    return Object.is(theirs, ours) ? null : `${path}: theirs ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`;
  }
  const left = theirs as Record<string, unknown>;
  const right = ours as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (UNCOMPARED.has(key) || (key === 'variant' && left['name'] === 'substring')) continue;
    if (key === 'at' && (!comparePositions || left['at'] === NOWHERE)) continue;
    const difference = firstDifference(left[key], right[key], comparePositions, `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

/**
 * Our tree with the few differences ironed out that PostgreSQL does not know: `x NOT IN (SELECT …)` is NOT over IN
 * there, `IS NOT NORMALIZED` too, EXCLUDE NO OTHERS is no exclusion, LIMIT NULL is LIMIT ALL, and an index is a btree unless said otherwise.
 */
export function ironed<Tree>(tree: Tree): Tree {
  return iron(tree) as Tree;
}

function iron(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(iron);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) copy[key] = iron(value);
  if (copy['exclude'] === 'no-others') copy['exclude'] = null;
  if (copy['kind'] === 'query') copy['limit'] = ironLimit(copy['limit'] as Ast.LimitClause | null);
  if (copy['method'] === 'btree') copy['method'] = null;
  if (copy['kind'] === 'type-name') copy['name'] = plainJson(copy['name'] as string[]);
  const expr = copy as unknown as Ast.Expr;
  const isSubqueryTest = expr.kind === 'in' && 'kind' in expr.choices;
  const isNormalized = expr.kind === 'is' && expr.test === 'normalized';
  if ((isSubqueryTest || isNormalized) && expr.negated) {
    return { kind: 'not', at: expr.at, operand: { ...expr, negated: false } };
  }
  return copy;
}

/** LIMIT NULL is LIMIT ALL. */
function ironLimit(limit: Ast.LimitClause | null): Ast.LimitClause | null {
  const isNull = limit?.count?.kind === 'constant' && limit.count.type === 'null';
  return limit !== null && isNull ? { ...limit, count: null } : limit;
}

/** `tree` without what print does not keep: positions, source texts, spellings. */
export function withoutPositions(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withoutPositions);
  if (typeof tree !== 'object' || tree === null) return tree;
  const copy: Record<string, unknown> = {};
  // Keys in order, so that the JSON texts of equal trees are equal.
  for (const [key, value] of Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isSourceText = key === 'text' && 'kind' in tree && tree.kind === 'prepare';
    if (key !== 'at' && key !== 'queryText' && !isSourceText) copy[key] = withoutPositions(value);
  }
  return copy;
}
