/** Random SQL for the parser's tests: expressions without parentheses, and whole queries. Same seed, same text. */
import type { Random } from '../../src/base/random.ts';

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)] as T;
}

const LEAVES = ['a', 't.b', '1', '2.5', "'x'", '$1', 'NULL', 'TRUE', 'f(a)', 'a[1]', 'CURRENT_DATE', "date 'x'", '-1'];
const INFIX = [
  ...'+ - * / % ^ = < > <= >= <> || -> @> # & ~ <-> AND OR AND OR LIKE ILIKE'.split(' '),
  ...['OPERATOR(pg_catalog.+)', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM', 'NOT LIKE', 'SIMILAR TO', 'AT TIME ZONE'],
];
const PREFIX = ['-', '+', 'NOT', '@', '~', '|/', 'OPERATOR(-)'];
const POSTFIX = [
  ...['IS NULL', 'IS NOT NULL', 'ISNULL', 'NOTNULL', 'IS TRUE', 'IS NOT UNKNOWN', 'IS NFC NORMALIZED'],
  ...['::int', '::text[]', 'COLLATE "C"', 'IN (1, 2)', 'NOT IN (a)', '= ANY (b)'],
];

/** Some operands with operators before, between and behind them, and no parentheses to say what belongs together. */
export function randomExpression(random: Random): string {
  const parts: string[] = [];
  const length = 1 + random.below(5);
  for (let i = 0; i < length; i++) {
    if (i > 0) parts.push(randomInfix(random));
    while (random.next() < 0.25) parts.push(pick(random, PREFIX));
    parts.push(pick(random, LEAVES));
    while (random.next() < 0.2) parts.push(pick(random, POSTFIX));
  }
  return parts.join(' ');
}

function randomInfix(random: Random): string {
  const kind = random.next();
  if (kind < 0.06) return `BETWEEN ${pick(random, LEAVES)} AND`;
  if (kind < 0.1) return `NOT BETWEEN SYMMETRIC ${pick(random, LEAVES)} + 1 AND`;
  if (kind < 0.13) return `LIKE ${pick(random, LEAVES)} ESCAPE`;
  return pick(random, INFIX);
}

/** A query of random clauses over random expressions, a few levels deep. */
export function randomQuery(random: Random, depth = 3): string {
  const body = randomBody(random, depth);
  const parts = [body];
  if (depth > 0 && random.next() < 0.15) parts.unshift(`WITH c (x) AS (${randomQuery(random, depth - 1)})`);
  if (random.next() < 0.3) parts.push(`ORDER BY ${randomOperand(random, depth)} DESC NULLS LAST, 2`);
  if (random.next() < 0.2) parts.push('LIMIT 3');
  if (random.next() < 0.1) parts.push('OFFSET 1 + 1');
  return parts.join(' ');
}

function randomBody(random: Random, depth: number): string {
  const kind = random.next();
  if (depth > 0 && kind < 0.15) {
    const operator = pick(random, ['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT ALL']);
    return `${randomOperandBody(random, depth)} ${operator} ${randomOperandBody(random, depth)}`;
  }
  if (kind < 0.2) return `VALUES (${randomOperand(random, depth)}, 1), (DEFAULT, 2)`;
  const parts = [`SELECT ${pick(random, ['', 'DISTINCT ', 'DISTINCT ON (a) '])}${randomTargets(random, depth)}`];
  if (random.next() < 0.8) parts.push(`FROM ${randomFrom(random, depth)}`);
  if (random.next() < 0.5) parts.push(`WHERE ${randomOperand(random, depth)}`);
  if (random.next() < 0.3)
    parts.push(`GROUP BY ${pick(random, ['a', '(a, b)', 'ROLLUP (a, (b, c))', 'GROUPING SETS ((), (a))'])}`);
  if (random.next() < 0.2) parts.push(`HAVING ${randomOperand(random, depth)}`);
  if (random.next() < 0.1) parts.push('WINDOW w AS (PARTITION BY a ORDER BY b ROWS 1 PRECEDING)');
  return parts.join(' ');
}

const randomOperandBody = (random: Random, depth: number) =>
  random.next() < 0.5 ? randomBody(random, depth - 1) : `(${randomQuery(random, depth - 1)})`;

function randomTargets(random: Random, depth: number): string {
  const count = 1 + random.below(3);
  const targets = Array.from({ length: count }, (_, i) => {
    return random.next() < 0.15 ? pick(random, ['*', 't.*']) : `${randomOperand(random, depth)} AS c${i}`;
  });
  return targets.join(', ');
}

function randomFrom(random: Random, depth: number): string {
  const kind = random.next();
  if (depth > 0 && kind < 0.2) return `(${randomQuery(random, depth - 1)}) AS d (x, y)`;
  if (depth > 0 && kind < 0.4) {
    const join = pick(random, ['JOIN', 'LEFT JOIN', 'FULL JOIN']);
    return `${randomFrom(random, depth - 1)} ${join} ${randomFrom(random, depth - 1)} ON ${randomOperand(random, depth - 1)}`;
  }
  if (depth > 0 && kind < 0.5) return `(${randomFrom(random, depth - 1)} CROSS JOIN ${randomFrom(random, 0)})`;
  return pick(random, [
    't',
    's.t AS u',
    'generate_series(1, 3) WITH ORDINALITY AS g (a, b)',
    'ONLY t',
    'f() AS (a int)',
    'x NATURAL JOIN y',
  ]);
}

/** An expression that may hold parentheses, subqueries, calls and CASE. */
function randomOperand(random: Random, depth: number): string {
  const kind = random.next();
  const inner = () => randomOperand(random, depth - 1);
  if (depth <= 0 || kind < 0.35) return pick(random, LEAVES);
  if (kind < 0.6) return `(${inner()} ${pick(random, ['+', '||', '*', 'AND', 'OR', '<', '~'])} ${inner()})`;
  if (kind < 0.65) return `(NOT ${inner()})`;
  if (kind < 0.7) return `(${randomQuery(random, depth - 2)})`;
  if (kind < 0.75) return `(${inner()} IN (${inner()}, ${inner()}))`;
  if (kind < 0.8) return `CASE WHEN ${inner()} THEN ${inner()} ELSE ${inner()} END`;
  if (kind < 0.85) return `f(${inner()}, ${inner()}) OVER (ORDER BY ${inner()})`;
  if (kind < 0.9) return `(${inner()})::numeric(4, 2)`;
  if (kind < 0.95) return `(ARRAY[${inner()}, ${inner()}])[1]`;
  return `coalesce(${inner()}, ROW(${inner()}), - ${inner()})`;
}
