/** pg_class and what hangs on its rows: attributes, defaults, indexes, constraints, descriptions. */
import { vectorOf } from '../../types/array.ts';
import { constraintsOf } from '../constraints.ts';
import type { ColumnDefinition, Relation, SystemFacts } from '../relation.ts';
import { roleOid } from '../roles.ts';
import { arrayValue } from './array-value.ts';
import type { SystemRow, SystemRows } from './define.ts';

const BTREE = 403;
const HEAP = 2;
const PG_CLASS = 1259;

/** PostgreSQL's relkind. A stream is a table to those who know no streams; millrace.streams tells them apart. */
export function relationKind(relation: Relation): 'r' | 'v' | 'm' | 'i' {
  switch (relation.kind) {
    case 'stream':
    case 'table':
      return 'r';
    case 'view':
      return 'v';
    case 'materialized-view':
      return 'm';
    case 'index':
      return 'i';
    case 'system':
      return relation.form === 'view' ? 'v' : 'r';
  }
}

export const schemaOid = (facts: SystemFacts, name: string): number =>
  facts.catalog.schemas.find((schema) => schema.name === name)?.oid ?? 0;

/** Owners of system relations are the first role; others keep their name as long as the role is there. */
export const ownerOid = (facts: SystemFacts, owner: string): number =>
  roleOid(facts.roles, facts.roles.includes(owner) ? owner : (facts.roles[0] as string));

function* classRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    const kind = relationKind(relation);
    const { rows, bytes } = facts.sizeOf(relation.id);
    const isStored = kind === 'r' || kind === 'm';
    yield {
      oid: relation.id,
      relname: relation.name,
      relnamespace: schemaOid(facts, relation.schema),
      reltype: kind === 'i' ? 0 : relation.id,
      relowner: ownerOid(facts, relation.owner),
      relam: kind === 'i' ? BTREE : isStored ? HEAP : 0,
      relfilenode: kind === 'v' ? 0 : relation.id,
      relpages: Math.ceil(bytes / 8192),
      reltuples: isStored ? rows : 0,
      relhasindex: relation.kind === 'table' && relation.primaryKey !== null,
      relpersistence: 'p',
      relkind: kind,
      relnatts: relation.columns.length,
      relchecks: constraintsOf(relation).filter(({ type }) => type === 'c').length,
      relhasrules: kind === 'v' || kind === 'm',
      relispopulated: true,
      relreplident: kind === 'i' || kind === 'v' ? 'n' : 'd',
    };
  }
}

/** typlen, typbyval, typalign and typstorage follow from the type; clients look at the first. */
const byValue = (length: number): boolean => length > 0 && length <= 8;

function* attributeRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    for (const [index, column] of relation.columns.entries()) {
      yield attributeRow(relation.id, index + 1, column);
    }
  }
}

const attributeRow = (relation: number, attnum: number, column: ColumnDefinition): SystemRow => ({
  attrelid: relation,
  attname: column.name,
  atttypid: column.type.oid,
  attstattarget: -1,
  attlen: column.type.length,
  attnum,
  attndims: column.type.element === undefined ? 0 : 1,
  attcacheoff: -1,
  atttypmod: column.typmod,
  attbyval: byValue(column.type.length),
  attalign: column.type.length === 8 ? 'd' : column.type.length === 2 ? 's' : column.type.length === 1 ? 'c' : 'i',
  attstorage: column.type.length === -1 ? 'x' : 'p',
  attnotnull: column.notNull,
  atthasdef: column.default !== null || column.generated !== null,
  attgenerated: column.generated === null ? '' : 's',
  attislocal: true,
  attcollation: column.type.category === 'S' ? (column.type.name === 'name' ? 950 : 100) : 0,
});

/** OIDs of pg_attrdef rows: apart from all others, stable, 1,600 columns a relation. */
const defaultOid = (relation: number, attnum: number): number => 2 ** 31 + relation * 1600 + attnum;

function* defaultRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    for (const [index, column] of relation.columns.entries()) {
      const text = column.default ?? column.generated;
      if (text === null) continue;
      yield { oid: defaultOid(relation.id, index + 1), adrelid: relation.id, adnum: index + 1, adbin: text };
    }
  }
}

function* indexRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    if (relation.kind !== 'index') continue;
    const zeros = relation.keys.map(() => 0);
    yield {
      indexrelid: relation.id,
      indrelid: relation.on,
      indnatts: relation.keys.length,
      indnkeyatts: relation.keys.length,
      indisunique: relation.unique,
      indisprimary: relation.primary,
      indimmediate: true,
      indisvalid: true,
      indisready: true,
      indislive: true,
      indkey: vectorOf(relation.keys.map((c) => c + 1)),
      indcollation: vectorOf(zeros),
      indclass: vectorOf(zeros),
      indoption: vectorOf(zeros),
    };
  }
}

function* constraintRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    for (const constraint of constraintsOf(relation)) {
      yield {
        oid: constraint.oid,
        conname: constraint.name,
        connamespace: schemaOid(facts, relation.schema),
        contype: constraint.type,
        convalidated: true,
        conrelid: relation.id,
        conindid: constraint.type === 'p' ? keyIndex(facts, relation) : 0,
        conislocal: true,
        connoinherit: true,
        conkey: arrayValue(constraint.columns),
        conbin: constraint.type === 'c' ? constraint.definition.replace(/^CHECK \((.*)\)$/s, '$1') : null,
      };
    }
  }
}

function keyIndex(facts: SystemFacts, relation: Relation): number {
  for (const other of facts.catalog.relations()) {
    if (other.kind === 'index' && other.on === relation.id && other.primary) return other.id;
  }
  return 0;
}

function* descriptionRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    if (relation.comment === null) continue;
    yield { objoid: relation.id, classoid: PG_CLASS, objsubid: 0, description: relation.comment };
  }
}

export const classRelations: readonly SystemRows[] = [
  { name: 'pg_class', rows: classRows },
  { name: 'pg_attribute', rows: attributeRows },
  { name: 'pg_attrdef', rows: defaultRows },
  { name: 'pg_index', rows: indexRows },
  { name: 'pg_constraint', rows: constraintRows },
  { name: 'pg_description', rows: descriptionRows },
];
