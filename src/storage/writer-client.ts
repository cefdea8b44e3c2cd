/** The main thread's side of the writer: requests become promises, whether the writer is in a thread or inline. */
import { Worker } from 'node:worker_threads';
import type { Connection } from './database.ts';
import type { LogRow } from './log-row.ts';
import { type CheckpointJob, Writer } from './writer.ts';
import { errorOf, type WriterReply, type WriterRequest } from './writer-messages.ts';
import { WriterQueue } from './writer-queue.ts';

type Pending = { readonly resolve: (value: number) => void; readonly reject: (error: Error) => void };
type Send = (id: number, request: WriterRequest, transfer: ArrayBuffer[]) => void;

export class WriterClient {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #send: Send = () => {};
  /** Why there is no writer any more. */
  #ended: Error | null = null;
  #stop: () => Promise<unknown> = async () => {};

  /** The writer shares this thread and `connection`, which it closes in the end. */
  static inline(connection: Connection, file: string): WriterClient {
    const client = new WriterClient();
    const queue = new WriterQueue(new Writer(connection, file), (reply) => client.#onReply(reply));
    client.#send = (id, request) => queue.push(id, request);
    return client;
  }

  /** The writer is in a thread, with its own connection to `file`. Needs the compiled `worker.js` beside this module. */
  static threaded(file: string): WriterClient {
    const client = new WriterClient();
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { file } });
    client.#send = (id, request, transfer) => worker.postMessage({ id, request }, transfer);
    client.#stop = () => worker.terminate();
    worker.on('message', (reply: WriterReply) => client.#onReply(reply));
    worker.on('error', (error) => client.#onEnd(error));
    worker.on('exit', () => client.#onEnd(new Error('the storage writer has stopped')));
    return client;
  }

  append(row: LogRow): Promise<number> {
    return this.#request({ kind: 'append', row }, [row.entries, row.data]);
  }

  keep(relation: number): Promise<number> {
    return this.#request({ kind: 'keep', relation }, []);
  }

  /** Resolves to the milliseconds the commit took. */
  checkpoint(job: CheckpointJob): Promise<number> {
    const blobs = job.tables.flatMap(({ pages, deltas }) => [...pages.map(({ data }) => data), ...deltas]);
    return this.#request({ kind: 'checkpoint', job }, blobs);
  }

  expire(relation: number, arrivedBefore: number): Promise<number> {
    return this.#request({ kind: 'expire', relation, arrivedBefore }, []);
  }

  async close(): Promise<void> {
    await this.#request({ kind: 'close' }, []);
    this.#ended = new Error('the storage is closed');
    await this.#stop();
  }

  /** Every blob is the only view of its buffer, so buffers are handed over, not copied. */
  #request(request: WriterRequest, blobs: readonly Uint8Array[]): Promise<number> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send(
        id,
        request,
        blobs.map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
  }

  #onReply(reply: WriterReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.failure === null) pending?.resolve(reply.value);
    else pending?.reject(errorOf(reply.failure));
  }

  #onEnd(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}
