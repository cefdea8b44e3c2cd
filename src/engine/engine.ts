/**
 * The engine as `main` and the tests see it: opens storage, recovers, and serves sessions.
 */
import { randomInt } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { Catalog } from '../catalog/catalog.ts';
import { decodeCatalog } from '../catalog/catalog-codec.ts';
import { systemRelations } from '../catalog/system/index.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { Database } from './database.ts';
import { EngineSession } from './engine-session.ts';
import { systemFacts } from './facts.ts';
import { openAll } from './open-runtime.ts';
import { recover } from './recovery.ts';
import { expireHistory } from './retention.ts';
import { Roles } from './roles.ts';
import type { Server, Session, SessionRequest } from './session.ts';
import { SQL_EPOCH_MICROS } from './time.ts';

export type EngineOptions = {
  /** Data directory; null keeps everything in memory. */
  readonly directory: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether SQLite works in a thread of its own. */
  readonly threaded: boolean;
  /** Becomes a superuser role, and a name of the database, when the data directory is made by this call. */
  readonly operatingSystemUser: string;
  readonly version: string;
  /** Between two checkpoints; 0 leaves them to CHECKPOINT and shutdown. */
  readonly checkpointIntervalMs: number;
};

export interface EngineServer extends Server {
  /** Finishes the running tick, writes a checkpoint, closes storage. */
  close(): Promise<void>;
  checkpoint(): Promise<void>;
  /** For tests: forgets everything in memory, as a kill would. */
  crash(): Promise<void>;
}

export async function openEngine(options: EngineOptions): Promise<EngineServer> {
  const storage = await openStorage({ directory: options.directory, threaded: options.threaded });
  const engine = new Engine(options, storage);
  engine.recover();
  return engine;
}

/** The operating-system user who made the data directory, as its first checkpoint noted. */
function ownerOf(storage: Storage): string | null {
  const owner = storage.meta['owner'];
  return owner === undefined ? null : new TextDecoder().decode(owner);
}

class Engine implements EngineServer {
  readonly #database: Database;
  readonly #storage: Storage;
  readonly #sessions = new Map<number, EngineSession>();
  readonly #serverStart: number;
  readonly #timer: NodeJS.Timeout | null;
  #nextPid = randomInt(1000, 100_000);

  constructor(options: EngineOptions, storage: Storage) {
    const { clock } = options;
    this.#storage = storage;
    this.#serverStart = clock.nowMicros() - SQL_EPOCH_MICROS;
    const catalog =
      storage.catalog === null ? Catalog.initial(systemRelations) : decodeCatalog(storage.catalog, systemRelations);
    this.#database = new Database({
      ...options,
      storage,
      catalog,
      roles: new Roles(ownerOf(storage) ?? options.operatingSystemUser),
      systemRows: (relation, context) =>
        relation.rows(systemFacts(this.#database, () => this.#sessions.values(), context, this.#serverStart)),
    });
    this.#timer =
      options.checkpointIntervalMs === 0
        ? null
        : setInterval(() => this.#checkpointInBackground(), options.checkpointIntervalMs).unref();
  }

  recover(): void {
    openAll(this.#database);
    const ticks = recover(this.#database);
    if (ticks > 0) this.#database.logger.log('info', 'recovered from the log', { ticks });
  }

  connect(request: SessionRequest): Session {
    this.#database.roles.admit(request.user, request.database);
    const session = new EngineSession(this.#database, request, this.#nextPid++, (closed) =>
      this.#sessions.delete(closed.pid),
    );
    this.#sessions.set(session.pid, session);
    return session;
  }

  cancel(pid: number, secret: number): void {
    const session = this.#sessions.get(pid);
    if (session?.secret === secret) session.cancel();
  }

  async checkpoint(): Promise<void> {
    await this.#database.ticks.exclusive(() => this.#database.checkpoint());
  }

  /** Only the gathering holds up ticks; the writing goes on beside them. */
  #checkpointInBackground(): void {
    const { ticks, logger } = this.#database;
    const failed = (error: unknown): void => logger.log('error', 'a checkpoint failed', { error: String(error) });
    ticks
      .exclusive(async () => {
        this.#checkpointIfChanged()
          .then(() => expireHistory(this.#database))
          .catch(failed);
      })
      .catch(failed);
  }

  /** An idle server writes nothing. DDL writes its own checkpoint, so only ticks can be new. */
  async #checkpointIfChanged(): Promise<void> {
    const { checkpoints, ticks } = this.#database;
    const last = checkpoints.at(-1)?.tick ?? this.#storage.checkpointTick;
    if (ticks.tick > last) await this.#database.checkpoint();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const session of [...this.#sessions.values()]) session.close();
    // After a failed tick the log and the last checkpoint are the truth, and recovery starts from them.
    if (this.#database.ticks.failure === null) await this.checkpoint();
    await this.#storage.close();
  }

  async crash(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#storage.close();
  }
}
