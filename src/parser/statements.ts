/** Which statement this is, by its first word. */
import type { RefreshMaterializedView, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseAlterRename, parseComment, parseCreate, parseDrop } from './ddl.ts';
import { parseChange, parseTruncate } from './dml.ts';
import { parseExplain } from './explain.ts';
import {
  parseClose,
  parseDeallocate,
  parseDeclare,
  parseExecute,
  parseFetch,
  parseListen,
  parsePrepare,
} from './prepared.ts';
import { parseQuery } from './select.ts';
import { parseDiscard, parseReset, parseSet, parseShow } from './settings.ts';
import { parseBegin, parseCommit, parseRelease, parseRollback, parseSavepoint } from './transactions.ts';
import { parseUnsupported } from './unsupported.ts';

/** One statement, without its semicolon. */
export function parseStatement(cursor: Cursor): Statement {
  return parseKnown(cursor) ?? parseUnsupported(cursor) ?? failAfterKnownWord(cursor);
}

/** Null, with nothing taken, for statements that are only recognised. */
function parseKnown(cursor: Cursor): Statement | null {
  switch (cursor.tag) {
    case 'select':
    case 'values':
    case 'table':
    case '(':
      return parseSelectStatement(cursor);
    case 'with':
      return parseChange(cursor) ?? parseSelectStatement(cursor);
    case 'insert':
    case 'update':
    case 'delete':
      return parseChange(cursor);
    case 'truncate':
      return parseTruncate(cursor);
    case 'create':
      return parseCreate(cursor);
    case 'drop':
      return parseDrop(cursor);
    case 'alter':
      return parseAlterRename(cursor);
    case 'comment':
      return parseComment(cursor);
    case 'refresh':
      return parseRefresh(cursor);
    case 'explain':
      return parseExplain(cursor);
    case 'checkpoint':
    case 'flush':
      return parseBareWord(cursor);
    default:
      return parseSessionStatement(cursor);
  }
}

function parseSessionStatement(cursor: Cursor): Statement | null {
  switch (cursor.tag) {
    case 'set':
      return parseSet(cursor);
    case 'reset':
      return parseReset(cursor);
    case 'show':
      return parseShow(cursor);
    case 'discard':
      return parseDiscard(cursor);
    case 'begin':
    case 'start':
      return parseBegin(cursor);
    case 'commit':
    case 'end':
      return parseCommit(cursor);
    case 'rollback':
    case 'abort':
      return parseRollback(cursor);
    case 'savepoint':
      return parseSavepoint(cursor);
    case 'release':
      return parseRelease(cursor);
    case 'prepare':
      return parsePrepare(cursor);
    case 'execute':
      return parseExecute(cursor);
    case 'deallocate':
      return parseDeallocate(cursor);
    case 'declare':
      return parseDeclare(cursor);
    case 'fetch':
    case 'move':
      return parseFetch(cursor);
    case 'close':
      return parseClose(cursor);
    case 'listen':
    case 'unlisten':
    case 'notify':
      return parseListen(cursor);
    default:
      return null;
  }
}

function parseSelectStatement(cursor: Cursor): Statement {
  const at = cursor.at;
  return { kind: 'select-statement', at, query: parseQuery(cursor) };
}

function parseBareWord(cursor: Cursor): Statement {
  const at = cursor.at;
  const isCheckpoint = cursor.accept('checkpoint');
  if (!isCheckpoint) cursor.expect('flush');
  return isCheckpoint ? { kind: 'checkpoint', at } : { kind: 'flush', at };
}

/** `REFRESH MATERIALIZED VIEW [CONCURRENTLY] v [WITH [NO] DATA]`. */
function parseRefresh(cursor: Cursor): RefreshMaterializedView {
  const at = cursor.at;
  cursor.expect('refresh');
  cursor.expect('materialized');
  cursor.expect('view');
  cursor.accept('concurrently');
  const name = cursor.qualifiedName();
  if (cursor.accept('with')) {
    cursor.accept('no');
    cursor.expect('data');
  }
  return { kind: 'refresh-materialized-view', at, name };
}

const LEADING_WORDS = new Set(
  'or replace local global temp temporary unlogged materialized unique recursive'.split(' '),
);

/** After CREATE, DROP and ALTER the word that is wrong is the first one that could not be part of a name. */
function failAfterKnownWord(cursor: Cursor): never {
  const isKnown = cursor.is('create') || cursor.is('drop') || cursor.is('alter');
  if (isKnown) cursor.index++;
  while (isKnown && LEADING_WORDS.has(cursor.tag)) cursor.index++;
  return cursor.fail();
}
