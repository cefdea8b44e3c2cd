/**
 * The heap index: the first row of each partition, and nothing more about the order.
 *
 * A pairing heap per partition (Fredman, Sedgewick, Sleator, Tarjan, 1986), its links in arrays by row number. A row that comes
 * is compared with the first one only; one that goes costs O(log n) amortised, comparing among the rows it stood before.
 * An ordered index would search its place among all rows of all partitions: three times as dear at a million rows.
 */
import type { Column, I32Column } from '../types/column.ts';
import { RowLinks } from './row-links.ts';
import type { RowOrder } from './row-order.ts';
import { type HeapIndex, PAGE_MASK, PAGE_SHIFT } from './state.ts';

const NONE = -1;

export class PairingHeaps implements HeapIndex {
  readonly #order: RowOrder;
  readonly #partitions: readonly Column[];
  /** By partition: the first row. */
  readonly #first = new RowLinks();
  /** By row: its first child, its next sibling, and its previous sibling or, for a first child, its parent. */
  readonly #child = new RowLinks();
  readonly #next = new RowLinks();
  readonly #previous = new RowLinks();

  /** `order` is total; `partitions` are the pages of the column of partition numbers. */
  constructor(order: RowOrder, partitions: readonly Column[]) {
    this.#order = order;
    this.#partitions = partitions;
  }

  first(partition: number): number {
    return this.#first.peek(partition);
  }

  add(row: number): void {
    const partition = this.#partitionOf(row);
    this.#child.set(row, NONE);
    this.#next.set(row, NONE);
    this.#previous.set(row, NONE);
    const first = this.#first.peek(partition);
    this.#first.set(partition, first === NONE ? row : this.#meld(first, row));
  }

  remove(row: number): void {
    const partition = this.#partitionOf(row);
    const first = this.#first.get(partition);
    const below = this.#mergeChildren(row);
    if (row === first) {
      this.#first.set(partition, below);
      return;
    }
    this.#cut(row);
    // The first row stays first: it is before all others.
    if (below !== NONE) this.#meld(first, below);
  }

  clear(): void {
    for (const links of [this.#first, this.#child, this.#next, this.#previous]) links.clear();
  }

  get bytes(): number {
    return this.#first.bytes + this.#child.bytes + this.#next.bytes + this.#previous.bytes;
  }

  /** Two heaps into one: the later root becomes the first child of the earlier, which is returned. */
  #meld(a: number, b: number): number {
    const isOrdered = this.#order.compare(a, b) < 0;
    const root = isOrdered ? a : b;
    const child = isOrdered ? b : a;
    const sibling = this.#child.get(root);
    this.#next.set(child, sibling);
    if (sibling !== NONE) this.#previous.set(sibling, child);
    this.#previous.set(child, root);
    this.#child.set(root, child);
    return root;
  }

  /** Takes a row that is not first, with all below it, out of its list of siblings. */
  #cut(row: number): void {
    const next = this.#next.get(row);
    const previous = this.#previous.get(row);
    if (next !== NONE) this.#previous.set(next, previous);
    if (this.#child.get(previous) === row) this.#child.set(previous, next);
    else this.#next.set(previous, next);
  }

  /** The children of a row as one heap, or none: melded in pairs from the left, then together from the right. */
  #mergeChildren(row: number): number {
    let pairs = NONE;
    for (let child = this.#child.get(row); child !== NONE; ) {
      const second = this.#next.get(child);
      const rest = second === NONE ? NONE : this.#next.get(second);
      const pair = second === NONE ? child : this.#meld(child, second);
      this.#next.set(pair, pairs);
      pairs = pair;
      child = rest;
    }
    let merged = NONE;
    while (pairs !== NONE) {
      const rest = this.#next.get(pairs);
      merged = merged === NONE ? pairs : this.#meld(merged, pairs);
      pairs = rest;
    }
    if (merged !== NONE) {
      this.#next.set(merged, NONE);
      this.#previous.set(merged, NONE);
    }
    return merged;
  }

  #partitionOf(row: number): number {
    return (this.#partitions[row >>> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] as number;
  }
}
