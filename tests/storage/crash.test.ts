/** A process killed at random moments loses nothing it had acknowledged, and doubles nothing. Runs the built code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RelationId, Tick } from '../../src/base/ids.ts';
import { Random } from '../../src/base/random.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateTable } from '../../src/storage/state.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { rowAt } from '../../src/types/batch.ts';
import { type Column, type Value, valueAt } from '../../src/types/column.ts';
import { int8, text } from './sample-values.ts';

const script = join(import.meta.dirname, '../support/storage-child.js');
const stream = 16384 as RelationId;
const types = [int8, text];

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-crash-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, maxRetries: 3 });
});

type Child = { readonly process: ChildProcess; acked: number; errors: string };

function start(...args: string[]): Child {
  const child: Child = { process: spawn(process.execPath, [script, directory, ...args]), acked: -1, errors: '' };
  child.process.stdout?.on('data', (output: Buffer) => {
    const ticks = [...output.toString().matchAll(/acked (\d+)\n/g)];
    const last = ticks.at(-1)?.[1];
    if (last !== undefined) child.acked = Number(last);
  });
  child.process.stderr?.on('data', (output: Buffer) => {
    child.errors += output.toString();
  });
  return child;
}

const ended = async (child: Child): Promise<void> => {
  if (child.process.exitCode === null && child.process.signalCode === null) await once(child.process, 'close');
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The same rows as the child makes. */
const rowsOf = (tick: number): [number, string][] =>
  Array.from({ length: tick % 9 }, (_, i) => [(tick * 31 + i * 7) % 5000, `${tick}.${i}`]);

/** Sums per key after the ticks `1…last`. */
function expectedSums(last: number): Map<Value, [Value, Value]> {
  const sums = new Map<Value, [Value, Value]>();
  for (let tick = 1; tick <= last; tick++) addTick(sums, rowsOf(tick));
  return sums;
}

function addTick(sums: Map<Value, [Value, Value]>, rows: readonly (readonly Value[])[]): void {
  for (const [key, value] of rows as [number, string][]) {
    const count = ((sums.get(key)?.[0] as number | undefined) ?? 0) + 1;
    if (key % 97 === 0 && count > 3) sums.delete(key);
    else sums.set(key, [count, value]);
  }
}

function storedSums(table: StateTable): Map<Value, [Value, Value]> {
  const sums = new Map<Value, [Value, Value]>();
  for (let row = 0; row < table.rowLimit; row++) {
    const page = row >> PAGE_SHIFT;
    const i = row & PAGE_MASK;
    if (table.live[page]?.[i] !== 1) continue;
    const [key, count, last] = [0, 1, 2].map((c) => valueAt(table.column(c)[page] as Column, i)) as [
      Value,
      Value,
      Value,
    ];
    expect(sums.has(key)).toBe(false);
    sums.set(key, [count, last]);
  }
  return sums;
}

const openSums = (storage: Storage): StateTable =>
  storage.store('view').table({
    name: 'sums',
    columns: [int8, int8, text].map((type, c) => ({ name: `c${c}`, type })),
    key: [0],
    equality: 'sql',
    indexes: [],
  });

/** Checks everything on disk against the formula; returns the last tick there. */
async function inspect(acked: number): Promise<number> {
  const storage = await openStorage({ directory, threaded: false });
  const { checkpointTick } = storage;
  const sums = storedSums(openSums(storage));
  expect(sums).toEqual(expectedSums(checkpointTick));
  let last: number = checkpointTick;
  for (const { tick, entries } of storage.replay(checkpointTick, () => types)) {
    expect(tick).toBe(last + 1);
    const rows = entries.flatMap(({ batch }) => Array.from({ length: batch.length }, (_, i) => rowAt(batch, i)));
    expect(rows).toEqual(rowsOf(tick));
    addTick(sums, rows);
    last = tick;
  }
  expect(last).toBeGreaterThanOrEqual(acked);
  expect(sums).toEqual(expectedSums(last));
  const history = [...storage.history(stream, types, last as Tick)].flatMap((batch) =>
    Array.from({ length: batch.length }, (_, i) => rowAt(batch, i)),
  );
  expect(history).toEqual(Array.from({ length: last }, (_, k) => rowsOf(k + 1)).flat());
  await storage.close();
  return last;
}

test('twelve kills at random moments lose nothing acknowledged and double nothing', async () => {
  const random = new Random(20);
  let last = 0;
  for (let kill = 0; kill < 12; kill++) {
    const child = start();
    // Every fourth is killed somewhere in its start, the others after so many ticks and a moment more.
    const target = kill % 4 === 3 ? -1 : last + random.below(60);
    while (child.acked < target && child.process.exitCode === null) await pause(1);
    await pause(random.below(target < 0 ? 200 : 30));
    child.process.kill('SIGKILL');
    await ended(child);
    expect(child.errors).toBe('');
    last = await inspect(child.acked);
  }
  expect(last).toBeGreaterThan(100);
}, 30_000);

test('a process that closes its storage ends by itself, and everything is in the checkpoint', async () => {
  const child = start('40');
  await ended(child);
  expect([child.process.exitCode, child.errors]).toEqual([0, '']);
  const storage = await openStorage({ directory, threaded: false });
  expect(storage.checkpointTick).toBeGreaterThanOrEqual(40);
  expect(storedSums(openSums(storage))).toEqual(expectedSums(storage.checkpointTick));
  expect([...storage.replay(storage.checkpointTick, () => types)]).toEqual([]);
  await storage.close();
});

test('a second server is refused by the name of the first, and let in once that was killed', async () => {
  const child = start();
  while (child.acked < 0 && child.process.exitCode === null) await pause(2);
  await expect(openStorage({ directory, threaded: false })).rejects.toThrow(
    expect.objectContaining({
      code: 'F0001',
      fields: { hint: `Is another server (PID ${child.process.pid}) running in it?` },
    }),
  );
  child.process.kill('SIGKILL');
  await ended(child);
  await inspect(child.acked);
});
