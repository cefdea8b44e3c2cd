/** Column references to fields, and PostgreSQL's errors and hints when there is none or more than one (parse_relation.c). */
import { ambiguousColumn, featureNotSupported, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { Expr } from '../../expr/expr.ts';
import type { ColumnRef } from '../../parser/ast.ts';
import { columnOf } from '../logical/logical.ts';
import type { Binder } from './binder.ts';
import { missingColumn, missingTable } from './name-hints.ts';
import type { Scope, ScopeColumn, ScopeTable } from './scope.ts';

/** The column a reference means, through the enclosing queries. Throws 42702, 42703, 42P01, 42P09. */
export function resolveColumn(binder: Binder, reference: ColumnRef, scope: Scope): ScopeColumn {
  const { parts, at } = reference;
  const name = parts[parts.length - 1] as string;
  if (parts.length === 1) return resolvePlain(name, scope, at);
  if (parts.length > 4) {
    throw new SqlError(SqlState.syntaxError, `improper qualified name (too many dotted names): ${parts.join('.')}`, {
      position: at,
    });
  }
  if (parts.length === 4 && parts[0] !== binder.environment.context.session.database) {
    throw featureNotSupported(`cross-database references are not implemented: ${parts.join('.')}`, { position: at });
  }
  const table = findTable(parts.slice(0, -1), scope, at);
  if (table === null) throw missingTable(parts[parts.length - 2] as string, scope, at);
  return columnOfTable(table, name, scope, at);
}

export const bindColumn = (binder: Binder, reference: ColumnRef, scope: Scope): Expr =>
  binder.locate(columnOf(resolveColumn(binder, reference, scope).field), reference.at);

function resolvePlain(name: string, scope: Scope, at: number): ScopeColumn {
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    const found = level.columns.filter((column) => column.name === name);
    if (found.length > 1) throw ambiguousColumn(name, at);
    if (found.length === 1) return found[0] as ScopeColumn;
  }
  if (findTable([name], scope, at) !== null) {
    throw featureNotSupported('whole-row references are not supported', {
      hint: `Name the columns, as in ${name}.*.`,
      position: at,
    });
  }
  throw missingColumn(null, name, scope, at);
}

/** The table that `table`, `schema.table` or `database.schema.table` names, or null. */
export function findTable(parts: readonly string[], scope: Scope, at: number): ScopeTable | null {
  const name = parts[parts.length - 1] as string;
  const schema = parts[parts.length - 2];
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    const found = level.tables.filter(
      (table) => table.name === name && (schema === undefined || table.schema === schema),
    );
    if (found.length > 1) {
      throw new SqlError(SqlState.ambiguousAlias, `table reference "${name}" is ambiguous`, { position: at });
    }
    if (found.length === 1) return found[0] as ScopeTable;
  }
  return null;
}

function columnOfTable(table: ScopeTable, name: string, scope: Scope, at: number): ScopeColumn {
  const found = table.columns.filter((column) => column.name === name);
  if (found.length > 1) throw ambiguousColumn(name, at);
  if (found.length === 1) return found[0] as ScopeColumn;
  throw missingColumn(table.name, name, scope, at);
}
