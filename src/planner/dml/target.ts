/** The relation a statement changes, and the expressions that assign to its columns. */
import {
  datatypeMismatch,
  insufficientPrivilege,
  objectNotInPrerequisiteState,
  SqlError,
  undefinedColumnOfRelation,
  wrongObjectType,
} from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { ColumnDefinition, StreamRelation, TableRelation } from '../../catalog/relation.ts';
import type { Expr } from '../../expr/expr.ts';
import type { QualifiedName } from '../../parser/ast.ts';
import type { Binder } from '../bind/binder.ts';
import { coerce } from '../bind/coercion.ts';
import { bindColumnText } from '../bind/column-expression.ts';
import type { Field } from '../logical/logical.ts';

export type Verb = 'insert into' | 'update' | 'delete from';

/** The stream or table; throws for everything that takes no changes. */
export function changeable(binder: Binder, name: QualifiedName, verb: Verb): StreamRelation | TableRelation {
  const { catalog, searchPath } = binder.environment;
  const relation = catalog.get(name.parts, searchPath, name.at);
  switch (relation.kind) {
    case 'stream':
    case 'table':
      return relation;
    case 'materialized-view':
      throw wrongObjectType(`cannot change materialized view "${relation.name}"`);
    case 'view':
      throw objectNotInPrerequisiteState(`cannot ${verb} view "${relation.name}"`, {
        detail: 'Views are not automatically updatable.',
        hint: 'Change the tables the view reads.',
      });
    case 'index':
      throw wrongObjectType(`cannot open relation "${relation.name}"`, {
        detail: 'This operation is not supported for indexes.',
        position: name.at,
      });
    case 'system':
      throw insufficientPrivilege(`permission denied: "${relation.name}" is a system catalog`);
  }
}

export function changeableTable(binder: Binder, name: QualifiedName, verb: Verb): TableRelation {
  const relation = changeable(binder, name, verb);
  if (relation.kind === 'table') return relation;
  throw wrongObjectType(`cannot ${verb} stream "${relation.name}"`, {
    hint: 'Streams are append-only. Keep rows that change in a table: CREATE TABLE … (… PRIMARY KEY (…)).',
    position: name.at,
  });
}

/** The number of a column by name. Throws 42703. */
export function columnNumber(relation: StreamRelation | TableRelation, name: string, at: number): number {
  const found = relation.columns.findIndex((column) => column.name === name);
  if (found < 0) throw undefinedColumnOfRelation(name, relation.name, at);
  return found;
}

/** `value` as it may be stored in the column. Throws 42804. */
export function assign(binder: Binder, value: Expr, column: ColumnDefinition, at: number): Expr {
  const coerced = coerce(binder, value, column.type, column.typmod, 'assignment', at);
  if (coerced !== null) return coerced;
  throw datatypeMismatch(
    `column "${column.name}" is of type ${column.type.displayName} but expression is of type ${value.type.displayName}`,
    { hint: 'You will need to rewrite or cast the expression.', position: binder.positionOf(value) ?? at },
  );
}

/** What a column holds when nothing is said: its default, else NULL. */
export const defaultOf = (binder: Binder, column: ColumnDefinition): Expr =>
  column.default === null
    ? { kind: 'constant', value: null, type: column.type, typmod: column.typmod }
    : bindColumnText(binder, column.default, [], column, 'DEFAULT');

/** The value of a generated column, over the fields of the same row. */
export const generatedValue = (binder: Binder, column: ColumnDefinition, row: readonly Field[]): Expr =>
  bindColumnText(binder, column.generated as string, row, column, 'GENERATED');

export const generatedAlways = (column: string, message: string): SqlError =>
  new SqlError(SqlState.generatedAlways, message, { detail: `Column "${column}" is a generated column.` });
