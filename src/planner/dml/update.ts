/** UPDATE: the old row beside the new one. With FROM, each row changes once, whichever partner comes first. */
import { featureNotSupported, syntaxError } from '../../base/errors.ts';
import type { ColumnDefinition, TableRelation } from '../../catalog/relation.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { int8 } from '../../types/integer.ts';
import { type Binder, contextFor, type ExprContext } from '../bind/binder.ts';
import { attachAll, bindWhere } from '../bind/conditions.ts';
import { bindFrom } from '../bind/from.ts';
import { bindWith } from '../bind/query.ts';
import { type Attachment, type FromResult, noOrigin, Scope } from '../bind/scope.ts';
import { checkNames, named, scanOf } from '../bind/sources.ts';
import type { PlannedUpdate } from '../environment.ts';
import { constant } from '../expr-tree.ts';
import { finishQuery } from '../finish.ts';
import { join, project, topN } from '../logical/build.ts';
import { columnOf, type Field, type Logical } from '../logical/logical.ts';
import { bindReturning } from './returning.ts';
import { assign, changeableTable, columnNumber, defaultOf, generatedAlways, generatedValue } from './target.ts';

export function planUpdate(binder: Binder, statement: ast.Update): PlannedUpdate {
  const target = changeableTable(binder, statement.table, 'update');
  if (statement.with !== null) bindWith(binder, statement.with, null);
  const scope = new Scope(null);
  const own = targetTable(binder, target, statement.alias, scope);
  const others = bindFrom(binder, statement.from, scope);
  if (others !== null) checkNames(own.tables, others.tables);
  const all = others === null ? own : together(own, others);
  scope.show(all);
  const attachments: Attachment[] = [];
  scope.clause = 'UPDATE';
  const context = contextFor(scope, 'UPDATE', attachments);
  const assigned = bindAssignments(binder, statement.set, target, context);
  scope.clause = 'WHERE';
  const matched = bindWhere(binder, statement.where, scope, all.plan, 'WHERE');
  const old = own.columns.map((column) => column.field);
  const once = others === null ? matched : oncePerRow(matched, target, old);
  const plan = oldAndNew(binder, target, old, assigned, attachAll(once, attachments));
  const renewed = plan.fields.slice(old.length);
  const visible = renewed.map((field, i) => ({ name: (old[i] as Field).name, field, origin: noOrigin }));
  const table = { ...(own.tables[0] as FromResult['tables'][number]), columns: visible };
  const returning = bindReturning(binder, statement.returning, { tables: [table], columns: visible }, renewed);
  const columns = plan.fields.map((field) => ({ field, origin: noOrigin }));
  const source = finishQuery(binder, { plan, columns, order: [] }).query;
  return { kind: 'update', target, source, returning };
}

export const targetTable = (binder: Binder, target: TableRelation, alias: string | null, scope: Scope): FromResult =>
  named(
    binder,
    scanOf(binder, target),
    target.name,
    alias === null ? null : { name: alias, columns: [] },
    { relation: target, realName: target.name, schema: alias === null ? target.schema : null },
    scope,
  );

export const together = (own: FromResult, others: FromResult): FromResult => ({
  plan: join('inner', own.plan, others.plan, null),
  tables: [...own.tables, ...others.tables],
  columns: [...own.columns, ...others.columns],
});

/** One partner for each row of the target. */
function oncePerRow(matched: Logical, target: TableRelation, old: readonly Field[]): Logical {
  const key = target.primaryKey?.columns;
  if (key === undefined) {
    throw featureNotSupported(`UPDATE … FROM needs a primary key on "${target.name}"`, {
      hint: 'Without one, equal rows cannot be told apart.',
    });
  }
  const partition = key.map((place) => (old[place] as Field).id);
  return topN(matched, partition, [], constant(1, int8), null);
}

// --------------------------------------------------------------------------------------------------------- assignments

type Assigned = ReadonlyMap<number, Expr>;

function bindAssignments(
  binder: Binder,
  list: readonly ast.Assignment[],
  target: TableRelation,
  context: ExprContext,
): Assigned {
  const found = new Map<number, Expr>();
  const put = (name: string, at: number, value: (column: ColumnDefinition) => Expr, isDefault: boolean): void => {
    const place = columnNumber(target, name, at);
    const column = target.columns[place] as ColumnDefinition;
    const bound = value(column);
    if (column.generated !== null && !isDefault) {
      throw generatedAlways(column.name, `column "${column.name}" can only be updated to DEFAULT`);
    }
    if (found.has(place)) throw syntaxError(`multiple assignments to same column "${name}"`);
    found.set(place, bound);
  };
  for (const item of list) {
    const values = item.isRow ? rowValues(item) : [item.value];
    item.columns.forEach((name, i) => {
      const value = values[i] as ast.Expr;
      const isDefault = value.kind === 'default';
      put(name, item.at, (column) => assignedValue(binder, value, column, context), isDefault);
    });
  }
  return found;
}

function assignedValue(binder: Binder, value: ast.Expr, column: ColumnDefinition, context: ExprContext): Expr {
  if (value.kind === 'default') return defaultOf(binder, column);
  return assign(binder, binder.bindExpr(binder, value, context), column, value.at);
}

/** `(a, b) = (1, 2)`. */
function rowValues(item: ast.Assignment): readonly ast.Expr[] {
  const { value } = item;
  if (value.kind === 'row') {
    if (value.fields.length === item.columns.length) return value.fields;
    throw syntaxError('number of columns does not match number of values', { position: value.at });
  }
  if (value.kind === 'subquery') {
    throw featureNotSupported('assigning several columns from a subquery is not supported', {
      hint: 'Write one subquery per column, or join it in FROM.',
      position: value.at,
    });
  }
  throw featureNotSupported('source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression', {
    position: value.at,
  });
}

/** The old columns, then the new ones; generated columns are computed over the new. */
function oldAndNew(
  binder: Binder,
  target: TableRelation,
  old: readonly Field[],
  assigned: Assigned,
  input: Logical,
): Logical {
  const renewed = old.map((field) => binder.fresh(field));
  const values = target.columns.map((_, i) => assigned.get(i) ?? columnOf(old[i] as Field));
  const both = project(input, [...old, ...renewed], [...old.map(columnOf), ...values]);
  if (target.columns.every((column) => column.generated === null)) return both;
  const fields = both.fields.map((field) => binder.fresh(field));
  const generated = target.columns.map((column, i) =>
    column.generated === null ? columnOf(renewed[i] as Field) : generatedValue(binder, column, renewed),
  );
  return project(both, fields, [...old.map(columnOf), ...generated]);
}
