/** uuid: kept as its canonical text (lower case, hyphens at 8-4-4-4-12), whose text order is the byte order. */
import { invalidInputSyntax } from '../base/errors.ts';
import { expectLength } from './bytes.ts';
import type { SqlType } from './type.ts';

/** Braces, upper case, and a hyphen after any group of four digits are accepted. */
const pattern = /^(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}$/;

function parseUuid(text: string): string {
  if (canonical.test(text)) return text;
  const lower = text.toLowerCase();
  const body = lower.startsWith('{') && lower.endsWith('}') ? lower.slice(1, -1) : lower;
  if (!pattern.test(body)) throw invalidInputSyntax('uuid', text);
  return hyphenate(body.replaceAll('-', ''));
}

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const hyphenate = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

export const uuid: SqlType = {
  oid: 2950,
  name: 'uuid',
  displayName: 'uuid',
  arrayOid: 2951,
  category: 'U',
  isPreferred: false,
  length: 16,
  column: 'value',
  parse: parseUuid,
  format: (value: string) => value,
  readBinary(bytes, offset, length) {
    expectLength(length, 16);
    return hyphenate(Buffer.from(bytes.buffer, bytes.byteOffset + offset, 16).toString('hex'));
  },
  writeBinary: (value: string) => new Uint8Array(Buffer.from(value.replaceAll('-', ''), 'hex')),
  compare: (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0),
  hashKey: (value) => value,
};
