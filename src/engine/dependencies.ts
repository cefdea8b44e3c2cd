/** Which relations a query names: what a view depends on. Found in the tree, because plans no longer know plain views. */
import type { RelationId } from '../base/ids.ts';
import type * as Ast from '../parser/ast.ts';
import type { PlanEnvironment } from '../planner/planner.ts';

/** A CTE that hides a relation's name counts as the relation too: a dependency too many, never one too few. */
export function dependenciesOf(query: Ast.Query, environment: PlanEnvironment): RelationId[] {
  const ids = new Set<RelationId>();
  visitTables(query, (name) => {
    const relation = environment.catalog.find(name.parts, environment.searchPath);
    if (relation !== undefined && relation.kind !== 'system') ids.add(relation.id);
  });
  return [...ids];
}

function visitTables(node: unknown, visit: (name: Ast.QualifiedName) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visitTables(item, visit);
  } else if (typeof node === 'object' && node !== null) {
    if ('kind' in node && node.kind === 'table') visit((node as Ast.TableRef).name);
    for (const child of Object.values(node)) visitTables(child, visit);
  }
}
