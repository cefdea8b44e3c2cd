/**
 * The writer's queue: requests are done in order, and all appends that wait together become one transaction, so one sync
 * to disk serves them all. When nothing waits, and now and then when something always does, the writer tidies up in steps.
 *
 * A failed append ends all writing: later ticks must not be in the log without it. A failed checkpoint does not.
 */
import { storageError } from './database.ts';
import type { LogRow } from './log-row.ts';
import type { Writer } from './writer.ts';
import { failureOf, type WriterReply, type WriterRequest } from './writer-messages.ts';

type Waiting = { readonly id: number; readonly request: WriterRequest };

/** How long nothing must have come before the writer tidies up. */
const IDLE_MS = 20;
/** How often it takes one step of tidying when it never comes to rest. */
const BUSY_MS = 10;

export class WriterQueue {
  readonly #writer: Writer;
  readonly #reply: (reply: WriterReply) => void;
  #waiting: Waiting[] = [];
  #isScheduled = false;
  #isClosed = false;
  #idleTimer: NodeJS.Timeout | null = null;
  #appendError: unknown = null;
  #tidiedAt = 0;

  constructor(writer: Writer, reply: (reply: WriterReply) => void) {
    this.#writer = writer;
    this.#reply = reply;
    this.#rest();
  }

  push(id: number, request: WriterRequest): void {
    this.#waiting.push({ id, request });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Behind the messages that have arrived already: they join the group.
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#isScheduled = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; ) {
      const end = endOfGroup(waiting, at);
      if (end > at) this.#append(waiting.slice(at, end));
      else this.#single(waiting[at] as Waiting);
      at = Math.max(end, at + 1);
    }
    if (!this.#isClosed && performance.now() - this.#tidiedAt > BUSY_MS) this.#step(false);
    this.#rest();
  }

  #append(group: readonly Waiting[]): void {
    const rows: LogRow[] = [];
    const kept: number[] = [];
    for (const { request } of group) {
      if (request.kind === 'append') rows.push(request.row);
      else if (request.kind === 'keep') kept.push(request.relation);
    }
    try {
      if (this.#appendError !== null) throw this.#appendError;
      this.#writer.append(rows, kept);
      for (const { id } of group) this.#reply({ id, failure: null, value: 0 });
    } catch (error) {
      this.#appendError = storageError(error);
      for (const { id } of group) this.#reply({ id, failure: failureOf(this.#appendError) });
    }
  }

  #single({ id, request }: Waiting): void {
    try {
      this.#reply({ id, failure: null, value: this.#perform(request) });
    } catch (error) {
      this.#reply({ id, failure: failureOf(storageError(error)) });
    }
  }

  #perform(request: WriterRequest): number {
    switch (request.kind) {
      case 'checkpoint': {
        if (this.#appendError !== null) throw this.#appendError;
        const begun = performance.now();
        this.#writer.checkpoint(request.job);
        return performance.now() - begun;
      }
      case 'expire':
        return this.#writer.expire(request.relation, request.arrivedBefore);
      case 'close':
        this.#isClosed = true;
        this.#writer.close();
        return 0;
      default:
        return 0;
    }
  }

  #rest(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    if (this.#isClosed) return;
    this.#idleTimer = setTimeout(() => this.#tidy(), IDLE_MS);
    // Inline, the timer must not keep a process alive that has forgotten its storage.
    this.#idleTimer.unref();
  }

  #tidy(): void {
    this.#idleTimer = null;
    if (this.#isClosed || this.#isScheduled) return;
    if (this.#step(true)) setImmediate(() => this.#tidy());
  }

  /** Whether there is more to tidy up. */
  #step(isIdle: boolean): boolean {
    try {
      return this.#writer.tidy(isIdle);
    } catch {
      // Whatever it is will meet the next append or checkpoint, which has somebody to tell.
      return false;
    } finally {
      this.#tidiedAt = performance.now();
    }
  }
}

/** The end of the run of appends that begins at `from`; `from` itself when there is none. */
function endOfGroup(waiting: readonly Waiting[], from: number): number {
  let end = from;
  while (end < waiting.length && isAppend((waiting[end] as Waiting).request)) end++;
  return end;
}

const isAppend = ({ kind }: WriterRequest): boolean => kind === 'append' || kind === 'keep';
