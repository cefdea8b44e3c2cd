/**
 * The built server is killed with SIGKILL while clients write to it, over and over on one directory. After each restart every
 * acknowledged INSERT is there exactly once, an unacknowledged one whole or not at all, and all views, three levels deep, say
 * what the base rows say.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../../demo/client.ts';
import { freePort, type ServerProcess, startServer } from '../../demo/server-process.ts';
import { Random } from '../../src/base/random.ts';
import { expectedViews } from './expected.ts';
import { DEFINITIONS, type Row, type SentStatement, Writer } from './workload.ts';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 30);
const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const program = join(import.meta.dirname, '../../dist/src/main.js');

let directory: string;
let server: ServerProcess;

const start = async (): Promise<void> => {
  server = await startServer(program, directory, await freePort(), ['--checkpoint-interval', '150ms']);
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-crash-'));
  await start();
  const client = await Client.connect({ host: '127.0.0.1', port: server.port });
  for (const sql of DEFINITIONS) await client.query(sql);
  client.close();
});
afterAll(async () => {
  await server.kill();
  rmSync(directory, { recursive: true, force: true });
});

const rowsOf = async (client: Client, relation: string): Promise<Row[]> =>
  (await client.query(`SELECT client, n, batch FROM ${relation}`)).rows.map(([c, n, batch]) => ({
    client: Number(c),
    n: Number(n),
    batch: Number(batch),
  }));

const keyOf = ({ client, n, batch }: Row): string => `${client}|${n}|${batch}`;

/** Holds the book of one relation against its rows, and settles what became of statements nobody answered. */
function settle(book: readonly SentStatement[], rows: readonly Row[]): void {
  const copies = new Map<string, number>();
  for (const row of rows) copies.set(keyOf(row), (copies.get(keyOf(row)) ?? 0) + 1);
  expect([...copies].filter(([, n]) => n > 1)).toEqual([]);
  for (const statement of book) {
    const present = statement.rows.filter((row) => copies.has(keyOf(row))).length;
    const expected =
      statement.fate === 'acknowledged' ? statement.rows.length : statement.fate === 'lost' ? 0 : present;
    expect({ ...statement, present }).toEqual({ ...statement, present: expected });
    expect([0, statement.rows.length]).toContain(present);
    statement.fate = present > 0 ? 'acknowledged' : 'lost';
  }
  expect(copies.size).toBe(
    book.filter(({ fate }) => fate === 'acknowledged').reduce((n, { rows: of }) => n + of.length, 0),
  );
}

async function check(writers: readonly Writer[]): Promise<void> {
  const client = await Client.connect({ host: '127.0.0.1', port: server.port });
  const book = writers.flatMap((writer) => writer.book);
  const events = await rowsOf(client, 'event');
  const entries = await rowsOf(client, 'entry');
  settle(
    book.filter(({ relation }) => relation === 'event'),
    events,
  );
  settle(
    book.filter(({ relation }) => relation === 'entry'),
    entries,
  );
  for (const [view, expected] of expectedViews(events, entries)) {
    const { rows } = await client.query(`SELECT * FROM ${view}`);
    expect({ view, rows: rows.map((row) => row.map((value) => value ?? 'NULL').join('|')).sort() }).toEqual({
      view,
      rows: expected,
    });
  }
  client.close();
}

test(`${KILLS} kills lose nothing and double nothing (seed ${seed})`, { timeout: 240_000 }, async () => {
  const random = new Random(seed);
  const writers = [1, 2, 3, 4, 5].map((client) => new Writer(client, new Random(seed + client)));
  for (let kill = 0; kill < KILLS; kill++) {
    const writing = writers.map((writer) => writer.write(server.port));
    await new Promise((resolve) => setTimeout(resolve, 20 + random.below(300)));
    await server.kill();
    await Promise.all(writing);
    await start();
    await check(writers);
  }
  const acknowledged = writers.flatMap((writer) => writer.book).filter(({ fate }) => fate === 'acknowledged').length;
  console.log(`kill test: seed ${seed}, ${KILLS} kills, ${acknowledged} statements kept`);
  expect(acknowledged).toBeGreaterThan(KILLS);
});
