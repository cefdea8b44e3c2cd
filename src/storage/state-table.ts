/**
 * The state table: pages of rows, a unique hash index, and any number of further indexes (contract: state.ts).
 *
 * A new row takes the lowest free number, so numbers depend on nothing but which rows live, and a table that was saved and
 * opened again goes on exactly as it would have. A pin shares all pages; whoever writes to a shared page copies it first.
 * What changed since the last checkpoint is noted in `changes` where the table is durable.
 */
import { assert, unreachable } from '../base/assert.ts';
import { type Column, copyValue } from '../types/column.ts';
import type { ChangeSet } from './change-set.ts';
import { HashIndex } from './hash-index.ts';
import { PairingHeaps } from './heap-index.ts';
import { KeyShape } from './key-shape.ts';
import { MultiIndex } from './multi-index.ts';
import { TreeIndex } from './ordered-index.ts';
import { copyPage, newPage, type Page, pageBytes, resetRow } from './page.ts';
import type { PagedColumns } from './probe.ts';
import { RowOrder } from './row-order.ts';
import {
  type HeapIndex,
  type IndexOrder,
  type IndexSpec,
  type OrderedIndex,
  PAGE_MASK,
  PAGE_ROWS,
  PAGE_SHIFT,
  type StateSnapshot,
  type StateTable,
  type StateTableSpec,
} from './state.ts';

/** Which hashes rows made by the batch at hand have, one bit for several: of 1,024 new keys one in 32 is looked up again. */
const brought = new Int32Array(1024);

/** Whether the hash may have been asked about since the bits were cleared. */
function mayBeBrought(hash: number): boolean {
  const word = (hash >>> 5) & 1023;
  const bits = brought[word] as number;
  const bit = 1 << (hash & 31);
  brought[word] = bits | bit;
  return (bits & bit) !== 0;
}

type Index = MultiIndex | TreeIndex | PairingHeaps;

export class PagedStateTable implements StateTable {
  readonly spec: StateTableSpec;
  readonly live: Uint8Array[] = [];
  readonly #columns: readonly Column[][];
  #pages: Page[] = [];
  #rowCount = 0;
  #rowLimit = 0;
  /** No free number is below this. */
  #lowestFree = 0;
  readonly #key: HashIndex | null;
  readonly #indexes: readonly Index[];
  readonly #changes: ChangeSet | null;
  /** Pins ever taken, and the numbers of those not yet released. A page older than the newest of them is shared. */
  #pinCount = 0;
  readonly #pins = new Set<number>();
  #newestPin = 0;

  /** `changes` is told of every row written; null where nothing is ever saved. */
  constructor(spec: StateTableSpec, changes: ChangeSet | null = null) {
    this.spec = spec;
    this.#columns = spec.columns.map(() => []);
    this.#key =
      spec.key.length === 0 ? null : new HashIndex(this.#shapeOf(spec.key, spec.equality), this.#paged(spec.key));
    this.#indexes = spec.indexes.map((index) => this.#buildIndex(index));
    this.#changes = changes;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get rowLimit(): number {
    return this.#rowLimit;
  }

  get bytes(): number {
    const indexes = this.#indexes.reduce((total, index) => total + index.bytes, this.#key?.bytes ?? 0);
    return this.#pages.length * pageBytes(this.spec.columns) + indexes;
  }

  column(c: number): readonly Column[] {
    return this.#columns[c] as Column[];
  }

  // ------------------------------------------------------------------------------------------------------ by key

  find(keys: readonly Column[], count: number, rows: Int32Array): void {
    const index = this.#keyIndex();
    index.find(keys, index.hash(keys, count), count, rows);
  }

  upsert(keys: readonly Column[], count: number, rows: Int32Array, created: Uint8Array): number {
    const index = this.#keyIndex();
    const hashes = index.hash(keys, count);
    index.find(keys, hashes, count, rows);
    let made = 0;
    for (let i = 0; i < count; i++) {
      created[i] = 0;
      if ((rows[i] as number) >= 0) continue;
      if (made === 0) brought.fill(0);
      const hash = hashes[i] as number;
      // An earlier row of this very batch may have brought the key.
      const row = mayBeBrought(hash) ? index.findOne(keys, i, hash) : -1;
      if (row >= 0) {
        rows[i] = row;
        continue;
      }
      rows[i] = this.#create(index, keys, i, hash);
      created[i] = 1;
      made++;
    }
    return made;
  }

  #create(index: HashIndex, keys: readonly Column[], i: number, hash: number): number {
    const row = this.#takeRow();
    const page = this.#pages[row >>> PAGE_SHIFT] as Page;
    const { key } = this.spec;
    for (let k = 0; k < key.length; k++) {
      copyValue(keys[k] as Column, i, page.columns[key[k] as number] as Column, row & PAGE_MASK);
    }
    index.add(hash, row);
    for (const each of this.#indexes) each.add(row);
    return row;
  }

  insertAll(columns: readonly Column[], count: number, rows: Int32Array): void {
    for (let i = 0; i < count; i++) rows[i] = this.#takeRow();
    for (let c = 0; c < columns.length; c++) {
      const from = columns[c] as Column;
      const pages = this.#columns[c] as Column[];
      for (let i = 0; i < count; i++) {
        const row = rows[i] as number;
        copyValue(from, i, pages[row >>> PAGE_SHIFT] as Column, row & PAGE_MASK);
      }
    }
    if (this.#key !== null) {
      const hashes = this.#key.hash(
        this.spec.key.map((c) => columns[c] as Column),
        count,
      );
      for (let i = 0; i < count; i++) this.#key.add(hashes[i] as number, rows[i] as number);
    }
    this.#indexes.forEach((index, x) => {
      const spec = this.spec.indexes[x] as IndexSpec;
      if (index instanceof MultiIndex && spec.kind === 'multi') {
        index.addAll(
          spec.columns.map((c) => columns[c] as Column),
          count,
          rows,
        );
      } else for (let i = 0; i < count; i++) index.add(rows[i] as number);
    });
  }

  insert(columns: readonly Column[], i: number): number {
    const row = this.#takeRow();
    const page = this.#pages[row >>> PAGE_SHIFT] as Page;
    for (let c = 0; c < columns.length; c++) {
      copyValue(columns[c] as Column, i, page.columns[c] as Column, row & PAGE_MASK);
    }
    this.#enter(row);
    return row;
  }

  remove(row: number): void {
    const page = this.#ownPage(row >>> PAGE_SHIFT);
    const i = row & PAGE_MASK;
    assert(page.live[i] === 1, `${this.spec.name}: row ${row} is not alive`);
    if (this.#key !== null) this.#key.remove(this.#key.hashOf(this.#keyOf(page), i), row);
    for (const each of this.#indexes) each.remove(row);
    resetRow(page.columns, i);
    page.live[i] = 0;
    page.liveCount--;
    this.#rowCount--;
    if (row < this.#lowestFree) this.#lowestFree = row;
    this.#changes?.note(row);
  }

  clear(): void {
    this.#pages = [];
    this.live.length = 0;
    for (const pages of this.#columns) pages.length = 0;
    this.#rowCount = 0;
    this.#rowLimit = 0;
    this.#lowestFree = 0;
    this.#key?.clear();
    for (const each of this.#indexes) each.clear();
    this.#changes?.noteClear();
  }

  // ------------------------------------------------------------------------------------------------------- writing

  touch(rows: Int32Array, count: number): void {
    if (this.#pins.size > 0) {
      for (let k = 0; k < count; k++) this.#ownPage((rows[k] as number) >>> PAGE_SHIFT);
    }
    this.#changes?.noteAll(rows, count);
  }

  touchRow(row: number): void {
    if (this.#pins.size > 0) this.#ownPage(row >>> PAGE_SHIFT);
    this.#changes?.note(row);
  }

  // ------------------------------------------------------------------------------------------------------- indexes

  findFirst(index: number, keys: readonly Column[], count: number, rows: Int32Array): void {
    this.#multi(index).findFirst(keys, count, rows);
  }

  nextInChain(index: number, row: number): number {
    return this.#multi(index).next(row);
  }

  ordered(index: number): OrderedIndex {
    const found = this.#indexes[index];
    assert(found instanceof TreeIndex, `${this.spec.name}: index ${index} is not ordered`);
    return found;
  }

  heap(index: number): HeapIndex {
    const found = this.#indexes[index];
    assert(found instanceof PairingHeaps, `${this.spec.name}: index ${index} is not a heap`);
    return found;
  }

  // --------------------------------------------------------------------------------------------- snapshot and restore

  pin(): StateSnapshot {
    const pages = this.#pages.slice();
    const pin = ++this.#pinCount;
    this.#pins.add(pin);
    this.#newestPin = pin;
    return {
      rowCount: this.#rowCount,
      pageCount: pages.length,
      page: (p) => pages[p] as Page,
      release: () => {
        this.#pins.delete(pin);
        this.#newestPin = Math.max(0, ...this.#pins);
        pages.length = 0;
      },
    };
  }

  /** The page itself, for the checkpoint to read. */
  page(p: number): Page {
    return this.#pages[p] as Page;
  }

  get pageCount(): number {
    return this.#pages.length;
  }

  /** For opening a saved table: page `p`, made if missing, to be filled before `restoreIndexes`. */
  restorePage(p: number): Page {
    while (this.#pages.length <= p) this.#addPage();
    return this.#pages[p] as Page;
  }

  /** For opening a saved table: takes the live maps of the pages for true, and indexes every row. */
  restoreIndexes(): void {
    this.#rowLimit = 0;
    for (const [p, page] of this.#pages.entries()) {
      page.liveCount = page.live.reduce((sum, bit) => sum + bit, 0);
      this.#rowCount += page.liveCount;
      if (page.liveCount > 0) this.#rowLimit = p * PAGE_ROWS + page.live.lastIndexOf(1) + 1;
    }
    if (this.#key !== null) this.#indexAll(this.#key);
    if (this.#indexes.length > 0) for (const [p, page] of this.#pages.entries()) this.#enterPage(p, page);
  }

  #indexAll(index: HashIndex): void {
    const hashes = new Int32Array(this.#rowCount);
    const rows = new Int32Array(this.#rowCount);
    let count = 0;
    for (const [p, page] of this.#pages.entries()) {
      const hashesOfPage = index.hash(this.#keyOf(page), PAGE_ROWS);
      for (let i = 0; i < PAGE_ROWS; i++) {
        if (page.live[i] !== 1) continue;
        hashes[count] = hashesOfPage[i] as number;
        rows[count++] = p * PAGE_ROWS + i;
      }
    }
    index.addAll(hashes, rows, count);
  }

  #enterPage(p: number, page: Page): void {
    for (const each of this.#indexes) {
      for (let i = 0; i < PAGE_ROWS; i++) if (page.live[i] === 1) each.add(p * PAGE_ROWS + i);
    }
  }

  // -------------------------------------------------------------------------------------------------------- inside

  /** A row of its own, alive, zero, its page private and dirty. */
  #takeRow(): number {
    const row = this.#freeRow();
    if (row >>> PAGE_SHIFT === this.#pages.length) this.#addPage();
    const page = this.#ownPage(row >>> PAGE_SHIFT);
    page.live[row & PAGE_MASK] = 1;
    page.liveCount++;
    this.#rowCount++;
    this.#lowestFree = row + 1;
    if (row === this.#rowLimit) this.#rowLimit++;
    this.#changes?.note(row);
    return row;
  }

  #freeRow(): number {
    if (this.#rowCount === this.#rowLimit) return this.#rowLimit;
    let row = this.#lowestFree;
    for (let page = this.#pages[row >>> PAGE_SHIFT]; page !== undefined; page = this.#pages[row >>> PAGE_SHIFT]) {
      if (page.liveCount < PAGE_ROWS) {
        const i = page.live.indexOf(0, row & PAGE_MASK);
        if (i >= 0) return (row & ~PAGE_MASK) + i;
      }
      row = (row & ~PAGE_MASK) + PAGE_ROWS;
    }
    return row;
  }

  #addPage(): void {
    const page = newPage(this.spec.columns, this.#pinCount);
    this.#pages.push(page);
    this.#place(this.#pages.length - 1, page);
  }

  #place(p: number, page: Page): void {
    this.live[p] = page.live;
    for (let c = 0; c < this.#columns.length; c++) (this.#columns[c] as Column[])[p] = page.columns[c] as Column;
  }

  /** Page `p`, after copying it if a snapshot shares it. */
  #ownPage(p: number): Page {
    const page = this.#pages[p] as Page;
    if (page.since >= this.#newestPin) return page;
    const copy = copyPage(page, this.#pinCount);
    this.#pages[p] = copy;
    this.#place(p, copy);
    return copy;
  }

  #enter(row: number): void {
    const page = this.#pages[row >>> PAGE_SHIFT] as Page;
    if (this.#key !== null) this.#key.add(this.#key.hashOf(this.#keyOf(page), row & PAGE_MASK), row);
    for (const each of this.#indexes) each.add(row);
  }

  #keyOf(page: Page): Column[] {
    return this.spec.key.map((c) => page.columns[c] as Column);
  }

  #keyIndex(): HashIndex {
    assert(this.#key !== null, `${this.spec.name} has no key`);
    return this.#key;
  }

  #multi(index: number): MultiIndex {
    const found = this.#indexes[index];
    assert(found instanceof MultiIndex, `${this.spec.name}: index ${index} is not a multi index`);
    return found;
  }

  #buildIndex(spec: IndexSpec): Index {
    switch (spec.kind) {
      case 'multi':
        return new MultiIndex(this.#shapeOf(spec.columns, 'sql'), this.#paged(spec.columns));
      case 'ordered':
        return new TreeIndex(this.#orderOf(spec.order));
      case 'heap':
        return new PairingHeaps(this.#orderOf(spec.order), this.#columns[spec.partition] as Column[]);
      default:
        return unreachable(spec);
    }
  }

  #orderOf(order: readonly IndexOrder[]): RowOrder {
    return new RowOrder(this.spec.columns, order, this.#columns);
  }

  #shapeOf(columns: readonly number[], equality: 'sql' | 'image'): KeyShape {
    return new KeyShape(
      columns.map((c) => {
        const column = this.spec.columns[c];
        assert(column !== undefined, `${this.spec.name} has no column ${c}`);
        return column.type;
      }),
      equality,
    );
  }

  #paged(columns: readonly number[]): PagedColumns {
    return columns.map((c) => this.#columns[c] as Column[]);
  }
}
