/**
 * Restart with a million groups of state: time from starting the process to the first answer of a point read, and to the first
 * answer of a scan. Once after an orderly stop (all state in the checkpoint), once after SIGKILL with ticks to replay.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../demo/client.ts';
import { freePort, type ServerProcess, startServer } from '../demo/server-process.ts';

const GROUPS = 1_000_000;
const ROWS_PER_INSERT = 50_000;
const program = join(import.meta.dirname, '../src/main.js');

type Restart = { readonly pointMs: number; readonly scanMs: number };

async function fill(server: ServerProcess): Promise<void> {
  const client = await Client.connect({ host: '127.0.0.1', port: server.port });
  await client.query('CREATE TABLE event (id int PRIMARY KEY, amount int NOT NULL)');
  await client.query(
    'CREATE MATERIALIZED VIEW totals AS SELECT id AS k, count(*) AS c, sum(amount) AS s FROM event GROUP BY id',
  );
  for (let from = 0; from < GROUPS; from += ROWS_PER_INSERT) {
    await client.query(
      `INSERT INTO event SELECT g, g % 97 FROM generate_series(${from}, ${from + ROWS_PER_INSERT - 1}) AS g`,
    );
  }
  client.close();
}

async function restart(directory: string): Promise<{ readonly server: ServerProcess; readonly times: Restart }> {
  const started = performance.now();
  const server = await startServer(program, directory, await freePort());
  const client = await Client.connect({ host: '127.0.0.1', port: server.port });
  const point = await client.query(`SELECT s FROM totals WHERE k = ${GROUPS / 2}`);
  const pointMs = Math.round(performance.now() - started);
  const scan = await client.query('SELECT count(*), sum(c) FROM totals');
  const scanMs = Math.round(performance.now() - started);
  client.close();
  if (Number(scan.rows[0]?.[0]) !== GROUPS || point.rows.length !== 1)
    throw new Error('groups are missing after the restart');
  return { server, times: { pointMs, scanMs } };
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-recovery-'));
  try {
    const first = await startServer(program, directory, await freePort(), ['--checkpoint-interval', '5s']);
    await fill(first);
    await first.kill();
    const afterKill = await restart(directory);
    await afterKill.server.stop();
    const afterStop = await restart(directory);
    await afterStop.server.stop();
    if (!options.json) {
      console.log(`${GROUPS} groups`);
      console.log(
        `  after SIGKILL      first point read ${afterKill.times.pointMs} ms, first scan ${afterKill.times.scanMs} ms`,
      );
      console.log(
        `  after an orderly stop  first point read ${afterStop.times.pointMs} ms, first scan ${afterStop.times.scanMs} ms`,
      );
    }
    console.log(
      JSON.stringify({
        bench: 'recovery',
        node: process.version,
        groups: GROUPS,
        afterKill: afterKill.times,
        afterStop: afterStop.times,
      }),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
