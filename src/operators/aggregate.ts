/**
 * GROUP BY. The group keys of a batch are looked up once, giving a vector of group numbers; then each aggregate runs one loop.
 *
 * A group exists while rows are in it (weights summed); without group columns the one group always exists. The first touch of a
 * group in a tick saves its output, the end of the tick emits -old +new of those that changed.
 */
import { assert } from '../base/assert.ts';
import type { AggregateCall } from '../expr/expr.ts';
import type { StateColumn, StateStore, StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import type { SqlType } from '../types/type.ts';
import { type Accumulator, ExtremeAccumulator, StateAccumulator } from './accumulators.ts';
import { AggregateFeed, feedKey } from './aggregate-feed.ts';
import { allocateColumns, grownInt32, grownUint8 } from './buffers.ts';
import { NetChanges, type NetSource } from './net-changes.ts';
import { OldValues } from './old-values.ts';
import type { Operator, Output } from './operator.ts';
import { addCounts, countAt, type Pages } from './paged.ts';
import { TouchedRows } from './touched.ts';
import { ValueListAccumulator } from './value-list.ts';

export type AggregateOptions = {
  /** Types of the input columns. */
  readonly types: readonly SqlType[];
  readonly groupBy: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /** The input never retracts: extremes need no history. */
  readonly appendOnly: boolean;
  readonly state: StateStore;
};

/** How a call is kept. A multiset is kept in full even when nothing retracts, because only its end is its result. */
type Keeping = 'columns' | 'extreme' | 'list';

function keepingOf(call: AggregateCall, appendOnly: boolean): Keeping {
  switch (call.fn.retraction) {
    case 'state':
      return 'columns';
    case 'least':
    case 'greatest':
      return appendOnly ? 'columns' : 'extreme';
    case 'multiset':
      return 'list';
  }
}

export class Aggregate implements Operator, NetSource {
  readonly #options: AggregateOptions;
  readonly #groups: StateTable;
  readonly #countAt: number;
  readonly #accumulators: readonly Accumulator[];
  readonly #feeds: readonly AggregateFeed[];
  readonly #touched = new TouchedRows();
  readonly #old: OldValues;
  readonly #net: NetChanges;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(options: AggregateOptions) {
    const { types, groupBy, aggregates, appendOnly, state } = options;
    this.#options = options;
    this.#countAt = groupBy.length;
    const layout = layoutOf(options);
    this.#groups = state.table({
      name: 'groups',
      columns: layout.columns,
      key: groupBy.map((_, g) => g),
      equality: 'sql',
      indexes: [],
    });
    const feeds = new Map<string, AggregateFeed>();
    this.#accumulators = aggregates.map((call, a) => {
      const accumulator = makeAccumulator(options, call, a, this.#groups, layout.first[a] as number, appendOnly);
      const key = feedKey(call);
      const feed = feeds.get(key) ?? new AggregateFeed(call, types, `distinct${a}`, state);
      feed.accumulators.push(accumulator);
      feeds.set(key, feed);
      return accumulator;
    });
    this.#feeds = [...feeds.values()];
    const results = aggregates.map((call) => call.type);
    this.#old = new OldValues(results.map((type) => type.column));
    this.#net = new NetChanges(
      groupBy.map((c) => types[c] as SqlType),
      results,
    );
  }

  describe(): string {
    const calls = this.#options.aggregates.map((call) => call.name).join(', ');
    const keys = this.#options.groupBy.length;
    return keys === 0 ? `Aggregate: ${calls}` : `Aggregate: ${calls} by ${keys} ${keys === 1 ? 'key' : 'keys'}`;
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    this.#rows = grownInt32(this.#rows, batch.length);
    this.#findGroups(batch);
    const isNew = this.#touch(batch.length);
    if (isNew > 0)
      this.#groups.touch(this.#touched.rows.subarray(this.#touched.count - isNew, this.#touched.count), isNew);
    addCounts(this.#groups.column(this.#countAt), this.#rows, batch.weights, batch.length);
    for (const feed of this.#feeds) feed.push(batch, this.#rows);
  }

  #findGroups(batch: Batch): void {
    if (this.#options.groupBy.length === 0) {
      this.#rows.fill(this.#onlyGroup(), 0, batch.length);
      return;
    }
    this.#created = grownUint8(this.#created, batch.length);
    const keys = this.#options.groupBy.map((c) => batch.columns[c] as Column);
    this.#groups.upsert(keys, batch.length, this.#rows, this.#created);
  }

  /** The group of an aggregate without GROUP BY: the table's first row, made in the first tick. */
  #onlyGroup(): number {
    if (this.#groups.rowCount === 0) {
      const columns = allocateColumns(
        this.#groups.spec.columns.map((column) => column.type.column),
        1,
      );
      const row = this.#groups.insert(columns, 0);
      assert(row === 0, 'the first row of a table has number 0');
      this.#touched.add(row);
      this.#old.growTo(1);
      this.#old.existed[0] = 0;
    }
    return 0;
  }

  /** Saves the output of groups that this tick had not touched yet, and returns how many they are. */
  #touch(count: number): number {
    const touched = this.#touched;
    const first = touched.addAll(this.#rows, count, this.#groups.rowLimit);
    const end = touched.count;
    if (first === end) return 0;
    this.#old.growTo(end);
    const counts = this.#groups.column(this.#countAt);
    const isGlobal = this.#options.groupBy.length === 0;
    let existing = 0;
    for (let slot = first; slot < end; slot++) {
      const exists = isGlobal || countAt(counts, touched.rows[slot] as number) > 0 ? 1 : 0;
      this.#old.existed[slot] = exists;
      existing += exists;
    }
    if (existing > 0) {
      this.#old.save(touched.rows, first, end, (rows, n, to, at) => {
        this.#accumulators.forEach((accumulator, a) => {
          accumulator.finish(rows, n, to[a] as Column, at);
        });
      });
    }
    return end - first;
  }

  onTickEnd(output: Output): void {
    if (this.#options.groupBy.length === 0) this.#onlyGroup();
    if (this.#touched.count === 0) return;
    this.#net.emit(this.#touched, this.#old, this, output);
    if (this.#options.groupBy.length > 0) this.#removeEmptyGroups();
    this.#touched.reset();
    this.#old.reset();
  }

  #removeEmptyGroups(): void {
    const counts = this.#groups.column(this.#countAt);
    for (let slot = 0; slot < this.#touched.count; slot++) {
      const row = this.#touched.rows[slot] as number;
      const count = countAt(counts, row);
      assert(count >= 0, 'a group has a negative number of rows');
      if (count === 0) this.#groups.remove(row);
    }
  }

  fixed(): Pages[] {
    return this.#options.groupBy.map((_, g) => this.#groups.column(g));
  }

  readNow(rows: Int32Array, count: number, out: readonly Column[]): void {
    this.#accumulators.forEach((accumulator, a) => {
      accumulator.finish(rows, count, out[a] as Column, 0);
    });
  }

  exists(row: number): boolean {
    return this.#options.groupBy.length === 0 || countAt(this.#groups.column(this.#countAt), row) > 0;
  }
}

/** Columns of the group table: keys, number of rows, and for each call kept in columns those of its function. */
function layoutOf(options: AggregateOptions): { columns: StateColumn[]; first: number[] } {
  const { types, groupBy, aggregates, appendOnly } = options;
  const columns: StateColumn[] = groupBy.map((c, g) => ({ name: `key${g}`, type: types[c] as SqlType }));
  columns.push({ name: 'rows', type: float8 });
  const first = aggregates.map((call, a) => {
    const at = columns.length;
    if (keepingOf(call, appendOnly) === 'columns') {
      const state = call.fn.state(call.args.map((c) => types[c] as SqlType));
      state.forEach((type, s) => {
        columns.push({ name: `${call.fn.name}${a}_${s}`, type });
      });
    }
    return at;
  });
  return { columns, first };
}

function makeAccumulator(
  options: AggregateOptions,
  call: AggregateCall,
  a: number,
  groups: StateTable,
  first: number,
  appendOnly: boolean,
): Accumulator {
  const { types, state } = options;
  const args = call.args.map((c) => types[c] as SqlType);
  switch (keepingOf(call, appendOnly)) {
    case 'columns':
      return new StateAccumulator(call.fn, groups, first, call.fn.state(args).length);
    case 'extreme':
      return new ExtremeAccumulator(`extreme${a}`, args[0] as SqlType, call.fn.retraction === 'greatest', state);
    case 'list': {
      const order = call.orderBy.map((key) => types[key.column] as SqlType);
      return new ValueListAccumulator(`values${a}`, call, [...args, ...order], state);
    }
  }
}
