/** Makers of logical nodes that work out the fields. */
import type { Expr } from '../../expr/expr.ts';
import { allOf } from '../expr-tree.ts';
import type { Apply, Field, FieldOrder, Join, Logical } from './logical.ts';
import { columnOf } from './logical.ts';

export const nullable = (fields: readonly Field[]): readonly Field[] =>
  fields.map((field) => (field.notNull ? { ...field, notNull: false } : field));

export function filter(input: Logical, predicate: Expr | null): Logical {
  return predicate === null ? input : { kind: 'filter', input, predicate, fields: input.fields };
}

export const filterAll = (input: Logical, conjuncts: readonly Expr[]): Logical => filter(input, allOf(conjuncts));

export const project = (input: Logical, fields: readonly Field[], exprs: readonly Expr[]): Logical => ({
  kind: 'project',
  input,
  fields,
  exprs,
});

/** Keeps only `fields` of the input, in this order. */
export const pick = (input: Logical, fields: readonly Field[]): Logical =>
  fields.length === input.fields.length && fields.every((field, i) => field.id === input.fields[i]?.id)
    ? input
    : project(input, fields, fields.map(columnOf));

/** The input's fields and some more. */
export const extend = (input: Logical, fields: readonly Field[], exprs: readonly Expr[]): Logical =>
  fields.length === 0 ? input : project(input, [...input.fields, ...fields], [...input.fields.map(columnOf), ...exprs]);

export function joinFields(type: Join['type'], left: Logical, right: Logical): readonly Field[] {
  switch (type) {
    case 'semi':
    case 'anti':
      return left.fields;
    case 'inner':
      return [...left.fields, ...right.fields];
    case 'left':
      return [...left.fields, ...nullable(right.fields)];
    case 'right':
      return [...nullable(left.fields), ...right.fields];
    case 'full':
      return [...nullable(left.fields), ...nullable(right.fields)];
  }
}

export const join = (type: Join['type'], left: Logical, right: Logical, condition: Expr | null): Logical => ({
  kind: 'join',
  type,
  left,
  right,
  condition,
  fields: joinFields(type, left, right),
});

export const apply = (type: Apply['type'], left: Logical, right: Logical, condition: Expr | null): Logical => ({
  kind: 'apply',
  type,
  left,
  right,
  condition,
  fields: joinFields(type, left, right),
});

/** One row, no fields: what SELECT without FROM reads. */
export const oneRow: Logical = { kind: 'values', rows: [[]], fields: [] };

export const distinct = (input: Logical): Logical => ({ kind: 'distinct', input, fields: input.fields });

export const topN = (
  input: Logical,
  partitionBy: readonly number[],
  order: readonly FieldOrder[],
  limit: Expr | null,
  offset: Expr | null,
  withTies = false,
): Logical => ({ kind: 'top-n', input, partitionBy, order, limit, offset, withTies, fields: input.fields });
