/** Hopping windows by slices, held against windows counted one by one: the sums must be the same after every tick. */
import { expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { buildDataflow } from '../../src/operators/build.ts';
import type { Plan } from '../../src/planner/plan.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { batchOfRows, rowAt, weightAt } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import { defaultFormat } from '../../src/types/type.ts';
import { catalogOf, environmentFor, planOf } from './fixture.ts';

const catalog = catalogOf('CREATE TABLE s (k text, v int, ts timestamp)');
const environment = environmentFor(catalog, 'view');
const relation = catalog.get(['s'], ['public'], undefined);

const select = (aggregates: string): string =>
  `SELECT window_end, k, ${aggregates} FROM HOP(s, ts, INTERVAL '1 minute', INTERVAL '4 minutes', INTERVAL '7 seconds')
   GROUP BY k, window_end`;

/** min() is no sum, so the rule leaves the second plan alone. */
const sliced = planOf(select('count(*) AS n, count(v) AS m, sum(v) AS total'), environment);
const plain = planOf(select('count(*) AS n, count(v) AS m, sum(v) AS total, min(v) AS least'), environment);

class Result {
  readonly #rows = new Map<string, number>();
  readonly #flow;

  constructor(plan: Plan) {
    this.#flow = buildDataflow({
      plan,
      name: 'hop',
      state: new MemoryStateStore(),
      context: { eval: environment.context, onRowError: null },
      checked: true,
      output: (batch) => {
        for (let i = 0; i < batch.length; i++) {
          // Without min(), which only the one of them has.
          const row = rowAt(batch, i).slice(0, 5);
          const text = row.map((value, c) =>
            value === null ? '-' : plan.columns[c]?.type.format(value, defaultFormat),
          );
          const key = text.join(' ');
          this.#rows.set(key, (this.#rows.get(key) ?? 0) + weightAt(batch, i));
        }
      },
    });
  }

  tick(rows: readonly (readonly Value[])[], weight: number): void {
    const kinds = relation.columns.map((column) => column.type.column);
    const weights = rows.map(() => weight);
    this.#flow.push(relation.id, batchOfRows(kinds, rows, weights));
    this.#flow.endTick();
  }

  rows(): string[] {
    return [...this.#rows].filter(([, count]) => count !== 0).map(([row, count]) => `${row} x${count}`);
  }
}

test('slices give what windows give, through inserts and deletes', () => {
  expect(sliced.trace.map((step) => step.rule)).toContain('hop-slices');
  expect(plain.trace.map((step) => step.rule)).not.toContain('hop-slices');
  const random = new Random(3);
  const [bySlices, byWindows] = [new Result(sliced.query.plan), new Result(plain.query.plan)];
  for (let tick = 0; tick < 6; tick++) {
    const rows = Array.from({ length: 20 }, (): Value[] => [
      random.below(4) === 0 ? null : `k${random.below(3)}`,
      random.below(5) === 0 ? null : random.below(10),
      random.below(10) === 0 ? null : random.below(600) * 1_000_000,
    ]);
    for (const result of [bySlices, byWindows]) {
      result.tick(rows, 1);
      result.tick(rows.slice(0, 12), -1);
    }
    expect(bySlices.rows().sort()).toEqual(byWindows.rows().sort());
  }
});
