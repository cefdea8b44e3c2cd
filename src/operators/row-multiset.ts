/**
 * A multiset of rows in a state table: all columns are the key, a hidden `copies` column counts. It knows what each row counted
 * before the tick, so that the end of the tick yields net changes and nothing of what cancelled meanwhile.
 *
 * How many copies show is the owner's (`show`): all of them (materialize), one if any (distinct).
 */
import { assert } from '../base/assert.ts';
import type { StateStore, StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, grownFloat64, grownInt32, grownUint8, resetColumns } from './buffers.ts';
import type { Output } from './operator.ts';
import { addCounts, countAt, gatherPages } from './paged.ts';
import { TouchedRows } from './touched.ts';

export type RowMultisetOptions = {
  readonly name: string;
  readonly types: readonly SqlType[];
  readonly equality: 'sql' | 'image';
  readonly state: StateStore;
  /** How many of `copies` copies are seen from outside. */
  readonly show: (copies: number) => number;
  /** Between ticks counts may be below zero: the rows are changes, not contents. */
  readonly mayOwe: boolean;
};

export class RowMultiset {
  readonly table: StateTable;
  readonly #options: RowMultisetOptions;
  readonly #copiesAt: number;
  readonly #touched = new TouchedRows();
  #before: Float64Array = new Float64Array(BATCH_ROWS);
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);
  readonly #emission: WeightedRows;

  constructor(options: RowMultisetOptions) {
    this.#options = options;
    this.#copiesAt = options.types.length;
    this.table = options.state.table({
      name: options.name,
      columns: [...options.types.map((type, c) => ({ name: `column${c}`, type })), { name: 'copies', type: float8 }],
      key: options.types.map((_, c) => c),
      equality: options.equality,
      indexes: [],
    });
    this.#emission = new WeightedRows(options.types);
  }

  /** Applies a batch; columns beyond those of the multiset are not looked at. */
  add(batch: Batch): void {
    const { table } = this;
    const count = batch.length;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    this.#find(batch.columns, count);
    const touched = this.#touched;
    const first = touched.addAll(this.#rows, count, table.rowLimit);
    this.#before = grownFloat64(this.#before, touched.count);
    const copies = table.column(this.#copiesAt);
    for (let slot = first; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      this.#before[slot] = this.#options.show(countAt(copies, row));
      table.touchRow(row);
    }
    addCounts(table.column(this.#copiesAt), this.#rows, batch.weights, count);
  }

  /** Rows without columns are all alike: one row counts them. */
  #find(columns: readonly Column[], count: number): void {
    if (this.#copiesAt > 0) {
      this.table.upsert(columns, count, this.#rows, this.#created);
      return;
    }
    if (this.table.rowCount === 0) this.table.insert(allocateColumns(['f64'], 1), 0);
    this.#rows.fill(0, 0, count);
  }

  /** Emits what changed since the last tick and forgets rows without copies. */
  endTick(output: Output): void {
    const { table } = this;
    const touched = this.#touched;
    const copies = table.column(this.#copiesAt);
    for (let slot = 0; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      const now = countAt(copies, row);
      assert(now >= 0 || this.#options.mayOwe, 'a row was taken back that was never there');
      const change = this.#options.show(now) - (this.#before[slot] as number);
      if (change !== 0) this.#emission.add(row, change, table, output);
    }
    this.#emission.flush(table, output);
    for (let slot = 0; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      if (countAt(copies, row) === 0) table.remove(row);
    }
    touched.reset();
  }
}

/** Rows of a state table on their way out, with weights: the first columns of the table, those of `types`. */
export class WeightedRows {
  readonly #columns: Column[];
  readonly #rows = new Int32Array(BATCH_ROWS);
  readonly #weights = new Int32Array(BATCH_ROWS);
  readonly #first: number;
  #count = 0;

  /** `first` is the table's column that comes out first. */
  constructor(types: readonly SqlType[], first = 0) {
    this.#columns = allocateColumns(types.map((type) => type.column));
    this.#first = first;
  }

  add(row: number, weight: number, table: StateTable, output: Output): void {
    this.#rows[this.#count] = row;
    this.#weights[this.#count++] = weight;
    if (this.#count === BATCH_ROWS) this.flush(table, output);
  }

  flush(table: StateTable, output: Output): void {
    if (this.#count === 0) return;
    resetColumns(this.#columns, this.#count);
    this.#columns.forEach((column, c) => {
      gatherPages(table.column(this.#first + c), this.#rows, this.#count, column, 0);
    });
    const length = this.#count;
    this.#count = 0;
    output({ length, columns: this.#columns, weights: this.#weights });
  }
}
