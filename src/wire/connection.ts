/**
 * One client, from its first byte to its last: a state machine over the messages of protocol 3.0.
 *
 *   startup ──► authentication ──► idle ◄────────────────┐
 *                                   │ Query              │ ReadyForQuery
 *                                   ├──► simple ─────────┤
 *                                   │ Parse, Bind, …     │
 *                                   └──► extended ───────┤ Sync
 *                                           │ error      │
 *                                           └► skipping ─┘
 *   any state ──► closing     (Terminate, end of stream, FATAL error, shutdown)
 *
 * One statement at a time: while the engine works asynchronously (`#isBusy`) messages wait in the frame reader. Answers
 * gather in one buffer that leaves in one write when the input is used up. The only place of this room that catches errors.
 */
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import {
  adminShutdown,
  fatal,
  featureNotSupported,
  internalError,
  protocolViolation,
  SqlError,
  shuttingDown,
  tooManyConnections,
} from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Server, Session } from '../engine/session.ts';
import { type Authentication, PasswordDialogue } from './authentication.ts';
import { FrameReader } from './framing.ts';
import { decodeMessage, FUNCTION_CALL, PASSWORD, QUERY, SYNC, TERMINATE } from './messages.ts';
import { OutputBuffer } from './output.ts';
import { FieldReader } from './read.ts';
import { ResultWriter } from './result-writer.ts';
import { decodeStartup, PROTOCOL_VERSION, type StartupMessage, type StartupPacket } from './startup.ts';
import { Statements } from './statements.ts';
import {
  writeAuthenticationOk,
  writeBackendKeyData,
  writeError,
  writeNegotiateProtocol,
  writeParameterStatus,
  writeReadyForQuery,
} from './write.ts';

export type ConnectionState = 'startup' | 'authentication' | 'idle' | 'simple' | 'extended' | 'skipping' | 'closing';

/** What a connection asks of the server it belongs to. */
export interface ConnectionHost {
  readonly engine: Server;
  readonly authentication: Authentication;
  readonly tls: SecureContext | null;
  readonly logger: Logger;
  readonly isStopping: boolean;
  /** Whether there is room for this client to log in; if so, it counts from now on. */
  admit(connection: Connection): boolean;
  /** The connection is over, its session closed and its socket gone. Called once. */
  ended(connection: Connection): void;
}

/** How long a client may take to say who it is, as PostgreSQL's authentication_timeout. */
const AUTHENTICATION_TIMEOUT_MS = 60_000;
/** How long the last words to a client may take to be fetched. */
const FAREWELL_MS = 2_000;
/** Requests that may wait while a statement runs before the socket is told to wait, too. */
const MAX_INPUT_BYTES = 1024 * 1024;
/** Answers that may wait for a slow client before its statement, or its next one, has to. */
const MAX_BACKLOG_BYTES = 256 * 1024;

const NOT_SUPPORTED = 0x4e;
const TLS_FOLLOWS = 0x53;

export class Connection {
  readonly #host: ConnectionHost;
  readonly #frames = new FrameReader();
  readonly #fields = new FieldReader();
  readonly #out = new OutputBuffer();
  readonly #results: ResultWriter;
  /** Settings the client has been told, and those that have changed since. */
  readonly #reported = new Map<string, string>();
  readonly #changed = new Map<string, string>();
  #socket: Socket;
  #timer: NodeJS.Timeout;
  #state: ConnectionState = 'startup';
  #startup: StartupMessage | null = null;
  #dialogue: PasswordDialogue | null = null;
  #session: Session | null = null;
  #statements: Statements | null = null;
  /** The engine is at work on a statement and will say when it is done. */
  #isBusy = false;
  /** A call of the session has not returned. */
  #isInCall = false;
  /** Something in the buffer is not to wait for the statement in hand. */
  #mustSend = false;
  #isSendPlanned = false;
  #isGone = false;
  #isClosed = false;
  /** Why the connection is to end once the running statement has. */
  #farewell: SqlError | null = null;
  /** Set while the client is behind with reading. */
  #backlog: Backlog | null = null;

  constructor(socket: Socket, host: ConnectionHost) {
    this.#host = host;
    this.#socket = socket;
    this.#results = new ResultWriter(this.#out, {
      send: () => this.#sendRows(),
      sendSoon: () => {
        this.#mustSend = true;
        if (this.#isBusy) this.#sendLater();
      },
      parameterChanged: (name, value) => {
        this.#changed.set(name, value);
      },
    });
    this.#timer = setTimeout(() => this.#destroy(), AUTHENTICATION_TIMEOUT_MS).unref();
    this.#attach(socket);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Ends the connection with 57P01, as soon as a running statement has been cancelled. */
  terminate(reason: SqlError = adminShutdown()): void {
    if (this.#state === 'closing') return;
    if (this.#state === 'startup' || this.#state === 'authentication') {
      this.#destroy();
    } else if (this.#isBusy || this.#isInCall) {
      this.#farewell = reason;
      this.#session?.cancel();
      this.#backlog?.resolve(); // A statement that waits for a slow client would not hear of it.
    } else {
      this.#endWith(reason);
    }
  }

  /** Gives up on a client that does not take its last words, or a statement that does not stop. */
  abandon(): void {
    this.#destroy();
  }

  // ------------------------------------------------------------------------------------------------------ socket

  #attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#state === 'closing') return;
    this.#frames.append(chunk);
    if (!this.#isBusy && this.#backlog === null) this.#process();
    else if (this.#frames.waiting > MAX_INPUT_BYTES) this.#socket.pause();
  };

  readonly #onDrain = (): void => {
    this.#backlog?.resolve();
    this.#backlog = null;
    if (!this.#isBusy) this.#process();
  };

  /** The client has gone, or will send no more, which PostgreSQL takes for the same. */
  readonly #onEnd = (): void => {
    if (this.#isBusy || this.#state === 'closing') this.#destroy();
    else this.#end();
  };

  readonly #onError = (error: Error): void => {
    this.#host.logger.log('debug', 'connection lost', { reason: error.message });
    this.#destroy();
  };

  readonly #onClose = (): void => {
    this.#isGone = true;
    this.#isClosed = true;
    this.#state = 'closing';
    clearTimeout(this.#timer);
    this.#backlog?.resolve();
    this.#backlog = null;
    this.#closeSession();
    if (!this.#isBusy) this.#host.ended(this);
  };

  /** Sends what waits, in one write. */
  #send(): void {
    this.#mustSend = false;
    const out = this.#out;
    if (out.at === 0) return;
    if (this.#isGone) {
      out.clear(true);
      return;
    }
    this.#socket.write(out.view());
    // Nothing queued means that the kernel has its copy, so the buffer may be filled again.
    out.clear(this.#socket.writableLength === 0);
    if (this.#socket.writableLength > MAX_BACKLOG_BYTES) this.#backlog ??= makeBacklog();
  }

  /** Sends what must not wait for the running statement; in the next turn, by when the statement has often ended. */
  #sendLater(): void {
    if (this.#isSendPlanned) return;
    this.#isSendPlanned = true;
    setImmediate(() => {
      this.#isSendPlanned = false;
      if (this.#mustSend) this.#send();
    });
  }

  #sendRows(): Promise<void> | undefined {
    this.#send();
    return this.#backlog?.promise;
  }

  // --------------------------------------------------------------------------------------------------------- end

  /** Says goodbye with an error. */
  #endWith(error: SqlError): void {
    writeError(this.#out, fatal(error), this.#statements?.text ?? null);
    this.#end();
  }

  /** Nothing more is read. What waits is sent, and the socket closes once the client has fetched it. */
  #end(): void {
    if (this.#state === 'closing') return;
    this.#state = 'closing';
    this.#send();
    this.#closeSession();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#destroy(), FAREWELL_MS).unref();
    this.#socket.end();
    this.#socket.resume();
  }

  #destroy(): void {
    this.#isGone = true;
    this.#socket.destroy();
  }

  /** A running statement is cancelled first; its session closes when it has stopped. */
  #closeSession(): void {
    if (this.#session === null) return;
    if (this.#isBusy) {
      this.#session.cancel();
      return;
    }
    this.#session.close();
    this.#session = null;
  }

  // ---------------------------------------------------------------------------------------------------- messages

  /** Works through the messages at hand until a statement takes time or the client falls behind. */
  #process(): void {
    try {
      while (!this.#isBusy && this.#backlog === null && this.#step()) {
        if (this.#out.at > MAX_BACKLOG_BYTES) this.#send();
      }
    } catch (error) {
      this.#endWith(this.#toSqlError(error));
      return;
    }
    if (!this.#isBusy) this.#send();
    else if (this.#mustSend) this.#sendLater();
    if (!this.#isBusy && this.#backlog === null && this.#socket.isPaused()) this.#socket.resume();
  }

  /** One message; false when there is no whole one. Errors thrown from here end the connection. */
  #step(): boolean {
    switch (this.#state) {
      case 'closing':
        return false;
      case 'startup':
        if (!this.#frames.nextStartup()) return false;
        this.#onStartupPacket(decodeStartup(this.#openFrame()));
        return true;
      case 'authentication':
        if (!this.#frames.next()) return false;
        this.#onPassword(this.#frames.type);
        return true;
      default:
        if (!this.#frames.next()) return false;
        this.#onMessage(this.#frames.type);
        return true;
    }
  }

  #openFrame(): FieldReader {
    this.#fields.reset(this.#frames.bytes, this.#frames.start, this.#frames.end);
    return this.#fields;
  }

  // --------------------------------------------------------------------------------------------------- start-up

  #onStartupPacket(packet: StartupPacket): void {
    switch (packet.kind) {
      case 'gss':
        this.#out.byte(NOT_SUPPORTED);
        return;
      case 'ssl':
        this.#onSslRequest();
        return;
      case 'cancel':
        this.#host.engine.cancel(packet.pid, packet.secret);
        this.#end();
        return;
      case 'startup':
        this.#onStartup(packet);
    }
  }

  #onSslRequest(): void {
    const secureContext = this.#host.tls;
    if (secureContext === null || this.#socket instanceof TLSSocket) {
      this.#out.byte(NOT_SUPPORTED);
      return;
    }
    // Plain bytes that are here already would be taken for decrypted ones: a man in the middle may have put them there.
    if (this.#frames.waiting > 0) throw protocolViolation('received unencrypted data after SSL request');
    this.#out.byte(TLS_FOLLOWS);
    this.#send();
    const plain = this.#socket;
    plain.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd).off('close', this.#onClose);
    this.#attach(new TLSSocket(plain, { isServer: true, secureContext }));
  }

  #onStartup(packet: StartupMessage): void {
    this.#startup = packet;
    if (this.#host.isStopping) throw shuttingDown();
    if (!this.#host.admit(this)) throw tooManyConnections();
    if (packet.negotiates) writeNegotiateProtocol(this.#out, PROTOCOL_VERSION, packet.unknownOptions);
    const { authentication } = this.#host;
    if (authentication.method === 'trust') {
      this.#logIn(packet);
      return;
    }
    this.#state = 'authentication';
    this.#dialogue = new PasswordDialogue(packet.user, authentication.verifier, this.#out);
  }

  #onPassword(type: number): void {
    if (type === TERMINATE) {
      this.#end();
      return;
    }
    if (type !== PASSWORD) throw protocolViolation(`expected SASL response, got message type ${type}`);
    if (this.#dialogue?.answer(this.#openFrame(), this.#out) !== true) return;
    this.#dialogue = null;
    this.#logIn(this.#startup as StartupMessage);
  }

  #logIn(packet: StartupMessage): void {
    writeAuthenticationOk(this.#out);
    const session = this.#host.engine.connect({
      user: packet.user,
      database: packet.database,
      parameters: packet.parameters,
      clientAddress: this.#socket.remoteAddress ?? null,
      clientPort: this.#socket.remotePort ?? null,
      terminate: (reason) => this.terminate(reason),
    });
    clearTimeout(this.#timer);
    this.#session = session;
    this.#statements = new Statements(session, this.#out, this.#results);
    for (const [name, value] of session.reported) {
      this.#reported.set(name, value);
      writeParameterStatus(this.#out, name, value);
    }
    writeBackendKeyData(this.#out, session.pid, session.secret);
    this.#ready();
  }

  // -------------------------------------------------------------------------------------------------- statements

  #onMessage(type: number): void {
    const hasFailed = this.#state === 'skipping';
    if (hasFailed && type !== SYNC && type !== TERMINATE) return;
    if (type === TERMINATE) {
      this.#end();
      return;
    }
    // Query, FunctionCall and Sync are answered with ReadyForQuery whatever happens; after an error in any other message
    // the client is out of step until it sends Sync.
    const isLast = type === QUERY || type === FUNCTION_CALL || type === SYNC;
    this.#state = isLast ? 'simple' : 'extended';
    const pending = this.#attempt(type, hasFailed);
    if (pending instanceof Promise) this.#wait(pending, isLast);
    else if (this.#farewell !== null) this.#endWith(this.#farewell);
    else if (isLast) this.#ready();
  }

  #attempt(type: number, hasFailed: boolean): void | Promise<void> {
    this.#isInCall = true;
    try {
      return this.#carryOut(type, hasFailed);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isInCall = false;
    }
  }

  #carryOut(type: number, hasFailed: boolean): void | Promise<void> {
    const message = decodeMessage(type, this.#openFrame());
    switch (message.kind) {
      case 'sync':
        return (this.#session as Session).sync(hasFailed);
      case 'flush':
        this.#mustSend = true;
        return;
      case 'functionCall':
        throw featureNotSupported('function call messages are not supported');
      case 'copyLeftover':
      case 'terminate':
        return;
      default:
        return (this.#statements as Statements).handle(message);
    }
  }

  #wait(pending: Promise<void>, isLast: boolean): void {
    this.#isBusy = true;
    pending
      .catch((error) => this.#fail(error))
      .then(() => this.#resume(isLast))
      .catch((error) => {
        this.#toSqlError(error);
        this.#destroy();
      });
  }

  /** The statement that kept the connection busy has ended. */
  #resume(isLast: boolean): void {
    this.#isBusy = false;
    if (this.#isGone) {
      this.#closeSession();
      if (this.#isClosed) this.#host.ended(this);
      return;
    }
    if (this.#farewell !== null) {
      this.#endWith(this.#farewell);
      return;
    }
    if (isLast) this.#ready();
    this.#process();
  }

  #fail(cause: unknown): void {
    const error = this.#toSqlError(cause);
    if (this.#farewell !== null || this.#state === 'closing') return;
    if (error.severity === 'FATAL') {
      this.#isBusy = false;
      this.#endWith(error);
      return;
    }
    writeError(this.#out, error, this.#statements?.text ?? null);
    this.#mustSend = true;
    if (this.#state === 'extended') this.#state = 'skipping';
  }

  #ready(): void {
    if (this.#state === 'closing') return;
    const session = this.#session as Session;
    if (this.#changed.size > 0) this.#reportChanges();
    const status = session.transactionStatus;
    if (status === 'I') this.#statements?.forgetPortals();
    writeReadyForQuery(this.#out, status);
    this.#mustSend = true;
    this.#state = 'idle';
  }

  /** Like PostgreSQL since 14: once per setting, just before ReadyForQuery, and only if the value differs from the last told. */
  #reportChanges(): void {
    const changes = [...this.#changed].filter(([name, value]) => this.#reported.get(name) !== value);
    changes.sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    for (const [name, value] of changes) {
      this.#reported.set(name, value);
      writeParameterStatus(this.#out, name, value);
    }
    this.#changed.clear();
  }

  /** Our own mistakes and the world's go to the log with their stack, and to the client as XX000. */
  #toSqlError(cause: unknown): SqlError {
    if (!(cause instanceof SqlError)) {
      const stack = cause instanceof Error ? cause.stack : undefined;
      this.#host.logger.log('error', 'internal error', { error: String(cause), stack });
    }
    return internalError(cause);
  }
}

type Backlog = { readonly promise: Promise<void>; readonly resolve: () => void };

function makeBacklog(): Backlog {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
