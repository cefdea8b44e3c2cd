/** Expressions at the edges (edge-cases.sql): each line gives the value, or raises the error, that PostgreSQL gives. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { Postgres } from './postgres.ts';
import { runSql } from './run-sql.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await Postgres.create();
});
afterAll(() => postgres.close());

const lines = readFileSync(join(import.meta.dirname, 'edge-cases.sql'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

function here(sql: string): string {
  try {
    return runSql(sql);
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

test.each(lines)('%s', async (line) => {
  expect(here(`SELECT ${line}`)).toBe(await postgres.run(`SELECT ${line}`));
});
