/** The reader and writer of test files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkQuery, checkStatement } from '../../tools/slt/check.ts';
import { sltFiles } from '../../tools/slt/corpus.ts';
import type { Database } from '../../tools/slt/database.ts';
import { formatRow } from '../../tools/slt/database.ts';
import { toPostgres } from '../../tools/slt/postgres-dialect.ts';
import { parseSlt, type QueryRecord, readSltFile, rewrite, type StatementRecord } from '../../tools/slt/records.ts';
import { runFile } from '../../tools/slt/run.ts';

const root = join(import.meta.dirname, '../..');
const only = <T>(text: string): T => parseSlt(text, 'x.slt').records[0] as T;

describe('reading', () => {
  test('a query has types, a sort mode, a label, SQL of several lines and rows', () => {
    const record = only<QueryRecord>('query IT rowsort same\nSELECT 1,\n  2\n----\n1\t2\n3\t4\n\nhalt\n');
    expect(record).toMatchObject({
      types: 'IT',
      sort: 'rowsort',
      label: 'same',
      sql: 'SELECT 1,\n  2',
      rows: ['1\t2', '3\t4'],
    });
  });

  test('an expected error may name its code and position', () => {
    const record = only<StatementRecord>('statement error 42703 @8 column .* does not exist\nSELECT x\n');
    expect(record.expect).toEqual({
      kind: 'error',
      error: { code: '42703', position: 8, pattern: 'column .* does not exist' },
    });
  });

  test('conditions belong to the record they stand above, and to no other', () => {
    const { records } = parseSlt('onlyif millrace\nskipif wire\nstatement ok\nA\n\nstatement ok\nB\n', 'x.slt');
    expect(records.map(({ conditions }) => conditions.length)).toEqual([2, 0]);
  });

  test('rows without an order are sorted unless the query orders them', () => {
    expect(only<QueryRecord>('query I\nSELECT 1\n----\n').sort).toBe('rowsort');
    expect(only<QueryRecord>('query I\nSELECT 1 ORDER BY 1\n----\n').sort).toBe('nosort');
    expect(only<QueryRecord>('control sortmode valuesort\nquery I\nSELECT 1\n----\n').sort).toBe('valuesort');
  });

  test('a directive nobody knows is an error with its line', () => {
    expect(() => parseSlt('\nquerry I\nSELECT 1\n', 'x.slt')).toThrow('x.slt:2: unknown directive "querry"');
  });
});

describe('checking', () => {
  const rows = (types: string, ...values: (string | null)[][]) =>
    ({ kind: 'rows', types, rows: values, tag: `SELECT ${values.length}` }) as const;

  test('blanks, empty strings and NULL can be told apart', () => {
    expect(formatRow([null, '', ' a ', 'b\tc\n', '\\'])).toBe('NULL\t(empty)\t\\sa\\s\tb\\tc\\n\t\\\\');
  });

  test('a row too many and a type that differs are found', () => {
    const record = only<QueryRecord>('query I rowsort\nSELECT 1\n----\n1\n');
    expect(checkQuery(record, rows('I', ['1']))).toBeNull();
    expect(checkQuery(record, rows('I', ['1'], ['1']))).toContain('+ 1');
    expect(checkQuery(record, rows('N', ['1']))).toContain('column types');
  });

  test('the wrong code, position or message of an error is found', () => {
    const record = only<StatementRecord>('statement error 42703 @8 no column\nSELECT x\n');
    const error = { kind: 'error', code: '42703', message: 'no column', position: 8 } as const;
    expect(checkStatement(record, error, true)).toBeNull();
    expect(checkStatement(record, { ...error, code: '42P01' }, true)).toContain('42P01');
    expect(checkStatement(record, { ...error, position: 9 }, true)).toContain('@9');
    expect(checkStatement(record, { ...error, message: 'other' }, true)).toContain('other');
    expect(checkStatement(record, rows('I'), true)).toContain('expected an error');
  });
});

describe('running', () => {
  /** A database that says the same to everything and remembers what it was asked. */
  const parrot = (asked: string[], answer = '7'): Database => ({
    product: 'millrace',
    async run(sql) {
      asked.push(sql);
      return { kind: 'rows', types: 'I', rows: [[answer]], tag: 'SELECT 1' };
    },
    async close() {},
  });
  const text =
    'statement ok\nCREATE TABLE t (a int)\n\nstatement ok\nINSERT INTO t VALUES (7)\n\nquery I rowsort\nSELECT a FROM t\n----\n7\n';

  test('an incremental run has the view before the rows', async () => {
    const asked: string[] = [];
    const report = await runFile(parseSlt(text, 'x.slt'), 'incremental', parrot(asked));
    expect(report).toMatchObject({ failures: [], views: 1 });
    expect(asked.slice(0, 5)).toEqual([
      'CREATE TABLE t (a int)',
      'CREATE SCHEMA IF NOT EXISTS slt',
      'CREATE MATERIALIZED VIEW slt.view_0 (c1) AS SELECT a FROM t',
      'INSERT INTO t VALUES (7)',
      'SELECT * FROM slt.view_0',
    ]);
  });

  test('a retract run ends by deleting everything', async () => {
    const asked: string[] = [];
    await runFile(parseSlt(text, 'x.slt'), 'retract', parrot(asked));
    expect(asked).toContain('DELETE FROM t');
  });

  test('an update writes answers into the text and leaves the rest alone', async () => {
    const file = parseSlt(`# comment\n${text}\n# end\n`, 'x.slt');
    const report = await runFile(file, 'direct', parrot([], '8'));
    expect(report.failures).toHaveLength(1);
    expect(rewrite(file, report.replacements)).toBe(`# comment\n${text.replace(/7\n$/, '8\n')}\n# end\n`);
  });
});

test('the README of the corpus counts right', () => {
  const files = sltFiles(join(root, 'sqllogic')).filter((file) => !file.includes('/issues/'));
  const records = files.flatMap((file) => [...readSltFile(file).records]);
  const ours = records.filter(({ conditions }) =>
    conditions.some(({ kind, name }) => kind === 'onlyif' && name === 'millrace'),
  );
  const readme = readFileSync(join(root, 'sqllogic/README.md'), 'utf8');
  expect(readme).toContain(`${records.length} records in ${files.length} files`);
  expect(readme).toContain(`${records.length - ours.length} of them run against PostgreSQL 15`);
  expect(readme).toContain(`${ours.length} are Millrace-only`);
});

describe('our dialect in PostgreSQL words', () => {
  test('a stream is a table without its watermark, generated columns are stored', () => {
    expect(
      toPostgres("CREATE STREAM s (a int, b int GENERATED ALWAYS AS (a + 1), WATERMARK FOR ts AS ts - INTERVAL '1 s')"),
    ).toBe('CREATE TABLE s (a int, b int GENERATED ALWAYS AS (a + 1) STORED)');
  });

  test('a materialized view is a view, and a window function a subquery with an alias', () => {
    expect(toPostgres('CREATE MATERIALIZED VIEW v AS SELECT 1')).toBe('CREATE VIEW v AS SELECT 1');
    expect(toPostgres("SELECT * FROM TUMBLE(s, ts, INTERVAL '1 hour') GROUP BY a")).toMatch(
      /FROM \(SELECT .*\) AS tumble_ GROUP BY a$/,
    );
    expect(toPostgres("SELECT * FROM TUMBLE(s, ts, INTERVAL '1 hour') AS w WHERE true")).toMatch(/\) AS w WHERE true$/);
  });
});
