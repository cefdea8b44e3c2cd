/**
 * A small PostgreSQL client: as much of protocol 3.0 as a program needs that sends SQL text and reads text back. Written for
 * the demo, so that it shows nothing but what any other client would see; the tools and tests build on its `Connection`.
 *
 * No TLS, no passwords: the server it talks to listens on loopback and trusts it.
 */
import { connect, type Socket } from 'node:net';

export type Message = { readonly type: string; readonly body: Buffer };
export type Address = {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly database?: string;
};

/** An error the server reported. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: string;
  /** 1-based, in characters. */
  readonly position: number | null;

  constructor(fields: ReadonlyMap<string, string>) {
    super(fields.get('M') ?? 'unknown error');
    this.code = fields.get('C') ?? '';
    this.position = fields.has('P') ? Number(fields.get('P')) : null;
  }
}

/** Whole messages over one socket. Reading is pull: `receive` waits for the next message. */
export class Connection {
  readonly #socket: Socket;
  readonly #messages: Message[] = [];
  readonly #waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #broken: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#onData(bytes));
    socket.on('error', (error) => this.#onBreak(error));
    socket.on('close', () => this.#onBreak(new Error('the server closed the connection')));
  }

  /** Connects and waits until the server is ready for the first query. */
  static async open({ host, port, user = 'millrace', database = 'millrace' }: Address): Promise<Connection> {
    const socket = connect({ host, port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const connection = new Connection(socket);
    const parameters = Buffer.from(`user\0${user}\0database\0${database}\0client_encoding\0UTF8\0TimeZone\0UTC\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + parameters.length, 0);
    head.writeInt32BE(196608, 4);
    socket.write(Buffer.concat([head, parameters]));
    for (let message = await connection.receive(); message.type !== 'Z'; message = await connection.receive()) {
      if (message.type === 'E') throw new ServerError(fieldsOf(message.body));
    }
    return connection;
  }

  send(...messages: readonly Buffer[]): void {
    this.#socket.write(messages.length === 1 ? (messages[0] as Buffer) : Buffer.concat(messages));
  }

  receive(): Promise<Message> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#broken !== null) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close(): void {
    if (this.#broken === null) this.#socket.write(messageOf('X', Buffer.alloc(0)));
    this.#socket.end();
  }

  /** Drops the socket without a word, as a crashed client would. */
  destroy(): void {
    this.#socket.destroy();
  }

  #onData(bytes: Buffer): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (rest.length >= 5) {
      const end = 1 + rest.readInt32BE(1);
      if (rest.length < end) break;
      this.#deliver({ type: String.fromCharCode(rest[0] as number), body: rest.subarray(5, end) });
      rest = rest.subarray(end);
    }
    this.#rest = rest;
  }

  #deliver(message: Message): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#messages.push(message);
    else waiting.resolve(message);
  }

  #onBreak(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

export function messageOf(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

export const textOf = (text: string): Buffer => Buffer.from(`${text}\0`);

/** Fields of an ErrorResponse or NoticeResponse by their letter. */
export function fieldsOf(body: Buffer): Map<string, string> {
  const fields = body.toString('utf8').split('\0');
  return new Map(fields.filter((field) => field !== '').map((field) => [field.slice(0, 1), field.slice(1)]));
}

export type ColumnInfo = { readonly name: string; readonly type: number };

/** The columns of a RowDescription. */
export function columnsOf(body: Buffer): ColumnInfo[] {
  const columns: ColumnInfo[] = [];
  for (let at = 2, n = body.readInt16BE(0); n > 0; n--) {
    const end = body.indexOf(0, at);
    columns.push({ name: body.toString('utf8', at, end), type: body.readInt32BE(end + 7) });
    at = end + 19;
  }
  return columns;
}

/** The values of a DataRow. */
export function valuesOf(body: Buffer): (Buffer | null)[] {
  const values: (Buffer | null)[] = [];
  for (let at = 2, n = body.readInt16BE(0); n > 0; n--) {
    const length = body.readInt32BE(at);
    values.push(length < 0 ? null : body.subarray(at + 4, at + 4 + length));
    at += 4 + Math.max(length, 0);
  }
  return values;
}

export type Result = { columns: readonly ColumnInfo[]; rows: (string | null)[][]; tag: string };

/** SQL text in, rows as text out. One query at a time. */
export class Client {
  readonly connection: Connection;

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  static async connect(address: Address): Promise<Client> {
    return new Client(await Connection.open(address));
  }

  /** Runs the statements of `sql` and returns what the last of them answered. */
  async query(sql: string): Promise<Result> {
    this.connection.send(messageOf('Q', textOf(sql)));
    let result: Result = { columns: [], rows: [], tag: '' };
    let error: ServerError | null = null;
    for (;;) {
      const { type, body } = await this.connection.receive();
      if (type === 'T') result = { columns: columnsOf(body), rows: [], tag: '' };
      else if (type === 'D') result.rows.push(valuesOf(body).map((value) => value?.toString('utf8') ?? null));
      else if (type === 'C') result.tag = body.toString('utf8', 0, body.length - 1);
      else if (type === 'E') error = new ServerError(fieldsOf(body));
      else if (type === 'Z') break;
    }
    if (error !== null) throw error;
    return result;
  }

  close(): void {
    this.connection.close();
  }
}
