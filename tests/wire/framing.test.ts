/** The frame reader: every way of cutting a stream gives the same messages, and memory follows what has arrived. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader, MAX_LARGE_BYTES } from '../../src/wire/framing.ts';
import { frame } from '../support/raw-client.ts';

const message = fc.record({
  type: fc.constantFrom('Q', 'P', 'B', 'd'),
  body: fc.uint8Array({ maxLength: 300 }),
});

test('messages do not depend on how the stream was cut', () => {
  const streams = fc.tuple(
    fc.array(message, { maxLength: 30 }),
    fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
  );
  fc.assert(
    fc.property(streams, ([messages, cuts]) => {
      const stream = Buffer.concat(messages.map(({ type, body }) => frame(type, body)));
      const reader = new FrameReader();
      const seen: { type: string; body: number[] }[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const length = cuts[i % cuts.length] as number;
        reader.append(stream.subarray(at, at + length));
        at += length;
        while (reader.next()) {
          const body = [...reader.bytes.subarray(reader.start, reader.end)];
          seen.push({ type: String.fromCharCode(reader.type), body });
        }
      }
      expect(seen).toEqual(messages.map(({ type, body }) => ({ type, body: [...body] })));
      expect(reader.waiting).toBe(0);
    }),
  );
});

test('a chunk that stands alone is read where it lies', () => {
  const reader = new FrameReader();
  const chunk = frame('Q', Buffer.from('x\0'));
  reader.append(chunk);
  expect(reader.next()).toBe(true);
  expect(reader.bytes).toBe(chunk);
});

test('the buffer grows with what arrives and not with what is promised', () => {
  const reader = new FrameReader();
  const header = Buffer.from([0x51, 0, 0, 0, 0]);
  header.writeInt32BE(MAX_LARGE_BYTES, 1);
  reader.append(header);
  expect(reader.next()).toBe(false);
  for (let i = 0; i < 100; i++) {
    reader.append(Buffer.alloc(1000));
    expect(reader.next()).toBe(false);
  }
  expect(reader.bytes.length).toBeLessThan(256 * 1024);
});
