/**
 * The first row of each partition of input that only grows: the latest version of each key, DISTINCT ON, ROW_NUMBER() = 1.
 *
 * A row that comes is compared with the one its partition shows, and takes its place or is forgotten, so nothing is kept but
 * what shows, and no index but that of the partitions. Input that retracts, and windows of more rows, are for top-n.ts.
 */
import type { SortKey } from '../expr/expr.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { type Column, copyValue, type I32Column, type I64Column, isNullAt, valueAt } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, grownInt32, grownUint8, kindsOf } from './buffers.ts';
import { NetChanges, type NetSource } from './net-changes.ts';
import { OldValues } from './old-values.ts';
import type { Operator, Output } from './operator.ts';
import { gatherPages, type Pages } from './paged.ts';
import { TouchedRows } from './touched.ts';

export type TopRowOptions = {
  readonly types: readonly SqlType[];
  readonly partitionBy: readonly number[];
  readonly order: readonly SortKey[];
  readonly state: StateStore;
};

/** Whether value `i` of `a` stands before (below 0), with (0) or behind value `j` of `b`. */
type Comparison = (a: Column, i: number, b: Column, j: number) => number;

type Deciding = { readonly column: number; readonly compare: Comparison };

export class TopRow implements Operator, NetSource {
  readonly #options: TopRowOptions;
  readonly #table: StateTable;
  /** The table's columns are those of the partition, then the row's. */
  readonly #first: number;
  /** Columns in the order in which they decide, all of them, so that the answer is one whatever the order of coming. */
  readonly #deciding: readonly Deciding[];
  readonly #touched = new TouchedRows();
  readonly #old: OldValues;
  readonly #net: NetChanges;
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(options: TopRowOptions) {
    const { types, partitionBy, order, state } = options;
    this.#options = options;
    this.#first = partitionBy.length;
    this.#table = state.table({
      name: 'rows',
      columns: [
        ...partitionBy.map((c, k) => ({ name: `key${k}`, type: types[c] as SqlType })),
        ...types.map((type, c) => ({ name: `column${c}`, type })),
      ],
      key: partitionBy.map((_, k) => k),
      equality: 'sql',
      indexes: [],
    });
    const ascending = (column: number): SortKey => ({ column, descending: false, nullsFirst: false });
    const rest = types.map((_, c) => c).filter((c) => !order.some((key) => key.column === c));
    this.#deciding = [...order, ...rest.map(ascending)].map((key) => ({
      column: key.column,
      compare: comparisonOf(types[key.column] as SqlType, key),
    }));
    this.#old = new OldValues(types.map((type) => type.column));
    this.#net = new NetChanges([], types);
  }

  describe(): string {
    return this.#first === 0 ? 'Top row of a stream' : 'Top row per partition of a stream';
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    const count = batch.length;
    if (count === 0) return;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    this.#findPartitions(batch);
    this.#touch(count);
    for (let i = 0; i < count; i++) {
      const row = this.#rows[i] as number;
      const isFirst = this.#created[i] === 1;
      if (isFirst) this.#old.existed[this.#touched.slotOf(row)] = 0;
      if (isFirst || this.#comesBefore(batch, i, row)) this.#write(batch, i, row);
    }
  }

  #findPartitions(batch: Batch): void {
    const { partitionBy } = this.#options;
    if (partitionBy.length > 0) {
      const keys = partitionBy.map((c) => batch.columns[c] as Column);
      this.#table.upsert(keys, batch.length, this.#rows, this.#created);
      return;
    }
    this.#rows.fill(0, 0, batch.length);
    this.#created.fill(0, 0, batch.length);
    if (this.#table.rowCount > 0) return;
    this.#table.insert(allocateColumns(kindsOf(this.#table.spec.columns), 1), 0);
    this.#created[0] = 1;
  }

  /** Saves what the partitions that this tick had not touched yet show. */
  #touch(count: number): void {
    const touched = this.#touched;
    const first = touched.addAll(this.#rows, count, this.#table.rowLimit);
    this.#old.growTo(touched.count);
    this.#old.existed.fill(1, first, touched.count);
    for (let slot = first; slot < touched.count; slot++) this.#table.touchRow(touched.rows[slot] as number);
    this.#old.save(touched.rows, first, touched.count, (rows, n, to, at) => {
      for (let c = 0; c < to.length; c++) gatherPages(this.#pages(c), rows, n, to[c] as Column, at);
    });
  }

  /** Whether row `i` of the batch stands before the row that its partition shows. */
  #comesBefore(batch: Batch, i: number, row: number): boolean {
    for (let d = 0; d < this.#deciding.length; d++) {
      const { column, compare } = this.#deciding[d] as Deciding;
      const page = this.#pages(column)[row >> PAGE_SHIFT] as Column;
      const order = compare(batch.columns[column] as Column, i, page, row & PAGE_MASK);
      if (order !== 0) return order < 0;
    }
    return false;
  }

  #write(batch: Batch, i: number, row: number): void {
    for (let c = 0; c < this.#options.types.length; c++) {
      copyValue(batch.columns[c] as Column, i, this.#pages(c)[row >> PAGE_SHIFT] as Column, row & PAGE_MASK);
    }
  }

  #pages(column: number): Pages {
    return this.#table.column(this.#first + column);
  }

  onTickEnd(output: Output): void {
    if (this.#touched.count === 0) return;
    this.#net.emit(this.#touched, this, output);
    this.#touched.reset();
    this.#old.reset();
  }

  fixed(): Pages[] {
    return [];
  }

  readOld(_rows: Int32Array, _count: number, first: number): readonly Column[] {
    return this.#old.page(first / BATCH_ROWS);
  }

  readPresence(_rows: Int32Array, count: number, first: number, before: Uint8Array, now: Uint8Array): void {
    for (let k = 0; k < count; k++) before[k] = this.#old.existed[first + k] as number;
    now.fill(1, 0, count);
  }

  readNow(rows: Int32Array, count: number, out: readonly Column[]): void {
    for (let c = 0; c < out.length; c++) gatherPages(this.#pages(c), rows, count, out[c] as Column, 0);
  }
}

function comparisonOf(type: SqlType, { descending, nullsFirst }: SortKey): Comparison {
  const ascending = comparisonOfKind(type);
  const nullRank = nullsFirst ? -1 : 1;
  return (a, i, b, j) => {
    if (a.nulls !== null || b.nulls !== null) {
      const isLeftNull = isNullAt(a, i);
      const isRightNull = isNullAt(b, j);
      if (isLeftNull || isRightNull) return isLeftNull === isRightNull ? 0 : isLeftNull ? nullRank : -nullRank;
    }
    return descending ? ascending(b, j, a, i) : ascending(a, i, b, j);
  };
}

function comparisonOfKind(type: SqlType): Comparison {
  switch (type.column) {
    case 'i32':
      return (a, i, b, j) => ((a as I32Column).data[i] as number) - ((b as I32Column).data[j] as number);
    case 'i64':
      return (a, i, b, j) => compareLanes((a as I64Column).data, i, (b as I64Column).data, j);
    default:
      return (a, i, b, j) => type.compare(valueAt(a, i), valueAt(b, j));
  }
}

function compareLanes(a: Int32Array, i: number, b: Int32Array, j: number): number {
  const high = (a[2 * i + 1] as number) - (b[2 * j + 1] as number);
  return high !== 0 ? high : ((a[2 * i] as number) >>> 0) - ((b[2 * j] as number) >>> 0);
}
