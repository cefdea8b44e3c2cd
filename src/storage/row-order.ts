/**
 * Row order: comparing rows of a state table by the columns of an ordered index.
 *
 * One comparison per column, chosen by its kind once. NULLs stand where `nullsFirst` says, whichever way the column runs.
 */
import { assert } from '../base/assert.ts';
import {
  type BoolColumn,
  type Column,
  type DecColumn,
  type F64Column,
  type I32Column,
  type I64Column,
  isNullAt,
  numericAt,
  type TextColumn,
  type Value,
  WIDE,
} from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import type { PagedColumns } from './probe.ts';
import { type IndexOrder, PAGE_MASK, PAGE_SHIFT, type StateColumn } from './state.ts';

type CompareAt = (a: Column, i: number, b: Column, j: number) => number;

export class RowOrder {
  readonly #stored: PagedColumns;
  readonly #compares: readonly CompareAt[];

  constructor(columns: readonly StateColumn[], order: readonly IndexOrder[], table: PagedColumns) {
    this.#stored = order.map(({ column }) => table[column] as readonly Column[]);
    this.#compares = order.map((each) => comparisonOf((columns[each.column] as StateColumn).type, each));
  }

  /** Compares a row with the bound that is row `i` of some columns: for as many columns as the bound names. */
  compareToBound(row: number, bound: readonly Column[], i: number): number {
    for (let c = 0; c < bound.length; c++) {
      const page = (this.#stored[c] as readonly Column[])[row >>> PAGE_SHIFT] as Column;
      const order = (this.#compares[c] as CompareAt)(page, row & PAGE_MASK, bound[c] as Column, i);
      if (order !== 0) return order;
    }
    return 0;
  }

  /** A total order: rows alike in all columns go by number. */
  compare(a: number, b: number): number {
    for (let c = 0; c < this.#compares.length; c++) {
      const pages = this.#stored[c] as readonly Column[];
      const left = pages[a >>> PAGE_SHIFT] as Column;
      const right = pages[b >>> PAGE_SHIFT] as Column;
      const order = (this.#compares[c] as CompareAt)(left, a & PAGE_MASK, right, b & PAGE_MASK);
      if (order !== 0) return order;
    }
    return a - b;
  }
}

function comparisonOf(type: SqlType, { descending, nullsFirst }: IndexOrder): CompareAt {
  const ascending = comparisonOfKind(type);
  const compare: CompareAt = descending ? (a, i, b, j) => ascending(b, j, a, i) : ascending;
  const nullRank = nullsFirst ? -1 : 1;
  return (a, i, b, j) => {
    if (a.nulls !== null || b.nulls !== null) {
      const isLeftNull = isNullAt(a, i);
      const isRightNull = isNullAt(b, j);
      if (isLeftNull || isRightNull) return isLeftNull === isRightNull ? 0 : isLeftNull ? nullRank : -nullRank;
    }
    return compare(a, i, b, j);
  };
}

function comparisonOfKind(type: SqlType): CompareAt {
  switch (type.column) {
    case 'i32':
      return (a, i, b, j) => ((a as I32Column).data[i] as number) - ((b as I32Column).data[j] as number);
    case 'bool':
      return (a, i, b, j) => ((a as BoolColumn).data[i] as number) - ((b as BoolColumn).data[j] as number);
    case 'i64':
      return (a, i, b, j) => compareLanes((a as I64Column).data, i, (b as I64Column).data, j);
    case 'dec':
      return compareNumerics(type);
    case 'f64':
      return compareData<F64Column>(type);
    case 'text':
      return compareData<TextColumn>(type);
    case 'value':
      return compareData<Column>(type);
    default:
      assert(false, `no order for columns of kind ${type.column}`);
  }
}

function compareLanes(a: Int32Array, i: number, b: Int32Array, j: number): number {
  const high = (a[2 * i + 1] as number) - (b[2 * j + 1] as number);
  return high !== 0 ? high : ((a[2 * i] as number) >>> 0) - ((b[2 * j] as number) >>> 0);
}

/** Kinds whose data are the scalar values themselves; a `value` column may hold null in state not yet written. */
function compareData<C extends Column>(type: SqlType): CompareAt {
  return (a, i, b, j) => {
    const x = (a as C).data[i] as Value;
    const y = (b as C).data[j] as Value;
    if (x === y) return 0;
    if (x === null || y === null) return x === null ? -1 : 1;
    return type.compare(x, y);
  };
}

function compareNumerics(type: SqlType): CompareAt {
  return (a, i, b, j) => {
    const x = a as DecColumn;
    const y = b as DecColumn;
    const scale = x.scales[i] as number;
    if (scale === y.scales[j] && scale !== WIDE) return compareLanes(x.data, i, y.data, j);
    return type.compare(numericAt(x, i), numericAt(y, j));
  };
}
