/**
 * Queries: WITH, set operations, SELECT, VALUES, TABLE, and what may follow them (ORDER BY, LIMIT, FOR UPDATE, EMIT).
 * FROM is in `from.ts`.
 */
import { type SqlError, syntaxError } from '../base/errors.ts';
import type {
  CommonTable,
  Expr,
  GroupItem,
  LimitClause,
  Query,
  QueryBody,
  Select,
  SelectTarget,
  SetOperation,
  SortItem,
  Values,
  WindowSpec,
  WithClause,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseEmit, startsEmit } from './emit.ts';
import { parseFromItem } from './from.ts';
import { mayBeBareLabel } from './keywords.ts';
import { parseOrderBy, parseWindowSpec } from './ordering.ts';
import { parsePrimary } from './primaries.ts';
import { TokenKind } from './token.ts';

/** A query with its own WITH, ORDER BY, LIMIT and EMIT. */
export function parseQuery(cursor: Cursor): Query {
  const outerHeight = cursor.enter();
  const at = cursor.at;
  const withClause = parseWith(cursor);
  const query = finishQuery(cursor, at, withClause, parseSetOperations(cursor, parseOperand(cursor), 0));
  cursor.leave(outerHeight);
  return query;
}

/** Goes on with a query whose first operand stood in parentheses and is already parsed. */
export function continueQuery(cursor: Cursor, first: Query): Query {
  return finishQuery(cursor, first.at, null, parseSetOperations(cursor, simplify(first), 0));
}

// ---------------------------------------------------------------------------------------------------------- WITH

/** `WITH [RECURSIVE] name AS (…), …` if it comes next. */
export function parseWith(cursor: Cursor): WithClause | null {
  const at = cursor.at;
  if (!cursor.accept('with')) return null;
  // `WITH recursive AS (…)` names a table so.
  const recursive = cursor.isColumnId(1) && cursor.accept('recursive');
  return { at, recursive, ctes: cursor.list(parseCommonTable) };
}

function parseCommonTable(cursor: Cursor): CommonTable {
  const at = cursor.at;
  const name = cursor.columnId();
  const columns = parseOptionalNames(cursor);
  cursor.expect('as');
  const materialized = parseMaterialized(cursor);
  cursor.expect('(');
  const query = parseCommonQuery(cursor);
  cursor.expect(')');
  parseSearchAndCycle(cursor);
  return { at, name, columns, materialized, query };
}

function parseMaterialized(cursor: Cursor): boolean | null {
  if (cursor.accept('not')) {
    cursor.expect('materialized');
    return false;
  }
  return cursor.accept('materialized') ? true : null;
}

const NO_ROWS: Values = { kind: 'values', at: 0, rows: [] };

/** INSERT, UPDATE and DELETE may stand in WITH too; they are read, and the statement is refused. */
function parseCommonQuery(cursor: Cursor): Query {
  const at = cursor.at;
  const isChange = cursor.is('insert') || cursor.is('update') || cursor.is('delete');
  if (!isChange) return parseQuery(cursor);
  cursor.refuse(`${cursor.tag.toUpperCase()} in WITH`);
  cursor.grammar.statement(cursor);
  return bareQuery(at, NO_ROWS);
}

function parseSearchAndCycle(cursor: Cursor): void {
  if (cursor.is('search')) {
    cursor.refuse('SEARCH clause of WITH');
    cursor.index++;
    cursor.expectOneOf('breadth', 'depth');
    cursor.expect('first');
    cursor.expect('by');
    cursor.list((inner) => inner.columnId());
    cursor.expect('set');
    cursor.columnId();
  }
  if (!cursor.is('cycle')) return;
  cursor.refuse('CYCLE clause of WITH');
  cursor.index++;
  cursor.list((inner) => inner.columnId());
  cursor.expect('set');
  cursor.columnId();
  if (cursor.accept('to')) {
    parsePrimary(cursor);
    cursor.expect('default');
    parsePrimary(cursor);
  }
  cursor.expect('using');
  cursor.columnId();
}

/** `(a, b)` or nothing. */
export function parseOptionalNames(cursor: Cursor): string[] {
  return cursor.is('(') ? cursor.parenthesised((inner) => inner.columnId()) : [];
}

// ------------------------------------------------------------------------------------------------ set operations

const setPrecedence = (cursor: Cursor) =>
  cursor.is('union') || cursor.is('except') ? 1 : cursor.is('intersect') ? 2 : 0;

/** UNION and EXCEPT from the left, INTERSECT tighter. */
function parseSetOperations(cursor: Cursor, first: QueryBody, minimum: number): QueryBody {
  let left = first;
  for (;;) {
    const precedence = setPrecedence(cursor);
    if (precedence <= minimum) return left;
    const at = cursor.at;
    const operator = cursor.takeValue() as SetOperation['operator'];
    const all = cursor.accept('all');
    if (!all) cursor.accept('distinct');
    const right = parseSetOperations(cursor, parseOperand(cursor), precedence);
    left = { kind: 'set-operation', at, operator, all, left, right };
    cursor.grow();
  }
}

function parseOperand(cursor: Cursor): QueryBody {
  switch (cursor.tag) {
    case 'select':
      return parseSelect(cursor);
    case 'values':
      return parseValues(cursor);
    case 'table':
      return parseTable(cursor);
    case '(':
      return simplify(cursor.parenthesisedQuery());
    default:
      return cursor.fail();
  }
}

/** What a parenthesised query is to the query around it: its body alone, if it has nothing else. */
function simplify(query: Query): QueryBody {
  const isBare =
    query.with === null &&
    query.orderBy.length === 0 &&
    query.limit === null &&
    query.offset === null &&
    !query.locking &&
    query.emit === null;
  return isBare ? query.body : query;
}

function parseValues(cursor: Cursor): Values {
  const at = cursor.at;
  cursor.expect('values');
  return { kind: 'values', at, rows: cursor.list((inner) => inner.parenthesised((row) => row.expression())) };
}

/** `TABLE t` is `SELECT * FROM t`. */
function parseTable(cursor: Cursor): Select {
  const at = cursor.at;
  cursor.expect('table');
  const only = cursor.accept('only');
  const isParenthesised = only && cursor.accept('(');
  const nameAt = cursor.at;
  const name = cursor.qualifiedName();
  if (isParenthesised) cursor.expect(')');
  if (!only) cursor.accept('*');
  const star: SelectTarget = { at: nameAt, expr: { kind: 'star', at: nameAt, qualifier: [] }, alias: null };
  const from: Select['from'] = [{ kind: 'table', at: nameAt, name, only, alias: null }];
  return { ...EMPTY_SELECT, at, targets: [star], from };
}

// ------------------------------------------------------------------------------------- what follows a query's body

function bareQuery(at: number, body: QueryBody): Query {
  const none: SortItem[] = [];
  return { kind: 'query', at, with: null, body, orderBy: none, limit: null, offset: null, locking: false, emit: null };
}

function finishQuery(cursor: Cursor, at: number, withClause: WithClause | null, body: QueryBody): Query {
  const orderBy = parseOrderBy(cursor);
  let { limit, offset, locking, emit } = NO_TAIL;
  for (;;) {
    if (limit === null && cursor.is('limit')) limit = parseLimit(cursor);
    else if (limit === null && cursor.is('fetch')) limit = parseFetchFirst(cursor);
    else if (offset === null && cursor.accept('offset')) offset = parseOffset(cursor);
    else if (cursor.is('for')) locking = parseLocking(cursor) || locking;
    else if (emit === null && startsEmit(cursor)) emit = parseEmit(cursor);
    else break;
  }
  const outer: Query = { kind: 'query', at, with: withClause, body, orderBy, limit, offset, locking, emit };
  const query = body.kind === 'query' ? merge(body, outer) : outer;
  if (query.limit?.withTies && query.orderBy.length === 0) {
    throw syntaxError('WITH TIES cannot be specified without ORDER BY clause');
  }
  return query;
}

type Tail = Pick<Query, 'limit' | 'offset' | 'locking' | 'emit'>;
const NO_TAIL: Tail = { limit: null, offset: null, locking: false, emit: null };

/**
 * `(SELECT … LIMIT 5) ORDER BY a` is one query: PostgreSQL adds the clauses outside the parentheses to those inside
 * (insertSelectOptions), and refuses two of a kind.
 */
function merge(inner: Query, outer: Query): Query {
  if (inner.orderBy.length > 0 && outer.orderBy.length > 0) throw multiple('ORDER BY', outer.orderBy[0]?.at);
  if (inner.offset !== null && outer.offset !== null) throw multiple('OFFSET', outer.offset.at);
  if (inner.limit !== null && outer.limit !== null) throw multiple('LIMIT', outer.limit.count?.at ?? outer.limit.at);
  if (inner.with !== null && outer.with !== null) throw multiple('WITH', outer.with.at);
  if (inner.emit !== null && outer.emit !== null) throw multiple('EMIT', outer.emit.at);
  return {
    kind: 'query',
    at: outer.at,
    with: inner.with ?? outer.with,
    body: inner.body,
    orderBy: inner.orderBy.length > 0 ? inner.orderBy : outer.orderBy,
    limit: inner.limit ?? outer.limit,
    offset: inner.offset ?? outer.offset,
    locking: inner.locking || outer.locking,
    emit: inner.emit ?? outer.emit,
  };
}

const multiple = (clause: string, position: number | undefined): SqlError =>
  syntaxError(`multiple ${clause} clauses not allowed`, { position });

function parseLimit(cursor: Cursor): LimitClause {
  const at = cursor.at;
  cursor.expect('limit');
  const count = cursor.accept('all') ? null : cursor.expression();
  if (cursor.accept(',')) {
    cursor.expression();
    const hint = 'Use separate LIMIT and OFFSET clauses.';
    throw syntaxError('LIMIT #,# syntax is not supported', { position: at, hint });
  }
  return { at, count, withTies: false };
}

/** `FETCH { FIRST | NEXT } [n] { ROW | ROWS } { ONLY | WITH TIES }`. */
function parseFetchFirst(cursor: Cursor): LimitClause {
  const at = cursor.at;
  cursor.expect('fetch');
  cursor.expectOneOf('first', 'next');
  const hasCount = !(
    (cursor.is('row') || cursor.is('rows')) &&
    (cursor.isAhead(1, 'only') || cursor.isAhead(1, 'with'))
  );
  const count: Expr = hasCount ? parseFetchCount(cursor) : { kind: 'constant', at, type: 'integer', text: '1' };
  cursor.expectOneOf('row', 'rows');
  const withTies = cursor.accept('with');
  cursor.expect(withTies ? 'ties' : 'only');
  return { at, count, withTies };
}

function parseFetchCount(cursor: Cursor): Expr {
  const isSigned = cursor.is('-') || cursor.is('+');
  if (!isSigned) return parsePrimary(cursor);
  if (cursor.kindAhead(1) !== TokenKind.integer && cursor.kindAhead(1) !== TokenKind.decimal) {
    cursor.index++;
    cursor.fail();
  }
  return cursor.expression();
}

function parseOffset(cursor: Cursor): Expr {
  const offset = cursor.expression();
  cursor.acceptOneOf('row', 'rows');
  return offset;
}

/** `FOR { UPDATE | NO KEY UPDATE | SHARE | KEY SHARE } [OF …] [NOWAIT | SKIP LOCKED]`; false for `FOR READ ONLY`. */
function parseLocking(cursor: Cursor): boolean {
  cursor.expect('for');
  if (cursor.accept('read')) {
    cursor.expect('only');
    return false;
  }
  if (cursor.accept('no')) {
    cursor.expect('key');
    cursor.expect('update');
  } else if (cursor.accept('key')) cursor.expect('share');
  else cursor.expectOneOf('update', 'share');
  if (cursor.accept('of')) cursor.list((inner) => inner.qualifiedName());
  if (cursor.accept('skip')) cursor.expect('locked');
  else cursor.accept('nowait');
  return true;
}

// -------------------------------------------------------------------------------------------------------- SELECT

const EMPTY_SELECT: Select = {
  kind: 'select',
  at: 0,
  distinct: null,
  targets: [],
  from: [],
  where: null,
  groupBy: [],
  groupDistinct: false,
  having: null,
  windows: [],
  qualify: null,
};

function parseSelect(cursor: Cursor): Select {
  const at = cursor.at;
  cursor.expect('select');
  const distinct = parseDistinct(cursor);
  const targets = distinct === null && endsTargets(cursor) ? [] : cursor.list(parseTarget);
  if (cursor.is('into')) skipInto(cursor);
  const from = cursor.accept('from') ? cursor.list(parseFromItem) : [];
  const where = cursor.accept('where') ? cursor.expression() : null;
  const isGrouped = cursor.is('group');
  if (isGrouped) cursor.index++;
  if (isGrouped) cursor.expect('by');
  const groupDistinct = isGrouped && cursor.accept('distinct');
  if (isGrouped && !groupDistinct) cursor.accept('all');
  const groupBy = isGrouped ? cursor.list(parseGroupItem) : [];
  const having = cursor.accept('having') ? cursor.expression() : null;
  const windows = cursor.accept('window') ? cursor.list(parseNamedWindow) : [];
  const qualify = cursor.accept('qualify') ? cursor.expression() : null;
  return { kind: 'select', at, distinct, targets, from, where, groupBy, groupDistinct, having, windows, qualify };
}

function parseDistinct(cursor: Cursor): Select['distinct'] {
  if (!cursor.accept('distinct')) {
    cursor.accept('all');
    return null;
  }
  return { on: cursor.accept('on') ? cursor.parenthesised((inner) => inner.expression()) : [] };
}

const AFTER_TARGETS = new Set(
  `from where group having window order limit offset fetch for union except intersect into returning on with ) ;`.split(
    ' ',
  ),
);

/** PostgreSQL allows a SELECT of no columns. */
function endsTargets(cursor: Cursor): boolean {
  return cursor.kind === TokenKind.end || (cursor.tag !== '' && AFTER_TARGETS.has(cursor.tag));
}

/** `INTO [TEMP | UNLOGGED] [TABLE] name`, which only CREATE TABLE AS may do here. */
function skipInto(cursor: Cursor): void {
  cursor.refuse('SELECT INTO');
  cursor.index++;
  cursor.acceptOneOf('temporary', 'temp', 'local', 'global', 'unlogged');
  cursor.acceptOneOf('temporary', 'temp');
  cursor.accept('table');
  cursor.qualifiedName();
}

/** `*`, or an expression with an optional name; shared by SELECT and RETURNING. */
export function parseTarget(cursor: Cursor): SelectTarget {
  const at = cursor.at;
  if (cursor.accept('*')) return { at, expr: { kind: 'star', at, qualifier: [] }, alias: null };
  const expr = cursor.expression();
  if (cursor.accept('as')) return { at, expr, alias: cursor.label() };
  return { at, expr, alias: isBareLabel(cursor) ? cursor.takeValue() : null };
}

function isBareLabel(cursor: Cursor): boolean {
  if (!cursor.isLabel()) return false;
  if (cursor.kind === TokenKind.quoted) return true;
  const tag = cursor.tag;
  if (tag === 'emit') return !startsEmit(cursor);
  return tag === '' || mayBeBareLabel(tag);
}

function parseNamedWindow(cursor: Cursor): { name: string; spec: WindowSpec } {
  const name = cursor.columnId();
  cursor.expect('as');
  return { name, spec: parseWindowSpec(cursor) };
}

// ------------------------------------------------------------------------------------------------------ GROUP BY

function parseGroupItem(cursor: Cursor): GroupItem {
  const at = cursor.at;
  if (cursor.acceptSequence('(', ')')) return { kind: 'group-list', at, exprs: [] };
  if (cursor.acceptSequence('grouping', 'sets')) {
    const outerHeight = cursor.enter();
    const items = cursor.parenthesised(parseGroupItem);
    cursor.leave(outerHeight);
    return { kind: 'grouping-sets', at, items };
  }
  if ((cursor.is('rollup') || cursor.is('cube')) && cursor.isAhead(1, '(')) {
    const kind = cursor.takeValue() === 'cube' ? 'cube' : 'rollup';
    return { kind, at, items: cursor.parenthesised(parseGroupExpr) };
  }
  return parseGroupExpr(cursor);
}

/** An expression; `(a, b)` is one item of two columns. */
function parseGroupExpr(cursor: Cursor): GroupItem {
  const at = cursor.at;
  const expr = cursor.expression();
  if (expr.kind === 'row' && !expr.explicit) return { kind: 'group-list', at, exprs: expr.fields };
  return { kind: 'group-expr', at, expr };
}
