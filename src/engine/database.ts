/**
 * The database: catalog, storage, running relations, and the ticks that change them. Sessions and statements work on it;
 * it knows neither.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { internalError, objectNotInPrerequisiteState, SqlError } from '../base/errors.ts';
import type { RelationId, Tick } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { encodeCatalog } from '../catalog/catalog-codec.ts';
import type { SystemRelation } from '../catalog/relation.ts';
import type { EvalContext } from '../expr/context.ts';
import type { CheckpointResult, Storage } from '../storage/storage.ts';
import { BATCH_ROWS, type Batch, batchOfRows } from '../types/batch.ts';
import type { Value } from '../types/column.ts';
import { GroupConstraints } from './constraints.ts';
import { viewContext } from './context.ts';
import type { Roles } from './roles.ts';
import { Readers, type Runtime, type ViewRuntime } from './runtime.ts';
import { readSnapshot } from './stored-rows.ts';
import { type Change, TickLoop, type TickRunner } from './ticks.ts';
import { SQL_EPOCH_MICROS } from './time.ts';

/** The rows of a relation at one instant. */
export type RelationScan = { readonly batches: Iterable<Batch>; release(): void };

export type DatabaseOptions = {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly roles: Roles;
  readonly version: string;
  /** Computes the rows of a system relation as the statement with this context sees them. */
  readonly systemRows: (relation: SystemRelation, context: EvalContext) => Iterable<readonly Value[]>;
};

export class Database implements TickRunner {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly roles: Roles;
  readonly version: string;
  /** The context of expressions that belong to no session, in UTC. */
  readonly viewContext: EvalContext;
  readonly ticks: TickLoop;
  readonly #systemRows: DatabaseOptions['systemRows'];
  readonly #constraints: GroupConstraints;
  readonly #runtimes = new Map<RelationId, Runtime>();
  #readers: Readers;
  #catalog: Catalog;
  #isCatalogDirty = false;
  /** Figures for millrace.checkpoints, latest last. */
  readonly checkpoints: (CheckpointResult & { readonly at: number })[] = [];

  constructor(options: DatabaseOptions) {
    this.storage = options.storage;
    this.clock = options.clock;
    this.logger = options.logger;
    this.roles = options.roles;
    this.version = options.version;
    this.viewContext = this.viewContextIn('UTC');
    this.#catalog = options.catalog;
    this.#systemRows = options.systemRows;
    this.#constraints = new GroupConstraints((relation) => this.#storedTable(relation));
    this.#readers = this.#newReaders();
    this.ticks = new TickLoop(this, options.storage.checkpointTick);
  }

  /** The context in which a maintained view evaluates its expressions: no session, its own time zone. */
  viewContextIn(timeZone: string): EvalContext {
    return viewContext(() => this.#catalog, this.roles.names[0] ?? '', timeZone);
  }

  /** The catalog of the latest tick: a statement takes it once. */
  get catalog(): Catalog {
    return this.#catalog;
  }

  runtime(relation: RelationId): Runtime | undefined {
    return this.#runtimes.get(relation);
  }

  /** In the order of their ids, which is an order in which each comes after what it reads. */
  runtimes(): IterableIterator<Runtime> {
    return this.#runtimes.values();
  }

  addRuntime(runtime: Runtime): void {
    this.#runtimes.set(runtime.relation.id, runtime);
    if (runtime.kind === 'stream') this.storage.keepHistory(runtime.relation.id);
    this.#readers = this.#newReaders();
  }

  #newReaders(): Readers {
    return new Readers(this.#runtimes.values(), (view, error) => {
      const details = error instanceof Error ? error.stack : String(error);
      this.logger.log('error', `materialized view "${view.relation.name}" has stopped`, { error: details });
    });
  }

  /** Recovery: a view that had stopped when the checkpoint was written is still stopped. */
  stopView(view: ViewRuntime, why: string): void {
    this.#readers.fail(view, new Error(why));
  }

  // ---- changes of the catalog, inside `ticks.exclusive` only

  /** Makes `catalog` current and durable, with all state as it is now. */
  async publish(catalog: Catalog, dropped: readonly RelationId[] = []): Promise<void> {
    this.#catalog = catalog;
    this.#isCatalogDirty = true;
    for (const id of dropped) this.#runtimes.delete(id);
    this.#readers = this.#newReaders();
    await this.checkpoint(dropped);
  }

  // ---- checkpoints

  /**
   * Between ticks only. What is dirty is gathered before this returns, so ticks may go on while it is written. Rejected once a
   * tick has failed: the last checkpoint and the log are right, what is in memory is not.
   */
  checkpoint(dropped: readonly RelationId[] = []): Promise<CheckpointResult> {
    if (this.ticks.failure !== null) return Promise.reject(this.ticks.failure);
    const catalog = this.#isCatalogDirty ? encodeCatalog(this.#catalog) : null;
    this.#isCatalogDirty = false;
    const written = this.storage.checkpoint({
      tick: this.ticks.tick,
      catalog,
      meta: {
        owner: new TextEncoder().encode(this.roles.names[0]),
        watermarks: this.#encodeWatermarks(),
        stopped: this.#encodeStopped(),
      },
      droppedStores: dropped.map(storeName),
      droppedRelations: dropped,
    });
    return written.then((result) => {
      this.checkpoints.push({ ...result, at: this.clock.nowMicros() });
      if (this.checkpoints.length > 100) this.checkpoints.shift();
      return result;
    });
  }

  #encodeWatermarks(): Uint8Array {
    const values: [number, string][] = [];
    for (const runtime of this.#runtimes.values()) {
      if (runtime.kind !== 'stream' || runtime.watermark === null || runtime.watermark.value === null) continue;
      values.push([runtime.relation.id, String(runtime.watermark.value)]);
    }
    return new TextEncoder().encode(JSON.stringify(values));
  }

  #encodeStopped(): Uint8Array {
    const stopped = [...this.#runtimes.values()].flatMap((runtime) =>
      runtime.kind === 'materialized-view' && runtime.failure !== null ? [[runtime.relation.id, runtime.failure]] : [],
    );
    return new TextEncoder().encode(JSON.stringify(stopped));
  }

  // ---- reading

  /** The rows of a relation as of the latest tick; pinned until released. */
  scan(relation: RelationId, context: EvalContext): RelationScan {
    const runtime = this.#runtimes.get(relation);
    if (runtime === undefined) return { batches: this.#scanSystem(relation, context), release: () => {} };
    if (runtime.kind === 'stream') {
      return { batches: this.storage.history(relation, runtime.types, this.ticks.tick), release: () => {} };
    }
    if (runtime.kind === 'materialized-view' && runtime.failure !== null) throw stoppedView(runtime);
    const snapshot = runtime.stored.table.pin();
    return { batches: readSnapshot(snapshot, runtime.types.length), release: () => snapshot.release() };
  }

  *#scanSystem(id: RelationId, context: EvalContext): Generator<Batch> {
    const relation = this.#catalog.byId(id);
    assert(relation?.kind === 'system', `relation ${id} has no rows`);
    const kinds = relation.columns.map((column) => column.type.column);
    let rows: (readonly Value[])[] = [];
    for (const row of this.#systemRows(relation, context)) {
      rows.push(row);
      if (rows.length < BATCH_ROWS) continue;
      yield batchOfRows(kinds, rows);
      rows = [];
    }
    if (rows.length > 0) yield batchOfRows(kinds, rows);
  }

  // ---- TickRunner

  accept(changes: readonly Change[]): void {
    for (const { relation } of changes) {
      if (!this.#runtimes.has(relation)) throw new SqlError('42P01', 'the relation was dropped concurrently');
    }
    this.#constraints.accept(changes);
  }

  groupAccepted(): void {
    this.#constraints.forget();
  }

  /** Fresh constraints over the state as it is: to raise errors at the statement rather than at COMMIT. */
  newConstraints(): GroupConstraints {
    return new GroupConstraints((relation) => this.#storedTable(relation));
  }

  #storedTable(relation: RelationId) {
    const runtime = this.#runtimes.get(relation);
    if (runtime?.kind !== 'table') return null;
    return { relation: runtime.relation, table: runtime.stored.table };
  }

  log(tick: Tick, changes: readonly Change[]): Promise<void> {
    const entries = changes.map(({ relation, batch }) => {
      const runtime = this.#runtimes.get(relation);
      assert(runtime !== undefined, `no relation ${relation} to change`);
      return { relation, types: runtime.types, batch };
    });
    return this.storage.append(tick, this.clock.nowMicros(), entries);
  }

  run(_tick: Tick, changes: readonly Change[]): void {
    try {
      for (const change of changes) this.#applyBase(change);
      this.#endTick();
    } catch (error) {
      this.logger.log('error', 'a tick failed; nothing more is accepted until a restart recovers from the log', {
        error: internalError(error).stack ?? String(error),
      });
      throw error;
    }
  }

  #applyBase({ relation, batch }: Change): void {
    const runtime = this.#runtimes.get(relation);
    if (runtime?.kind === 'table') {
      runtime.stored.onBatch(batch, 0, () => {});
    } else if (runtime?.kind === 'stream') {
      this.#readers.push(relation, batch);
      if (runtime.watermark?.observe(batch, this.viewContext) === true) {
        this.#readers.pushWatermark(relation, runtime.watermark.value as number | bigint);
      }
    }
  }

  /** Ends the tick of every relation in order: the net changes of each go to its readers before those end theirs. */
  #endTick(): void {
    for (const runtime of this.#runtimes.values()) {
      if (runtime.kind === 'materialized-view') this.#readers.endTick(runtime);
      else if (runtime.kind === 'table') {
        runtime.stored.onTickEnd((batch) => this.#readers.push(runtime.relation.id, batch));
      }
    }
  }

  /** Microseconds since 2000. */
  get now(): number {
    return this.clock.nowMicros() - SQL_EPOCH_MICROS;
  }
}

export const stoppedView = (view: ViewRuntime): SqlError =>
  objectNotInPrerequisiteState(`materialized view "${view.relation.name}" has stopped`, {
    detail: view.failure ?? undefined,
    hint: 'This is a defect of the server; its log has the details. Drop the view and create it again.',
  });

/** The name of a relation's durable state. */
export const storeName = (relation: RelationId): string => `relation ${relation}`;
