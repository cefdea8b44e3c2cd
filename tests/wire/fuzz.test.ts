/**
 * Frames nobody should send: random, truncated, reordered, oversized, on hundreds of connections. Nothing may crash, log an
 * internal error or leave a session behind, and whoever connects next must be served. The seed is printed when it fails;
 * MILLRACE_FUZZ_SEED and MILLRACE_FUZZ_FRAMES choose others.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Logger } from '../../src/base/log.ts';
import { Random } from '../../src/base/random.ts';
import { cstring, frame, int16, int32, RawClient, startupPacket } from '../support/raw-client.ts';
import { startWire, type TestWire } from '../support/wire-server.ts';

const seed = Number(process.env['MILLRACE_FUZZ_SEED'] ?? 20_240_607);
const frameCount = Number(process.env['MILLRACE_FUZZ_FRAMES'] ?? 60_000);
const framesPerConnection = 50;

let server: TestWire;
const mistakes: unknown[] = [];
const logger: Logger = {
  log: (level, message, fields) => {
    if (level === 'error') mistakes.push({ message, ...fields });
  },
};

beforeAll(async () => {
  server = await startWire({ logger, maxConnections: 50 });
});
afterAll(() => server.wire.close(500));

const statements = ['select 1', 'select $1', 'select a from t', 'select 1/0', 'nonsense', '', 'select later', 'begin'];
const names = ['', 'a', 'b', 'é'];

class Frames {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)] as T;
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.#random.below(most + 1) }, () => this.#random.below(256)));
  }

  /** A frame as a client would send it. */
  good(): Buffer {
    const name = () => cstring(this.pick(names));
    switch (this.#random.below(9)) {
      case 0:
        return frame('Q', cstring(this.pick(statements)));
      case 1:
        return frame('P', name(), cstring(this.pick(statements)), int16(0));
      case 2:
        return frame('B', name(), name(), int16(0), int16(1), int32(1), Buffer.from('x'), int16(0));
      case 3:
        return frame('B', name(), name(), int16(0), int16(0), int16(this.pick([0, 1])), int16(1));
      case 4:
        return frame('D', Buffer.from(this.pick(['S', 'P'])), name());
      case 5:
        return frame('E', name(), int32(this.pick([0, 1, -1, 0x7fffffff])));
      case 6:
        return frame('C', Buffer.from(this.pick(['S', 'P'])), name());
      case 7:
        return frame(this.pick(['H', 'c', 'f', 'd']), this.bytes(3));
      default:
        return frame('S');
    }
  }

  /** Mostly good ones, and every way of spoiling one. */
  next(): Buffer {
    const good = this.good();
    switch (this.#random.below(24)) {
      case 0:
        return this.bytes(40);
      case 1:
        return good.subarray(0, this.#random.below(good.length + 1));
      case 2:
        return frame(this.pick(['Q', 'P', 'B', 'D', 'E', 'C', 'F', 'p', 'S', 'H']), this.bytes(30));
      case 3: {
        const spoilt = Buffer.from(good);
        spoilt[this.#random.below(spoilt.length)] = this.#random.below(256);
        return spoilt;
      }
      case 4:
        return Buffer.concat([good.subarray(0, 1), int32(this.pick([0, 3, -1, 1 << 29, 0x7fffffff])), this.bytes(10)]);
      case 5:
        return Buffer.concat([good.subarray(good.length >> 1), good]);
      case 6:
        return frame('F', this.bytes(20));
      default:
        return good;
    }
  }
}

/** One connection's worth; returns how many frames the server was there to take. */
async function torment(random: Random): Promise<number> {
  const frames = new Frames(random);
  const client = await RawClient.open(server.port);
  const isKnown = random.below(10) > 0;
  client.send(isKnown ? startupPacket([['user', 'postgres']]) : frames.bytes(40));
  let sent = 0;
  for (; sent < framesPerConnection && !client.isClosed; sent++) {
    client.send(frames.next());
    if (random.below(4) === 0) await new Promise(setImmediate);
  }
  if (random.below(2) === 0) client.socket.end();
  else client.end();
  await client.drain(1);
  client.end();
  return sent;
}

test(`${frameCount} frames of seed ${seed} do no harm`, async () => {
  const random = new Random(seed);
  for (let sent = 0; sent < frameCount; ) {
    const counts = await Promise.all(Array.from({ length: 20 }, () => torment(new Random(random.below(2 ** 31)))));
    sent += counts.reduce((sum, count) => sum + count, 0);
    const next = await RawClient.login(server.port);
    next.query('select 1');
    expect((await next.until()).map(({ t }) => t).join('')).toBe('TDCZ');
    next.end();
    expect(mistakes).toEqual([]);
  }
  const deadline = Date.now() + 5000;
  while (server.wire.connectionCount > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 10));
  expect(server.wire.connectionCount).toBe(0);
  expect(server.engine.sessions.size).toBe(0);
});
