/** What FROM items are made of: a plan under a name, the scan of a relation, the rules for names that meet. */
import { duplicateAlias, invalidColumnReference } from '../../base/errors.ts';
import type { QueryableRelation, ViewRelation } from '../../catalog/relation.ts';
import type { TableAlias } from '../../parser/ast.ts';
import type { Field, Get } from '../logical/logical.ts';
import type { Binder, BoundQuery } from './binder.ts';
import { type FromResult, noOrigin, type Scope, type ScopeColumn, type ScopeTable, type Visible } from './scope.ts';

export const nothingVisible: Visible = { tables: [], columns: [] };

/** One name may stand for one table, unless both are plain relations of different schemas. */
export function checkNames(left: readonly ScopeTable[], right: readonly ScopeTable[]): void {
  for (const table of right) {
    const same = left.find((other) => other.name === table.name);
    if (same === undefined) continue;
    if (same.schema !== null && table.schema !== null && same.schema !== table.schema) continue;
    throw duplicateAlias(table.name, undefined);
  }
}

export type Source = Pick<FromResult, 'plan' | 'columns'>;
export type Behind = Pick<ScopeTable, 'relation' | 'realName' | 'schema'>;
export const nothingBehind: Behind = { relation: null, realName: null, schema: null };

/** Puts a source under its alias, or its own name. */
export function named(
  binder: Binder,
  source: Source,
  ownName: string,
  alias: TableAlias | null,
  behind: Behind,
  scope: Scope,
): FromResult {
  const name = alias?.name ?? ownName;
  const columns = renamed(source.columns, alias, name);
  const table: ScopeTable = { name, columns, ...behind };
  scope.known.push(table);
  binder.own(
    columns.map((column) => column.field),
    scope,
  );
  return { plan: source.plan, tables: [table], columns };
}

/** Column aliases rename from the left; there may be fewer of them. */
export function renamed(
  columns: readonly ScopeColumn[],
  alias: TableAlias | null,
  table: string,
): readonly ScopeColumn[] {
  const names = alias?.columns ?? [];
  if (names.length > columns.length) {
    throw invalidColumnReference(
      `table "${table}" has ${columns.length} columns available but ${names.length} columns specified`,
    );
  }
  return columns.map((column, i) => {
    const name = names[i];
    return name === undefined ? column : { ...column, name, field: { ...column.field, name } };
  });
}

/** All columns of a stored relation. */
export function scanOf(binder: Binder, relation: Exclude<QueryableRelation, ViewRelation>): Source {
  const fields = relation.columns.map((column) =>
    binder.field(column.name, column.type, column.typmod, column.notNull),
  );
  const ids = (places: readonly number[]): readonly number[] => places.map((place) => (fields[place] as Field).id);
  const plan: Get = {
    kind: 'get',
    relation: relation.id,
    name: relation.name,
    source: relation.kind,
    keys: keysOf(relation).map(ids),
    watermark: watermarkOf(relation),
    fields,
  };
  return { plan, columns: columnsOver(fields, relation.id) };
}

const watermarkOf = (relation: Exclude<QueryableRelation, ViewRelation>): number | null =>
  (relation.kind === 'stream' || relation.kind === 'table') && relation.watermark !== null
    ? relation.watermark.column
    : null;

const columnsOver = (fields: readonly Field[], relation: number): readonly ScopeColumn[] =>
  fields.map((field, i) => ({ name: field.name, field, origin: { relation, attnum: i + 1 } }));

/** Column numbers that are unique together and not NULL, as far as constraints say. */
export function keysOf(relation: Exclude<QueryableRelation, ViewRelation>): readonly (readonly number[])[] {
  if (relation.kind === 'materialized-view') return relation.key === null ? [] : [relation.key];
  if (relation.kind !== 'table') return [];
  const solid = relation.uniques.filter((unique) => unique.columns.every((c) => relation.columns[c]?.notNull === true));
  const keys = relation.primaryKey === null ? solid : [relation.primaryKey, ...solid];
  return keys.map((key) => key.columns);
}

export const sourceOf = (bound: BoundQuery): Source => ({
  plan: bound.plan,
  columns: bound.columns.map(({ field, origin }) => ({ name: field.name, field, origin: origin ?? noOrigin })),
});
