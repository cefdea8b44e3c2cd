/** Specs of state tables as text: what is stored with a saved table, and what a later opening must agree with. */
import { assert, unreachable } from '../base/assert.ts';
import type { IndexOrder, IndexSpec, StateTableSpec } from './state.ts';

/** One line that is equal for equal specs. Types go by OID; their name is for whoever reads the database. */
export function formatSpec(spec: StateTableSpec): string {
  const columns = spec.columns.map(({ name, type }) => ({ name, type: type.name, oid: type.oid, kind: type.column }));
  return JSON.stringify({ columns, key: spec.key, equality: spec.equality, indexes: spec.indexes.map(formatIndex) });
}

const formatIndex = (index: IndexSpec): unknown => {
  switch (index.kind) {
    case 'multi':
      return { multi: index.columns };
    case 'ordered':
      return { ordered: formatOrder(index.order) };
    case 'heap':
      return { heap: index.partition, order: formatOrder(index.order) };
    default:
      return unreachable(index);
  }
};

const formatOrder = (order: readonly IndexOrder[]): unknown =>
  order.map((o) => [o.column, o.descending ? 'desc' : 'asc', o.nullsFirst ? 'nulls first' : 'nulls last']);

/** Whoever opens a table must ask for what is there: state has no migrations, a changed query has a new store. */
export function assertSameSpec(name: string, stored: string, asked: string): void {
  assert(stored === asked, `state table ${name} was saved as ${stored} and is opened as ${asked}`);
}
