/**
 * The log: what came in, tick by tick, and what has come in to a stream ever.
 *
 * Ticks since the last checkpoint are rows of `log`; behind it, kept relations continue in `history` (history-writer.ts).
 * Reading goes page by page, each page one short transaction, so that neither a slow reader nor the writer waits for the other.
 */
import type { RelationId, Tick } from '../base/ids.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import { codecsOf } from './codec.ts';
import type { Connection, Statement } from './database.ts';
import { type Block, decodeBlock, encodeBlock, mergeBlocks, sliceBlock } from './log-block.ts';
import { type LogRow, packLogRow, type RelationBlock, unpackLogRow } from './log-row.ts';
import type { LogEntry, LoggedTick } from './storage.ts';
import type { WriterClient } from './writer-client.ts';

const PAGE_TICKS = 32;
const PAGE_BLOCKS = 32;
/** A block twice as large as a batch is handed on in pieces. */
const MAX_BATCH_ROWS = 2 * BATCH_ROWS;

/** Where a reader of a history stands: behind block `id`, the last of which was of `tick`. */
type Place = { readonly tick: number; readonly id: number };
type HistoryRow = { readonly id: number; readonly tick: number; readonly data: Uint8Array };
type HistoryPage = { readonly blobs: readonly Uint8Array[]; readonly place: Place; readonly after: number };

export class Log {
  readonly #connection: Connection;
  readonly #writer: WriterClient;
  readonly #logPage: Statement;
  readonly #historyPage: Statement;

  constructor(connection: Connection, writer: WriterClient) {
    this.#connection = connection;
    this.#writer = writer;
    this.#logPage = connection.prepare(
      'SELECT tick, arrived_at AS arrivedAt, entries, data FROM log WHERE tick > ? AND tick <= ? ORDER BY tick LIMIT ?',
    );
    this.#historyPage = connection.prepare(
      `SELECT id, last_tick AS tick, data FROM history
       WHERE relation = ? AND (last_tick, id) > (?, ?) AND first_tick <= ? ORDER BY last_tick, id LIMIT ?`,
    );
  }

  async append(tick: Tick, arrivedAt: number, entries: readonly LogEntry[]): Promise<void> {
    const blocks: RelationBlock[] = [];
    for (const { relation, types, batch } of entries) {
      const { length, columns, weights } = batch;
      if (length === 0) continue;
      const block: Block = { runs: [{ tick, arrivedAt, rows: length }], length, columns, weights };
      blocks.push({ relation, rows: length, blob: encodeBlock(block, codecsOf(types)) });
    }
    await this.#writer.append(packLogRow(tick, arrivedAt, blocks));
  }

  *replay(after: Tick, typesOf: (relation: RelationId) => readonly SqlType[] | null): Iterable<LoggedTick> {
    let last: number = after;
    for (let rows = this.#logAfter(last); rows.length > 0; rows = this.#logAfter(last)) {
      for (const row of rows) {
        last = row.tick;
        yield this.#decodeTick(row, typesOf);
      }
    }
  }

  #logAfter(tick: number): LogRow[] {
    return this.#logPage.all(tick, Number.MAX_SAFE_INTEGER, PAGE_TICKS) as LogRow[];
  }

  #decodeTick(row: LogRow, typesOf: (relation: RelationId) => readonly SqlType[] | null): LoggedTick {
    const entries: { relation: RelationId; batch: Batch }[] = [];
    for (const { relation, blob } of unpackLogRow(row)) {
      const types = typesOf(relation);
      if (types === null) continue;
      entries.push({ relation, batch: decodeBlock(blob, codecsOf(types), `tick ${row.tick} of the log`) });
    }
    return { tick: row.tick as Tick, arrivedAt: row.arrivedAt, entries };
  }

  /** Batches of their own, of about a thousand rows: small ones are joined, large ones cut. */
  *history(relation: RelationId, types: readonly SqlType[], through: Tick): Iterable<Batch> {
    let small: Block[] = [];
    let rows = 0;
    for (const block of this.#blocks(relation, types, through)) {
      if (rows + block.length > MAX_BATCH_ROWS && rows > 0) {
        yield mergeBlocks(small);
        small = [];
        rows = 0;
      }
      if (block.length > MAX_BATCH_ROWS) {
        yield* cut(block);
        continue;
      }
      small.push(block);
      rows += block.length;
      if (rows >= BATCH_ROWS) {
        yield mergeBlocks(small);
        small = [];
        rows = 0;
      }
    }
    if (rows > 0) yield mergeBlocks(small);
  }

  *#blocks(relation: RelationId, types: readonly SqlType[], through: Tick): Iterable<Block> {
    const codecs = codecsOf(types);
    const what = `history of relation ${relation}`;
    let place: Place = { tick: 0, id: 0 };
    for (;;) {
      const page = this.#page(relation, place, through);
      if (page.blobs.length === 0 && page.place === place) return;
      for (const blob of page.blobs) {
        const block = trimToTicks(decodeBlock(blob, codecs, what), page.after, through);
        if (block.length > 0) yield block;
      }
      place = page.place;
    }
  }

  /** Blobs behind a place, from the history while there are any, then from the log. One transaction: the writer moves them meanwhile. */
  #page(relation: RelationId, place: Place, through: Tick): HistoryPage {
    return this.#connection.transaction((): HistoryPage => {
      const kept = this.#historyPage.all(relation, place.tick, place.id, through, PAGE_BLOCKS) as HistoryRow[];
      const lastKept = kept.at(-1);
      if (lastKept !== undefined) {
        // A block that begins at the place's own tick is a later part of it, unless that tick was already whole.
        const after = kept[0]?.tick === place.tick ? place.tick - 1 : place.tick;
        return { blobs: kept.map(({ data }) => data), place: lastKept, after };
      }
      const logged = this.#logPage.all(place.tick, through, PAGE_TICKS) as LogRow[];
      const last = logged.at(-1);
      const blobs = logged.flatMap((row) => unpackLogRow(row)).filter((block) => block.relation === relation);
      const end = last === undefined ? place : { tick: last.tick, id: Number.MAX_SAFE_INTEGER };
      return { blobs: blobs.map(({ blob }) => blob), place: end, after: place.tick };
    })();
  }
}

/** The rows of ticks after `after` up to and with `through`. */
function trimToTicks(block: Block, after: number, through: number): Block {
  let from = 0;
  let to = 0;
  let at = 0;
  for (const { tick, rows } of block.runs) {
    at += rows;
    if (tick <= after) from = at;
    if (tick <= through) to = at;
  }
  return from === 0 && to === block.length ? block : sliceBlock(block, from, Math.max(from, to));
}

function* cut(block: Block): Iterable<Block> {
  for (let from = 0; from < block.length; from += BATCH_ROWS) {
    yield sliceBlock(block, from, Math.min(block.length, from + BATCH_ROWS));
  }
}
