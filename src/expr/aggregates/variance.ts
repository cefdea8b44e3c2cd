/**
 * Variance and standard deviation, of the whole (`_pop`) or of a sample.
 *
 * Over integers and numerics from the exact sums of the values and of their squares (numeric.c); over floats by the updating
 * formula of Youngs and Cramer (1971), which PostgreSQL uses, and its inverse for retractions.
 */
import {
  type Column,
  type DecColumn,
  type F64Column,
  numericAt,
  setNumericAt,
  type Value,
  valueAt,
} from '../../types/column.ts';
import { float4, float8 } from '../../types/float.ts';
import { type Int, toInt } from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import {
  addNumeric,
  mulNumeric,
  Numeric,
  numericFromInt,
  numericZero,
  signNumeric,
  subNumeric,
} from '../../types/numeric.ts';
import { divNumeric } from '../../types/numeric-division.ts';
import { numeric } from '../../types/numeric-type.ts';
import type { SqlType } from '../../types/type.ts';
import { type AggregateFunction, defineAggregate, type PagedColumn } from './define.ts';
import { finishGroups } from './sum.ts';

type Accumulate = AggregateFunction['accumulate'];

const f64 = (state: readonly PagedColumn[], column: number, row: number): Float64Array =>
  ((state[column] as readonly F64Column[])[row >> 10] as F64Column).data;
const dec = (state: readonly PagedColumn[], column: number, row: number): DecColumn =>
  (state[column] as readonly DecColumn[])[row >> 10] as DecColumn;

const ROWS = 0;
const rowsOf = (state: readonly PagedColumn[], row: number): number => f64(state, ROWS, row)[row & 1023] as number;

// ---------------------------------------------------------------------------------------------- exact: rows, Σx, Σx²

function accumulateExact(toNumeric: (value: Value) => Numeric): Accumulate {
  return (state, groups, args, weights, selection, count) => {
    for (let k = 0; k < count; k++) {
      const i = selection === null ? k : (selection[k] as number);
      const group = groups[i] as number;
      const slot = group & 1023;
      const weight = weights === null ? 1 : (weights[i] as number);
      const value = toNumeric(valueAt(args[0] as Column, i));
      const counts = f64(state, ROWS, group);
      counts[slot] = (counts[slot] as number) + weight;
      const times = mulNumeric(value, numericFromInt(weight));
      const isEmpty = counts[slot] === 0;
      const sums = dec(state, 1, group);
      const squares = dec(state, 2, group);
      setNumericAt(sums, slot, isEmpty ? numericZero : addNumeric(numericAt(sums, slot), times));
      setNumericAt(
        squares,
        slot,
        isEmpty ? numericZero : addNumeric(numericAt(squares, slot), mulNumeric(times, value)),
      );
    }
  };
}

/** The square root rounded to the scale of `a`. */
function squareRoot(a: Numeric): Numeric {
  const lifted = BigInt(a.coefficient) * 10n ** BigInt(a.scale + 2);
  let root = BigInt(Math.floor(Math.sqrt(Number(lifted))));
  for (let next = (root + lifted / root) >> 1n; ; next = (root + lifted / root) >> 1n) {
    if (next === root || next === root + 1n || next === root - 1n) break;
    root = next;
  }
  while (root * root > lifted) root--;
  while ((root + 1n) * (root + 1n) <= lifted) root++;
  return new Numeric(toInt((root + 5n) / 10n), a.scale);
}

function exactResult(n: number, sum: Numeric, squares: Numeric, isSample: boolean, isRoot: boolean): Numeric {
  const spread = subNumeric(mulNumeric(numericFromInt(n), squares), mulNumeric(sum, sum));
  if (spread.scale >= 0 && signNumeric(spread) <= 0) return numericZero;
  const divisor = mulNumeric(numericFromInt(n), numericFromInt(isSample ? n - 1 : n));
  const variance = divNumeric(spread, divisor);
  return isRoot && variance.scale >= 0 ? squareRoot(variance) : variance;
}

// --------------------------------------------------------------------------------------- floats: rows, Σx, Σ(x - mean)²

const accumulateFloats: Accumulate = (state, groups, args, weights, selection, count) => {
  const values = (args[0] as F64Column).data;
  for (let k = 0; k < count; k++) {
    const i = selection === null ? k : (selection[k] as number);
    const weight = weights === null ? 1 : (weights[i] as number);
    for (let copy = 0; copy < Math.abs(weight); copy++)
      addFloat(state, groups[i] as number, values[i] as number, Math.sign(weight));
  }
};

function addFloat(state: readonly PagedColumn[], group: number, value: number, sign: number): void {
  const slot = group & 1023;
  const counts = f64(state, ROWS, group);
  const sums = f64(state, 1, group);
  const spreads = f64(state, 2, group);
  // The larger of before and after is the one the formula is written for, whichever way it is gone.
  const n = Math.max(counts[slot] as number, (counts[slot] as number) + sign);
  const sum = sign > 0 ? (sums[slot] as number) + value : (sums[slot] as number);
  const offset = value * n - sum;
  if (n > 1) spreads[slot] = Math.max((spreads[slot] as number) + (sign * (offset * offset)) / (n * (n - 1)), 0);
  else if (!Number.isFinite(value)) spreads[slot] = Number.NaN;
  counts[slot] = (counts[slot] as number) + sign;
  sums[slot] = sign > 0 ? sum : sum - value;
  if (counts[slot] === 0) {
    sums[slot] = 0;
    spreads[slot] = 0;
  }
}

// ------------------------------------------------------------------------------------------------------- definitions

type Kind = {
  readonly names: readonly string[];
  readonly isSample: boolean;
  readonly isRoot: boolean;
  readonly doc: string;
  readonly exact: string;
  readonly float: string;
};

const kinds: readonly Kind[] = [
  {
    names: ['var_pop'],
    isSample: false,
    isRoot: false,
    doc: 'Variance of the values as the whole population.',
    exact: '0.66666666666666666667',
    float: '0.6666666666666666',
  },
  {
    names: ['var_samp', 'variance'],
    isSample: true,
    isRoot: false,
    doc: 'Variance of the values as a sample; NULL for fewer than two.',
    exact: '1.00000000000000000000',
    float: '1',
  },
  {
    names: ['stddev_pop'],
    isSample: false,
    isRoot: true,
    doc: 'Standard deviation of the values as the whole population.',
    exact: '0.81649658092772603273',
    float: '0.816496580927726',
  },
  {
    names: ['stddev_samp', 'stddev'],
    isSample: true,
    isRoot: true,
    doc: 'Standard deviation of the values as a sample; NULL for fewer than two.',
    exact: '1.00000000000000000000',
    float: '1',
  },
];

const sources: readonly (readonly [SqlType, (value: Value) => Numeric])[] = [
  [int2, (value) => numericFromInt(value as Int)],
  [int4, (value) => numericFromInt(value as Int)],
  [int8, (value) => numericFromInt(value as Int)],
  [numeric, (value) => value as Numeric],
];

const sampleOf = (name: string, type: SqlType) => `SELECT ${name}(x) FROM (VALUES (1::${type.name}), (2), (3)) AS t(x)`;

/** A sample of one has no variance: counted as no rows. */
const enough =
  (isSample: boolean) =>
  (state: readonly PagedColumn[], row: number): number => {
    const n = rowsOf(state, row);
    return isSample && n === 1 ? 0 : n;
  };

const exactAggregates = kinds.flatMap(({ names, isSample, isRoot, doc, exact }) =>
  names.flatMap((name) =>
    sources.map(([type, toNumeric]) =>
      defineAggregate({
        name,
        args: [type],
        result: numeric,
        doc,
        examples: [[sampleOf(name, type), exact]],
        retraction: 'state',
        skipsNulls: true,
        state: () => [float8, numeric, numeric],
        accumulate: accumulateExact(toNumeric),
        finish: finishGroups(enough(isSample), (state, row, out, at) => {
          const sum = numericAt(dec(state, 1, row), row & 1023);
          const squares = numericAt(dec(state, 2, row), row & 1023);
          setNumericAt(out as DecColumn, at, exactResult(rowsOf(state, row), sum, squares, isSample, isRoot));
        }),
      }),
    ),
  ),
);

const floatAggregates = kinds.flatMap(({ names, isSample, isRoot, doc, float }) =>
  names.flatMap((name) =>
    [float4, float8].map((type) =>
      defineAggregate({
        name,
        args: [type],
        result: float8,
        doc,
        examples: [[sampleOf(name, type), float]],
        retraction: 'state',
        skipsNulls: true,
        state: () => [float8, float8, float8],
        accumulate: accumulateFloats,
        finish: finishGroups(enough(isSample), (state, row, out, at) => {
          const n = rowsOf(state, row);
          const variance = (f64(state, 2, row)[row & 1023] as number) / (isSample ? n - 1 : n);
          (out as F64Column).data[at] = isRoot ? Math.sqrt(variance) : variance;
        }),
      }),
    ),
  ),
);

export const varianceAggregates: readonly AggregateFunction[] = [...exactAggregates, ...floatAggregates];
