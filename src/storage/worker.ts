/** The writer's thread: opens its own connection to the file it is told and serves requests until `close`. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import { openConnection } from './database.ts';
import { Writer } from './writer.ts';
import type { WriterRequest } from './writer-messages.ts';
import { WriterQueue } from './writer-queue.ts';

assert(parentPort !== null, 'the storage worker runs in a worker thread');
const port = parentPort;
const { file } = workerData as { readonly file: string };
const queue = new WriterQueue(new Writer(openConnection(file), file), (reply) => port.postMessage(reply));
port.on('message', ({ id, request }: { readonly id: number; readonly request: WriterRequest }) => {
  queue.push(id, request);
});
