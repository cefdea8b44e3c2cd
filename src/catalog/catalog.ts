/**
 * What exists: an immutable snapshot. A statement takes the current one and sees nothing else; DDL makes the next.
 *
 * Names resolve through a search path as in PostgreSQL: `pg_catalog` comes first unless it is named, a qualified name means
 * itself. System relations are part of every snapshot, so binding does not know them from others.
 */
import { duplicateTable, undefinedSchema, undefinedTable } from '../base/errors.ts';
import type { RelationId } from '../base/ids.ts';
import type { CatalogSnapshot, Relation, Schema, SystemRelation } from './relation.ts';

/** OIDs from here on are given to the user's objects, as in PostgreSQL. */
export const FIRST_USER_OID = 16384;

export const SYSTEM_SCHEMAS: readonly Schema[] = [
  { oid: 11, name: 'pg_catalog', owner: 'millrace' },
  { oid: 2200, name: 'public', owner: 'millrace' },
  { oid: 13183, name: 'information_schema', owner: 'millrace' },
  { oid: 13999, name: 'millrace', owner: 'millrace' },
];

export class Catalog implements CatalogSnapshot {
  readonly #relations: ReadonlyMap<RelationId, Relation>;
  readonly #byName: ReadonlyMap<string, Relation>;
  readonly schemas: readonly Schema[];
  /** The next OID to give out. */
  readonly nextOid: number;

  private constructor(relations: ReadonlyMap<RelationId, Relation>, schemas: readonly Schema[], nextOid: number) {
    this.#relations = relations;
    this.#byName = new Map(
      [...relations.values()].map((relation) => [nameKey(relation.schema, relation.name), relation]),
    );
    this.schemas = schemas;
    this.nextOid = nextOid;
  }

  /** The catalog of an empty database. */
  static initial(system: readonly SystemRelation[]): Catalog {
    return new Catalog(new Map(system.map((relation) => [relation.id, relation])), SYSTEM_SCHEMAS, FIRST_USER_OID);
  }

  relations(): IterableIterator<Relation> {
    return this.#relations.values();
  }

  byId(id: RelationId): Relation | undefined {
    return this.#relations.get(id);
  }

  inSchema(schema: string, name: string): Relation | undefined {
    return this.#byName.get(nameKey(schema, name));
  }

  /** Finds `name`, `schema.name` or `database.schema.name`; the database part is not looked at. */
  find(parts: readonly string[], searchPath: readonly string[]): Relation | undefined {
    const name = parts[parts.length - 1] as string;
    const schema = parts[parts.length - 2];
    if (schema !== undefined) return this.inSchema(schema, name);
    for (const candidate of effectivePath(searchPath)) {
      const found = this.inSchema(candidate, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Like `find`; throws 42P01 (or 3F000 for the schema) at `position`. */
  get(parts: readonly string[], searchPath: readonly string[], position: number | undefined): Relation {
    const found = this.find(parts, searchPath);
    if (found !== undefined) return found;
    throw undefinedTable(parts.join('.'), position);
  }

  schema(name: string): Schema | undefined {
    return this.schemas.find((schema) => schema.name === name);
  }

  /** Relations that read `id` directly: views over it and indexes on it. */
  dependents(id: RelationId): Relation[] {
    return [...this.#relations.values()].filter((relation) => {
      if (relation.kind === 'index') return relation.on === id;
      return 'dependsOn' in relation && relation.dependsOn.includes(id);
    });
  }

  /** With one more relation, whose id must be `nextOid` or beyond. Throws 42P07, 3F000. */
  withRelation(relation: Relation): Catalog {
    if (this.schema(relation.schema) === undefined) throw undefinedSchema(relation.schema);
    if (this.inSchema(relation.schema, relation.name) !== undefined) throw duplicateTable(relation.name);
    const relations = new Map(this.#relations).set(relation.id, relation);
    return new Catalog(relations, this.schemas, Math.max(this.nextOid, relation.id + 1));
  }

  /** With `relation` in place of the one of the same id. */
  withReplaced(relation: Relation): Catalog {
    return new Catalog(new Map(this.#relations).set(relation.id, relation), this.schemas, this.nextOid);
  }

  without(ids: ReadonlySet<RelationId>): Catalog {
    const relations = new Map([...this.#relations].filter(([id]) => !ids.has(id)));
    return new Catalog(relations, this.schemas, this.nextOid);
  }

  /** OIDs below `nextOid` are taken, also those of relations that no longer exist. */
  withNextOid(nextOid: number): Catalog {
    return new Catalog(this.#relations, this.schemas, Math.max(this.nextOid, nextOid));
  }

  withSchema(schema: Schema): Catalog {
    return new Catalog(this.#relations, [...this.schemas, schema], Math.max(this.nextOid, schema.oid + 1));
  }

  withoutSchema(name: string): Catalog {
    return new Catalog(
      this.#relations,
      this.schemas.filter((schema) => schema.name !== name),
      this.nextOid,
    );
  }
}

const nameKey = (schema: string, name: string): string => `${schema}\0${name}`;

/** The schemas a plain name is looked up in, in order. */
export const effectivePath = (searchPath: readonly string[]): readonly string[] =>
  searchPath.includes('pg_catalog') ? searchPath : ['pg_catalog', ...searchPath];
