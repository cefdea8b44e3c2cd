/**
 * What the wire sees of the engine: sessions that take statements and answer into a sink. The only file of the engine that
 * the wire room imports.
 *
 * Calls that may take time return a promise; those that can answer at once return nothing, so that a cached point
 * lookup costs no promise. Errors are thrown (or rejected) as SqlError; anything else is our own mistake and becomes XX000.
 * After an error in the extended protocol the wire skips to Sync by itself.
 */
import type { Notice, SqlError } from '../base/errors.ts';
import type { Batch } from '../types/batch.ts';
import type { FormatSettings, SqlType } from '../types/type.ts';

export type ResultColumn = {
  readonly name: string;
  readonly type: SqlType;
  readonly typmod: number;
  /** Table OID and attribute number when the column is a plain column of a relation, else 0. */
  readonly tableOid: number;
  readonly attnum: number;
};

/** Where the results of statements go. Rows come as columns and are written from them without becoming objects. */
export interface ResultSink {
  /** The shape of the rows to come. In the simple protocol this is RowDescription; in the extended one Describe has told it already. */
  columns(columns: readonly ResultColumn[]): void;
  /** Rows `from` to `to` (exclusive) of a lent batch; the first `columns.length` columns, weights mean copies of a row. A promise asks the producer to wait (back pressure). */
  rows(batch: Batch, from: number, to: number, format: FormatSettings): void | Promise<void>;
  /** CommandComplete with this tag. */
  complete(tag: string): void;
  /** PortalSuspended: the row limit of Execute is reached and there is more. */
  suspended(): void;
  emptyQuery(): void;
  notice(notice: Notice): void;
  /** ParameterStatus. */
  parameterChanged(name: string, value: string): void;
}

export type SessionRequest = {
  readonly user: string;
  readonly database: string;
  /** Startup parameters as sent: application_name, client_encoding, options, DateStyle, TimeZone, …. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly clientAddress: string | null;
  readonly clientPort: number | null;
  /** Ends the connection with a FATAL `reason`, after a running statement has been cancelled; `close` follows. For pg_terminate_backend and time limits. */
  readonly terminate?: (reason: SqlError) => void;
};

export type StatementDescription = {
  readonly parameters: readonly SqlType[];
  /** Null when the statement returns no rows. */
  readonly columns: readonly ResultColumn[] | null;
};

export type TransactionStatus = 'I' | 'T' | 'E';

export interface Session {
  /** Process id and secret of BackendKeyData. */
  readonly pid: number;
  readonly secret: number;
  /** Parameters to report after authentication, in PostgreSQL's order. */
  readonly reported: readonly (readonly [name: string, value: string])[];
  readonly transactionStatus: TransactionStatus;

  /** Simple protocol: all statements of `sql`, in one implicit transaction as PostgreSQL has it. */
  query(sql: string, sink: ResultSink): void | Promise<void>;

  /** Parse. `parameterOids` 0 means: infer. */
  parse(name: string, sql: string, parameterOids: readonly number[]): void;
  /** Bind. Values are raw bytes, null for NULL; formats are 0 text, 1 binary, already expanded to one per value / column by the wire where possible (empty: all text; one: for all). Result formats concern the wire alone, which keeps them by portal name. The bytes are the session's to keep. */
  bind(
    portal: string,
    statement: string,
    values: readonly (Uint8Array | null)[],
    formats: readonly number[],
    sink: ResultSink,
  ): void;
  describeStatement(name: string): StatementDescription;
  /** Null when the portal returns no rows. */
  describePortal(name: string): readonly ResultColumn[] | null;
  /** Execute: up to `maxRows` rows, 0 for all, then `complete` or `suspended`. Does not call `sink.columns`. */
  execute(portal: string, maxRows: number, sink: ResultSink): void | Promise<void>;
  closeStatement(name: string): void;
  closePortal(name: string): void;
  /** Sync: ends the implicit transaction of the extended protocol, committing or, after `failed`, rolling back. */
  sync(failed: boolean): void | Promise<void>;
  /** The current statement is to stop with 57014; called from a cancel request or a lost client. */
  cancel(): void;
  /** The connection is gone: roll back, free everything. */
  close(): void;
}

export interface Server {
  /** Throws 3D000 for an unknown database, 28000 for an unknown role. */
  connect(request: SessionRequest): Session;
  /** Cancel request; does nothing when pid and secret do not match. */
  cancel(pid: number, secret: number): void;
}
