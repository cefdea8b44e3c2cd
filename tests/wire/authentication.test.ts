/** Passwords: the exchange of RFC 7677, PostgreSQL's recorded traces, and two clients that others wrote (pg and psql). */
import { execFile } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scramWithPassword } from '../../src/wire/authentication.ts';
import { saslPrepare } from '../../src/wire/sasl-prepare.ts';
import { makeVerifier, ScramExchange } from '../../src/wire/scram.ts';
import { cstring, frame, int32, RawClient, startupPacket } from '../support/raw-client.ts';
import { startWire, type TestWire } from '../support/wire-server.ts';

const recorded = JSON.parse(
  readFileSync(new URL('./golden/postgresql-15-authentication.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const password = 'sécret 😀';
let server: TestWire;

beforeAll(async () => {
  server = await startWire({ authentication: scramWithPassword(password) });
});
afterAll(() => server.wire.close(500));

/** What a client says last, computed here from the password and independently of src. */
function clientFinal(secret: string, clientFirst: string, serverFirst: string): string {
  const fields = Object.fromEntries(serverFirst.split(',').map((field) => [field[0], field.slice(2)]));
  const salted = pbkdf2Sync(secret, Buffer.from(fields['s'] ?? '', 'base64'), Number(fields['i']), 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest();
  const header = clientFirst.slice(0, 3);
  const withoutProof = `c=${Buffer.from(header).toString('base64')},r=${fields['r']}`;
  const message = `${clientFirst.slice(3)},${serverFirst},${withoutProof}`;
  const signature = createHmac('sha256', storedKey).update(message).digest();
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] as number)));
  return `${withoutProof},p=${proof.toString('base64')}`;
}

const initial = (text: string, mechanism = 'SCRAM-SHA-256') =>
  frame('p', cstring(mechanism), int32(Buffer.byteLength(text)), Buffer.from(text));

async function begin(user = 'postgres'): Promise<RawClient> {
  const client = await RawClient.open(server.port);
  client.send(
    startupPacket([
      ['user', user],
      ['database', 'postgres'],
    ]),
  );
  expect(await client.next()).toEqual({ t: 'R', auth: 10 });
  return client;
}

test('the example of RFC 7677 comes out digit for digit', () => {
  const verifier = makeVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  const exchange = new ScramExchange(verifier, '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0');
  expect(exchange.challenge('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')).toBe(
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  );
  expect(
    exchange.verify(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    ),
  ).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
});

test('the challenge has the fields and sizes that PostgreSQL was recorded with', () => {
  const [, recordedChallenge] = recorded['scram'] ?? [];
  const challenge = new ScramExchange(makeVerifier('pw')).challenge('n,,n=,r=abc');
  const fields = challenge.split(',');
  expect(fields.map((field) => field[0])).toEqual(recordedChallenge?.['fields']);
  expect(Number(fields[2]?.slice(2))).toBe(recordedChallenge?.['iter']);
  expect(Buffer.from(fields[1]?.slice(2) ?? '', 'base64')).toHaveLength(recordedChallenge?.['salt_bytes'] as number);
});

test('a wrong proof is answered as recorded, naming the user of the start-up message', async () => {
  const client = await begin('u_scram');
  client.send(initial('n,,n=,r=abc'));
  expect(await client.next()).toMatchObject({ auth: 11 });
  client.send(frame('p', Buffer.from(`c=biws,r=wrong,p=${Buffer.alloc(32).toString('base64')}`)));
  expect(await client.until('E')).toMatchObject([{ f_C: '08P01', f_M: 'invalid SCRAM response' }]);

  const { t: _, ...expected } = recorded['scram_badproof']?.[0] ?? {};
  const { port } = server;
  const wrong = new Client({ host: '127.0.0.1', port, user: 'u_scram', password: 'wrong', database: 'postgres' });
  await expect(wrong.connect()).rejects.toMatchObject({
    severity: expected['f_S'],
    code: expected['f_C'],
    message: expected['f_M'],
    routine: expected['f_R'],
  });
});

test('a wrong password for a role that does not exist sounds no different', async () => {
  const { port } = server;
  const wrong = new Client({ host: '127.0.0.1', port, user: 'nosuchrole', password: 'wrong', database: 'postgres' });
  await expect(wrong.connect()).rejects.toMatchObject({
    code: '28P01',
    message: 'password authentication failed for user "nosuchrole"',
  });
  const right = new Client({ host: '127.0.0.1', port, user: 'nosuchrole', password, database: 'postgres' });
  await expect(right.connect()).rejects.toMatchObject({ code: '28000', message: 'role "nosuchrole" does not exist' });
});

test('the client of npm logs in', async () => {
  const client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password, database: 'postgres' });
  await client.connect();
  expect((await client.query('select 1')).rows).toEqual([{ '?column?': 1 }]);
  await client.end();
});

test('psql logs in, and is refused with a wrong password', async () => {
  const run = (secret: string) =>
    promisify(execFile)('psql', ['-XAtc', 'select 1', `host=127.0.0.1 port=${server.port} user=postgres`], {
      env: { ...process.env, PGPASSWORD: secret },
    });
  expect((await run(password)).stdout).toBe('1\n');
  await expect(run('wrong')).rejects.toThrow('password authentication failed for user "postgres"');
});

test('a client that could do channel binding, and was not offered it, may say so', async () => {
  const client = await begin();
  const first = 'y,,n=*,r=0123456789';
  const exchange = new ScramExchange(makeVerifier('pw'));
  const serverFirst = exchange.challenge(first);
  expect(exchange.verify(clientFinal('pw', first, serverFirst))).toMatch(/^v=/);
  expect(exchange.verify(clientFinal('other', first, serverFirst))).toBe(null);
  client.end();
});

test.each([
  [
    'another mechanism',
    initial('n,,n=,r=abc', 'SCRAM-SHA-1'),
    'client selected an invalid SASL authentication mechanism',
  ],
  [
    'channel binding',
    initial('p=tls-unique,,n=,r=abc'),
    'client requires SCRAM channel binding, but it is not supported',
  ],
  ['another identity', initial('n,a=x,n=,r=abc'), 'client uses authorization identity, but it is not supported'],
  ['an extension', initial('n,,m=x,n=,r=abc'), 'client requires an unsupported SCRAM extension'],
  ['a nonce with a space', initial('n,,n=,r=a c'), 'non-printable characters in SCRAM nonce'],
  ['nonsense', initial('hello'), 'malformed SCRAM message'],
  [
    'a length too long',
    frame('p', cstring('SCRAM-SHA-256'), int32(100), Buffer.from('n')),
    'insufficient data left in message',
  ],
  ['a query', frame('Q', cstring('select 1')), 'expected SASL response, got message type 81'],
])('%s instead of a first message is FATAL', async (_, bytes, message) => {
  const client = await begin();
  client.send(bytes);
  expect(await client.until('E')).toMatchObject([{ f_S: 'FATAL', f_M: message }]);
  expect(await client.closed()).toBe(true);
});

test('passwords are prepared as RFC 4013 says, and left alone where it forbids', () => {
  expect(saslPrepare('I\u00adX')).toBe('IX');
  expect(saslPrepare('\u00aa')).toBe('a');
  expect(saslPrepare('\u2168')).toBe('IX');
  expect(saslPrepare('a\u00a0b')).toBe('a b');
  expect(saslPrepare('a\u0007b')).toBe('a\u0007b');
});
