/**
 * One input of a join, remembered: its rows in a state table with a chain per join key, each with its copies and, where the join
 * must know, the number of rows it matches on the other side.
 *
 * A side that may retract finds its rows again through all columns; one that only grows inserts and saves that index.
 */
import { assert } from '../base/assert.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateColumn, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS } from '../types/batch.ts';
import type { Column, F64Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import type { SqlType } from '../types/type.ts';
import { removeEmpty } from './accumulators.ts';
import { grownFloat64, grownInt32, grownUint8 } from './buffers.ts';
import type { Output } from './operator.ts';
import { addCounts, countAt, type Pages } from './paged.ts';
import { WeightedRows } from './row-multiset.ts';
import { TouchedRows } from './touched.ts';

/**
 * What the join asks of a row of this side besides pairs: nothing; to show it while it matches nothing (outer, anti); to show it
 * while it matches something (semi).
 */
export type Tracking = 'none' | 'unmatched' | 'matched';

export type JoinSideOptions = {
  readonly name: string;
  readonly types: readonly SqlType[];
  readonly keys: readonly number[];
  readonly tracking: Tracking;
  readonly appendOnly: boolean;
  readonly state: StateStore;
};

export class JoinSide {
  readonly table: StateTable;
  readonly tracking: Tracking;
  /** The rows of the last batch. */
  rows: Int32Array = new Int32Array(BATCH_ROWS);
  /** 1 where the last batch brought a row that was not there, so that its matches are yet to be counted. */
  created: Uint8Array = new Uint8Array(BATCH_ROWS);
  readonly #copiesAt: number;
  readonly #appendOnly: boolean;
  readonly #hasColumns: boolean;
  readonly #touched = new TouchedRows();
  #shownBefore: Float64Array = new Float64Array(BATCH_ROWS);
  readonly #emission: WeightedRows;
  #ones: F64Column = { kind: 'f64', data: new Float64Array(BATCH_ROWS).fill(1), nulls: null };
  #zeros: F64Column = { kind: 'f64', data: new Float64Array(BATCH_ROWS), nulls: null };

  constructor(options: JoinSideOptions) {
    const { name, types, keys, tracking, appendOnly, state } = options;
    this.tracking = tracking;
    this.#copiesAt = types.length;
    this.#hasColumns = types.length > 0;
    this.#appendOnly = appendOnly && this.#hasColumns;
    const columns: StateColumn[] = types.map((type, c) => ({ name: `column${c}`, type }));
    columns.push({ name: 'copies', type: float8 });
    if (tracking !== 'none') columns.push({ name: 'matches', type: float8 });
    this.table = state.table({
      name,
      columns,
      key: appendOnly ? [] : types.map((_, c) => c),
      equality: 'image',
      indexes: keys.length === 0 ? [] : [{ kind: 'multi', columns: keys }],
    });
    this.#emission = new WeightedRows(types);
  }

  get copies(): Pages {
    return this.table.column(this.#copiesAt);
  }

  /** Applies the changes of a batch; afterwards `rows` and `created` tell what became of each. */
  apply(columns: readonly Column[], weights: Int32Array | null, count: number): void {
    this.rows = grownInt32(this.rows, count);
    this.created = grownUint8(this.created, count);
    if (this.#appendOnly) {
      this.#insertAll(columns, weights, count);
      return;
    }
    if (this.#hasColumns) this.table.upsert(columns, count, this.rows, this.created);
    else this.#findOnlyRow(count);
    if (this.tracking === 'none') this.table.touch(this.rows, count);
    else this.touchRows(this.rows, count);
    addCounts(this.copies, this.rows, weights, count);
  }

  /** Rows without columns are all alike: the first row of the table counts them, and stays. */
  #findOnlyRow(count: number): void {
    this.rows.fill(0, 0, count);
    this.created.fill(0, 0, count);
    if (this.table.rowCount > 0) return;
    this.table.insert(this.tracking === 'none' ? [this.#zeros] : [this.#zeros, this.#zeros], 0);
    this.created[0] = 1;
  }

  #insertAll(columns: readonly Column[], weights: Int32Array | null, count: number): void {
    if (this.#ones.data.length < count) {
      this.#ones = { kind: 'f64', data: new Float64Array(count).fill(1), nulls: null };
      this.#zeros = { kind: 'f64', data: new Float64Array(count), nulls: null };
    }
    const copies: F64Column =
      weights === null ? this.#ones : { kind: 'f64', data: Float64Array.from(weights), nulls: null };
    const tracked = this.tracking !== 'none';
    const all = tracked ? [...columns, copies, this.#zeros] : [...columns, copies];
    this.table.insertAll(all, count, this.rows);
    this.created.fill(1, 0, count);
    if (tracked) this.#touchNew(count);
  }

  /** Rows just inserted showed nothing before. */
  #touchNew(count: number): void {
    const first = this.#touched.addAll(this.rows, count, this.table.rowLimit);
    this.#shownBefore = grownFloat64(this.#shownBefore, this.#touched.count);
    this.#shownBefore.fill(0, first, this.#touched.count);
  }

  /** Announces changes of the copies or matches of tracked rows. */
  touchRows(rows: Int32Array, count: number): void {
    const touched = this.#touched;
    const first = touched.addAll(rows, count, this.table.rowLimit);
    this.#shownBefore = grownFloat64(this.#shownBefore, touched.count);
    for (let slot = first; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      this.#shownBefore[slot] = this.#shown(row);
      this.table.touchRow(row);
    }
  }

  /** Row `row`, touched, matches `change` more rows. */
  addMatches(row: number, change: number): void {
    const page = this.table.column(this.#copiesAt + 1)[row >> PAGE_SHIFT] as F64Column;
    (page.data[row & PAGE_MASK] as number) += change;
  }

  /** How many copies of the row the output shows for itself, now. */
  #shown(row: number): number {
    const isMatched = countAt(this.table.column(this.#copiesAt + 1), row) > 0;
    return isMatched === (this.tracking === 'matched') ? countAt(this.copies, row) : 0;
  }

  /** First rows of the chains under the keys of a batch. */
  findHeads(keys: readonly Column[], count: number, heads: Int32Array): void {
    this.table.findFirst(0, keys, count, heads);
  }

  /** Without tracking nothing refers to a row after its batch, so empty ones go at once. */
  endBatch(count: number): void {
    if (this.tracking === 'none' && !this.#appendOnly && this.#hasColumns)
      removeEmpty(this.table, this.#copiesAt, this.rows, count);
  }

  /** Emits the net changes of the rows shown for themselves, this side's columns only. */
  endTick(output: Output): void {
    if (this.tracking === 'none') return;
    const touched = this.#touched;
    for (let slot = 0; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      const change = this.#shown(row) - (this.#shownBefore[slot] as number);
      if (change !== 0) this.#emission.add(row, change, this.table, output);
    }
    this.#emission.flush(this.table, output);
    for (let slot = 0; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      const copies = countAt(this.copies, row);
      assert(copies >= 0, 'a join was told to take back a row it never had');
      if (copies === 0 && this.#hasColumns) this.table.remove(row);
    }
    touched.reset();
  }
}
