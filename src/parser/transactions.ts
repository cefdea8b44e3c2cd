/** BEGIN, COMMIT, ROLLBACK, savepoints and their two-phase cousins. */
import type { Savepoint, Statement, Transaction } from './ast.ts';
import type { Cursor } from './cursor.ts';

export function parseBegin(cursor: Cursor): Transaction {
  const at = cursor.at;
  const isStart = cursor.accept('start');
  if (isStart) cursor.expect('transaction');
  else {
    cursor.expect('begin');
    skipTransactionWord(cursor);
  }
  return {
    kind: 'transaction',
    at,
    action: isStart ? 'start' : 'begin',
    modes: parseTransactionModes(cursor, false),
    chain: false,
  };
}

/** `[WORK | TRANSACTION]`. */
function skipTransactionWord(cursor: Cursor): void {
  cursor.acceptOneOf('work', 'transaction');
}

/** COMMIT and its synonym END. */
export function parseCommit(cursor: Cursor): Statement {
  const at = cursor.at;
  const isCommit = cursor.expectOneOf('commit', 'end') === 'commit';
  if (isCommit && cursor.accept('prepared')) return refusePrepared(cursor, at, 'COMMIT PREPARED');
  skipTransactionWord(cursor);
  return { kind: 'transaction', at, action: 'commit', modes: [], chain: parseChain(cursor) };
}

/** ROLLBACK, its synonym ABORT, and ROLLBACK TO. */
export function parseRollback(cursor: Cursor): Statement {
  const at = cursor.at;
  const isRollback = cursor.expectOneOf('rollback', 'abort') === 'rollback';
  if (isRollback && cursor.accept('prepared')) return refusePrepared(cursor, at, 'ROLLBACK PREPARED');
  skipTransactionWord(cursor);
  if (isRollback && cursor.accept('to')) return parseSavepointName(cursor, at, 'rollback-to');
  return { kind: 'transaction', at, action: 'rollback', modes: [], chain: parseChain(cursor) };
}

function refusePrepared(cursor: Cursor, at: number, what: string): Statement {
  cursor.expectString();
  return { kind: 'unsupported', at, what };
}

/** `AND [NO] CHAIN`. */
function parseChain(cursor: Cursor): boolean {
  if (!cursor.accept('and')) return false;
  const isChain = !cursor.accept('no');
  cursor.expect('chain');
  return isChain;
}

export function parseSavepoint(cursor: Cursor): Savepoint {
  const at = cursor.at;
  cursor.expect('savepoint');
  return { kind: 'savepoint', at, action: 'savepoint', name: cursor.columnId() };
}

export function parseRelease(cursor: Cursor): Savepoint {
  const at = cursor.at;
  cursor.expect('release');
  return parseSavepointName(cursor, at, 'release');
}

/** `[SAVEPOINT] name`. */
function parseSavepointName(cursor: Cursor, at: number, action: Savepoint['action']): Savepoint {
  if (cursor.isColumnId(1)) cursor.accept('savepoint');
  return { kind: 'savepoint', at, action, name: cursor.columnId() };
}

/** `ISOLATION LEVEL …, READ ONLY, …`; commas are optional, as in PostgreSQL. */
export function parseTransactionModes(cursor: Cursor, isRequired: boolean): string[] {
  const modes: string[] = [];
  let hasComma = isRequired;
  for (;;) {
    const mode = parseTransactionMode(cursor);
    if (mode === null && hasComma) cursor.fail();
    if (mode === null) return modes;
    modes.push(mode);
    hasComma = cursor.accept(',');
  }
}

function parseTransactionMode(cursor: Cursor): string | null {
  if (cursor.accept('isolation')) {
    cursor.expect('level');
    return `isolation level ${parseIsolationLevel(cursor)}`;
  }
  if (cursor.accept('read')) return `read ${cursor.expectOneOf('only', 'write')}`;
  if (cursor.accept('deferrable')) return 'deferrable';
  if (!cursor.accept('not')) return null;
  cursor.expect('deferrable');
  return 'not deferrable';
}

function parseIsolationLevel(cursor: Cursor): string {
  const word = cursor.expectOneOf('serializable', 'repeatable', 'read');
  if (word === 'serializable') return word;
  if (word === 'read') return `read ${cursor.expectOneOf('committed', 'uncommitted')}`;
  cursor.expect('read');
  return 'repeatable read';
}
