/** Opening the storage of a directory, or one in memory, and putting its parts behind the `Storage` contract. */
import type { RelationId, Tick } from '../base/ids.ts';
import type { Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import { Checkpointer } from './checkpoint.ts';
import {
  type Connection,
  type DirectoryLock,
  databaseFile,
  fileSize,
  IN_MEMORY,
  lockDirectory,
  openConnection,
  storageError,
  walFile,
} from './database.ts';
import { DurableState } from './durable-state.ts';
import { Log } from './log.ts';
import type {
  CheckpointRequest,
  CheckpointResult,
  DurableStateStore,
  LogEntry,
  LoggedTick,
  Storage,
  StorageOptions,
} from './storage.ts';
import { WriterClient } from './writer-client.ts';

type Head = { readonly tick: Tick; readonly sequence: number; readonly catalog: Uint8Array | null };

/** Throws F0001 when another server has the directory, XX001 when its file is damaged. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { directory } = options;
  if (directory === null) return new SqliteStorage(IN_MEMORY, openConnection(IN_MEMORY), null, false);
  const lock = lockDirectory(directory);
  try {
    const file = databaseFile(directory);
    return new SqliteStorage(file, openConnection(file), lock, options.threaded);
  } catch (error) {
    lock.release();
    throw storageError(error);
  }
}

class SqliteStorage implements Storage {
  readonly #file: string;
  /** Reads; with an inline writer also its writes. */
  readonly #connection: Connection;
  readonly #lock: DirectoryLock | null;
  readonly #isThreaded: boolean;
  readonly #writer: WriterClient;
  readonly #state: DurableState;
  readonly #log: Log;
  readonly #checkpointer: Checkpointer;
  #checkpointTick: Tick;
  #catalog: Uint8Array | null;
  #meta: Readonly<Record<string, Uint8Array>>;

  constructor(file: string, connection: Connection, lock: DirectoryLock | null, isThreaded: boolean) {
    this.#file = file;
    this.#connection = connection;
    this.#lock = lock;
    this.#isThreaded = isThreaded;
    const head = connection.prepare('SELECT tick, sequence, catalog FROM checkpoint').get() as Head;
    this.#checkpointTick = head.tick;
    this.#catalog = head.catalog;
    const meta = connection.prepare('SELECT name, value FROM meta').raw().all() as [string, Uint8Array][];
    this.#meta = Object.fromEntries(meta);
    this.#writer = isThreaded ? WriterClient.threaded(file) : WriterClient.inline(connection, file);
    this.#state = new DurableState(connection);
    this.#log = new Log(connection, this.#writer);
    this.#checkpointer = new Checkpointer(this.#state, this.#writer, head.sequence);
  }

  get checkpointTick(): Tick {
    return this.#checkpointTick;
  }

  get catalog(): Uint8Array | null {
    return this.#catalog;
  }

  get meta(): Readonly<Record<string, Uint8Array>> {
    return this.#meta;
  }

  store(name: string): DurableStateStore {
    return this.#state.store(name);
  }

  append(tick: Tick, arrivedAt: number, entries: readonly LogEntry[]): Promise<void> {
    return this.#log.append(tick, arrivedAt, entries);
  }

  replay(after: Tick, typesOf: (relation: RelationId) => readonly SqlType[] | null): Iterable<LoggedTick> {
    return this.#log.replay(after, typesOf);
  }

  history(relation: RelationId, types: readonly SqlType[], through: Tick): Iterable<Batch> {
    return this.#log.history(relation, types, through);
  }

  expireHistory(relation: RelationId, arrivedBefore: number): Promise<number> {
    return this.#writer.expire(relation, arrivedBefore);
  }

  async checkpoint(request: CheckpointRequest): Promise<CheckpointResult> {
    const result = await this.#checkpointer.run(request);
    this.#checkpointTick = request.tick;
    this.#catalog = request.catalog ?? this.#catalog;
    this.#meta = { ...this.#meta, ...request.meta };
    return result;
  }

  keepHistory(relation: RelationId): void {
    // If it cannot be written, no append after it can: that is where the error is met.
    this.#writer.keep(relation).catch(() => {});
  }

  fileBytes(): number {
    if (this.#file !== IN_MEMORY) return fileSize(this.#file) + fileSize(walFile(this.#file));
    const pages = this.#connection.pragma('page_count', { simple: true }) as number;
    return pages * (this.#connection.pragma('page_size', { simple: true }) as number);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    if (this.#isThreaded) this.#connection.close();
    this.#lock?.release();
  }
}
