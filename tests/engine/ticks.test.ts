/** The tick loop against a runner that only takes notes: grouping, refusal, exclusive work, failure. */
import { expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import type { RelationId, Tick } from '../../src/base/ids.ts';
import { type Change, TickLoop, type TickRunner } from '../../src/engine/ticks.ts';
import { batchOfRows } from '../../src/types/batch.ts';
import { valueAt } from '../../src/types/column.ts';

const change = (value: number): Change => ({ relation: 16384 as RelationId, batch: batchOfRows(['i32'], [[value]]) });
const payloadOf = ({ batch }: Change): unknown => valueAt(batch.columns[0]!, 0);

/** Keeps a history; the log waits until it is released, as a disk would make it wait. */
class Recorder implements TickRunner {
  readonly history: string[] = [];
  readonly refused = new Set<unknown>();
  failRunAt: number | null = null;
  #release: (() => void)[] = [];

  accept(changes: readonly Change[]): void {
    if (changes.some((c) => this.refused.has(payloadOf(c)))) throw new SqlError('23505', 'refused');
  }

  groupAccepted(): void {}

  log(tick: Tick, changes: readonly Change[]): Promise<void> {
    this.history.push(`log ${tick}: ${changes.map(payloadOf)}`);
    return new Promise((resolve) => this.#release.push(resolve));
  }

  run(tick: Tick, changes: readonly Change[]): void {
    if (tick === this.failRunAt) throw new Error('broken operator');
    this.history.push(`run ${tick}: ${changes.map(payloadOf)}`);
  }

  /** Lets the loop come to its log, then lets the disk finish. */
  async sync(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#release.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('what waits while the disk works becomes one tick', async () => {
  const recorder = new Recorder();
  const loop = new TickLoop(recorder, 0 as Tick);
  const done = [1, 2, 3].map((value) => loop.submit([change(value)]));
  await recorder.sync();
  await recorder.sync();
  await Promise.all(done);
  expect(recorder.history).toEqual(['log 1: 1', 'run 1: 1', 'log 2: 2,3', 'run 2: 2,3']);
  expect(loop.tick).toBe(2);
});

test('nothing runs before it is logged and synced', async () => {
  const recorder = new Recorder();
  const loop = new TickLoop(recorder, 0 as Tick);
  const done = loop.submit([change(1)]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(recorder.history).toEqual(['log 1: 1']);
  expect(loop.tick).toBe(0);
  await recorder.sync();
  await done;
  expect(loop.tick).toBe(1);
});

test('a transaction that is refused takes nobody with it', async () => {
  const recorder = new Recorder();
  recorder.refused.add(2);
  const loop = new TickLoop(recorder, 0 as Tick);
  const first = loop.submit([change(1)]);
  const second = loop.submit([change(2)]);
  const third = loop.submit([change(3)]);
  const refusal = expect(second).rejects.toMatchObject({ code: '23505' });
  await recorder.sync();
  await recorder.sync();
  await Promise.all([first, third, refusal]);
  expect(recorder.history.at(-1)).toBe('run 2: 3');
});

test('exclusive work sees no tick while it lasts', async () => {
  const recorder = new Recorder();
  const loop = new TickLoop(recorder, 0 as Tick);
  let release = (): void => {};
  const work = loop.exclusive(async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    recorder.history.push('exclusive ends');
  });
  const after = loop.submit([change(1)]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(recorder.history).toEqual([]);
  release();
  await work;
  await recorder.sync();
  await after;
  expect(recorder.history).toEqual(['exclusive ends', 'log 1: 1', 'run 1: 1']);
});

test('after a tick that broke half way nothing more is accepted', async () => {
  const recorder = new Recorder();
  recorder.failRunAt = 1;
  const loop = new TickLoop(recorder, 0 as Tick);
  const broken = expect(loop.submit([change(1)])).rejects.toThrow('broken operator');
  await recorder.sync();
  await broken;
  await expect(loop.submit([change(2)])).rejects.toThrow('broken operator');
  expect(loop.failure).toMatchObject({ message: 'broken operator' });
  expect(recorder.history).toEqual(['log 1: 1']);
});
