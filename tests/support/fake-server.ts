/**
 * An engine that knows its statements by heart: the wire is tested against it without SQL.
 *
 * A script maps statement texts to what they return. Prepared statements, portals, row limits, transaction status and the
 * errors about them behave as PostgreSQL's do; the rest is played back. Simple queries are split at semicolons.
 */
import {
  duplicatePreparedStatement,
  inFailedTransaction,
  protocolViolation,
  queryCanceled,
  SqlError,
  syntaxError,
  undefinedCursor,
  undefinedParameter,
  undefinedPreparedStatement,
} from '../../src/base/errors.ts';
import { SqlState } from '../../src/base/sqlstate.ts';
import type {
  ResultColumn,
  ResultSink,
  Server,
  Session,
  SessionRequest,
  StatementDescription,
  TransactionStatus,
} from '../../src/engine/session.ts';
import { type Batch, batchOfRows } from '../../src/types/batch.ts';
import { decodeUtf8 } from '../../src/types/bytes.ts';
import type { Value } from '../../src/types/column.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

export type FakeStatement = {
  readonly parameters?: readonly SqlType[];
  readonly columns?: readonly ResultColumn[];
  readonly rows?: readonly (readonly Value[])[] | ((parameters: readonly Value[]) => readonly (readonly Value[])[]);
  /** Batches instead of rows, for large results and weights. */
  readonly batches?: () => Iterable<Batch>;
  readonly tag?: string;
  /** Raised by Parse, by Bind, or by Execute before the first row. */
  readonly parseError?: SqlError;
  readonly bindError?: SqlError;
  readonly error?: SqlError | Error;
  /** What else happens: settings, notices, transactions. */
  readonly effect?: (session: FakeSession, sink: ResultSink) => void;
  /** Answer in a later turn of the event loop; wait to be cancelled before it, or after the rows. */
  readonly timing?: 'later' | 'forever' | 'endless';
};

export type Script = Readonly<Record<string, FakeStatement>>;

export const column = (name: string, type: SqlType, table = 0, attnum = 0): ResultColumn => ({
  name,
  type,
  typmod: -1,
  tableOid: table,
  attnum,
});

type Prepared = { readonly sql: string; readonly statement: FakeStatement };
type Portal = {
  readonly statement: FakeStatement;
  readonly batches: Iterator<Batch>;
  batch: Batch | null;
  next: number;
  sent: number;
};

const emptyStatement: FakeStatement = {};

export class FakeServer implements Server {
  readonly sessions = new Map<number, FakeSession>();
  readonly script: Map<string, FakeStatement>;
  readonly requests: SessionRequest[] = [];
  #nextPid = 100;

  constructor(script: Script = {}) {
    this.script = new Map(Object.entries(script));
  }

  connect(request: SessionRequest): Session {
    this.requests.push(request);
    if (request.database === 'nosuchdb') {
      throw new SqlError(SqlState.invalidCatalogName, `database "${request.database}" does not exist`);
    }
    if (request.user === 'nosuchrole') {
      throw new SqlError(SqlState.invalidRoleSpecification, `role "${request.user}" does not exist`);
    }
    for (const name of request.parameters.keys()) {
      if (name === 'no_such_guc' || name === 'fallback_application_name') {
        throw new SqlError(SqlState.undefinedObject, `unrecognized configuration parameter "${name}"`);
      }
    }
    const session = new FakeSession(this, this.#nextPid++, request);
    this.sessions.set(session.pid, session);
    return session;
  }

  cancel(pid: number, secret: number): void {
    const session = this.sessions.get(pid);
    if (session?.secret === secret) session.cancel();
  }
}

export class FakeSession implements Session {
  readonly pid: number;
  readonly secret: number;
  readonly reported: readonly (readonly [string, string])[];
  transactionStatus: TransactionStatus = 'I';
  readonly calls: string[] = [];
  readonly request: SessionRequest;
  readonly #server: FakeServer;
  readonly #prepared = new Map<string, Prepared>();
  readonly #portals = new Map<string, Portal>();
  #isCanceled = false;
  #stop: ((reason: SqlError) => void) | null = null;

  constructor(server: FakeServer, pid: number, request: SessionRequest) {
    this.#server = server;
    this.request = request;
    this.pid = pid;
    this.secret = -pid * 7919;
    this.reported = [
      ['application_name', request.parameters.get('application_name') ?? ''],
      ['client_encoding', 'UTF8'],
      ['DateStyle', 'ISO, MDY'],
      ['default_transaction_read_only', 'off'],
      ['in_hot_standby', 'off'],
      ['integer_datetimes', 'on'],
      ['IntervalStyle', 'postgres'],
      ['is_superuser', 'on'],
      ['server_encoding', 'UTF8'],
      ['server_version', '15.0 (fake)'],
      ['session_authorization', request.user],
      ['standard_conforming_strings', 'on'],
      ['TimeZone', request.parameters.get('TimeZone') ?? 'Etc/UTC'],
    ];
  }

  query(sql: string, sink: ResultSink): void | Promise<void> {
    this.calls.push('query');
    this.#prepared.delete('');
    this.#portals.delete('');
    const parts = splitStatements(sql);
    if (parts.length === 0) {
      sink.emptyQuery();
      return;
    }
    return this.#queryFrom(parts, 0, sink);
  }

  /** Goes on with statement `i`; a promise from the first that answers later. */
  #queryFrom(parts: readonly string[], i: number, sink: ResultSink): void | Promise<void> {
    for (let k = i; k < parts.length; k++) {
      const statement = this.#find(parts[k] as string);
      if (this.transactionStatus === 'E' && statement.tag !== 'ROLLBACK') throw inFailedTransaction();
      const unbound = statement.parameters === undefined ? undefined : undefinedParameter(1, 0);
      const error = statement.parseError ?? statement.bindError ?? unbound;
      if (error !== undefined) {
        this.#abort();
        throw error;
      }
      if (statement.columns !== undefined) sink.columns(statement.columns);
      const pending = this.#runPortal(openPortal(statement, []), 0, sink);
      if (pending !== undefined) return pending.then(() => this.#queryFrom(parts, k + 1, sink));
    }
  }

  parse(name: string, sql: string, _parameterOids: readonly number[]): void {
    this.calls.push(`parse ${name}`);
    const parts = splitStatements(sql);
    if (parts.length > 1) throw syntaxError('cannot insert multiple commands into a prepared statement');
    const statement = parts.length === 0 ? emptyStatement : this.#find(parts[0] as string);
    if (statement.parseError !== undefined) throw statement.parseError;
    if (name !== '' && this.#prepared.has(name)) throw duplicatePreparedStatement(name);
    this.#prepared.set(name, { sql, statement });
  }

  bind(
    portal: string,
    name: string,
    values: readonly (Uint8Array | null)[],
    formats: readonly number[],
    _sink: ResultSink,
  ): void {
    const statement = this.#preparedStatement(name).statement;
    const types = statement.parameters ?? [];
    if (values.length !== types.length) {
      throw protocolViolation(
        `bind message supplies ${values.length} parameters, but prepared statement "${name}" requires ${types.length}`,
      );
    }
    const parameters = values.map((value, i) =>
      decodeValue(types[i] as SqlType, value, formats.length > 1 ? (formats[i] as number) : (formats[0] ?? 0)),
    );
    if (statement.bindError !== undefined) throw statement.bindError;
    this.#portals.set(portal, openPortal(statement, parameters));
  }

  describeStatement(name: string): StatementDescription {
    const { statement } = this.#preparedStatement(name);
    return { parameters: statement.parameters ?? [], columns: statement.columns ?? null };
  }

  describePortal(name: string): readonly ResultColumn[] | null {
    return this.#portal(name).statement.columns ?? null;
  }

  execute(name: string, maxRows: number, sink: ResultSink): void | Promise<void> {
    return this.#runPortal(this.#portal(name), maxRows, sink);
  }

  closeStatement(name: string): void {
    this.#prepared.delete(name);
  }

  closePortal(name: string): void {
    this.#portals.delete(name);
  }

  sync(failed: boolean): void {
    this.calls.push(`sync ${failed}`);
    if (this.transactionStatus === 'T' && failed) this.transactionStatus = 'E';
    if (this.transactionStatus === 'I') this.#portals.clear();
  }

  cancel(): void {
    this.calls.push('cancel');
    this.#isCanceled = true;
    this.#stop?.(queryCanceled());
  }

  close(): void {
    this.calls.push('close');
    this.#server.sessions.delete(this.pid);
  }

  #find(sql: string): FakeStatement {
    const statement = this.#server.script.get(sql);
    if (statement !== undefined) return statement;
    throw syntaxError(`syntax error at or near "${sql.split(/\s/)[0]}"`, { position: 0 });
  }

  #preparedStatement(name: string): Prepared {
    const prepared = this.#prepared.get(name);
    if (prepared === undefined) throw undefinedPreparedStatement(name);
    return prepared;
  }

  #portal(name: string): Portal {
    const portal = this.#portals.get(name);
    if (portal === undefined) throw undefinedCursor(name);
    return portal;
  }

  #runPortal(portal: Portal, maxRows: number, sink: ResultSink): void | Promise<void> {
    const { timing } = portal.statement;
    if (timing === undefined) return this.#play(portal, maxRows, sink);
    const waiting = new Promise<void>((resolve, reject) => {
      this.#stop = reject;
      if (timing === 'later') setImmediate(resolve);
      if (timing === 'endless')
        setImmediate(() => sink.rows(portal.batches.next().value as Batch, 0, 1, defaultFormat));
    });
    return waiting
      .finally(() => {
        this.#stop = null;
      })
      .then(() => this.#play(portal, maxRows, sink))
      .catch((error) => {
        this.#abort();
        throw error;
      });
  }

  #play(portal: Portal, maxRows: number, sink: ResultSink): void | Promise<void> {
    const { statement } = portal;
    if (statement === emptyStatement) {
      sink.emptyQuery();
      return;
    }
    if (this.transactionStatus === 'E' && statement.tag !== 'ROLLBACK') throw inFailedTransaction();
    statement.effect?.(this, sink);
    if (statement.error !== undefined) {
      this.#abort();
      throw statement.error;
    }
    return this.#send(portal, maxRows === 0 ? Number.POSITIVE_INFINITY : maxRows, sink);
  }

  /** Batch after batch, waiting when the sink asks for it. */
  #send(portal: Portal, maxRows: number, sink: ResultSink): void | Promise<void> {
    portal.sent = 0;
    this.#isCanceled = false;
    return this.#sendOn(portal, maxRows, sink);
  }

  #sendOn(portal: Portal, maxRows: number, sink: ResultSink): void | Promise<void> {
    while (portal.sent < maxRows) {
      if (this.#isCanceled) throw queryCanceled();
      if (portal.batch === null || portal.next === portal.batch.length) {
        const { done, value } = portal.batches.next();
        if (done === true) {
          sink.complete(portal.statement.tag ?? `SELECT ${portal.sent}`);
          return;
        }
        portal.batch = value;
        portal.next = 0;
      }
      const from = portal.next;
      const count = Math.min(portal.batch.length - from, maxRows - portal.sent);
      portal.next = from + count;
      portal.sent += count;
      const behind = sink.rows(portal.batch, from, from + count, defaultFormat);
      if (behind instanceof Promise) return behind.then(() => this.#sendOn(portal, maxRows, sink));
    }
    sink.suspended();
  }

  #abort(): void {
    if (this.transactionStatus === 'T') this.transactionStatus = 'E';
  }
}

function openPortal(statement: FakeStatement, parameters: readonly Value[]): Portal {
  return { statement, batches: batchesOf(statement, parameters), batch: null, next: 0, sent: 0 };
}

function* batchesOf(statement: FakeStatement, parameters: readonly Value[]): Generator<Batch> {
  if (statement.batches !== undefined) {
    yield* statement.batches();
    return;
  }
  const rows = typeof statement.rows === 'function' ? statement.rows(parameters) : (statement.rows ?? []);
  const kinds = (statement.columns ?? []).map((each) => each.type.column);
  if (rows.length > 0) yield batchOfRows(kinds, rows);
}

function decodeValue(type: SqlType, bytes: Uint8Array | null, format: number): Value {
  if (bytes === null) return null;
  if (format === 0) return type.parse(decodeUtf8(bytes), defaultFormat);
  return type.readBinary?.(bytes, 0, bytes.length) ?? null;
}

/** Statements without comments, empty ones left out. */
function splitStatements(sql: string): readonly string[] {
  return sql
    .replace(/\/\*.*?\*\/|--[^\n]*/gs, '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
