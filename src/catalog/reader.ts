/** The catalog as expressions may ask about it: `::regclass`, format_type, pg_table_is_visible and their family. */
import type { RelationId } from '../base/ids.ts';
import type { CatalogReader } from '../expr/context.ts';
import { quoteIdentifier } from '../expr/quote.ts';
import { typeByName } from '../types/registry.ts';
import { type Catalog, effectivePath } from './catalog.ts';
import { constraintsOf } from './constraints.ts';
import { indexDefinition } from './index-definition.ts';
import type { Relation } from './relation.ts';
import { roleOid } from './roles.ts';

const PG_CLASS_OID = 1259;

/** `roles`: the names of all roles, superusers every one. */
export function createCatalogReader(
  catalog: Catalog,
  searchPath: readonly string[],
  roles: readonly string[],
): CatalogReader {
  const byOid = (oid: number): Relation | undefined => catalog.byId(oid as RelationId);
  return {
    relationOid: (parts) => catalog.find(parts, searchPath)?.id,
    relationName: (oid) => {
      const relation = byOid(oid);
      if (relation === undefined) return undefined;
      const name = quoteIdentifier(relation.name);
      return isVisible(catalog, relation, searchPath) ? name : `${quoteIdentifier(relation.schema)}.${name}`;
    },
    isRelationVisible: (oid) => {
      const relation = byOid(oid);
      return relation !== undefined && isVisible(catalog, relation, searchPath);
    },
    viewDefinition: (oid) => {
      const relation = byOid(oid);
      return relation !== undefined && 'query' in relation ? relation.query : undefined;
    },
    columnDefault: (oid, attnum) => {
      const column = byOid(oid)?.columns[attnum - 1];
      return column?.default ?? column?.generated ?? undefined;
    },
    indexDefinition: (oid, column) => indexText(catalog, byOid(oid), column),
    constraintDefinition: (oid) => {
      for (const relation of catalog.relations()) {
        const constraint = constraintsOf(relation).find((candidate) => candidate.oid === oid);
        if (constraint !== undefined) return constraint.definition;
      }
      return undefined;
    },
    description: (object, classOid, subId) =>
      classOid === PG_CLASS_OID && subId === 0 ? (byOid(object)?.comment ?? undefined) : undefined,
    schemaOid: (name) => catalog.schema(name)?.oid,
    schemaName: (oid) => catalog.schemas.find((schema) => schema.oid === oid)?.name,
    roleOid: (name) => (roles.includes(name) ? roleOid(roles, name) : undefined),
    roleName: (oid) => roles.find((name) => roleOid(roles, name) === oid),
    typeByName: (parts) => typeByName(parts[parts.length - 1] as string),
  };
}

const isVisible = (catalog: Catalog, relation: Relation, searchPath: readonly string[]): boolean =>
  effectivePath(searchPath).includes(relation.schema) && catalog.find([relation.name], searchPath)?.id === relation.id;

/** The whole text, or with `column` > 0 the name of that column. */
function indexText(catalog: Catalog, index: Relation | undefined, column: number): string | undefined {
  if (index?.kind !== 'index') return undefined;
  if (column === 0) return indexDefinition(catalog, index);
  const name = index.columns[column - 1]?.name;
  return name === undefined ? undefined : quoteIdentifier(name);
}
