/** `boolean`. Accepts any unambiguous prefix of true, false, yes, no, on, off, and 1 and 0. */
import { invalidInputSyntax } from '../base/errors.ts';
import { expectLength } from './bytes.ts';
import { trimSpace } from './spaces.ts';
import type { SqlType } from './type.ts';

/** Null where the text is not a boolean. Also how boolean settings are read. */
export function parseBoolean(text: string): boolean | null {
  const word = trimSpace(text).toLowerCase();
  if (word === '') return null;
  if (word === '1' || 'true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on') return true;
  if (word === '0' || 'false'.startsWith(word) || 'no'.startsWith(word) || word === 'of' || word === 'off')
    return false;
  return null;
}

export const bool: SqlType = {
  oid: 16,
  name: 'bool',
  displayName: 'boolean',
  arrayOid: 1000,
  category: 'B',
  isPreferred: true,
  length: 1,
  column: 'bool',
  parse(text: string) {
    const value = parseBoolean(text);
    if (value === null) throw invalidInputSyntax('boolean', text);
    return value;
  },
  format: (value: boolean) => (value ? 't' : 'f'),
  readBinary(bytes, offset, length) {
    expectLength(length, 1);
    return bytes[offset] !== 0;
  },
  writeBinary: (value: boolean) => Uint8Array.of(value ? 1 : 0),
  compare: (a: boolean, b: boolean) => Number(a) - Number(b),
  hashKey: (value) => value,
};
