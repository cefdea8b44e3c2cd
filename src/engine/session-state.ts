/** What statements see of the session they run in. Implemented by engine-session.ts, which in turn runs statements. */
import type { Notice } from '../base/errors.ts';
import type { Statement } from '../parser/ast.ts';
import type { Value } from '../types/column.ts';
import type { FormatSettings, SqlType } from '../types/type.ts';
import type { Database } from './database.ts';
import type { Outcome } from './outcome.ts';
import type { Portal } from './portal.ts';
import type { Prepared } from './prepared.ts';
import type { SessionRequest } from './session.ts';
import type { Settings } from './settings.ts';
import type { Transaction } from './transaction.ts';

export type Preparation = {
  readonly name: string;
  readonly text: string;
  readonly statement: Statement | null;
  readonly parameterTypes: readonly (SqlType | null)[];
  readonly fromSql: boolean;
};

export interface SessionState {
  readonly database: Database;
  readonly request: SessionRequest;
  readonly pid: number;
  readonly settings: Settings;
  readonly transaction: Transaction;
  readonly statements: Map<string, Prepared>;
  readonly portals: Map<string, Portal>;
  /** Text of the message at hand. */
  readonly currentQuery: string;
  /** Why the statement at hand is to stop, null to go on. */
  readonly cancelReason: string | null;
  /** How rows are printed. */
  readonly outputFormat: FormatSettings;
  notice(notice: Notice): void;
  /** Throws 26000. */
  findStatement(name: string): Prepared;
  /** Throws 34000. */
  findPortal(name: string): Portal;
  prepare(preparation: Preparation): Prepared;
  run(prepared: Prepared, parameters: readonly Value[]): Outcome | Promise<Outcome>;
  /** Ends the block, explicit or not: its changes become one tick, or nothing. */
  endTransaction(commit: boolean): void | Promise<void>;
}
