/** Reads the recorded shapes of system relations: what columns each has, so that rows are all a relation has to add. */
import { assert } from '../../base/assert.ts';
import type { RelationId } from '../../base/ids.ts';
import { typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/type.ts';
import type { ColumnDefinition } from '../relation.ts';

export type SystemShape = {
  readonly id: RelationId;
  readonly name: string;
  readonly form: 'table' | 'view';
  readonly columns: readonly ColumnDefinition[];
};

/** Lines without indentation are relations, indented ones their columns. */
export function parseShapes(text: string): SystemShape[] {
  const shapes: (SystemShape & { readonly columns: ColumnDefinition[] })[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (!line.startsWith(' ')) {
      const [name = '', oid, kind] = line.split(' ');
      shapes.push({ id: Number(oid) as RelationId, name, form: kind === 'v' ? 'view' : 'table', columns: [] });
      continue;
    }
    for (const column of line.trim().split(' ')) shapes.at(-1)?.columns.push(parseColumn(column));
  }
  return shapes;
}

function parseColumn(text: string): ColumnDefinition {
  const colon = text.indexOf(':');
  const notNull = text.endsWith('!');
  const typeName = text.slice(colon + 1, notNull ? -1 : undefined);
  const type = typeByName(typeName);
  assert(type !== undefined, `no type ${typeName} for a system column`);
  return systemColumn(text.slice(0, colon), type, notNull);
}

export const systemColumn = (name: string, type: SqlType, notNull = false): ColumnDefinition => ({
  name,
  type,
  typmod: -1,
  notNull,
  default: null,
  generated: null,
});
