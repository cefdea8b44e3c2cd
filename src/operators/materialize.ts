/**
 * The rows of a table or materialized view. Applies the changes of a tick to a state table and hands on what changed net.
 *
 * With a unique key the table is found by the key (keyed-rows.ts); without one all columns are the key and copies are counted.
 * Either way the table has the relation's columns and then `copies`.
 */
import type { StateStore, StateTable } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import { KeyedRows } from './keyed-rows.ts';
import type { Operator, Output } from './operator.ts';
import { RowMultiset } from './row-multiset.ts';

export class Materialize implements Operator {
  readonly #rows: RowMultiset | KeyedRows;

  /** `key`: columns that no two rows share, null when none are known. Input columns beyond `types` are left out. */
  constructor(options: {
    readonly types: readonly SqlType[];
    readonly key: readonly number[] | null;
    readonly state: StateStore;
  }) {
    const { types, key, state } = options;
    const show = (copies: number): number => copies;
    this.#rows =
      key === null || key.length === 0
        ? new RowMultiset({ name: 'rows', types, equality: 'image', state, show, mayOwe: false })
        : new KeyedRows({ name: 'rows', types, key, state });
  }

  get table(): StateTable {
    return this.#rows.table;
  }

  describe(): string {
    return `Materialize: ${this.#rows.table.rowCount} rows`;
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    if (batch.length > 0) this.#rows.add(batch);
  }

  /** Emits at most one -old and one +new per key; without a key each changed row once, with its weight. */
  onTickEnd(output: Output): void {
    this.#rows.endTick(output);
  }
}
