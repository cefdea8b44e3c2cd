/** count(*) and count(x). */
import type { Column, F64Column, I64Column } from '../../types/column.ts';
import { float8 } from '../../types/float.ts';
import { setInt64 } from '../../types/int64.ts';
import { int8 } from '../../types/integer.ts';
import { type AggregateFunction, defineAggregate, type PagedColumn } from './define.ts';

/** Counts fit a double (2^53 rows), which is a fraction of the cost of int8 lanes. */
function accumulate(
  state: readonly PagedColumn[],
  groups: Int32Array,
  _args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const pages = state[0] as readonly F64Column[];
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const data = (pages[group >> 10] as F64Column).data;
    data[group & 1023] = (data[group & 1023] as number) + (weights === null ? 1 : (weights[i] as number));
  }
}

function finish(state: readonly PagedColumn[], rows: Int32Array, count: number, out: Column, at: number): void {
  const pages = state[0] as readonly F64Column[];
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    setInt64((out as I64Column).data, at + k, (pages[row >> 10] as F64Column).data[row & 1023] as number);
  }
  out.nulls?.fill(0, at, at + count);
}

const shared = { name: 'count', result: int8, retraction: 'state', state: () => [float8], accumulate, finish } as const;

export const countAggregates: readonly AggregateFunction[] = [
  defineAggregate({
    ...shared,
    args: [],
    skipsNulls: false,
    doc: 'The number of rows; written count(*).',
    examples: [['SELECT count(*) FROM (VALUES (1), (NULL), (3)) AS t(x)', '3']],
  }),
  defineAggregate({
    ...shared,
    args: ['any'],
    skipsNulls: true,
    doc: 'The number of rows where the argument is not NULL.',
    examples: [['SELECT count(x) FROM (VALUES (1), (NULL), (3)) AS t(x)', '2']],
  }),
];
