/** sum() and avg() of integers, numerics, floats and intervals. */
import { outOfRange } from '../../base/errors.ts';
import {
  type Column,
  type DecColumn,
  type F64Column,
  type I64Column,
  setNullAt,
  setNumericAt,
} from '../../types/column.ts';
import { float4, float8 } from '../../types/float.ts';
import { fitsInt64, setInt64 } from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import type { Numeric } from '../../types/numeric.ts';
import { setAverage } from '../../types/numeric-average.ts';
import { averageNumeric } from '../../types/numeric-division.ts';
import { numeric } from '../../types/numeric-type.ts';
import type { SqlType } from '../../types/type.ts';
import { type AggregateFunction, defineAggregate, type PagedColumn } from './define.ts';
import { addInt32, addInt64, rowsAt, sumAt } from './exact-sum.ts';
import { addFloats, FLOAT_SUM_STATE, floatSumAt } from './float-sum.ts';
import { addNumerics, NUMERIC_SUM_STATE, numericRowsAt, numericSumAt } from './numeric-sum.ts';

type Finish = AggregateFunction['finish'];

/** Runs `write` for each group that has rows, and writes NULL for the others. */
export function finishGroups(
  rowsOf: (state: readonly PagedColumn[], row: number) => number,
  write: (state: readonly PagedColumn[], row: number, out: Column, at: number) => void,
): Finish {
  return (state, rows, count, out, at) => {
    out.nulls?.fill(0, at, at + count);
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      if (rowsOf(state, row) === 0) setNullAt(out, at + k);
      else write(state, row, out, at + k);
    }
  };
}

/** Sums and rows of `rows[0..count)`: what is in the safe range is handed on as a double, the rest as a numeric. */
function finishIntegers(
  small: (out: Column, at: number, sum: number, rows: number) => void,
  wide: (out: Column, at: number, sum: Numeric, rows: number) => void,
): Finish {
  return (state, rows, count, out, at) => {
    out.nulls?.fill(0, at, at + count);
    const sums = state[0] as readonly F64Column[];
    const counts = state[2] as readonly F64Column[];
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      const summed = (counts[row >> 10] as F64Column).data[row & 1023] as number;
      const sum = (sums[row >> 10] as F64Column).data[row & 1023] as number;
      if (summed === 0) setNullAt(out, at + k);
      else if (Number.isNaN(sum)) wide(out, at + k, sumAt(state, row), summed);
      else small(out, at + k, sum, summed);
    }
  };
}

const finishSumAsInt8 = finishIntegers(
  (out, at, sum) => setInt64((out as I64Column).data, at, sum),
  (out, at, { coefficient }) => {
    if (!fitsInt64(coefficient)) throw outOfRange('bigint');
    setInt64((out as I64Column).data, at, coefficient);
  },
);

const finishSumAsNumeric = finishIntegers(
  (out, at, sum) => {
    (out as DecColumn).scales[at] = 0;
    setInt64((out as DecColumn).data, at, sum);
  },
  (out, at, sum) => setNumericAt(out as DecColumn, at, sum),
);

const finishIntegerAverage = finishIntegers(
  (out, at, sum, rows) => setAverage(out as DecColumn, at, sum, 0, rows),
  (out, at, sum, rows) => setNumericAt(out as DecColumn, at, averageNumeric(sum, rows)),
);

/** One function for sum and avg, so that calls over one argument can share their state. */
const integerState = () => [float8, numeric, float8];

const sumDoc = 'The sum of the values that are not NULL; NULL when there are none.';
const avgDoc = 'The arithmetic mean of the values that are not NULL; NULL when there are none.';
const over = (call: string, type: SqlType, values: readonly string[]) =>
  `SELECT ${call} FROM (VALUES ${values.map((v) => `(${v}::${type.name})`).join(', ')}) AS t(x)`;

const integerAggregates = [int2, int4, int8].flatMap((type) => {
  const shared = {
    args: [type],
    retraction: 'state',
    skipsNulls: true,
    state: integerState,
    accumulate: type === int8 ? addInt64 : addInt32,
  } as const;
  return [
    defineAggregate({
      ...shared,
      name: 'sum',
      result: type === int8 ? numeric : int8,
      doc: sumDoc,
      examples: [[over('sum(x)', type, ['1', '2', 'NULL']), '3']],
      finish: type === int8 ? finishSumAsNumeric : finishSumAsInt8,
    }),
    defineAggregate({
      ...shared,
      name: 'avg',
      result: numeric,
      doc: avgDoc,
      examples: [[over('avg(x)', type, ['1', '2', 'NULL']), '1.5000000000000000']],
      finish: finishIntegerAverage,
    }),
  ];
});

const numericShared = {
  args: [numeric],
  result: numeric,
  retraction: 'state',
  skipsNulls: true,
  state: () => NUMERIC_SUM_STATE,
  accumulate: addNumerics,
} as const;

const numericAggregates = [
  defineAggregate({
    ...numericShared,
    name: 'sum',
    doc: sumDoc,
    examples: [[over('sum(x)', numeric, ['1.50', '2', 'NULL']), '3.50']],
    finish: finishGroups(numericRowsAt, (state, row, out, at) => {
      setNumericAt(out as DecColumn, at, numericSumAt(state, row));
    }),
  }),
  defineAggregate({
    ...numericShared,
    name: 'avg',
    doc: avgDoc,
    examples: [[over('avg(x)', numeric, ['1.50', '2', 'NULL']), '1.7500000000000000']],
    finish: finishGroups(numericRowsAt, (state, row, out, at) => {
      const sum = numericSumAt(state, row);
      const rows = numericRowsAt(state, row);
      if (typeof sum.coefficient === 'number' && sum.scale >= 0) {
        setAverage(out as DecColumn, at, sum.coefficient, sum.scale, rows);
      } else setNumericAt(out as DecColumn, at, averageNumeric(sum, rows));
    }),
  }),
];

const floatRows = (state: readonly PagedColumn[], row: number): number => rowsAt(state, 2, row);

const floatAggregates = [float4, float8].flatMap((type) => {
  const shared = {
    args: [type],
    retraction: 'state',
    skipsNulls: true,
    state: () => FLOAT_SUM_STATE,
    accumulate: addFloats,
  } as const;
  return [
    defineAggregate({
      ...shared,
      name: 'sum',
      result: type,
      doc: sumDoc,
      examples: [[over('sum(x)', type, ['1.5', '2', 'NULL']), '3.5']],
      finish: finishGroups(floatRows, (state, row, out, at) => {
        const sum = floatSumAt(state, row);
        (out as F64Column).data[at] = type === float4 ? Math.fround(sum) : sum;
      }),
    }),
    defineAggregate({
      ...shared,
      name: 'avg',
      result: float8,
      doc: avgDoc,
      examples: [[over('avg(x)', type, ['1.5', '2', 'NULL']), '1.75']],
      finish: finishGroups(floatRows, (state, row, out, at) => {
        (out as F64Column).data[at] = floatSumAt(state, row) / floatRows(state, row);
      }),
    }),
  ];
});

export const sumAggregates: readonly AggregateFunction[] = [
  ...integerAggregates,
  ...numericAggregates,
  ...floatAggregates,
];
