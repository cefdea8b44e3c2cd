/**
 * State: what an operator remembers, as tables. The contract between operators and storage.
 *
 * A `StateTable` is a set of rows in pages of 1,024, struct of arrays, one `Column` per column and page (types/column.ts).
 * A row has a dense number that never changes while it lives: row `r` rests in page `r >> PAGE_SHIFT` at `r & PAGE_MASK`, and
 * numbers of removed rows are used again. A hash index leads from key columns to row numbers, probed for a whole batch at
 * once; what follows is then tight loops over row numbers and arrays.
 *
 * The page serves everything: growth without copying, dirty tracking, the checkpoint image, eviction, and copy-on-write
 * for a reader who pins a tick. Operators never see SQLite, and row numbers survive a restart.
 *
 * Callers: synchronous, single thread. Key columns and indexed columns of a living row are never written; remove and insert
 * instead. Before writing other columns of rows, announce them by `touch`: it makes their pages private and dirty.
 */
import type { Column } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';

export const PAGE_SHIFT = 10;
export const PAGE_ROWS = 1 << PAGE_SHIFT;
export const PAGE_MASK = PAGE_ROWS - 1;

export type StateColumn = { readonly name: string; readonly type: SqlType };

/** One column of an ordered index. */
export type IndexOrder = { readonly column: number; readonly descending: boolean; readonly nullsFirst: boolean };

export type IndexSpec =
  /** Any number of rows per key, chained in no order: the other side of a join, the rows of a group. Keys match as `=` sees them. */
  | { readonly kind: 'multi'; readonly columns: readonly number[] }
  /** A counted B+ tree over row numbers; ties are in row number order. */
  | { readonly kind: 'ordered'; readonly order: readonly IndexOrder[] }
  /** The first row of each partition only. `partition` is an int4 column of small numbers, never NULL. */
  | { readonly kind: 'heap'; readonly partition: number; readonly order: readonly IndexOrder[] };

export type StateTableSpec = {
  /** Unique within its store; appears in checkpoints, so renaming one loses state. */
  readonly name: string;
  readonly columns: readonly StateColumn[];
  /** Columns of the unique hash index; empty: rows are found by index or number only. NULLs equal each other here. */
  readonly key: readonly number[];
  /**
   * When two keys are the same. `sql`: as `=` sees it (1.0 = 1.00, -0 = 0, '1 day' = '24 hours'), the first to come is kept.
   * `image`: as printed, so that a multiset of rows gives back exactly what went in.
   */
  readonly equality: 'sql' | 'image';
  readonly indexes: readonly IndexSpec[];
};

export interface StateTable {
  readonly spec: StateTableSpec;
  /** Living rows. */
  readonly rowCount: number;
  /** Row numbers are below this; some may be dead. */
  readonly rowLimit: number;
  /** Column `c`, a `Column` of PAGE_ROWS rows per page. The array grows and its entries are replaced: index it afresh after `upsert`, `insert` or `touch`. */
  column(c: number): readonly Column[];
  /** Per page, 1 for each living row. */
  readonly live: readonly Uint8Array[];

  /** For each of `count` keys the row number, or -1. `keys` are columns in the order of `spec.key`. */
  find(keys: readonly Column[], count: number, rows: Int32Array): void;
  /**
   * Like `find`, and creates what is missing: key columns filled, the rest zero, '' or null object and not NULL.
   * `created[i]` is set to 1 where call `i` made the row, else to 0. Returns how many were made. Touches created rows.
   */
  upsert(keys: readonly Column[], count: number, rows: Int32Array, created: Uint8Array): number;
  /** Adds a row with the values `columns[c][i]` for all columns, touched and indexed. With a key, the caller knows it is absent. */
  insert(columns: readonly Column[], i: number): number;
  /** `insert` for rows `0…count` of `columns`, whose keys differ; writes their numbers to `rows`. */
  insertAll(columns: readonly Column[], count: number, rows: Int32Array): void;
  /** Removes a living row from the table and its indexes. Its values are gone at once. */
  remove(row: number): void;
  /** Announces a write to the non-key columns of `rows[0..count)`. */
  touch(rows: Int32Array, count: number): void;
  touchRow(row: number): void;
  /** Removes everything. */
  clear(): void;

  /** For each of `count` keys the first row under multi index `index`, or -1. NULLs equal each other: drop them first if they must not match. */
  findFirst(index: number, keys: readonly Column[], count: number, rows: Int32Array): void;
  /** The row after `row` in its chain, or -1. Removing `row` itself during the walk is allowed if next was read before. */
  nextInChain(index: number, row: number): number;
  /** The ordered index at this place in `spec.indexes`. */
  ordered(index: number): OrderedIndex;
  /** The heap index at this place in `spec.indexes`. */
  heap(index: number): HeapIndex;

  /** The table as it is now, unmoved by later writes until released. Cheap: pages are copied when next written. */
  pin(): StateSnapshot;
  /** Approximate bytes held. */
  readonly bytes: number;
}

/**
 * Rows in order. A prefix is given as row `i` of `prefix` columns for the first `prefix.length` columns of the order;
 * no columns mean the whole index. All return -1 for none.
 */
export interface OrderedIndex {
  first(prefix: readonly Column[], i: number): number;
  last(prefix: readonly Column[], i: number): number;
  /** First row at or after (`strict`: after) the bound, which may name more columns than a caller's own prefix. */
  seek(bound: readonly Column[], i: number, strict: boolean): number;
  next(row: number): number;
  previous(row: number): number;
  /** Number of rows before `row`. O(log n). */
  rank(row: number): number;
  /** The row of a rank, or -1. O(log n). */
  at(rank: number): number;
  /** Rows under a prefix. O(log n). */
  count(prefix: readonly Column[], i: number): number;
}

/** The first row of a partition, or -1; of rows alike in the order, the one with the lowest number. */
export interface HeapIndex {
  first(partition: number): number;
}

export interface StateSnapshot {
  readonly rowCount: number;
  readonly pageCount: number;
  /** The columns of page `p`; entry `c` is column `c`. */
  page(p: number): { readonly columns: readonly Column[]; readonly live: Uint8Array; readonly liveCount: number };
  release(): void;
}

/** A named set of state tables: one per dataflow. Opening a table that a checkpoint holds gives it back as it was. */
export interface StateStore {
  table(spec: StateTableSpec): StateTable;
  /** A store within this one, its tables prefixed: one per operator (`3.join`). */
  scope(name: string): StateStore;
}
