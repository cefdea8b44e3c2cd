/** generate_series over integers, numerics and time, and generate_subscripts. Both ends are included. */
import { invalidParameterValue } from '../../base/errors.ts';
import type { SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import { isFiniteTimestamp } from '../../types/calendar.ts';
import type { Value } from '../../types/column.ts';
import { sessionZone } from '../../types/date-time-parse.ts';
import { addInt, fitsInt64, type Int } from '../../types/int64.ts';
import { int4, int8 } from '../../types/integer.ts';
import { interval } from '../../types/interval.ts';
import { type Interval, intervalSpan } from '../../types/interval-value.ts';
import {
  addNumeric,
  compareNumeric,
  isFiniteNumeric,
  isNaNNumeric,
  type Numeric,
  numericOne,
  numericZero,
} from '../../types/numeric.ts';
import { numeric } from '../../types/numeric-type.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import type { SqlType } from '../../types/type.ts';
import { addInterval, addIntervalInZone } from '../functions/date-time-arithmetic.ts';
import { defineTableFunction, type TableFunction } from './define.ts';

const noStep = () => invalidParameterValue('step size cannot equal zero');

function* integers(from: Int, to: Int, step: Int, limit: (value: Int) => boolean): Generator<readonly Value[]> {
  if (step === 0) throw noStep();
  for (let at = from; step > 0 ? at <= to : at >= to; at = addInt(at, step)) {
    if (!limit(at)) return;
    yield [at];
  }
}

const fitsInt32 = (value: Int): boolean => typeof value === 'number' && value === (value | 0);

const integerSeries = (type: SqlType): TableFunction =>
  defineTableFunction({
    name: 'generate_series',
    args: [type, type, type],
    optional: 1,
    columns: () => [{ name: 'generate_series', type }],
    doc: 'The numbers from the first to the second, in steps of the third (1).',
    examples: [[`SELECT * FROM generate_series(2::${type.name}, 5::${type.name}, 2::${type.name})`, '2\n4']],
    rows: (_, [from, to, step = 1]) =>
      integers(from as Int, to as Int, step as Int, type === int4 ? fitsInt32 : fitsInt64),
  });

const numericNames = ['start', 'stop', 'step size'];

function checkNumeric(values: readonly Numeric[]): void {
  values.forEach((value, i) => {
    if (isFiniteNumeric(value)) return;
    throw invalidParameterValue(`${numericNames[i]} value cannot be ${isNaNNumeric(value) ? 'NaN' : 'infinity'}`);
  });
}

/** Every value shows the scale of the widest argument. */
function* numerics(from: Numeric, to: Numeric, step: Numeric): Generator<readonly Value[]> {
  checkNumeric([from, to, step]);
  const direction = compareNumeric(step, numericZero);
  if (direction === 0) throw noStep();
  for (let at = from; direction * compareNumeric(at, to) <= 0; at = addNumeric(at, step)) yield [at];
}

function* moments(from: Int, to: Int, step: Interval, add: (at: Int) => Int): Generator<readonly Value[]> {
  const direction = intervalSpan(step);
  if (direction === 0) throw noStep();
  for (let at = from; direction > 0 ? at <= to : at >= to; at = add(at)) {
    yield [at];
    if (!isFiniteTimestamp(at)) return;
  }
}

export const seriesFunctions: readonly TableFunction[] = [
  integerSeries(int4),
  integerSeries(int8),
  defineTableFunction({
    name: 'generate_series',
    args: [numeric, numeric, numeric],
    optional: 1,
    columns: () => [{ name: 'generate_series', type: numeric }],
    doc: 'The numbers from the first to the second, in steps of the third (1).',
    examples: [['SELECT * FROM generate_series(1.1, 4, 1.3)', '1.1\n2.4\n3.7']],
    rows: (_, [from, to, step = numericOne]) => numerics(from as Numeric, to as Numeric, step as Numeric),
  }),
  defineTableFunction({
    name: 'generate_series',
    args: [timestamp, timestamp, interval],
    columns: () => [{ name: 'generate_series', type: timestamp }],
    doc: 'The moments from the first to the second, a span apart.',
    examples: [
      [
        "SELECT * FROM generate_series(timestamp '2008-03-01', '2008-03-02', '16 hours')",
        '2008-03-01 00:00:00\n2008-03-01 16:00:00',
      ],
    ],
    rows: (_, [from, to, step]) =>
      moments(from as Int, to as Int, step as Interval, (at) => addInterval(at, step as Interval)),
  }),
  defineTableFunction({
    name: 'generate_series',
    args: [timestamptz, timestamptz, interval],
    columns: () => [{ name: 'generate_series', type: timestamptz }],
    volatility: 'stable',
    doc: 'The moments from the first to the second, a span apart on the clocks of the session’s zone.',
    examples: [
      [
        "SELECT count(*) FROM generate_series(timestamptz '2008-03-01 00:00+00', '2008-03-02 00:00+00', '16 hours')",
        '2',
      ],
    ],
    rows: (context, [from, to, step]) => {
      const zone = sessionZone(context.format);
      return moments(from as Int, to as Int, step as Interval, (at) => addIntervalInZone(at, step as Interval, zone));
    },
  }),
  defineTableFunction({
    name: 'generate_subscripts',
    args: ['anyarray', int4, bool],
    optional: 1,
    columns: () => [{ name: 'generate_subscripts', type: int4 }],
    doc: 'The subscripts of a dimension of an array; backwards if the last argument is true.',
    examples: [["SELECT * FROM generate_subscripts('{NULL,1,NULL}'::int[], 1)", '1\n2\n3']],
    rows(_, [array, dimension, reverse = false]) {
      const { dimensions, lowerBounds } = array as SqlArray;
      const d = (dimension as number) - 1;
      const low = lowerBounds[d];
      if (low === undefined) return [];
      const all = Array.from({ length: dimensions[d] as number }, (__, i) => [low + i] as const);
      return reverse === true ? all.reverse() : all;
    },
  }),
];
