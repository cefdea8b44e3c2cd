/**
 * GROUP BY. The group keys of a batch are looked up once, giving a vector of group numbers; then each aggregate runs one loop.
 *
 * A group exists while rows are in it (weights summed); without group columns the one group always exists. It is remembered with
 * the results it shows, so the end of a tick computes each result once and emits -old +new where they differ.
 */
import { assert } from '../base/assert.ts';
import { SqlError } from '../base/errors.ts';
import type { AggregateCall } from '../expr/expr.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateColumn, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { bool } from '../types/boolean.ts';
import { type BoolColumn, type Column, setNullAt } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import type { SqlType } from '../types/type.ts';
import { type Accumulator, ExtremeAccumulator, ExtremeValues, RowCount, StateAccumulator } from './accumulators.ts';
import { AggregateFeed, feedKey } from './aggregate-feed.ts';
import { allocateColumns, grownInt32, grownUint8, resetColumns } from './buffers.ts';
import { NetChanges, type NetSource } from './net-changes.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { addCounts, countAt, gatherPages, type Pages, scatterPages } from './paged.ts';
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
  readonly context: OperatorContext;
};

/** How a call is kept. A multiset is kept in full even when nothing retracts, because only its end is its result. */
type Keeping = 'columns' | 'extreme' | 'list' | 'rows';

function keepingOf(call: AggregateCall, appendOnly: boolean): Keeping {
  const isCountOfRows = call.fn.name === 'count' && call.args.length === 0 && call.filter === null && !call.distinct;
  if (isCountOfRows) return 'rows';
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
  readonly #resultAt: number;
  readonly #accumulators: readonly Accumulator[];
  readonly #feeds: readonly AggregateFeed[];
  readonly #touched = new TouchedRows();
  readonly #old: Column[];
  readonly #net: NetChanges;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(options: AggregateOptions) {
    const { types, groupBy, aggregates, appendOnly, state } = options;
    this.#options = options;
    this.#countAt = groupBy.length;
    const layout = layoutOf(options);
    this.#resultAt = layout.columns.length - aggregates.length;
    this.#groups = state.table({
      name: 'groups',
      columns: layout.columns,
      key: groupBy.map((_, g) => g),
      equality: 'sql',
      indexes: [],
    });
    const feeds = new Map<string, AggregateFeed>();
    const extremes = new Map<string, SharedExtremes>();
    this.#accumulators = aggregates.map((call, a) => {
      const accumulator = makeAccumulator(options, call, a, this.#groups, layout.first[a] as number, extremes);
      if (keepingOf(call, appendOnly) === 'rows') return accumulator;
      const key = feedKey(call);
      const feed = feeds.get(key) ?? new AggregateFeed(call, types, `distinct${a}`, state);
      feeds.set(key, feed);
      if (ownerOf(aggregates, a, appendOnly) === a) feed.accumulators.push(accumulator);
      return accumulator;
    });
    this.#feeds = [...feeds.values()];
    const results = aggregates.map((call) => call.type);
    this.#old = allocateColumns(results.map((type) => type.column));
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
    this.#touch(batch.length);
    addCounts(this.#groups.column(this.#countAt), this.#rows, batch.weights, batch.length);
    for (const feed of this.#feeds) feed.push(batch, this.#rows);
  }

  /** Announces writes to groups that this tick had not touched yet. */
  #touch(count: number): void {
    const touched = this.#touched;
    const first = touched.addAll(this.#rows, count, this.#groups.rowLimit);
    for (let slot = first; slot < touched.count; slot++) this.#groups.touchRow(touched.rows[slot] as number);
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
    }
    return 0;
  }

  onTickEnd(output: Output): void {
    if (this.#options.groupBy.length === 0) this.#onlyGroup();
    if (this.#touched.count === 0) return;
    this.#net.emit(this.#touched, this, output);
    if (this.#options.groupBy.length > 0) this.#removeEmptyGroups();
    this.#touched.reset();
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

  readOld(rows: Int32Array, count: number): readonly Column[] {
    resetColumns(this.#old, count);
    for (let a = 0; a < this.#old.length; a++) {
      gatherPages(this.#groups.column(this.#resultAt + a), rows, count, this.#old[a] as Column, 0);
    }
    return this.#old;
  }

  readPresence(rows: Int32Array, count: number, _first: number, before: Uint8Array, now: Uint8Array): void {
    const isGlobal = this.#options.groupBy.length === 0;
    const shown = this.#groups.column(this.#countAt + 1);
    const counts = this.#groups.column(this.#countAt);
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      before[k] = (shown[row >> PAGE_SHIFT] as BoolColumn).data[row & PAGE_MASK] as number;
      now[k] = isGlobal || countAt(counts, row) > 0 ? 1 : 0;
    }
  }

  shown(rows: Int32Array, places: Int32Array, count: number, now: readonly Column[]): void {
    for (let a = 0; a < now.length; a++) {
      scatterPages(now[a] as Column, places, count, this.#groups.column(this.#resultAt + a), rows);
    }
    const shown = this.#groups.column(this.#countAt + 1);
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      (shown[row >> PAGE_SHIFT] as BoolColumn).data[row & PAGE_MASK] = 1;
    }
  }

  readNow(rows: Int32Array, count: number, out: readonly Column[]): void {
    this.#accumulators.forEach((accumulator, a) => {
      const column = out[a] as Column;
      try {
        accumulator.finish(rows, count, column, 0);
      } catch (error) {
        if (this.#options.context.onRowError === null) throw error;
        this.#finishSingly(accumulator, rows, count, column);
      }
    });
  }

  /** In a view a group whose result cannot be told (it overflows) is reported with its key, and shows NULL. */
  #finishSingly(accumulator: Accumulator, rows: Int32Array, count: number, out: Column): void {
    const { onRowError } = this.#options.context;
    const single = new Int32Array(1);
    for (let k = 0; k < count; k++) {
      single[0] = rows[k] as number;
      try {
        accumulator.finish(single, 1, out, k);
      } catch (error) {
        if (!(error instanceof SqlError) || onRowError === null) throw error;
        setNullAt(out, k);
        onRowError(error, this.#keyOf(single), 0);
      }
    }
  }

  #keyOf(row: Int32Array): Batch {
    const columns = allocateColumns(
      this.#options.groupBy.map((c) => (this.#options.types[c] as SqlType).column),
      1,
    );
    columns.forEach((column, g) => {
      gatherPages(this.#groups.column(g), row, 1, column, 0);
    });
    return { length: 1, columns, weights: null };
  }
}

/**
 * Columns of the group table: keys, number of rows, whether the output shows the group; for each call kept in columns those of
 * its function; and the results that are shown.
 */
function layoutOf(options: AggregateOptions): { columns: StateColumn[]; first: number[] } {
  const { types, groupBy, aggregates, appendOnly } = options;
  const columns: StateColumn[] = groupBy.map((c, g) => ({ name: `key${g}`, type: types[c] as SqlType }));
  columns.push({ name: 'rows', type: float8 }, { name: 'shown', type: bool });
  const first: number[] = [];
  aggregates.forEach((call, a) => {
    const owner = ownerOf(aggregates, a, appendOnly);
    first.push(owner === a ? columns.length : (first[owner] as number));
    if (owner !== a || keepingOf(call, appendOnly) !== 'columns') return;
    const state = call.fn.state(call.args.map((c) => types[c] as SqlType));
    state.forEach((type, s) => {
      columns.push({ name: `${call.fn.name}${a}_${s}`, type });
    });
  });
  aggregates.forEach((call, a) => {
    columns.push({ name: `result${a}`, type: call.type });
  });
  return { columns, first };
}

/**
 * The first call that keeps the same state as call `a`: sum and avg of one argument the same columns, min and max the same
 * values. Only that one is fed.
 */
function ownerOf(aggregates: readonly AggregateCall[], a: number, appendOnly: boolean): number {
  const call = aggregates[a] as AggregateCall;
  const keeping = keepingOf(call, appendOnly);
  const key = feedKey(call);
  return aggregates.findIndex((other, b) => {
    if (a === b) return true;
    if (keepingOf(other, appendOnly) !== keeping || feedKey(other) !== key) return false;
    if (keeping === 'extreme') return true;
    return keeping === 'columns' && other.fn.accumulate === call.fn.accumulate && other.fn.state === call.fn.state;
  });
}

/** The values of one argument, and which ends of them are asked for. */
type SharedExtremes = { readonly values: ExtremeValues; readonly ends: readonly ('least' | 'greatest')[] };

function makeAccumulator(
  options: AggregateOptions,
  call: AggregateCall,
  a: number,
  groups: StateTable,
  first: number,
  extremes: Map<string, SharedExtremes>,
): Accumulator {
  const { types, state, appendOnly } = options;
  const args = call.args.map((c) => types[c] as SqlType);
  switch (keepingOf(call, appendOnly)) {
    case 'rows':
      return new RowCount(groups, options.groupBy.length);
    case 'columns':
      return new StateAccumulator(call.fn, groups, first, call.fn.state(args).length);
    case 'extreme': {
      const { values, ends } = sharedExtremes(options, call, a, extremes);
      return new ExtremeAccumulator(values, ends.indexOf(call.fn.retraction as 'least' | 'greatest'));
    }
    case 'list': {
      const order = call.orderBy.map((key) => types[key.column] as SqlType);
      return new ValueListAccumulator(`values${a}`, call, [...args, ...order], state);
    }
  }
}

function sharedExtremes(
  { types, aggregates, state, appendOnly }: AggregateOptions,
  call: AggregateCall,
  a: number,
  made: Map<string, SharedExtremes>,
): SharedExtremes {
  const key = feedKey(call);
  const known = made.get(key);
  if (known !== undefined) return known;
  const readers = aggregates.filter((each) => keepingOf(each, appendOnly) === 'extreme' && feedKey(each) === key);
  const ends = (['least', 'greatest'] as const).filter((end) => readers.some(({ fn }) => fn.retraction === end));
  const values = new ExtremeValues(`extreme${a}`, types[call.args[0] as number] as SqlType, ends, state);
  const shared = { values, ends };
  made.set(key, shared);
  return shared;
}
