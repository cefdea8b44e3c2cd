/** Directions of ORDER BY: NULLs sort as if larger than everything. */
import { wrongObjectType } from '../../base/errors.ts';
import type { SortItem } from '../../parser/ast.ts';

export function isDescending(item: SortItem): boolean {
  if (item.using === null) return item.direction === 'desc';
  const operator = item.using[item.using.length - 1];
  if (operator === '<') return false;
  if (operator === '>') return true;
  throw wrongObjectType(`operator ${item.using.join('.')} is not a valid ordering operator`, {
    hint: 'Ordering operators must be "<" or ">" members of btree operator families.',
    position: item.at,
  });
}

export const nullsFirst = (item: SortItem): boolean =>
  item.nulls === null ? isDescending(item) : item.nulls === 'first';
