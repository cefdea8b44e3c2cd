/** The extended query protocol, one statement at a time: Parse, Describe, Bind with binary results where they can be read, Execute. */
import {
  type Address,
  type ColumnInfo,
  Connection,
  columnsOf,
  fieldsOf,
  type Message,
  messageOf,
  ServerError,
  textOf,
  valuesOf,
} from '../../demo/client.ts';
import { binaryToText, hasBinaryForm } from './binary-values.ts';
import { type Answer, typeLetter } from './database.ts';

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const SYNC = messageOf('S', Buffer.alloc(0));
const DESCRIBE = messageOf('D', textOf('S'));
const EXECUTE = messageOf('E', Buffer.concat([textOf(''), Buffer.alloc(4)]));

export class WireClient {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async connect(address: Address): Promise<WireClient> {
    return new WireClient(await Connection.open(address));
  }

  /** `binary` off asks for every column as text. */
  async run(sql: string, binary: boolean): Promise<Answer> {
    try {
      const columns = await this.#describe(sql);
      return await this.#execute(columns, binary);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return { kind: 'error', code: error.code, message: error.message, position: error.position };
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #describe(sql: string): Promise<readonly ColumnInfo[]> {
    this.#connection.send(messageOf('P', Buffer.concat([textOf(''), textOf(sql), int16(0)])), DESCRIBE, SYNC);
    const messages = await this.#untilReady();
    const description = messages.find(({ type }) => type === 'T');
    return description === undefined ? [] : columnsOf(description.body);
  }

  async #execute(columns: readonly ColumnInfo[], binary: boolean): Promise<Answer> {
    const formats = columns.map(({ type }) => (binary && hasBinaryForm(type) ? 1 : 0));
    const bind = Buffer.concat([
      textOf(''),
      textOf(''),
      int16(0),
      int16(0),
      int16(formats.length),
      ...formats.map(int16),
    ]);
    this.#connection.send(messageOf('B', bind), EXECUTE, SYNC);
    const messages = await this.#untilReady();
    const rows = messages
      .filter(({ type }) => type === 'D')
      .map(({ body }) =>
        valuesOf(body).map((value, c) => this.#text(value, columns[c] as ColumnInfo, formats[c] === 1)),
      );
    const complete = messages.find(({ type }) => type === 'C')?.body;
    const tag = complete?.toString('utf8', 0, complete.length - 1) ?? '';
    return { kind: 'rows', types: columns.map(({ type }) => typeLetter(type)).join(''), rows, tag };
  }

  #text(value: Buffer | null, column: ColumnInfo, binary: boolean): string | null {
    if (value === null) return null;
    return binary ? binaryToText(column.type, value) : value.toString('utf8');
  }

  /** Everything up to ReadyForQuery; an error among it is thrown after it. */
  async #untilReady(): Promise<Message[]> {
    const messages: Message[] = [];
    let error: ServerError | null = null;
    for (;;) {
      const message = await this.#connection.receive();
      if (message.type === 'Z') break;
      if (message.type === 'E') error ??= new ServerError(fieldsOf(message.body));
      messages.push(message);
    }
    if (error !== null) throw error;
    return messages;
  }
}
