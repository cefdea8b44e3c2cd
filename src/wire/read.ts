/**
 * Reads the fields of one message: integers, strings, counted bytes, with PostgreSQL's errors (08P01) for what is short, long
 * or unterminated and 22021 for text that is not UTF-8. One cursor serves a connection for life. Knows no message.
 */
import { protocolViolation } from '../base/errors.ts';
import { decodeUtf8 } from '../types/bytes.ts';

/** Below this a loop copies faster than a call into the runtime. */
const SHORT_BYTES = 64;

export class FieldReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  reset(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++] as number;
  }

  /** Counts and format codes, 0 to 65535. */
  uint16(): number {
    this.#need(2);
    const at = this.#at;
    this.#at += 2;
    return ((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number);
  }

  int32(): number {
    this.#need(4);
    const value = this.#bytes.readInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  /** Text up to a zero byte. Plain ASCII, the rule, is recognised while looking for the end. */
  string(): string {
    const bytes = this.#bytes;
    const start = this.#at;
    let bits = 0;
    let at = start;
    for (; at < this.#end && bytes[at] !== 0; at++) bits |= bytes[at] as number;
    if (at === this.#end) throw protocolViolation('invalid string in message');
    this.#at = at + 1;
    return bits < 0x80 ? bytes.toString('latin1', start, at) : decodeUtf8(bytes, start, at - start);
  }

  /** A copy of the next `count` bytes, the receiver's to keep: the buffer underneath is reused. */
  copy(count: number): Uint8Array {
    if (count < 0) throw insufficientData();
    this.#need(count);
    const from = this.#at;
    this.#at += count;
    const target = new Uint8Array(count);
    if (count > SHORT_BYTES) target.set(this.#bytes.subarray(from, from + count));
    else for (let i = 0; i < count; i++) target[i] = this.#bytes[from + i] as number;
    return target;
  }

  /** Every message ends where its length says. */
  finish(): void {
    if (this.#at !== this.#end) throw protocolViolation('invalid message format');
  }

  #need(count: number): void {
    if (this.#end - this.#at < count) throw insufficientData();
  }
}

const insufficientData = () => protocolViolation('insufficient data left in message');
