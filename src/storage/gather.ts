/**
 * Gathering: what changed in a table since the last checkpoint, as blobs. The only part of a checkpoint the dataflow waits for.
 *
 * Pages mostly changed go as images, the rows of all others into deltas. Values are copied column by column into scratch
 * columns and encoded there; a full page is encoded where it lies.
 */
import { allocateColumn, type Column, gatherColumn } from '../types/column.ts';
import type { DurableTable } from './durable-state.ts';
import type { Page } from './page.ts';
import { encodeRowImage } from './row-image.ts';
import { PAGE_ROWS, PAGE_SHIFT } from './state.ts';
import type { PageImage, TableChanges } from './writer.ts';

/** Rows of one delta blob, more or less. */
const DELTA_ROWS = 16 * PAGE_ROWS;

const none = new Int32Array(0);

export type Gathered = { readonly changes: TableChanges; readonly rows: number; readonly bytes: number };

/** The changes of a table, which from now on counts as saved with this sequence; null when there are none. */
export function gatherTable(durable: DurableTable, sequence: number): Gathered | null {
  const { changes, saved, id, store, name, spec } = durable;
  if (changes.isEmpty) return null;
  const wasCleared = changes.wasCleared;
  if (wasCleared) saved.clear();
  saved.fold((row) => changes.note(row));
  const pages = [...changes.pages].sort((a, b) => a - b);
  const isDense = new Set(pages.filter((p) => saved.wantsImage(p, changes.countOf(p))));
  const gathering = new Gathering(durable, sequence);
  // Images first: they and the delta being filled use the same scratch columns.
  for (const p of isDense) gathering.addImage(p);
  for (const p of pages) if (!isDense.has(p)) gathering.addDelta(p);
  const { images, deltas, rows, bytes } = gathering.finish();
  const superseded = saved.takeSuperseded();
  changes.reset();
  return { changes: { id, store, name, spec, wasCleared, pages: images, deltas, superseded }, rows, bytes };
}

/** After a checkpoint that failed: everything is to be written again, over whatever is there. */
export function forgetSaved({ changes, table }: DurableTable): void {
  changes.noteClear();
  for (let p = 0; p < table.pageCount; p++) changes.notePage(p);
}

class Gathering {
  readonly #durable: DurableTable;
  readonly #sequence: number;
  readonly #images: PageImage[] = [];
  readonly #deltas: Uint8Array[] = [];
  readonly #scratch: readonly Column[];
  readonly #places = new Int32Array(PAGE_ROWS);
  readonly #living = new Int32Array(PAGE_ROWS);
  /** Row numbers of the delta being filled. */
  readonly #rows = new Int32Array(DELTA_ROWS + PAGE_ROWS);
  readonly #dead = new Int32Array(DELTA_ROWS + PAGE_ROWS);
  #rowCount = 0;
  #deadCount = 0;
  #totalRows = 0;

  constructor(durable: DurableTable, sequence: number) {
    this.#durable = durable;
    this.#sequence = sequence;
    this.#scratch = durable.table.spec.columns.map(({ type }) =>
      allocateColumn(type.column, Math.min(DELTA_ROWS, durable.table.rowLimit) + PAGE_ROWS),
    );
  }

  addImage(p: number): void {
    const { table, saved } = this.#durable;
    const page = table.page(p);
    const places = this.#places;
    let count = 0;
    for (let i = 0; i < PAGE_ROWS; i++) if (page.live[i] === 1) places[count++] = i;
    const isFull = count === PAGE_ROWS;
    if (!isFull) this.#gather(page, places, count, 0);
    for (let k = 0; k < count; k++) this.#living[k] = (p << PAGE_SHIFT) + (places[k] as number);
    const columns = isFull ? page.columns : this.#scratch;
    this.#images.push({ page: p, data: encodeRowImage(this.#living, count, columns, none, 0, this.#durable.codecs) });
    this.#totalRows += count;
    saved.noteImage(p, this.#sequence);
  }

  addDelta(p: number): void {
    const { table, changes, saved } = this.#durable;
    const page = table.page(p);
    const places = this.#places;
    const changed = changes.rowsOf(p, places);
    let count = 0;
    for (let k = 0; k < changed; k++) {
      const i = places[k] as number;
      if (page.live[i] !== 1) {
        this.#dead[this.#deadCount++] = (p << PAGE_SHIFT) + i;
        continue;
      }
      places[count] = i;
      this.#rows[this.#rowCount + count++] = (p << PAGE_SHIFT) + i;
    }
    this.#gather(page, places, count, this.#rowCount);
    this.#rowCount += count;
    saved.noteDelta(p, changed, this.#sequence);
    if (this.#rowCount >= DELTA_ROWS || this.#deadCount >= DELTA_ROWS) this.#flush();
  }

  finish(): { images: PageImage[]; deltas: Uint8Array[]; rows: number; bytes: number } {
    this.#flush();
    let bytes = 0;
    for (const { data } of this.#images) bytes += data.length;
    for (const data of this.#deltas) bytes += data.length;
    return { images: this.#images, deltas: this.#deltas, rows: this.#totalRows, bytes };
  }

  #gather(page: Page, places: Int32Array, count: number, at: number): void {
    for (let c = 0; c < this.#scratch.length; c++) {
      gatherColumn(page.columns[c] as Column, places, count, this.#scratch[c] as Column, at);
    }
  }

  #flush(): void {
    if (this.#rowCount + this.#deadCount === 0) return;
    const { codecs, saved } = this.#durable;
    this.#deltas.push(encodeRowImage(this.#rows, this.#rowCount, this.#scratch, this.#dead, this.#deadCount, codecs));
    saved.noteRows(this.#rows.slice(0, this.#rowCount), this.#sequence);
    saved.noteRows(this.#dead.slice(0, this.#deadCount), this.#sequence);
    this.#totalRows += this.#rowCount + this.#deadCount;
    this.#rowCount = 0;
    this.#deadCount = 0;
  }
}
