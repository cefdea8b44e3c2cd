/** BEGIN, COMMIT, ROLLBACK, SET TRANSACTION and savepoints, with PostgreSQL's tags and warnings. */
import { type Notice, SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import type * as Ast from '../parser/ast.ts';
import { done, type Outcome } from './outcome.ts';
import type { SessionState } from './session-state.ts';
import { after } from './slices.ts';

const warning = (code: string, message: string): Notice => ({ severity: 'WARNING', code, message });

export function runTransaction(session: SessionState, statement: Ast.Transaction): Outcome | Promise<Outcome> {
  const { transaction } = session;
  switch (statement.action) {
    case 'begin':
    case 'start':
      if (transaction.isExplicit) {
        session.notice(warning(SqlState.activeSqlTransaction, 'there is already a transaction in progress'));
      } else {
        transaction.beginExplicit(session.database.now, isReadOnly(session, statement.modes));
      }
      applyModes(session, statement.modes, true);
      return done(statement.action === 'begin' ? 'BEGIN' : 'START TRANSACTION');
    case 'commit':
    case 'rollback':
      return endBlock(session, statement);
    case 'set':
      if (!transaction.isExplicit) {
        session.notice(
          warning(SqlState.noActiveSqlTransaction, 'SET TRANSACTION can only be used in transaction blocks'),
        );
      }
      transaction.isReadOnly = isReadOnly(session, statement.modes);
      applyModes(session, statement.modes, true);
      return done('SET');
    case 'set-session':
      applyModes(session, statement.modes, false);
      return done('SET');
  }
}

function endBlock(session: SessionState, statement: Ast.Transaction): Outcome | Promise<Outcome> {
  const { transaction } = session;
  if (!transaction.isExplicit) {
    session.notice(warning(SqlState.noActiveSqlTransaction, 'there is no transaction in progress'));
  }
  // A failed block cannot be committed: COMMIT rolls it back, and says so by its tag.
  const commits = statement.action === 'commit' && transaction.state !== 'failed';
  const isReadOnlyAgain = statement.chain && transaction.isReadOnly;
  return after(session.endTransaction(commits), () => {
    if (statement.chain) transaction.beginExplicit(session.database.now, isReadOnlyAgain);
    return done(commits ? 'COMMIT' : 'ROLLBACK');
  });
}

function isReadOnly(session: SessionState, modes: readonly string[]): boolean {
  if (modes.includes('read only')) return true;
  if (modes.includes('read write')) return false;
  return session.settings.get('default_transaction_read_only') === 'on';
}

/** Isolation levels are accepted and shown; every transaction is serializable here, which satisfies them all. */
function applyModes(session: SessionState, modes: readonly string[], isLocal: boolean): void {
  const prefix = isLocal ? 'transaction_' : 'default_transaction_';
  for (const mode of modes) {
    const level = /^isolation level (.*)$/.exec(mode)?.[1];
    if (level !== undefined) session.settings.set(`${prefix}isolation`, level, isLocal);
    else if (mode === 'read only' || mode === 'read write') {
      session.settings.set(`${prefix}read_only`, mode === 'read only' ? 'on' : 'off', isLocal);
    } else session.settings.set(`${prefix}deferrable`, mode === 'deferrable' ? 'on' : 'off', isLocal);
  }
}

export function runSavepoint(session: SessionState, statement: Ast.Savepoint): Outcome {
  const { transaction } = session;
  const words = {
    savepoint: 'SAVEPOINT',
    release: 'RELEASE SAVEPOINT',
    'rollback-to': 'ROLLBACK TO SAVEPOINT',
  } as const;
  if (!transaction.isExplicit) {
    throw new SqlError(
      SqlState.noActiveSqlTransaction,
      `${words[statement.action]} can only be used in transaction blocks`,
    );
  }
  switch (statement.action) {
    case 'savepoint':
      transaction.savepoint(statement.name);
      return done('SAVEPOINT');
    case 'release':
      transaction.release(statement.name);
      return done('RELEASE');
    case 'rollback-to':
      transaction.rollbackTo(statement.name);
      return done('ROLLBACK');
  }
}
