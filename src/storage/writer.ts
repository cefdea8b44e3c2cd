/**
 * The writer: every change of the database file, one synchronous method each. It runs in a worker thread (worker.ts) or,
 * in tests and in memory, inline; it knows rows and blobs, not SQL types.
 *
 * A checkpoint does not touch the log. What lies behind it is cleared away afterwards in small steps, between
 * appends: entries of kept relations become history, the others are dropped.
 */
import { ioError } from '../base/errors.ts';
import { type Connection, checkpointWal, fileSize, type Statement, walFile } from './database.ts';
import { HistoryWriter } from './history-writer.ts';
import { type LogRow, type RelationBlock, unpackLogRow } from './log-row.ts';

export type PageImage = { readonly page: number; readonly data: Uint8Array };

export type TableChanges = {
  readonly id: number;
  readonly store: string;
  readonly name: string;
  readonly spec: string;
  /** Everything saved before is void. */
  readonly wasCleared: boolean;
  readonly pages: readonly PageImage[];
  readonly deltas: readonly Uint8Array[];
  /** Sequences of deltas all of whose pages have newer images now. */
  readonly superseded: readonly number[];
};

export type CheckpointJob = {
  readonly tick: number;
  readonly sequence: number;
  readonly catalog: Uint8Array | null;
  readonly meta: readonly (readonly [name: string, value: Uint8Array])[];
  readonly droppedStores: readonly string[];
  readonly droppedRelations: readonly number[];
  readonly tables: readonly TableChanges[];
};

/** Log rows cleared away in one step, as long as they are small. */
const STEP_TICKS = 128;
const STEP_BYTES = 4 << 20;
/** The write-ahead log is moved into the file at this size even when the writer is busy, and from the smaller one when idle. */
const BUSY_WAL_BYTES = 48 << 20;
const IDLE_WAL_BYTES = 1 << 20;

export class Writer {
  readonly #connection: Connection;
  readonly #file: string;
  readonly #history: HistoryWriter;
  readonly #kept: Set<number>;
  #checkpointTick: number;
  readonly #insertLog: Statement;
  readonly #selectLog: Statement;
  readonly #deleteLog: Statement;

  constructor(connection: Connection, file: string) {
    this.#connection = connection;
    this.#file = file;
    this.#history = new HistoryWriter(connection);
    this.#kept = new Set(connection.prepare('SELECT relation FROM kept').pluck().all() as number[]);
    this.#checkpointTick = connection.prepare('SELECT tick FROM checkpoint').pluck().get() as number;
    this.#insertLog = connection.prepare('INSERT INTO log VALUES (?, ?, ?, ?)');
    this.#selectLog = connection.prepare(
      'SELECT tick, arrived_at AS arrivedAt, entries, data FROM log WHERE tick <= ? ORDER BY tick LIMIT ?',
    );
    this.#deleteLog = connection.prepare('DELETE FROM log WHERE tick <= ?');
  }

  /** Appends ticks and declares relations kept, all in one synced transaction. */
  append(rows: readonly LogRow[], kept: readonly number[]): void {
    this.#connection.transaction(() => {
      for (const { tick, arrivedAt, entries, data } of rows) this.#insertLog.run(tick, arrivedAt, entries, data);
      for (const relation of kept) this.#connection.prepare('INSERT OR IGNORE INTO kept VALUES (?)').run(relation);
    })();
    for (const relation of kept) this.#kept.add(relation);
    this.#limitWal(BUSY_WAL_BYTES);
  }

  /** One transaction. Each checkpoint builds on the one before it, so none may follow one that failed. */
  checkpoint(job: CheckpointJob): void {
    const last = this.#connection.prepare('SELECT sequence FROM checkpoint').pluck().get() as number;
    if (job.sequence !== last + 1) throw ioError(`checkpoint ${job.sequence} does not follow checkpoint ${last}`);
    this.#connection.transaction(() => {
      for (const store of job.droppedStores) this.#dropStore(store);
      for (const relation of job.droppedRelations) this.#dropRelation(relation);
      for (const table of job.tables) this.#saveTable(table, job.sequence);
      this.#saveHead(job);
    })();
    for (const relation of job.droppedRelations) this.#kept.delete(relation);
    this.#checkpointTick = job.tick;
    this.#limitWal(BUSY_WAL_BYTES);
  }

  /** Forgets history that arrived before the time given; returns the number of rows. */
  expire(relation: number, arrivedBefore: number): number {
    while (this.#clearLog()) {
      // Until all that is behind the checkpoint is history.
    }
    return this.#connection.transaction(() => this.#history.expire(relation, arrivedBefore))();
  }

  /** One small piece of work that can wait; false when there is none. */
  tidy(isIdle: boolean): boolean {
    if (this.#clearUnsynced()) return true;
    if (isIdle) this.#limitWal(IDLE_WAL_BYTES);
    return false;
  }

  close(): void {
    while (this.tidy(true)) {
      // What is left is little: the log since the last checkpoint stays.
    }
    checkpointWal(this.#connection, 'TRUNCATE');
    this.#connection.close();
  }

  // ------------------------------------------------------------------------------------------------------ checkpoint

  #dropStore(store: string): void {
    const tables = this.#connection.prepare('SELECT id FROM state_table WHERE store = ?').pluck().all(store);
    for (const id of tables as number[]) this.#dropRows(id);
    this.#connection.prepare('DELETE FROM state_table WHERE store = ?').run(store);
  }

  #dropRows(table: number): void {
    this.#connection.prepare('DELETE FROM state_page WHERE state_table = ?').run(table);
    this.#connection.prepare('DELETE FROM state_delta WHERE state_table = ?').run(table);
  }

  #dropRelation(relation: number): void {
    this.#connection.prepare('DELETE FROM kept WHERE relation = ?').run(relation);
    this.#connection.prepare('DELETE FROM history WHERE relation = ?').run(relation);
  }

  #saveTable(table: TableChanges, sequence: number): void {
    const { id, store, name, spec } = table;
    this.#connection.prepare('INSERT OR IGNORE INTO state_table VALUES (?, ?, ?, ?)').run(id, store, name, spec);
    if (table.wasCleared) this.#dropRows(id);
    const savePage = this.#connection.prepare('INSERT OR REPLACE INTO state_page VALUES (?, ?, ?, ?)');
    for (const { page, data } of table.pages) savePage.run(id, page, sequence, data);
    const dropDelta = this.#connection.prepare('DELETE FROM state_delta WHERE state_table = ? AND sequence = ?');
    for (const old of table.superseded) dropDelta.run(id, old);
    const saveDelta = this.#connection.prepare('INSERT INTO state_delta VALUES (?, ?, ?, ?)');
    table.deltas.forEach((data, part) => {
      saveDelta.run(id, sequence, part, data);
    });
  }

  #saveHead({ tick, sequence, catalog, meta }: CheckpointJob): void {
    const head = this.#connection.prepare(
      'UPDATE checkpoint SET tick = ?, sequence = ?, catalog = coalesce(?, catalog)',
    );
    head.run(tick, sequence, catalog);
    const saveMeta = this.#connection.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    for (const [name, value] of meta) saveMeta.run(name, value);
  }

  // ------------------------------------------------------------------------------------------------------- clearing

  /** Clearing need not be synced: if it is lost it is done again, and the next commit syncs it with its own. */
  #clearUnsynced(): boolean {
    this.#connection.pragma('synchronous = NORMAL');
    try {
      return this.#clearLog();
    } finally {
      this.#connection.pragma('synchronous = FULL');
    }
  }

  /** Takes some ticks behind the checkpoint out of the log. False when there are none. */
  #clearLog(): boolean {
    return this.#connection.transaction(() => {
      const rows = this.#selectLog.all(this.#checkpointTick, this.#stepTicks()) as LogRow[];
      const last = rows.at(-1);
      if (last === undefined) return false;
      const byRelation = new Map<number, { tick: number; arrivedAt: number; blocks: RelationBlock[] }[]>();
      for (const row of rows) this.#sortOut(row, byRelation);
      for (const [relation, ticks] of byRelation) this.#history.append(relation, ticks);
      this.#deleteLog.run(last.tick);
      return true;
    })();
  }

  /** Ticks are of all sizes: many small ones make a step, or one that is large. */
  #stepTicks(): number {
    const sizes = this.#connection
      .prepare('SELECT length(data) FROM log WHERE tick <= ? ORDER BY tick LIMIT ?')
      .pluck()
      .all(this.#checkpointTick, STEP_TICKS) as number[];
    let bytes = 0;
    const over = sizes.findIndex((size) => {
      bytes += size;
      return bytes > STEP_BYTES;
    });
    return over < 0 ? STEP_TICKS : over + 1;
  }

  #sortOut(row: LogRow, byRelation: Map<number, { tick: number; arrivedAt: number; blocks: RelationBlock[] }[]>): void {
    for (const block of unpackLogRow(row)) {
      if (!this.#kept.has(block.relation)) continue;
      const ticks = byRelation.get(block.relation) ?? [];
      byRelation.set(block.relation, ticks);
      const last = ticks.at(-1);
      if (last?.tick === row.tick) last.blocks.push(block);
      else ticks.push({ tick: row.tick, arrivedAt: row.arrivedAt, blocks: [block] });
    }
  }

  #limitWal(limit: number): void {
    if (fileSize(walFile(this.#file)) > limit) checkpointWal(this.#connection, 'PASSIVE');
  }
}
