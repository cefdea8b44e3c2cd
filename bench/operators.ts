/**
 * Nanoseconds per input row of single operators: batches of 1,024, a tick per batch and one per 64 batches, state as it
 * grows, output counted and dropped. Data are made before the clock starts; each figure is the best of three runs.
 */

import { Random } from '../src/base/random.ts';
import { aggregates } from '../src/expr/aggregates/index.ts';
import type { AggregateCall } from '../src/expr/expr.ts';
import { Aggregate } from '../src/operators/aggregate.ts';
import { Distinct } from '../src/operators/distinct.ts';
import { Join, type JoinType } from '../src/operators/join.ts';
import { Materialize } from '../src/operators/materialize.ts';
import type { Operator, OperatorContext } from '../src/operators/operator.ts';
import { SessionWindow } from '../src/operators/session-window.ts';
import { TimeWindow } from '../src/operators/time-window.ts';
import { TopN } from '../src/operators/top-n.ts';
import { TopRow } from '../src/operators/top-row.ts';
import { MemoryStateStore } from '../src/storage/memory-state.ts';
import { BATCH_ROWS, type Batch } from '../src/types/batch.ts';
import { allocateColumn, type I64Column } from '../src/types/column.ts';
import { setInt64 } from '../src/types/int64.ts';
import { int8 } from '../src/types/integer.ts';
import type { SqlType } from '../src/types/type.ts';

const ROWS = 1 << 20;
const KEYS = 120_000;
const MINUTE = 60_000_000;

/** `input` numbers the input of the operator a batch goes to. */
type Step = { readonly batch: Batch; readonly input: number };
type Bench = { readonly name: string; readonly steps: readonly Step[]; readonly make: () => Operator };

/** Rows of int8 columns, with retractions of earlier rows where `retract` says so. */
function makeBatches(
  columns: number,
  row: (i: number, random: Random) => readonly number[],
  retractions: number,
): Batch[] {
  const random = new Random(7);
  const rows: (readonly number[])[] = [];
  const batches: Batch[] = [];
  for (let first = 0; first < ROWS; first += BATCH_ROWS) {
    const weights = new Int32Array(BATCH_ROWS).fill(1);
    const out = Array.from({ length: columns }, () => allocateColumn('i64', BATCH_ROWS) as I64Column);
    for (let k = 0; k < BATCH_ROWS; k++) {
      const isRetraction = rows.length > 0 && random.next() < retractions;
      const values = isRetraction ? takeOne(rows, random) : row(first + k, random);
      if (isRetraction) weights[k] = -1;
      else if (retractions > 0) rows.push(values);
      for (let c = 0; c < columns; c++) setInt64((out[c] as I64Column).data, k, values[c] as number);
    }
    batches.push({ length: BATCH_ROWS, columns: out, weights: retractions > 0 ? weights : null });
  }
  return batches;
}

function takeOne(rows: (readonly number[])[], random: Random): readonly number[] {
  const i = random.below(rows.length);
  const row = rows[i] as readonly number[];
  rows[i] = rows[rows.length - 1] as readonly number[];
  rows.pop();
  return row;
}

const keyed = (_i: number, random: Random): readonly number[] => [random.below(KEYS), random.below(1_000_000)];
const timed = (i: number, random: Random): readonly number[] => [
  random.below(1000),
  750_000_000_000_000 + i * 1000 + random.below(5_000_000),
];

const toInput = (batches: readonly Batch[], input: number): Step[] => batches.map((batch) => ({ batch, input }));
const alternate = (left: readonly Batch[], right: readonly Batch[]): Step[] =>
  left.flatMap((batch, i) => [
    { batch, input: 0 },
    { batch: right[i] as Batch, input: 1 },
  ]);

const context: OperatorContext = { eval: {} as OperatorContext['eval'], onRowError: null };
const types: readonly SqlType[] = [int8, int8];

function call(name: string, args: readonly number[]): AggregateCall {
  const fn = aggregates.find(
    (each) => each.name === name && each.args.length === args.length && (args.length === 0 || each.args[0] === int8),
  );
  if (fn === undefined) throw new Error(`no aggregate ${name}`);
  const type = typeof fn.result === 'function' ? fn.result([int8]) : fn.result;
  return { fn, args, distinct: false, filter: null, orderBy: [], name, type, typmod: -1 };
}

function makeAggregate(calls: readonly AggregateCall[], appendOnly: boolean): Operator {
  return new Aggregate({ types, groupBy: [0], aggregates: calls, appendOnly, state: new MemoryStateStore(), context });
}

function makeJoin(type: JoinType, appendOnly: boolean): Operator {
  const sides = {
    leftTypes: types,
    rightTypes: types,
    leftKeys: [0],
    rightKeys: [0],
    nullSafe: [false],
    residual: null,
  };
  return new Join({ ...sides, type, appendOnly: [appendOnly, appendOnly], state: new MemoryStateStore(), context });
}

function makeTopN(appendOnly: boolean): Operator {
  const order = [{ column: 1, descending: true, nullsFirst: true }];
  if (appendOnly) return new TopRow({ types, partitionBy: [0], order, state: new MemoryStateStore() });
  const bounds = { limit: 1, offset: 0, withTies: false };
  return new TopN({ types, partitionBy: [0], order, ...bounds, appendOnly, state: new MemoryStateStore() });
}

const window = { types, timeColumn: 1, offset: 0 } as const;

function benches(): Bench[] {
  const inserts = makeBatches(2, keyed, 0);
  const changes = makeBatches(2, keyed, 0.1);
  const unique = makeBatches(2, (i) => [i, i * 7], 0);
  const times = makeBatches(2, timed, 0);
  const sums = [call('count', []), call('sum', [1]), call('avg', [1])];
  const exact = [call('count', []), call('sum', [1])];
  const extremes = [call('min', [1]), call('max', [1])];
  return [
    { name: 'aggregate count sum', steps: toInput(inserts, 0), make: () => makeAggregate(exact, true) },
    {
      name: 'aggregate count sum, 10% retractions',
      steps: toInput(changes, 0),
      make: () => makeAggregate(exact, false),
    },
    { name: 'aggregate count sum avg', steps: toInput(inserts, 0), make: () => makeAggregate(sums, true) },
    {
      name: 'aggregate count sum avg, 10% retractions',
      steps: toInput(changes, 0),
      make: () => makeAggregate(sums, false),
    },
    { name: 'aggregate min max of a stream', steps: toInput(inserts, 0), make: () => makeAggregate(extremes, true) },
    {
      name: 'aggregate min max, 10% retractions',
      steps: toInput(changes, 0),
      make: () => makeAggregate(extremes, false),
    },
    { name: 'inner join of streams, 1 to 1', steps: alternate(unique, unique), make: () => makeJoin('inner', true) },
    { name: 'inner join of tables, 1 to 1', steps: alternate(unique, unique), make: () => makeJoin('inner', false) },
    { name: 'left join of tables, 1 to 1', steps: alternate(unique, unique), make: () => makeJoin('left', false) },
    {
      name: 'distinct',
      steps: toInput(inserts, 0),
      make: () => new Distinct({ types, state: new MemoryStateStore() }),
    },
    { name: 'top 1 per key of a stream', steps: toInput(inserts, 0), make: () => makeTopN(true) },
    { name: 'top 1 per key, 10% retractions', steps: toInput(changes, 0), make: () => makeTopN(false) },
    {
      name: 'tumble',
      steps: toInput(times, 0),
      make: () => new TimeWindow({ ...window, window: 'tumble', size: MINUTE, step: MINUTE }),
    },
    {
      name: 'hop, 5 windows a row',
      steps: toInput(times, 0),
      make: () => new TimeWindow({ ...window, window: 'hop', size: MINUTE, step: MINUTE / 5 }),
    },
    {
      name: 'session',
      steps: toInput(times, 0),
      make: () =>
        new SessionWindow({ types, partitionBy: [0], timeColumn: 1, gap: 200_000, state: new MemoryStateStore() }),
    },
    {
      name: 'materialize by key',
      steps: toInput(unique, 0),
      make: () => new Materialize({ types, key: [0], state: new MemoryStateStore() }),
    },
    {
      name: 'materialize without key',
      steps: toInput(inserts, 0),
      make: () => new Materialize({ types, key: null, state: new MemoryStateStore() }),
    },
  ];
}

type Figure = { readonly name: string; readonly perTick: number; readonly per64: number; readonly rowsOut: number };

function measure(bench: Bench, batchesPerTick: number): { readonly nanos: number; readonly rowsOut: number } {
  const operator = bench.make();
  let rowsOut = 0;
  const output = (batch: Batch): void => {
    rowsOut += batch.length;
  };
  const start = performance.now();
  bench.steps.forEach(({ batch, input }, i) => {
    operator.onBatch(batch, input, output);
    if ((i + 1) % batchesPerTick === 0) operator.onTickEnd?.(output);
  });
  operator.onTickEnd?.(output);
  const rows = bench.steps.length * BATCH_ROWS;
  return { nanos: ((performance.now() - start) * 1e6) / rows, rowsOut };
}

function best(bench: Bench, batchesPerTick: number) {
  const runs = [1, 2, 3].map(() => measure(bench, batchesPerTick));
  return runs.reduce((a, b) => (b.nanos < a.nanos ? b : a));
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const only = process.env['BENCH_ONLY'];
  const figures: Figure[] = [];
  for (const bench of benches()) {
    if (only !== undefined && !bench.name.includes(only)) continue;
    const small = best(bench, 1);
    const large = best(bench, 64);
    figures.push({ name: bench.name, perTick: small.nanos, per64: large.nanos, rowsOut: small.rowsOut });
    if (!options.json) {
      const columns = [
        small.nanos.toFixed(1).padStart(9),
        large.nanos.toFixed(1).padStart(9),
        String(small.rowsOut).padStart(10),
      ];
      console.log(`${bench.name.padEnd(44)}${columns.join('')}`);
    }
  }
  console.log(JSON.stringify({ bench: 'operators', rows: ROWS, keys: KEYS, nanosPerRow: figures }));
}
