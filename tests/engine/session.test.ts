/** Sessions against one engine in this process: what concurrent transactions see, and what survives them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { type EngineServer, openEngine } from '../../src/engine/engine.ts';
import type { Session } from '../../src/engine/session.ts';
import { answerOf } from '../../tools/slt/collect.ts';
import { connectTo, openServer } from '../../tools/slt/millrace.ts';

let directory: string;
let server: EngineServer;
let session: Session;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-session-'));
  server = await openServer(directory);
  session = connectTo(server);
});

afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

async function rows(sql: string, by: Session = session): Promise<(string | null)[][]> {
  const answer = await answerOf(by, sql);
  if (answer.kind === 'error') throw new Error(`${answer.code}: ${answer.message}`);
  return answer.rows.map((row) => [...row]);
}

const run = async (...statements: string[]): Promise<void> => {
  for (const sql of statements) await rows(sql);
};

async function restart(): Promise<void> {
  await server.crash();
  server = await openServer(directory);
  session = connectTo(server);
}

test('updates of one row from many sessions at once all count', async () => {
  await run('CREATE TABLE t (k int PRIMARY KEY, v int)', 'INSERT INTO t VALUES (1, 0)');
  const others = Array.from({ length: 20 }, () => connectTo(server));
  await Promise.all(others.map((other) => rows('UPDATE t SET v = v + 1 WHERE k = 1', other)));
  expect(await rows('SELECT v FROM t')).toEqual([['20']]);
});

test('of two explicit transactions that update one row the second to commit must try again', async () => {
  await run('CREATE TABLE t (k int PRIMARY KEY, v int)', 'INSERT INTO t VALUES (1, 0)');
  const other = connectTo(server);
  for (const one of [session, other]) await rows('BEGIN', one);
  for (const one of [session, other]) await rows('UPDATE t SET v = v + 1 WHERE k = 1', one);
  await rows('COMMIT', session);
  await expect(rows('COMMIT', other)).rejects.toThrow('40001');
  expect(await rows('SELECT v FROM t')).toEqual([['1']]);
});

test('a transaction sees its own writes in tables and in views over views, others see none of it', async () => {
  await run(
    'CREATE TABLE t (k int PRIMARY KEY, v int)',
    'CREATE MATERIALIZED VIEW sums AS SELECT k % 2 AS odd, sum(v) AS total FROM t GROUP BY k % 2',
    'CREATE MATERIALIZED VIEW top AS SELECT max(total) AS best FROM sums',
    'INSERT INTO t VALUES (1, 10), (2, 20)',
    'BEGIN',
    'INSERT INTO t VALUES (3, 100)',
    'DELETE FROM t WHERE k = 2',
  );
  expect(await rows('SELECT best FROM top')).toEqual([['110']]);
  expect(await rows('SELECT best FROM top', connectTo(server))).toEqual([['20']]);
  await run('ROLLBACK');
  expect(await rows('SELECT best FROM top')).toEqual([['20']]);
});

test('a savepoint takes back what came after it', async () => {
  await run('CREATE TABLE t (k int PRIMARY KEY)', 'BEGIN', 'INSERT INTO t VALUES (1)', 'SAVEPOINT a');
  await run('INSERT INTO t VALUES (2)', 'ROLLBACK TO a', 'INSERT INTO t VALUES (3)', 'COMMIT');
  expect(await rows('SELECT k FROM t ORDER BY k')).toEqual([['1'], ['3']]);
});

test('a row that a view cannot compute is kept beside it, and leaves with its source row', async () => {
  await run(
    'CREATE TABLE t (k int PRIMARY KEY, d int)',
    'CREATE MATERIALIZED VIEW q AS SELECT k, 100 / d AS share FROM t',
    'INSERT INTO t VALUES (1, 4), (2, 0), (3, 5)',
  );
  expect(await rows('SELECT k, share FROM q ORDER BY k')).toEqual([
    ['1', '25'],
    ['3', '20'],
  ]);
  expect(await rows('SELECT sqlstate, message FROM q$errors')).toEqual([['22012', 'division by zero']]);
  expect(await rows("SELECT errors FROM millrace.views WHERE name = 'q'")).toEqual([['1']]);
  await run('UPDATE t SET d = 50 WHERE k = 2');
  expect(await rows('SELECT count(*) FROM q$errors')).toEqual([['0']]);
  expect(await rows('SELECT share FROM q WHERE k = 2')).toEqual([['2']]);
});

test('a view keeps the time zone it was created in, over a crash too', async () => {
  await run(
    "SET TimeZone = 'America/New_York'",
    'CREATE STREAM s (at timestamptz)',
    'CREATE MATERIALIZED VIEW days AS SELECT at::date AS day, count(*) AS n FROM s GROUP BY at::date',
    "INSERT INTO s VALUES ('2024-07-01 02:00+00')",
  );
  await restart();
  await run("SET TimeZone = 'Asia/Tokyo'", "INSERT INTO s VALUES ('2024-07-01 03:00+00')");
  expect(await rows('SELECT day, n FROM days')).toEqual([['2024-06-30', '2']]);
});

test('the watermark of a stream never falls, and survives checkpoint and crash', async () => {
  const watermark = () => rows("SELECT watermark FROM millrace.streams WHERE name = 's'");
  await run(
    "CREATE STREAM s (ts timestamp, WATERMARK FOR ts AS ts - INTERVAL '5 seconds')",
    "INSERT INTO s VALUES ('2024-01-01 00:01:00')",
    "INSERT INTO s VALUES ('2024-01-01 00:00:30')",
  );
  expect(await watermark()).toEqual([['2024-01-01 00:00:55']]);
  await server.checkpoint();
  await restart();
  expect(await watermark()).toEqual([['2024-01-01 00:00:55']]);
  await run("INSERT INTO s VALUES ('2024-01-01 00:02:00')");
  await restart();
  expect(await watermark()).toEqual([['2024-01-01 00:01:55']]);
});

test('DDL inside an explicit transaction is refused, and the block has failed', async () => {
  await run('BEGIN');
  await expect(rows('CREATE TABLE t (k int)')).rejects.toThrow('25001');
  await expect(rows('SELECT 1')).rejects.toThrow('25P02');
  await run('ROLLBACK');
});

test('a stream says how long it keeps its rows, and refuses a retention that is none', async () => {
  await run(
    "CREATE STREAM a (x int) WITH (retention = 'forever')",
    "CREATE STREAM b (x int) WITH (retention = '2 days')",
  );
  expect(await rows('SELECT name, retention FROM millrace.streams ORDER BY name')).toEqual([
    ['a', 'forever'],
    ['b', '2 days'],
  ]);
  await expect(rows("CREATE STREAM c (x int) WITH (retention = 'a while')")).rejects.toThrow('22023');
  await expect(rows("CREATE STREAM c (x int) WITH (colour = 'red')")).rejects.toThrow('22023');
});

test('a cancelled query stops with 57014 and the session goes on', async () => {
  await run('CREATE TABLE t (x int)', 'INSERT INTO t SELECT generate_series(1, 20000)');
  const query = answerOf(session, 'SELECT count(*) FROM t a, t b WHERE a.x + b.x = 7');
  setTimeout(() => server.cancel(session.pid, session.secret), 20);
  expect(await query).toMatchObject({
    kind: 'error',
    code: '57014',
    message: 'canceling statement due to user request',
  });
  await run("SET statement_timeout = '20ms'");
  expect(await answerOf(session, 'SELECT count(*) FROM t a, t b WHERE a.x + b.x = 7')).toMatchObject({
    code: '57014',
    message: 'canceling statement due to statement timeout',
  });
  expect(await rows('SELECT 1')).toEqual([['1']]);
});

test('the one who made the data directory stays a superuser, whoever starts the server later', async () => {
  const maker = userInfo().username;
  await server.checkpoint();
  await server.crash();
  server = await openEngine({
    directory,
    clock: systemClock,
    logger: silentLogger,
    threaded: false,
    operatingSystemUser: 'somebody_else',
    version: '0.0.0-test',
    checkpointIntervalMs: 0,
  });
  session = connectTo(server);
  expect(await rows('SELECT rolname FROM pg_roles ORDER BY oid')).toEqual([[maker], ['millrace'], ['postgres']]);
});

test('a key is judged against the whole block, also after a savepoint took part of it back', async () => {
  await run('CREATE TABLE t (k int PRIMARY KEY)', 'BEGIN', 'INSERT INTO t VALUES (1)', 'SAVEPOINT a');
  await run('INSERT INTO t VALUES (2)', 'ROLLBACK TO a', 'INSERT INTO t VALUES (2)', 'DELETE FROM t WHERE k = 2');
  await run('INSERT INTO t VALUES (2)', 'SAVEPOINT b');
  await expect(rows('INSERT INTO t VALUES (1)')).rejects.toThrow('23505');
  await run('ROLLBACK TO b', 'COMMIT');
  expect(await rows('SELECT k FROM t ORDER BY k')).toEqual([['1'], ['2']]);
});
