/**
 * Checkpoints: everything that changed, with the catalog and the tick they belong to, in one transaction.
 *
 * Gathering happens inside the call, between two ticks, and leaves the tables clean; the writer commits while ticks go on. Calls
 * may overlap: the writer commits them in order, and refuses those that build on one that failed. Tables of a failed
 * checkpoint are written whole by the next.
 */
import type { DurableState, DurableTable } from './durable-state.ts';
import { forgetSaved, gatherTable } from './gather.ts';
import type { CheckpointRequest, CheckpointResult } from './storage.ts';
import type { CheckpointJob, TableChanges } from './writer.ts';
import type { WriterClient } from './writer-client.ts';

export class Checkpointer {
  readonly #state: DurableState;
  readonly #writer: WriterClient;
  /** Sequence of the newest job, and of the newest known to be on disk. */
  #sequence: number;
  #committed: number;
  #inFlight = 0;

  constructor(state: DurableState, writer: WriterClient, sequence: number) {
    this.#state = state;
    this.#writer = writer;
    this.#sequence = sequence;
    this.#committed = sequence;
  }

  async run(request: CheckpointRequest): Promise<CheckpointResult> {
    const begun = performance.now();
    for (const store of request.droppedStores) this.#state.drop(store);
    const sequence = ++this.#sequence;
    const gathered: DurableTable[] = [];
    const tables: TableChanges[] = [];
    let rows = 0;
    let bytes = 0;
    for (const durable of this.#state.tables()) {
      const found = gatherTable(durable, sequence);
      if (found === null) continue;
      gathered.push(durable);
      tables.push(found.changes);
      rows += found.rows;
      bytes += found.bytes;
    }
    const { tick, catalog, droppedStores, droppedRelations } = request;
    const meta = Object.entries(request.meta);
    const job = { tick, sequence, catalog, meta, droppedStores, droppedRelations, tables };
    const gatherMs = performance.now() - begun;
    const commitMs = await this.#commit(job, gathered);
    return { tick, rows, bytes, gatherMs, commitMs };
  }

  async #commit(job: CheckpointJob, gathered: readonly DurableTable[]): Promise<number> {
    this.#inFlight++;
    try {
      const commitMs = await this.#writer.checkpoint(job);
      this.#committed = job.sequence;
      return commitMs;
    } catch (error) {
      for (const durable of gathered) forgetSaved(durable);
      throw error;
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#sequence = this.#committed;
    }
  }
}
