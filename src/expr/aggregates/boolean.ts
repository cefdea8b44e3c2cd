/** bool_and, bool_or, every: counts of true and of false values, so that they can forget. */
import { bool } from '../../types/boolean.ts';
import { type BoolColumn, type Column, type F64Column, setNullAt } from '../../types/column.ts';
import { float8 } from '../../types/float.ts';
import { type AggregateFunction, defineAggregate, type PagedColumn } from './define.ts';

const [FALSE, TRUE] = [0, 1] as const;

function accumulate(
  state: readonly PagedColumn[],
  groups: Int32Array,
  args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const values = (args[0] as BoolColumn).data;
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const pages = state[values[i] as number] as readonly F64Column[];
    const data = (pages[group >> 10] as F64Column).data;
    data[group & 1023] = (data[group & 1023] as number) + (weights === null ? 1 : (weights[i] as number));
  }
}

const countOf = (state: readonly PagedColumn[], which: 0 | 1, row: number): number =>
  ((state[which] as readonly F64Column[])[row >> 10] as F64Column).data[row & 1023] as number;

/** NULL over no rows; else whether there is none (`and`) or one (`or`) of the values looked for. */
function finish(isAnd: boolean): AggregateFunction['finish'] {
  return (state, rows, count, out, at) => {
    out.nulls?.fill(0, at, at + count);
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      const [falses, trues] = [countOf(state, FALSE, row), countOf(state, TRUE, row)];
      if (falses === 0 && trues === 0) setNullAt(out, at + k);
      else (out as BoolColumn).data[at + k] = (isAnd ? falses === 0 : trues > 0) ? 1 : 0;
    }
  };
}

const values = '(VALUES (true), (false), (NULL)) AS t(x)';

const rows = [
  ['bool_and', true, 'Whether all values that are not NULL are true.'],
  ['every', true, 'Whether all values that are not NULL are true.'],
  ['bool_or', false, 'Whether any value that is not NULL is true.'],
] as const;

export const booleanAggregates: readonly AggregateFunction[] = rows.map(([name, isAnd, doc]) =>
  defineAggregate({
    name,
    args: [bool],
    result: bool,
    doc,
    examples: [[`SELECT ${name}(x) FROM ${values}`, isAnd ? 'f' : 't']],
    retraction: 'state',
    skipsNulls: true,
    state: () => [float8, float8],
    accumulate,
    finish: finish(isAnd),
  }),
);
