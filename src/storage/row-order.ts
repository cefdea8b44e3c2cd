/**
 * Row order: comparing rows of a state table by the columns of an ordered index.
 *
 * One comparison per column, chosen by its kind once. NULLs stand where `nullsFirst` says, whichever way the column runs.
 *
 * A hint is a double that grows with the value: of two values the one with the smaller hint comes first, and of values with
 * equal hints nothing is said, except that integers and doubles within ±2^53 are then equal, so that the next column may have
 * its say. Hints of the first two columns settle nearly every comparison without looking at the rows.
 */
import { unreachable } from '../base/assert.ts';
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
import { int64AsDouble } from '../types/int64.ts';
import { NEGATIVE_INFINITY_SCALE, smallPowerOfTen } from '../types/numeric.ts';
import type { SqlType } from '../types/type.ts';
import type { PagedColumns } from './probe.ts';
import { type IndexOrder, PAGE_MASK, PAGE_SHIFT, type StateColumn } from './state.ts';

type CompareAt = (a: Column, i: number, b: Column, j: number) => number;

export class RowOrder {
  readonly #stored: PagedColumns;
  readonly #compares: readonly CompareAt[];
  readonly #hints: readonly Hint[];

  constructor(columns: readonly StateColumn[], order: readonly IndexOrder[], table: PagedColumns) {
    this.#hints = order.slice(0, 2).map((each) => hintOf((columns[each.column] as StateColumn).type, each));
    this.#stored = order.map(({ column }) => table[column] as readonly Column[]);
    this.#compares = order.map((each) => comparisonOf((columns[each.column] as StateColumn).type, each));
  }

  /** Writes the two hints of a row. */
  hintsOf(row: number, out: Float64Array): void {
    const first = this.#hintAt(0, row);
    out[0] = first;
    out[1] = this.#hints.length > 1 && isExact(this.#hints[0] as Hint, first) ? this.#hintAt(1, row) : 0;
  }

  #hintAt(c: number, row: number): number {
    const page = (this.#stored[c] as readonly Column[])[row >>> PAGE_SHIFT] as Column;
    return (this.#hints[c] as Hint).at(page, row & PAGE_MASK);
  }

  /**
   * Writes the least and the greatest pair of hints that rows under the bound can have. Returns whether rows with hints
   * between those are all under the bound.
   */
  hintsOfBound(bound: readonly Column[], i: number, out: Float64Array): boolean {
    let isWhole = true;
    for (let c = 0; c < 2; c++) {
      const isKnown = isWhole && c < bound.length;
      const hint = isKnown ? (this.#hints[c] as Hint).at(bound[c] as Column, i) : 0;
      out[c] = isKnown ? hint : Number.NEGATIVE_INFINITY;
      out[2 + c] = isKnown ? hint : Number.POSITIVE_INFINITY;
      if (isKnown) isWhole = isExact(this.#hints[c] as Hint, hint);
    }
    return isWhole && bound.length <= 2;
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
      return unreachable(type.column);
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

// ----------------------------------------------------------------------------------------------------------- hints

type Hint = {
  readonly at: (column: Column, i: number) => number;
  /** Whether values of the kind with one hint within ±2^53 are equal. */
  readonly isNumber: boolean;
};

/** Only behind an exact hint does the next one mean anything. */
const isExact = (hint: Hint, value: number): boolean => hint.isNumber && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

function hintOf(type: SqlType, { descending, nullsFirst }: IndexOrder): Hint {
  const ofNull = nullsFirst ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const ascending = hintOfKind(type);
  return {
    at(column, i) {
      if (column.nulls !== null && column.nulls[i] === 1) return ofNull;
      const hint = ascending(column, i);
      return descending ? -hint : hint;
    },
    isNumber: type.column === 'i32' || type.column === 'i64' || type.column === 'f64' || type.column === 'bool',
  };
}

function hintOfKind(type: SqlType): Hint['at'] {
  switch (type.column) {
    case 'i32':
      return (column, i) => (column as I32Column).data[i] as number;
    case 'bool':
      return (column, i) => (column as BoolColumn).data[i] as number;
    case 'i64':
      return (column, i) => int64AsDouble((column as I64Column).data, i);
    case 'f64':
      return (column, i) => doubleHint((column as F64Column).data[i] as number);
    case 'dec':
      return (column, i) => numericHint(column as DecColumn, i);
    case 'text':
      // Of char(n) the blanks at the end do not count, so the units as stored say nothing.
      return type.hashKey('a ') === 'a ' ? (column, i) => textHint((column as TextColumn).data[i] as string) : () => 0;
    case 'value':
      return () => 0;
    default:
      return unreachable(type.column);
  }
}

/** NaN is greater than everything. */
const doubleHint = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);

function numericHint(column: DecColumn, i: number): number {
  const scale = column.scales[i] as number;
  const coefficient = int64AsDouble(column.data, i);
  // Both exact, so the quotient is the double nearest to the value, and grows with it.
  if (scale !== WIDE && scale <= 22 && Math.abs(coefficient) <= Number.MAX_SAFE_INTEGER)
    return coefficient / smallPowerOfTen(scale);
  const value = numericAt(column, i);
  if (value.scale >= 0) return Number(`${value.coefficient}e-${value.scale}`);
  return value.scale === NEGATIVE_INFINITY_SCALE ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The first three UTF-16 units, as far as they are not surrogates or beyond, whose order is not that of code points. */
function textHint(value: string): number {
  let hint = 0;
  let isOver = false;
  for (let k = 0; k < 3; k++) {
    const unit: number = isOver || k >= value.length ? -1 : value.charCodeAt(k);
    isOver ||= unit < 0 || unit >= 0xd800;
    hint = hint * 0x10000 + Math.min(unit, 0xd800) + 1;
  }
  return hint;
}
