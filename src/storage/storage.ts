/**
 * What the engine sees of durable storage: a log, checkpoints, and state stores that survive.
 *
 * Input is in the log, synced, before a tick makes it visible. A checkpoint is one SQLite transaction holding all state that
 * changed, the catalog, and the tick they belong to. Recovery is the last checkpoint and the log after it.
 */
import type { RelationId, Tick } from '../base/ids.ts';
import type { Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import type { StateStore } from './state.ts';

/** The changes one tick makes to one base relation. Several entries of a tick may name the same relation. */
export type LogEntry = { readonly relation: RelationId; readonly types: readonly SqlType[]; readonly batch: Batch };

export type LoggedTick = {
  readonly tick: Tick;
  /** Microseconds since 1970 when the group was taken in. */
  readonly arrivedAt: number;
  readonly entries: readonly { readonly relation: RelationId; readonly batch: Batch }[];
};

/** A durable state store of one dataflow or relation, by a stable name (`view 16390`). */
export interface DurableStateStore extends StateStore {
  readonly name: string;
}

export type CheckpointRequest = {
  readonly tick: Tick;
  /** The whole catalog as text or bytes the engine understands, when it changed; stored as one row. */
  readonly catalog: Uint8Array | null;
  /** Small named values (id counters, watermarks of sources …) to store with it. Those not named keep their value. */
  readonly meta: Readonly<Record<string, Uint8Array>>;
  /** Names of stores to delete with this checkpoint. */
  readonly droppedStores: readonly string[];
  /** Relations whose history is to be deleted with this checkpoint. */
  readonly droppedRelations: readonly RelationId[];
};

export type CheckpointResult = {
  readonly tick: Tick;
  readonly rows: number;
  readonly bytes: number;
  readonly gatherMs: number;
  readonly commitMs: number;
};

export interface Storage {
  /** Tick of the last checkpoint, 0 when there is none. */
  readonly checkpointTick: Tick;
  readonly catalog: Uint8Array | null;
  readonly meta: Readonly<Record<string, Uint8Array>>;

  /** The durable store of this name; asking twice gives the same. Tables come back from the last checkpoint when opened. */
  store(name: string): DurableStateStore;

  /**
   * Appends one tick. The batches are encoded before this returns; the promise resolves when they are synced to disk. Ticks come in
   * order. After a failed append all later ones fail: the log has no holes.
   */
  append(tick: Tick, arrivedAt: number, entries: readonly LogEntry[]): Promise<void>;
  /** The ticks after `after`, in order, for recovery. `typesOf` answers null for a relation that no longer exists: its entries are skipped. */
  replay(after: Tick, typesOf: (relation: RelationId) => readonly SqlType[] | null): Iterable<LoggedTick>;
  /** Everything ever logged for a stream up to and with `through`, in order: what a new view or a SELECT over the stream starts from. */
  history(relation: RelationId, types: readonly SqlType[], through: Tick): Iterable<Batch>;
  /** Forgets log entries that arrived before `arrivedBefore` (µs since 1970) and are behind the last checkpoint. Resolves to the number of rows. */
  expireHistory(relation: RelationId, arrivedBefore: number): Promise<number>;

  /**
   * Gathers everything dirty now, synchronously, and commits it with the request in one transaction; ticks may go on
   * meanwhile. A second call gathers at once too, and is committed after the first, or fails with it. Log entries of table relations behind a committed
   * checkpoint are deleted, in steps, soon after; those of relations passed to `keepHistory` stay.
   */
  checkpoint(request: CheckpointRequest): Promise<CheckpointResult>;
  /** Declares that this relation's log entries are its history (a stream) and survive checkpoints. */
  keepHistory(relation: RelationId): void;

  /** Bytes of the database file and its write-ahead log. */
  fileBytes(): number;
  close(): Promise<void>;
}

export type StorageOptions = {
  /** Directory of the database, created with mode 0700 if missing; null keeps everything in memory (tests). */
  readonly directory: string | null;
  /** Whether SQLite writes happen in a worker thread. Off in tests that run from source. */
  readonly threaded: boolean;
};
