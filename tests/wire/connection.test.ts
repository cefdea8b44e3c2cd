/** The life of connections beyond what PostgreSQL's recordings show: limits, shutdown, lost clients, back pressure. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adminShutdown } from '../../src/base/errors.ts';
import type { Logger } from '../../src/base/log.ts';
import { cancelRequest, cstring, frame, int16, int32, RawClient, startupPacket } from '../support/raw-client.ts';
import { startWire, type TestWire } from '../support/wire-server.ts';

let server: TestWire;
const logged: string[] = [];
const logger: Logger = { log: (_, message, fields) => logged.push(`${message}: ${fields?.['error']}`) };

beforeEach(async () => {
  logged.length = 0;
  server = await startWire({ maxConnections: 3, logger });
});
afterEach(() => server.wire.close(500));

const login = () => RawClient.login(server.port);
const types = (messages: readonly { readonly t: string }[]) => messages.map(({ t }) => t).join('');

async function until(condition: () => boolean, timeoutMs = 3000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition() && Date.now() < deadline) await sleep(5);
  expect(condition()).toBe(true);
}

/** The session of a client; it must be logged in. */
const sessionOf = (client: RawClient) => server.engine.sessions.get(client.pid);

// ------------------------------------------------------------------------------------------------------- start-up

test('a start-up message is handed to the engine without the fields that are the wire’s own', async () => {
  const client = await RawClient.open(server.port);
  client.send(
    startupPacket([
      ['user', 'ann'],
      ['application_name', 'näme'],
      ['_pq_.x', '1'],
      ['replication', 'off'],
    ]),
  );
  await client.until();
  const [request] = server.engine.requests;
  expect(request).toMatchObject({ user: 'ann', database: 'ann', clientAddress: '127.0.0.1' });
  expect([...(request?.parameters ?? [])]).toEqual([['application_name', 'näme']]);
  client.end();
});

test('GSSENCRequest and SSLRequest are declined, in turn, on one connection', async () => {
  const client = await RawClient.open(server.port);
  client.send(Buffer.concat([int32(8), int32(80877104)]));
  expect(await client.byte()).toBe('N');
  client.send(Buffer.concat([int32(8), int32(80877103)]));
  expect(await client.byte()).toBe('N');
  client.send(startupPacket([['user', 'postgres']]));
  expect(types(await client.until())).toMatch(/^RS+KZ$/);
  client.end();
});

const badPackets: readonly (readonly [what: string, bytes: Buffer, code: string, message: string])[] = [
  ['a length of 0', int32(0), '08P01', 'invalid length of startup packet'],
  ['a length of 7', Buffer.concat([int32(7), Buffer.alloc(3)]), '08P01', 'invalid length of startup packet'],
  ['a gigabyte', int32(1 << 30), '08P01', 'invalid length of startup packet'],
  ['a web browser', Buffer.from('GET / HTTP/1.1\r\n\r\n'), '08P01', 'invalid length of startup packet'],
  [
    'parameters without an end',
    Buffer.concat([int32(14), int32(196608), Buffer.from('user\0x')]),
    '08P01',
    'invalid startup packet layout: expected terminator as last byte',
  ],
  [
    'a request for replication',
    startupPacket([
      ['user', 'u'],
      ['replication', 'database'],
    ]),
    '0A000',
    'replication connections are not supported',
  ],
  [
    'nonsense about replication',
    startupPacket([
      ['user', 'u'],
      ['replication', 'perhaps'],
    ]),
    '22023',
    'invalid value for parameter "replication": "perhaps"',
  ],
];

test.each(badPackets)('%s as first packet is refused and the socket closed', async (_, bytes, code, message) => {
  const client = await RawClient.open(server.port);
  client.send(bytes);
  expect(await client.until('E')).toMatchObject([{ t: 'E', f_S: 'FATAL', f_C: code, f_M: message }]);
  expect(await client.closed()).toBe(true);
});

test('a health check that connects and leaves is not worth a word', async () => {
  const client = await RawClient.open(server.port);
  client.end();
  await until(() => server.wire.connectionCount === 0);
  expect(logged).toEqual([]);
});

test('one client too many is refused with 53300, and let in once another has left', async () => {
  const clients = [await login(), await login(), await login()];
  const late = await login();
  expect(late.boot).toMatchObject([{ t: 'E', f_S: 'FATAL', f_C: '53300', f_M: 'sorry, too many clients already' }]);
  clients[0]?.end();
  await until(() => server.engine.sessions.size === 2);
  const later = await login();
  expect(types(later.boot)).toMatch(/Z$/);
  for (const client of [...clients, later]) client.end();
});

// ----------------------------------------------------------------------------------------------------- statements

test('an error carries every field it has, without zero bytes', async () => {
  const client = await login();
  client.query('select many fields');
  const [error] = await client.until();
  expect(error).toEqual({
    t: 'E',
    f_S: 'ERROR',
    f_C: '23505',
    f_M: 'duplicate key',
    f_D: 'Detail.',
    f_H: 'Hint.',
    f_P: '8',
    f_s: 'public',
    f_t: 't',
    f_c: 'a',
    f_d: 'int4',
    f_n: 't_pkey',
    f_R: 'check',
  });
  client.end();
});

test('positions count characters, in simple and extended queries', async () => {
  const client = await login();
  const sql = "select '😀é', nosuch";
  client.query(sql);
  expect((await client.until())[0]).toMatchObject({ f_C: '42703', f_P: '14' });
  client.parse('', sql);
  client.sync();
  expect((await client.until())[0]).toMatchObject({ f_C: '42703', f_P: '14' });
  client.end();
});

test('our own mistake is XX000 for the client, a stack in the log, and no end of the connection', async () => {
  const client = await login();
  client.query('our mistake');
  expect(await client.until()).toMatchObject([{ t: 'E', f_C: 'XX000', f_M: 'x is not a function' }, { t: 'Z' }]);
  expect(logged).toEqual(['internal error: TypeError: x is not a function']);
  client.query('select 1');
  expect(types(await client.until())).toBe('TDCZ');
  client.end();
});

test('a FATAL error ends the connection', async () => {
  const client = await login();
  client.query('fatal');
  expect(await client.until()).toMatchObject([{ t: 'E', f_S: 'FATAL', f_C: '57P01' }, { t: '!EOF' }]);
});

test('a function call is refused and the connection stays', async () => {
  const client = await login();
  client.send(frame('F', int32(1598), int16(0), int16(0), int16(0)));
  expect(await client.until()).toMatchObject([
    { t: 'E', f_C: '0A000' },
    { t: 'Z', st: 'I' },
  ]);
  client.end();
});

test('what is left of a COPY that failed is passed over', async () => {
  const client = await login();
  client.send(Buffer.concat([frame('d', Buffer.from('x')), frame('c'), frame('f', cstring('no'))]));
  client.query('select 1');
  expect(types(await client.until())).toBe('TDCZ');
  client.end();
});

const malformed: readonly (readonly [what: string, bytes: Buffer, message: string])[] = [
  ['a query without an end', frame('Q', Buffer.from('select 1')), 'invalid string in message'],
  ['a query with more behind it', frame('Q', Buffer.from('select 1\0x')), 'invalid message format'],
  ['an Execute cut short', frame('E', cstring(''), int16(0)), 'insufficient data left in message'],
  ['a Describe of nothing', frame('D', Buffer.from('X'), cstring('')), 'invalid DESCRIBE message subtype 88'],
  ['a Close of nothing', frame('C', Buffer.from('X'), cstring('')), 'invalid CLOSE message subtype 88'],
  [
    'a Bind that promises more values than it has',
    frame('B', cstring(''), cstring(''), int16(0), int16(2), int32(1), Buffer.from('x'), int16(0)),
    'insufficient data left in message',
  ],
  [
    'a Bind with a value of negative length',
    frame('B', cstring(''), cstring(''), int16(0), int16(1), int32(-2), int16(0)),
    'insufficient data left in message',
  ],
  [
    'a Bind with formats for other parameters',
    frame('B', cstring(''), cstring(''), int16(2), int16(0), int16(0), int16(1), int32(-1), int16(0)),
    'bind message has 2 parameter formats but 1 parameters',
  ],
  [
    'a Bind with a format nobody knows',
    frame('B', cstring(''), cstring(''), int16(1), int16(2), int16(1), int32(-1), int16(0)),
    'unsupported format code: 2',
  ],
];

test.each(malformed)('%s is an error, and the connection stays', async (_, bytes, message) => {
  const client = await login();
  client.send(bytes);
  client.sync();
  const answers = await client.until();
  expect(answers[0]).toMatchObject({ t: 'E', f_S: 'ERROR', f_M: message });
  if (bytes[0] === 0x51) await client.until();
  client.query('select 1');
  expect(types(await client.until())).toBe('TDCZ');
  client.end();
});

test('bytes that are not UTF-8 are 22021', async () => {
  const client = await login();
  client.send(frame('Q', Buffer.from([0x27, 0xff, 0x27, 0])));
  const [error] = await client.until();
  expect(error).toMatchObject({ f_C: '22021', f_M: 'invalid byte sequence for encoding "UTF8": 0xff' });
  client.end();
});

test.each([
  ['a length of 3', Buffer.from([0x51, 0, 0, 0, 3])],
  ['a Sync of a megabyte', Buffer.concat([Buffer.from('S'), int32(1 << 20)])],
  ['a query of a gigabyte', Buffer.concat([Buffer.from('Q'), int32(1 << 30)])],
])('%s is FATAL before a byte of it is kept', async (_, bytes) => {
  const client = await login();
  client.send(bytes);
  expect(await client.until('E')).toMatchObject([{ f_S: 'FATAL', f_C: '08P01', f_M: 'invalid message length' }]);
  expect(await client.closed()).toBe(true);
});

test('a message that claims 200 MB and brings little takes little memory', async () => {
  const client = await login();
  const before = process.memoryUsage().arrayBuffers;
  client.send(Buffer.concat([Buffer.from('Q'), int32(200 * 1024 * 1024), Buffer.alloc(1000, 0x20)]));
  await sleep(50);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  client.end();
});

test('a statement in many pieces is put together', async () => {
  const client = await login();
  const padded = frame('Q', cstring(`select 1${' '.repeat(200_000)}`));
  for (let at = 0; at < padded.length; at += 7001) {
    client.send(padded.subarray(at, at + 7001));
    if (at % 70_010 === 0) await sleep(1);
  }
  expect(types(await client.until())).toBe('TDCZ');
  client.end();
});

test('every order of splitting two messages gives the same answers', async () => {
  const client = await login();
  const both = Buffer.concat([frame('Q', cstring('select 1')), frame('Q', cstring('select 2'))]);
  for (let cut = 1; cut < both.length; cut++) {
    client.send(both.subarray(0, cut));
    await sleep(1);
    client.send(both.subarray(cut));
    expect(types([...(await client.until()), ...(await client.until())])).toBe('TDCZTDCZ');
  }
  client.end();
});

test('messages that come while a statement runs are answered after it, in order', async () => {
  const client = await login();
  client.query('select later');
  client.query('select 2');
  client.parse('', 'insert later');
  client.bind('', '');
  client.execute('');
  client.sync();
  client.query('select 8');
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(...(await client.until()));
  expect(types(answers)).toBe('TDCZTDCZ12CZTDCZ');
  client.end();
});

test('an answered Sync does not wait for the statement behind it', async () => {
  const client = await login();
  for (const sql of ['select 1', 'select pg_sleep(5)']) {
    client.parse('', sql);
    client.bind('', '');
    client.execute('');
    client.sync();
  }
  expect(types(await client.until('Z', 1000))).toBe('12DCZ');
  client.end();
});

test('rows of a statement that goes on for long do not wait for its end', async () => {
  const client = await login();
  client.query('rows and then nothing');
  expect(types(await client.until('D', 1000))).toBe('TD');
  client.end();
});

test('a batch whose rows have weights sends each row so many times', async () => {
  const client = await login();
  client.query('three copies');
  const rows = (await client.until()).filter(({ t }) => t === 'D').map((message) => message['r']);
  expect(rows).toEqual([['1'], ['1'], ['1'], ['3']]);
  client.end();
});

// ---------------------------------------------------------------------------------------------- cancel and the end

test('a cancel request with the wrong secret does nothing, and gets no answer', async () => {
  const client = await login();
  client.query('select pg_sleep(5)');
  const canceller = await RawClient.open(server.port);
  canceller.send(cancelRequest(client.pid, client.secret + 1));
  expect(await canceller.until()).toEqual([{ t: '!EOF' }]);
  expect(await client.until('Z', 100)).toMatchObject([{ t: '!TIMEOUT' }]);
  client.end();
});

test('a client that goes away cancels its statement and frees its session', async () => {
  const client = await login();
  const session = sessionOf(client);
  client.query('select pg_sleep(5)');
  await sleep(20);
  client.end();
  await until(() => server.engine.sessions.size === 0);
  expect(session?.calls).toEqual(['query', 'cancel', 'close']);
  expect(server.wire.connectionCount).toBe(0);
});

test('a client that stops writing gets the answers to what it had asked', async () => {
  const client = await login();
  client.query('select 1');
  client.socket.end();
  expect(types(await client.until('!'))).toBe('TDCZ!EOF');
  await until(() => server.engine.sessions.size === 0);
});

test('a session can end its own connection, and another’s while a statement runs there', async () => {
  const own = await login();
  own.query('end me');
  expect((await own.until('!')).at(-2)).toMatchObject({ t: 'E', f_S: 'FATAL', f_C: '57P01' });
  const other = await login();
  other.query('select pg_sleep(5)');
  await sleep(20);
  sessionOf(other)?.request.terminate?.(adminShutdown());
  expect((await other.until('!')).at(-2)).toMatchObject({ t: 'E', f_S: 'FATAL', f_C: '57P01' });
  await until(() => server.engine.sessions.size === 0);
});

test('at shutdown a statement whose client does not read is not waited for', async () => {
  const client = await login();
  client.socket.pause();
  client.query('select 1 GB');
  await sleep(200);
  const start = performance.now();
  await server.wire.close(20_000);
  expect(performance.now() - start).toBeLessThan(5000);
  expect(server.engine.sessions.size).toBe(0);
});

test('at shutdown the idle and the busy are told 57P01, and newcomers find nobody', async () => {
  const idle = await login();
  const busy = await login();
  const strange = await RawClient.open(server.port);
  busy.query('select pg_sleep(5)');
  await sleep(20);
  await server.wire.close(2000);
  const goodbye = { t: 'E', f_S: 'FATAL', f_C: '57P01', f_M: 'terminating connection due to administrator command' };
  expect((await idle.until('!')).at(-2)).toMatchObject(goodbye);
  expect((await busy.until('!')).at(-2)).toMatchObject(goodbye);
  expect(await strange.until('!')).toEqual([{ t: '!EOF' }]);
  await expect(RawClient.open(server.port)).rejects.toThrow('ECONNREFUSED');
  expect(server.engine.sessions.size).toBe(0);
});

// -------------------------------------------------------------------------------------------------- back pressure

test('a large result arrives whole', async () => {
  const client = await login();
  client.query('select 10 MB');
  const answers = await client.until('Z', 20_000);
  expect(answers.filter(({ t }) => t === 'D')).toHaveLength(1000);
  expect(answers.at(-2)).toMatchObject({ tag: 'SELECT 1000' });
  client.end();
});

test('a client that does not read makes its statement wait instead of filling memory', async () => {
  const client = await login();
  client.socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  client.query('select 1 GB');
  await sleep(300);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  client.end();
  await until(() => server.engine.sessions.size === 0);
});

test('a client that asks and asks and never reads is left waiting, and answered when it does', async () => {
  const client = await login();
  client.socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 20; i++) client.query('select 10 MB');
  await sleep(300);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  expect(server.engine.sessions.size).toBe(1);
  client.end();
  await until(() => server.engine.sessions.size === 0);
});

test('many small answers to a slow reader do not pile up either', async () => {
  const client = await login();
  client.socket.pause();
  const asked = Buffer.concat(Array.from({ length: 1000 }, () => frame('Q', cstring('select 1'))));
  for (let i = 0; i < 2000; i++) client.send(asked);
  const answered = () => sessionOf(client)?.calls.length ?? 0;
  for (let last = -1; last !== answered(); await sleep(100)) last = answered();
  expect(answered()).toBeLessThan(1_000_000);
  client.socket.resume();
  expect(types(await client.until())).toBe('TDCZ');
  client.end();
  await until(() => server.engine.sessions.size === 0);
});
