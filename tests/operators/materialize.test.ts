/** The ends of a dataflow: the rows of a view, the rows of a query, and what cancels on the way. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { CheckedOperator } from '../../src/operators/checked.ts';
import { Collect } from '../../src/operators/collect.ts';
import { Consolidate } from '../../src/operators/consolidate.ts';
import { FirstRows } from '../../src/operators/first-rows.ts';
import { Materialize } from '../../src/operators/materialize.ts';
import type { Operator } from '../../src/operators/operator.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { BATCH_ROWS, type Batch, batchOfRows, rowAt } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { text } from '../../src/types/text.ts';
import type { SqlType } from '../../src/types/type.ts';
import { formatDeltas, keepBatch, parseDeltas } from '../support/deltas.ts';
import { ascending, descending } from './plans.ts';
import { accumulate, compare, pick, type Row, shuffle } from './random-changes.ts';

/** An operator with one input and its output, checked. */
class Bench {
  readonly #types: readonly SqlType[];
  readonly #operator: CheckedOperator;

  constructor(operator: Operator, types: readonly SqlType[]) {
    this.#types = types;
    this.#operator = new CheckedOperator(operator, [types], types);
  }

  /** Each argument is one batch of the tick, as text. Returns what came out. */
  tick(...inputs: readonly string[]): string {
    const out: Batch[] = [];
    const output = (batch: Batch) => out.push(keepBatch(batch));
    for (const input of inputs) this.#operator.onBatch(parseDeltas(input, this.#types), 0, output);
    this.#operator.onTickEnd(output);
    return formatDeltas(out, this.#types);
  }
}

const rowsOf = (view: Materialize, types: readonly SqlType[]): string => {
  const snapshot = view.table.pin();
  const collect = new Collect({ types, order: types.map((_, c) => ascending(c)) });
  for (let p = 0; p < snapshot.pageCount; p++) {
    const { columns, live } = snapshot.page(p);
    for (let i = 0; i < live.length; i++) {
      if (live[i] === 0) continue;
      const row = rowAt({ length: 1, columns, weights: null }, i);
      collect.onBatch(
        batchOfRows(
          types.map((type) => type.column),
          [row],
          [row[types.length] as number],
        ),
      );
    }
  }
  snapshot.release();
  return formatDeltas(collect.finish(), types);
};

describe('a view with a unique key', () => {
  const types = [int4, text];
  const make = () => {
    const view = new Materialize({ types, key: [0], state: new MemoryStateStore() });
    return { view, bench: new Bench(view, types) };
  };

  test('holds one row per key and hands on -old +new', () => {
    const { view, bench } = make();
    expect(bench.tick('+ 1 a\n+ 2 b')).toBe('+ 1 a\n+ 2 b');
    expect(bench.tick('- 1 a\n+ 1 c')).toBe('- 1 a\n+ 1 c');
    expect(rowsOf(view, types)).toBe('+ 1 c\n+ 2 b');
  });

  test('takes the new row before the old one goes', () => {
    const { view, bench } = make();
    bench.tick('+ 1 a');
    expect(bench.tick('+ 1 b\n- 1 a')).toBe('- 1 a\n+ 1 b');
    expect(bench.tick('+ 1 c', '- 1 b')).toBe('- 1 b\n+ 1 c');
    expect(rowsOf(view, types)).toBe('+ 1 c');
  });

  test('says nothing of what comes and goes within a tick', () => {
    const { view, bench } = make();
    expect(bench.tick('+ 1 a\n- 1 a')).toBe('(no change)');
    expect(view.table.rowCount).toBe(0);
    bench.tick('+ 1 a');
    expect(bench.tick('- 1 a', '+ 1 b', '- 1 b', '+ 1 a')).toBe('(no change)');
    expect(bench.tick('- 1 x\n+ 1 y\n+ 1 x\n- 1 a')).toBe('- 1 a\n+ 1 y');
  });

  test('a key without rows leaves the table', () => {
    const { view, bench } = make();
    bench.tick('+ 1 a\n+ NULL b');
    expect(bench.tick('- 1 a\n- NULL b')).toBe('- 1 a\n- NULL b');
    expect(view.table.rowCount).toBe(0);
  });

  test('two rows with one key are a bug, and so is one taken back twice', () => {
    expect(() => make().bench.tick('+ 1 a\n+ 1 b')).toThrow(/two rows with one key/);
    expect(() => make().bench.tick('- 1 a')).toThrow(/taken back/);
  });

  test('a key that is equal but prints differently is shown as it is now', () => {
    const keyed = [numeric, text];
    const view = new Materialize({ types: keyed, key: [0], state: new MemoryStateStore() });
    const bench = new Bench(view, keyed);
    bench.tick('+ 1.0 a');
    expect(bench.tick('- 1.0 a\n+ 1.00 b')).toBe('- 1.0 a\n+ 1.00 b');
    expect(rowsOf(view, keyed)).toBe('+ 1.00 b');
    expect(bench.tick('- 1.00 b\n+ 1.00 c')).toBe('- 1.00 b\n+ 1.00 c');
  });

  test('random changes in any order end in the same rows', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed);
      const view = new Materialize({ types, key: [0], state: new MemoryStateStore() });
      const held = new Map<string, number>();
      const rows = new Map<number, Row>();
      for (let tick = 1; tick <= 15; tick++) {
        const changes = randomUpdates(rows, random);
        for (const [row, weight] of changes) view.onBatch(batchOfRows(['i32', 'text'], [row], [weight]), 0, () => {});
        view.onTickEnd((batch) => accumulate(held, batch, types));
        compare(held, [...rows.values()], types, `seed ${seed}, tick ${tick}`);
        expect(view.table.rowCount).toBe(rows.size);
      }
    }
  });

  /** Several updates per key within a tick, shuffled. */
  function randomUpdates(rows: Map<number, Row>, random: Random): [Row, number][] {
    const changes: [Row, number][] = [];
    for (let k = random.below(10); k > 0; k--) {
      const key = random.below(4);
      const old = rows.get(key);
      if (old !== undefined) changes.push([old, -1]);
      rows.delete(key);
      if (random.below(3) === 0) continue;
      const row = [key, pick(['a', 'b', 'c', null], random)];
      rows.set(key, row);
      changes.push([row, 1]);
    }
    shuffle(changes, random);
    return changes;
  }
});

describe('a view without a key', () => {
  const types = [text, numeric];

  test('counts copies, by what is printed', () => {
    const view = new Materialize({ types, key: null, state: new MemoryStateStore() });
    const bench = new Bench(view, types);
    expect(bench.tick('+2 a 1.0\n+ a 1.00')).toBe('+2 a 1.0\n+ a 1.00');
    expect(bench.tick('- a 1.0', '+ b NULL\n+ b NULL')).toBe('- a 1.0\n+2 b NULL');
    expect(bench.tick('- a 1.0', '+ a 1.0')).toBe('(no change)');
    expect(rowsOf(view, types)).toBe('+ a 1.0\n+ a 1.00\n+ b NULL\n+ b NULL');
  });

  test('a row taken back that was never there is a bug', () => {
    const view = new Materialize({ types, key: null, state: new MemoryStateStore() });
    expect(() => new Bench(view, types).tick('- a 1')).toThrow(/never there/);
  });

  test('rows without columns are counted', () => {
    const view = new Materialize({ types: [], key: null, state: new MemoryStateStore() });
    view.onBatch({ length: 3, columns: [], weights: null }, 0, () => {});
    const out: number[] = [];
    view.onTickEnd((batch) => out.push(batch.weights?.[0] ?? 0));
    expect(out).toEqual([3]);
  });

  test('columns that only served the order are left out', () => {
    const view = new Materialize({ types: [text], key: null, state: new MemoryStateStore() });
    view.onBatch(parseDeltas('+ a 1\n+ a 2', types), 0, () => {});
    const out: Batch[] = [];
    view.onTickEnd((batch) => out.push(keepBatch(batch)));
    expect(formatDeltas(out, [text])).toBe('+2 a');
  });
});

describe('consolidate', () => {
  test('hands on net changes, deletes too, and keeps nothing', () => {
    const state = new MemoryStateStore();
    const bench = new Bench(new Consolidate({ types: [int4], state }), [int4]);
    expect(bench.tick('+ 1\n+ 2\n- 1', '+ 2\n+3 3')).toBe('+2 2\n+3 3');
    expect(bench.tick('- 2', '- 3\n+ 3')).toBe('- 2');
  });
});

describe('collect', () => {
  const sorted = (
    types: readonly SqlType[],
    order: ConstructorParameters<typeof Collect>[0]['order'],
    ...inputs: string[]
  ): Row[] => {
    const collect = new Collect({ types, order });
    for (const input of inputs) collect.onBatch(parseDeltas(input, types));
    return collect.finish().flatMap((batch) => Array.from({ length: batch.length }, (_, i) => rowAt(batch, i)));
  };

  test('keeps the order of arrival without keys, and for ties', () => {
    expect(sorted([int4], [], '+ 3\n+ 1', '+ 2')).toEqual([[3], [1], [2]]);
    expect(sorted([int4, text], [ascending(0)], '+ 1 x\n+ 0 y\n+ 1 a')).toEqual([
      [0, 'y'],
      [1, 'x'],
      [1, 'a'],
    ]);
  });

  test('sorts by several keys, with NULLs where the key says', () => {
    const rows = sorted([int4, text], [descending(0), ascending(1)], '+ 1 b\n+ NULL z\n+ 2 a\n+ 1 NULL\n+ 1 a');
    expect(rows).toEqual([
      [null, 'z'],
      [2, 'a'],
      [1, 'a'],
      [1, 'b'],
      [1, null],
    ]);
  });

  test.each([
    ['int8', int8, ['9007199254740993', '-1', '4294967296', '4294967295', '-9223372036854775808']],
    ['float8', float8, ['NaN', 'Infinity', '-Infinity', '0.5', '-2']],
    ['numeric', numeric, ['1e30', '0.10', '-5', 'NaN', '2.5']],
    ['text', text, ['b', 'a', 'ab', 'B']],
  ])('sorts %s as the type compares', (_name, type, texts) => {
    const values = sorted([type], [ascending(0)], texts.map((each) => `+ ${each}`).join('\n')).map(
      ([value]) => value as Value,
    );
    const expected = [...values].sort((a, b) => type.compare(a, b));
    expect(values).toEqual(expected);
    expect(values.length).toBe(texts.length);
  });

  test('repeats a row by its weight and cancels what was taken back', () => {
    expect(sorted([int4], [ascending(0)], '+2 2\n+ 1')).toEqual([[1], [2], [2]]);
    expect(sorted([int4], [], '+ 1\n+2 2', '- 2\n- 1')).toEqual([[2]]);
  });

  test('holds more rows than fit a batch', () => {
    const collect = new Collect({ types: [int4], order: [descending(0)] });
    const count = 3 * BATCH_ROWS + 7;
    const all = Array.from({ length: count }, (_, k) => [k]);
    collect.onBatch(batchOfRows(['i32'], all.slice(0, 10)));
    collect.onBatch(batchOfRows(['i32'], all.slice(10, 2500)));
    collect.onBatch(batchOfRows(['i32'], all.slice(2500)));
    const batches = collect.finish();
    expect(batches.map((batch) => batch.length)).toEqual([BATCH_ROWS, BATCH_ROWS, BATCH_ROWS, 7]);
    const values = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, i) => rowAt(batch, i)[0]));
    expect(values).toEqual(all.map(([value]) => count - 1 - (value as number)));
  });
});

describe('the first rows of a query', () => {
  test('come as they arrive, and then it has had enough', () => {
    const first = new FirstRows({ types: [int4], limit: 3, offset: 1 });
    const out: Batch[] = [];
    const output = (batch: Batch) => out.push(keepBatch(batch));
    first.onBatch(parseDeltas('+2 1\n+ 2', [int4]), 0, output);
    expect(first.isSatisfied()).toBe(false);
    first.onBatch(parseDeltas('+5 3\n+ 4', [int4]), 0, output);
    expect(first.isSatisfied()).toBe(true);
    first.onBatch(parseDeltas('+ 5', [int4]), 0, output);
    expect(formatDeltas(out, [int4])).toBe('+ 1\n+ 2\n+ 3');
  });
});
