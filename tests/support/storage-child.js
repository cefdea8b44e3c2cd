/**
 * A process that writes to storage until it is killed (tests/storage/crash.test.ts): built code, writer in its thread.
 *
 * Usage: storage-child.js DIRECTORY [TICKS]. Recovers, then appends tick after tick and keeps a table of sums per key.
 * Prints `acked N` once tick N is promised durable. With TICKS it stops there, checkpoints, closes and ends by itself.
 */
import { writeSync } from 'node:fs';
import { openStorage } from '../../dist/src/storage/open-storage.js';
import { batchOfRows } from '../../dist/src/types/batch.js';
import { setValueAt, valueAt } from '../../dist/src/types/column.js';
import { int8 } from '../../dist/src/types/integer.js';
import { text } from '../../dist/src/types/text.js';

const stream = 16384;
const types = [int8, text];
const [directory, ticks] = process.argv.slice(2);
const limit = ticks === undefined ? Number.POSITIVE_INFINITY : Number(ticks);

const storage = await openStorage({ directory, threaded: true });
storage.keepHistory(stream);
const sums = storage.store('view').table({
  name: 'sums',
  columns: [int8, int8, text].map((type, c) => ({ name: `c${c}`, type })),
  key: [0],
  equality: 'sql',
  indexes: [],
});

/** Rows of a tick: the test knows the same formula. */
const rowsOf = (tick) => Array.from({ length: tick % 9 }, (_, i) => [(tick * 31 + i * 7) % 5000, `${tick}.${i}`]);

const found = new Int32Array(1);

/** Adds a row to the sum of its key and notes the last text. */
function add(key, value) {
  const keys = batchOfRows(['i64'], [[key]]).columns;
  sums.upsert(keys, 1, found, new Uint8Array(1));
  const row = found[0];
  sums.touchRow(row);
  const page = row >> 10;
  const i = row & 1023;
  setValueAt(sums.column(1)[page], i, valueAt(sums.column(1)[page], i) + 1);
  setValueAt(sums.column(2)[page], i, value);
  if (key % 97 === 0 && valueAt(sums.column(1)[page], i) > 3) sums.remove(row);
}

const apply = (batch) => {
  for (let i = 0; i < batch.length; i++) add(valueAt(batch.columns[0], i), valueAt(batch.columns[1], i));
};

const checkpoint = (tick) =>
  storage.checkpoint({ tick, catalog: null, meta: {}, droppedStores: [], droppedRelations: [] });

let last = storage.checkpointTick;
for (const { tick, entries } of storage.replay(last, () => types)) {
  for (const { batch } of entries) apply(batch);
  last = tick;
}
writeSync(1, `acked ${last}\n`);

while (last < limit) {
  const group = Array.from({ length: 1 + (last % 4) }, (_, k) => last + 1 + k);
  const batches = group.map((tick) => batchOfRows(['i64', 'text'], rowsOf(tick)));
  await Promise.all(
    group.map((tick, k) => storage.append(tick, tick, [{ relation: stream, types, batch: batches[k] }])),
  );
  for (const batch of batches) apply(batch);
  last += group.length;
  writeSync(1, `acked ${last}\n`);
  if (last % 5 === 0) checkpoint(last);
}
await checkpoint(last);
await storage.close();
