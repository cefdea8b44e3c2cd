/** Random SQL for the parser's tests: expressions without parentheses, and whole queries. Same seed, same text. */
import type { Random } from '../../src/base/random.ts';

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)] as T;
}

const LEAVES = ['a', 't.b', '1', '2.5', "'x'", '$1', 'NULL', 'TRUE', 'f(a)', 'a[1]', 'CURRENT_DATE', "date 'x'", '-1'];
const INFIX = [
  '+', '-', '*', '/', '%', '^', '=', '<', '>', '<=', '>=', '<>', '||', '->', '@>', '#', '&', '~', '<->',
  'AND', 'OR', 'AND', 'OR', 'OPERATOR(pg_catalog.+)', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM',
  'LIKE', 'NOT LIKE', 'ILIKE', 'SIMILAR TO', 'AT TIME ZONE',
]; // biome-ignore format: a table
const PREFIX = ['-', '+', 'NOT', '@', '~', '|/', 'OPERATOR(-)'];
const POSTFIX = [
  'IS NULL', 'IS NOT NULL', 'ISNULL', 'NOTNULL', 'IS TRUE', 'IS NOT UNKNOWN', '::int', '::text[]', 'COLLATE "C"',
  'IN (1, 2)', 'NOT IN (a)', '= ANY (b)', 'IS NFC NORMALIZED',
]; // biome-ignore format: a table

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
