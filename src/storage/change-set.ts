/**
 * Which rows of a table were written since the last checkpoint: one bit per row, and the list of pages with any.
 */
import { PAGE_MASK, PAGE_ROWS, PAGE_SHIFT } from './state.ts';

const WORDS_PER_PAGE = PAGE_ROWS / 32;

export class ChangeSet {
  #bits = new Int32Array(WORDS_PER_PAGE * 16);
  /** Changed rows per page. */
  #counts = new Int32Array(16);
  #pages: number[] = [];
  #wasCleared = false;

  note(row: number): void {
    const page = row >>> PAGE_SHIFT;
    if (page >= this.#counts.length) this.#grow(page);
    const word = row >>> 5;
    const bits = this.#bits[word] as number;
    const bit = 1 << (row & 31);
    if ((bits & bit) !== 0) return;
    this.#bits[word] = bits | bit;
    if ((this.#counts[page] as number) === 0) this.#pages.push(page);
    this.#counts[page] = (this.#counts[page] as number) + 1;
  }

  noteAll(rows: Int32Array, count: number): void {
    for (let k = 0; k < count; k++) this.note(rows[k] as number);
  }

  /** The table was emptied: nothing saved before counts any more. */
  noteClear(): void {
    this.reset();
    this.#wasCleared = true;
  }

  /** Notes all rows of a page. */
  notePage(page: number): void {
    for (let i = 0; i < PAGE_ROWS; i++) this.note(page * PAGE_ROWS + i);
  }

  get isEmpty(): boolean {
    return this.#pages.length === 0 && !this.#wasCleared;
  }

  get wasCleared(): boolean {
    return this.#wasCleared;
  }

  /** Changed pages, each once, in no order. */
  get pages(): readonly number[] {
    return this.#pages;
  }

  countOf(page: number): number {
    return page < this.#counts.length ? (this.#counts[page] as number) : 0;
  }

  /** Writes the changed rows of a page, as places within it, to `places`; returns how many. */
  rowsOf(page: number, places: Int32Array): number {
    let count = 0;
    for (let w = 0; w < WORDS_PER_PAGE; w++) {
      let bits = this.#bits[page * WORDS_PER_PAGE + w] as number;
      while (bits !== 0) {
        const lowest = 31 - Math.clz32(bits & -bits);
        places[count++] = (w * 32 + lowest) & PAGE_MASK;
        bits &= bits - 1;
      }
    }
    return count;
  }

  /** Forgets everything: it is being saved. */
  reset(): void {
    for (const page of this.#pages) {
      this.#counts[page] = 0;
      this.#bits.fill(0, page * WORDS_PER_PAGE, (page + 1) * WORDS_PER_PAGE);
    }
    this.#pages = [];
    this.#wasCleared = false;
  }

  #grow(page: number): void {
    const pages = Math.max(page + 1, 2 * this.#counts.length);
    const bits = new Int32Array(pages * WORDS_PER_PAGE);
    bits.set(this.#bits);
    this.#bits = bits;
    const counts = new Int32Array(pages);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
