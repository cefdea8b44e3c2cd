/** information_schema: the SQL standard's view of tables, columns and keys, with PostgreSQL's contents. */
import { formatType } from '../../types/registry.ts';
import { constraintsOf } from '../constraints.ts';
import type { ColumnDefinition, Relation, SystemFacts } from '../relation.ts';
import { relationKind } from './class.ts';
import type { SystemRow, SystemRows } from './define.ts';

/** Materialized views are not in the standard, and PostgreSQL leaves them out here. */
const listed = (facts: SystemFacts): Relation[] =>
  [...facts.catalog.relations()].filter((relation) => 'rv'.includes(relationKind(relation)));

const tableRows = (facts: SystemFacts): SystemRow[] =>
  listed(facts).map((relation) => ({
    table_catalog: facts.database,
    table_schema: relation.schema,
    table_name: relation.name,
    table_type: relationKind(relation) === 'v' ? 'VIEW' : 'BASE TABLE',
    is_insertable_into: relation.kind === 'table' || relation.kind === 'stream' ? 'YES' : 'NO',
    is_typed: 'NO',
  }));

function* columnRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of listed(facts)) {
    for (const [index, column] of relation.columns.entries()) yield columnRow(facts, relation, index + 1, column);
  }
}

function columnRow(facts: SystemFacts, relation: Relation, position: number, column: ColumnDefinition): SystemRow {
  const { type } = column;
  return {
    table_catalog: facts.database,
    table_schema: relation.schema,
    table_name: relation.name,
    column_name: column.name,
    ordinal_position: position,
    column_default: column.default,
    is_nullable: column.notNull ? 'NO' : 'YES',
    data_type: type.element === undefined ? formatType(type, -1) : 'ARRAY',
    ...lengths(column),
    udt_catalog: facts.database,
    udt_schema: 'pg_catalog',
    udt_name: type.name,
    dtd_identifier: String(position),
    is_self_referencing: 'NO',
    is_identity: 'NO',
    identity_cycle: 'NO',
    is_generated: column.generated === null ? 'NEVER' : 'ALWAYS',
    generation_expression: column.generated,
    is_updatable: relation.kind === 'table' ? 'YES' : 'NO',
  };
}

const precisions: Readonly<Record<string, readonly [bits: number, radix: number, scale: number | null]>> = {
  int2: [16, 2, 0],
  int4: [32, 2, 0],
  int8: [64, 2, 0],
  float4: [24, 2, null],
  float8: [53, 2, null],
};

/** Typmods are encoded as in PostgreSQL: four more than the length, or precision and scale in halves of a word. */
function lengths({ type, typmod }: ColumnDefinition): SystemRow {
  const fixed = precisions[type.name];
  if (fixed !== undefined) {
    return { numeric_precision: fixed[0], numeric_precision_radix: fixed[1], numeric_scale: fixed[2] };
  }
  if (type.name === 'varchar' || type.name === 'bpchar') {
    const length = typmod < 0 ? null : typmod - 4;
    return { character_maximum_length: length, character_octet_length: length === null ? 1073741824 : length * 4 };
  }
  if (type.name === 'text') return { character_octet_length: 1073741824 };
  if (type.name === 'numeric') {
    if (typmod < 0) return { numeric_precision_radix: 10 };
    return {
      numeric_precision: ((typmod - 4) >> 16) & 0xffff,
      numeric_precision_radix: 10,
      numeric_scale: (typmod - 4) & 0x7ff,
    };
  }
  if (type.category === 'D') return { datetime_precision: type.name === 'date' ? 0 : typmod < 0 ? 6 : typmod };
  return {};
}

const viewRows = (facts: SystemFacts): SystemRow[] =>
  listed(facts)
    .filter((relation) => relationKind(relation) === 'v')
    .map((relation) => ({
      table_catalog: facts.database,
      table_schema: relation.schema,
      table_name: relation.name,
      view_definition: 'query' in relation ? relation.query : null,
      check_option: 'NONE',
      is_updatable: 'NO',
      is_insertable_into: 'NO',
      is_trigger_updatable: 'NO',
      is_trigger_deletable: 'NO',
      is_trigger_insertable_into: 'NO',
    }));

const schemaRows = (facts: SystemFacts): SystemRow[] =>
  facts.catalog.schemas.map(({ name, owner }) => ({
    catalog_name: facts.database,
    schema_name: name,
    schema_owner: owner,
  }));

function* constraintRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    for (const constraint of constraintsOf(relation)) {
      yield {
        constraint_catalog: facts.database,
        constraint_schema: relation.schema,
        constraint_name: constraint.name,
        table_catalog: facts.database,
        table_schema: relation.schema,
        table_name: relation.name,
        constraint_type: constraint.type === 'p' ? 'PRIMARY KEY' : 'CHECK',
        is_deferrable: 'NO',
        initially_deferred: 'NO',
        enforced: 'YES',
        nulls_distinct: constraint.type === 'p' ? null : 'YES',
      };
    }
  }
}

function* keyColumnRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    for (const constraint of constraintsOf(relation)) {
      for (const [index, attnum] of constraint.columns.entries()) {
        yield {
          constraint_catalog: facts.database,
          constraint_schema: relation.schema,
          constraint_name: constraint.name,
          table_catalog: facts.database,
          table_schema: relation.schema,
          table_name: relation.name,
          column_name: relation.columns[attnum - 1]?.name ?? null,
          ordinal_position: index + 1,
        };
      }
    }
  }
}

export const informationSchemaRelations: readonly SystemRows[] = [
  { name: 'tables', rows: tableRows },
  { name: 'columns', rows: columnRows },
  { name: 'views', rows: viewRows },
  { name: 'schemata', rows: schemaRows },
  { name: 'table_constraints', rows: constraintRows },
  { name: 'key_column_usage', rows: keyColumnRows },
  { name: 'information_schema_catalog_name', rows: (facts) => [{ catalog_name: facts.database }] },
];
