/** Fills a new view from what its relations hold already, in slices, before it takes part in ticks. */
import { throwIfCanceled } from '../base/errors.ts';
import type { Database } from './database.ts';
import type { ViewRuntime } from './runtime.ts';
import { drive, type Steps } from './slices.ts';

/** Runs inside `ticks.exclusive`: nothing else changes meanwhile, reads go on. */
export async function backfill(
  database: Database,
  runtime: ViewRuntime,
  cancelReason: () => string | null,
): Promise<void> {
  await drive(steps(database, runtime, cancelReason));
}

function* steps(database: Database, runtime: ViewRuntime, cancelReason: () => string | null): Steps<void> {
  for (const relation of runtime.dataflow.relations) {
    const scan = database.scan(relation, database.viewContext);
    try {
      for (const batch of scan.batches) {
        throwIfCanceled(cancelReason());
        runtime.dataflow.push(relation, batch);
        yield;
      }
    } finally {
      scan.release();
    }
    const source = database.runtime(relation);
    if (source?.kind === 'stream' && source.watermark?.value !== undefined && source.watermark.value !== null) {
      runtime.dataflow.pushWatermark(relation, source.watermark.value);
    }
  }
  runtime.hasInput = false;
  runtime.dataflow.endTick();
  runtime.stored.onTickEnd(() => {});
}
