/**
 * How one aggregate call keeps its state, by what its function can retract.
 *
 *   count(*)           nothing: it is the group's own number of rows
 *   state              columns of the group table, updated in place by the function itself
 *   least, greatest    an ordered table (group, value, copies): the extreme is its first or last row under the group
 *   multiset           a table of all values, in the order of the call (value-list.ts)
 *
 * An accumulator sees only rows that count: FILTER, NULLs and DISTINCT are dealt with before (aggregate-feed.ts).
 */
import type { AggregateCall } from '../expr/expr.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS } from '../types/batch.ts';
import { allocateColumn, type Column, copyValue, type I32Column, type I64Column, setNullAt } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { int4 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import { grownInt32, grownUint8 } from './buffers.ts';
import { addCounts, countAt, type Pages } from './paged.ts';

export interface Accumulator {
  /** Row `k` of `args` counts `weights[k]` times (null: once) in group `groups[k]`. */
  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void;
  /** Writes the results of `groups[0..count)` to `out[at…]`. */
  finish(groups: Int32Array, count: number, out: Column, at: number): void;
}

/** State columns `first…` of the group table belong to the function. */
export class StateAccumulator implements Accumulator {
  readonly #fn: AggregateCall['fn'];
  readonly #table: StateTable;
  readonly #columns: readonly number[];

  constructor(fn: AggregateCall['fn'], table: StateTable, first: number, width: number) {
    this.#fn = fn;
    this.#table = table;
    this.#columns = Array.from({ length: width }, (_, c) => first + c);
  }

  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void {
    this.#fn.accumulate(this.#pages(), groups, args, weights, null, count);
  }

  finish(groups: Int32Array, count: number, out: Column, at: number): void {
    this.#fn.finish(this.#pages(), groups, count, out, at);
  }

  #pages(): Pages[] {
    return this.#columns.map((c) => this.#table.column(c));
  }
}

/** count(*), read from the rows that the operator counts anyway. Nothing is fed to it. */
export class RowCount implements Accumulator {
  readonly #table: StateTable;
  readonly #column: number;

  constructor(table: StateTable, column: number) {
    this.#table = table;
    this.#column = column;
  }

  add(): void {}

  finish(groups: Int32Array, count: number, out: Column, at: number): void {
    const counts = this.#table.column(this.#column);
    const { data } = out as I64Column;
    for (let k = 0; k < count; k++) {
      const rows = countAt(counts, groups[k] as number);
      data[2 * (at + k)] = rows | 0;
      data[2 * (at + k) + 1] = Math.floor(rows / 4294967296);
    }
  }
}

const GROUP = 0;
const VALUE = 1;
const COPIES = 2;

/** min and max over input that retracts. */
export class ExtremeAccumulator implements Accumulator {
  readonly #table: StateTable;
  readonly #greatest: boolean;
  readonly #prefix = allocateColumn('i32', 1) as I32Column;
  readonly #groupKey = allocateColumn('i32', 0) as I32Column;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(name: string, type: SqlType, greatest: boolean, state: StateStore) {
    this.#greatest = greatest;
    this.#table = state.table({
      name,
      columns: [
        { name: 'group', type: int4 },
        { name: 'value', type },
        { name: 'copies', type: float8 },
      ],
      key: [GROUP, VALUE],
      equality: 'image',
      indexes: [
        {
          kind: 'ordered',
          order: [
            { column: GROUP, descending: false, nullsFirst: false },
            { column: VALUE, descending: false, nullsFirst: false },
          ],
        },
      ],
    });
  }

  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void {
    const table = this.#table;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    table.upsert([{ ...this.#groupKey, data: groups }, args[0] as Column], count, this.#rows, this.#created);
    table.touch(this.#rows, count);
    addCounts(table.column(COPIES), this.#rows, weights, count);
    removeEmpty(table, COPIES, this.#rows, count);
  }

  finish(groups: Int32Array, count: number, out: Column, at: number): void {
    const order = this.#table.ordered(0);
    const values = this.#table.column(VALUE);
    for (let k = 0; k < count; k++) {
      this.#prefix.data[0] = groups[k] as number;
      const row = this.#greatest ? order.last([this.#prefix], 0) : order.first([this.#prefix], 0);
      if (row < 0) setNullAt(out, at + k);
      else copyValue(values[row >> PAGE_SHIFT] as Column, row & PAGE_MASK, out, at + k);
    }
  }
}

/** Removes those of `rows[0..count)`, which may repeat, whose copies have come to nothing. */
export function removeEmpty(table: StateTable, copies: number, rows: Int32Array, count: number): void {
  const counts = table.column(copies);
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const isLive = (table.live[row >> PAGE_SHIFT] as Uint8Array)[row & PAGE_MASK] === 1;
    if (isLive && countAt(counts, row) === 0) table.remove(row);
  }
}
