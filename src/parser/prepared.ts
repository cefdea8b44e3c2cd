/** PREPARE and EXECUTE, cursors, LISTEN and NOTIFY: what a session keeps by name. */
import type {
  CloseCursor,
  Deallocate,
  DeclareCursor,
  ExecuteStatement,
  FetchCursor,
  Listen,
  PrepareStatement,
  Query,
  Statement,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';
import { parseTypeName } from './type-names.ts';

/** `PREPARE name [(types)] AS statement`. */
export function parsePrepare(cursor: Cursor): Statement {
  const at = cursor.at;
  cursor.expect('prepare');
  if (cursor.is('transaction') && cursor.kindAhead(1) === TokenKind.string) {
    cursor.index += 2;
    return { kind: 'unsupported', at, what: 'PREPARE TRANSACTION' };
  }
  const name = cursor.columnId();
  const types = cursor.is('(') ? cursor.parenthesised(parseTypeName) : [];
  cursor.expect('as');
  const start = cursor.at;
  if (!PREPARABLE.has(cursor.tag)) cursor.fail();
  const statement = cursor.grammar.statement(cursor);
  const text = cursor.source.slice(start, cursor.previousEnd);
  const prepared: PrepareStatement = { kind: 'prepare', at, name, types, statement, text };
  return prepared;
}

const PREPARABLE = new Set(['select', 'values', 'table', 'with', '(', 'insert', 'update', 'delete', 'merge']);

export function parseExecute(cursor: Cursor): ExecuteStatement {
  const at = cursor.at;
  cursor.expect('execute');
  const name = cursor.columnId();
  return { kind: 'execute', at, name, args: cursor.is('(') ? cursor.parenthesised((inner) => inner.expression()) : [] };
}

export function parseDeallocate(cursor: Cursor): Deallocate {
  const at = cursor.at;
  cursor.expect('deallocate');
  if (cursor.is('prepare') && (cursor.isAhead(1, 'all') || cursor.isColumnId(1))) cursor.index++;
  return { kind: 'deallocate', at, name: cursor.accept('all') ? null : cursor.columnId() };
}

// ------------------------------------------------------------------------------------------------------- cursors

/** `DECLARE name [BINARY] [INSENSITIVE] [[NO] SCROLL] CURSOR [WITH HOLD] FOR query`. */
export function parseDeclare(cursor: Cursor): DeclareCursor {
  const at = cursor.at;
  cursor.expect('declare');
  const name = cursor.columnId();
  let binary = false;
  let scroll: boolean | null = null;
  while (!cursor.accept('cursor')) {
    if (cursor.accept('binary')) binary = true;
    else if (cursor.accept('no')) scroll = expectNoScroll(cursor);
    else if (cursor.accept('scroll')) scroll = true;
    else cursor.expectOneOf('insensitive', 'asensitive');
  }
  const hold = parseHold(cursor);
  cursor.expect('for');
  return { kind: 'declare-cursor', at, name, binary, scroll, hold, query: parseCursorQuery(cursor) };
}

function expectNoScroll(cursor: Cursor): false {
  cursor.expect('scroll');
  return false;
}

function parseHold(cursor: Cursor): boolean {
  const hold = cursor.accept('with');
  if (hold || cursor.accept('without')) cursor.expect('hold');
  return hold;
}

/** A query, or SUBSCRIBE, which this version only recognises. */
function parseCursorQuery(cursor: Cursor): Query {
  if (!cursor.is('subscribe')) return cursor.query();
  const at = cursor.at;
  cursor.refuse('SUBSCRIBE');
  while (!cursor.isEnd()) cursor.index++;
  const body: Query['body'] = { kind: 'values', at, rows: [] };
  return { kind: 'query', at, with: null, body, orderBy: [], limit: null, offset: null, locking: false, emit: null };
}

/** `FETCH [direction] [FROM | IN] cursor`, MOVE alike. */
export function parseFetch(cursor: Cursor): FetchCursor {
  const at = cursor.at;
  const move = cursor.expectOneOf('fetch', 'move') === 'move';
  const { direction, count } = parseDirection(cursor);
  cursor.acceptOneOf('from', 'in');
  return { kind: 'fetch', at, move, direction, count, cursor: cursor.columnId() };
}

type Direction = Pick<FetchCursor, 'direction' | 'count'>;

const NAMED_DIRECTIONS: Readonly<Record<'next' | 'prior' | 'first' | 'last', Direction>> = {
  next: { direction: 'forward', count: 1 },
  prior: { direction: 'backward', count: 1 },
  first: { direction: 'absolute', count: 1 },
  last: { direction: 'absolute', count: -1 },
};

function parseDirection(cursor: Cursor): Direction {
  if (isSignedInteger(cursor)) return { direction: 'forward', count: parseSignedInteger(cursor) };
  if (cursor.accept('all')) return { direction: 'forward', count: null };
  // The words are names as well: `FETCH next` alone reads from a cursor called next.
  if (!cursor.isColumnId(1) && !cursor.isAhead(1, 'from') && !cursor.isAhead(1, 'in') && !isCount(cursor, 1)) {
    return { direction: 'forward', count: 1 };
  }
  const named = cursor.acceptOneOf('next', 'prior', 'first', 'last');
  if (named !== null) return NAMED_DIRECTIONS[named];
  const position = cursor.acceptOneOf('absolute', 'relative');
  if (position !== null) return { direction: position, count: parseSignedInteger(cursor) };
  const direction = cursor.acceptOneOf('forward', 'backward');
  if (direction === null) return { direction: 'forward', count: 1 };
  if (cursor.accept('all')) return { direction, count: null };
  return { direction, count: isSignedInteger(cursor) ? parseSignedInteger(cursor) : 1 };
}

function isCount(cursor: Cursor, offset: number): boolean {
  const isSign = cursor.isAhead(offset, '-') || cursor.isAhead(offset, '+');
  return isSign || cursor.isAhead(offset, 'all') || cursor.kindAhead(offset) === TokenKind.integer;
}

const isSignedInteger = (cursor: Cursor) => cursor.kind === TokenKind.integer || cursor.is('-') || cursor.is('+');

function parseSignedInteger(cursor: Cursor): number {
  const sign = cursor.acceptOneOf('-', '+');
  const value = cursor.expectInteger();
  return sign === '-' ? -value : value;
}

export function parseClose(cursor: Cursor): CloseCursor {
  const at = cursor.at;
  cursor.expect('close');
  return { kind: 'close-cursor', at, name: cursor.accept('all') ? null : cursor.columnId() };
}

// ------------------------------------------------------------------------------------------------ LISTEN, NOTIFY

export function parseListen(cursor: Cursor): Listen {
  const at = cursor.at;
  const action = cursor.expectOneOf('listen', 'unlisten', 'notify');
  if (action === 'unlisten' && cursor.accept('*')) return { kind: 'listen', at, action, channel: null, payload: null };
  const channel = cursor.columnId();
  const payload = action === 'notify' && cursor.accept(',') ? cursor.expectString() : null;
  return { kind: 'listen', at, action, channel, payload };
}
