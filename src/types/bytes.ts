/**
 * Big-endian reading and writing for binary formats, and UTF-8 both ways with PostgreSQL's error for bytes that are not.
 * Small and allocation-light; message framing is the wire's own business.
 */
import { SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import { type Int, int64At, setInt64 } from './int64.ts';

const lanes = new Int32Array(2);

export const readInt16 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16)) >> 16;

export const readUint16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

export const readInt32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

export const readUint32 = (bytes: Uint8Array, at: number): number => readInt32(bytes, at) >>> 0;

export function readInt64(bytes: Uint8Array, at: number): Int {
  lanes[1] = readInt32(bytes, at);
  lanes[0] = readInt32(bytes, at + 4);
  return int64At(lanes, 0);
}

export function putInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

export function putInt64(bytes: Uint8Array, at: number, value: Int): void {
  setInt64(lanes, 0, value);
  putInt32(bytes, at, lanes[1] as number);
  putInt32(bytes, at + 4, lanes[0] as number);
}

export function int32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putInt32(bytes, 0, value);
  return bytes;
}

export function int64Bytes(value: Int): Uint8Array {
  const bytes = new Uint8Array(8);
  putInt64(bytes, 0, value);
  return bytes;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Decodes, or throws 22021. A zero byte is refused too: no PostgreSQL text may hold one. */
export function decodeUtf8(bytes: Uint8Array, offset = 0, length = bytes.length - offset): string {
  const part = bytes.subarray(offset, offset + length);
  const zero = part.indexOf(0);
  if (zero >= 0) throw invalidBytes(part, zero, 1);
  try {
    return decoder.decode(part);
  } catch {
    throw firstInvalid(part);
  }
}

/** How many bytes the sequence starting with `lead` has, by the lead alone. */
const sequenceLength = (lead: number): number =>
  lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 1;

function firstInvalid(bytes: Uint8Array): SqlError {
  for (let i = 0; i < bytes.length; ) {
    const n = (bytes[i] as number) < 0xc0 && (bytes[i] as number) >= 0x80 ? 1 : sequenceLength(bytes[i] as number);
    try {
      decoder.decode(bytes.subarray(i, i + n));
    } catch {
      return invalidBytes(bytes, i, n);
    }
    i += n;
  }
  return invalidBytes(bytes, 0, 1);
}

function invalidBytes(bytes: Uint8Array, at: number, count: number): SqlError {
  const shown = [...bytes.subarray(at, at + count)].map((b) => `0x${b.toString(16).padStart(2, '0')}`);
  return new SqlError(
    SqlState.characterNotInRepertoire,
    `invalid byte sequence for encoding "UTF8": ${shown.join(' ')}`,
  );
}

/** 22P03 for a binary value of the wrong length. */
export const incorrectBinaryFormat = (what = 'incorrect binary data format') =>
  new SqlError(SqlState.invalidBinaryRepresentation, what);

export function expectLength(length: number, expected: number): void {
  if (length !== expected) throw new SqlError(SqlState.protocolViolation, 'insufficient data left in message');
}
