/** A copy of a tree whose fields all have new ids, so that both may stand in one query. Outer references stay. */
import type { Expr } from '../../expr/expr.ts';
import { mapColumns } from '../expr-tree.ts';
import { type Field, inputsOf, type Logical, mapExprs, withInputs } from './logical.ts';

export type FreshField = (field: Field) => Field;
export type Clone = { readonly plan: Logical; readonly renamed: ReadonlyMap<number, Field> };

export function cloneFresh(plan: Logical, fresh: FreshField): Clone {
  const renamed = new Map<number, Field>();
  return { plan: clone(plan, fresh, renamed), renamed };
}

function clone(node: Logical, fresh: FreshField, renamed: Map<number, Field>): Logical {
  const inputs = inputsOf(node).map((input) => clone(input, fresh, renamed));
  const rename = (field: Field): Field => {
    const known = renamed.get(field.id);
    if (known !== undefined) return { ...known, notNull: field.notNull };
    const made = fresh(field);
    renamed.set(field.id, made);
    return made;
  };
  const fields = node.fields.map(rename);
  const moved = { ...mapExprs(withInputs(node, inputs), (expr) => renameColumns(expr, renamed)), fields } as Logical;
  return renameIds(moved, (id) => renamed.get(id)?.id ?? id);
}

export const renameColumns = (expr: Expr, renamed: ReadonlyMap<number, Field>): Expr =>
  mapColumns(expr, (column) => {
    const field = renamed.get(column.index);
    return field === undefined ? column : { ...column, index: field.id };
  });

/** Fields that a node names outside expressions. */
function renameIds(node: Logical, rename: (id: number) => number): Logical {
  switch (node.kind) {
    case 'get':
      return { ...node, keys: node.keys.map((key) => key.map(rename)) };
    case 'top-n':
      return {
        ...node,
        partitionBy: node.partitionBy.map(rename),
        order: node.order.map((key) => ({ ...key, id: rename(key.id) })),
      };
    case 'time-window':
      return { ...node, timeField: rename(node.timeField) };
    case 'session-window':
      return { ...node, timeField: rename(node.timeField), partitionBy: node.partitionBy.map(rename) };
    case 'single-row':
      return { ...node, key: node.key.map(rename) };
    default:
      return node;
  }
}
