/** FROM: relations, views, common tables, derived tables and their combination. Joins and functions have files of their own. */
import { unreachable } from '../../base/assert.ts';
import { featureNotSupported, wrongObjectType } from '../../base/errors.ts';
import type { ViewRelation } from '../../catalog/relation.ts';
import type * as ast from '../../parser/ast.ts';
import { parseStatements } from '../../parser/parse.ts';
import { apply, join } from '../logical/build.ts';
import { cloneFresh } from '../logical/clone.ts';
import { usesAny } from '../logical/free.ts';
import type { Field } from '../logical/logical.ts';
import type { Binder, CommonTables } from './binder.ts';
import { bindJoin } from './joins.ts';
import type { FromResult, Scope, Visible } from './scope.ts';
import { checkNames, named, nothingBehind, nothingVisible, type Source, scanOf, sourceOf } from './sources.ts';
import { bindTableFunction } from './table-functions.ts';
import { bindWindowTable } from './window-tables.ts';

/** The whole clause; null when there is none. */
export function bindFrom(binder: Binder, items: readonly ast.FromItem[], scope: Scope): FromResult | null {
  let all: FromResult | null = null;
  for (const item of items) {
    const next = bindFromItem(binder, item, scope, all);
    all = all === null ? next : cross(all, next);
  }
  return all;
}

/** Every pair; a right side that uses the left one is applied to each of its rows. */
function cross(left: FromResult, right: FromResult): FromResult {
  checkNames(left.tables, right.tables);
  const lateral = usesAny(right.plan, left.plan.fields);
  const plan = lateral ? apply('inner', left.plan, right.plan, null) : join('inner', left.plan, right.plan, null);
  return { plan, tables: [...left.tables, ...right.tables], columns: [...left.columns, ...right.columns] };
}

/** `left`: what stands before the item in the clause, which a lateral item may use. */
export function bindFromItem(binder: Binder, item: ast.FromItem, scope: Scope, left: Visible | null): FromResult {
  switch (item.kind) {
    case 'table':
      return bindTable(binder, item, scope);
    case 'derived':
      return bindDerived(binder, item, scope, left);
    case 'join':
      return bindJoin(binder, item, scope, left);
    case 'table-function':
      return bindTableFunction(binder, item, scope, left);
    case 'window-table':
      return bindWindowTable(binder, item, scope, left);
    default:
      return unreachable(item);
  }
}

// --------------------------------------------------------------------------------------------------------- relations

function bindTable(binder: Binder, item: ast.TableRef, scope: Scope): FromResult {
  const { parts, at } = item.name;
  const name = parts[parts.length - 1] as string;
  const common = parts.length === 1 ? findCommonTable(binder.ctes, name) : null;
  if (common !== null) return commonTable(binder, common, item, scope);
  const { catalog, searchPath } = binder.environment;
  const relation = catalog.get(parts, searchPath, at);
  if (relation.kind === 'index') {
    throw wrongObjectType(`cannot open relation "${relation.name}"`, {
      detail: 'This operation is not supported for indexes.',
      position: at,
    });
  }
  const shared = { relation, realName: relation.name, schema: item.alias === null ? relation.schema : null };
  if (relation.kind === 'view') {
    return named(binder, viewOf(binder, relation), relation.name, item.alias, shared, scope);
  }
  return named(binder, scanOf(binder, relation), relation.name, item.alias, shared, scope);
}

function viewOf(binder: Binder, view: ViewRelation): Source {
  const [parsed] = parseStatements(view.query);
  const statement = parsed?.statement;
  if (statement?.kind !== 'select-statement') {
    throw featureNotSupported(`the definition of view "${view.name}" is not a query`);
  }
  const bound = binder.inView(view.searchPath, () => binder.bindQuery(binder, statement.query, { scope: null }));
  const columns = bound.columns.map(({ field }, i) => {
    const name = view.columns[i]?.name ?? field.name;
    return { name, field: { ...field, name }, origin: { relation: view.id, attnum: i + 1 } };
  });
  return { plan: bound.plan, columns };
}

// ------------------------------------------------------------------------------------------ queries within a query

function findCommonTable(ctes: CommonTables, name: string): NonNullable<CommonTables> | null {
  for (let entry = ctes; entry !== null; entry = entry.outer) if (entry.name === name) return entry;
  return null;
}

/** Every reference gets a copy: common tables are inlined. */
function commonTable(binder: Binder, entry: NonNullable<CommonTables>, item: ast.TableRef, scope: Scope): FromResult {
  if (entry.query === null) {
    throw featureNotSupported('recursive queries are not supported', { position: item.name.at });
  }
  const copy = cloneFresh(entry.query.plan, (field) => binder.fresh(field));
  const columns = entry.query.columns.map(({ field, origin }) => {
    const moved = { ...(copy.renamed.get(field.id) as Field), name: field.name };
    return { name: field.name, field: moved, origin };
  });
  const behind = { ...nothingBehind, realName: entry.name };
  return named(binder, { plan: copy.plan, columns }, entry.name, item.alias, behind, scope);
}

function bindDerived(binder: Binder, item: ast.DerivedTable, scope: Scope, left: Visible | null): FromResult {
  const outer = scope.beside(item.lateral && left !== null ? left : nothingVisible);
  scope.clause = 'FROM clause of their own query level';
  const bound = binder.bindQuery(binder, item.query, { scope: outer });
  return named(binder, sourceOf(bound), item.alias?.name ?? 'unnamed_subquery', item.alias, nothingBehind, scope);
}
