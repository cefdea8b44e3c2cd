/**
 * How one aggregate call keeps its state, by what its function can retract.
 *
 *   count(*)           nothing: it is the group's own number of rows
 *   state              columns of the group table, updated in place by the function itself
 *   least, greatest    a table (group, value, copies) with a heap per group and direction, shared by min and max of one argument
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

/** The values of one argument that min and max over retracting input read from: one table for both. */
export class ExtremeValues {
  readonly table: StateTable;
  readonly #groupKey = allocateColumn('i32', 0) as I32Column;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  /** `ends` are the directions that are asked for, in the order of the table's heaps. */
  constructor(name: string, type: SqlType, ends: readonly ('least' | 'greatest')[], state: StateStore) {
    this.table = state.table({
      name,
      columns: [
        { name: 'group', type: int4 },
        { name: 'value', type },
        { name: 'copies', type: float8 },
      ],
      key: [GROUP, VALUE],
      equality: 'image',
      indexes: ends.map((end) => ({
        kind: 'heap',
        partition: GROUP,
        order: [{ column: VALUE, descending: end === 'greatest', nullsFirst: false }],
      })),
    });
  }

  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void {
    const { table } = this;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    table.upsert([{ ...this.#groupKey, data: groups }, args[0] as Column], count, this.#rows, this.#created);
    table.touch(this.#rows, count);
    addCounts(table.column(COPIES), this.#rows, weights, count);
    removeEmpty(table, COPIES, this.#rows, count);
  }
}

/** min or max over input that retracts. The values are fed by whoever owns them. */
export class ExtremeAccumulator implements Accumulator {
  readonly #values: ExtremeValues;
  readonly #end: number;

  /** `end` is the heap to read, or the place of the direction in the `ends` of the values. */
  constructor(values: ExtremeValues, end: number) {
    this.#values = values;
    this.#end = end;
  }

  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void {
    this.#values.add(groups, args, weights, count);
  }

  finish(groups: Int32Array, count: number, out: Column, at: number): void {
    const firsts = this.#values.table.heap(this.#end);
    const values = this.#values.table.column(VALUE);
    for (let k = 0; k < count; k++) {
      const row = firsts.first(groups[k] as number);
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
