/** What the engine sees of a dataflow, and what the scheduler sees to. */
import { describe, expect, test } from 'vitest';
import { buildDataflow } from '../../src/operators/build.ts';
import { CheckedOperator } from '../../src/operators/checked.ts';
import type { DataflowOptions } from '../../src/operators/dataflow.ts';
import type { Operator } from '../../src/operators/operator.ts';
import { OperatorNode, Scheduler, Timer } from '../../src/operators/scheduler.ts';
import type { Plan, RelationId } from '../../src/planner/plan.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { type Batch, batchOfRows } from '../../src/types/batch.ts';
import type { Int } from '../../src/types/int64.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { text } from '../../src/types/text.ts';
import { formatDeltas, keepBatch, parseDeltas } from '../support/deltas.ts';
import {
  aggregate,
  aggregateCall,
  column,
  evalContext,
  filter,
  int,
  join,
  operate,
  project,
  relations,
  scan,
  topN,
  typesOf,
  union,
} from './plans.ts';

const orders = scan('orders');
const users = scan('users');

function build(plan: Plan, options: Partial<DataflowOptions> = {}) {
  const out: Batch[] = [];
  const dataflow = buildDataflow({
    plan,
    name: 'view',
    state: new MemoryStateStore(),
    context: { eval: evalContext, onRowError: null },
    output: (batch) => out.push(keepBatch(batch)),
    checked: true,
    ...options,
  });
  const push = (name: string, input: string) => {
    const { id, types } = relations[name] as (typeof relations)[string];
    dataflow.push(id, parseDeltas(input, types));
  };
  return { dataflow, push, output: () => formatDeltas(out, typesOf(plan)) };
}

describe('building', () => {
  test('equal subplans become one operator, however they are named', () => {
    const big = (name: string): Plan => {
      const input = scan('orders');
      const predicate = operate({ kind: 'column', index: 2, name, type: int8, typmod: -1 }, '>', int(5));
      return filter(input, predicate);
    };
    const { dataflow } = build(join('inner', big('x'), big('y'), [[0, 0]]));
    expect(dataflow.stats().map(({ description }) => description)).toEqual([
      'Inner join: (0) = (0)',
      'Filter',
      'Scan: orders',
    ]);
  });

  test('different constants, types and columns keep subplans apart', () => {
    const more = (limit: number) => filter(orders, operate(column(2, int8), '>', int(limit)));
    const { dataflow } = build(union(more(5), more(6), filter(orders, operate(column(0, int4), '>', int(5)))));
    expect(dataflow.stats().filter(({ description }) => description === 'Filter').length).toBe(3);
  });

  test('a shared operator feeds every place it stands in', () => {
    const { dataflow, push, output } = build(union(users, scan('users')));
    push('users', '+ 1 ada');
    dataflow.endTick();
    expect(output()).toBe('+ 1 ada\n+ 1 ada');
  });

  test('state scopes are named by place and kind', () => {
    const names: string[] = [];
    const state = new MemoryStateStore();
    const scope = state.scope.bind(state);
    state.scope = (name) => {
      names.push(name);
      return scope(name);
    };
    build(aggregate(join('left', orders, users, [[0, 0]]), [0], []), { state });
    expect(names).toEqual(['1.scan', '2.scan', '3.join', '4.aggregate']);
  });

  test('shows the code of its kernels', () => {
    const { dataflow } = build(project(orders, [operate(column(2, int8), '+', int(1))]));
    expect(dataflow.code().map(({ operator }) => operator)).toEqual(['2_project']);
    expect(dataflow.code()[0]?.source.length).toBeGreaterThan(10);
  });

  test('a negative LIMIT is the error PostgreSQL raises', () => {
    expect(() => build(topN(orders, [], -1))).toThrow('LIMIT must not be negative');
    expect(() => build(topN(orders, [], 1, { offset: -1 }))).toThrow('OFFSET must not be negative');
  });
});

describe('running', () => {
  test('counts rows, time and state per operator', () => {
    const { dataflow, push } = build(
      aggregate(filter(orders, operate(column(2, int8), '>', int(5))), [0], [aggregateCall(orders, 'count', [])]),
    );
    push('orders', '+ 1 a 9\n+ 2 b 9\n+ 1 c 1');
    dataflow.endTick();
    const [total, filtered, scanned] = dataflow.stats();
    expect(scanned).toMatchObject({ depth: 2, rowsIn: 3, rowsOut: 3, stateRows: 0 });
    expect(filtered).toMatchObject({ depth: 1, rowsIn: 3, rowsOut: 2 });
    expect(total).toMatchObject({ depth: 0, rowsIn: 2, rowsOut: 2, stateRows: 2 });
    expect(total?.stateBytes).toBeGreaterThan(0);
  });

  test('LIMIT in a query that only inserts stops the scan', () => {
    const { dataflow, push, output } = build(project(topN(orders, [], 2), [column(1, text)]), { insertsOnly: true });
    expect(dataflow.isSatisfied()).toBe(false);
    push('orders', '+ 9 z 1\n+ 1 a 1\n+ 0 b 2');
    expect(dataflow.isSatisfied()).toBe(true);
    dataflow.endTick();
    expect(output()).toBe('+ a\n+ z');
  });

  test('a relation read twice stops only when both places have had enough', () => {
    const { dataflow, push } = build(union(topN(orders, [], 1), scan('orders')), { insertsOnly: true });
    push('orders', '+ 9 z 1');
    expect(dataflow.isSatisfied()).toBe(false);
  });

  test('in a query that only inserts, rows stay in no way back', () => {
    const { dataflow, push, output } = build(aggregate(orders, [0], [aggregateCall(orders, 'max', [2])]), {
      insertsOnly: true,
    });
    push('orders', '+ 1 a 5\n+ 1 b 7\n+ 1 c 6');
    dataflow.endTick();
    expect(output()).toBe('+ 1 7');
    expect(dataflow.stats()[0]?.stateRows).toBe(1);
  });
});

describe('watermarks', () => {
  /** Writes down what reaches it, and lets the watermark through less one. */
  class Probe implements Operator {
    readonly log: string[];
    readonly name: string;

    constructor(name: string, log: string[]) {
      this.name = name;
      this.log = log;
    }

    describe(): string {
      return this.name;
    }

    onBatch(_batch: Batch, input: number): void {
      this.log.push(`${this.name} batch ${input}`);
    }

    onWatermark(watermark: Int, input: number): Int {
      this.log.push(`${this.name} watermark ${watermark} of ${input}`);
      return (watermark as number) - 1;
    }

    onTickEnd(): void {
      this.log.push(`${this.name} end`);
    }
  }

  test('come after all rows of the tick, in order of the graph, and only when they rose', () => {
    const log: string[] = [];
    const timer = new Timer();
    const [source, sink] = ['source', 'sink'].map(
      (name, id) => new OperatorNode(id, new Probe(name, log), [], timer),
    ) as [OperatorNode, OperatorNode];
    source.feed(sink, 1);
    const scans = new Map([[1 as RelationId, [source]]]);
    const scheduler = new Scheduler({ nodes: [source, sink], scans, depths: new Map(), code: [], timer });
    scheduler.pushWatermark(1 as RelationId, 10);
    scheduler.push(1 as RelationId, batchOfRows(['i32'], [[1]]));
    scheduler.endTick();
    expect(log).toEqual([
      'source batch 0',
      'source watermark 10 of 0',
      'source end',
      'sink watermark 9 of 1',
      'sink end',
    ]);
    log.length = 0;
    scheduler.endTick();
    expect(log).toEqual(['source end', 'sink end']);
  });

  test('pass a union as the least of its inputs, once all have one', () => {
    const { dataflow } = build(union(orders, orders, scan('orders', 'stream')));
    expect(() => dataflow.pushWatermark(1 as RelationId, 5)).not.toThrow();
    dataflow.endTick();
  });
});

describe('the checks', () => {
  /** Emits what it is told to. */
  const emitting = (onBatch: Batch | null, onTickEnd: Batch | null): Operator => ({
    describe: () => 'Culprit',
    onBatch: (_batch, _input, output) => {
      if (onBatch !== null) output(onBatch);
    },
    onTickEnd: (output) => {
      if (onTickEnd !== null) output(onTickEnd);
    },
  });
  const row = batchOfRows(['i32'], [[1]]);
  const run = (operator: Operator): void => {
    const checked = new CheckedOperator(operator, [[int4]], [int4]);
    checked.onBatch(row, 0, () => {});
    checked.onTickEnd(() => {});
  };

  test('find columns that are not those of the plan', () => {
    expect(() => run(emitting(batchOfRows(['text'], [['x']]), null))).toThrow(/is text and should be i32/);
    expect(() => run(emitting({ ...row, columns: [] }, null))).toThrow(/0 columns for 1/);
    expect(() => run(emitting({ ...row, length: 2 }, null))).toThrow(/too short/);
  });

  test('find weights of 0, and empty batches', () => {
    expect(() => run(emitting(batchOfRows(['i32'], [[1]], [0]), null))).toThrow(/weight 0/);
    expect(() => run(emitting({ ...row, length: 0 }, null))).toThrow(/empty batch/);
  });

  test('find rows taken back that were never given', () => {
    expect(() => run(emitting(batchOfRows(['i32'], [[1]], [-1]), null))).toThrow(/-1 copies of row/);
  });

  test('find churn at the end of a tick', () => {
    expect(() => run(emitting(null, batchOfRows(['i32'], [[1], [1]], [1, -1])))).toThrow(/both ways/);
  });

  test('find what is emitted outside a call', () => {
    let late: (() => void) | null = null;
    const checked = new CheckedOperator(
      { describe: () => 'Culprit', onBatch: (_batch, _input, output) => (late = () => output(row)) },
      [[int4]],
      [int4],
    );
    checked.onBatch(row, 0, () => {});
    expect(() => late?.()).toThrow(/outside a call/);
  });
});
