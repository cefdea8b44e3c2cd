/** The CREATE INDEX text of an index, as pg_get_indexdef and pg_indexes show it. */
import { quoteIdentifier } from '../expr/quote.ts';
import type { CatalogSnapshot, IndexRelation } from './relation.ts';

export function indexDefinition(catalog: CatalogSnapshot, index: IndexRelation): string {
  const on = catalog.byId(index.on)?.name ?? '';
  const columns = index.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const table = `${quoteIdentifier(index.schema)}.${quoteIdentifier(on)}`;
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoteIdentifier(index.name)} ON ${table} USING btree (${columns})`;
}
