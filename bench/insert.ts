/**
 * Freshness of durable single-row INSERTs over the wire, with 1 and 64 clients and three levels of views above the stream. An INSERT that
 * is acknowledged is visible in every view, so the time to the acknowledgement is the time to the view; a second figure includes
 * a read of the topmost view that proves it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../demo/client.ts';
import { freePort, startServer } from '../demo/server-process.ts';
import { percentiles } from './percentiles.ts';

const SECONDS = 4;
const DEFINITIONS = [
  'CREATE STREAM event (client int NOT NULL, n int NOT NULL, amount numeric(10,2) NOT NULL)',
  'CREATE MATERIALIZED VIEW per_client AS SELECT client, count(*) AS c, max(n) AS last, sum(amount) AS total FROM event GROUP BY client',
  'CREATE MATERIALIZED VIEW busy AS SELECT client, c, last, total FROM per_client WHERE c > 0',
  'CREATE MATERIALIZED VIEW top_level AS SELECT client % 1000 AS client, max(last) AS last, sum(total) AS total FROM busy GROUP BY client % 1000',
];

type Samples = { readonly acknowledged: number[]; readonly seen: number[] };

async function writer(port: number, client: number, samples: Samples): Promise<void> {
  const connection = await Client.connect({ host: '127.0.0.1', port });
  const end = performance.now() + SECONDS * 1000;
  for (let n = 1; performance.now() < end; n++) {
    const sent = performance.now();
    await connection.query(`INSERT INTO event VALUES (${client}, ${n}, ${n % 100}.25)`);
    samples.acknowledged.push(performance.now() - sent);
    const { rows } = await connection.query(`SELECT last FROM top_level WHERE client = ${client}`);
    samples.seen.push(performance.now() - sent);
    if (Number(rows[0]?.[0]) !== n) throw new Error(`row ${n} of client ${client} is acknowledged and not in the view`);
  }
  connection.close();
}

async function measure(port: number, clients: number, firstClient: number): Promise<Samples> {
  const samples: Samples = { acknowledged: [], seen: [] };
  await Promise.all(Array.from({ length: clients }, (_, i) => writer(port, firstClient + i, samples)));
  return samples;
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-insert-'));
  const server = await startServer(join(import.meta.dirname, '../src/main.js'), directory, await freePort());
  try {
    const client = await Client.connect({ host: '127.0.0.1', port: server.port });
    for (const sql of DEFINITIONS) await client.query(sql);
    client.close();
    const results: Record<string, unknown> = {};
    for (const clients of [1, 64]) {
      const samples = await measure(server.port, clients, clients * 10);
      const acknowledged = percentiles(samples.acknowledged);
      const seen = percentiles(samples.seen);
      const perSecond = Math.round(samples.acknowledged.length / SECONDS);
      results[clients] = { insertsPerSecond: perSecond, acknowledgedMs: acknowledged, seenMs: seen };
      if (!options.json) {
        console.log(`${clients} clients: ${perSecond} INSERT/s`);
        console.log(
          `  sent to acknowledged and visible   p50 ${acknowledged.p50} ms  p99 ${acknowledged.p99} ms  max ${acknowledged.max} ms`,
        );
        console.log(`  sent to read back from the top     p50 ${seen.p50} ms  p99 ${seen.p99} ms  max ${seen.max} ms`);
      }
    }
    console.log(JSON.stringify({ bench: 'insert', node: process.version, seconds: SECONDS, clients: results }));
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
