/** Comparing rows of flat columns by sort keys, with one comparison per column kind so that sorting stays on plain arrays. */
import { unreachable } from '../base/assert.ts';
import type { SortKey } from '../expr/expr.ts';
import { type Column, type I64Column, type Value, valueAt } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';

export type SortColumn = SortKey & { readonly type: SqlType; readonly values: Column };
export type RowComparison = (a: number, b: number) => number;

/** Ties are decided by row number, so the order is total. */
export function rowComparison(keys: readonly SortColumn[]): RowComparison {
  const comparisons = keys.map(keyComparison);
  const [first, second] = comparisons;
  if (first === undefined) return (a, b) => a - b;
  if (second === undefined) return (a, b) => first(a, b) || a - b;
  return (a, b) => {
    for (let k = 0; k < comparisons.length; k++) {
      const result = (comparisons[k] as RowComparison)(a, b);
      if (result !== 0) return result;
    }
    return a - b;
  };
}

function keyComparison(key: SortColumn): RowComparison {
  const ascending = valueComparison(key.type, key.values);
  const directed: RowComparison = key.descending ? (a, b) => ascending(b, a) : ascending;
  const { nulls } = key.values;
  if (nulls === null) return directed;
  const nullRank = key.nullsFirst ? -1 : 1;
  return (a, b) => {
    const isNullA = nulls[a] === 1;
    const isNullB = nulls[b] === 1;
    if (isNullA || isNullB) return isNullA === isNullB ? 0 : isNullA ? nullRank : -nullRank;
    return directed(a, b);
  };
}

function valueComparison(type: SqlType, values: Column): RowComparison {
  switch (values.kind) {
    case 'i32': {
      const { data } = values;
      return (a, b) => (data[a] as number) - (data[b] as number);
    }
    case 'bool': {
      const { data } = values;
      return (a, b) => (data[a] as number) - (data[b] as number);
    }
    case 'i64':
      return laneComparison(values);
    case 'f64':
    case 'text':
    case 'value': {
      const { data } = values;
      return (a, b) => type.compare(data[a] as Value, data[b] as Value);
    }
    case 'dec':
      return (a, b) => type.compare(valueAt(values, a), valueAt(values, b));
    default:
      return unreachable(values);
  }
}

/** High lanes first, then low lanes as unsigned: the order of the 64-bit values. */
function laneComparison({ data }: I64Column): RowComparison {
  return (a, b) => {
    const high = (data[2 * a + 1] as number) - (data[2 * b + 1] as number);
    return high !== 0 ? high : ((data[2 * a] as number) >>> 0) - ((data[2 * b] as number) >>> 0);
  };
}
