/**
 * min() and max() of every type that has an order.
 *
 * They cannot forget: over input that retracts, the operator keeps the values in order and reads the first or the last. The
 * step here serves append-only input.
 */
import { compareArrays, type SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import {
  type BoolColumn,
  type Column,
  copyValue,
  type F64Column,
  type I32Column,
  type I64Column,
  setNullAt,
  type Value,
  valueAt,
} from '../../types/column.ts';
import { date } from '../../types/date.ts';
import { float4, float8 } from '../../types/float.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { interval } from '../../types/interval.ts';
import { numeric } from '../../types/numeric-type.ts';
import { oid, pgLsn, tid } from '../../types/oid.ts';
import { bpchar, text } from '../../types/text.ts';
import { time, timetz } from '../../types/time.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import type { SqlType } from '../../types/type.ts';
import { type AggregateFunction, defineAggregate, type PagedColumn } from './define.ts';

type Name = 'min' | 'max';
type Accumulate = AggregateFunction['accumulate'];

/** The value so far, and whether there is one. */
const stateOf = (args: readonly SqlType[]): readonly SqlType[] => [args[0] as SqlType, bool];

function accumulateInt32(isMin: boolean): Accumulate {
  return (state, groups, args, weights, selection, count) => {
    const values = (args[0] as I32Column).data;
    const best = state[0] as readonly I32Column[];
    const seen = state[1] as readonly BoolColumn[];
    for (let k = 0; k < count; k++) {
      const i = selection === null ? k : (selection[k] as number);
      if (weights !== null && (weights[i] as number) <= 0) continue;
      const group = groups[i] as number;
      const slot = group & 1023;
      const value = values[i] as number;
      const data = (best[group >> 10] as I32Column).data;
      const flags = (seen[group >> 10] as BoolColumn).data;
      if (flags[slot] === 1 && (isMin ? value >= (data[slot] as number) : value <= (data[slot] as number))) continue;
      data[slot] = value;
      flags[slot] = 1;
    }
  };
}

/** The high lane decides, the low one, without sign, breaks ties. */
function accumulateInt64(isMin: boolean): Accumulate {
  return (state, groups, args, weights, selection, count) => {
    const values = (args[0] as I64Column).data;
    const best = state[0] as readonly I64Column[];
    const seen = state[1] as readonly BoolColumn[];
    for (let k = 0; k < count; k++) {
      const i = selection === null ? k : (selection[k] as number);
      if (weights !== null && (weights[i] as number) <= 0) continue;
      const group = groups[i] as number;
      const slot = group & 1023;
      const low = values[2 * i] as number;
      const high = values[2 * i + 1] as number;
      const data = (best[group >> 10] as I64Column).data;
      const flags = (seen[group >> 10] as BoolColumn).data;
      if (flags[slot] === 1) {
        const bestHigh = data[2 * slot + 1] as number;
        const isLess = high === bestHigh ? low >>> 0 < (data[2 * slot] as number) >>> 0 : high < bestHigh;
        const isSame = high === bestHigh && low === (data[2 * slot] as number);
        if (isSame || isLess !== isMin) continue;
      }
      data[2 * slot] = low;
      data[2 * slot + 1] = high;
      flags[slot] = 1;
    }
  };
}

/** NaN is greater than everything. */
function accumulateFloat(isMin: boolean): Accumulate {
  return (state, groups, args, weights, selection, count) => {
    const values = (args[0] as F64Column).data;
    const best = state[0] as readonly F64Column[];
    const seen = state[1] as readonly BoolColumn[];
    for (let k = 0; k < count; k++) {
      const i = selection === null ? k : (selection[k] as number);
      if (weights !== null && (weights[i] as number) <= 0) continue;
      const group = groups[i] as number;
      const slot = group & 1023;
      const value = values[i] as number;
      const data = (best[group >> 10] as F64Column).data;
      const flags = (seen[group >> 10] as BoolColumn).data;
      if (flags[slot] === 1) {
        const old = data[slot] as number;
        const [less, more] = isMin ? [value, old] : [old, value];
        if (!(less < more || (Number.isNaN(more) && !Number.isNaN(less)))) continue;
      }
      data[slot] = value;
      flags[slot] = 1;
    }
  };
}

function accumulateAny(isMin: boolean, compare: (a: Value, b: Value) => number): Accumulate {
  return (state, groups, args, weights, selection, count) => {
    const values = args[0] as Column;
    const best = state[0] as PagedColumn;
    const seen = state[1] as readonly BoolColumn[];
    for (let k = 0; k < count; k++) {
      const i = selection === null ? k : (selection[k] as number);
      if (weights !== null && (weights[i] as number) <= 0) continue;
      const group = groups[i] as number;
      const slot = group & 1023;
      const page = best[group >> 10] as Column;
      const flags = (seen[group >> 10] as BoolColumn).data;
      if (flags[slot] === 1) {
        const order = compare(valueAt(values, i), valueAt(page, slot));
        if (isMin ? order >= 0 : order <= 0) continue;
      }
      copyValue(values, i, page, slot);
      flags[slot] = 1;
    }
  };
}

function accumulateFor(type: SqlType, isMin: boolean): Accumulate {
  if (type.column === 'i32') return accumulateInt32(isMin);
  if (type.column === 'i64') return accumulateInt64(isMin);
  if (type.column === 'f64') return accumulateFloat(isMin);
  return accumulateAny(isMin, type.compare);
}

function finish(state: readonly PagedColumn[], rows: Int32Array, count: number, out: Column, at: number): void {
  const best = state[0] as PagedColumn;
  const seen = state[1] as readonly BoolColumn[];
  for (let k = 0; k < count; k++) {
    const row = rows[k] as number;
    const isSeen = (seen[row >> 10] as BoolColumn).data[row & 1023] === 1;
    if (isSeen) copyValue(best[row >> 10] as Column, row & 1023, out, at + k);
    else setNullAt(out, at + k);
  }
}

const docs: Record<Name, string> = {
  min: 'The least of the values that are not NULL; NULL when there are none.',
  max: 'The greatest of the values that are not NULL; NULL when there are none.',
};

/** `low` and `high`: SQL and how psql prints it. */
type Sample = readonly [type: SqlType, low: string, high: string];

const exampleOf = (name: Name, typeName: string, low: string, high: string) =>
  [
    `SELECT ${name}(x) FROM (VALUES ('${high}'::${typeName}), (NULL), ('${low}')) AS t(x)`,
    name === 'min' ? low : high,
  ] as const;

const extremesOf = ([type, low, high]: Sample): AggregateFunction[] =>
  (['min', 'max'] as const).map((name) =>
    defineAggregate({
      name,
      args: [type],
      result: type,
      doc: docs[name],
      examples: [exampleOf(name, type === bpchar ? 'char(1)' : type.name, low, high)],
      retraction: name === 'min' ? 'least' : 'greatest',
      skipsNulls: true,
      state: stateOf,
      accumulate: accumulateFor(type, name === 'min'),
      finish,
    }),
  );

const arrayExtremes: AggregateFunction[] = (['min', 'max'] as const).map((name) => {
  const facts: AggregateFunction = {
    name,
    args: ['anyarray'],
    result: (args) => args[0] as SqlType,
    doc: `${docs[name]} Arrays order by their elements.`,
    examples: [exampleOf(name, '_int4', '{1,2}', '{1,3}')],
    retraction: name === 'min' ? 'least' : 'greatest',
    skipsNulls: true,
    state: stateOf,
    accumulate: accumulateAny(name === 'min', () => 0),
    finish,
    specialize(args) {
      const element = args[0]?.element as SqlType;
      const compare = (a: Value, b: Value) => compareArrays(a as SqlArray, b as SqlArray, element);
      return { ...facts, accumulate: accumulateAny(name === 'min', compare) };
    },
  };
  return facts;
});

const samples: readonly Sample[] = [
  [int2, '1', '2'],
  [int4, '1', '2'],
  [int8, '1', '3000000000'],
  [float4, '1.5', 'NaN'],
  [float8, '1.5', 'Infinity'],
  [numeric, '1.50', '10.5'],
  [text, 'a', 'b'],
  [bpchar, 'a', 'b'],
  [oid, '1', '2'],
  [tid, '(0,1)', '(0,2)'],
  [pgLsn, '0/1', '0/2'],
  [date, '2024-01-01', '2024-01-02'],
  [time, '01:00:00', '02:00:00'],
  [timetz, '01:00:00+00', '02:00:00+00'],
  [timestamp, '2024-01-01 00:00:00', '2024-01-02 00:00:00'],
  [timestamptz, '2024-01-01 00:00:00+00', '2024-01-02 00:00:00+00'],
  [interval, '01:00:00', '1 day'],
];

export const extremeAggregates: readonly AggregateFunction[] = [...samples.flatMap(extremesOf), ...arrayExtremes];
