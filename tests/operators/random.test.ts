/** Every operator under random inserts and retractions: after each tick its output is what a recomputation from scratch gives. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/base/random.ts';
import type { Plan } from '../../src/planner/plan.ts';
import type { Value } from '../../src/types/column.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { Numeric } from '../../src/types/numeric.ts';
import { text } from '../../src/types/text.ts';
import { groupBy, naive, naiveJoin, naiveSessions, naiveTopN } from './naive.ts';
import {
  aggregate,
  aggregateCall,
  ascending,
  column,
  descending,
  distinct,
  filter,
  int,
  join,
  MINUTE,
  operate,
  project,
  scan,
  session,
  singleRow,
  timeWindow,
  topN,
  union,
} from './plans.ts';
import { pick, type RandomCase, type Row, runRandomCase, type Tables } from './random-changes.ts';

const SEEDS = 40;

const orders = scan('orders');
const users = scan('users');
const events = scan('events');

const sources = {
  orders: (random: Random): Row => [
    pick([null, 0, 1, 2, 3], random),
    pick([null, 'a', 'b', 'c'], random),
    pick([null, 0, 1, 2, 3, 4, 5], random),
  ],
  users: (random: Random): Row => [pick([null, 0, 1, 2, 3], random), pick([null, 'a', 'b', 'c'], random)],
  /** Times on a grid of 2 minutes within 3 hours, so that distances of exactly the gap occur. */
  events: (random: Random): Row => [
    pick([null, 'a', 'b'], random),
    random.below(20) === 0 ? null : random.below(90) * 2 * MINUTE,
    pick([1, 2], random),
  ],
};

const only = <Name extends keyof typeof sources>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, sources[name]]));

function check(name: string, given: RandomCase): void {
  test(name, () => {
    for (let seed = 1; seed <= SEEDS; seed++) runRandomCase(given, seed);
  });
}

const over = (name: 'orders' | 'users' | 'events', plan: Plan, model: (rows: readonly Row[]) => Row[]): RandomCase => ({
  plan,
  sources: only(name),
  model: (tables: Tables) => model(tables[name] ?? []),
});

describe('rows one by one', () => {
  check('filter and project', {
    ...over(
      'orders',
      project(filter(orders, operate(column(2, int8), '>', column(0, int4))), [column(1, text), column(0, int4)]),
      (rows) =>
        rows
          .filter(([user, , amount]) => user !== null && amount !== null && (amount as number) > (user as number))
          .map(([user, name]) => [name as Value, user as Value]),
    ),
  });

  check('rows whose expression fails are left out', {
    ...over('orders', project(orders, [operate(int(6), '/', column(0, int4))]), (rows) =>
      rows.filter(([user]) => user !== 0).map(([user]) => [user === null ? null : Math.trunc(6 / (user as number))]),
    ),
  });

  check('union', {
    plan: union(users, project(orders, [column(0, int4), column(1, text)])),
    sources: only('orders', 'users'),
    model: ({ orders: left = [], users: right = [] }) => [...right, ...left.map((row) => row.slice(0, 2))],
  });
});

describe('joins', () => {
  const matches = (left: Row, right: Row): boolean => left[0] !== null && left[0] === right[0];
  const isLess = (left: Row, right: Row): boolean =>
    left[1] !== null && right[1] !== null && (left[1] as string) < (right[1] as string);
  const residual = operate(column(1, text), '<', column(4, text));

  for (const type of ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const) {
    const caseOf = (plan: Plan, test: (left: Row, right: Row) => boolean): RandomCase => ({
      plan,
      sources: only('orders', 'users'),
      model: ({ orders: left = [], users: right = [] }) => naiveJoin(type, left, right, test, [3, 2]),
    });
    check(`${type} join by key`, caseOf(join(type, orders, users, [[0, 0]]), matches));
    check(
      `${type} join by key with a residual`,
      caseOf(
        join(type, orders, users, [[0, 0]], { residual }),
        (left, right) => matches(left, right) && isLess(left, right),
      ),
    );
    check(
      `${type} join where NULL equals NULL`,
      caseOf(
        join(
          type,
          orders,
          users,
          [
            [0, 0],
            [1, 1],
          ],
          { nullSafe: true },
        ),
        (left, right) => left[0] === right[0] && left[1] === right[1],
      ),
    );
    check(`${type} join of every pair with a residual`, caseOf(join(type, orders, users, [], { residual }), isLess));
    check(`${type} join of streams`, {
      ...caseOf(join(type, scan('orders', 'stream'), scan('users', 'stream'), [[0, 0]]), matches),
      insertsOnly: true,
    });
  }

  check('self join', {
    plan: join('inner', users, scan('users'), [[0, 0]]),
    sources: only('users'),
    model: ({ users: rows = [] }) => naiveJoin('inner', rows, rows, matches, [2, 2]),
  });

  check('EXISTS of rows without columns', {
    plan: join('anti', orders, project(users, []), []),
    sources: only('orders', 'users'),
    model: ({ orders: left = [], users: right = [] }) => (right.length === 0 ? left : []),
  });
});

describe('aggregates', () => {
  const calls = (input: Plan) => [
    aggregateCall(input, 'count', []),
    aggregateCall(input, 'count', [2]),
    aggregateCall(input, 'sum', [2]),
    aggregateCall(input, 'min', [2]),
    aggregateCall(input, 'max', [2]),
    aggregateCall(input, 'count', [2], { distinct: true }),
    aggregateCall(input, 'sum', [2], { distinct: true }),
  ];
  const asNumeric = (value: number | null): Value => (value === null ? null : new Numeric(value, 0));
  const answers = (rows: readonly Row[]): Row => [
    rows.length,
    naive.count(rows, 2),
    asNumeric(naive.sum(rows, 2)),
    naive.min(rows, 2),
    naive.max(rows, 2),
    naive.countDistinct(rows, 2),
    asNumeric(naive.sumDistinct(rows, 2)),
  ];

  check(
    'by a key',
    over('orders', aggregate(orders, [0], calls(orders)), (rows) =>
      groupBy(rows, [0]).map((group) => [group[0]?.[0] as Value, ...answers(group)]),
    ),
  );
  check(
    'by two keys',
    over('orders', aggregate(orders, [1, 0], calls(orders)), (rows) =>
      groupBy(rows, [1, 0]).map((group) => [group[0]?.[1] as Value, group[0]?.[0] as Value, ...answers(group)]),
    ),
  );
  check(
    'without keys',
    over('orders', aggregate(orders, [], calls(orders)), (rows) => [answers(rows)]),
  );

  const stream = scan('orders', 'stream');
  check('of a stream', {
    ...over('orders', aggregate(stream, [0], calls(stream)), (rows) =>
      groupBy(rows, [0]).map((group) => [group[0]?.[0] as Value, ...answers(group)]),
    ),
    insertsOnly: true,
  });

  const isBig = project(orders, [column(0, int4), column(2, int8), operate(column(2, int8), '>', int(2))]);
  check(
    'with FILTER',
    over(
      'orders',
      aggregate(
        isBig,
        [0],
        [aggregateCall(isBig, 'count', [], { filter: 2 }), aggregateCall(isBig, 'max', [1], { filter: 2 })],
      ),
      (rows) =>
        groupBy(rows, [0]).map((group) => {
          const big = group.filter((row) => row[2] !== null && (row[2] as number) > 2);
          return [group[0]?.[0] as Value, big.length, naive.max(big, 2)];
        }),
    ),
  );

  check('of aggregates, over a join', {
    plan: aggregateOverJoin(),
    sources: only('orders', 'users'),
    model: ({ orders: left = [], users: right = [] }) => {
      const joined = naiveJoin('left', left, right, (a, b) => a[0] !== null && a[0] === b[0], [3, 2]);
      const counts = groupBy(joined, [4]).map((group) => group.length);
      return groupBy(
        counts.map((count) => [count]),
        [0],
      ).map((group) => [group[0]?.[0] as Value, group.length]);
    },
  });

  function aggregateOverJoin(): Plan {
    const joined = join('left', orders, users, [[0, 0]]);
    const counted = aggregate(joined, [4], [aggregateCall(joined, 'count', [])]);
    return aggregate(counted, [1], [aggregateCall(counted, 'count', [])]);
  }
});

describe('sets and orders', () => {
  check(
    'distinct',
    over('orders', distinct(orders), (rows) => groupBy(rows, [0, 1, 2]).map((group) => group[0] as Row)),
  );

  const variants = [
    { limit: 3, options: {} },
    { limit: 1, options: {} },
    { limit: 1, options: { partitionBy: [0, 1] } },
    { limit: 2, options: { offset: 2 } },
    { limit: 2, options: { partitionBy: [0] } },
    { limit: 2, options: { partitionBy: [0, 1], offset: 1 } },
    { limit: 2, options: { withTies: true } },
    { limit: 1, options: { withTies: true, offset: 2, partitionBy: [1] } },
    { limit: 0, options: {} },
    { limit: null, options: { offset: 3 } },
  ];
  const order = [descending(2), ascending(1)];
  for (const { limit, options } of variants) {
    check(
      `top ${limit ?? 'all'} ${JSON.stringify(options)}`,
      over('orders', topN(orders, order, limit, options), (rows) => naiveTopN(rows, order, limit, options)),
    );
    check(`top ${limit ?? 'all'} ${JSON.stringify(options)} of a stream`, {
      ...over('orders', topN(scan('orders', 'stream'), [ascending(2)], limit, options), (rows) =>
        naiveTopN(rows, [ascending(2)], limit, options),
      ),
      insertsOnly: true,
    });
  }
  check(
    'limit without an order takes the least rows',
    over('orders', topN(orders, [], 4), (rows) => naiveTopN(rows, [], 4)),
  );

  check(
    'a single row per key, or none',
    over('users', singleRow(users, [0]), (rows) =>
      groupBy(rows, [0])
        .filter((group) => group.length === 1)
        .flat(),
    ),
  );
});

describe('windows', () => {
  const bounds = (row: Row, start: number, end: number): Row => [...row, start, end, end - 1];
  const timed = (rows: readonly Row[]) => rows.filter((row) => row[1] !== null);

  check(
    'tumble',
    over('events', timeWindow(events, 'tumble', 10 * MINUTE), (rows) =>
      timed(rows).map((row) => {
        const start = Math.floor((row[1] as number) / (10 * MINUTE)) * 10 * MINUTE;
        return bounds(row, start, start + 10 * MINUTE);
      }),
    ),
  );
  for (const [size, step] of [
    [12, 4],
    [10, 4],
    [4, 6],
  ] as const) {
    check(
      `hop of ${size} minutes every ${step}`,
      over('events', timeWindow(events, 'hop', size * MINUTE, step * MINUTE), (rows) =>
        timed(rows).flatMap((row) => {
          // 1970-01-01 is a whole number of these steps before 2000-01-01.
          const starts = Array.from({ length: 60 }, (_, k) => (k - 10) * step * MINUTE);
          const time = row[1] as number;
          const holding = starts.filter((start) => start <= time && time < start + size * MINUTE);
          return holding.map((start) => bounds(row, start, start + size * MINUTE));
        }),
      ),
    );
  }
  check(
    'cumulate',
    over('events', timeWindow(events, 'cumulate', 12 * MINUTE, 4 * MINUTE), (rows) =>
      timed(rows).flatMap((row) => {
        const start = Math.floor((row[1] as number) / (12 * MINUTE)) * 12 * MINUTE;
        const ends = [1, 2, 3].map((k) => start + k * 4 * MINUTE).filter((end) => (row[1] as number) < end);
        return ends.map((end) => bounds(row, start, end));
      }),
    ),
  );
  check(
    'session per key',
    over('events', session(events, [0], 6 * MINUTE), (rows) => naiveSessions(rows, [0], 1, 6 * MINUTE)),
  );
  check(
    'session over all',
    over('events', session(events, [], 4 * MINUTE), (rows) => naiveSessions(rows, [], 1, 4 * MINUTE)),
  );
  check(
    'session per two keys',
    over('events', session(events, [0, 2], 20 * MINUTE), (rows) => naiveSessions(rows, [0, 2], 1, 20 * MINUTE)),
  );
});

test('a wrong answer is noticed', () => {
  const wrong = over('orders', distinct(orders), (rows) => [...rows]);
  expect(() => runRandomCase(wrong, 1)).toThrow(/copies, should be/);
});
