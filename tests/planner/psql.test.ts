/** What psql asks for its backslash commands must bind and plan over the system catalog. Captured from psql 15 with -E. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogOf, environmentFor, planOf } from './fixture.ts';

const catalog = catalogOf('CREATE TABLE t (a int PRIMARY KEY, b text)');

/** Blocks of `-- command` and a query that ends with a semicolon. */
const blocks = readFileSync(join(import.meta.dirname, 'psql.sql'), 'utf8')
  .split(/^-- /m)
  .filter((block) => block.trim() !== '')
  .map((block) => ({
    command: block.slice(0, block.indexOf('\n')),
    sql: block.slice(block.indexOf('\n') + 1).replace(/;\s*$/, ''),
  }));

describe('queries of psql plan', () => {
  test.each(blocks)('$command', ({ sql }) => {
    const { query } = planOf(sql, environmentFor(catalog));
    expect(query.visible).toBeGreaterThan(0);
  });
});
