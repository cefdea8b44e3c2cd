/**
 * `node-sql-parser` as a source of other wordings: where PostgreSQL calls the statement and its rewording the same,
 * so must we. What it cannot parse, or changes the meaning of, is passed over.
 */
import { loadModule, parseSync } from 'libpg-query';
import NodeSqlParser from 'node-sql-parser';
import { beforeAll, expect, test } from 'vitest';
import { parseStatements } from '../../src/parser/parse.ts';
import { ironed, withoutPositions } from './compare-trees.ts';
import { readRecorded, readStatements } from './corpus.ts';

beforeAll(async () => {
  await loadModule();
});

const reworder = new NodeSqlParser.Parser();

function reword(sql: string): string | null {
  try {
    return reworder.sqlify(reworder.astify(sql, { database: 'postgresql' }), { database: 'postgresql' });
  } catch {
    return null;
  }
}

/** PostgreSQL's tree as text, positions left out; null when it refuses the statement. */
function postgresTree(sql: string): string | null {
  try {
    return JSON.stringify(parseSync(sql), (key, value) =>
      /^(location|stmt_location|stmt_len)$/.test(key) ? undefined : value,
    );
  } catch {
    return null;
  }
}

const ourTree = (sql: string) =>
  JSON.stringify(parseStatements(sql).map(({ statement }) => withoutPositions(ironed(statement))));

/** How many statements were reworded with the same meaning; fails at the first that we read differently. */
function compareWordings(statements: readonly string[]): number {
  let reworded = 0;
  for (const sql of statements) {
    const wording = reword(sql);
    if (wording === null || wording === sql) continue;
    const tree = postgresTree(sql);
    if (tree === null || tree !== postgresTree(wording)) continue;
    reworded++;
    if (ourTree(sql) !== ourTree(wording)) expect.fail(`${sql}\n  reworded as ${wording}`);
  }
  return reworded;
}

test('our own statements have one tree in both wordings', () => {
  expect(compareWordings(readStatements('postgres.sql'))).toBeGreaterThan(50);
});

test('recorded statements of clients have one tree in both wordings', () => {
  const recorded = readRecorded();
  if (recorded === null) return;
  // One in eight: the other parser takes milliseconds for the long ones.
  expect(compareWordings(recorded.filter((_, i) => i % 8 === 0))).toBeGreaterThan(50);
});
