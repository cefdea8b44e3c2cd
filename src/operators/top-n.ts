/**
 * The rows `offset … offset + limit` of each partition, in order; ORDER BY … LIMIT, and ROW_NUMBER() <= n.
 *
 * All rows rest in an ordered index (partition, sort keys, then all other columns, so that ties have one answer). The first change of
 * a partition in a tick notes which rows show; the end of the tick walks the window again and emits the difference. A change
 * costs O(log rows), a touched partition O(offset + limit) per tick. Over input that only grows, rows behind the window are dropped.
 * Where only the first row of a partition is asked for and rows may go away, a heap per partition serves instead of the order.
 */
import { assert } from '../base/assert.ts';
import type { SortKey } from '../expr/expr.ts';
import { type IndexOrder, PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { allocateColumn, type Column, type I32Column, valueAt } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { int4 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import { grownFloat64, grownInt32, grownUint8 } from './buffers.ts';
import type { Operator, Output } from './operator.ts';
import { addCounts, countAt } from './paged.ts';
import { Partitions } from './partitions.ts';
import { WeightedRows } from './row-multiset.ts';
import { TouchedRows } from './touched.ts';

export type TopNOptions = {
  readonly types: readonly SqlType[];
  readonly partitionBy: readonly number[];
  readonly order: readonly SortKey[];
  readonly limit: number | null;
  readonly offset: number;
  readonly withTies: boolean;
  readonly appendOnly: boolean;
  readonly state: StateStore;
};

const PARTITION = 0;
/** The input's columns follow the partition. */
const FIRST = 1;

export class TopN implements Operator {
  readonly #options: TopNOptions;
  readonly #table: StateTable;
  readonly #copiesAt: number;
  /** Only the first row shows: the index is a heap. */
  readonly #isSingle: boolean;
  readonly #partitions: Partitions;
  readonly #touchedPartitions = new TouchedRows();
  readonly #touchedRows = new TouchedRows();
  /** What changes in the output, by row: minus what showed before the tick, plus what shows after. */
  #change: Float64Array = new Float64Array(BATCH_ROWS);
  readonly #changed = new TouchedRows();
  readonly #emission: WeightedRows;
  readonly #prefix = allocateColumn('i32', 1) as I32Column;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(options: TopNOptions) {
    const { types, partitionBy, order, state } = options;
    this.#options = options;
    this.#copiesAt = FIRST + types.length;
    this.#isSingle = options.limit === 1 && options.offset === 0 && !options.withTies && !options.appendOnly;
    const fullOrder = totalOrder(types.length, order);
    this.#partitions = new Partitions(types, partitionBy, state);
    this.#table = state.table({
      name: 'rows',
      columns: [
        { name: 'partition', type: int4 },
        ...types.map((type, c) => ({ name: `column${c}`, type })),
        { name: 'copies', type: float8 },
      ],
      key: [PARTITION, ...types.map((_, c) => FIRST + c)],
      equality: 'image',
      indexes: [
        this.#isSingle
          ? { kind: 'heap', partition: PARTITION, order: fullOrder }
          : { kind: 'ordered', order: [{ column: PARTITION, descending: false, nullsFirst: false }, ...fullOrder] },
      ],
    });
    this.#emission = new WeightedRows(types, FIRST);
  }

  describe(): string {
    const { limit, offset, partitionBy, withTies } = this.#options;
    const partition = partitionBy.length === 0 ? '' : ' per partition';
    return `Top-N: ${limit ?? 'all'}${offset === 0 ? '' : ` after ${offset}`}${withTies ? ' with ties' : ''}${partition}`;
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    const count = batch.length;
    const table = this.#table;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    this.#partitions.find(batch);
    const { numbers } = this.#partitions;
    this.#noteShown(numbers.data, count);
    const made = table.upsert(
      [numbers, ...batch.columns.slice(0, this.#options.types.length)],
      count,
      this.#rows,
      this.#created,
    );
    const first = this.#touchedRows.addAll(this.#rows, count, table.rowLimit);
    for (let slot = first; slot < this.#touchedRows.count; slot++)
      table.touchRow(this.#touchedRows.rows[slot] as number);
    if (made > 0)
      for (let i = 0; i < count; i++) this.#partitions.count(numbers.data[i] as number, this.#created[i] as number);
    addCounts(table.column(this.#copiesAt), this.#rows, batch.weights, count);
  }

  /** For partitions touched for the first time in the tick: what shows goes into the changes with minus. */
  #noteShown(partitions: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const partition = partitions[i] as number;
      if (this.#touchedPartitions.add(partition)) this.#walk(partition, -1);
    }
  }

  /** Adds `sign` × the copies that show of each row in the window to the changes. Returns the first row behind it, or -1. */
  #walk(partition: number, sign: number): number {
    const { limit, offset, withTies } = this.#options;
    if (this.#isSingle) {
      const first = this.#table.heap(0).first(partition);
      if (first >= 0) this.#addChange(first, sign);
      return -1;
    }
    const copies = this.#table.column(this.#copiesAt);
    const order = this.#table.ordered(0);
    let toSkip = offset;
    let toTake = limit ?? Number.POSITIVE_INFINITY;
    let last = -1;
    this.#prefix.data[0] = partition;
    let row = order.first([this.#prefix], 0);
    for (; row >= 0 && this.#partitionOf(row) === partition; row = order.next(row)) {
      const held = countAt(copies, row);
      if (toTake === 0 && !(withTies && last >= 0 && this.#arePeers(last, row))) return row;
      const skipped = Math.min(held, toSkip);
      toSkip -= skipped;
      const available = held - skipped;
      // All copies of one row are peers, so with ties a row of which one copy shows, shows entirely.
      const shown = withTies && (toTake > 0 || last >= 0) ? available : Math.min(available, toTake);
      toTake = Math.max(0, toTake - shown);
      if (shown > 0) {
        this.#addChange(row, sign * shown);
        last = row;
      }
    }
    return -1;
  }

  #addChange(row: number, change: number): void {
    this.#change = grownFloat64(this.#change, this.#table.rowLimit);
    if (this.#changed.add(row)) this.#change[row] = 0;
    (this.#change[row] as number) += change;
  }

  #partitionOf(row: number): number {
    return (this.#table.column(PARTITION)[row >> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] as number;
  }

  /** Whether two rows are equal in all sort keys. */
  #arePeers(a: number, b: number): boolean {
    return this.#options.order.every(({ column }) => {
      const pages = this.#table.column(FIRST + column);
      const left = valueAt(pages[a >> PAGE_SHIFT] as Column, a & PAGE_MASK);
      const right = valueAt(pages[b >> PAGE_SHIFT] as Column, b & PAGE_MASK);
      if (left === null || right === null) return left === right;
      return (this.#options.types[column] as SqlType).compare(left, right) === 0;
    });
  }

  onTickEnd(output: Output): void {
    const partitions = this.#touchedPartitions;
    const dropped: number[] = [];
    this.#emitEmptyRows(output);
    this.#removeEmptyRows();
    for (let slot = 0; slot < partitions.count; slot++) {
      const partition = partitions.rows[slot] as number;
      const behind = this.#walk(partition, 1);
      if (this.#options.appendOnly && behind >= 0) this.#listFrom(behind, partition, dropped);
    }
    this.#emitChanges(output);
    for (const row of dropped) this.#remove(row);
    for (let slot = 0; slot < partitions.count; slot++) this.#partitions.removeIfEmpty(partitions.rows[slot] as number);
    partitions.reset();
    this.#touchedRows.reset();
  }

  /** Rows that go away leave the output before they leave the table. */
  #emitEmptyRows(output: Output): void {
    const copies = this.#table.column(this.#copiesAt);
    for (let slot = 0; slot < this.#changed.count; slot++) {
      const row = this.#changed.rows[slot] as number;
      if (countAt(copies, row) > 0) continue;
      this.#emission.add(row, this.#change[row] as number, this.#table, output);
      this.#change[row] = 0;
    }
    this.#emission.flush(this.#table, output);
  }

  #emitChanges(output: Output): void {
    for (let slot = 0; slot < this.#changed.count; slot++) {
      const row = this.#changed.rows[slot] as number;
      const change = this.#change[row] as number;
      if (change !== 0) this.#emission.add(row, change, this.#table, output);
    }
    this.#emission.flush(this.#table, output);
    this.#changed.reset();
  }

  /** Rows that nothing can bring into the window any more, because none before them goes away. */
  #listFrom(first: number, partition: number, rows: number[]): void {
    const order = this.#table.ordered(0);
    for (let row = first; row >= 0 && this.#partitionOf(row) === partition; row = order.next(row)) rows.push(row);
  }

  #removeEmptyRows(): void {
    for (let slot = 0; slot < this.#touchedRows.count; slot++) {
      const row = this.#touchedRows.rows[slot] as number;
      const copies = countAt(this.#table.column(this.#copiesAt), row);
      assert(copies >= 0, 'a row was taken back that was never there');
      if (copies === 0) this.#remove(row);
    }
  }

  #remove(row: number): void {
    this.#partitions.count(this.#partitionOf(row), -1);
    this.#table.remove(row);
  }
}

/** The sort keys, then every other column: no two different rows are peers in the index. */
function totalOrder(width: number, order: readonly SortKey[]): IndexOrder[] {
  const ascending = (column: number): IndexOrder => ({ column, descending: false, nullsFirst: false });
  const keys = order.map((key) => ({ ...key, column: FIRST + key.column }));
  const used = new Set(keys.map((key) => key.column));
  const rest = Array.from({ length: width }, (_, c) => FIRST + c).filter((column) => !used.has(column));
  return [...keys, ...rest.map(ascending)];
}
