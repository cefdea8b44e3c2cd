/** One-dimensional arrays from plain values, as system relations need them. */
import { emptyArray, SqlArray } from '../../types/array.ts';
import type { Value } from '../../types/column.ts';

export const arrayValue = (elements: readonly Value[]): SqlArray =>
  elements.length === 0 ? emptyArray : new SqlArray(elements, [elements.length], [1]);
