/**
 * The multi index: any number of rows under one key, as chains through two links per row.
 *
 * A hash index leads to the head of a chain. A new row goes in second place, so that only the first and the last row
 * of a key touch the hash index. Keys match as `=` does, whatever the table's own equality. The order within a chain means nothing.
 */
import type { Column } from '../types/column.ts';
import { HashIndex } from './hash-index.ts';
import type { KeyShape } from './key-shape.ts';
import type { PagedColumns } from './probe.ts';
import { RowLinks } from './row-links.ts';
import { PAGE_MASK, PAGE_SHIFT } from './state.ts';

const NONE = -1;

export class MultiIndex {
  readonly #stored: PagedColumns;
  readonly #heads: HashIndex;
  readonly #next = new RowLinks();
  readonly #previous = new RowLinks();
  /** Columns of the page of the row at hand. */
  readonly #key: Column[] = [];

  constructor(shape: KeyShape, stored: PagedColumns) {
    this.#stored = stored;
    this.#heads = new HashIndex(shape, stored);
  }

  add(row: number): void {
    const hash = this.#hashOf(row);
    this.#link(row, this.#heads.findOne(this.#key, row & PAGE_MASK, hash), hash);
  }

  /** Adds rows whose keys are rows `0…count` of `keys`, too. */
  addAll(keys: readonly Column[], count: number, rows: Int32Array): void {
    const hashes = this.#heads.hash(keys, count);
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number;
      this.#link(rows[i] as number, this.#heads.findOne(keys, i, hash), hash);
    }
  }

  /** Puts a row behind the head of its chain, or makes it one. */
  #link(row: number, head: number, hash: number): void {
    this.#previous.set(row, head);
    if (head === NONE) {
      this.#next.set(row, NONE);
      this.#heads.add(hash, row);
      return;
    }
    const second = this.#next.get(head);
    this.#next.set(row, second);
    this.#next.set(head, row);
    if (second !== NONE) this.#previous.set(second, row);
  }

  remove(row: number): void {
    const next = this.#next.get(row);
    const previous = this.#previous.get(row);
    if (next !== NONE) this.#previous.set(next, previous);
    if (previous !== NONE) {
      this.#next.set(previous, next);
      return;
    }
    const hash = this.#hashOf(row);
    if (next === NONE) this.#heads.remove(hash, row);
    else this.#heads.replace(hash, row, next);
  }

  findFirst(keys: readonly Column[], count: number, rows: Int32Array): void {
    this.#heads.find(keys, this.#heads.hash(keys, count), count, rows);
  }

  next(row: number): number {
    return this.#next.get(row);
  }

  clear(): void {
    this.#heads.clear();
    this.#next.clear();
    this.#previous.clear();
  }

  get bytes(): number {
    return this.#heads.bytes + this.#next.bytes + this.#previous.bytes;
  }

  /** Also leaves the row's page in `#key`. */
  #hashOf(row: number): number {
    for (let c = 0; c < this.#stored.length; c++) {
      this.#key[c] = (this.#stored[c] as readonly Column[])[row >>> PAGE_SHIFT] as Column;
    }
    return this.#heads.hashOf(this.#key, row & PAGE_MASK);
  }
}
