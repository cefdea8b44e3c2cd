/**
 * The catalog to bytes and back, for the checkpoint: JSON, because it is small, rarely written, and a person may have to read it.
 * Types go by OID. System relations are not stored.
 */
import { assert } from '../base/assert.ts';
import { typeByOid } from '../types/registry.ts';
import { Catalog, SYSTEM_SCHEMAS } from './catalog.ts';
import type { ColumnDefinition, Relation, Schema, SystemRelation } from './relation.ts';

const FORMAT = 1;

type StoredColumn = Omit<ColumnDefinition, 'type'> & { readonly type: number };
type UserRelation = Exclude<Relation, SystemRelation>;
type StoredRelation = Omit<UserRelation, 'columns'> & { readonly columns: readonly StoredColumn[] };
type Stored = {
  readonly format: number;
  readonly nextOid: number;
  readonly schemas: readonly Schema[];
  readonly relations: readonly StoredRelation[];
};

export function encodeCatalog(catalog: Catalog): Uint8Array {
  const relations = [...catalog.relations()]
    .filter((relation) => relation.kind !== 'system')
    .map((relation) => ({
      ...relation,
      columns: relation.columns.map((column) => ({ ...column, type: column.type.oid })),
    }));
  const isOwn = (schema: Schema) => !SYSTEM_SCHEMAS.includes(schema);
  const stored = { format: FORMAT, nextOid: catalog.nextOid, schemas: catalog.schemas.filter(isOwn), relations };
  return new TextEncoder().encode(JSON.stringify(stored));
}

/** What `encodeCatalog` wrote, on top of the system relations of this build. */
export function decodeCatalog(bytes: Uint8Array, system: readonly SystemRelation[]): Catalog {
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as Stored;
  assert(stored.format === FORMAT, `the catalog has format ${stored.format}, this build reads ${FORMAT}`);
  let catalog = Catalog.initial(system);
  for (const schema of stored.schemas) catalog = catalog.withSchema(schema);
  for (const relation of stored.relations) catalog = catalog.withRelation(decodeRelation(relation));
  return catalog.withNextOid(stored.nextOid);
}

function decodeRelation(stored: StoredRelation): Relation {
  const columns = stored.columns.map((column): ColumnDefinition => {
    const type = typeByOid(column.type);
    assert(type !== undefined, `relation "${stored.name}" has a column of unknown type ${column.type}`);
    return { ...column, type };
  });
  return { ...stored, columns } as unknown as Relation;
}
