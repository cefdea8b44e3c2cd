/** bytea: a Uint8Array nobody writes to. Text is hex (`\x00ff`) or, on request, the old escape form. */
import { invalidParameterValue, invalidTextRepresentation } from '../base/errors.ts';
import { encodeUtf8 } from './bytes.ts';
import { isSpace } from './spaces.ts';
import type { SqlType } from './type.ts';

export function parseBytea(text: string): Uint8Array {
  return text.startsWith('\\x') ? parseHex(text.slice(2)) : parseEscape(text);
}

const hexDigit = (c: string): number => '0123456789abcdef'.indexOf(c.toLowerCase());

/** Pairs of hex digits, blanks allowed between pairs. Also what decode(…, 'hex') reads. */
export function parseHex(text: string): Uint8Array {
  const out = new Uint8Array(text.length >> 1);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (isSpace(c)) continue;
    const high = hexDigit(c);
    if (high < 0) throw invalidHexDigit(text, i);
    if (++i >= text.length) throw invalidParameterValue('invalid hexadecimal data: odd number of digits');
    const low = hexDigit(text[i] as string);
    if (low < 0) throw invalidHexDigit(text, i);
    out[length++] = high * 16 + low;
  }
  return out.slice(0, length);
}

const invalidHexDigit = (text: string, at: number) =>
  invalidParameterValue(`invalid hexadecimal digit: "${String.fromCodePoint(text.codePointAt(at) as number)}"`);

/** Backslash doubled is one backslash, `\ooo` a byte in octal, anything else itself (in UTF-8). */
function parseEscape(text: string): Uint8Array {
  const input = encodeUtf8(text);
  const out = new Uint8Array(input.length);
  let length = 0;
  for (let i = 0; i < input.length; ) {
    const byte = input[i] as number;
    if (byte !== 0x5c) {
      out[length++] = byte;
      i++;
    } else if (input[i + 1] === 0x5c) {
      out[length++] = 0x5c;
      i += 2;
    } else {
      const octal = /^[0-3][0-7][0-7]$/.exec(Buffer.from(input.subarray(i + 1, i + 4)).toString('latin1'));
      if (octal === null) throw invalidTextRepresentation('invalid input syntax for type bytea');
      out[length++] = Number.parseInt(octal[0], 8);
      i += 4;
    }
  }
  return out.slice(0, length);
}

export const hexOfBytes = (value: Uint8Array): string =>
  Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex');

export function formatEscape(value: Uint8Array): string {
  let out = '';
  for (const byte of value) {
    if (byte === 0x5c) out += '\\\\';
    else if (byte < 0x20 || byte > 0x7e) out += `\\${byte.toString(8).padStart(3, '0')}`;
    else out += String.fromCharCode(byte);
  }
  return out;
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  }
  return a.length - b.length;
}

export const bytea: SqlType = {
  oid: 17,
  name: 'bytea',
  displayName: 'bytea',
  arrayOid: 1001,
  category: 'U',
  isPreferred: false,
  length: -1,
  column: 'value',
  parse: parseBytea,
  format: (value: Uint8Array, settings) =>
    settings.byteaOutput === 'hex' ? `\\x${hexOfBytes(value)}` : formatEscape(value),
  readBinary: (bytes, offset, length) => bytes.slice(offset, offset + length),
  writeBinary: (value: Uint8Array) => value,
  compare: compareBytes,
  hashKey: (value: Uint8Array) => Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'),
};
