/**
 * Numbers for the keys of PARTITION BY. A partition's number is a row of a state table, so it is dense, survives a restart, and can
 * stand in other tables for the key. A partition lives while rows count in it; without key columns there is one, number 0.
 */
import type { StateStore, StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { Column, I32Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import type { SqlType } from '../types/type.ts';
import { grownInt32, grownUint8 } from './buffers.ts';
import { countAt, setCountAt } from './paged.ts';

export class Partitions {
  /** The partition of each row of the last batch, as a column of a key. */
  numbers: I32Column = { kind: 'i32', data: new Int32Array(BATCH_ROWS), nulls: null };
  readonly #table: StateTable | null;
  readonly #columns: readonly number[];
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  /** `types` are those of all columns of the input, `columns` the partition's. */
  constructor(types: readonly SqlType[], columns: readonly number[], state: StateStore) {
    this.#columns = columns;
    this.#table =
      columns.length === 0
        ? null
        : state.table({
            name: 'partitions',
            columns: [
              ...columns.map((c, k) => ({ name: `key${k}`, type: types[c] as SqlType })),
              { name: 'rows', type: float8 },
            ],
            key: columns.map((_, k) => k),
            equality: 'sql',
            indexes: [],
          });
  }

  /** Finds the partitions of a batch, new ones included. */
  find(batch: Batch): void {
    const data = grownInt32(this.numbers.data, batch.length);
    this.numbers = { kind: 'i32', data, nulls: null };
    if (this.#table === null) return;
    this.#created = grownUint8(this.#created, batch.length);
    const keys = this.#columns.map((c) => batch.columns[c] as Column);
    this.#table.upsert(keys, batch.length, data, this.#created);
  }

  /** Counts rows in or out of a partition. */
  count(partition: number, change: number): void {
    if (this.#table === null || change === 0) return;
    this.#table.touchRow(partition);
    const rows = this.#table.column(this.#columns.length);
    setCountAt(rows, partition, countAt(rows, partition) + change);
  }

  /** At the end of a tick: forgets a partition that no row is in. Its number may be given to another. */
  removeIfEmpty(partition: number): void {
    if (this.#table === null) return;
    if (countAt(this.#table.column(this.#columns.length), partition) === 0) this.#table.remove(partition);
  }
}
