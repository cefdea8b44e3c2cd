/** sum() and avg() of intervals: months, days and time each summed for itself. */
import type { Column, F64Column, ValueColumn } from '../../types/column.ts';
import { float8 } from '../../types/float.ts';
import { intFromDouble } from '../../types/int64.ts';
import { interval } from '../../types/interval.ts';
import { type Interval, makeInterval } from '../../types/interval-value.ts';
import { divideInterval } from '../functions/date-time-arithmetic.ts';
import { type AggregateFunction, defineAggregate, type PagedColumn } from './define.ts';
import { finishGroups } from './sum.ts';

/** Doubles hold months and days exactly, and time up to 285 years. */
const [MONTHS, DAYS, MICROS, ROWS] = [0, 1, 2, 3] as const;

const at = (state: readonly PagedColumn[], column: number, row: number): Float64Array =>
  ((state[column] as readonly F64Column[])[row >> 10] as F64Column).data;

function accumulate(
  state: readonly PagedColumn[],
  groups: Int32Array,
  args: readonly Column[],
  weights: Int32Array | null,
  selection: Int32Array | null,
  count: number,
): void {
  const values = (args[0] as ValueColumn).data as Interval[];
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const group = groups[i] as number;
    const weight = weights === null ? 1 : (weights[i] as number);
    const { months, days, micros } = values[i] as Interval;
    const parts = [months, days, Number(micros), 1];
    parts.forEach((part, column) => {
      const data = at(state, column, group);
      data[group & 1023] = (data[group & 1023] as number) + part * weight;
    });
  }
}

const read = (state: readonly PagedColumn[], column: number, row: number): number =>
  at(state, column, row)[row & 1023] as number;
const rowsOf = (state: readonly PagedColumn[], row: number): number => read(state, ROWS, row);
const sumOf = (state: readonly PagedColumn[], row: number): Interval =>
  makeInterval(read(state, MONTHS, row), read(state, DAYS, row), intFromDouble(read(state, MICROS, row)));

const values = "(VALUES (interval '1 hour'), ('2 days'), (NULL)) AS t(x)";
const shared = {
  args: [interval],
  result: interval,
  retraction: 'state',
  skipsNulls: true,
  state: () => [float8, float8, float8, float8],
  accumulate,
} as const;

export const intervalAggregates: readonly AggregateFunction[] = [
  defineAggregate({
    ...shared,
    name: 'sum',
    doc: 'The sum of the spans that are not NULL; NULL when there are none.',
    examples: [[`SELECT sum(x) FROM ${values}`, '2 days 01:00:00']],
    finish: finishGroups(rowsOf, (state, row, out, place) => {
      (out as ValueColumn).data[place] = sumOf(state, row);
    }),
  }),
  defineAggregate({
    ...shared,
    name: 'avg',
    doc: 'The mean of the spans that are not NULL; NULL when there are none.',
    examples: [[`SELECT avg(x) FROM ${values}`, '1 day 00:30:00']],
    finish: finishGroups(rowsOf, (state, row, out, place) => {
      (out as ValueColumn).data[place] = divideInterval(sumOf(state, row), rowsOf(state, row));
    }),
  }),
];
