/**
 * What parsing costs: ours and `node-sql-parser` in PostgreSQL mode, microseconds per statement, warm.
 *
 * Each figure is the best of many short rounds, since anything else on the machine only adds to it. The point lookup
 * must stay under 10 µs and the query of 30 lines under 100 µs.
 */
import NodeSqlParser from 'node-sql-parser';
import { parseStatements } from '../src/parser/parse.ts';
import { printStatement } from '../src/parser/print.ts';

const STATEMENTS: Readonly<Record<string, string>> = {
  'point lookup': 'SELECT a, b FROM t WHERE k = 1',
  'prepared lookup': 'SELECT "t"."a", "t"."b" FROM "public"."t" AS "t" WHERE "t"."k" = $1 LIMIT $2',
  'single-row insert': "INSERT INTO orders (id, customer, amount, at) VALUES (42, 'joe', 12.50, '2024-05-01 10:00:00')",
  'thirty lines': `WITH recent AS (
  SELECT o.id, o.customer_id, o.amount, o.placed_at
  FROM orders o
  WHERE o.placed_at >= now() - interval '30 days'
    AND o.status IN ('paid', 'shipped', 'delivered')
), totals AS (
  SELECT r.customer_id,
    count(*) AS orders,
    sum(r.amount) AS revenue,
    avg(r.amount) AS mean,
    max(r.placed_at) AS last_order
  FROM recent r
  GROUP BY r.customer_id
  HAVING sum(r.amount) > 100.00
)
SELECT c.id,
  c.name,
  coalesce(c.region, 'unknown') AS region,
  t.orders,
  t.revenue,
  round(t.mean, 2) AS mean,
  CASE WHEN t.revenue > 10000 THEN 'gold' WHEN t.revenue > 1000 THEN 'silver' ELSE 'bronze' END AS tier,
  row_number() OVER (PARTITION BY c.region ORDER BY t.revenue DESC) AS rank
FROM customers c
JOIN totals t ON t.customer_id = c.id
LEFT JOIN regions r ON r.code = c.region AND r.active
WHERE c.deleted_at IS NULL
  AND (c.email LIKE '%@example.com' OR c.id BETWEEN 1 AND 1000)
ORDER BY t.revenue DESC NULLS LAST, c.id
LIMIT 50 OFFSET 10`,
  'materialized view': `CREATE MATERIALIZED VIEW busy AS
SELECT window_start, origin, count(*) AS flights, avg(delay) AS delay
FROM TUMBLE(flights, departure, INTERVAL '1 hour')
GROUP BY window_start, origin
EMIT ON WINDOW CLOSE`,
};

const ROUNDS = 80;
const ROUND_MS = 6;

/** Best microseconds per call over the rounds; null when `work` throws. */
function measure(work: () => void): number | null {
  try {
    work();
  } catch {
    return null;
  }
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let calls = 0;
    let elapsed = 0;
    while (elapsed < ROUND_MS) {
      for (let i = 0; i < 20; i++) work();
      calls += 20;
      elapsed = performance.now() - start;
    }
    best = Math.min(best, (elapsed * 1000) / calls);
  }
  return best;
}

type Result = { ours: number | null; print: number | null; nodeSqlParser: number | null };

function measureStatement(sql: string): Result {
  const other = new NodeSqlParser.Parser();
  const statement = parseStatements(sql)[0]?.statement;
  return {
    ours: measure(() => parseStatements(sql)),
    print: measure(() => statement !== undefined && printStatement(statement)),
    nodeSqlParser: measure(() => other.astify(sql, { database: 'postgresql' })),
  };
}

const figure = (value: number | null) => (value === null ? 'refused' : value.toFixed(1)).padStart(12);

export async function run(options: { json: boolean }): Promise<void> {
  const results: Record<string, Result> = {};
  if (!options.json)
    console.log(
      `${'µs per statement'.padEnd(20)}${'parse'.padStart(12)}${'print'.padStart(12)}${'other'.padStart(12)}`,
    );
  for (const [name, sql] of Object.entries(STATEMENTS)) {
    const result = measureStatement(sql);
    results[name] = result;
    if (!options.json)
      console.log(`${name.padEnd(20)}${figure(result.ours)}${figure(result.print)}${figure(result.nodeSqlParser)}`);
  }
  console.log(JSON.stringify({ bench: 'parser', unit: 'µs per statement', results }));
}
