/**
 * Point lookups by key on a maintained view of 100,000 rows, as `pgbench -S` does them: simple and prepared statements, 1 and 8
 * clients, against PostgreSQL's materialized view with an index, on the same machine, in turns. pgbench is the load on both
 * sides and shares the processors, so where it is the limit both figures flatten. The ratio is what counts.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startServer } from '../demo/server-process.ts';
import { folderOf, runSql, startPeer } from './postgres-peer.ts';

const KEYS = 100_000;
const SECONDS = 5;
const runs = [
  { mode: 'simple', clients: 1 },
  { mode: 'simple', clients: 8 },
  { mode: 'prepared', clients: 1 },
  { mode: 'prepared', clients: 8 },
] as const;

const script = `\\set k random(1, ${KEYS})
SELECT balance FROM balances WHERE id = :k;
`;
const table = 'CREATE TABLE entries (n int PRIMARY KEY, id int NOT NULL, amount int NOT NULL)';
const view = 'CREATE MATERIALIZED VIEW balances AS SELECT id, sum(amount) AS balance FROM entries GROUP BY id';

const BATCH = 1000;

function* inserts(): Generator<string> {
  for (let first = 1; first <= KEYS; first += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, i) => `(${first + i}, ${first + i}, ${(first + i) % 1000})`);
    yield `INSERT INTO entries VALUES ${rows.join(', ')}`;
  }
}

const setup = [table, ...inserts(), view].join(';\n');

type Run = (typeof runs)[number];
type Figure = Run & { readonly millrace: number; readonly postgres: number | null };

export async function run(options: { readonly json: boolean }): Promise<void> {
  const program = folderOf('pgbench');
  if (program === null) {
    console.log('no pgbench found: nothing to measure with');
    console.log(JSON.stringify({ bench: 'lookups', skipped: 'no pgbench' }));
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'millrace-lookups-'));
  const scriptFile = join(directory, 'lookup.sql');
  writeFileSync(scriptFile, script);
  const server = await startServer(
    join(import.meta.dirname, '../src/main.js'),
    join(directory, 'data'),
    await freePort(),
  );
  const peer = await startPeer();
  try {
    runSql(server.port, setup);
    if (peer !== null) {
      runSql(peer.port, setup);
      runSql(peer.port, 'CREATE UNIQUE INDEX balances_id ON balances (id)');
      runSql(peer.port, 'VACUUM ANALYZE balances');
      checkSame(server.port, peer.port);
    }
    const measure = (port: number, each: Run) => pgbench(join(program, 'pgbench'), scriptFile, port, each);
    const figures: Figure[] = [];
    for (const each of runs) {
      const millrace = await measure(server.port, each);
      const postgres = peer === null ? null : await measure(peer.port, each);
      figures.push({ ...each, millrace, postgres });
      if (!options.json) printFigure(figures.at(-1) as Figure, figures.length === 1);
    }
    const peerVersion = peer?.version ?? null;
    console.log(JSON.stringify({ bench: 'lookups', keys: KEYS, peer: peerVersion, transactionsPerSecond: figures }));
  } finally {
    await server.stop();
    await peer?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A fast wrong answer is no figure. */
function checkSame(port: number, peerPort: number): void {
  const sql = `SELECT count(*), sum(balance), min(id), max(id) FROM balances`;
  const [ours, theirs] = [runSql(port, sql), runSql(peerPort, sql)];
  if (ours !== theirs) throw new Error(`the views differ: ${ours} and ${theirs}`);
}

async function pgbench(program: string, scriptFile: string, port: number, { mode, clients }: Run): Promise<number> {
  const target = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres'];
  const load = ['-n', '-f', scriptFile, '-M', mode, '-c', `${clients}`, '-j', '1', '-T', `${SECONDS}`];
  const { stdout } = await promisify(execFile)(program, [...target, ...load, 'postgres']);
  const failed = /number of failed transactions: (\d+)/.exec(stdout)?.[1];
  const tps = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (tps === undefined || (failed !== undefined && failed !== '0')) throw new Error(`pgbench failed:\n${stdout}`);
  return Math.round(Number(tps));
}

function printFigure({ mode, clients, millrace, postgres }: Figure, isFirst: boolean): void {
  if (isFirst) console.log('mode      clients   millrace/s   postgres/s   ratio');
  const ratio = postgres === null ? '' : (millrace / postgres).toFixed(2);
  const columns = [
    `${clients}`.padStart(7),
    `${millrace}`.padStart(13),
    `${postgres ?? '-'}`.padStart(13),
    ratio.padStart(8),
  ];
  console.log(mode.padEnd(10) + columns.join(''));
}
