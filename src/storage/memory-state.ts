/** State that lives as long as its owner: one store per query, and per operator in tests. */
import type { StateStore, StateTable, StateTableSpec } from './state.ts';
import { PagedStateTable } from './state-table.ts';
import { assertSameSpec, formatSpec } from './table-spec.ts';

export class MemoryStateStore implements StateStore {
  readonly #prefix: string;
  readonly #tables: Map<string, StateTable>;

  constructor(prefix = '', tables = new Map<string, StateTable>()) {
    this.#prefix = prefix;
    this.#tables = tables;
  }

  /** Asking twice gives the same table, as it is. */
  table(spec: StateTableSpec): StateTable {
    const name = this.#prefix + spec.name;
    const open = this.#tables.get(name);
    if (open !== undefined) {
      assertSameSpec(name, formatSpec(open.spec), formatSpec(spec));
      return open;
    }
    const table = new PagedStateTable({ ...spec, name });
    this.#tables.set(name, table);
    return table;
  }

  scope(name: string): MemoryStateStore {
    return new MemoryStateStore(`${this.#prefix}${name}.`, this.#tables);
  }
}
