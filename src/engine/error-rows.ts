/**
 * `<view>$errors`: rows that a maintained view could not compute (division by zero, a bad cast), with the reason.
 *
 * One errored row does not poison its view; it is kept here instead, counted, and leaves again when its source row is
 * retracted. That is why it holds nothing that differs between an insert and its retraction, such as the time.
 */
import type { SqlError } from '../base/errors.ts';
import type { RelationId } from '../base/ids.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ColumnDefinition, MaterializedViewRelation, Relation, TableRelation } from '../catalog/relation.ts';
import { type Batch, batchOfRows, rowAt, weightAt } from '../types/batch.ts';
import type { Value } from '../types/column.ts';
import { text } from '../types/text.ts';
import type { TableRuntime } from './runtime.ts';

const SUFFIX = '$errors';

const textColumn = (name: string): ColumnDefinition => ({
  name,
  type: text,
  typmod: -1,
  notNull: true,
  default: null,
  generated: null,
});

/** The relation beside a new view; its id follows the view's, so it ends its ticks after it. */
export const errorsRelationFor = (view: MaterializedViewRelation): TableRelation => ({
  kind: 'table',
  id: (view.id + 1) as RelationId,
  schema: view.schema,
  name: view.name + SUFFIX,
  columns: [textColumn('sqlstate'), textColumn('message'), textColumn('row')],
  owner: view.owner,
  comment: `Rows that materialized view "${view.name}" could not compute.`,
  primaryKey: null,
  uniques: [],
  checks: [],
  watermark: null,
  options: {},
});

export const errorsRelationOf = (catalog: Catalog, view: Relation): Relation | undefined =>
  catalog.inSchema(view.schema, view.name + SUFFIX);

/** The view that `relation` keeps the errors of, or null. */
export function ownerOfErrors(catalog: Catalog, relation: Relation): Relation | null {
  if (relation.kind !== 'table' || !relation.name.endsWith(SUFFIX)) return null;
  const owner = catalog.inSchema(relation.schema, relation.name.slice(0, -SUFFIX.length));
  return owner?.kind === 'materialized-view' ? owner : null;
}

/** Puts row `i` of the failing operator's input into the errors of its view, or takes it out when it is retracted. */
export function recordErrorRow(errors: TableRuntime, error: SqlError, batch: Batch, i: number): void {
  const row = `(${rowAt(batch, i).map(printValue).join(',')})`;
  const entry = batchOfRows(['text', 'text', 'text'], [[error.code, error.message, row]], [weightAt(batch, i)]);
  errors.stored.onBatch(entry, 0, () => {});
}

/** An operator's input has no names or types any more, so values print in their plainest form. */
const printValue = (value: Value): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
