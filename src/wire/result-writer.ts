/**
 * The sink of one connection: takes results from the engine and writes them as messages.
 *
 * Rows are written in slices: when enough bytes wait, the connection sends them, and when the client does not keep up the
 * producer is given a promise to wait for.
 */
import { assert } from '../base/assert.ts';
import type { Notice } from '../base/errors.ts';
import type { ResultColumn, ResultSink } from '../engine/session.ts';
import type { Batch } from '../types/batch.ts';
import type { FormatSettings } from '../types/type.ts';
import type { OutputBuffer } from './output.ts';
import { encodingsFor, type ResultShape, shapeOf, writeRowDescription } from './result-shape.ts';
import { writeRows } from './rows.ts';
import { writeCommandComplete, writeEmptyQueryResponse, writeNotice, writePortalSuspended } from './write.ts';

/** Rows are sent on when this much waits. */
const SLICE_BYTES = 64 * 1024;
const allText: readonly number[] = [];

/** What the sink asks of its connection. */
export interface ResultFlow {
  /** Sends what waits. A promise: the client is behind, wait. */
  send(): Promise<void> | undefined;
  /** What waits is to leave even if the statement goes on for long. */
  sendSoon(): void;
  parameterChanged(name: string, value: string): void;
}

export class ResultWriter implements ResultSink {
  readonly #out: OutputBuffer;
  readonly #flow: ResultFlow;
  #shape: ResultShape | null = null;
  #encodings: Uint8Array = new Uint8Array(0);

  constructor(out: OutputBuffer, flow: ResultFlow) {
    this.#out = out;
    this.#flow = flow;
  }

  /** The rows to come have this shape and these formats; null when none come. For Execute, where `columns` is not called. */
  expect(shape: ResultShape | null, formats: readonly number[]): void {
    this.#shape = shape;
    if (shape !== null) this.#encodings = encodingsFor(shape, formats);
  }

  columns(columns: readonly ResultColumn[]): void {
    const shape = shapeOf(columns);
    this.expect(shape, allText);
    writeRowDescription(this.#out, shape, allText);
  }

  rows(batch: Batch, from: number, to: number, format: FormatSettings): void | Promise<void> {
    const shape = this.#shape;
    assert(shape !== null, 'rows come after their columns');
    let behind: Promise<void> | undefined;
    for (let row = from; row < to; ) {
      row = writeRows(this.#out, shape.types, this.#encodings, batch, row, to, SLICE_BYTES, format);
      if (this.#out.at > SLICE_BYTES) behind = this.#flow.send();
    }
    this.#flow.sendSoon();
    return behind;
  }

  complete(tag: string): void {
    writeCommandComplete(this.#out, tag);
  }

  suspended(): void {
    writePortalSuspended(this.#out);
  }

  emptyQuery(): void {
    writeEmptyQueryResponse(this.#out);
  }

  notice(notice: Notice): void {
    writeNotice(this.#out, notice);
    this.#flow.sendSoon();
  }

  parameterChanged(name: string, value: string): void {
    this.#flow.parameterChanged(name, value);
  }
}
