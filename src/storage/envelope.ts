/**
 * Envelopes: every blob on disk is a version, a checksum, and a body written and read front to back, little-endian.
 *
 * A blob whose checksum or length does not fit is reported as XX001 with the name of what was being read.
 */
import { dataCorrupted } from '../base/errors.ts';
import { crc32 } from './checksum.ts';

const VERSION = 1;
const HEADER_BYTES = 8;

export class EnvelopeWriter {
  #bytes: Buffer;
  #at = HEADER_BYTES;

  constructor(capacity = 4096) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  uint8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  uint32(value: number): void {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32LE(value, at);
  }

  int32(value: number): void {
    const at = this.#reserve(4);
    this.#bytes.writeInt32LE(value, at);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** The bytes of `length` elements of a typed array, from its start. */
  raw(data: Uint8Array | Int16Array | Int32Array | Float64Array, length: number): void {
    this.bytes(new Uint8Array(data.buffer, data.byteOffset, length * data.BYTES_PER_ELEMENT));
  }

  bytes(data: Uint8Array): void {
    const at = this.#reserve(data.length);
    this.#bytes.set(data, at);
  }

  /** Text of one byte per character. */
  latin1(text: string): void {
    const at = this.#reserve(text.length);
    this.#bytes.write(text, at, 'latin1');
  }

  utf8(text: string, byteLength: number): void {
    const at = this.#reserve(byteLength);
    this.#bytes.write(text, at, 'utf8');
  }

  /** The finished blob, in a buffer of its own that may be transferred. The writer is done. */
  seal(): Uint8Array<ArrayBuffer> {
    const blob = new Uint8Array(this.#at);
    blob.set(this.#bytes.subarray(0, this.#at));
    const view = new DataView(blob.buffer);
    view.setUint32(0, VERSION, true);
    view.setUint32(4, crc32(blob.subarray(HEADER_BYTES)), true);
    return blob;
  }

  /** Where the next `size` bytes go. May replace `#bytes`, so look that up afterwards. */
  #reserve(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) this.#grow(at + size);
    this.#at = at + size;
    return at;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

export class EnvelopeReader {
  /** The whole blob: a plain array, because `slice` of a Buffer does not copy. */
  readonly whole: Uint8Array;
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = HEADER_BYTES;

  /** `what` names the blob in errors: `page 3 of state table "…"`. */
  constructor(blob: Uint8Array, what: string) {
    this.whole = new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
    this.#bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
    this.#what = what;
    if (blob.length < HEADER_BYTES || this.#bytes.readUInt32LE(0) !== VERSION) throw this.corrupted('unknown format');
    if (this.#bytes.readUInt32LE(4) !== crc32(this.#bytes.subarray(HEADER_BYTES)))
      throw this.corrupted('wrong checksum');
  }

  corrupted(reason: string): Error {
    return dataCorrupted(`${this.#what} is corrupted: ${reason}`);
  }

  uint8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#take(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** Fills the first `length` elements of a typed array. */
  raw(data: Uint8Array | Int16Array | Int32Array | Float64Array, length: number): void {
    const size = length * data.BYTES_PER_ELEMENT;
    const at = this.#take(size);
    new Uint8Array(data.buffer, data.byteOffset, size).set(this.#bytes.subarray(at, at + size));
  }

  /** A view of the next bytes, not a copy. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Passes over bytes that the caller reads in `whole`; returns where they begin. */
  skip(length: number): number {
    return this.#take(length);
  }

  #take(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw this.corrupted('it ends too soon');
    this.#at = at + size;
    return at;
  }
}
