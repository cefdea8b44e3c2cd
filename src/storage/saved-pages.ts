/**
 * What is on disk of a table: page images, and deltas written since. Decides what a checkpoint writes of a changed page.
 *
 * A few changed rows go into the checkpoint's delta; a page most of which has changed, now or over the deltas since its
 * image, is written anew, which makes its part of those deltas void. A delta all of whose parts are void is deleted. So that
 * a seldom changed page does not keep an old delta, and recovery, waiting, pages of the oldest deltas are renewed unasked.
 */
import { PAGE_ROWS } from './state.ts';

type Delta = { readonly sequence: number; pages: number };

/** Part of a page that makes its image cheaper than a delta of the rows. */
const DENSE = 0.3;
/** More deltas than this and the oldest is folded into images. */
const MAX_DELTAS = 64;

export class SavedPages {
  /** Sequence of each page's image; absent where there is none. */
  #images: (number | undefined)[] = [];
  /** Rows of each page written to deltas since its image. */
  #pending: (number | undefined)[] = [];
  /** Deltas that hold rows of a page not yet in its image. */
  #deltasOf: (Delta[] | undefined)[] = [];
  #deltas: Delta[] = [];

  clear(): void {
    this.#images = [];
    this.#pending = [];
    this.#deltasOf = [];
    this.#deltas = [];
  }

  /** Whether a page with so many changed rows is to be written whole. */
  wantsImage(page: number, changed: number): boolean {
    return changed > DENSE * PAGE_ROWS || changed + (this.#pending[page] ?? 0) > limitOf(page);
  }

  /** Pages to renew so that the oldest delta beyond the limit can go. */
  stalePages(): number[] {
    if (this.#deltas.length < MAX_DELTAS) return [];
    const [oldest] = this.#deltas;
    const pages: number[] = [];
    this.#deltasOf.forEach((deltas, page) => {
      if (deltas?.[0] === oldest) pages.push(page);
    });
    return pages;
  }

  noteImage(page: number, sequence: number): void {
    this.#images[page] = sequence;
    this.#pending[page] = 0;
    for (const delta of this.#deltasOf[page] ?? []) delta.pages--;
    this.#deltasOf[page] = [];
  }

  /** `rows` of a page are in the delta of this sequence. Sequences come in order. */
  noteDelta(page: number, rows: number, sequence: number): void {
    let delta = this.#deltas.at(-1);
    if (delta?.sequence !== sequence) {
      delta = { sequence, pages: 0 };
      this.#deltas.push(delta);
    }
    this.#pending[page] = (this.#pending[page] ?? 0) + rows;
    const deltas = this.#deltasOf[page] ?? [];
    this.#deltasOf[page] = deltas;
    if (deltas.at(-1) === delta) return;
    deltas.push(delta);
    delta.pages++;
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
}

/** Between 20 and 40 % of the rows, by page: pages that change evenly are then not all renewed by one checkpoint. */
const limitOf = (page: number): number =>
  (0.2 + (((Math.imul(page, 0x9e3779b1) >>> 16) & 0xff) / 255) * 0.2) * PAGE_ROWS;
