/** What a definition works with: the database between two ticks, the session's names, and a way to speak to the client. */
import type { Notice } from '../base/errors.ts';
import type { Database } from './database.ts';
import type { DefinitionScope } from './definitions.ts';

export type DefinitionRun = {
  readonly database: Database;
  readonly scope: DefinitionScope;
  notice(notice: Notice): void;
  /** Why the statement is to stop, null to go on. */
  cancelReason(): string | null;
};
