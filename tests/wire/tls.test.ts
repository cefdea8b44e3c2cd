/** TLS for clients that ask for it. The certificate in tls/ is a self-signed one for localhost, made for these tests alone. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scramWithPassword } from '../../src/wire/authentication.ts';
import { int32, RawClient, startupPacket } from '../support/raw-client.ts';
import { startWire, type TestWire } from '../support/wire-server.ts';

const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), 'utf8');
const sslRequest = Buffer.concat([int32(8), int32(80877103)]);

let server: TestWire;
beforeAll(async () => {
  const tls = createSecureContext({ cert: pem('cert'), key: pem('key') });
  server = await startWire({ tls, authentication: scramWithPassword('pw') });
});
afterAll(() => server.wire.close(500));

const login = { host: '127.0.0.1', user: 'postgres', password: 'pw', database: 'postgres' };

test('a client verifies the certificate, logs in and gets its rows', async () => {
  const client = new Client({ ...login, port: server.port, ssl: { ca: pem('cert'), servername: 'localhost' } });
  await client.connect();
  expect((await client.query('select 1')).rows).toEqual([{ '?column?': 1 }]);
  expect((await client.query('select 10 MB')).rows).toHaveLength(1000);
  expect((await client.query('select $1', ['é'])).rows).toEqual([{ '?column?': 'é' }]);
  await client.end();
});

test('psql insists on TLS and gets it', async () => {
  const url = `host=localhost hostaddr=127.0.0.1 port=${server.port} user=postgres password=pw sslmode=verify-full`;
  const root = new URL('./tls/cert.pem', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)('psql', ['-XAtc', 'select 1', `${url} sslrootcert=${root}`]);
  expect(stdout).toBe('1\n');
});

test('a client that does not ask for TLS does without', async () => {
  const client = new Client({ ...login, port: server.port });
  await client.connect();
  await client.end();
});

test('plain bytes sent along with the request are not taken for decrypted ones', async () => {
  const client = await RawClient.open(server.port);
  client.send(Buffer.concat([sslRequest, startupPacket([['user', 'postgres']])]));
  expect(await client.until('E')).toMatchObject([
    { f_S: 'FATAL', f_C: '08P01', f_M: 'received unencrypted data after SSL request' },
  ]);
});

test('a client that does not keep its word about TLS is cut off, and the next one served', async () => {
  const client = await RawClient.open(server.port);
  client.send(sslRequest);
  expect(await client.byte()).toBe('S');
  client.send(Buffer.from('this is not TLS, not by any means'));
  expect(await client.closed()).toBe(true);
  const next = new Client({ ...login, port: server.port, ssl: { rejectUnauthorized: false } });
  await next.connect();
  await next.end();
});

test('at shutdown clients under TLS are told, too', async () => {
  const tls = createSecureContext({ cert: pem('cert'), key: pem('key') });
  const other = await startWire({ tls });
  const client = new Client({ ...login, port: other.port, ssl: { rejectUnauthorized: false } });
  await client.connect();
  const told = new Promise((resolve) => client.on('error', resolve));
  await other.wire.close(1000);
  expect(await told).toMatchObject({ code: '57P01' });
  expect(other.wire.connectionCount).toBe(0);
});
