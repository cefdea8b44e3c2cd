/**
 * Plans run: what unnesting and the rules make of a query must still give PostgreSQL's rows. Each query of `answers.sql` runs
 * once over everything, and once as a view through inserts and deletes in several ticks.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { buildDataflow } from '../../src/operators/build.ts';
import type { QueryPlan, RelationId } from '../../src/planner/plan.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { batchOfRows, rowAt, weightAt } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';
import { tables, views } from './ddl.ts';
import { catalogOf, environmentFor, planOf } from './fixture.ts';

const queries = readFileSync(join(import.meta.dirname, 'answers.sql'), 'utf8')
  .split('\n')
  .filter((line) => line !== '');

const catalog = catalogOf(tables + views);
const relation = (name: string) => catalog.get([name], ['public'], undefined);

type Row = readonly (string | null)[];
type Data = Record<'t' | 'u', readonly Row[]>;

/** Few different values, so that rows meet; NULLs among them. */
function sampleData(): Data {
  const random = new Random(7);
  const pick = (values: readonly (string | null)[]): string | null => values[random.below(values.length)] as string;
  const t = Array.from({ length: 8 }, (_, i) => [
    String(i + 1),
    pick(['x', 'y', 'z', null]),
    pick(['1.00', '2.50', '2.50', null]),
    null,
    pick(['true', 'false', null]),
  ]);
  const u = Array.from({ length: 12 }, () => [
    pick(['1', '2', '2', '3', '5', null]),
    pick(['1', '2', '3', '4', null]),
    pick(['1', '3', '5', '7', null]),
    pick(['x', 'y', null]),
    null,
  ]);
  return { t, u };
}

const data = sampleData();
let postgres: PGlite;

const literal = (value: string | null): string => (value === null ? 'NULL' : `'${value}'`);

beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(tables + views);
  for (const [name, rows] of Object.entries(data)) {
    const list = rows.map((row) => `(${row.map(literal).join(', ')})`);
    await postgres.exec(`INSERT INTO ${name} VALUES ${list.join(', ')}`);
  }
});

async function answerOf(sql: string): Promise<string[]> {
  const { rows } = await postgres.query<(string | null)[]>(sql, [], {
    rowMode: 'array',
    parsers: Object.fromEntries(
      [16, 20, 21, 23, 25, 701, 1007, 1043, 1114, 1700].map((oid) => [oid, (text: string) => text]),
    ),
  });
  return rows.map((row) => JSON.stringify(row)).sort();
}

const formatRow = (types: readonly SqlType[], row: readonly Value[]): string =>
  JSON.stringify(row.map((value, i) => (value === null ? null : (types[i] as SqlType).format(value, defaultFormat))));

/** One change of a table: rows with a weight, and whether a tick ends after it. */
type Change = { readonly table: keyof Data; readonly rows: readonly Row[]; readonly weight: 1 | -1 };

function run(query: QueryPlan, purpose: 'query' | 'view', ticks: readonly (readonly Change[])[]): string[] {
  const types = query.plan.columns.map((column) => column.type);
  const counts = new Map<string, number>();
  const flow = buildDataflow({
    plan: query.plan,
    name: 'test',
    state: new MemoryStateStore(),
    context: { eval: environmentFor(catalog, purpose).context, onRowError: null },
    checked: true,
    output: (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const shown = formatRow(types, rowAt(batch, i).slice(0, query.visible));
        counts.set(shown, (counts.get(shown) ?? 0) + weightAt(batch, i));
      }
    },
  });
  for (const tick of ticks) {
    for (const change of tick) push(flow.relations, change, (id, batch) => flow.push(id, batch));
    flow.endTick();
  }
  return [...counts]
    .flatMap(([row, count]) => {
      expect(count, `copies of ${row}`).toBeGreaterThanOrEqual(0);
      return new Array<string>(count).fill(row);
    })
    .sort();
}

function push(
  wanted: readonly RelationId[],
  { table, rows, weight }: Change,
  send: (id: RelationId, batch: ReturnType<typeof batchOfRows>) => void,
): void {
  const { id, columns } = relation(table);
  if (!wanted.includes(id)) return;
  const values = rows.map((row) =>
    row.map((value, i) => (value === null ? null : (columns[i]?.type.parse(value, defaultFormat) as Value))),
  );
  const kinds = columns.map((column) => column.type.column);
  send(
    id,
    batchOfRows(
      kinds,
      values,
      rows.map(() => weight),
    ),
  );
}

/** Everything comes, some of it goes and comes back, in ticks of a few rows. */
function history(): Change[][] {
  const inserts = (table: keyof Data, from: number, to: number): Change => ({
    table,
    rows: data[table].slice(from, to),
    weight: 1,
  });
  const removal = (change: Change): Change => ({ ...change, weight: -1 });
  return [
    [],
    [inserts('t', 0, 3), inserts('u', 0, 5)],
    [inserts('u', 5, 8)],
    [removal(inserts('t', 1, 3)), inserts('t', 3, 8)],
    [removal(inserts('u', 2, 7)), inserts('t', 1, 3)],
    [inserts('u', 2, 7), inserts('u', 8, 12)],
  ];
}

const everything: Change[][] = [
  [
    { table: 't', rows: data.t, weight: 1 },
    { table: 'u', rows: data.u, weight: 1 },
  ],
];

describe('a plan gives the rows of PostgreSQL', () => {
  test.each(queries)('%s', async (sql) => {
    const expected = await answerOf(sql);
    const query = planOf(sql, environmentFor(catalog)).query;
    expect(run(query, 'query', everything), 'as a query').toEqual(expected);
    const view = planOf(sql, environmentFor(catalog, 'view')).query;
    expect(run(view, 'view', history()), 'as a view').toEqual(expected);
  });
});
