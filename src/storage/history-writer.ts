/**
 * Writing history: the log entries of a stream behind the checkpoint, as blocks of about a batch.
 *
 * Small ticks are merged, also with the last block of before; large blocks are taken over as they are. A tick's rows are
 * either whole within one block, or alone in several: so a reader who has come to the end of a block knows a tick and
 * an id behind which nothing will ever be moved in front of him (log.ts).
 */
import type { Connection, Statement } from './database.ts';
import { type Block, decodeOpaqueBlock, encodeOpaqueBlock, mergeBlocks, type Run, sliceBlock } from './log-block.ts';
import type { RelationBlock } from './log-row.ts';

/** Blocks with fewer rows are merged, to no more than twice as many. */
const SMALL_ROWS = 1024;

export type RelationTick = {
  readonly tick: number;
  readonly arrivedAt: number;
  readonly blocks: readonly RelationBlock[];
};

type HistoryPlace = { id: number; first: number; last: number; rows: number };

export class HistoryWriter {
  readonly #insert: Statement;
  readonly #delete: Statement;
  readonly #replace: Statement;
  readonly #lastTwo: Statement;
  readonly #data: Statement;
  readonly #expired: Statement;
  readonly #deleteExpired: Statement;
  readonly #oldest: Statement;

  constructor(connection: Connection) {
    this.#insert = connection.prepare(
      'INSERT INTO history (relation, first_tick, last_tick, arrived_at, row_count, data) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#delete = connection.prepare('DELETE FROM history WHERE id = ?');
    this.#replace = connection.prepare('UPDATE history SET first_tick = ?, row_count = ?, data = ? WHERE id = ?');
    const place = 'id, first_tick AS first, last_tick AS last, row_count AS rows';
    const newestFirst = 'ORDER BY last_tick DESC, id DESC';
    this.#lastTwo = connection.prepare(`SELECT ${place} FROM history WHERE relation = ? ${newestFirst} LIMIT 2`);
    this.#data = connection.prepare('SELECT data FROM history WHERE id = ?').pluck();
    this.#expired = connection
      .prepare('SELECT coalesce(sum(row_count), 0) FROM history WHERE relation = ? AND arrived_at < ?')
      .pluck();
    this.#deleteExpired = connection.prepare('DELETE FROM history WHERE relation = ? AND arrived_at < ?');
    this.#oldest = connection
      .prepare('SELECT id FROM history WHERE relation = ? ORDER BY last_tick, id LIMIT 1')
      .pluck();
  }

  /** Adds ticks later than all before. */
  append(relation: number, ticks: readonly RelationTick[]): void {
    let pending = this.#takeTail(relation);
    for (const { tick, arrivedAt, blocks } of ticks) {
      const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
      if (rows >= SMALL_ROWS) {
        pending = this.#flush(relation, pending);
        for (const block of blocks) this.#insert.run(relation, tick, tick, arrivedAt, block.rows, block.blob);
        continue;
      }
      const small = blocks.map(({ blob }) => decodeOpaqueBlock(blob, nameOf(relation)));
      if (!sameKinds(pending[0], small[0])) pending = this.#flush(relation, pending);
      pending.push(...small);
      if (countRows(pending) >= SMALL_ROWS) pending = this.#flush(relation, pending);
    }
    this.#flush(relation, pending);
  }

  expire(relation: number, arrivedBefore: number): number {
    const whole = this.#expired.get(relation, arrivedBefore) as number;
    this.#deleteExpired.run(relation, arrivedBefore);
    const oldest = this.#oldest.get(relation) as number | undefined;
    return whole + (oldest === undefined ? 0 : this.#trim(relation, oldest, arrivedBefore));
  }

  /** Cuts the expired ticks off the front of a block. */
  #trim(relation: number, id: number, arrivedBefore: number): number {
    const block = decodeOpaqueBlock(this.#data.get(id) as Uint8Array, nameOf(relation));
    let expired = 0;
    for (const run of block.runs) {
      if (run.arrivedAt >= arrivedBefore) break;
      expired += run.rows;
    }
    if (expired === 0) return 0;
    const rest = sliceBlock(block, expired, block.length);
    this.#replace.run((rest.runs[0] as Run).tick, rest.length, encodeOpaqueBlock(rest), id);
    return expired;
  }

  /** The last block, taken out to be continued: if it is small and holds whole ticks. */
  #takeTail(relation: number): Block[] {
    const [tail, before] = this.#lastTwo.all(relation) as [HistoryPlace?, HistoryPlace?];
    if (tail === undefined || tail.rows >= SMALL_ROWS || before?.last === tail.first) return [];
    const block = decodeOpaqueBlock(this.#data.get(tail.id) as Uint8Array, nameOf(relation));
    this.#delete.run(tail.id);
    return [block];
  }

  #flush(relation: number, blocks: readonly Block[]): Block[] {
    if (blocks.length > 0) this.#write(relation, mergeBlocks(blocks));
    return [];
  }

  #write(relation: number, block: Block): void {
    const first = block.runs[0] as Run;
    const last = block.runs.at(-1) as Run;
    const arrivedAt = Math.max(...block.runs.map((run) => run.arrivedAt));
    this.#insert.run(relation, first.tick, last.tick, arrivedAt, block.length, encodeOpaqueBlock(block));
  }
}

const nameOf = (relation: number): string => `history of relation ${relation}`;

/** A relation's columns may change between ticks; blocks of different columns stay apart. */
const sameKinds = (a: Block | undefined, b: Block | undefined): boolean =>
  a === undefined || b === undefined || kindsOf(a) === kindsOf(b);

const kindsOf = (block: Block): string => block.columns.map(({ kind }) => kind).join();

const countRows = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + block.length, 0);
