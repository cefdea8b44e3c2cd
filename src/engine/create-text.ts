/** The CREATE statement of a relation, for SHOW CREATE: what the catalog holds, in canonical form. */
import { indexDefinition } from '../catalog/index-definition.ts';
import type {
  CatalogSnapshot,
  ColumnDefinition,
  Relation,
  StreamRelation,
  TableRelation,
} from '../catalog/relation.ts';
import { quoteIdentifier } from '../expr/quote.ts';
import { formatType } from '../types/registry.ts';

export function createText(catalog: CatalogSnapshot, relation: Relation): string {
  const name = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
  switch (relation.kind) {
    case 'stream':
      return `CREATE STREAM ${name} (\n${storedLines(relation).join(',\n')}\n)${optionsText(relation.options)}`;
    case 'table':
      return `CREATE TABLE ${name} (\n${storedLines(relation).join(',\n')}\n)${optionsText(relation.options)}`;
    case 'view':
      return `CREATE VIEW ${name} AS ${relation.query}`;
    case 'materialized-view':
      return `CREATE MATERIALIZED VIEW ${name} AS ${relation.query}`;
    case 'index':
      return indexDefinition(catalog, relation);
    case 'system':
      return `-- ${name} is computed by the server`;
  }
}

function storedLines(relation: StreamRelation | TableRelation): string[] {
  const lines = relation.columns.map((column) => `    ${columnText(column)}`);
  if (relation.kind === 'table' && relation.primaryKey !== null) {
    const names = relation.primaryKey.columns.map((c) => quoteIdentifier(relation.columns[c]?.name ?? ''));
    lines.push(`    CONSTRAINT ${quoteIdentifier(relation.primaryKey.name)} PRIMARY KEY (${names.join(', ')})`);
  }
  for (const { name, sql } of relation.checks) lines.push(`    CONSTRAINT ${quoteIdentifier(name)} CHECK (${sql})`);
  if (relation.watermark !== null) {
    const column = relation.columns[relation.watermark.column]?.name ?? '';
    lines.push(`    WATERMARK FOR ${quoteIdentifier(column)} AS ${relation.watermark.sql}`);
  }
  return lines;
}

function columnText(column: ColumnDefinition): string {
  const parts = [quoteIdentifier(column.name), formatType(column.type, column.typmod)];
  if (column.notNull) parts.push('NOT NULL');
  if (column.default !== null) parts.push(`DEFAULT ${column.default}`);
  if (column.generated !== null) parts.push(`GENERATED ALWAYS AS (${column.generated})`);
  return parts.join(' ');
}

function optionsText(options: Readonly<Record<string, string>>): string {
  const entries = Object.entries(options).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return entries.length === 0 ? '' : ` WITH (${entries.join(', ')})`;
}
