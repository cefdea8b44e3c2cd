/**
 * The bytes on their way to one client: one buffer per connection, filled message by message and handed to the socket whole.
 *
 * `bytes` and `at` are open to the writers of this room, which put digits and lanes there directly; whoever writes more than
 * a few bytes calls `reserve` first and takes `bytes` again afterwards, because growing replaces it.
 */
import { putInt16, putInt32 } from '../types/bytes.ts';

const FIRST_BYTES = 16 * 1024;
/** A buffer that one large answer has grown beyond this is not kept. */
const KEPT_BYTES = 256 * 1024;
/** Up to this many units a loop over an ASCII string beats the call into the runtime. */
const SHORT_TEXT = 32;
/** From here on the exact length is worth computing, rather than reserving three bytes a unit. */
const LONG_TEXT = 4096;

export class OutputBuffer {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  at = 0;

  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.at + count));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }

  /** Opens a message; `end` with the returned place closes it and fills in its length. */
  begin(type: number): number {
    this.reserve(5);
    this.bytes[this.at] = type;
    this.at += 5;
    return this.at - 4;
  }

  end(lengthAt: number): void {
    putInt32(this.bytes, lengthAt, this.at - lengthAt);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  int16(value: number): void {
    this.reserve(2);
    putInt16(this.bytes, this.at, value);
    this.at += 2;
  }

  int32(value: number): void {
    this.reserve(4);
    putInt32(this.bytes, this.at, value);
    this.at += 4;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** UTF-8 without an end mark. */
  text(text: string): void {
    if (text.length <= SHORT_TEXT && this.#asciiText(text)) return;
    this.reserve(text.length > LONG_TEXT ? Buffer.byteLength(text) : 3 * text.length);
    this.at += this.bytes.write(text, this.at);
  }

  /** UTF-8 and a zero byte. A zero inside would end the field early, so it is left out. */
  string(text: string): void {
    this.text(text.includes('\0') ? text.replaceAll('\0', '') : text);
    this.byte(0);
  }

  /** False, with nothing written, when a unit is not ASCII. */
  #asciiText(text: string): boolean {
    this.reserve(SHORT_TEXT);
    const { bytes, at } = this;
    let bits = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      bits |= unit;
      bytes[at + i] = unit;
    }
    if (bits >= 0x80) return false;
    this.at = at + text.length;
    return true;
  }

  /** What has been written, lent until the next write. */
  view(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /** Begins anew. `isFree` says that nobody holds the bytes of the last `view` any more. */
  clear(isFree: boolean): void {
    this.at = 0;
    if (!isFree || this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }
}
