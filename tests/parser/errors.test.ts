/** Syntax errors: PostgreSQL's code, wording and position. */
import { readFileSync } from 'node:fs';
import { loadModule, SqlError as PgError, parseSync } from 'libpg-query';
import { expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { Random } from '../../src/base/random.ts';
import { tokenize } from '../../src/parser/lexer.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { readStatements } from './corpus.ts';

function errorOf(sql: string): SqlError | null {
  try {
    parseStatements(sql);
    return null;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

test('errors have the code, the wording and the position that PostgreSQL 15 was recorded to give', () => {
  const text = readFileSync(new URL('errors.tsv', import.meta.url), 'utf8');
  const cases = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(cases.length).toBeGreaterThan(180);
  for (const line of cases) {
    const [sql, code, position, message] = line.split('\t') as [string, string, string, string];
    const error = errorOf(sql);
    expect([error?.code, String(error?.fields.position ?? ''), error?.message], sql).toEqual([code, position, message]);
  }
});

test('a statement with one token taken out, put in or exchanged gets PostgreSQL’s verdict, wording and position', async () => {
  await loadModule();
  const random = new Random(5);
  const statements = readStatements('postgres.sql').filter((sql) => /^[\0-\x7f]{1,300}$/.test(sql));
  const tokens = statements.map((sql) => split(sql));
  const pool = tokens.flat();
  let same = 0;
  const total = 6_000;
  for (let i = 0; i < total; i++) {
    const sql = mutate(random, tokens[random.below(tokens.length)] as string[], pool).join(' ');
    if (sql === '' || verdictOfPostgres(sql) === ourVerdict(sql)) same++;
  }
  // The rest: names of output columns that are operators (`SELECT a AND, b`), and lists that are only stepped over.
  expect(same / total).toBeGreaterThan(0.99);
});

function split(sql: string): string[] {
  const { starts, ends } = tokenize(sql);
  return starts.map((start, i) => sql.slice(start, ends[i])).filter((text) => text !== '');
}

function mutate(random: Random, tokens: readonly string[], pool: readonly string[]): string[] {
  const copy = [...tokens];
  const at = random.below(copy.length);
  const other = pool[random.below(pool.length)] as string;
  switch (random.below(4)) {
    case 0:
      copy.splice(at, 1);
      break;
    case 1:
      copy.splice(at, 0, other);
      break;
    case 2:
      copy[at] = other;
      break;
    default:
      copy.splice(at);
  }
  return copy;
}

function verdictOfPostgres(sql: string): string {
  try {
    parseSync(sql);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof PgError)) throw error;
    return `${error.message} at ${error.sqlDetails?.cursorPosition ?? 0}`;
  }
}

function ourVerdict(sql: string): string {
  const error = errorOf(sql);
  return error === null ? 'accepted' : `${error.message} at ${error.fields.position ?? 0}`;
}

test('what PostgreSQL knows and this server does not run is named, not called a syntax error', () => {
  const cases = [
    ['GRANT SELECT ON t TO joe', 'GRANT'],
    ['COPY t FROM STDIN', 'COPY'],
    ['CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$', 'CREATE FUNCTION'],
    ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END', 'CREATE FUNCTION'],
    ['CREATE SINK k FROM v WITH (connector = $$x$$)', 'CREATE SINK'],
    ['SUBSCRIBE TO v', 'SUBSCRIBE'],
    ['ALTER TABLE t ADD COLUMN a int', 'ALTER TABLE'],
    ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO joe', 'ALTER DEFAULT PRIVILEGES'],
    ['DROP ROLE joe', 'DROP ROLE'],
    ['PREPARE TRANSACTION $$x$$', 'PREPARE TRANSACTION'],
    ['SELECT a INTO TEMP TABLE x FROM t', 'SELECT INTO'],
    ['WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x', 'DELETE in WITH'],
    ['SELECT * FROM t TABLESAMPLE bernoulli (5)', 'TABLESAMPLE'],
    ['SELECT * FROM a ASOF JOIN b ON a.k = b.k', 'ASOF JOIN'],
    ['SELECT xmlelement(name a)', 'XML'],
    ['CREATE TABLE t (LIKE u INCLUDING ALL)', 'LIKE in CREATE TABLE'],
    ['MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE', 'MERGE INTO'],
  ] as const;
  for (const [sql, what] of cases) {
    const [first, second] = parseStatements(`${sql}; SELECT 1`);
    expect(first?.statement, sql).toMatchObject({ kind: 'unsupported', what });
    expect(second?.statement.kind, sql).toBe('select-statement');
  }
});

test('a syntax error in a later statement is found before any is returned', () => {
  expect(errorOf('SELECT 1; SELECT 2; SELEC 3')?.fields.position).toBe(20);
});

test('wrong arguments of a window table name the right form', () => {
  const error = errorOf("SELECT * FROM hop(s, ts, interval '1' minute)");
  expect(error?.fields.hint).toBe('Write HOP(relation, time_column, slide, size [, offset]).');
});
