/**
 * Every example of every function, operator, aggregate and table function: it gives what it says here, and it says what
 * PostgreSQL gives. What PostgreSQL cannot be asked the same way stands in `oursOnly`, with the reason.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aggregates } from '../../src/expr/aggregates/index.ts';
import { functions, operators } from '../../src/expr/functions/index.ts';
import { tableFunctions } from '../../src/expr/table-functions/index.ts';
import { Postgres } from './postgres.ts';
import { runSql } from './run-sql.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await Postgres.create();
});
afterAll(() => postgres.close());

type Example = readonly [name: string, sql: string, result: string];

const scalarExamples: Example[] = [...functions, ...operators].flatMap((fn) =>
  fn.examples.map(([sql, result]): Example => [fn.name, `SELECT ${sql}`, result]),
);
const queryExamples: Example[] = [...aggregates, ...tableFunctions].flatMap((fn) =>
  fn.examples.map(([sql, result]): Example => [fn.name, sql, result]),
);

/** Functions PostgreSQL 17 (PGlite) lacks, names, or answers by what it is. */
const oursOnly: ReadonlyMap<string, string> = new Map([['array_slice', 'PostgreSQL has the syntax only']]);

describe.each([
  ['scalar', scalarExamples],
  ['rows', queryExamples],
] as const)('%s', (_, examples) => {
  test.each(examples)('%s: %s', async (name, sql, result) => {
    expect(runSql(sql)).toBe(result);
    if (!oursOnly.has(name)) expect(await postgres.run(sql)).toBe(result);
  });
});

describe('every definition', () => {
  test.each([...functions, ...operators, ...aggregates, ...tableFunctions].map((fn) => [fn.name, fn] as const))(
    '%s has a sentence and an example',
    (_, fn) => {
      expect(fn.doc).toMatch(/^\S.*\.$/);
      expect(fn.examples.length).toBeGreaterThan(0);
    },
  );
});
