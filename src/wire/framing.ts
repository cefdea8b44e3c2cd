/**
 * Cuts the byte stream of one client into messages.
 *
 * One buffer per connection. A chunk that arrives while nothing is left over is used where it lies, without a copy; only a
 * message cut in two by the network moves into a buffer of our own, which grows as bytes arrive and never by the length a
 * message claims, so that a lying header costs nothing. Knows lengths and types, not what is inside a message.
 */
import { fatal, protocolViolation } from '../base/errors.ts';

/** PostgreSQL's MAX_STARTUP_PACKET_LENGTH: what a client may send before it is known. */
export const MAX_STARTUP_BYTES = 10_000;
/** Messages that carry a name or two, and every message of the authentication. */
export const MAX_SMALL_BYTES = 10_000;
/** Messages that carry statements or data. PostgreSQL allows 1 GB; a JavaScript string ends at half of that. */
export const MAX_LARGE_BYTES = 256 * 1024 * 1024;

const FIRST_BUFFER_BYTES = 16 * 1024;
const none = Buffer.alloc(0);

/** The longest body of each message a client may send, by type; 0 for types that do not exist. */
const maxBytes = new Int32Array(256);
for (const type of 'CDEHSXcfp') maxBytes[type.charCodeAt(0)] = MAX_SMALL_BYTES;
for (const type of 'BFPQd') maxBytes[type.charCodeAt(0)] = MAX_LARGE_BYTES;

export class FrameReader {
  /** The current message: type (0 for a start-up packet) and body at `bytes[start..end)`, lent until the next `append`. */
  type = 0;
  bytes: Buffer = none;
  start = 0;
  end = 0;
  #read = 0;
  #filled = 0;
  #isOwn = false;

  /** Bytes received and not yet handed out. */
  get waiting(): number {
    return this.#filled - this.#read;
  }

  append(chunk: Buffer): void {
    if (this.#read === this.#filled) {
      this.bytes = chunk;
      this.#read = 0;
      this.#filled = chunk.length;
      this.#isOwn = false;
      return;
    }
    this.#makeRoom(chunk.length);
    chunk.copy(this.bytes, this.#filled);
    this.#filled += chunk.length;
  }

  /** Moves to the next message and says whether there is a whole one. A bad type or length is FATAL: the stream is lost. */
  next(): boolean {
    if (this.waiting === 0) return false;
    const type = this.bytes[this.#read] as number;
    const limit = maxBytes[type] as number;
    if (limit === 0) throw fatal(protocolViolation(`invalid frontend message type ${type}`));
    if (this.waiting < 5) return false;
    const length = this.bytes.readInt32BE(this.#read + 1);
    if (length < 4 || length - 4 > limit) throw fatal(protocolViolation('invalid message length'));
    return this.#take(type, 5, length - 4);
  }

  /** As `next`, for the packets before authentication, which have a length and no type. */
  nextStartup(): boolean {
    if (this.waiting < 4) return false;
    const length = this.bytes.readInt32BE(this.#read);
    if (length < 8 || length > MAX_STARTUP_BYTES) throw fatal(protocolViolation('invalid length of startup packet'));
    return this.#take(0, 4, length - 4);
  }

  #take(type: number, headerBytes: number, bodyBytes: number): boolean {
    if (this.waiting < headerBytes + bodyBytes) return false;
    this.type = type;
    this.start = this.#read + headerBytes;
    this.end = this.start + bodyBytes;
    this.#read = this.end;
    return true;
  }

  #makeRoom(extra: number): void {
    const held = this.waiting;
    const capacity = this.#isOwn ? this.bytes.length : 0;
    if (this.#filled + extra <= capacity) return;
    // Moving within the buffer pays only while little is left over; otherwise double, so that each byte moves O(1) times.
    const fits = held + extra <= capacity && held <= capacity >> 1;
    const target = fits ? this.bytes : Buffer.allocUnsafeSlow(Math.max(2 * capacity, held + extra, FIRST_BUFFER_BYTES));
    this.bytes.copy(target, 0, this.#read, this.#filled);
    this.bytes = target;
    this.#read = 0;
    this.#filled = held;
    this.#isOwn = true;
  }
}
