/** What a logical tree uses but does not produce: its outer references. */
import { columnsOf } from '../expr-tree.ts';
import { exprsOf, inputsOf, type Logical } from './logical.ts';

const known = new WeakMap<Logical, ReadonlySet<number>>();

/** Ids of the fields that come from outside `node`. Trees are immutable, so the answer is kept. */
export function outerReferences(node: Logical): ReadonlySet<number> {
  let found = known.get(node);
  if (found === undefined) {
    found = compute(node);
    known.set(node, found);
  }
  return found;
}

function compute(node: Logical): ReadonlySet<number> {
  const found = new Set<number>();
  const inside = new Set(inputsOf(node).flatMap((input) => input.fields.map((field) => field.id)));
  for (const expr of exprsOf(node)) for (const id of columnsOf(expr)) if (!inside.has(id)) found.add(id);
  for (const input of inputsOf(node)) {
    for (const id of outerReferences(input)) if (!bindsFor(node, input, id)) found.add(id);
  }
  return found;
}

/** Only an apply lends its left side's fields to an input. */
const bindsFor = (node: Logical, input: Logical, id: number): boolean =>
  node.kind === 'apply' && input === node.right && node.left.fields.some((field) => field.id === id);

export const usesAny = (node: Logical, fields: readonly { readonly id: number }[]): boolean => {
  const outer = outerReferences(node);
  return fields.some((field) => outer.has(field.id));
};
