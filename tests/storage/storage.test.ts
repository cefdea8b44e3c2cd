/** Storage as the engine sees it, from source with the inline writer: log, history, checkpoints, reopening. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RelationId, Tick } from '../../src/base/ids.ts';
import { Random } from '../../src/base/random.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateTable, type StateTableSpec } from '../../src/storage/state.ts';
import type { CheckpointRequest, LogEntry, Storage } from '../../src/storage/storage.ts';
import { type Batch, batchOfRows, rowAt, weightAt } from '../../src/types/batch.ts';
import { type Column, setValueAt, type Value, valueAt } from '../../src/types/column.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';
import { int4, int8, numeric, sampleTypes, sampleValue, text } from './sample-values.ts';
import { columnsOf } from './table-model.ts';

let directory: string;
let storage: Storage;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-storage-'));
  storage = await open();
});

afterEach(async () => {
  await storage.close().catch(() => {});
  rmSync(directory, { recursive: true });
});

const open = () => openStorage({ directory, threaded: false });

async function reopen(): Promise<void> {
  await storage.close();
  storage = await open();
}

const tickOf = (tick: number): Tick => tick as Tick;
const orders = 16384 as RelationId;
const clicks = 16390 as RelationId;
const streamTypes = [int8, text];

const entry = (relation: RelationId, rows: readonly Value[][], weights: number[] | null = null): LogEntry => ({
  relation,
  types: streamTypes,
  batch: batchOfRows(['i64', 'text'], rows, weights),
});

const request = (tick: number, more: Partial<CheckpointRequest> = {}): CheckpointRequest => ({
  tick: tickOf(tick),
  catalog: null,
  meta: {},
  droppedStores: [],
  droppedRelations: [],
  ...more,
});

const rowsOf = (batch: Batch): Value[][] => Array.from({ length: batch.length }, (_, i) => rowAt(batch, i));

const historyOf = (relation: RelationId, through = 1e9): Value[][] =>
  [...storage.history(relation, streamTypes, tickOf(through))].flatMap(rowsOf);

/** Lets the idle writer tidy up. */
const idle = (ms = 120) => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes the database refuse what the trigger says, as a full or broken disk would. */
function whileFailing(when: string): void {
  onDatabase(`CREATE TRIGGER fire ${when} BEGIN SELECT RAISE(ABORT, 'disk on fire'); END`);
}

const noLongerFailing = (): void => onDatabase('DROP TRIGGER fire');

function onDatabase(sql: string): void {
  const raw = new SqliteDatabase(join(directory, 'millrace.db'));
  raw.exec(sql);
  raw.close();
}

describe('the log', () => {
  test('gives back ticks in order with their entries, after a restart too', async () => {
    await storage.append(tickOf(1), 100, [entry(orders, [[1, 'a']]), entry(clicks, [[2, 'b']], [-1])]);
    await Promise.all([
      storage.append(tickOf(2), 200, []),
      storage.append(tickOf(3), 300, [
        entry(orders, [
          [3, 'c'],
          [4, null],
        ]),
        entry(orders, [[5, 'e']]),
      ]),
    ]);
    await reopen();
    const ticks = [...storage.replay(tickOf(0), () => streamTypes)];
    expect(ticks.map(({ tick, arrivedAt }) => [tick, arrivedAt])).toEqual([
      [1, 100],
      [2, 200],
      [3, 300],
    ]);
    expect(ticks[0]?.entries.map(({ relation, batch }) => [relation, rowsOf(batch), weightAt(batch, 0)])).toEqual([
      [orders, [[1, 'a']], 1],
      [clicks, [[2, 'b']], -1],
    ]);
    expect(ticks[2]?.entries.flatMap(({ batch }) => rowsOf(batch))).toEqual([
      [3, 'c'],
      [4, null],
      [5, 'e'],
    ]);
    expect([...storage.replay(tickOf(2), () => streamTypes)].map(({ tick }) => tick)).toEqual([3]);
  });

  test('leaves out relations that no longer exist', async () => {
    await storage.append(tickOf(1), 100, [entry(orders, [[1, 'a']]), entry(clicks, [[2, 'b']])]);
    const [tick] = storage.replay(tickOf(0), (relation) => (relation === clicks ? streamTypes : null));
    expect(tick?.entries.map(({ relation }) => relation)).toEqual([clicks]);
  });

  test('replays more ticks than fit a page', async () => {
    const appended = Array.from({ length: 500 }, (_, i) =>
      storage.append(tickOf(i + 1), i, [entry(orders, [[i, 'x']])]),
    );
    await Promise.all(appended);
    const ticks = [...storage.replay(tickOf(0), () => streamTypes)];
    expect(ticks.map(({ tick }) => tick)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
  });

  test('encodes before it returns: the batch may be reused at once', async () => {
    const appended = entry(orders, [[1, 'before']]);
    const done = storage.append(tickOf(1), 1, [appended]);
    (appended.batch.columns[1] as Column).data[0] = 'after';
    await done;
    const [tick] = storage.replay(tickOf(0), () => streamTypes);
    expect(tick?.entries.flatMap(({ batch }) => rowsOf(batch))).toEqual([[1, 'before']]);
  });
});

test('an append that fails fails all later ones: the log has no holes', async () => {
  await storage.append(tickOf(1), 1, [entry(orders, [[1, 'a']])]);
  whileFailing('BEFORE INSERT ON log');
  await expect(storage.append(tickOf(2), 2, [])).rejects.toThrow(expect.objectContaining({ code: '58030' }));
  noLongerFailing();
  await expect(storage.append(tickOf(3), 3, [])).rejects.toThrow(/on fire/);
  await expect(storage.checkpoint(request(1))).rejects.toThrow(/on fire/);
  await reopen();
  expect([...storage.replay(tickOf(0), () => streamTypes)].map(({ tick }) => tick)).toEqual([1]);
  await storage.append(tickOf(2), 2, []);
});

describe('history', () => {
  /** Ticks of very different sizes: none, one, some, about a batch, several batches in several entries. */
  async function fill(seed: number, ticks: number): Promise<{ tick: number; rows: Value[][] }[]> {
    const random = new Random(seed);
    const logged: { tick: number; rows: Value[][] }[] = [];
    let next = 0;
    for (let tick = 1; tick <= ticks; tick++) {
      const entries: LogEntry[] = [entry(orders, [[tick, 'noise']])];
      const rows: Value[][] = [];
      const sizes = random.below(12) === 0 ? [1024, 1024, 5, 700] : [0, 1, 3, 100, 1024].slice(0, random.below(4));
      for (const size of sizes) {
        const part = Array.from({ length: size }, () => [next++, `row ${tick}`] as Value[]);
        rows.push(...part);
        entries.push(entry(clicks, part));
      }
      logged.push({ tick, rows });
      await storage.append(tickOf(tick), tick * 10, entries);
      if (random.below(10) === 0) await storage.checkpoint(request(tick));
      if (random.below(25) === 0) await idle(40);
    }
    return logged;
  }

  test('of a kept relation survives checkpoints and restarts, exact up to any tick', async () => {
    storage.keepHistory(clicks);
    const logged = await fill(1, 120);
    const through = (tick: number) => logged.filter((each) => each.tick <= tick).flatMap(({ rows }) => rows);
    for (const tick of [0, 1, 17, 60, 99, 119, 120]) expect(historyOf(clicks, tick)).toEqual(through(tick));
    await storage.checkpoint(request(120));
    await idle();
    for (const tick of [0, 1, 17, 60, 99, 119, 120]) expect(historyOf(clicks, tick)).toEqual(through(tick));
    await reopen();
    for (const tick of [5, 64, 120]) expect(historyOf(clicks, tick)).toEqual(through(tick));
    expect(historyOf(orders)).toEqual([]);
  });

  test('read slowly, while the writer moves it, shows every row once', async () => {
    storage.keepHistory(clicks);
    const logged = await fill(2, 150);
    const seen: Value[][] = [];
    let batches = 0;
    for (const batch of storage.history(clicks, streamTypes, tickOf(150))) {
      seen.push(...rowsOf(batch));
      batches++;
      if (batches === 2) await storage.checkpoint(request(150));
      if (batches % 3 === 0) await idle(30);
    }
    expect(seen).toEqual(logged.flatMap(({ rows }) => rows));
  });

  test('shows a tick once that was read from the log and then merged with later ones', async () => {
    storage.keepHistory(clicks);
    const rows = (tick: number) => Array.from({ length: 100 }, (_, i) => [tick, `${i}`] as Value[]);
    for (let tick = 1; tick <= 100; tick++) await storage.append(tickOf(tick), tick, [entry(clicks, rows(tick))]);
    const batches = storage.history(clicks, streamTypes, tickOf(95))[Symbol.iterator]();
    const seen = rowsOf(batches.next().value as Batch);
    await storage.checkpoint(request(100));
    await idle();
    for (let next = batches.next(); !next.done; next = batches.next()) seen.push(...rowsOf(next.value));
    expect(seen).toEqual(Array.from({ length: 95 }, (_, k) => rows(k + 1)).flat());
  });

  test('joins many small ticks into batches of about a thousand rows', async () => {
    storage.keepHistory(clicks);
    for (let tick = 1; tick <= 300; tick++) {
      await storage.append(tickOf(tick), tick, [
        entry(
          clicks,
          Array.from({ length: 10 }, (_, i) => [i, 'x']),
        ),
      ]);
    }
    const lengths = () => [...storage.history(clicks, streamTypes, tickOf(300))].map(({ length }) => length);
    expect(lengths()).toEqual([1030, 1030, 940]);
    await storage.checkpoint(request(300));
    await idle();
    expect(lengths().length).toBeLessThanOrEqual(3);
    expect(lengths().reduce((sum, length) => sum + length)).toBe(3000);
  });

  test('cuts a tick of many thousand rows into batches', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [i, null] as Value[]);
    storage.keepHistory(clicks);
    await storage.append(tickOf(1), 1, [entry(clicks, rows)]);
    const batches = [...storage.history(clicks, streamTypes, tickOf(1))];
    expect(batches.map(({ length }) => length)).toEqual([1024, 1024, 1024, 1024, 904]);
    expect(batches.flatMap(rowsOf)).toEqual(rows);
  });

  test('forgets what arrived before a time, to the row, and only behind the checkpoint', async () => {
    storage.keepHistory(clicks);
    for (let tick = 1; tick <= 50; tick++) {
      await storage.append(tickOf(tick), tick * 10, [
        entry(clicks, [
          [tick, 'a'],
          [tick, 'b'],
        ]),
      ]);
    }
    await storage.checkpoint(request(40));
    expect(await storage.expireHistory(clicks, 305)).toBe(60);
    expect(historyOf(clicks).map(([tick]) => tick)).toEqual(Array.from({ length: 40 }, (_, i) => 31 + (i >> 1)));
    expect(await storage.expireHistory(clicks, 1e9)).toBe(20);
    expect(historyOf(clicks)[0]).toEqual([41, 'a']);
  });

  test('is deleted with its relation', async () => {
    storage.keepHistory(clicks);
    await storage.append(tickOf(1), 1, [entry(clicks, [[1, 'a']])]);
    await storage.checkpoint(request(1));
    await idle();
    await storage.append(tickOf(2), 1, [entry(clicks, [[2, 'b']])]);
    await storage.checkpoint(request(2, { droppedRelations: [clicks] }));
    await idle();
    expect(historyOf(clicks)).toEqual([]);
  });
});

const spec = (name: string, types: readonly SqlType[] = sampleTypes): StateTableSpec => ({
  name,
  columns: [{ name: 'id', type: int4 }, ...types.map((type, c) => ({ name: `c${c}`, type }))],
  key: [0],
  equality: 'sql',
  indexes: [
    { kind: 'multi', columns: [1] },
    { kind: 'ordered', order: [{ column: 1, descending: true, nullsFirst: false }] },
  ],
});

/** Everything about a table that a reader can see, with row numbers. */
function image(table: StateTable): string[] {
  const rows: string[] = [];
  for (let row = 0; row < table.rowLimit; row++) {
    if (table.live[row >> PAGE_SHIFT]?.[row & PAGE_MASK] !== 1) continue;
    const values = table.spec.columns.map(({ type }, c) => {
      const value = valueAt(table.column(c)[row >> PAGE_SHIFT] as Column, row & PAGE_MASK);
      return value === null ? 'NULL' : type.format(value, defaultFormat);
    });
    rows.push(`${row}: ${values.join('|')}`);
  }
  return rows;
}

/** Random inserts, removals and writes, some in one place and some everywhere. */
function churn(table: StateTable, random: Random, steps: number): void {
  const { columns } = table.spec;
  const last = columns.length - 1;
  for (let step = 0; step < steps; step++) {
    const key = columnsOf([int4], [[random.below(4000)]]);
    const found = new Int32Array(1);
    table.find(key, 1, found);
    const row = found[0] as number;
    if (row < 0) {
      const values = columns.map(({ type }) => sampleValue(type, random));
      values[0] = valueAt(key[0] as Column, 0);
      table.insert(
        columnsOf(
          columns.map(({ type }) => type),
          [values],
        ),
        0,
      );
    } else if (random.below(3) === 0) {
      table.remove(row);
    } else {
      table.touchRow(row);
      const value = sampleValue((columns[last] as { type: SqlType }).type, random);
      setValueAt(table.column(last)[row >> PAGE_SHIFT] as Column, row & PAGE_MASK, value);
    }
  }
}

describe('checkpoints', () => {
  test('bring back catalog, meta and tick', async () => {
    expect([storage.checkpointTick, storage.catalog, storage.meta]).toEqual([0, null, {}]);
    const catalog = Buffer.from('catalog');
    await storage.checkpoint(request(7, { catalog, meta: { ids: Buffer.from([1]), other: Buffer.from([2]) } }));
    await storage.checkpoint(request(8, { meta: { ids: Buffer.from([3]) } }));
    await reopen();
    expect(storage.checkpointTick).toBe(8);
    expect(Buffer.from(storage.catalog as Uint8Array).toString()).toBe('catalog');
    expect(Object.entries(storage.meta).map(([name, value]) => [name, value[0]])).toEqual([
      ['ids', 3],
      ['other', 2],
    ]);
  });

  test('bring every table back as it was, row numbers and indexes included, through many deltas and images', async () => {
    const random = new Random(3);
    let table = storage.store('view 1').scope('0.join').table(spec('left'));
    let tick = 0;
    for (let round = 0; round < 8; round++) {
      for (let k = 0; k < 12; k++) {
        churn(table, random, round === 0 ? 400 : random.below(4) === 0 ? 300 : 5);
        await storage.checkpoint(request(++tick));
      }
      const before = image(table);
      churn(table, random, 50);
      await reopen();
      table = storage.store('view 1').scope('0.join').table(spec('left'));
      expect(image(table)).toEqual(before);
      expectIndexes(table);
    }
  });

  test('keep few deltas, however many checkpoints change a little, and lose none of their rows', async () => {
    let table = storage.store('v').table(spec('t', [text]));
    churn(table, new Random(1), 6000);
    await storage.checkpoint(request(1));
    const random = new Random(2);
    for (let tick = 2; tick < 250; tick++) {
      churn(table, random, 1 + random.below(4));
      await storage.checkpoint(request(tick));
      if (tick !== 130) continue;
      await reopen();
      table = storage.store('v').table(spec('t', [text]));
    }
    const before = image(table);
    await storage.close();
    const raw = new SqliteDatabase(join(directory, 'millrace.db'));
    expect(raw.prepare('SELECT count(*) FROM state_delta').pluck().get()).toBeLessThanOrEqual(65);
    expect(raw.prepare('SELECT max(sequence) FROM state_page').pluck().get()).toBeLessThan(200);
    raw.close();
    storage = await open();
    expect(image(storage.store('v').table(spec('t', [text])))).toEqual(before);
  });

  test('go on with the same row numbers after a restart as without one', async () => {
    const other = await openStorage({ directory: null, threaded: false });
    const twin = other.store('v').table(spec('t', [text]));
    let table = storage.store('v').table(spec('t', [text]));
    for (let round = 0; round < 5; round++) {
      churn(table, new Random(round), 400);
      churn(twin, new Random(round), 400);
      expect(image(table)).toEqual(image(twin));
      await storage.checkpoint(request(round + 1));
      await reopen();
      table = storage.store('v').table(spec('t', [text]));
    }
    await other.close();
  });

  test('hold the moment they were asked for, not what happened while they were written', async () => {
    const table = storage.store('v').table(spec('t', [numeric]));
    churn(table, new Random(1), 300);
    const before = image(table);
    const first = storage.checkpoint(request(1));
    churn(table, new Random(2), 300);
    const between = image(table);
    const second = storage.checkpoint(request(2));
    churn(table, new Random(3), 300);
    expect((await first).tick).toBe(1);
    expect(before).not.toEqual(between);
    await second;
    await reopen();
    expect(image(storage.store('v').table(spec('t', [numeric])))).toEqual(between);
  });

  test('of a cleared table hold nothing of what was before', async () => {
    let table = storage.store('v').table(spec('t', [text]));
    churn(table, new Random(1), 3000);
    await storage.checkpoint(request(1));
    table.clear();
    churn(table, new Random(2), 10);
    const after = image(table);
    await storage.checkpoint(request(2));
    await reopen();
    table = storage.store('v').table(spec('t', [text]));
    expect(image(table)).toEqual(after);
  });

  test('delete dropped stores, also one that was never opened', async () => {
    churn(storage.store('v').table(spec('t', [text])), new Random(1), 100);
    churn(storage.store('w').table(spec('t', [text])), new Random(1), 100);
    await storage.checkpoint(request(1));
    await reopen();
    await storage.checkpoint(request(2, { droppedStores: ['v'] }));
    expect(storage.store('v').table(spec('t', [int8])).rowCount).toBe(0);
    await reopen();
    expect(storage.store('v').table(spec('t', [int8])).rowCount).toBe(0);
    expect(storage.store('w').table(spec('t', [text])).rowCount).toBeGreaterThan(0);
  });

  test('that fail leave the last one valid, fail those behind them, and are made up for by the next', async () => {
    const open1 = () => storage.store('v').table(spec('t', [text]));
    churn(open1(), new Random(1), 3000);
    churn(storage.store('w').table(spec('t', [text])), new Random(1), 10);
    await storage.checkpoint(request(1));
    const before = image(open1());
    whileFailing('BEFORE UPDATE ON checkpoint');
    const failing = [1, 2].map((n) => {
      churn(open1(), new Random(10 + n), 200);
      return storage.checkpoint(request(1 + n));
    });
    for (const each of failing) await expect(each).rejects.toThrow(expect.objectContaining({ code: '58030' }));
    expect(storage.checkpointTick).toBe(1);
    await reopen();
    expect(image(open1())).toEqual(before);

    churn(open1(), new Random(20), 200);
    const owed = { catalog: Buffer.from('owed'), droppedStores: ['w'] };
    await expect(storage.checkpoint(request(2, owed))).rejects.toThrow(/on fire/);
    churn(open1(), new Random(21), 20);
    noLongerFailing();
    const after = image(open1());
    await storage.checkpoint(request(3));
    await reopen();
    expect(image(open1())).toEqual(after);
    expect(Buffer.from(storage.catalog as Uint8Array).toString()).toBe('owed');
    expect(storage.store('w').table(spec('t', [text])).rowCount).toBe(0);
  });

  test('tell rows, bytes and times', async () => {
    churn(storage.store('v').table(spec('t', [text])), new Random(1), 100);
    const result = await storage.checkpoint(request(1));
    expect(result.rows).toBe(storage.store('v').table(spec('t', [text])).rowCount);
    expect(result.bytes).toBeGreaterThan(500);
    expect((await storage.checkpoint(request(2))).rows).toBe(0);
  });

  test('a table opened with another spec is an assertion that names it', async () => {
    storage
      .store('view 9')
      .scope('1.top')
      .table(spec('rows', [text]));
    churn(
      storage
        .store('view 9')
        .scope('1.top')
        .table(spec('rows', [text])),
      new Random(1),
      5,
    );
    expect(() =>
      storage
        .store('view 9')
        .scope('1.top')
        .table(spec('rows', [int8])),
    ).toThrow(/view 9\.1\.top\.rows/);
    await storage.checkpoint(request(1));
    await reopen();
    expect(() =>
      storage
        .store('view 9')
        .scope('1.top')
        .table(spec('rows', [int8])),
    ).toThrow(/state table view 9\.1\.top\.rows was saved as/);
  });
});

function expectIndexes(table: StateTable): void {
  const count = new Set<number>();
  const index = table.ordered(1);
  for (let row = index.first([], 0); row >= 0; row = index.next(row)) count.add(row);
  expect(count.size).toBe(table.rowCount);
  for (const row of count) {
    const page = row >> PAGE_SHIFT;
    const i = row & PAGE_MASK;
    const found = new Int32Array(1);
    const key = [table.column(0)[page] as Column];
    table.find(columnsOf([int4], [[valueAt(key[0] as Column, i)]]), 1, found);
    expect(found[0]).toBe(row);
    const chain = new Int32Array(1);
    table.findFirst(0, columnsOf([int4], [[valueAt(table.column(1)[page] as Column, i)]]), 1, chain);
    const rows: number[] = [];
    for (let at = chain[0] as number; at >= 0 && rows.length < 5000; at = table.nextInChain(0, at)) rows.push(at);
    expect(rows).toContain(row);
  }
}

describe('the directory', () => {
  test('is made with mode 0700', async () => {
    const inner = join(directory, 'deep', 'data');
    const other = await openStorage({ directory: inner, threaded: false });
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    await other.close();
  });

  test('is refused while another storage has it, and free again after', async () => {
    await expect(open()).rejects.toThrow(expect.objectContaining({ code: 'F0001', severity: 'FATAL' }));
    await reopen();
  });

  test('with a damaged page is refused as XX001 when the table is opened', async () => {
    churn(storage.store('v').table(spec('t', [text])), new Random(1), 2000);
    await storage.checkpoint(request(1));
    await storage.close();
    const raw = new SqliteDatabase(join(directory, 'millrace.db'));
    const page = raw.prepare('SELECT data FROM state_page').pluck().get() as Buffer;
    page[200] = (page[200] as number) ^ 1;
    raw.prepare('UPDATE state_page SET data = ?').run(page);
    raw.close();
    storage = await open();
    expect(() => storage.store('v').table(spec('t', [text]))).toThrow(
      expect.objectContaining({ code: 'XX001', message: expect.stringContaining('page 0 of state table v.t') }),
    );
  });

  test('with a file that is no database is refused as XX001', async () => {
    await storage.close();
    const raw = new SqliteDatabase(join(directory, 'millrace.db'));
    raw.pragma('user_version = 99');
    raw.close();
    await expect(open()).rejects.toThrow(/written by a newer version/);
    rmSync(join(directory, 'millrace.db'));
    storage = await open();
  });
});
