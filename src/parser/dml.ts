/** INSERT, UPDATE, DELETE, TRUNCATE. */
import type {
  Assignment,
  Delete,
  Expr,
  FromItem,
  Insert,
  OnConflict,
  Query,
  SelectTarget,
  Statement,
  Truncate,
  Update,
  WithClause,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseFromItem } from './from.ts';
import { parseKey } from './keys.ts';
import { startsQuery } from './primaries.ts';
import { parseTarget, parseWith } from './select.ts';

/** `WITH … { INSERT | UPDATE | DELETE }`, or null where a query follows the WITH; nothing is taken then. */
export function parseChange(cursor: Cursor): Statement | null {
  const start = cursor.index;
  const at = cursor.at;
  const withClause = parseWith(cursor);
  switch (cursor.tag) {
    case 'insert':
      return parseInsert(cursor, at, withClause);
    case 'update':
      return parseUpdate(cursor, at, withClause);
    case 'delete':
      return parseDelete(cursor, at, withClause);
    default:
      cursor.index = start;
      return null;
  }
}

// -------------------------------------------------------------------------------------------------------- INSERT

function parseInsert(cursor: Cursor, at: number, withClause: WithClause | null): Insert {
  cursor.expect('insert');
  cursor.expect('into');
  const table = cursor.qualifiedName();
  const alias = cursor.accept('as') ? cursor.columnId() : null;
  const columns = startsColumnList(cursor) ? cursor.parenthesised(parseInsertColumn) : [];
  const overriding = parseOverriding(cursor);
  const source = parseSource(cursor);
  const onConflict = parseOnConflict(cursor);
  const returning = parseReturning(cursor);
  return { kind: 'insert', at, with: withClause, table, alias, columns, overriding, source, onConflict, returning };
}

/** `INSERT INTO t (…`: columns, or a query in parentheses. */
function startsColumnList(cursor: Cursor): boolean {
  return cursor.is('(') && cursor.isColumnId(1);
}

function parseInsertColumn(cursor: Cursor): Insert['columns'][number] {
  const at = cursor.at;
  const name = cursor.columnId();
  skipTargetIndirection(cursor);
  return { at, name };
}

/** `SET a[1] = …`, `SET a.field = …`: parts of a column cannot be assigned here. */
function skipTargetIndirection(cursor: Cursor): void {
  while (cursor.is('.') || cursor.is('[')) {
    cursor.refuse('assignment to part of a column');
    if (cursor.accept('.')) cursor.label();
    else {
      cursor.expect('[');
      cursor.expression();
      cursor.expect(']');
    }
  }
}

function parseOverriding(cursor: Cursor): Insert['overriding'] {
  if (!cursor.accept('overriding')) return null;
  const whose = cursor.expectOneOf('user', 'system');
  cursor.expect('value');
  return whose;
}

/** A query, or null for DEFAULT VALUES. */
function parseSource(cursor: Cursor): Query | null {
  if (cursor.accept('default')) {
    cursor.expect('values');
    return null;
  }
  if (!cursor.is('(') && !cursor.is('values') && !startsQuery(cursor)) cursor.fail();
  return cursor.query();
}

function parseOnConflict(cursor: Cursor): OnConflict | null {
  const at = cursor.at;
  if (!cursor.accept('on')) return null;
  cursor.expect('conflict');
  const target = cursor.is('(') ? cursor.parenthesised((inner) => parseKey(inner).expr) : [];
  const targetWhere = target.length > 0 && cursor.accept('where') ? cursor.expression() : null;
  const constraint = target.length === 0 && cursor.accept('on') ? parseConstraintName(cursor) : null;
  cursor.expect('do');
  if (cursor.accept('nothing')) {
    return { at, target, targetWhere, constraint, action: 'nothing', set: [], where: null };
  }
  cursor.expect('update');
  const set = parseSet(cursor);
  return { at, target, targetWhere, constraint, action: 'update', set, where: parseWhere(cursor) };
}

function parseConstraintName(cursor: Cursor): string {
  cursor.expect('constraint');
  return cursor.columnId();
}

// ------------------------------------------------------------------------------------------------ UPDATE, DELETE

function parseUpdate(cursor: Cursor, at: number, withClause: WithClause | null): Update {
  cursor.expect('update');
  const table = parseTargetTable(cursor);
  const alias = parseTargetAlias(cursor);
  const set = parseSet(cursor);
  const from = cursor.accept('from') ? cursor.list(parseFromItem) : [];
  const where = parseWhere(cursor);
  return { kind: 'update', at, with: withClause, table, alias, set, from, where, returning: parseReturning(cursor) };
}

function parseDelete(cursor: Cursor, at: number, withClause: WithClause | null): Delete {
  cursor.expect('delete');
  cursor.expect('from');
  const table = parseTargetTable(cursor);
  const alias = parseTargetAlias(cursor);
  const using: FromItem[] = cursor.accept('using') ? cursor.list(parseFromItem) : [];
  const where = parseWhere(cursor);
  return { kind: 'delete', at, with: withClause, table, alias, using, where, returning: parseReturning(cursor) };
}

/** Tables have no heirs here, so ONLY and `*` mean nothing. */
function parseTargetTable(cursor: Cursor) {
  const only = cursor.accept('only');
  const isParenthesised = only && cursor.accept('(');
  const name = cursor.qualifiedName();
  if (isParenthesised) cursor.expect(')');
  if (!only) cursor.accept('*');
  return name;
}

/** An alias; the word SET is one only with AS. */
function parseTargetAlias(cursor: Cursor): string | null {
  if (cursor.accept('as')) return cursor.columnId();
  return cursor.isColumnId() && !cursor.is('set') ? cursor.columnId() : null;
}

function parseSet(cursor: Cursor): Assignment[] {
  cursor.expect('set');
  return cursor.list(parseAssignment);
}

function parseAssignment(cursor: Cursor): Assignment {
  const at = cursor.at;
  const isRow = cursor.is('(');
  const columns = isRow ? cursor.parenthesised(parseAssignedColumn) : [parseAssignedColumn(cursor)];
  cursor.expect('=');
  return { at, columns, isRow, value: cursor.expression() };
}

function parseAssignedColumn(cursor: Cursor): string {
  const name = cursor.columnId();
  skipTargetIndirection(cursor);
  return name;
}

function parseWhere(cursor: Cursor): Expr | null {
  if (!cursor.accept('where')) return null;
  if (!cursor.isSequence('current', 'of')) return cursor.expression();
  cursor.refuse('WHERE CURRENT OF');
  cursor.index += 2;
  cursor.columnId();
  return null;
}

function parseReturning(cursor: Cursor): SelectTarget[] {
  return cursor.accept('returning') ? cursor.list(parseTarget) : [];
}

// ------------------------------------------------------------------------------------------------------ TRUNCATE

export function parseTruncate(cursor: Cursor): Truncate {
  const at = cursor.at;
  cursor.expect('truncate');
  cursor.accept('table');
  const tables = cursor.list(parseTargetTable);
  if (cursor.accept('restart') || cursor.accept('continue')) cursor.expect('identity');
  return { kind: 'truncate', at, tables, cascade: parseCascade(cursor) };
}

/** `[CASCADE | RESTRICT]`. */
export function parseCascade(cursor: Cursor): boolean {
  const cascade = cursor.accept('cascade');
  if (!cascade) cursor.accept('restrict');
  return cascade;
}
