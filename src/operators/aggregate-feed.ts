/**
 * What reaches the aggregates of one kind: rows that pass the FILTER, without NULL arguments where those do not count,
 * and under DISTINCT only the first coming and the last going of a value.
 *
 * Calls with equal arguments, filter and distinctness share a feed, so `count(x), sum(x), avg(x)` select once.
 */
import type { AggregateCall } from '../expr/expr.ts';
import type { StateStore, StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { BoolColumn, Column, I32Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { int4 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import { type Accumulator, removeEmpty } from './accumulators.ts';
import { allocateColumns, gatherColumns, gatherInts, grownInt32, grownUint8, resetColumns } from './buffers.ts';
import { countAt, gatherPages, setCountAt } from './paged.ts';

/** Calls with the same key can share a feed. Sort columns travel with the arguments. */
export const feedKey = (call: AggregateCall): string =>
  JSON.stringify([call.args, call.orderBy.map((key) => key.column), call.filter, call.distinct, call.fn.skipsNulls]);

export class AggregateFeed {
  readonly accumulators: Accumulator[] = [];
  readonly #columns: readonly number[];
  readonly #nullable: readonly number[];
  readonly #filter: number | null;
  readonly #distinct: DistinctValues | null;
  readonly #dense: Column[];
  #selection: Int32Array = new Int32Array(BATCH_ROWS);
  #groups: Int32Array = new Int32Array(BATCH_ROWS);
  #weights: Int32Array = new Int32Array(BATCH_ROWS);

  /** `types` are those of all columns of the aggregate's input; `name` names the table of distinct values. */
  constructor(call: AggregateCall, types: readonly SqlType[], name: string, state: StateStore) {
    this.#columns = [...call.args, ...call.orderBy.map((key) => key.column)];
    this.#nullable = call.fn.skipsNulls ? call.args : [];
    this.#filter = call.filter;
    const own = this.#columns.map((c) => types[c] as SqlType);
    this.#dense = allocateColumns(own.map((type) => type.column));
    this.#distinct = call.distinct ? new DistinctValues(name, own, call.args.length, state) : null;
  }

  /** Row `i` of the batch belongs to group `groups[i]`. */
  push(batch: Batch, groups: Int32Array): void {
    const count = this.#select(batch);
    if (count === 0) return;
    if (count === batch.length) {
      const args = this.#columns.map((c) => batch.columns[c] as Column);
      this.#feed(groups, args, batch.weights, count);
      return;
    }
    const selection = this.#selection;
    const args = this.#columns.map((c) => batch.columns[c] as Column);
    gatherColumns(args, selection, count, this.#dense);
    this.#groups = gatherInts(groups, selection, count, this.#groups);
    if (batch.weights !== null) this.#weights = gatherInts(batch.weights, selection, count, this.#weights);
    this.#feed(this.#groups, this.#dense, batch.weights === null ? null : this.#weights, count);
  }

  #feed(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void {
    const distinct = this.#distinct;
    if (distinct === null) {
      for (const accumulator of this.accumulators) accumulator.add(groups, args, weights, count);
      return;
    }
    const changes = distinct.add(groups, args, weights, count);
    if (changes > 0) {
      for (const accumulator of this.accumulators) {
        accumulator.add(distinct.groups, distinct.values, distinct.weights, changes);
      }
    }
    distinct.removeEmpty(count);
  }

  /** Leaves in `#selection` the rows that count, unless all do, and returns how many they are. */
  #select(batch: Batch): number {
    const filter = this.#filter === null ? null : (batch.columns[this.#filter] as BoolColumn);
    const nullable = this.#nullable.map((c) => batch.columns[c] as Column).filter((column) => column.nulls !== null);
    if (filter === null && nullable.length === 0) return batch.length;
    this.#selection = grownInt32(this.#selection, batch.length);
    let count = 0;
    for (let i = 0; i < batch.length; i++) {
      if (filter !== null && (filter.data[i] !== 1 || filter.nulls?.[i] === 1)) continue;
      if (isNullInAny(nullable, i)) continue;
      this.#selection[count++] = i;
    }
    return count;
  }
}

function isNullInAny(columns: readonly Column[], i: number): boolean {
  for (let c = 0; c < columns.length; c++) if (columns[c]?.nulls?.[i] === 1) return true;
  return false;
}

/** The multiset of values per group. What it lets through is the set: +1 when a value comes to be there, -1 when it ceases to be. */
class DistinctValues {
  groups: Int32Array = new Int32Array(BATCH_ROWS);
  weights: Int32Array = new Int32Array(BATCH_ROWS);
  readonly values: Column[];
  readonly #table: StateTable;
  readonly #keys: number;
  readonly #copiesAt: number;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);
  #changed: Int32Array = new Int32Array(BATCH_ROWS);

  /** PostgreSQL demands that sort columns of a DISTINCT call are among its arguments, so the first `args` columns decide. */
  constructor(name: string, types: readonly SqlType[], args: number, state: StateStore) {
    this.values = allocateColumns(types.map((type) => type.column));
    this.#keys = 1 + types.length;
    this.#copiesAt = 1 + types.length;
    this.#table = state.table({
      name,
      columns: [
        { name: 'group', type: int4 },
        ...types.map((type, c) => ({ name: c < args ? `value${c}` : `order${c - args}`, type })),
        { name: 'copies', type: float8 },
      ],
      key: Array.from({ length: this.#keys }, (_, c) => c),
      equality: 'sql',
      indexes: [],
    });
  }

  /** Returns the number of changes, which stand in `groups`, `values` and `weights`. */
  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): number {
    const table = this.#table;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    const groupKey: I32Column = { kind: 'i32', data: groups, nulls: null };
    table.upsert([groupKey, ...args], count, this.#rows, this.#created);
    table.touch(this.#rows, count);
    const changes = this.#count(groups, weights, count);
    resetColumns(this.values, changes);
    for (let c = 0; c < this.values.length; c++) {
      // The stored image, not the coming one: what was added as 1.0 is taken back as 1.0, also when 1.00 is the last to go.
      gatherPages(table.column(1 + c), this.#changed, changes, this.values[c] as Column, 0);
    }
    return changes;
  }

  #count(groups: Int32Array, weights: Int32Array | null, count: number): number {
    const copies = this.#table.column(this.#copiesAt);
    this.#changed = grownInt32(this.#changed, count);
    this.groups = grownInt32(this.groups, count);
    this.weights = grownInt32(this.weights, count);
    let changes = 0;
    for (let k = 0; k < count; k++) {
      const row = this.#rows[k] as number;
      const before = countAt(copies, row);
      const after = before + (weights === null ? 1 : (weights[k] as number));
      setCountAt(copies, row, after);
      if (before > 0 === after > 0) continue;
      this.#changed[changes] = row;
      this.groups[changes] = groups[k] as number;
      this.weights[changes++] = after > 0 ? 1 : -1;
    }
    return changes;
  }

  /** After the changes were read: forgets those of the last `count` values that have no copies left. */
  removeEmpty(count: number): void {
    removeEmpty(this.#table, this.#copiesAt, this.#rows, count);
  }
}
