/**
 * Checkpoints: everything that changed, with the catalog and the tick they belong to, in one transaction.
 *
 * Gathering happens inside the call, between two ticks, and leaves the tables clean; the writer commits while ticks go on. Calls
 * may overlap: the writer commits them in order, and refuses those that build on one that failed. What a failed checkpoint was
 * to save is owed: the next takes its catalog, values and drops over, and writes its tables whole.
 */
import type { Tick } from '../base/ids.ts';
import type { DurableState, DurableTable } from './durable-state.ts';
import { forgetSaved, type Gathered, gatherTable } from './gather.ts';
import type { CheckpointRequest, CheckpointResult } from './storage.ts';
import type { CheckpointJob } from './writer.ts';
import type { WriterClient } from './writer-client.ts';

type Payload = Omit<CheckpointRequest, 'tick'>;

const nothing: Payload = { catalog: null, meta: {}, droppedStores: [], droppedRelations: [] };

const merge = (older: Payload, newer: Payload): Payload => ({
  catalog: newer.catalog ?? older.catalog,
  meta: { ...older.meta, ...newer.meta },
  droppedStores: [...older.droppedStores, ...newer.droppedStores],
  droppedRelations: [...older.droppedRelations, ...newer.droppedRelations],
});

export class Checkpointer {
  readonly #state: DurableState;
  readonly #writer: WriterClient;
  /** Sequence of the newest job, and of the newest known to be on disk. */
  #sequence: number;
  #committed: number;
  #inFlight = 0;
  /** What failed checkpoints were to save beside their tables. */
  #owed = nothing;

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
    const payload = merge(this.#owed, request);
    this.#owed = nothing;
    this.#inFlight++;
    // What this checkpoint must answer for if it fails, also half-way through gathering.
    const durables = [...this.#state.tables()];
    try {
      const gathered = this.#gather(durables, sequence);
      const gatherMs = performance.now() - begun;
      const commitMs = await this.#writer.checkpoint(jobOf(request.tick, sequence, payload, gathered));
      this.#committed = sequence;
      return { tick: request.tick, ...totalOf(gathered), gatherMs, commitMs };
    } catch (error) {
      this.#owed = merge(this.#owed, payload);
      for (const durable of durables) forgetSaved(durable);
      throw error;
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#sequence = this.#committed;
    }
  }

  #gather(durables: readonly DurableTable[], sequence: number): Gathered[] {
    const gathered: Gathered[] = [];
    for (const durable of durables) {
      const found = gatherTable(durable, sequence);
      if (found !== null) gathered.push(found);
    }
    return gathered;
  }
}

function jobOf(tick: Tick, sequence: number, payload: Payload, gathered: readonly Gathered[]): CheckpointJob {
  const { catalog, droppedStores, droppedRelations } = payload;
  const meta = Object.entries(payload.meta);
  const tables = gathered.map(({ changes }) => changes);
  return { tick, sequence, catalog, meta, droppedStores, droppedRelations, tables };
}

function totalOf(gathered: readonly Gathered[]): { rows: number; bytes: number } {
  let rows = 0;
  let bytes = 0;
  for (const each of gathered) {
    rows += each.rows;
    bytes += each.bytes;
  }
  return { rows, bytes };
}
