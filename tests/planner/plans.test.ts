/**
 * Plans as text. Commands: `plan` shows the finished plan of a query, `view` that of a view, `bound` the plan before the rules (what
 * unnesting made), `state` a view's plan with its properties. `expect=rule` demands that the named rule fired, `never=rule` that
 * it did not.
 */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { explainPlan } from '../../src/planner/explain.ts';
import type { PlannedQuery } from '../../src/planner/planner.ts';
import { rules } from '../../src/planner/rules/index.ts';
import { type Directive, runDataDriven } from '../support/datadriven.ts';
import { catalogOf, environmentFor, planOf } from './fixture.ts';

const catalog = catalogOf(`
  CREATE TABLE t (a int PRIMARY KEY, b text, c numeric);
  CREATE TABLE u (a int, b int, x bigint, y text);
  CREATE TABLE w (k int, n int, m text, PRIMARY KEY (k, n));
  CREATE STREAM s (id bigint, ts timestamp, k text, v int, WATERMARK FOR ts AS ts - INTERVAL '5 seconds');
  CREATE STREAM s2 (id bigint, ts timestamp, v int);
`);

const fired = new Set<string>();
const disappointments: string[] = [];

function handle({ command, args, input }: Directive): string {
  try {
    const isView = command === 'view' || command === 'state';
    const planned = planOf(input, environmentFor(catalog, isView ? 'view' : 'query'));
    check(planned, args, input);
    if (command === 'bound') return planned.trace[0]?.plan ?? '';
    return explainPlan(planned.query, { state: command === 'state' });
  } catch (error) {
    if (error instanceof SqlError) return `error ${error.code}: ${error.message}${hintOf(error)}`;
    throw error;
  }
}

const hintOf = (error: SqlError): string => (error.fields.hint === undefined ? '' : `\nhint: ${error.fields.hint}`);

function check(planned: PlannedQuery, args: readonly string[], sql: string): void {
  const names = planned.trace.map((step) => step.rule);
  for (const arg of args) {
    const [kind, rule] = arg.split('=') as [string, string];
    if (names.includes(rule) !== (kind === 'expect')) disappointments.push(`${arg}: ${sql}`);
    if (kind === 'expect') fired.add(rule);
  }
}

runDataDriven(join(import.meta.dirname, 'plans'), () => handle);

test('the rules that tests name fire, and only where they should', () => {
  expect(disappointments).toEqual([]);
});

test('every rule has a test that names it', () => {
  expect(rules.map((rule) => rule.name).filter((name) => !fired.has(name))).toEqual([]);
});

test('rules have different names, a doc sentence and a counter-example', () => {
  expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
  for (const rule of rules) {
    expect(rule.doc).toMatch(/\.$/);
    expect(rule.counterExample).not.toBe('');
  }
});
