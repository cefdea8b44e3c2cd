/**
 * State tables: upserts by key count and key shape, the longest pause while ten million keys come in, ordered indexes,
 * checkpoints of a table of a million rows, and how long that table takes to come back. Nanoseconds are processor time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tick } from '../src/base/ids.ts';
import { Random } from '../src/base/random.ts';
import { openStorage } from '../src/storage/open-storage.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateTable, type StateTableSpec } from '../src/storage/state.ts';
import { PagedStateTable } from '../src/storage/state-table.ts';
import { allocateColumn, type Column, type I64Column, setValueAt, type Value } from '../src/types/column.ts';
import { int4, int8 } from '../src/types/integer.ts';
import { Numeric } from '../src/types/numeric.ts';
import { numeric } from '../src/types/numeric-type.ts';
import { text } from '../src/types/text.ts';
import type { SqlType } from '../src/types/type.ts';

const BATCH = 1024;
const MILLION = 1_000_000;

type Row = { readonly measure: string; readonly value: number; readonly unit: string; readonly target?: number };

const specOf = (key: readonly SqlType[]): StateTableSpec => ({
  name: 'bench',
  columns: [...key, int8, int8].map((type, c) => ({ name: `c${c}`, type })),
  key: key.map((_, c) => c),
  equality: 'sql',
  indexes: [],
});

/** How the key numbered `n` looks in a column of this type. */
function keyValue(type: SqlType, n: number): Value {
  if (type === text) return `customer-${n}`;
  return type === numeric ? new Numeric(100 * n + 99, 2) : n;
}

/** Batches of random keys below `distinct`, made beforehand and used in turn. */
function keyBatches(types: readonly SqlType[], distinct: number, count: number): Column[][] {
  const random = new Random(1);
  return Array.from({ length: count }, () => {
    const columns = types.map((type) => allocateColumn(type.column, BATCH));
    for (let i = 0; i < BATCH; i++) {
      const n = random.below(distinct);
      types.forEach((type, c) => {
        setValueAt(columns[c] as Column, i, keyValue(type, n));
      });
    }
    return columns;
  });
}

/** Processor time of this process in nanoseconds: on a shared machine the clock on the wall counts the neighbours too. */
const cpuNanos = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/** Nanoseconds per row of `work` over all batches, best of three runs, each from nothing. */
function bestOfThree(batches: readonly Column[][], start: () => (batch: Column[]) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const work = start();
    const begun = cpuNanos();
    for (const batch of batches) work(batch);
    best = Math.min(best, (cpuNanos() - begun) / (batches.length * BATCH));
  }
  return best;
}

/** Upserts of random keys, the table growing meanwhile. */
function upsertRandom(types: readonly SqlType[], distinct: number, rows: number): number {
  const places = new Int32Array(BATCH);
  const created = new Uint8Array(BATCH);
  return bestOfThree(keyBatches(types, distinct, Math.ceil(rows / BATCH)), () => {
    const table = new PagedStateTable(specOf(types));
    return (batch) => table.upsert(batch, BATCH, places, created);
  });
}

/** The peer in the same run: a Map from the key, as a number, to a row number. No NULLs, no bigints, nothing to save. */
function upsertMap(distinct: number, rows: number): number {
  const places = new Int32Array(BATCH);
  const keys = new Float64Array(BATCH);
  return bestOfThree(keyBatches([int8], distinct, Math.ceil(rows / BATCH)), () => {
    const map = new Map<number, number>();
    return ([batch]) => {
      const { data } = batch as I64Column;
      for (let i = 0; i < BATCH; i++) keys[i] = (data[2 * i + 1] as number) * 2 ** 32 + ((data[2 * i] as number) >>> 0);
      for (let i = 0; i < BATCH; i++) {
        const key = keys[i] as number;
        let row = map.get(key);
        if (row === undefined) {
          row = map.size;
          map.set(key, row);
        }
        places[i] = row;
      }
    };
  });
}

/** Keys come in one after the other: nanoseconds per row, and the longest single upsert of 1,024 of them on the clock. */
function growTo(count: number): { readonly nanos: number; readonly longestMs: number } {
  const table = new PagedStateTable(specOf([int8]));
  const keys = allocateColumn('i64', BATCH) as I64Column;
  const places = new Int32Array(BATCH);
  const created = new Uint8Array(BATCH);
  let longestMs = 0;
  const start = cpuNanos();
  for (let done = 0; done < count; done += BATCH) {
    for (let i = 0; i < BATCH; i++) keys.data[2 * i] = done + i;
    const begun = performance.now();
    table.upsert([keys], BATCH, places, created);
    longestMs = Math.max(longestMs, performance.now() - begun);
  }
  return { nanos: (cpuNanos() - start) / count, longestMs };
}

function orderedInsert(count: number, keyOf: (i: number) => number): number {
  const table = new PagedStateTable({
    ...specOf([int8]),
    key: [],
    indexes: [{ kind: 'ordered', order: [{ column: 0, descending: false, nullsFirst: false }] }],
  });
  const columns = [0, 1, 2].map(() => allocateColumn('i64', BATCH));
  const begun = cpuNanos();
  for (let i = 0; i < count; i++) {
    setValueAt(columns[0] as Column, 0, keyOf(i));
    table.insert(columns, 0);
  }
  return (cpuNanos() - begun) / count;
}

// ------------------------------------------------------------------------------------------------------ checkpoints

const durableSpec: StateTableSpec = {
  name: 'groups',
  columns: [int8, int8, int8, numeric, int4].map((type, c) => ({ name: `c${c}`, type })),
  key: [0],
  equality: 'sql',
  indexes: [],
};

function fill(table: StateTable, count: number): void {
  const keys = allocateColumn('i64', BATCH) as I64Column;
  const places = new Int32Array(BATCH);
  const created = new Uint8Array(BATCH);
  for (let done = 0; done < count; done += BATCH) {
    for (let i = 0; i < BATCH; i++) keys.data[2 * i] = done + i;
    table.upsert([keys], Math.min(BATCH, count - done), places, created);
  }
}

function dirty(table: StateTable, count: number, random: Random): void {
  for (let k = 0; k < count; k++) {
    const row = random.below(table.rowLimit);
    table.touchRow(row);
    (table.column(1)[row >> PAGE_SHIFT] as I64Column).data[2 * (row & PAGE_MASK)] = k;
  }
}

async function checkpoints(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const rows: Row[] = [];
  const random = new Random(3);
  try {
    let storage = await openStorage({ directory, threaded: import.meta.url.endsWith('.js') });
    let table = storage.store('view').table(durableSpec);
    fill(table, MILLION);
    let tick = 0;
    const checkpoint = () =>
      storage.checkpoint({ tick: ++tick as Tick, catalog: null, meta: {}, droppedStores: [], droppedRelations: [] });
    const first = await checkpoint();
    rows.push({ measure: 'checkpoint, 1M rows new: gather', value: first.gatherMs, unit: 'ms' });
    rows.push({ measure: 'checkpoint, 1M rows new: commit', value: first.commitMs, unit: 'ms' });
    for (const count of [10_000, 100_000]) {
      const gathers: number[] = [];
      const commits: number[] = [];
      for (let round = 0; round < 5; round++) {
        dirty(table, count, random);
        const { gatherMs, commitMs } = await checkpoint();
        gathers.push(gatherMs);
        commits.push(commitMs);
      }
      const name = `checkpoint, ${count / 1000}k random of 1M dirty`;
      rows.push({ measure: `${name}: gather, median`, value: median(gathers), unit: 'ms' });
      rows.push({ measure: `${name}: gather, worst`, value: Math.max(...gathers), unit: 'ms' });
      rows.push({ measure: `${name}: commit, median`, value: median(commits), unit: 'ms' });
    }
    rows.push({ measure: 'file after that', value: storage.fileBytes() / 1e6, unit: 'MB' });
    await storage.close();
    const begun = performance.now();
    storage = await openStorage({ directory, threaded: false });
    table = storage.store('view').table(durableSpec);
    rows.push({ measure: 'recovery of 1M rows', value: performance.now() - begun, unit: 'ms' });
    if (table.rowCount !== MILLION) throw new Error(`recovered ${table.rowCount} rows`);
    await storage.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
  return rows;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

// ------------------------------------------------------------------------------------------------------------- report

export async function run(options: { json: boolean }): Promise<void> {
  const ten = growTo(10 * MILLION);
  const random = new Random(4);
  const perRow = (measure: string, value: number, target?: number): Row =>
    target === undefined ? { measure, value, unit: 'ns/row' } : { measure, value, unit: 'ns/row', target };
  const rows: Row[] = [
    perRow('upsert, int8, 10k keys', upsertRandom([int8], 10_000, MILLION)),
    perRow('upsert, int8, 120k keys', upsertRandom([int8], 120_000, 4 * MILLION), 60),
    perRow('  Map of numbers, 120k keys', upsertMap(120_000, 4 * MILLION)),
    perRow('upsert, int8, 1M keys', upsertRandom([int8], MILLION, 4 * MILLION), 250),
    perRow('  Map of numbers, 1M keys', upsertMap(MILLION, 4 * MILLION)),
    perRow('insert of 10M int8 keys', ten.nanos),
    { measure: 'insert of 10M int8 keys: longest batch', value: ten.longestMs, unit: 'ms' },
    perRow('upsert, int4, 120k keys', upsertRandom([int4], 120_000, MILLION)),
    perRow('upsert, int8 + int8, 120k keys', upsertRandom([int8, int8], 120_000, MILLION)),
    perRow('upsert, text, 120k keys', upsertRandom([text], 120_000, MILLION)),
    perRow('upsert, numeric, 120k keys', upsertRandom([numeric], 120_000, MILLION)),
    perRow('upsert, int8 + text + int4, 120k keys', upsertRandom([int8, text, int4], 120_000, MILLION)),
    perRow(
      'ordered insert, 300k ascending',
      orderedInsert(300_000, (i) => i),
    ),
    perRow(
      'ordered insert, 300k random',
      orderedInsert(300_000, () => random.below(2 ** 40)),
    ),
    ...(await checkpoints()),
  ];
  if (!options.json) for (const row of rows) console.log(formatRow(row));
  console.log(JSON.stringify(Object.fromEntries(rows.map(({ measure, value }) => [measure.trim(), round(value)]))));
}

function formatRow({ measure, value, unit, target }: Row): string {
  const goal = target === undefined ? '' : `   target under ${target}: ${value < target ? 'met' : 'missed'}`;
  return `${measure.padEnd(52)} ${round(value).toString().padStart(9)} ${unit}${goal}`;
}

const round = (value: number): number => Number(value.toPrecision(3));
