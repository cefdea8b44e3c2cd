/**
 * What is on disk of a table: page images, and deltas written since. Decides what a checkpoint writes of a changed page.
 *
 * A few changed rows go into the checkpoint's delta. A page most of which has changed, now or over the deltas since its
 * image, is written anew, which makes its part of those deltas void; a delta all of whose parts are void is deleted. So that
 * rows that seldom change do not keep old deltas, and recovery, waiting, the rows of the oldest delta beyond a limit
 * are written again with the newest: folding costs rows, not pages, and is spread evenly over checkpoints.
 */
import { PAGE_ROWS, PAGE_SHIFT } from './state.ts';

type Delta = {
  readonly sequence: number;
  /** Pages about which this delta still says something. */
  pages: number;
  /** Row numbers it holds, living and dead. */
  readonly rows: Int32Array[];
};

/** Part of a page that makes its image cheaper than a delta of the rows. */
const DENSE = 0.3;
/** More deltas than this and the oldest is folded. */
const MAX_DELTAS = 64;

export class SavedPages {
  /** Sequence of each page's image; absent where there is none. */
  #images: (number | undefined)[] = [];
  /** Rows of each page written to deltas since its image. */
  #pending: (number | undefined)[] = [];
  /** Deltas, oldest first, that hold rows of a page not yet in its image. */
  #deltasOf: (Delta[] | undefined)[] = [];
  #deltas: Delta[] = [];
  /** The delta whose rows are being written again. */
  #folding: Delta | null = null;

  clear(): void {
    this.#images = [];
    this.#pending = [];
    this.#deltasOf = [];
    this.#deltas = [];
    this.#folding = null;
  }

  /** Whether a page with so many changed rows is to be written whole. */
  wantsImage(page: number, changed: number): boolean {
    return changed > DENSE * PAGE_ROWS || changed + (this.#pending[page] ?? 0) > limitOf(page);
  }

  /** Calls back with each row that has to be written again for the oldest delta to become void. */
  fold(note: (row: number) => void): void {
    this.#folding = null;
    const [oldest] = this.#deltas;
    if (oldest === undefined || this.#deltas.length < MAX_DELTAS) return;
    this.#folding = oldest;
    for (const rows of oldest.rows) {
      for (const row of rows) if (this.#deltasOf[row >>> PAGE_SHIFT]?.[0] === oldest) note(row);
    }
  }

  noteImage(page: number, sequence: number): void {
    this.#images[page] = sequence;
    this.#pending[page] = 0;
    for (const delta of this.#deltasOf[page] ?? []) delta.pages--;
    this.#deltasOf[page] = [];
  }

  /** `count` rows of a page are in the delta of this sequence, all those of the delta being folded among them. */
  noteDelta(page: number, count: number, sequence: number): void {
    const delta = this.#deltaOf(sequence);
    this.#pending[page] = (this.#pending[page] ?? 0) + count;
    const deltas = this.#deltasOf[page] ?? [];
    this.#deltasOf[page] = deltas;
    if (this.#folding !== null && deltas[0] === this.#folding) {
      this.#folding.pages--;
      deltas.shift();
    }
    if (deltas.at(-1) === delta) return;
    deltas.push(delta);
    delta.pages++;
  }

  /** The row numbers of a blob of the delta of this sequence. */
  noteRows(rows: Int32Array, sequence: number): void {
    this.#deltaOf(sequence).rows.push(rows);
  }

  /** Whether the image of a page is as new as a delta of this sequence, which then says nothing about it. */
  isInImage(page: number, sequence: number): boolean {
    return (this.#images[page] ?? 0) >= sequence;
  }

  /** Takes out and names the deltas that say nothing any more. */
  takeSuperseded(): number[] {
    const done = this.#deltas.filter((delta) => delta.pages === 0).map((delta) => delta.sequence);
    if (done.length > 0) this.#deltas = this.#deltas.filter((delta) => delta.pages > 0);
    return done;
  }

  /** Sequences come in order. */
  #deltaOf(sequence: number): Delta {
    const last = this.#deltas.at(-1);
    if (last?.sequence === sequence) return last;
    const delta: Delta = { sequence, pages: 0, rows: [] };
    this.#deltas.push(delta);
    return delta;
  }
}

/** Between three quarters and all of the rows, by page: so pages that change evenly are not all renewed by one checkpoint. */
const limitOf = (page: number): number =>
  (0.75 + (((Math.imul(page, 0x9e3779b1) >>> 16) & 0xff) / 255) * 0.25) * PAGE_ROWS;
