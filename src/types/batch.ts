/**
 * Batches: some rows, as columns, with a weight each.
 *
 * A batch is a piece of a Z-set (Budiu et al., DBSP, 2023): weight +1 says one more copy of the row exists, -1 one fewer.
 * `weights` is null when every row has +1, the common case. An update is the old row with -1 and the new with +1.
 * Rows of one batch may cancel each other; a consumer must not care.
 *
 * Ownership: a batch is lent for the duration of a call. Its buffers belong to the producer and are reused for the next
 * batch, so whoever keeps rows copies them. A consumer may forward columns of its input in its own output batch.
 */
import {
  allocateColumn,
  type Column,
  type ColumnKind,
  gatherColumn,
  setValueAt,
  type Value,
  valueAt,
} from './column.ts';

/** Rows per batch and per page of state: the knee of the curve measured for DESIGN.md (8,192 is no better). */
export const BATCH_ROWS = 1024;

export type Batch = {
  readonly length: number;
  readonly columns: readonly Column[];
  readonly weights: Int32Array | null;
};

export const weightAt = (batch: Batch, i: number): number =>
  batch.weights === null ? 1 : (batch.weights[i] as number);

/** Row `i` in scalar form. For edges, tests and rare paths. */
export const rowAt = (batch: Batch, i: number): Value[] => batch.columns.map((column) => valueAt(column, i));

/** A batch of its own from rows in scalar form. Not for hot paths. */
export function batchOfRows(
  kinds: readonly ColumnKind[],
  rows: readonly (readonly Value[])[],
  weights: readonly number[] | null = null,
): Batch {
  const columns = kinds.map((kind, c) => {
    const column = allocateColumn(kind, Math.max(rows.length, 1));
    rows.forEach((row, i) => {
      setValueAt(column, i, row[c] as Value);
    });
    return column;
  });
  return { length: rows.length, columns, weights: weights === null ? null : Int32Array.from(weights) };
}

/** Fills up reused columns row by row or batch by batch, and hands a batch on whenever it is full. */
export class BatchBuilder {
  readonly columns: Column[];
  readonly #weights = new Int32Array(BATCH_ROWS);
  #length = 0;
  #allOnes = true;

  constructor(kinds: readonly ColumnKind[]) {
    this.columns = kinds.map((kind) => allocateColumn(kind, BATCH_ROWS));
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === BATCH_ROWS;
  }

  /** Opens the next row and returns its number; the caller writes the columns. The builder must not be full. */
  add(weight: number): number {
    this.#weights[this.#length] = weight;
    if (weight !== 1) this.#allOnes = false;
    return this.#length++;
  }

  /** Appends rows `rows[0..count)` of `columns`, calling `output` each time the builder is full. */
  gather(
    columns: readonly Column[],
    rows: Int32Array,
    count: number,
    weights: Int32Array | null,
    output: (batch: Batch) => void,
  ): void {
    let done = 0;
    while (done < count) {
      const n = Math.min(count - done, BATCH_ROWS - this.#length);
      const part = done === 0 && n === count ? rows : rows.subarray(done, done + n);
      for (let c = 0; c < columns.length; c++)
        gatherColumn(columns[c] as Column, part, n, this.columns[c] as Column, this.#length);
      for (let k = 0; k < n; k++) {
        const weight = weights === null ? 1 : (weights[part[k] as number] as number);
        this.#weights[this.#length + k] = weight;
        if (weight !== 1) this.#allOnes = false;
      }
      this.#length += n;
      done += n;
      if (this.isFull) this.flush(output);
    }
  }

  /** Hands on what there is and begins anew. Not called with an empty batch. */
  flush(output: (batch: Batch) => void): void {
    if (this.#length === 0) return;
    const batch = { length: this.#length, columns: this.columns, weights: this.#allOnes ? null : this.#weights };
    output(batch);
    this.#length = 0;
    this.#allOnes = true;
    for (const column of this.columns) column.nulls = null;
  }
}
