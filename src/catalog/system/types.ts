/** pg_type and its company: namespaces, access methods, languages, collations. */
import { allTypes } from '../../types/registry.ts';
import type { SqlType } from '../../types/type.ts';
import type { SystemFacts } from '../relation.ts';
import { ownerOid, relationKind, schemaOid } from './class.ts';
import type { SystemRow, SystemRows } from './define.ts';

const PG_CATALOG = 11;

const elementOids = new Map<number, number>(
  allTypes.flatMap((type) => (type.element === undefined ? [] : [[type.oid, type.element.oid] as const])),
);

function* typeRows(facts: SystemFacts): Generator<SystemRow> {
  for (const type of allTypes) yield typeRow(type);
  // Each relation has a composite type of its rows, whose OID here is the relation's own.
  for (const relation of facts.catalog.relations()) {
    if (relationKind(relation) === 'i') continue;
    yield {
      oid: relation.id,
      typname: relation.name,
      typnamespace: schemaOid(facts, relation.schema),
      typowner: ownerOid(facts, relation.owner),
      typlen: -1,
      typtype: 'c',
      typcategory: 'C',
      typisdefined: true,
      typdelim: ',',
      typrelid: relation.id,
      typalign: 'd',
      typstorage: 'x',
      typtypmod: -1,
    };
  }
}

const typeRow = (type: SqlType): SystemRow => ({
  oid: type.oid,
  typname: type.name,
  typnamespace: PG_CATALOG,
  typowner: 10,
  typlen: type.length,
  typbyval: type.length > 0 && type.length <= 8,
  typtype: type.category === 'P' ? 'p' : 'b',
  typcategory: type.category,
  typispreferred: type.isPreferred,
  typisdefined: true,
  typdelim: ',',
  typelem: elementOids.get(type.oid) ?? 0,
  typarray: type.arrayOid,
  typalign: type.length === 8 ? 'd' : type.length === 2 ? 's' : type.length === 1 ? 'c' : 'i',
  typstorage: type.length === -1 ? 'x' : 'p',
  typtypmod: -1,
  typcollation: type.category === 'S' ? (type.name === 'name' ? 950 : 100) : 0,
});

const namespaceRows = (facts: SystemFacts): SystemRow[] =>
  facts.catalog.schemas.map((schema) => ({
    oid: schema.oid,
    nspname: schema.name,
    nspowner: ownerOid(facts, schema.owner),
  }));

/** Facts of PostgreSQL 15: OID and name. */
const accessMethods = [
  [2, 'heap', 't'],
  [403, 'btree', 'i'],
  [405, 'hash', 'i'],
] as const;
const languages = [
  [12, 'internal', false],
  [13, 'c', false],
  [14, 'sql', true],
] as const;
const collations = [
  [100, 'default', 'd'],
  [950, 'C', 'c'],
  [951, 'POSIX', 'c'],
] as const;

export const typeRelations: readonly SystemRows[] = [
  { name: 'pg_type', rows: typeRows },
  { name: 'pg_namespace', rows: namespaceRows },
  {
    name: 'pg_am',
    rows: () => accessMethods.map(([oid, amname, amtype]) => ({ oid, amname, amtype })),
  },
  {
    name: 'pg_language',
    rows: () => languages.map(([oid, lanname, lanpltrusted]) => ({ oid, lanname, lanpltrusted, lanowner: 10 })),
  },
  {
    name: 'pg_collation',
    rows: () =>
      collations.map(([oid, collname, collprovider]) => ({
        oid,
        collname,
        collprovider,
        collnamespace: PG_CATALOG,
        collowner: 10,
        collisdeterministic: true,
        collencoding: -1,
      })),
  },
];
