/**
 * A session: prepared statements, portals, settings and the transaction of one connection. Implements the contract that the
 * wire speaks to (session.ts); what statements do is in statements.ts.
 */
import { randomInt } from 'node:crypto';
import {
  duplicatePreparedStatement,
  inFailedTransaction,
  type Notice,
  SqlError,
  undefinedCursor,
  undefinedParameter,
  undefinedPreparedStatement,
} from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { nameOf } from '../expr/functions/reg.ts';
import { type ParsedStatement, parseStatements } from '../parser/parse.ts';
import type { Value } from '../types/column.ts';
import { typeByOid } from '../types/registry.ts';
import type { FormatSettings, SqlType } from '../types/type.ts';
import type { Database } from './database.ts';
import type { Outcome } from './outcome.ts';
import { decodeParameters } from './parameters.ts';
import { LookupCache } from './point-lookup.ts';
import { type Portal, RowCursor } from './portal.ts';
import type { Prepared } from './prepared.ts';
import type {
  ResultColumn,
  ResultSink,
  Session,
  SessionRequest,
  StatementDescription,
  TransactionStatus,
} from './session.ts';
import { contextOf } from './session-context.ts';
import { initialSettings } from './session-start.ts';
import type { Preparation, SessionState } from './session-state.ts';
import { Settings } from './settings.ts';
import { after, drive } from './slices.ts';
import { endsTransaction } from './statement-kinds.ts';
import { executeStatement, prepareStatement } from './statements.ts';
import type { Change } from './ticks.ts';
import { type Rerun, Transaction } from './transaction.ts';

export class EngineSession implements Session, SessionState {
  readonly database: Database;
  readonly request: SessionRequest;
  readonly pid: number;
  readonly secret = randomInt(0x7fffffff);
  readonly settings: Settings;
  readonly transaction = new Transaction();
  readonly statements = new Map<string, Prepared>();
  readonly portals = new Map<string, Portal>();
  readonly startedAt: number;
  readonly #lookups = new LookupCache();
  readonly #onClose: (session: EngineSession) => void;
  #sink: ResultSink | null = null;
  #isCanceled = false;
  #isRunning = false;
  /** When statement_timeout ends the statement at hand, by `performance.now()`. */
  #deadline: number | null = null;
  #output: { readonly catalog: Catalog; readonly version: number; readonly format: FormatSettings } | null = null;
  /** What pg_stat_activity shows. */
  currentQuery = '';
  queryStartedAt: number | null = null;

  constructor(database: Database, request: SessionRequest, pid: number, onClose: (session: EngineSession) => void) {
    this.database = database;
    this.request = request;
    this.pid = pid;
    this.startedAt = database.now;
    this.#onClose = onClose;
    this.settings = new Settings(initialSettings(request), (name, value) => this.#sink?.parameterChanged(name, value));
  }

  get reported(): readonly (readonly [name: string, value: string])[] {
    return this.settings.reported;
  }

  get transactionStatus(): TransactionStatus {
    const { state } = this.transaction;
    return state === 'failed' ? 'E' : state === 'explicit' ? 'T' : 'I';
  }

  get isActive(): boolean {
    return this.#isRunning;
  }

  get cancelReason(): string | null {
    if (this.#isCanceled) return 'canceling statement due to user request';
    if (this.#deadline === null || performance.now() < this.#deadline) return null;
    return 'canceling statement due to statement timeout';
  }

  /** How rows are printed: the settings, and names for OIDs of the reg* types. */
  get outputFormat(): FormatSettings {
    const { catalog } = this.database;
    if (this.#output?.catalog !== catalog || this.#output.version !== this.settings.version) {
      const context = contextOf(this, []);
      const objectName = (type: SqlType, oid: number): string => nameOf(type, oid, context);
      const format = { ...this.settings.format, objectName };
      this.#output = { catalog, version: this.settings.version, format };
    }
    return this.#output.format;
  }

  notice(notice: Notice): void {
    this.#sink?.notice(notice);
  }

  // ------------------------------------------------------------------------------------------------ simple protocol

  query(sql: string, sink: ResultSink): void | Promise<void> {
    this.#begin(sql, sink);
    if (this.transaction.state === 'none' && this.#lookups.answer(this, sql, sink)) {
      this.#isRunning = false;
      return undefined;
    }
    // A simple query replaces the unnamed statement and portal of the extended protocol.
    this.statements.delete('');
    this.portals.delete('');
    return this.#guard(() => {
      const statements = parseStatements(sql);
      if (statements.length === 0) {
        sink.emptyQuery();
        return undefined;
      }
      return this.#runAll(statements, 0, sink);
    });
  }

  #runAll(statements: readonly ParsedStatement[], from: number, sink: ResultSink): void | Promise<void> {
    for (let i = from; i < statements.length; i++) {
      const finished = this.#runOne(statements[i] as ParsedStatement, i === statements.length - 1, sink);
      if (finished instanceof Promise) return finished.then(() => this.#runAll(statements, i + 1, sink));
    }
    return undefined;
  }

  #runOne({ statement, text }: ParsedStatement, isLast: boolean, sink: ResultSink): void | Promise<void> {
    this.#refuseWhenFailed(endsTransaction(statement));
    this.#beginImplicit();
    const prepared = this.prepare({ name: '', text, statement, parameterTypes: [], fromSql: false });
    if (prepared.parameters.length > 0) throw undefinedParameter(1, parameterPosition(statement));
    const outcome = this.run(prepared, []);
    return after(outcome, (result) => {
      // The last statement is complete only when the block around it is committed.
      const committed = isLast ? this.#commitImplicit() : undefined;
      return after(committed, () => this.#sendAll(result, sink));
    });
  }

  #sendAll(outcome: Outcome, sink: ResultSink): void | Promise<void> {
    if (outcome.columns === null) {
      sink.complete(outcome.tag);
      return undefined;
    }
    sink.columns(outcome.columns);
    const sent = new RowCursor(outcome.batches).send(0, sink, this.outputFormat);
    return after(sent, (count) => sink.complete(outcome.tagCountsRows ? `${outcome.tag} ${count}` : outcome.tag));
  }

  // ---------------------------------------------------------------------------------------------- extended protocol

  parse(name: string, sql: string, parameterOids: readonly number[]): void {
    this.#orFail(() => {
      const statements = parseStatements(sql);
      if (statements.length > 1) {
        throw new SqlError('42601', 'cannot insert multiple commands into a prepared statement');
      }
      if (name !== '' && this.statements.has(name)) throw duplicatePreparedStatement(name);
      const statement = statements[0]?.statement ?? null;
      if (statement !== null) this.#refuseWhenFailed(endsTransaction(statement));
      const parameterTypes = parameterOids.map((oid) => declaredType(oid));
      const text = statements[0]?.text ?? '';
      this.statements.set(name, this.prepare({ name, text, statement, parameterTypes, fromSql: false }));
    });
  }

  bind(
    portalName: string,
    statementName: string,
    values: readonly (Uint8Array | null)[],
    formats: readonly number[],
    _sink: ResultSink,
  ): void {
    this.#orFail(() => {
      const prepared = this.findStatement(statementName);
      if (prepared.statement !== null) this.#refuseWhenFailed(endsTransaction(prepared.statement));
      if (portalName !== '' && this.portals.has(portalName)) {
        throw new SqlError('42P03', `cursor "${portalName}" already exists`);
      }
      const parameters = decodeParameters(prepared.parameters, values, formats, statementName, this.settings.format);
      this.portals.set(portalName, {
        name: portalName,
        prepared,
        parameters,
        outcome: null,
        cursor: null,
        isHeld: false,
      });
    });
  }

  describeStatement(name: string): StatementDescription {
    return this.#orFail(() => {
      const { parameters, columns } = this.findStatement(name);
      return { parameters, columns };
    });
  }

  describePortal(name: string): readonly ResultColumn[] | null {
    return this.#orFail(() => this.findPortal(name).prepared.columns);
  }

  execute(portalName: string, maxRows: number, sink: ResultSink): void | Promise<void> {
    const found = this.portals.get(portalName);
    this.#begin(found?.prepared.text ?? '', sink);
    if (
      found !== undefined &&
      this.transaction.state === 'none' &&
      this.#lookups.executePortal(this, found, maxRows, sink)
    ) {
      this.#isRunning = false;
      return undefined;
    }
    return this.#guard(() => {
      const portal = this.findPortal(portalName);
      const { statement } = portal.prepared;
      if (statement === null) {
        sink.emptyQuery();
        return undefined;
      }
      this.#refuseWhenFailed(endsTransaction(statement));
      this.#beginImplicit();
      const outcome = portal.outcome ?? this.run(portal.prepared, portal.parameters);
      return after(outcome, (result) => this.#sendPortal(portal, result, maxRows, sink));
    });
  }

  #sendPortal(portal: Portal, outcome: Outcome, maxRows: number, sink: ResultSink): void | Promise<void> {
    portal.outcome = outcome;
    if (outcome.columns === null) {
      sink.complete(outcome.tag);
      return undefined;
    }
    portal.cursor ??= new RowCursor(outcome.batches);
    const { cursor } = portal;
    return after(cursor.send(maxRows, sink, this.outputFormat), (count) => {
      // PostgreSQL suspends whenever the limit was reached, also at the very last row.
      if (maxRows > 0 && count === maxRows) sink.suspended();
      else sink.complete(outcome.tagCountsRows ? `${outcome.tag} ${count}` : outcome.tag);
    });
  }

  closeStatement(name: string): void {
    this.statements.delete(name);
  }

  closePortal(name: string): void {
    this.portals.delete(name);
  }

  sync(failed: boolean): void | Promise<void> {
    if (failed) {
      this.failTransaction();
      return undefined;
    }
    return this.#guard(() => this.#commitImplicit());
  }

  // ---------------------------------------------------------------------------------------------------- transactions

  #beginImplicit(): void {
    if (this.transaction.state !== 'none') return;
    this.transaction.beginImplicit(this.database.now);
    this.settings.begin();
  }

  /** Commits what the implicit block has, and closes its portals. Does nothing inside an explicit block. */
  #commitImplicit(): void | Promise<void> {
    if (this.transaction.state !== 'implicit') return undefined;
    return this.endTransaction(true);
  }

  /** Ends the block, explicit or not: its changes become one tick, or nothing. */
  endTransaction(commit: boolean): void | Promise<void> {
    const { reruns, isExplicit } = this.transaction;
    const changes = this.transaction.end();
    this.settings.end(commit);
    this.#closePortals();
    if (!commit || changes.length === 0) return undefined;
    const submitted = this.database.ticks.submit(changes);
    if (isExplicit) return submitted;
    return submitted.catch((error: unknown) => this.#repeat(reruns, error));
  }

  /** Another transaction changed what this implicit one had read: its statements run again, alone with the tick loop. */
  #repeat(reruns: readonly Rerun[], error: unknown): Promise<void> {
    if (!(error instanceof SqlError) || error.code !== SqlState.serializationFailure) throw error;
    const { ticks } = this.database;
    return ticks.exclusive(async () => {
      const changes: Change[] = [];
      for (const rerun of reruns) for (const change of await drive(rerun(changes))) changes.push(change);
      await ticks.commit(changes);
    });
  }

  #closePortals(): void {
    for (const [name, portal] of this.portals) if (!portal.isHeld) this.portals.delete(name);
  }

  /** An error happened: an implicit block is undone, an explicit one waits for its end. */
  failTransaction(): void {
    if (this.transaction.state === 'implicit') void this.endTransaction(false);
    else this.transaction.fail();
  }

  #refuseWhenFailed(isAllowed: boolean): void {
    if (this.transaction.state === 'failed' && !isAllowed) throw inFailedTransaction();
  }

  // --------------------------------------------------------------------------------------------------------- running

  #begin(text: string, sink: ResultSink): void {
    this.#sink = sink;
    this.#isCanceled = false;
    this.#isRunning = true;
    const timeoutMs = this.settings.statementTimeoutMs;
    this.#deadline = timeoutMs === 0 ? null : performance.now() + timeoutMs;
    this.currentQuery = text;
    this.queryStartedAt = this.database.now;
  }

  /** Runs `work`; whether it throws or rejects, the transaction learns of it before the wire does. */
  #guard(work: () => void | Promise<void>): void | Promise<void> {
    try {
      const result = work();
      if (!(result instanceof Promise)) {
        this.#isRunning = false;
        return undefined;
      }
      return result.then(
        () => {
          this.#isRunning = false;
        },
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): never {
    this.#isRunning = false;
    this.failTransaction();
    throw error;
  }

  /** For steps without a result of their own: an error fails the transaction and goes on to the wire. */
  #orFail<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.failTransaction();
      throw error;
    }
  }

  prepare(preparation: Preparation): Prepared {
    return prepareStatement(this, preparation);
  }

  run(prepared: Prepared, parameters: readonly Value[]): Outcome | Promise<Outcome> {
    return executeStatement(this, prepared, parameters);
  }

  findStatement(name: string): Prepared {
    const found = this.statements.get(name);
    if (found === undefined) throw undefinedPreparedStatement(name);
    return found;
  }

  findPortal(name: string): Portal {
    const found = this.portals.get(name);
    if (found === undefined) throw undefinedCursor(name);
    return found;
  }

  cancel(): void {
    if (this.#isRunning) this.#isCanceled = true;
  }

  close(): void {
    this.#isCanceled = true;
    this.transaction.end();
    this.statements.clear();
    this.portals.clear();
    this.#onClose(this);
  }
}

/** Where the first parameter of a statement stands: the simple protocol has none to give. */
function parameterPosition(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if ('kind' in node && node.kind === 'parameter' && 'at' in node) return Number(node.at);
  for (const child of Object.values(node)) {
    const found = parameterPosition(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A parameter type the client declared; 0 and `unknown` leave it to inference. Throws 42704 as PostgreSQL does. */
function declaredType(oid: number): SqlType | null {
  if (oid === 0 || oid === 705) return null;
  const type = typeByOid(oid);
  if (type === undefined) throw new SqlError('42704', `type with OID ${oid} does not exist`);
  return type;
}
