/**
 * SESSION: each row with the bounds of its session, `[first, last + gap)`. Two rows of a partition share a session iff a chain of
 * rows leads from one to the other with every step shorter than the gap.
 *
 * Rows rest in order of (partition, time) with the bounds they were given. At the end of the tick each change is looked at in
 * order of time: from the start of the old session it lies in or near, rows are walked until neither an old nor a new
 * session goes on, and those whose bounds or copies changed come out as -old +new. So a row that bridges two sessions merges them, and
 * one that goes away splits its own. Rows with NULL or infinite time are in no session.
 */
import { assert } from '../base/assert.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { allocateColumn, type Column, type I32Column, type I64Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { type Int, int64At, setInt64, subInt } from '../types/int64.ts';
import { int4, int8 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, gatherInts, grownInt32, grownUint8 } from './buffers.ts';
import type { Operator, Output } from './operator.ts';
import { addCounts, countAt } from './paged.ts';
import { Partitions } from './partitions.ts';
import { SessionRows } from './session-rows.ts';
import { TouchedRows } from './touched.ts';
import { isFiniteTime } from './window-bounds.ts';

export type SessionWindowOptions = {
  readonly types: readonly SqlType[];
  readonly partitionBy: readonly number[];
  readonly timeColumn: number;
  /** µs. */
  readonly gap: Int;
  readonly state: StateStore;
};

const PARTITION = 0;
/** The input's columns follow the partition. */
const FIRST = 1;

export class SessionWindow implements Operator {
  readonly #options: SessionWindowOptions;
  readonly #table: StateTable;
  readonly #partitions: Partitions;
  readonly #touched = new TouchedRows();
  readonly #emission: SessionRows;
  readonly #dense: Column[];
  /** Columns of the table behind the input's. `shown` copies are out with the bounds `start` and `last`. */
  readonly #at: { readonly copies: number; readonly shown: number; readonly start: number; readonly last: number };
  readonly #bound = [allocateColumn('i32', 1) as I32Column, allocateColumn('i64', 1) as I64Column] as const;
  #selection: Int32Array = new Int32Array(BATCH_ROWS);
  #weights: Int32Array = new Int32Array(BATCH_ROWS);
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(options: SessionWindowOptions) {
    const { types, partitionBy, timeColumn, gap, state } = options;
    const width = FIRST + types.length;
    this.#options = options;
    this.#at = { copies: width, shown: width + 1, start: width + 2, last: width + 3 };
    this.#dense = allocateColumns(types.map((type) => type.column));
    this.#partitions = new Partitions(types, partitionBy, state);
    const ascending = (column: number) => ({ column, descending: false, nullsFirst: false });
    this.#table = state.table({
      name: 'rows',
      columns: [
        { name: 'partition', type: int4 },
        ...types.map((type, c) => ({ name: `column${c}`, type })),
        { name: 'copies', type: float8 },
        { name: 'shown', type: float8 },
        { name: 'session_start', type: int8 },
        { name: 'session_last', type: int8 },
      ],
      key: [PARTITION, ...types.map((_, c) => FIRST + c)],
      equality: 'image',
      indexes: [{ kind: 'ordered', order: [ascending(PARTITION), ascending(FIRST + timeColumn)] }],
    });
    this.#emission = new SessionRows({ types, first: FIRST, gap, table: this.#table });
  }

  describe(): string {
    return `Session: gap ${this.#options.gap} µs`;
  }

  onBatch(input: Batch, _input: number, _output: Output): void {
    const batch = this.#withTime(input);
    const count = batch.length;
    if (count === 0) return;
    const table = this.#table;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    this.#partitions.find(batch);
    const { numbers } = this.#partitions;
    const made = table.upsert(
      [numbers, ...batch.columns.slice(0, this.#options.types.length)],
      count,
      this.#rows,
      this.#created,
    );
    const first = this.#touched.addAll(this.#rows, count, table.rowLimit);
    for (let slot = first; slot < this.#touched.count; slot++) table.touchRow(this.#touched.rows[slot] as number);
    if (made > 0)
      for (let i = 0; i < count; i++) this.#partitions.count(numbers.data[i] as number, this.#created[i] as number);
    addCounts(table.column(this.#at.copies), this.#rows, batch.weights, count);
  }

  /** The rows that can be in a session. */
  #withTime(batch: Batch): Batch {
    const time = batch.columns[this.#options.timeColumn] as I64Column;
    this.#selection = grownInt32(this.#selection, batch.length);
    let length = 0;
    for (let i = 0; i < batch.length; i++) {
      if (time.nulls?.[i] !== 1 && isFiniteTime(int64At(time.data, i))) this.#selection[length++] = i;
    }
    if (length === batch.length) return batch;
    gatherColumns(batch.columns, this.#selection, length, this.#dense);
    if (batch.weights !== null) this.#weights = gatherInts(batch.weights, this.#selection, length, this.#weights);
    return { length, columns: this.#dense, weights: batch.weights === null ? null : this.#weights };
  }

  onTickEnd(output: Output): void {
    const changed = [...this.#touched.rows.subarray(0, this.#touched.count)];
    changed.sort((a, b) => this.#partitionOf(a) - this.#partitionOf(b) || compare(this.#timeOf(a), this.#timeOf(b)));
    let partition = -1;
    let done: Int = 0;
    for (const row of changed) {
      if (this.#partitionOf(row) === partition && this.#timeOf(row) <= done) continue;
      partition = this.#partitionOf(row);
      done = this.#walkFrom(this.#startOfRegion(row), output);
    }
    this.#emission.flush(output);
    this.#removeEmptyRows(changed);
    this.#touched.reset();
  }

  /** Where to begin so that every old session near a changed row is seen whole: its first row. */
  #startOfRegion(changed: number): number {
    const order = this.#table.ordered(0);
    const { gap } = this.#options;
    const partition = this.#partitionOf(changed);
    const time = this.#timeOf(changed);
    let from = this.#isShown(changed) ? this.#startOf(changed) : time;
    let before = order.previous(changed);
    while (before >= 0 && this.#partitionOf(before) === partition && subInt(time, this.#timeOf(before)) < gap) {
      // Earlier changes have been dealt with, so a row that does not show is gone and leads nowhere, or is as new as this one.
      if (this.#isShown(before)) {
        if (this.#startOf(before) < from) from = this.#startOf(before);
        break;
      }
      before = order.previous(before);
    }
    this.#setBound(partition, from);
    return order.seek(this.#bound, 0, false);
  }

  /** Gives new bounds to the rows from `first` on, session after session, as far as old or new sessions reach. Returns the last time seen. */
  #walkFrom(first: number, output: Output): Int {
    const order = this.#table.ordered(0);
    const { gap } = this.#options;
    const partition = this.#partitionOf(first);
    const region: number[] = [];
    let oldReach: Int | null = null;
    let lastLive: Int | null = null;
    let seen = this.#timeOf(first);
    for (let row = first; row >= 0 && this.#partitionOf(row) === partition; row = order.next(row)) {
      const time = this.#timeOf(row);
      const inOld = oldReach !== null && time <= oldReach;
      const inNew = lastLive !== null && subInt(time, lastLive) < gap;
      if (region.length > 0 && !inOld && !inNew && time !== seen) break;
      region.push(row);
      seen = time;
      if (this.#isShown(row) && (oldReach === null || this.#lastOf(row) > oldReach)) oldReach = this.#lastOf(row);
      if (this.#copiesOf(row) > 0) lastLive = time;
    }
    this.#assign(region, output);
    return seen;
  }

  /** Cuts a region, rows in order of time, into sessions. */
  #assign(region: readonly number[], output: Output): void {
    const { gap } = this.#options;
    let session: number[] = [];
    for (const row of region) {
      if (this.#copiesOf(row) <= 0) {
        this.#emission.replace(row, 0, 0, 0, output);
        continue;
      }
      const previous = session[session.length - 1];
      if (previous !== undefined && subInt(this.#timeOf(row), this.#timeOf(previous)) >= gap) {
        this.#bind(session, output);
        session = [];
      }
      session.push(row);
    }
    this.#bind(session, output);
  }

  #bind(session: readonly number[], output: Output): void {
    if (session.length === 0) return;
    const start = this.#timeOf(session[0] as number);
    const last = this.#timeOf(session[session.length - 1] as number);
    for (const row of session) this.#emission.replace(row, this.#copiesOf(row), start, last, output);
  }

  #removeEmptyRows(changed: readonly number[]): void {
    const partitions = new Set<number>();
    for (const row of changed) {
      const copies = this.#copiesOf(row);
      assert(copies >= 0, 'a row was taken back that was never there');
      if (copies > 0) continue;
      const partition = this.#partitionOf(row);
      this.#partitions.count(partition, -1);
      partitions.add(partition);
      this.#table.remove(row);
    }
    for (const partition of partitions) this.#partitions.removeIfEmpty(partition);
  }

  #setBound(partition: number, time: Int): void {
    this.#bound[0].data[0] = partition;
    setInt64(this.#bound[1].data, 0, time);
  }

  #partitionOf(row: number): number {
    return (this.#table.column(PARTITION)[row >> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] as number;
  }

  #timeOf(row: number): Int {
    return this.#int64Of(row, FIRST + this.#options.timeColumn);
  }

  #startOf(row: number): Int {
    return this.#int64Of(row, this.#at.start);
  }

  #lastOf(row: number): Int {
    return this.#int64Of(row, this.#at.last);
  }

  #int64Of(row: number, column: number): Int {
    return int64At((this.#table.column(column)[row >> PAGE_SHIFT] as I64Column).data, row & PAGE_MASK);
  }

  #copiesOf(row: number): number {
    return countAt(this.#table.column(this.#at.copies), row);
  }

  #isShown(row: number): boolean {
    return countAt(this.#table.column(this.#at.shown), row) > 0;
  }
}

const compare = (a: Int, b: Int): number => (a < b ? -1 : a > b ? 1 : 0);
