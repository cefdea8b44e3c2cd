/** The obvious state table: a Map of rows, searched by walking. What the real one must agree with, operation by operation. */

import type { IndexOrder, StateTableSpec } from '../../src/storage/state.ts';
import { allocateColumn, type Column, setValueAt, type Value } from '../../src/types/column.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

export class TableModel {
  readonly spec: StateTableSpec;
  readonly rows = new Map<number, Value[]>();

  constructor(spec: StateTableSpec) {
    this.spec = spec;
  }

  find(key: readonly Value[]): number {
    return this.matching(this.spec.key, key, this.spec.equality)[0] ?? -1;
  }

  matching(columns: readonly number[], key: readonly Value[], equality: 'sql' | 'image'): number[] {
    const sought = columns.map((c, k) => this.image(c, key[k] as Value, equality)).join('|');
    return this.numbers().filter((row) => {
      const values = this.rows.get(row) as Value[];
      return columns.map((c) => this.image(c, values[c] as Value, equality)).join('|') === sought;
    });
  }

  numbers(): number[] {
    return [...this.rows.keys()].sort((a, b) => a - b);
  }

  lowestFree(): number {
    let row = 0;
    while (this.rows.has(row)) row++;
    return row;
  }

  inOrder(order: readonly IndexOrder[]): number[] {
    return this.numbers().sort(
      (a, b) => this.compare(order, this.rows.get(a) as Value[], this.rows.get(b) as Value[]) || a - b,
    );
  }

  /** Compares by as many columns of the order as `right`, a row or a bound by place in the order, has. */
  compare(order: readonly IndexOrder[], left: readonly Value[], right: readonly Value[]): number {
    return this.compareBound(
      order,
      left,
      order.map((o) => right[o.column] as Value),
    );
  }

  compareBound(order: readonly IndexOrder[], left: readonly Value[], bound: readonly Value[]): number {
    for (const [k, value] of bound.entries()) {
      const { column, descending, nullsFirst } = order[k] as IndexOrder;
      const mine = left[column] as Value;
      if (mine === null && value === null) continue;
      if (mine === null) return nullsFirst ? -1 : 1;
      if (value === null) return nullsFirst ? 1 : -1;
      const result = this.type(column).compare(mine, value);
      if (result !== 0) return descending ? -result : result;
    }
    return 0;
  }

  image(column: number, value: Value, equality: 'sql' | 'image'): string {
    if (value === null) return 'NULL';
    const type = this.type(column);
    return equality === 'sql' ? `=${String(type.hashKey(value))}` : `:${type.format(value, defaultFormat)}`;
  }

  type(column: number): SqlType {
    return (this.spec.columns[column] as { readonly type: SqlType }).type;
  }
}

/** Columns holding the given rows of scalar values. */
export function columnsOf(types: readonly SqlType[], rows: readonly (readonly Value[])[]): Column[] {
  return types.map((type, c) => {
    const column = allocateColumn(type.column, Math.max(1, rows.length));
    rows.forEach((row, i) => {
      setValueAt(column, i, row[c] as Value);
    });
    return column;
  });
}
