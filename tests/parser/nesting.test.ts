/** Deep nesting ends in 54001, never in an overflow of the stack, however it is spelled. */
import { expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import type { Expr } from '../../src/parser/ast.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { printExpr, printStatement } from '../../src/parser/print.ts';

const BOMBS: Readonly<Record<string, (n: number) => string>> = {
  parentheses: (n) => `SELECT ${'('.repeat(n)}1${')'.repeat(n)}`,
  'open parentheses': (n) => `SELECT ${'('.repeat(n)}`,
  'parentheses around a query': (n) => `${'('.repeat(n)}SELECT 1${')'.repeat(n)}`,
  'parentheses of FROM': (n) => `SELECT * FROM ${'('.repeat(n)}SELECT 1${')'.repeat(n)}`,
  'a chain of additions': (n) => `SELECT ${'1 + '.repeat(n)}1`,
  'a chain of powers in parentheses': (n) => `SELECT ${'(1 ^ '.repeat(n)}1${')'.repeat(n)}`,
  'NOT over and over': (n) => `SELECT ${'NOT '.repeat(n)}a`,
  signs: (n) => `SELECT ${'- '.repeat(n)}a`,
  'a chain of casts': (n) => `SELECT a${'::int'.repeat(n)}`,
  'a chain of IS NULL': (n) => `SELECT a${' IS NULL'.repeat(n)}`,
  'a chain of subscripts': (n) => `SELECT a${'[1]'.repeat(n)}`,
  'a chain of fields': (n) => `SELECT (a)${'.b'.repeat(n)}`,
  'calls in calls': (n) => `SELECT ${'f('.repeat(n)}1${')'.repeat(n)}`,
  'special calls in special calls': (n) => `SELECT ${'coalesce('.repeat(n)}1${')'.repeat(n)}`,
  'CASE in CASE': (n) => `SELECT ${'CASE WHEN a THEN '.repeat(n)}1${' END'.repeat(n)}`,
  'arrays of arrays': (n) => `SELECT ARRAY${'['.repeat(n)}1${']'.repeat(n)}`,
  subqueries: (n) => `SELECT ${'(SELECT '.repeat(n)}1${')'.repeat(n)}`,
  'subqueries in FROM': (n) => `${'SELECT * FROM ('.repeat(n)}SELECT 1${') x'.repeat(n)}`,
  EXISTS: (n) => `${'SELECT EXISTS ('.repeat(n)}SELECT 1${')'.repeat(n)}`,
  'IN of IN': (n) => `${'SELECT a IN ('.repeat(n)}SELECT 1${')'.repeat(n)}`,
  'WITH in WITH': (n) => `${'WITH x AS ('.repeat(n)}SELECT 1${') SELECT 1'.repeat(n)}`,
  'a chain of UNION': (n) => `${'SELECT 1 UNION '.repeat(n)}SELECT 1`,
  'UNION in parentheses': (n) => `${'SELECT 1 UNION ('.repeat(n)}SELECT 1${')'.repeat(n)}`,
  'a chain of joins': (n) => `SELECT * FROM t${' JOIN t ON true'.repeat(n)}`,
  'joins whose conditions come late': (n) => `SELECT * FROM t${' JOIN t'.repeat(n)}${' ON true'.repeat(n)}`,
  'joins in parentheses': (n) => `SELECT * FROM ${'('.repeat(n)}t${' CROSS JOIN t)'.repeat(n)}`,
  'grouping sets': (n) => `SELECT 1 GROUP BY ${'GROUPING SETS ('.repeat(n)}a${')'.repeat(n)}`,
  'window arguments': (n) => `SELECT * FROM ${'tumble((SELECT * FROM '.repeat(n)}t${'), ts, a)'.repeat(n)}`,
};

test.each(Object.keys(BOMBS))('%s', (name) => {
  const bomb = BOMBS[name] as (n: number) => string;
  for (const n of [1_500, 20_000]) {
    let error: unknown = null;
    try {
      parseStatements(bomb(n));
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(SqlError);
    // An unfinished or unlawful bomb may be a syntax error, if it is found before the limit.
    expect(['54001', '42601']).toContain((error as SqlError).code);
  }
});

test('what people write is far below the limit', () => {
  const fits: string[] = [
    'a chain of additions',
    'parentheses',
    'a chain of UNION',
    'a chain of joins',
    'calls in calls',
  ];
  for (const name of fits) {
    const sql = (BOMBS[name] as (n: number) => string)(120);
    for (const { statement } of parseStatements(sql)) expect(printStatement(statement)).not.toBe('');
  }
});

test('the longest list of AND and OR is flat', () => {
  expect(parseStatements(`SELECT ${'a AND b OR '.repeat(5_000)}c`)).toHaveLength(1);
});

test('whatever was parsed can be printed, at the very limit', () => {
  for (const bomb of Object.values(BOMBS)) {
    for (let n = 512; n > 64; n = Math.floor(n * 0.9)) {
      let parsed: ReturnType<typeof parseStatements> = [];
      try {
        parsed = parseStatements(bomb(n));
      } catch {
        continue;
      }
      for (const { statement } of parsed) expect(printStatement(statement)).not.toBe('');
      break;
    }
  }
});

test('the limit of print is an error of its own', () => {
  let expr: Expr = { kind: 'column-ref', at: 0, parts: ['a'] };
  for (let i = 0; i < 100_000; i++) expr = { kind: 'not', at: 0, operand: expr };
  expect(() => printExpr(expr)).toThrow('stack depth limit exceeded');
});

test('the error says what the limit is', () => {
  expect(() => parseStatements((BOMBS['parentheses'] as (n: number) => string)(2_000))).toThrowError(
    expect.objectContaining({
      code: '54001',
      message: 'stack depth limit exceeded',
      fields: expect.objectContaining({ hint: 'Expressions and queries can be nested 500 levels deep.' }),
    }),
  );
});
