/** A portal: a bound statement, run on its first Execute, whose rows are then handed out as the client asks. */
import type { Batch } from '../types/batch.ts';
import type { Value } from '../types/column.ts';
import type { FormatSettings } from '../types/type.ts';
import type { Outcome } from './outcome.ts';
import type { Prepared } from './prepared.ts';
import type { ResultSink } from './session.ts';

/** Where in an outcome's batches the next row is. */
export class RowCursor {
  readonly #batches: readonly Batch[];
  #batch = 0;
  #row = 0;
  #sent = 0;

  constructor(batches: readonly Batch[]) {
    this.#batches = batches;
  }

  /** Rows handed out so far. */
  get sent(): number {
    return this.#sent;
  }

  get atEnd(): boolean {
    return this.#batch === this.#batches.length;
  }

  /** Sends up to `limit` rows (0: all), waiting for the client where it asks for that. Resolves to the number sent. */
  send(limit: number, sink: ResultSink, format: FormatSettings): number | Promise<number> {
    let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
    const before = this.#sent;
    while (left > 0 && !this.atEnd) {
      const batch = this.#batches[this.#batch] as Batch;
      const until = Math.min(batch.length, this.#row + left);
      const from = this.#row;
      this.#advance(until, batch.length);
      left -= until - from;
      const wait = sink.rows(batch, from, until, format);
      if (wait !== undefined) {
        const soFar = this.#sent - before;
        if (left <= 0 || this.atEnd) return wait.then(() => soFar);
        return wait.then(() => this.send(limit === 0 ? 0 : left, sink, format)).then((more) => soFar + more);
      }
    }
    return this.#sent - before;
  }

  #advance(row: number, length: number): void {
    this.#sent += row - this.#row;
    this.#row = row;
    while (this.#row === length && this.#batch < this.#batches.length) {
      this.#batch++;
      this.#row = 0;
      length = this.#batches[this.#batch]?.length ?? -1;
    }
  }
}

export type Portal = {
  readonly name: string;
  readonly prepared: Prepared;
  readonly parameters: readonly Value[];
  /** Null until the first Execute. */
  outcome: Outcome | null;
  cursor: RowCursor | null;
  /** A cursor declared WITH HOLD outlives its transaction. */
  readonly isHeld: boolean;
};
