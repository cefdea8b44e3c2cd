/** CREATE, DROP and ALTER … RENAME of what this server has, and COMMENT ON. */
import type {
  AlterRename,
  Comment,
  CreateIndex,
  CreateMaterializedView,
  CreateSchema,
  CreateStream,
  CreateTable,
  CreateTableAs,
  CreateView,
  Drop,
  QualifiedName,
  Query,
  RelationKind,
  Statement,
} from './ast.ts';
import { parseTableElements } from './columns.ts';
import type { Cursor } from './cursor.ts';
import { parseCascade } from './dml.ts';
import { parseKey } from './keys.ts';
import { parseFormat, parseWithOptions } from './options.ts';
import { parseOptionalNames } from './select.ts';
import { TokenKind } from './token.ts';

/** The statement behind CREATE, or null when it creates something this server does not have. */
export function parseCreate(cursor: Cursor): Statement | null {
  const start = cursor.index;
  const at = cursor.at;
  cursor.expect('create');
  const orReplace = cursor.acceptSequence('or', 'replace');
  const isUnlogged = cursor.accept('unlogged');
  const isLocal = !isUnlogged && cursor.acceptOneOf('local', 'global') !== null;
  const temporary = !isUnlogged && cursor.acceptOneOf('temporary', 'temp') !== null;
  if (isLocal && !temporary) cursor.fail();
  const statement = parseCreateObject(cursor, at, orReplace, temporary);
  if (statement === null) cursor.index = start;
  return statement;
}

function parseCreateObject(cursor: Cursor, at: number, orReplace: boolean, temporary: boolean): Statement | null {
  if (cursor.accept('view')) return parseCreateView(cursor, at, orReplace, temporary, false);
  if (cursor.acceptSequence('recursive', 'view')) return parseCreateView(cursor, at, orReplace, temporary, true);
  if (cursor.acceptSequence('materialized', 'view')) return parseCreateMaterializedView(cursor, at, orReplace);
  if (orReplace) return null;
  if (cursor.accept('table')) return parseCreateTable(cursor, at, temporary);
  if (temporary) return null;
  if (cursor.accept('stream') || cursor.accept('source')) return parseCreateStream(cursor, at);
  if (cursor.accept('schema')) return parseCreateSchema(cursor, at);
  if (cursor.acceptSequence('unique', 'index')) return parseCreateIndex(cursor, at, true);
  return cursor.accept('index') ? parseCreateIndex(cursor, at, false) : null;
}

function parseIfNotExists(cursor: Cursor): boolean {
  if (!cursor.accept('if')) return false;
  cursor.expect('not');
  cursor.expect('exists');
  return true;
}

export function parseIfExists(cursor: Cursor): boolean {
  if (!cursor.isSequence('if', 'exists')) return false;
  cursor.index += 2;
  return true;
}

// ----------------------------------------------------------------------------------------------- streams, tables

function parseCreateStream(cursor: Cursor, at: number): CreateStream {
  const ifNotExists = parseIfNotExists(cursor);
  const name = cursor.qualifiedName();
  const { columns, constraints, watermark } = parseTableElements(cursor, name.parts[name.parts.length - 1] as string);
  const options = parseWithOptions(cursor);
  const format = parseFormat(cursor);
  return { kind: 'create-stream', at, name, ifNotExists, columns, constraints, watermark, options, format };
}

function parseCreateTable(cursor: Cursor, at: number, temporary: boolean): CreateTable | CreateTableAs {
  const ifNotExists = parseIfNotExists(cursor);
  const name = cursor.qualifiedName();
  const isNameList = cursor.is('(') && cursor.isColumnId(1) && (cursor.isAhead(2, ',') || cursor.isAhead(2, ')'));
  if (isNameList || startsAs(cursor)) return parseCreateTableAs(cursor, at, name, ifNotExists, temporary);
  if (cursor.is('partition') || cursor.is('of')) {
    cursor.refuse(cursor.is('of') ? 'typed table' : 'PARTITION OF');
    return skipTable(cursor, at, name, ifNotExists, temporary);
  }
  const { columns, constraints, watermark } = parseTableElements(cursor, name.parts[name.parts.length - 1] as string);
  const appendOnly = cursor.acceptSequence('append', 'only');
  const onConflict = parseTableConflict(cursor);
  refuseInheritance(cursor);
  const options = parseStorage(cursor);
  const format = parseFormat(cursor);
  return {
    kind: 'create-table',
    at,
    name,
    ifNotExists,
    temporary,
    columns,
    constraints,
    watermark,
    appendOnly,
    onConflict,
    options,
    format,
  };
}

/** `USING`, `WITH (…)`, `ON COMMIT` and `TABLESPACE` may come before AS. */
function startsAs(cursor: Cursor): boolean {
  const isStorage = cursor.is('using') || cursor.is('tablespace') || cursor.isSequence('with', '(');
  return cursor.is('as') || isStorage || cursor.isSequence('on', 'commit');
}

function skipTable(
  cursor: Cursor,
  at: number,
  name: QualifiedName,
  ifNotExists: boolean,
  temporary: boolean,
): CreateTable {
  while (!cursor.isEnd()) cursor.index++;
  return {
    kind: 'create-table',
    at,
    name,
    ifNotExists,
    temporary,
    columns: [],
    constraints: [],
    watermark: null,
    appendOnly: false,
    onConflict: null,
    options: [],
    format: null,
  };
}

function parseTableConflict(cursor: Cursor): CreateTable['onConflict'] {
  if (!cursor.acceptSequence('on', 'conflict')) return null;
  if (cursor.accept('overwrite')) return 'overwrite';
  cursor.expect('do');
  cursor.expect('nothing');
  return 'nothing';
}

function refuseInheritance(cursor: Cursor): void {
  if (cursor.is('inherits')) {
    cursor.refuse('INHERITS');
    cursor.index++;
    if (cursor.accept('(')) cursor.skipParenthesised();
  }
  if (cursor.isSequence('partition', 'by')) {
    cursor.refuse('PARTITION BY of a table');
    cursor.index += 3;
    if (cursor.accept('(')) cursor.skipParenthesised();
  }
}

/** `USING heap`, `WITH (…)`, `WITHOUT OIDS`, `ON COMMIT …`, `TABLESPACE x`: only the options are kept. */
function parseStorage(cursor: Cursor) {
  if (cursor.accept('using')) cursor.columnId();
  const options = parseWithOptions(cursor);
  cursor.acceptSequence('without', 'oids');
  if (cursor.acceptSequence('on', 'commit')) parseOnCommit(cursor);
  if (cursor.accept('tablespace')) cursor.columnId();
  return options;
}

function parseOnCommit(cursor: Cursor): void {
  const at = cursor.at;
  const action = cursor.expectOneOf('preserve', 'delete', 'drop');
  if (action !== 'drop') cursor.expect('rows');
  if (action !== 'preserve') cursor.refuse(`ON COMMIT ${action.toUpperCase()}`, at);
}

function parseCreateTableAs(
  cursor: Cursor,
  at: number,
  name: QualifiedName,
  ifNotExists: boolean,
  temporary: boolean,
): CreateTableAs {
  const columns = parseOptionalNames(cursor);
  parseStorage(cursor);
  cursor.expect('as');
  const query = parseSourceQuery(cursor);
  const withData = parseWithData(cursor);
  return { kind: 'create-table-as', at, name, ifNotExists, temporary, columns, query, withData };
}

/** A query, or EXECUTE of a prepared one. */
function parseSourceQuery(cursor: Cursor): Query {
  if (!cursor.is('execute')) return cursor.query();
  cursor.refuse('CREATE TABLE AS EXECUTE');
  const at = cursor.at;
  cursor.grammar.statement(cursor);
  const body: Query['body'] = { kind: 'values', at, rows: [] };
  return { kind: 'query', at, with: null, body, orderBy: [], limit: null, offset: null, locking: false, emit: null };
}

/** `WITH [NO] DATA`. */
function parseWithData(cursor: Cursor): boolean {
  if (!cursor.accept('with')) return true;
  const isEmpty = cursor.accept('no');
  cursor.expect('data');
  return !isEmpty;
}

// --------------------------------------------------------------------------------------------------------- views

function parseCreateView(
  cursor: Cursor,
  at: number,
  orReplace: boolean,
  temporary: boolean,
  recursive: boolean,
): CreateView {
  if (recursive) cursor.refuse('CREATE RECURSIVE VIEW', at);
  const name = cursor.qualifiedName();
  const columns = parseOptionalNames(cursor);
  parseWithOptions(cursor);
  cursor.expect('as');
  const { query, queryText } = parseViewQuery(cursor);
  skipCheckOption(cursor);
  return { kind: 'create-view', at, name, orReplace, temporary, columns, query, queryText };
}

function parseViewQuery(cursor: Cursor): { query: Query; queryText: string } {
  const start = cursor.at;
  const query = cursor.query();
  return { query, queryText: cursor.source.slice(start, cursor.previousEnd) };
}

function skipCheckOption(cursor: Cursor): void {
  if (!cursor.is('with')) return;
  cursor.refuse('WITH CHECK OPTION');
  cursor.index++;
  cursor.acceptOneOf('cascaded', 'local');
  cursor.expect('check');
  cursor.expect('option');
}

function parseCreateMaterializedView(cursor: Cursor, at: number, orReplace: boolean): CreateMaterializedView {
  const ifNotExists = parseIfNotExists(cursor);
  const name = cursor.qualifiedName();
  const columns = parseOptionalNames(cursor);
  const options = parseStorage(cursor);
  cursor.expect('as');
  const { query, queryText } = parseViewQuery(cursor);
  const withData = parseWithData(cursor);
  return {
    kind: 'create-materialized-view',
    at,
    name,
    orReplace,
    ifNotExists,
    columns,
    options,
    query,
    queryText,
    withData,
  };
}

// ----------------------------------------------------------------------------------------------- schemas, indexes

function parseCreateSchema(cursor: Cursor, at: number): CreateSchema {
  const ifNotExists = parseIfNotExists(cursor);
  const ownName = cursor.is('authorization') ? null : cursor.columnId();
  const owner = cursor.accept('authorization') ? cursor.columnId() : null;
  if (!cursor.isEnd()) {
    if (!cursor.is('create') && !cursor.is('grant')) cursor.fail();
    cursor.refuse('elements of CREATE SCHEMA');
    while (!cursor.isEnd()) cursor.index++;
  }
  return { kind: 'create-schema', at, name: ownName ?? owner ?? cursor.fail(), ifNotExists };
}

function parseCreateIndex(cursor: Cursor, at: number, unique: boolean): CreateIndex {
  cursor.accept('concurrently');
  const ifNotExists = parseIfNotExists(cursor);
  const name = cursor.is('on') ? null : cursor.columnId();
  if (ifNotExists && name === null) cursor.fail();
  cursor.expect('on');
  cursor.accept('only');
  const table = cursor.qualifiedName();
  const method = cursor.accept('using') ? cursor.columnId() : null;
  const columns = cursor.parenthesised(parseKey);
  const include = cursor.accept('include') ? cursor.parenthesised((inner) => inner.columnId()) : [];
  skipIndexStorage(cursor);
  const where = cursor.accept('where') ? cursor.expression() : null;
  return { kind: 'create-index', at, name, ifNotExists, unique, table, method, columns, include, where };
}

function skipIndexStorage(cursor: Cursor): void {
  if (cursor.accept('nulls')) {
    if (cursor.accept('not')) cursor.refuse('NULLS NOT DISTINCT');
    cursor.expect('distinct');
  }
  parseWithOptions(cursor);
  if (cursor.accept('tablespace')) cursor.columnId();
}

// -------------------------------------------------------------------------------------------------- DROP and ALTER

const KINDS: ReadonlyMap<string, RelationKind> = new Map([
  ['stream', 'stream'],
  ['source', 'source'],
  ['table', 'table'],
  ['view', 'view'],
  ['index', 'index'],
  ['sink', 'sink'],
  ['schema', 'schema'],
  ['type', 'type'],
  ['sequence', 'sequence'],
]);

/** `TABLE`, `MATERIALIZED VIEW`, …; null and nothing taken for other kinds. */
export function parseRelationKind(cursor: Cursor): RelationKind | null {
  if (cursor.acceptSequence('materialized', 'view')) return 'materialized-view';
  const kind = KINDS.get(cursor.tag) ?? null;
  if (kind !== null) cursor.index++;
  return kind;
}

/** Null, with nothing taken, when it drops something this server does not have. */
export function parseDrop(cursor: Cursor): Drop | null {
  const start = cursor.index;
  const at = cursor.at;
  cursor.expect('drop');
  if (cursor.is('function')) return parseDropFunction(cursor, at);
  const object = parseRelationKind(cursor);
  if (object === null) {
    cursor.index = start;
    return null;
  }
  if (object === 'index') cursor.accept('concurrently');
  const ifExists = parseIfExists(cursor);
  const names = cursor.list((inner) => inner.anyName());
  return { kind: 'drop', at, object, names, ifExists, cascade: parseCascade(cursor) };
}

/** Argument types choose among overloads, of which this server has none to drop. */
function parseDropFunction(cursor: Cursor, at: number): Drop {
  cursor.expect('function');
  const ifExists = parseIfExists(cursor);
  const names = cursor.list(parseFunctionName);
  return { kind: 'drop', at, object: 'function', names, ifExists, cascade: parseCascade(cursor) };
}

function parseFunctionName(cursor: Cursor): QualifiedName {
  const at = cursor.at;
  const parts = [cursor.kind === TokenKind.typeOrFunction ? cursor.takeValue() : cursor.columnId()];
  while (cursor.accept('.')) parts.push(cursor.label());
  if (cursor.accept('(')) cursor.skipParenthesised();
  return { at, parts };
}

/** `ALTER kind name RENAME [COLUMN a] TO b`; null, with nothing taken, for every other ALTER. */
export function parseAlterRename(cursor: Cursor): AlterRename | null {
  const start = cursor.index;
  const at = cursor.at;
  cursor.expect('alter');
  const object = parseRelationKind(cursor);
  const rename = object === null ? null : parseRename(cursor, at, object);
  if (rename === null) cursor.index = start;
  return rename;
}

function parseRename(cursor: Cursor, at: number, object: RelationKind): AlterRename | null {
  const ifExists = parseIfExists(cursor);
  if (object === 'table') cursor.accept('only');
  const name = cursor.anyName();
  if (!cursor.accept('rename') || cursor.is('constraint') || cursor.is('attribute') || cursor.is('value')) return null;
  const hasColumn = cursor.accept('column') || !cursor.is('to');
  const column = hasColumn ? cursor.columnId() : null;
  cursor.expect('to');
  return { kind: 'alter-rename', at, object, name, ifExists, column, newName: cursor.columnId() };
}

// ------------------------------------------------------------------------------------------------------- COMMENT

/** `COMMENT ON kind name IS { 'text' | NULL }`. */
export function parseComment(cursor: Cursor): Comment {
  const at = cursor.at;
  cursor.expect('comment');
  cursor.expect('on');
  const words = [cursor.label()];
  while (cursor.isLabel() && cursor.isLabel(1) && !cursor.isAhead(1, 'is') && !cursor.isAhead(1, 'on')) {
    words.push(cursor.label());
  }
  const name = [...cursor.anyName().parts];
  if (cursor.accept('(')) cursor.skipParenthesised();
  if (cursor.accept('on')) name.unshift(...parseOwner(cursor));
  cursor.expect('is');
  const text = cursor.accept('null') ? null : cursor.expectString();
  return { kind: 'comment', at, object: words.join(' '), name, text };
}

/** The table in `CONSTRAINT c ON t`, which comes before the constraint in the name. */
function parseOwner(cursor: Cursor): readonly string[] {
  cursor.accept('domain');
  return cursor.anyName().parts;
}
