/**
 * State that survives: stores whose tables come back from the last checkpoint with the same rows at the same numbers.
 *
 * A table is read when it is opened: page images first, then what later deltas say, then its indexes are built.
 */
import { assert } from '../base/assert.ts';
import type { Column } from '../types/column.ts';
import { ChangeSet } from './change-set.ts';
import { type CellCodec, codecsOf } from './codec.ts';
import type { Connection } from './database.ts';
import { type Page, resetRow } from './page.ts';
import { decodeRowImage, type RowImage, scatterColumn } from './row-image.ts';
import { SavedPages } from './saved-pages.ts';
import { PAGE_MASK, PAGE_ROWS, PAGE_SHIFT, type StateTable, type StateTableSpec } from './state.ts';
import { PagedStateTable } from './state-table.ts';
import type { DurableStateStore } from './storage.ts';
import { assertSameSpec, formatSpec } from './table-spec.ts';

/** A table with what the checkpoint needs to know about it. */
export type DurableTable = {
  readonly id: number;
  readonly store: string;
  readonly name: string;
  readonly spec: string;
  readonly codecs: readonly CellCodec[];
  readonly table: PagedStateTable;
  readonly changes: ChangeSet;
  readonly saved: SavedPages;
};

type SavedTable = { readonly id: number; readonly spec: string };
type SavedBlob = { readonly page: number; readonly sequence: number; readonly data: Uint8Array };

export class DurableState {
  readonly #connection: Connection;
  readonly #stores = new Map<string, DurableStore>();
  /** By store, then by name. */
  readonly #tables = new Map<string, Map<string, DurableTable>>();
  /** Stores dropped in this session: what may still lie on disk of them is void. */
  readonly #dropped = new Set<string>();
  #lastId: number;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#lastId = connection.prepare('SELECT coalesce(max(id), 0) FROM state_table').pluck().get() as number;
  }

  store(name: string): DurableStore {
    const store = this.#stores.get(name) ?? new DurableStore(this, name, '');
    this.#stores.set(name, store);
    return store;
  }

  drop(name: string): void {
    this.#stores.delete(name);
    this.#tables.delete(name);
    this.#dropped.add(name);
  }

  *tables(): Iterable<DurableTable> {
    for (const tables of this.#tables.values()) yield* tables.values();
  }

  open(store: string, name: string, spec: StateTableSpec): StateTable {
    const tables = this.#tables.get(store) ?? new Map<string, DurableTable>();
    this.#tables.set(store, tables);
    const open = tables.get(name);
    if (open !== undefined) {
      assertSameSpec(`${store}.${name}`, open.spec, formatSpec(spec));
      return open.table;
    }
    const table = this.#load(store, name, spec);
    tables.set(name, table);
    return table.table;
  }

  #load(store: string, name: string, spec: StateTableSpec): DurableTable {
    const saved = this.#findSaved(store, name);
    const text = formatSpec(spec);
    if (saved !== undefined) assertSameSpec(`${store}.${name}`, saved.spec, text);
    const changes = new ChangeSet();
    const table: DurableTable = {
      id: saved?.id ?? ++this.#lastId,
      store,
      name,
      spec: text,
      codecs: codecsOf(spec.columns.map(({ type }) => type)),
      table: new PagedStateTable({ ...spec, name: `${store}.${name}` }, changes),
      changes,
      saved: new SavedPages(),
    };
    if (saved !== undefined) this.#restore(table);
    return table;
  }

  #findSaved(store: string, name: string): SavedTable | undefined {
    if (this.#dropped.has(store)) return undefined;
    const find = this.#connection.prepare('SELECT id, spec FROM state_table WHERE store = ? AND name = ?');
    return find.get(store, name) as SavedTable | undefined;
  }

  /** One read transaction: a checkpoint cannot come between pages and deltas. */
  #restore(table: DurableTable): void {
    this.#connection.transaction(() => {
      const pages = this.#connection.prepare(
        'SELECT page, sequence, data FROM state_page WHERE state_table = ? ORDER BY page',
      );
      for (const saved of pages.iterate(table.id) as Iterable<SavedBlob>) restorePage(table, saved);
      const deltas = this.#connection.prepare(
        'SELECT part AS page, sequence, data FROM state_delta WHERE state_table = ? ORDER BY sequence, part',
      );
      for (const saved of deltas.iterate(table.id) as Iterable<SavedBlob>) restoreDelta(table, saved);
    })();
    table.table.restoreIndexes();
  }
}

function restorePage({ table, saved, codecs }: DurableTable, { page: p, sequence, data }: SavedBlob): void {
  const image = decodeRowImage(data, codecs, `page ${p} of state table ${table.spec.name}`);
  assert(image.dead.length === 0, 'page images hold living rows only');
  restoreRows(table.restorePage(p), image, 0, image.rows.length);
  saved.noteImage(p, sequence);
}

function restoreDelta({ table, saved, codecs }: DurableTable, { sequence, data }: SavedBlob): void {
  const image = decodeRowImage(data, codecs, `delta ${sequence} of state table ${table.spec.name}`);
  const { rows, dead } = image;
  saved.noteRows(rows, sequence);
  saved.noteRows(dead, sequence);
  for (let from = 0; from < rows.length; ) {
    const p = (rows[from] as number) >>> PAGE_SHIFT;
    const to = endOfPage(rows, from);
    if (!saved.isInImage(p, sequence)) {
      restoreRows(table.restorePage(p), image, from, to);
      saved.noteDelta(p, to - from, sequence);
    }
    from = to;
  }
  for (let from = 0; from < dead.length; ) {
    const p = (dead[from] as number) >>> PAGE_SHIFT;
    const to = endOfPage(dead, from);
    if (!saved.isInImage(p, sequence)) {
      removeRows(table.restorePage(p), dead, from, to);
      saved.noteDelta(p, to - from, sequence);
    }
    from = to;
  }
}

/** The end of the numbers from `from` on that lie in one page. */
function endOfPage(rows: Int32Array, from: number): number {
  const page = (rows[from] as number) >>> PAGE_SHIFT;
  let to = from + 1;
  while (to < rows.length && (rows[to] as number) >>> PAGE_SHIFT === page) to++;
  return to;
}

function restoreRows(page: Page, { rows, columns }: RowImage, from: number, to: number): void {
  if (to - from === PAGE_ROWS) page.live.fill(1);
  else for (let k = from; k < to; k++) page.live[(rows[k] as number) & PAGE_MASK] = 1;
  columns.forEach((values, c) => {
    scatterColumn(values, rows, from, to, page.columns[c] as Column);
  });
}

function removeRows(page: Page, dead: Int32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const i = (dead[k] as number) & PAGE_MASK;
    page.live[i] = 0;
    resetRow(page.columns, i);
  }
}

/** One named store, or a scope within one. */
class DurableStore implements DurableStateStore {
  readonly name: string;
  readonly #state: DurableState;
  readonly #prefix: string;

  constructor(state: DurableState, name: string, prefix: string) {
    this.#state = state;
    this.name = name;
    this.#prefix = prefix;
  }

  table(spec: StateTableSpec): StateTable {
    return this.#state.open(this.name, this.#prefix + spec.name, spec);
  }

  scope(name: string): DurableStore {
    return new DurableStore(this.#state, this.name, `${this.#prefix}${name}.`);
  }
}
