/**
 * Every operator, as text: `plan` picks one of the plans below, `push` gives changes to a relation within a tick, `tick` ends it.
 * What comes out at once stands under `push`, what comes at the end of the tick under `tick`.
 */
import { outOfRange, type SqlError } from '../../src/base/errors.ts';
import type { AggregateFunction } from '../../src/expr/aggregates/define.ts';
import type { AggregateCall, SortKey } from '../../src/expr/expr.ts';
import type { TableFunction } from '../../src/expr/table-functions/define.ts';
import { buildDataflow } from '../../src/operators/build.ts';
import type { Dataflow } from '../../src/operators/dataflow.ts';
import type { Plan } from '../../src/planner/plan.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import type { Batch } from '../../src/types/batch.ts';
import { valueAt } from '../../src/types/column.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import type { Numeric } from '../../src/types/numeric.ts';
import { text } from '../../src/types/text.ts';
import { type Directive, runDataDriven } from '../support/datadriven.ts';
import { formatDeltas, keepBatch, parseDeltas } from '../support/deltas.ts';
import {
  aggregate,
  aggregateCall,
  ascending,
  column,
  descending,
  distinct,
  evalContext,
  filter,
  int,
  join,
  MINUTE,
  operate,
  project,
  relations,
  scan,
  session,
  singleRow,
  timeWindow,
  topN,
  typesOf,
  union,
  values,
} from './plans.ts';

const orders = scan('orders');
const users = scan('users');
const events = scan('events');
const prices = scan('prices');
const amount = column(2, int8);

/** As many rows as the argument says, counted from 1. */
const series: TableFunction = {
  name: 'series',
  args: [int4],
  optional: 0,
  variadic: false,
  columns: () => [{ name: 'n', type: int4 }],
  volatility: 'immutable',
  strict: true,
  doc: 'The numbers from 1.',
  examples: [],
  *rows(_context, [count]) {
    for (let n = 1; n <= (count as number); n++) yield [n];
  },
};

/** All values in order, as array_agg would give them, joined by commas. */
const list: AggregateFunction = {
  name: 'list',
  args: [text],
  result: text,
  doc: 'The values, joined.',
  examples: [],
  retraction: 'multiset',
  skipsNulls: true,
  state: () => [],
  accumulate: () => {},
  finish: () => {},
  finishMultiset(values) {
    const texts = [...values].flatMap(({ value, copies }) => new Array<string>(copies).fill(value as string));
    return texts.length === 0 ? null : texts.join(',');
  },
};

/** A sum that will not tell more than 100. */
const modest: AggregateFunction = {
  ...aggregateCall(scan('orders'), 'sum', [2]).fn,
  name: 'modest',
  finish(state, rows, count, out, at) {
    aggregateCall(scan('orders'), 'sum', [2]).fn.finish(state, rows, count, out, at);
    for (let k = at; k < at + count; k++) {
      const sum = valueAt(out, k) as Numeric | null;
      if (sum !== null && sum.coefficient > 100) throw outOfRange('modesty');
    }
  },
};

const listCall = (orderBy: readonly SortKey[], isDistinct = false): AggregateCall => ({
  fn: list,
  args: [1],
  distinct: isDistinct,
  filter: null,
  orderBy,
  name: 'list',
  type: text,
  typmod: -1,
});

const tableFunction = (outer: boolean, withOrdinality: boolean): Plan => ({
  kind: 'table-function',
  input: users,
  fn: series,
  args: [column(0, int4)],
  withOrdinality,
  outer,
  columns: [
    ...users.columns,
    { type: int4, typmod: -1, name: 'n' },
    ...(withOrdinality ? [{ type: int8, typmod: -1, name: 'ordinality' }] : []),
  ],
});

const inverse = operate(int(100), '/', column(0, int4));

const plans: Record<string, Plan> = {
  scan: { ...orders, project: [2, 0], columns: [orders.columns[2], orders.columns[0]].filter((c) => c !== undefined) },
  filter: filter(orders, operate(amount, '>', column(0, int4))),
  project: project(orders, [column(1, text), operate(amount, '+', int(1)), inverse]),
  'project-where': project(orders, [column(1, text), inverse], operate(amount, '>', int(5))),
  'filter-fails': filter(orders, operate(inverse, '>', int(10))),
  union: union(users, project(orders, [column(0, int4), column(1, text)])),
  values: values(
    [int4, text],
    [
      [int(1), { ...int(2), type: text, kind: 'constant', value: 'a' }],
      [int(1), column1('a')],
    ],
  ),
  distinct: distinct(project(prices, [column(1, prices.columns[1]?.type ?? int4)])),
  inner: join('inner', orders, users, [[0, 0]]),
  'inner-residual': join('inner', orders, users, [[0, 0]], {
    residual: operate(column(1, text), '<', column(4, text)),
  }),
  'inner-null-safe': join('inner', orders, users, [[0, 0]], { nullSafe: true }),
  cross: join('inner', orders, users, []),
  left: join('left', orders, users, [[0, 0]]),
  'left-residual': join('left', orders, users, [[0, 0]], { residual: operate(column(1, text), '<', column(4, text)) }),
  right: join('right', orders, users, [[0, 0]]),
  full: join('full', orders, users, [[0, 0]]),
  semi: join('semi', orders, users, [[0, 0]]),
  anti: join('anti', orders, users, [[0, 0]]),
  exists: join('semi', orders, project(users, []), []),
  'join-fails': join('inner', orders, users, [[0, 0]], {
    residual: operate(operate(int(1), '/', column(3, int4)), '=', int(1)),
  }),
  aggregate: aggregate(
    orders,
    [0],
    [aggregateCall(orders, 'count', []), aggregateCall(orders, 'count', [2]), aggregateCall(orders, 'sum', [2])],
  ),
  global: aggregate(orders, [], [aggregateCall(orders, 'count', []), aggregateCall(orders, 'sum', [2])]),
  extremes: aggregate(orders, [0], [aggregateCall(orders, 'min', [2]), aggregateCall(orders, 'max', [1])]),
  'append-only-extremes': aggregate(scan('orders', 'stream'), [0], [aggregateCall(orders, 'max', [2])]),
  'count-distinct': aggregate(
    orders,
    [0],
    [aggregateCall(orders, 'count', [2], { distinct: true }), aggregateCall(orders, 'sum', [2], { distinct: true })],
  ),
  'aggregate-filter': aggregate(
    prices,
    [0],
    [aggregateCall(prices, 'count', [], { filter: 3 }), aggregateCall(prices, 'sum', [1], { filter: 3 })],
  ),
  'numeric-groups': aggregate(prices, [1], [aggregateCall(prices, 'count', [])]),
  list: aggregate(orders, [0], [listCall([]), listCall([descending(2)]), listCall([], true)]),
  modest: aggregate(orders, [0], [{ ...aggregateCall(orders, 'sum', [2]), fn: modest }]),
  'top-2': topN(orders, [descending(2)], 2),
  'top-1-per-user': topN(orders, [descending(2)], 1, { partitionBy: [0] }),
  'top-2-ties': topN(orders, [descending(2)], 2, { withTies: true }),
  'top-2-offset': topN(orders, [ascending(2)], 2, { offset: 1 }),
  'top-1-stream': topN(scan('orders', 'stream'), [descending(2)], 1, { partitionBy: [0] }),
  tumble: timeWindow(events, 'tumble', 10 * MINUTE),
  'tumble-offset': timeWindow(events, 'tumble', 10 * MINUTE, 10 * MINUTE, 3 * MINUTE),
  hop: timeWindow(events, 'hop', 10 * MINUTE, 5 * MINUTE),
  cumulate: timeWindow(events, 'cumulate', 15 * MINUTE, 5 * MINUTE),
  session: session(events, [0], 10 * MINUTE),
  'session-global': session(events, [], 10 * MINUTE),
  series: tableFunction(false, true),
  'series-outer': tableFunction(true, false),
  'single-row': singleRow(users, []),
  'single-row-per-key': singleRow(users, [0]),
  shared: join('inner', distinct(users), distinct(scan('users')), [[0, 0]]),
  bools: aggregate(prices, [3], [aggregateCall(prices, 'count', [2])]),
};

function column1(value: string) {
  return { kind: 'constant', value, type: text, typmod: -1 } as const;
}

runDataDriven(import.meta.dirname, () => {
  let plan: Plan = orders;
  let state = new MemoryStateStore();
  let dataflow: Dataflow | null = null;
  let changes: Batch[] = [];
  let failures: string[] = [];

  const report = (error: SqlError, batch: Batch, i: number): void => {
    const weight = batch.weights === null ? 1 : batch.weights[i];
    failures.push(`! ${error.code} ${error.message} (row ${i}, weight ${weight})`);
  };
  const build = (isView: boolean): void => {
    dataflow = buildDataflow({
      plan,
      name: 'test',
      state,
      context: { eval: evalContext, onRowError: isView ? report : null },
      output: (batch) => changes.push(keepBatch(batch)),
      checked: true,
    });
  };
  const run = (work: (flow: Dataflow) => void): string => {
    changes = [];
    failures = [];
    if (dataflow === null) throw new Error('no plan');
    work(dataflow);
    const text = formatDeltas(changes, typesOf(plan));
    if (failures.length === 0) return text;
    return [...failures, ...(changes.length === 0 ? [] : [text])].join('\n');
  };

  return ({ command, args, input }: Directive): string => {
    switch (command) {
      case 'plan':
      case 'query': {
        const named = plans[args[0] ?? ''];
        if (named === undefined) throw new Error(`no plan ${args[0]}`);
        plan = named;
        state = new MemoryStateStore();
        build(command === 'plan');
        return describe(dataflow);
      }
      case 'restart':
        build(true);
        return describe(dataflow);
      case 'push': {
        const relation = relations[args[0] ?? ''];
        if (relation === undefined) throw new Error(`no relation ${args[0]}`);
        return run((flow) => flow.push(relation.id, parseDeltas(input, relation.types)));
      }
      case 'tick':
        return run((flow) => flow.endTick());
      case 'state':
        return describe(dataflow, true);
      default:
        throw new Error(`no command ${command}`);
    }
  };
});

const describe = (dataflow: Dataflow | null, withRows = false): string =>
  (dataflow?.stats() ?? [])
    .map(({ depth, id, description, stateRows }) => {
      return `${'  '.repeat(depth)}${id} ${description}${withRows ? `, ${stateRows} rows of state` : ''}`;
    })
    .join('\n');
