/** INSERT: rows for the named columns, converted as assignments, completed by defaults and generated columns. */
import {
  duplicateColumn,
  featureNotSupported,
  invalidColumnReference,
  SqlError,
  syntaxError,
  undefinedColumn,
  undefinedObject,
} from '../../base/errors.ts';
import type { ColumnDefinition, StreamRelation, TableRelation } from '../../catalog/relation.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { type Binder, contextFor } from '../bind/binder.ts';
import { bindWith } from '../bind/query.ts';
import { type Attachment, noOrigin, Scope } from '../bind/scope.ts';
import { type BoundRow, rowsPlan } from '../bind/values.ts';
import type { PlannedInsert } from '../environment.ts';
import { finishQuery } from '../finish.ts';
import { oneRow, project } from '../logical/build.ts';
import { columnOf, type Field, type Logical } from '../logical/logical.ts';
import { bindReturning } from './returning.ts';
import { assign, changeable, columnNumber, defaultOf, generatedAlways, generatedValue } from './target.ts';

export function planInsert(binder: Binder, statement: ast.Insert): PlannedInsert {
  const target = changeable(binder, statement.table, 'insert into');
  if (statement.with !== null) bindWith(binder, statement.with, null);
  const places = targetPlaces(statement, target);
  const given = bindSource(binder, statement, target, places);
  const onConflict = bindOnConflict(statement.onConflict, target);
  const row = completeRow(binder, target, given);
  const columns = row.fields.map((field) => ({ field, origin: noOrigin }));
  const visible = row.fields.map((field) => ({ name: field.name, field, origin: noOrigin }));
  const table = {
    name: statement.alias ?? target.name,
    schema: statement.alias === null ? target.schema : null,
    relation: target,
    realName: target.name,
    columns: visible,
  };
  const returning = bindReturning(binder, statement.returning, { tables: [table], columns: visible }, row.fields);
  const source = finishQuery(binder, { plan: row, columns, order: [] }).query;
  return { kind: 'insert', target, source, onConflict, returning };
}

/** The columns written to, in the order of the source's columns; all but generated ones when none are named. */
function targetPlaces(statement: ast.Insert, target: StreamRelation | TableRelation): readonly number[] {
  if (statement.columns.length === 0) return target.columns.map((_, i) => i);
  const places: number[] = [];
  for (const { name, at } of statement.columns) {
    const place = columnNumber(target, name, at);
    if (places.includes(place)) throw duplicateColumn(name, at);
    places.push(place);
  }
  return places;
}

/** A plan whose fields are the assigned columns; `places` says which column of the target each is. */
type Given = { readonly plan: Logical; readonly places: readonly number[]; readonly fields: readonly Field[] };

function bindSource(
  binder: Binder,
  statement: ast.Insert,
  target: StreamRelation | TableRelation,
  places: readonly number[],
): Given {
  const { source } = statement;
  if (source === null) return { plan: oneRow, places: [], fields: [] };
  const values = plainValues(source);
  return values === null
    ? fromQuery(binder, statement, source, target, places)
    : fromValues(binder, statement, values, target, places);
}

/** VALUES without anything around it may hold DEFAULT, and each cell takes the type of its column. */
const plainValues = (query: ast.Query): ast.Values | null =>
  query.body.kind === 'values' &&
  query.with === null &&
  query.orderBy.length === 0 &&
  query.limit === null &&
  query.offset === null
    ? query.body
    : null;

function checkWidth(
  statement: ast.Insert,
  width: number,
  places: readonly number[],
  extraAt: number | undefined,
): void {
  if (width > places.length) {
    throw syntaxError('INSERT has more expressions than target columns', { position: extraAt });
  }
  if (statement.columns.length > 0 && width < places.length) {
    throw syntaxError('INSERT has more target columns than expressions', { position: statement.columns[width]?.at });
  }
}

const refuseGenerated = (column: ColumnDefinition): void => {
  if (column.generated === null) return;
  throw generatedAlways(column.name, `cannot insert a non-DEFAULT value into column "${column.name}"`);
};

function fromValues(
  binder: Binder,
  statement: ast.Insert,
  values: ast.Values,
  target: StreamRelation | TableRelation,
  places: readonly number[],
): Given {
  const width = values.rows[0]?.length ?? 0;
  for (const row of values.rows) {
    if (row.length !== width) {
      throw syntaxError('VALUES lists must all be the same length', { position: row[0]?.at ?? values.at });
    }
    checkWidth(statement, row.length, places, row[places.length]?.at);
  }
  const used = places.slice(0, width);
  const columns = used.map((place) => target.columns[place] as ColumnDefinition);
  const rows = values.rows.map((row) => bindRow(binder, row, columns));
  const written = used.filter((_, c) => (columns[c] as ColumnDefinition).generated === null);
  const kept = rows.map((row) => ({
    ...row,
    exprs: row.exprs.filter((_, c) => (columns[c] as ColumnDefinition).generated === null),
  }));
  const fields = written.map((place) => fieldOf(binder, target.columns[place] as ColumnDefinition));
  return { plan: rowsPlan(binder, fields, kept), places: written, fields };
}

function bindRow(binder: Binder, row: readonly ast.Expr[], columns: readonly ColumnDefinition[]): BoundRow {
  const attachments: Attachment[] = [];
  const scope = new Scope(null);
  scope.clause = 'VALUES';
  const context = contextFor(scope, 'VALUES', attachments);
  const exprs = row.map((value, c): Expr => {
    const column = columns[c] as ColumnDefinition;
    if (value.kind === 'default') return column.generated === null ? defaultOf(binder, column) : nothing(column);
    refuseGenerated(column);
    return assign(binder, binder.bindExpr(binder, value, context), column, value.at);
  });
  return { exprs, attachments };
}

const nothing = (column: ColumnDefinition): Expr => ({ kind: 'constant', value: null, type: column.type, typmod: -1 });

const fieldOf = (binder: Binder, column: ColumnDefinition): Field =>
  binder.field(column.name, column.type, column.typmod);

function fromQuery(
  binder: Binder,
  statement: ast.Insert,
  query: ast.Query,
  target: StreamRelation | TableRelation,
  places: readonly number[],
): Given {
  const bound = binder.bindQuery(binder, query, { scope: null, keepUnknown: true });
  checkWidth(statement, bound.columns.length, places, query.at);
  const used = places.slice(0, bound.columns.length);
  const own = bound.plan.kind === 'project' ? bound.plan : null;
  const exprs = used.map((place, i) => {
    const column = target.columns[place] as ColumnDefinition;
    refuseGenerated(column);
    const { field } = bound.columns[i] as { field: Field };
    const made = own?.exprs[own.fields.findIndex((one) => one.id === field.id)];
    const at = made === undefined ? undefined : binder.positionOf(made);
    const value = made?.kind === 'constant' || made?.kind === 'parameter' ? made : columnOf(field);
    return assign(binder, at === undefined ? value : binder.locate(value, at), column, at ?? query.at);
  });
  const fields = used.map((place) => fieldOf(binder, target.columns[place] as ColumnDefinition));
  return { plan: project(bound.plan, fields, exprs), places: used, fields };
}

/** All columns of the target: what was given, defaults, and generated columns over both. */
function completeRow(binder: Binder, target: StreamRelation | TableRelation, given: Given): Logical {
  const fields = target.columns.map((column) => fieldOf(binder, column));
  const exprs = target.columns.map((column, place): Expr => {
    const source = given.fields[given.places.indexOf(place)];
    if (source !== undefined) return columnOf(source);
    return column.generated === null ? defaultOf(binder, column) : nothing(column);
  });
  return withGenerated(binder, target.columns, project(given.plan, fields, exprs));
}

/** Computes generated columns over the other fields of the row. */
export function withGenerated(binder: Binder, columns: readonly ColumnDefinition[], row: Logical): Logical {
  if (columns.every((column) => column.generated === null)) return row;
  const fields = row.fields.map((field) => binder.fresh(field));
  const exprs = columns.map((column, i) =>
    column.generated === null ? columnOf(row.fields[i] as Field) : generatedValue(binder, column, row.fields),
  );
  return project(row, fields, exprs);
}

// -------------------------------------------------------------------------------------------------------- ON CONFLICT

function bindOnConflict(clause: ast.OnConflict | null, target: StreamRelation | TableRelation): 'nothing' | null {
  if (clause === null) return null;
  if (clause.action === 'update') {
    throw featureNotSupported('ON CONFLICT DO UPDATE is not supported', {
      hint: 'Use ON CONFLICT DO NOTHING, or UPDATE the row.',
      position: clause.at,
    });
  }
  const keys = target.kind === 'table' ? [target.primaryKey, ...target.uniques].filter((key) => key !== null) : [];
  if (clause.constraint !== null) {
    if (keys.some((key) => key.name === clause.constraint)) return 'nothing';
    throw undefinedObject(`constraint "${clause.constraint}" for table "${target.name}" does not exist`);
  }
  if (clause.target.length === 0) return 'nothing';
  // PostgreSQL points at the parenthesis before the list.
  const at = (clause.target[0] as ast.Expr).at - 1;
  const places = clause.target.map((item) => conflictColumn(item, target, at));
  const matches = keys.some(
    (key) => key.columns.length === new Set(places).size && key.columns.every((place) => places.includes(place)),
  );
  if (matches) return 'nothing';
  throw invalidColumnReference('there is no unique or exclusion constraint matching the ON CONFLICT specification');
}

function conflictColumn(item: ast.Expr, target: StreamRelation | TableRelation, at: number): number {
  const name = item.kind === 'column-ref' && item.parts.length === 1 ? item.parts[0] : undefined;
  if (name === undefined)
    throw new SqlError('0A000', 'ON CONFLICT over expressions is not supported', { position: item.at });
  const place = target.columns.findIndex((column) => column.name === name);
  if (place < 0) throw undefinedColumn(name, at);
  return place;
}
