/** Tree for tree against PostgreSQL's own parser (libpg-query, version 17 of the grammar). */
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { printStatement } from '../../src/parser/print.ts';
import { firstDifference, ironed, withoutPositions } from './compare-trees.ts';
import { readRecorded, readStatements } from './corpus.ts';
import { convertStatement } from './postgres-statements.ts';
import { randomExpression, randomQuery } from './random-sql.ts';

beforeAll(async () => {
  await loadModule();
});

type Verdict = { readonly compared: number; readonly differences: string[] };

/** Compares every statement of `sql`; what we call unsupported, or no shape is written for, is not compared. */
function compare(sql: string, verdict: { compared: number; differences: string[] }): void {
  let theirs: { stmts: { stmt: Parameters<typeof convertStatement>[0] }[] };
  try {
    theirs = parseSync(sql);
  } catch (error) {
    verdict.differences.push(`${sql}\n  PostgreSQL refuses it: ${String(error)}`);
    return;
  }
  // Their positions count bytes.
  const comparePositions = /^[\0-\x7f]*$/.test(sql);
  const ours = parseStatements(sql);
  for (const [i, { stmt }] of theirs.stmts.entries()) {
    const statement = ours[i]?.statement;
    if (statement?.kind === 'unsupported') continue;
    const converted = convertStatement(stmt);
    if (converted === null) continue;
    verdict.compared++;
    const difference = firstDifference(converted, ironed(statement), comparePositions);
    if (difference !== null) verdict.differences.push(`${sql}\n  ${difference}`);
  }
}

function compareAll(statements: readonly string[]): Verdict {
  const verdict = { compared: 0, differences: [] as string[] };
  for (const sql of statements) compare(sql, verdict);
  return verdict;
}

test('our own statements have the tree and the positions that PostgreSQL gives them', () => {
  const { compared, differences } = compareAll(readStatements('postgres.sql'));
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(290);
});

test('the recorded statements of clients have the tree and the positions that PostgreSQL gives them', () => {
  const recorded = readRecorded();
  if (recorded === null) return;
  const { compared, differences } = compareAll(recorded);
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(1600);
});

test('random expressions without parentheses are grouped as PostgreSQL groups them, or refused where it refuses', () => {
  const random = new Random(20240601);
  const differences: string[] = [];
  let accepted = 0;
  for (let i = 0; i < 20_000; i++) {
    const sql = `SELECT ${randomExpression(random)}`;
    const theirs = attempt(() => parseSync(sql));
    const ours = attempt(() => parseStatements(sql));
    if (theirs === null || ours === null) {
      if (theirs !== ours) differences.push(`${sql}\n  ${theirs === null ? 'PostgreSQL' : 'our parser'} refuses it`);
      continue;
    }
    accepted++;
    const difference = firstDifference(convertStatement(theirs.stmts[0].stmt), ironed(ours[0]?.statement), true);
    if (difference !== null) differences.push(`${sql}\n  ${difference}`);
  }
  expect(differences.slice(0, 10)).toEqual([]);
  expect(accepted).toBeGreaterThan(12_000);
});

test('what print writes, PostgreSQL reads as the statement it was', () => {
  const random = new Random(3);
  const statements = [...readStatements('postgres.sql'), ...(readRecorded() ?? [])];
  for (let i = 0; i < 1_000; i++) statements.push(randomQuery(random));
  for (const sql of statements) {
    for (const { statement, text } of parseStatements(sql)) {
      if (statement.kind === 'unsupported') continue;
      const printed = printStatement(statement);
      const theirs = attempt(() => treeText(printed));
      if (theirs !== treeText(text)) expect.fail(`${text}\n  printed as ${printed}`);
    }
  }
});

/** PostgreSQL's tree in our shape and without positions. */
function treeText(sql: string): string {
  const { stmts } = parseSync(sql) as { stmts: { stmt: Parameters<typeof convertStatement>[0] }[] };
  return JSON.stringify(stmts.map(({ stmt }) => withoutPositions(convertStatement(stmt))));
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
