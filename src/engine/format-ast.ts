/** The tree of a statement as text, for EXPLAIN (AST): kinds as labels, positions left out, empty parts too. */
import { formatTree, type Tree } from '../base/tree.ts';
import type { Statement } from '../parser/ast.ts';

export const formatAst = (statement: Statement): string => formatTree(toTree('', statement));

function toTree(name: string, value: unknown): Tree {
  const prefix = name === '' ? '' : `${name}: `;
  if (Array.isArray(value))
    return { label: `${name} [${value.length}]`, children: value.map((item, i) => toTree(String(i), item)) };
  if (typeof value !== 'object' || value === null) return { label: `${prefix}${JSON.stringify(value)}`, children: [] };
  const { kind, at: _at, ...rest } = value as Readonly<Record<string, unknown>>;
  const children = Object.entries(rest)
    .filter(([, child]) => child !== null && child !== false && !(Array.isArray(child) && child.length === 0))
    .map(([key, child]) => toTree(key, child));
  return { label: `${prefix}${typeof kind === 'string' ? kind : ''}`.trimEnd(), children };
}
