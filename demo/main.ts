/**
 * `npm run demo`: the main job on real input. Starts a server on a temporary folder, defines a stream and five views over the
 * wire like any client, replays 20,000 US flights in the order in which they left, and shows the views keeping up.
 * `--once` needs no terminal: it replays as fast as it can, prints the final tables, and holds every row of every view against a
 * computation from the file.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.ts';
import { expectedRows } from './expected.ts';
import { type Flight, readAirports, readFlights, timestampOf } from './flights.ts';
import { isTerminal, progressLine, Screen, tableLines } from './screen.ts';
import { freePort, startServer } from './server-process.ts';
import { DEFINITIONS, VIEWS } from './views.ts';

const ROWS_PER_INSERT = 100;
/** A replay before an audience takes about this long. */
const SHOW_SECONDS = 25;
const REDRAW_MS = 250;

const once = process.argv.includes('--once');
const flights = readFlights();
const airports = readAirports();

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function define(client: Client): Promise<void> {
  for (const definition of DEFINITIONS) await client.query(definition);
  for (const view of VIEWS) await client.query(`CREATE MATERIALIZED VIEW ${view.name} AS ${view.query}`);
  const rows = airports.map((a) => `(${[a.iata, a.city, a.state].map(quote).join(', ')})`);
  await client.query(`INSERT INTO airports VALUES ${rows.join(', ')}`);
}

const rowOf = (f: Flight): string =>
  `(${quote(timestampOf(f.departure))}, ${quote(f.origin)}, ${quote(f.destination)}, ${f.delay}, ${f.distance})`;

/** Inserts everything, a hundred rows a statement, calling `after` behind each. */
async function replay(client: Client, after: (done: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < flights.length; from += ROWS_PER_INSERT) {
    const part = flights.slice(from, from + ROWS_PER_INSERT);
    await client.query(`INSERT INTO flights VALUES ${part.map(rowOf).join(', ')}`);
    await after(from + part.length);
  }
}

async function panels(client: Client): Promise<string[]> {
  const lines: string[] = [];
  for (const view of VIEWS) lines.push('', `*${view.title}`, ...tableLines(await client.query(view.shown)));
  return lines;
}

/** Draws a few times a second and holds the pace. */
async function show(client: Client, port: number): Promise<void> {
  const screen = new Screen();
  process.once('exit', () => screen.close());
  const started = performance.now();
  let drawn = 0;
  const draw = async (done: number): Promise<void> => {
    const last = flights[done - 1] as Flight;
    const note = `${done} flights, now ${timestampOf(last.departure + last.delay)}`;
    const hint = done < flights.length ? '' : 'Done. The server stays up: press Ctrl-C to leave.';
    const head = [
      '*Millrace demo: US flights, January to March 2001',
      progressLine(done, flights.length, note, screen.width),
    ];
    const footer = [
      '',
      `*In another terminal: psql -h 127.0.0.1 -p ${port}`,
      '  try: SELECT * FROM bursts ORDER BY flights DESC LIMIT 3;',
      hint,
    ];
    screen.draw([...head, ...(await panels(client)), ...footer]);
  };
  await replay(client, async (done) => {
    const due = (done / flights.length) * SHOW_SECONDS * 1000;
    await sleep(Math.max(0, due - (performance.now() - started)));
    if (performance.now() - drawn < REDRAW_MS && done < flights.length) return;
    drawn = performance.now();
    await draw(done);
  });
}

async function tell(client: Client, port: number): Promise<void> {
  const started = performance.now();
  await replay(client, async (done) => {
    if (done % (flights.length / 5) === 0) console.log(progressLine(done, flights.length, `${done} flights`, 80));
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(`${flights.length} flights in ${seconds.toFixed(2)} s, every INSERT durable and visible in all views.`);
  console.log((await panels(client)).map((line) => line.replace(/^\*/, '')).join('\n'));
  if (!once) console.log(`\npsql -h 127.0.0.1 -p ${port}\nThe server stays up: press Ctrl-C to leave.`);
}

/** Every view against the file; returns how many differ. */
async function check(client: Client): Promise<number> {
  let wrong = 0;
  for (const [name, expected] of expectedRows(flights, airports)) {
    const { rows } = await client.query(`SELECT * FROM ${name}`);
    const actual = new Set(rows.map((row) => row.join('|')));
    const missing = expected.filter((row) => !actual.has(row.join('|')));
    const isRight = missing.length === 0 && rows.length === expected.length;
    if (!isRight) wrong++;
    console.log(
      `${isRight ? 'ok   ' : 'WRONG'} ${name}: ${rows.length} rows, ${expected.length} expected from the file`,
    );
    for (const row of missing.slice(0, 3)) console.log(`      missing: ${row.join(' | ')}`);
  }
  return wrong;
}

const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    process.once('SIGHUP', resolve);
  });

async function main(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
  const server = await startServer(join(import.meta.dirname, '../src/main.js'), directory, await freePort());
  process.once('exit', () => {
    server.child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  const interrupted = once ? new Promise<void>(() => {}) : untilInterrupted();
  const client = await Client.connect({ host: '127.0.0.1', port: server.port });
  await define(client);
  const work = !once && isTerminal() ? show(client, server.port) : tell(client, server.port);
  await Promise.race([work, interrupted]);
  const wrong = once ? await check(client) : 0;
  if (!once) await interrupted;
  client.close();
  await server.stop();
  return wrong === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
