/**
 * Rows with a unique key in a state table, at most one per key once a tick is over.
 *
 * Within a tick changes of one key may come in any order (+new before -old, rows that come and go). The table row holds one
 * version; further ones wait in a list per key until they cancel. At the end nothing may be left waiting but one
 * version for a place that became free.
 */
import { assert } from '../base/assert.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch, batchOfRows, rowAt, weightAt } from '../types/batch.ts';
import { type Column, type ColumnKind, copyValue, setValueAt, type Value } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import type { SqlType } from '../types/type.ts';
import { grownInt32, grownUint8 } from './buffers.ts';
import { sameImage } from './image.ts';
import { NetChanges, type NetSource } from './net-changes.ts';
import { OldValues } from './old-values.ts';
import type { Output } from './operator.ts';
import { countAt, gatherPages, type Pages, setCountAt } from './paged.ts';
import { TouchedRows } from './touched.ts';

export type KeyedRowsOptions = {
  readonly name: string;
  readonly types: readonly SqlType[];
  readonly key: readonly number[];
  readonly state: StateStore;
};

/** A version of a row that waits: as a batch of one row, with the sum of its weights. */
type Waiting = { readonly version: Batch; weight: number };

export class KeyedRows implements NetSource {
  readonly table: StateTable;
  readonly #types: readonly SqlType[];
  readonly #kinds: readonly ColumnKind[];
  readonly #key: readonly number[];
  readonly #copiesAt: number;
  /** Columns that are written in place: all but the key. */
  readonly #plain: readonly number[];
  /** Key columns of types where equal values may print differently (1.0, 1.00): then the table row must be made anew. */
  readonly #pinned: readonly number[];
  readonly #touched = new TouchedRows();
  readonly #old: OldValues;
  readonly #net: NetChanges;
  readonly #waiting = new Map<number, Waiting[]>();
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);
  #writes: Int32Array = new Int32Array(BATCH_ROWS);
  #writeCount = 0;

  constructor(options: KeyedRowsOptions) {
    const { types, key } = options;
    this.#types = types;
    this.#kinds = types.map((type) => type.column);
    this.#key = key;
    this.#copiesAt = types.length;
    this.#plain = types.map((_, c) => c).filter((c) => !key.includes(c));
    this.#pinned = key.filter((c) => !hasOneImage(types[c] as SqlType));
    this.table = options.state.table({
      name: options.name,
      columns: [...types.map((type, c) => ({ name: `column${c}`, type })), { name: 'copies', type: float8 }],
      key,
      equality: 'sql',
      indexes: [],
    });
    this.#old = new OldValues(this.#kinds);
    this.#net = new NetChanges([], types);
  }

  add(batch: Batch): void {
    const count = batch.length;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    this.#writes = grownInt32(this.#writes, count);
    const keys = this.#key.map((c) => batch.columns[c] as Column);
    this.table.upsert(keys, count, this.#rows, this.#created);
    this.#touch(count);
    for (let i = 0; i < count; i++) this.#apply(batch, i, this.#rows[i] as number, weightAt(batch, i));
    this.#flushWrites(batch);
  }

  #touch(count: number): void {
    const touched = this.#touched;
    const first = touched.addAll(this.#rows, count, this.table.rowLimit);
    if (first === touched.count) return;
    this.#old.growTo(touched.count);
    const copies = this.table.column(this.#copiesAt);
    for (let slot = first; slot < touched.count; slot++) {
      const row = touched.rows[slot] as number;
      this.#old.existed[slot] = countAt(copies, row) > 0 ? 1 : 0;
      this.table.touchRow(row);
    }
    this.#old.save(touched.rows, first, touched.count, (rows, n, to, at) => {
      to.forEach((column, c) => {
        gatherPages(this.table.column(c), rows, n, column, at);
      });
    });
  }

  /** One change of one key. */
  #apply(batch: Batch, i: number, row: number, weight: number): void {
    const copies = this.table.column(this.#copiesAt);
    const isHeld = countAt(copies, row) > 0;
    const waits = this.#waiting.size > 0 && this.#waiting.has(row);
    if (weight === 1 && !isHeld && !waits && this.#fits(batch, i, row)) {
      this.#writes[this.#writeCount++] = i;
      setCountAt(copies, row, 1);
      return;
    }
    this.#flushWrites(batch);
    if (weight === -1 && isHeld && this.#holds(batch, i, row)) {
      setCountAt(copies, row, 0);
      return;
    }
    this.#wait(rowAt({ ...batch, columns: batch.columns.slice(0, this.#types.length) }, i), row, weight);
  }

  /** Whether the version can be written over the table row as it stands. */
  #fits(batch: Batch, i: number, row: number): boolean {
    return this.#pinned.length === 0 || this.#pinned.every((c) => this.#sameColumn(c, batch, i, row));
  }

  #holds(batch: Batch, i: number, row: number): boolean {
    for (let c = 0; c < this.#types.length; c++) if (!this.#sameColumn(c, batch, i, row)) return false;
    return true;
  }

  #sameColumn(c: number, batch: Batch, i: number, row: number): boolean {
    const stored = this.table.column(c)[row >> PAGE_SHIFT] as Column;
    return sameImage(this.#types[c] as SqlType, batch.columns[c] as Column, i, stored, row & PAGE_MASK);
  }

  /** Writes the versions put off, column by column. */
  #flushWrites(batch: Batch): void {
    if (this.#writeCount === 0) return;
    for (const c of this.#plain) {
      const from = batch.columns[c] as Column;
      const pages = this.table.column(c);
      for (let k = 0; k < this.#writeCount; k++) {
        const i = this.#writes[k] as number;
        const row = this.#rows[i] as number;
        copyValue(from, i, pages[row >> PAGE_SHIFT] as Column, row & PAGE_MASK);
      }
    }
    this.#writeCount = 0;
  }

  #wait(values: readonly Value[], row: number, weight: number): void {
    const version = batchOfRows(this.#kinds, [values]);
    const list = this.#waiting.get(row) ?? [];
    this.#waiting.set(row, list);
    const same = list.find((other) => this.#isSameVersion(other.version, version));
    if (same === undefined) list.push({ version, weight });
    else same.weight += weight;
  }

  #isSameVersion(a: Batch, b: Batch): boolean {
    return this.#types.every((type, c) => sameImage(type, a.columns[c] as Column, 0, b.columns[c] as Column, 0));
  }

  endTick(output: Output): void {
    if (this.#touched.count === 0) return;
    const replacements = this.#settle();
    this.#net.emit(this.#touched, this, output);
    for (let slot = 0; slot < this.#touched.count; slot++) {
      const row = this.#touched.rows[slot] as number;
      if (!this.#isHeld(row)) this.table.remove(row);
    }
    for (const version of replacements) {
      this.table.insert([...version.columns, oneCopy()], 0);
      output(version);
    }
    this.#touched.reset();
    this.#old.reset();
    this.#waiting.clear();
  }

  /** Gives free places to the versions that wait for them. Returns those that need a table row of their own. */
  #settle(): Batch[] {
    const replacements: Batch[] = [];
    for (const [row, list] of this.#waiting) {
      const left = list.filter((waiting) => waiting.weight !== 0);
      if (left.length === 0) continue;
      const version = (left[0] as Waiting).version;
      assert(
        left.length === 1 && left[0]?.weight === 1 && !this.#isHeld(row),
        'two rows with one key, or one taken back twice',
      );
      if (!this.#fits(version, 0, row)) {
        replacements.push(version);
        continue;
      }
      for (const c of this.#plain) {
        const page = this.table.column(c)[row >> PAGE_SHIFT] as Column;
        copyValue(version.columns[c] as Column, 0, page, row & PAGE_MASK);
      }
      setCountAt(this.table.column(this.#copiesAt), row, 1);
    }
    return replacements;
  }

  fixed(): Pages[] {
    return [];
  }

  readOld(_rows: Int32Array, _count: number, first: number): readonly Column[] {
    return this.#old.page(first / BATCH_ROWS);
  }

  readPresence(rows: Int32Array, count: number, first: number, before: Uint8Array, now: Uint8Array): void {
    for (let k = 0; k < count; k++) {
      before[k] = this.#old.existed[first + k] as number;
      now[k] = this.#isHeld(rows[k] as number) ? 1 : 0;
    }
  }

  readNow(rows: Int32Array, count: number, out: readonly Column[]): void {
    out.forEach((column, c) => {
      gatherPages(this.table.column(c), rows, count, column, 0);
    });
  }

  #isHeld(row: number): boolean {
    return countAt(this.table.column(this.#copiesAt), row) > 0;
  }
}

/** Whether equal values of the type always print alike. */
const hasOneImage = (type: SqlType): boolean =>
  type.column === 'i32' ||
  type.column === 'i64' ||
  type.column === 'bool' ||
  (type.column === 'text' && type.name !== 'bpchar');

function oneCopy(): Column {
  const column: Column = { kind: 'f64', data: new Float64Array(1), nulls: null };
  setValueAt(column, 0, 1);
  return column;
}
