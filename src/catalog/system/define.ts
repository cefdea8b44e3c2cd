/**
 * What a filled system relation is: its name, and its rows as records of the columns that say something. Columns left out are
 * NULL, or zero, false or '' where PostgreSQL declares them NOT NULL.
 */

import { emptyArray } from '../../types/array.ts';
import type { Value } from '../../types/column.ts';
import type { ColumnDefinition, SystemFacts, SystemRelation } from '../relation.ts';
import type { SystemShape } from './shapes.ts';

export type SystemRow = Readonly<Record<string, Value>>;
export type SystemRows = {
  readonly name: string;
  rows(facts: SystemFacts): Iterable<SystemRow>;
};

const OWNER = 'millrace';

/** A relation of `shape`; without rows it is there and empty. */
export function systemRelation(schema: string, shape: SystemShape, rows: SystemRows['rows'] | null): SystemRelation {
  const defaults = shape.columns.map(defaultValue);
  return {
    kind: 'system',
    id: shape.id,
    schema,
    name: shape.name,
    columns: shape.columns,
    owner: OWNER,
    comment: null,
    form: shape.form,
    *rows(facts) {
      if (rows === null) return;
      for (const row of rows(facts)) {
        yield shape.columns.map(({ name }, c) => {
          const value = row[name];
          return value === undefined ? (defaults[c] as Value) : value;
        });
      }
    },
  };
}

function defaultValue({ type, notNull }: ColumnDefinition): Value {
  if (!notNull) return null;
  switch (type.column) {
    case 'bool':
      return false;
    case 'text':
      return '';
    case 'value':
      return type.category === 'A' ? emptyArray : null;
    case 'dec':
      return null;
    default:
      return 0;
  }
}
