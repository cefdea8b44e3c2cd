/**
 * A client that speaks protocol 3.0 byte by byte and hides nothing: what was sent and what came back are plain values.
 * Decodes as little as the recorded facts of tests/wire/golden need. Independent of src/wire on purpose.
 */
import { connect, type Socket } from 'node:net';

/** A message from the server: its type letter, and its fields by the names the recordings use. */
export type Received = { readonly t: string; readonly [field: string]: unknown };

export const cstring = (text: string): Buffer => Buffer.from(`${text}\0`);
export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
};

export const frame = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(body.length + 4), body]);
};

export const startupPacket = (parameters: readonly (readonly [string, string])[], version = 196608): Buffer => {
  const body = Buffer.concat([
    int32(version),
    ...parameters.flatMap(([name, value]) => [cstring(name), cstring(value)]),
    Buffer.from([0]),
  ]);
  return Buffer.concat([int32(body.length + 4), body]);
};

export const cancelRequest = (pid: number, secret: number): Buffer =>
  Buffer.concat([int32(16), int32(80877102), int32(pid), int32(secret)]);

export class RawClient {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: (() => void) | null = null;
  pid = 0;
  secret = 0;
  boot: readonly Received[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake?.();
    });
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  /** Connects and logs in; `boot` keeps what came before the first ReadyForQuery. */
  static async login(
    port: number,
    extra: readonly (readonly [string, string])[] = [],
    version?: number,
  ): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.send(startupPacket([['user', 'postgres'], ['database', 'postgres'], ...extra], version));
    client.boot = await client.until('ZE');
    return client;
  }

  get socket(): Socket {
    return this.#socket;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  query(sql: string): void {
    this.send(frame('Q', cstring(sql)));
  }

  parse(name: string, sql: string, oids: readonly number[] = []): void {
    this.send(frame('P', cstring(name), cstring(sql), int16(oids.length), ...oids.map(int32)));
  }

  bind(
    portal: string,
    statement: string,
    values: readonly (string | Buffer | null)[] = [],
    formats: { readonly parameters?: readonly number[]; readonly results?: readonly number[] } = {},
  ): void {
    const { parameters = [], results = [] } = formats;
    const encoded = values.flatMap((value) => {
      if (value === null) return [int32(-1)];
      const bytes = Buffer.from(value as string);
      return [int32(bytes.length), bytes];
    });
    this.send(
      frame(
        'B',
        cstring(portal),
        cstring(statement),
        int16(parameters.length),
        ...parameters.map(int16),
        int16(values.length),
        ...encoded,
        int16(results.length),
        ...results.map(int16),
      ),
    );
  }

  describe(target: 'S' | 'P', name: string): void {
    this.send(frame('D', Buffer.from(target), cstring(name)));
  }

  execute(portal: string, maxRows = 0): void {
    this.send(frame('E', cstring(portal), int32(maxRows)));
  }

  close(target: 'S' | 'P', name: string): void {
    this.send(frame('C', Buffer.from(target), cstring(name)));
  }

  sync(): void {
    this.send(frame('S'));
  }

  flush(): void {
    this.send(frame('H'));
  }

  end(): void {
    this.#socket.destroy();
  }

  /** One byte, for the answers to SSLRequest and GSSENCRequest. */
  async byte(): Promise<string> {
    await this.#need(1);
    const letter = String.fromCharCode(this.#received[0] as number);
    this.#received = this.#received.subarray(1);
    return letter;
  }

  async next(timeoutMs = 5000): Promise<Received> {
    await this.#need(5, timeoutMs);
    const length = this.#received.readInt32BE(1);
    await this.#need(length + 1, timeoutMs);
    const type = String.fromCharCode(this.#received[0] as number);
    const body = Buffer.from(this.#received.subarray(5, length + 1));
    this.#received = this.#received.subarray(length + 1);
    const message = decode(type, body);
    if (type === 'K') {
      this.pid = body.readInt32BE(0);
      this.secret = body.readInt32BE(4);
    }
    return message;
  }

  /** Messages up to one of these types; `{ t: '!EOF' }` or `{ t: '!TIMEOUT' }` when it does not come. */
  async until(types = 'Z', timeoutMs = 5000): Promise<Received[]> {
    const messages: Received[] = [];
    for (;;) {
      try {
        const message = await this.next(timeoutMs);
        messages.push(message);
        if (types.includes(message.t)) return messages;
      } catch (error) {
        messages.push({ t: `!${(error as Error).message}` });
        return messages;
      }
    }
  }

  /** What comes until nothing has come for `quietMs`. */
  async drain(quietMs = 100): Promise<Received[]> {
    const messages: Received[] = [];
    for (;;) {
      try {
        messages.push(await this.next(quietMs));
      } catch {
        return messages;
      }
    }
  }

  async closed(timeoutMs = 5000): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#isClosed && Date.now() < deadline) await this.#sleep(20);
    return this.#isClosed;
  }

  async #need(count: number, timeoutMs = 5000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.#received.length < count) {
      if (this.#isClosed) throw new Error('EOF');
      const left = deadline - Date.now();
      if (left <= 0) throw new Error('TIMEOUT');
      await this.#sleep(left);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Fields of errors that differ between any two servers: file, line, context, severity twice, and where in internal text. */
const IGNORED_FIELDS = 'FLWpqV';

class Body {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  string(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  byte(): number {
    return this.#bytes[this.#at++] as number;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  latin1(length: number): string {
    this.#at += length;
    return this.#bytes.toString('latin1', this.#at - length, this.#at);
  }

  times<T>(count: number, read: () => T): T[] {
    return Array.from({ length: count }, read);
  }
}

function decode(t: string, bytes: Buffer): Received {
  const body = new Body(bytes);
  switch (t) {
    case 'R':
      return { t, auth: body.int32() };
    case 'S':
      return { t, k: body.string(), v: body.string() };
    case 'K':
      return { t, pid: '<pid>', keylen: bytes.length - 4 };
    case 'Z':
      return { t, st: String.fromCharCode(body.byte()) };
    case 'C':
      return { t, tag: body.string() };
    case 'E':
    case 'N':
      return { t, ...decodeFields(body) };
    case 'T':
      return { t, f: body.times(body.int16(), () => decodeColumn(body)) };
    case 't':
      return { t, oids: body.times(body.int16(), () => body.int32() >>> 0) };
    case 'D':
      return { t, r: body.times(body.int16(), () => decodeValue(body)) };
    case 'v':
      return { t, newest: body.int32(), opts: body.times(body.int32(), () => body.string()) };
    default:
      return { t };
  }
}

function decodeFields(body: Body): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let code = body.byte(); code !== 0; code = body.byte()) {
    const letter = String.fromCharCode(code);
    const value = body.string();
    if (!IGNORED_FIELDS.includes(letter)) fields[`f_${letter}`] = value;
  }
  return fields;
}

const decodeColumn = (body: Body) => ({
  name: body.string(),
  tab: body.int32(),
  col: body.int16(),
  oid: body.int32() >>> 0,
  len: body.int16(),
  mod: body.int32(),
  fmt: body.int16(),
});

function decodeValue(body: Body): string | null {
  const length = body.int32();
  return length < 0 ? null : body.latin1(length);
}
