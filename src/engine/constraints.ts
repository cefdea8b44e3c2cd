/**
 * Keys of tables, checked before a tick: no key twice, no row removed that is not there as the transaction saw it.
 *
 * The transactions of a group are not in the state yet, so what they did is kept beside it: per table a small state
 * table from key to what now stands there. Changes are judged in their order, removals of a statement before its
 * additions, so `UPDATE t SET k = k + 1` is legal and two updates of one row from the same old version are not.
 */
import { SqlError, uniqueViolation } from '../base/errors.ts';
import type { RelationId } from '../base/ids.ts';
import { SqlState } from '../base/sqlstate.ts';
import type { TableRelation } from '../catalog/relation.ts';
import { sameImage } from '../operators/image.ts';
import { MemoryStateStore } from '../storage/memory-state.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateTable } from '../storage/state.ts';
import { type Batch, weightAt } from '../types/batch.ts';
import { type Column, type F64Column, valueAt } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { defaultFormat } from '../types/type.ts';
import { copiesAt } from './stored-rows.ts';
import type { Change } from './ticks.ts';

/** A stored table as this file needs it: its rows with `copies` after them, keyed by the primary key or by all columns. */
export type StoredTable = { readonly relation: TableRelation; readonly table: StateTable };

/** What stands at a key, as a number in the `mark` column: stored row unmoved, nothing, or row `i` of the n-th batch. */
const UNMOVED = 0;
const ABSENT = -1;
const ROWS_PER_BATCH = 2 ** 20;

export class GroupConstraints {
  readonly #tableOf: (relation: RelationId) => StoredTable | null;
  #overlays = new Map<RelationId, Overlay>();

  constructor(tableOf: (relation: RelationId) => StoredTable | null) {
    this.#tableOf = tableOf;
  }

  /** Throws 23505 or 40001, and then remembers nothing of `changes`. */
  accept(changes: readonly Change[]): void {
    const used = new Set<Overlay>();
    try {
      for (const { relation, batch } of changes) {
        const overlay = this.#overlay(relation);
        if (overlay === null) continue;
        used.add(overlay);
        overlay.apply(batch);
      }
    } catch (error) {
      for (const overlay of used) overlay.undo();
      throw error;
    }
    for (const overlay of used) overlay.keep();
  }

  forget(): void {
    if (this.#overlays.size > 0) this.#overlays = new Map();
  }

  #overlay(relation: RelationId): Overlay | null {
    const known = this.#overlays.get(relation);
    if (known !== undefined) return known;
    const stored = this.#tableOf(relation);
    if (stored === null) return null;
    const overlay = new Overlay(stored);
    this.#overlays.set(relation, overlay);
    return overlay;
  }
}

/** The state of one table as the accepted transactions of the group will leave it. */
class Overlay {
  readonly #stored: StoredTable;
  readonly #marks: StateTable;
  readonly #batches: Batch[] = [];
  /** Marks as they were before the transaction at hand: row, old mark, row, old mark, …. */
  #undo: number[] = [];

  constructor(stored: StoredTable) {
    this.#stored = stored;
    const { columns, key, equality } = stored.table.spec;
    const keyColumns = key.map((c) => columns[c] as (typeof columns)[number]);
    this.#marks = new MemoryStateStore().table({
      name: 'marks',
      columns: [...keyColumns, { name: 'mark', type: float8 }],
      key: key.map((_, c) => c),
      equality,
      indexes: [],
    });
  }

  keep(): void {
    this.#undo = [];
  }

  undo(): void {
    for (let i = this.#undo.length - 2; i >= 0; i -= 2)
      this.#setMark(this.#undo[i] as number, this.#undo[i + 1] as number);
    this.#undo = [];
  }

  apply(batch: Batch): void {
    const { table, relation } = this.#stored;
    const keys = table.spec.key.map((c) => batch.columns[c] as Column);
    const marked = new Int32Array(batch.length);
    this.#marks.upsert(keys, batch.length, marked, new Uint8Array(batch.length));
    this.#marks.touch(marked, batch.length);
    const stored = new Int32Array(batch.length);
    table.find(keys, batch.length, stored);
    this.#batches.push(batch);
    for (let i = 0; i < batch.length; i++) {
      if (relation.primaryKey === null) this.#applyCopies(stored[i] as number, marked[i] as number, weightAt(batch, i));
      else this.#applyKeyed(batch, i, stored[i] as number, marked[i] as number);
    }
  }

  /** Without a key the mark counts copies gained and lost. */
  #applyCopies(stored: number, marked: number, weight: number): void {
    const gained = this.#markAt(marked) + weight;
    const there =
      stored < 0 ? 0 : copiesAt(this.#storedColumn(this.#stored.relation.columns.length, stored), stored & PAGE_MASK);
    if (there + gained < 0) throw concurrentUpdate();
    this.#mark(marked, gained);
  }

  #applyKeyed(batch: Batch, i: number, stored: number, marked: number): void {
    const mark = this.#markAt(marked);
    const isThere = mark > 0 || (mark === UNMOVED && stored >= 0);
    if (weightAt(batch, i) > 0) {
      if (isThere) throw duplicateKey(this.#stored, batch, i);
      this.#mark(marked, (this.#batches.length - 1) * ROWS_PER_BATCH + i + 1);
      return;
    }
    if (!isThere || !this.#isSameRow(batch, i, mark, stored)) throw concurrentUpdate();
    this.#mark(marked, ABSENT);
  }

  #isSameRow(batch: Batch, i: number, mark: number, stored: number): boolean {
    const { columns } = this.#stored.relation;
    const other = mark > 0 ? this.#batches[Math.floor((mark - 1) / ROWS_PER_BATCH)] : null;
    const j = mark > 0 ? (mark - 1) % ROWS_PER_BATCH : stored & PAGE_MASK;
    return columns.every(({ type }, c) => {
      const there = other?.columns[c] ?? this.#storedColumn(c, stored);
      return sameImage(type, batch.columns[c] as Column, i, there, j);
    });
  }

  #storedColumn(column: number, row: number): Column {
    return this.#stored.table.column(column)[row >> PAGE_SHIFT] as Column;
  }

  #markColumn(row: number): F64Column {
    return this.#marks.column(this.#marks.spec.key.length)[row >> PAGE_SHIFT] as F64Column;
  }

  #markAt(row: number): number {
    return this.#markColumn(row).data[row & PAGE_MASK] as number;
  }

  #setMark(row: number, mark: number): void {
    this.#markColumn(row).data[row & PAGE_MASK] = mark;
  }

  #mark(row: number, mark: number): void {
    this.#undo.push(row, this.#markAt(row));
    this.#setMark(row, mark);
  }
}

function duplicateKey({ relation }: StoredTable, batch: Batch, i: number): SqlError {
  const key = relation.primaryKey;
  const columns = key?.columns ?? [];
  const names = columns.map((c) => relation.columns[c]?.name).join(', ');
  const values = columns.map((c) => {
    const value = valueAt(batch.columns[c] as Column, i);
    return value === null ? 'null' : (relation.columns[c]?.type.format(value, defaultFormat) ?? '');
  });
  const detail = `Key (${names})=(${values.join(', ')}) already exists.`;
  return uniqueViolation(key?.name ?? '', detail, relation.name, relation.schema);
}

const concurrentUpdate = () =>
  new SqlError(SqlState.serializationFailure, 'could not serialize access due to concurrent update', {
    hint: 'The transaction might succeed if retried.',
  });
