/** The streaming dialect: what reduces to one node, and what stays an ordinary name. */
import { expect, test } from 'vitest';
import type { Statement } from '../../src/parser/ast.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { withoutPositions } from './compare-trees.ts';

function parseOne(sql: string): Statement {
  const [only] = parseStatements(sql);
  if (only === undefined) throw new Error(`no statement in ${sql}`);
  return only.statement;
}

/** The first FROM item of a SELECT. */
function fromOf(sql: string) {
  const statement = parseOne(sql);
  const body = statement.kind === 'select-statement' ? statement.query.body : null;
  return body?.kind === 'select' ? body.from[0] : undefined;
}

const shape = (sql: string) => withoutPositions(fromOf(sql));

test('every spelling of a window gives the node of the canonical one', () => {
  const spellings: [string, string][] = [
    ["tumble(s, ts, interval '5' minute)", "table(tumble(table s, descriptor(ts), interval '5' minute))"],
    ["tumble(s, ts, interval '5' minute)", "tumble(table s, descriptor(ts), size => interval '5' minute)"],
    ["tumble(s, ts, interval '5' minute)", "tumble(s, ts, interval '5' minutes)"],
    [
      "hop(s, ts, interval '1' minute, interval '5' minute)",
      "hop(data => table s, timecol => descriptor(ts), size => interval '5' minute, slide => interval '1' minute)",
    ],
    [
      "cumulate(s, ts, interval '1' minute, interval '5' minute)",
      "cumulate(table s, descriptor(ts), step => interval '1' minute, size => interval '5' minute)",
    ],
    [
      "session(s partition by k, ts, interval '5' minute)",
      "session(table s partition by k, descriptor(ts), interval '5' minute)",
    ],
    [
      "session(s partition by k, ts, interval '5' minute)",
      "session(table s, descriptor(ts), descriptor(k), interval '5' minute)",
    ],
    [
      "session(s partition by a, b, ts, interval '5' minute)",
      "session(s partition by (a, b), ts, interval '5' minute)",
    ],
  ];
  for (const [canonical, other] of spellings) {
    expect(shape(`select * from ${other}`), other).toEqual(shape(`select * from ${canonical}`));
  }
});

test('a window table keeps its partition, offset and zone apart', () => {
  expect(fromOf("select * from tumble(s, ts, a, b, time zone 'Europe/Berlin') w")).toMatchObject({
    kind: 'window-table',
    window: 'tumble',
    partitionBy: null,
    intervals: [{ parts: ['a'] }],
    offset: { parts: ['b'] },
    timeZone: { text: 'Europe/Berlin' },
    alias: { name: 'w' },
  });
  expect(fromOf('select * from session(s partition by (), ts, a)')).toMatchObject({ partitionBy: [] });
  expect(fromOf('select * from session(s, ts, a)')).toMatchObject({ partitionBy: null });
});

test('tumble and its kin are functions where the first argument is no relation', () => {
  expect(fromOf('select * from tumble(1, 2)')).toMatchObject({ kind: 'table-function' });
  expect(fromOf('select * from hop(f(a), b)')).toMatchObject({ kind: 'table-function' });
  expect(fromOf('select * from "tumble"(a, b)')).toMatchObject({ kind: 'table-function' });
  expect(fromOf('select * from tumble')).toMatchObject({ kind: 'table' });
});

test('EMIT is a clause only with the word that follows', () => {
  const emitOf = (sql: string) => {
    const statement = parseOne(sql);
    return statement.kind === 'select-statement' ? (statement.query.emit?.mode ?? null) : null;
  };
  expect(emitOf('select a from t emit changes')).toBe('changes');
  expect(emitOf('select a from t x emit on window close')).toBe('on-window-close');
  expect(emitOf('select a from t where b emit final limit 3')).toBe('final');
  expect(emitOf('select a emit from t emit')).toBe(null);
  expect(emitOf('select * from a join b emit on emit.x = a.x')).toBe(null);
});

test('a view keeps the text of its query, EMIT included', () => {
  const sql = 'create materialized view v as  select a from s\n emit final  with no data';
  expect(parseOne(sql)).toMatchObject({ queryText: 'select a from s\n emit final', withData: false });
});

test('a stream keeps its watermark, options and format', () => {
  const sql = `create stream s (a int, ts timestamptz, watermark for ts as ts - interval '5 seconds')
    with (connector = 'kafka', 'Some.Key' = 'x', size = 10, on_time) format plain encode json (strict = false)`;
  expect(parseOne(sql)).toMatchObject({
    kind: 'create-stream',
    watermark: { column: 'ts', expr: { kind: 'binary' } },
    options: [
      { name: 'connector', value: 'kafka' },
      { name: 'Some.Key', value: 'x' },
      { name: 'size', value: '10' },
      { name: 'on_time', value: 'true' },
    ],
    format: { format: 'plain', encode: 'json', options: [{ name: 'strict', value: 'false' }] },
  });
});

test('a second watermark is refused', () => {
  expect(() => parseOne('create stream s (a int, watermark for a, watermark for a)')).toThrow(
    'a relation has at most one watermark',
  );
});

test('the words of the dialect are ordinary names elsewhere', () => {
  const words =
    'stream source sink emit watermark tumble hop cumulate session append subscribe flush plan state qualify';
  for (const word of words.split(' ')) {
    expect(parseOne(`select ${word}, t.${word} as ${word} from ${word} as ${word}`).kind).toBe('select-statement');
    expect(parseOne(`create table ${word} (${word} int)`).kind).toBe('create-table');
  }
});
