/** The program as it is built: what it prints, how it ends, and that what was told to it is there the next time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';

const program = join(import.meta.dirname, '../dist/src/main.js');
const folder = mkdtempSync(join(tmpdir(), 'millrace-main-'));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Run = { readonly child: ChildProcess; out: string; err: string; readonly code: Promise<number | null> };

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'], ...environment } });
  children.push(child);
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const result: Run = { child, out: '', err: '', code };
  child.stdout.on('data', (bytes) => {
    result.out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    result.err += bytes;
  });
  return result;
}

/** Starts a server on a free port and waits for the line that says so. */
async function start(...args: readonly string[]): Promise<{ readonly server: Run; readonly port: number }> {
  const server = run(['start', '--port', '0', ...args]);
  for (let attempt = 0; attempt < 1000 && !server.out.includes('\n'); attempt++) {
    if (server.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const port = Number(/ port (\d+),/.exec(server.out)?.[1]);
  if (!(port > 0)) throw new Error(`no server: ${server.out}${server.err}`);
  return { server, port };
}

async function connectTo(port: number): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'millrace', database: 'millrace' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

test('help and version go to standard output', async () => {
  const help = run(['--help']);
  expect(await help.code).toBe(0);
  expect(help.out).toMatch(/^Millrace .*\n\nUsage: millrace start/);
  const asked = run(['version']);
  expect(await asked.code).toBe(0);
  expect(asked.out).toMatch(/^millrace \d+\.\d+\.\d+\n$/);
});

test('nonsense ends with status 2, what is refused with status 1, both on standard error', async () => {
  const nonsense = run(['start', '--prot', '1']);
  expect(await nonsense.code).toBe(2);
  expect(nonsense.err).toBe('millrace: unknown option --prot; did you mean --port?\n');
  const refused = run(['start'], { MILLRACE_HOST: '0.0.0.0', MILLRACE_DATA: join(folder, 'never') });
  expect(await refused.code).toBe(1);
  expect(refused.err).toMatch(/^millrace: refusing to listen on 0\.0\.0\.0 without a password/);
  expect(nonsense.out + refused.out).toBe('');
});

test('one line says where the server is, and SIGTERM ends it in order', async () => {
  const data = join(folder, 'kept');
  const first = await start('--data', data);
  expect(first.server.out).toBe(
    `Millrace 0.1.0: data in ${data}, listening on 127.0.0.1 port ${first.port}, ` +
      `clients need no password (trust). Connect with: psql -h 127.0.0.1 -p ${first.port}\n`,
  );
  const client = await connectTo(first.port);
  await client.query('CREATE TABLE t (a int PRIMARY KEY, b text)');
  await client.query("INSERT INTO t VALUES (1, 'é')");
  const told = new Promise((resolve) => client.once('error', resolve));
  first.server.child.kill('SIGTERM');
  expect(await first.server.code).toBe(0);
  expect(await told).toMatchObject({ code: '57P01' });

  const second = await start('--data', data);
  const again = await connectTo(second.port);
  expect((await again.query('SELECT * FROM t')).rows).toEqual([{ a: 1, b: 'é' }]);
  second.server.child.kill('SIGINT');
  expect(await second.server.code).toBe(0);
});

test('a server is healthy while it runs', async () => {
  const { server, port } = await start('--data', join(folder, 'health'));
  const healthy = run(['health', '--port', `${port}`]);
  expect(await healthy.code).toBe(0);
  server.child.kill('SIGTERM');
  await server.code;
  const gone = run(['health', '--port', `${port}`]);
  expect(await gone.code).toBe(1);
  expect(gone.err).toMatch(`no server on 127.0.0.1 port ${port}: connect ECONNREFUSED`);
});

test('a port that is taken is said so, with status 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const late = run(['start', '--data', join(folder, 'late'), '--port', `${port}`]);
  expect(await late.code).toBe(1);
  expect(late.err).toMatch(`millrace: cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`);
  const stranger = run(['health', '--port', `${port}`]);
  other.on('connection', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(await stranger.code).toBe(1);
  expect(stranger.err).toMatch('something else answers there');
  other.close();
});

test('with a password in the environment clients must know it', async () => {
  const server = run(['start', '--port', '0', '--data', join(folder, 'password')], { MILLRACE_PASSWORD: 'pw' });
  while (!server.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(server.out).toContain('clients need a password (SCRAM-SHA-256)');
  const port = Number(/ port (\d+),/.exec(server.out)?.[1]);
  const login = { host: '127.0.0.1', port, user: 'millrace', database: 'millrace' };
  await expect(new pg.Client({ ...login, password: 'no' }).connect()).rejects.toMatchObject({ code: '28P01' });
  const client = new pg.Client({ ...login, password: 'pw' });
  await client.connect();
  await client.end();
});
