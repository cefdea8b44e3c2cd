/** The wire against a codec that others wrote: pg-protocol encodes what clients send and decodes what the server answers. */
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { parse, serialize } from 'pg-protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { text } from '../../src/types/text.ts';
import { FrameReader } from '../../src/wire/framing.ts';
import { decodeMessage, type FrontendMessage } from '../../src/wire/messages.ts';
import { OutputBuffer } from '../../src/wire/output.ts';
import { FieldReader } from '../../src/wire/read.ts';
import { shapeOf, writeRowDescription } from '../../src/wire/result-shape.ts';
import * as write from '../../src/wire/write.ts';
import { startWire, type TestWire } from '../support/wire-server.ts';

function decodeAll(bytes: Uint8Array): FrontendMessage[] {
  const frames = new FrameReader();
  const fields = new FieldReader();
  const messages: FrontendMessage[] = [];
  frames.append(Buffer.from(bytes));
  while (frames.next()) {
    fields.reset(frames.bytes, frames.start, frames.end);
    messages.push(decodeMessage(frames.type, fields));
  }
  expect(frames.waiting).toBe(0);
  return messages;
}

type BackendMessage = Parameters<Parameters<typeof parse>[1]>[0];

/** What a client makes of what `fill` writes. */
async function received(fill: (out: OutputBuffer) => void): Promise<BackendMessage[]> {
  const out = new OutputBuffer();
  fill(out);
  const messages: BackendMessage[] = [];
  await parse(Readable.from([Buffer.from(out.view())]), (message) => messages.push(message));
  return messages;
}

test('every message a client can send is understood', () => {
  const messages = [
    serialize.query('select 1 -- é😀'),
    serialize.parse({ name: 'st', text: 'select $1', types: [23, 4294967295] }),
    serialize.bind({ portal: 'p', statement: 'st', values: ['é', null, Buffer.from([1, 0, 2])], binary: true }),
    serialize.describe({ type: 'S', name: 'st' }),
    serialize.describe({ type: 'P', name: 'p' }),
    serialize.execute({ portal: 'p', rows: 7 }),
    serialize.close({ type: 'S', name: 'st' }),
    serialize.close({ type: 'P' }),
    serialize.flush(),
    serialize.sync(),
    serialize.copyData(Buffer.from('x')),
    serialize.copyDone(),
    serialize.copyFail('no'),
    serialize.end(),
  ];
  const bytes = (...values: number[]) => Uint8Array.from(values);
  expect(decodeAll(Buffer.concat(messages))).toEqual([
    { kind: 'query', sql: 'select 1 -- é😀' },
    { kind: 'parse', name: 'st', sql: 'select $1', parameterOids: [23, 4294967295] },
    {
      kind: 'bind',
      portal: 'p',
      statement: 'st',
      formats: [0, 0, 1],
      values: [bytes(0xc3, 0xa9), null, bytes(1, 0, 2)],
      resultFormats: [1],
    },
    { kind: 'describe', target: 'statement', name: 'st' },
    { kind: 'describe', target: 'portal', name: 'p' },
    { kind: 'execute', portal: 'p', maxRows: 7 },
    { kind: 'close', target: 'statement', name: 'st' },
    { kind: 'close', target: 'portal', name: '' },
    { kind: 'flush' },
    { kind: 'sync' },
    { kind: 'copyLeftover' },
    { kind: 'copyLeftover' },
    { kind: 'copyLeftover' },
    { kind: 'terminate' },
  ]);
});

test('every message the server sends is understood', async () => {
  const messages = await received((out) => {
    write.writeAuthenticationOk(out);
    write.writeSaslMechanisms(out, ['SCRAM-SHA-256']);
    write.writeSaslData(out, 11, 'r=é');
    write.writeSaslData(out, 12, 'v=x');
    write.writeParameterStatus(out, 'TimeZone', 'Etc/UTC');
    write.writeBackendKeyData(out, 4711, -42);
    write.writeReadyForQuery(out, 'T');
    write.writeCommandComplete(out, 'INSERT 0 1');
    write.writeParameterDescription(out, [text, numeric]);
    write.writeParseComplete(out);
    write.writeBindComplete(out);
    write.writeCloseComplete(out);
    write.writeNoData(out);
    write.writeEmptyQueryResponse(out);
    write.writePortalSuspended(out);
    write.writeNotice(out, { severity: 'WARNING', code: '25P01', message: 'm', hint: 'h' });
    write.writeError(out, new SqlError('42601', 'bad', { position: 2, detail: 'd' }), 'abc');
  });
  expect(messages).toMatchObject([
    { name: 'authenticationOk' },
    { name: 'authenticationSASL', mechanisms: ['SCRAM-SHA-256'] },
    { name: 'authenticationSASLContinue', data: 'r=é' },
    { name: 'authenticationSASLFinal', data: 'v=x' },
    { name: 'parameterStatus', parameterName: 'TimeZone', parameterValue: 'Etc/UTC' },
    { name: 'backendKeyData', processID: 4711, secretKey: -42 },
    { name: 'readyForQuery', status: 'T' },
    { name: 'commandComplete', text: 'INSERT 0 1' },
    { name: 'parameterDescription', dataTypeIDs: [25, 1700] },
    { name: 'parseComplete' },
    { name: 'bindComplete' },
    { name: 'closeComplete' },
    { name: 'noData' },
    { name: 'emptyQuery' },
    { name: 'portalSuspended' },
    { name: 'notice', severity: 'WARNING', code: '25P01', message: 'm', hint: 'h' },
    { name: 'error', severity: 'ERROR', code: '42601', message: 'bad', position: '3', detail: 'd' },
  ]);
});

test('a row description says table, type, modifier and format of each column', async () => {
  const columns = [
    { name: 'größe', type: numeric, typmod: 786438, tableOid: 16400, attnum: 3 },
    { name: '?column?', type: text, typmod: -1, tableOid: 0, attnum: 0 },
  ];
  const [first, second] = await received((out) => {
    writeRowDescription(out, shapeOf(columns), [1, 0]);
    writeRowDescription(out, shapeOf(columns), []);
  });
  const fields = [
    { name: 'größe', tableID: 16400, columnID: 3, dataTypeID: 1700, dataTypeSize: -1, dataTypeModifier: 786438 },
    { name: '?column?', tableID: 0, columnID: 0, dataTypeID: 25, dataTypeSize: -1, dataTypeModifier: -1 },
  ];
  expect(first).toMatchObject({ name: 'rowDescription', fields });
  expect((first as { fields?: { format: string }[] }).fields?.map(({ format }) => format)).toEqual(['binary', 'text']);
  expect((second as { fields?: { format: string }[] }).fields?.map(({ format }) => format)).toEqual(['text', 'text']);
});

let server: TestWire;
beforeAll(async () => {
  server = await startWire();
});
afterAll(() => server.wire.close(500));

test('a whole conversation through the codec alone', async () => {
  const socket = connect(server.port, '127.0.0.1');
  const names: string[] = [];
  const rows: unknown[] = [];
  const ended = parse(socket, (message) => {
    names.push(message.name);
    if (message.name === 'dataRow') rows.push((message as unknown as { fields: unknown[] }).fields);
    if (message.name === 'readyForQuery' && names.filter((name) => name === 'readyForQuery').length === 2) {
      socket.end(serialize.end());
    }
  });
  socket.write(serialize.startup({ user: 'postgres', database: 'postgres' }));
  socket.write(serialize.parse({ text: 'select $1::int + 1 as x' }));
  for (const value of ['41', null]) {
    socket.write(serialize.bind({ values: [value] }));
    socket.write(serialize.describe({ type: 'P' }));
    socket.write(serialize.execute());
  }
  socket.write(serialize.sync());
  await ended;
  expect(names.filter((name) => name !== 'parameterStatus')).toEqual([
    'authenticationOk',
    'backendKeyData',
    'readyForQuery',
    'parseComplete',
    ...['bindComplete', 'rowDescription', 'dataRow', 'commandComplete'],
    ...['bindComplete', 'rowDescription', 'dataRow', 'commandComplete'],
    'readyForQuery',
  ]);
  expect(rows).toEqual([['42'], [null]]);
});
