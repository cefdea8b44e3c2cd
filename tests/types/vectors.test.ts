/**
 * Values recorded from PostgreSQL 15 (type_vectors_pg15.json): for each type some literals with the text and the binary form
 * the server answered. Text must come out the same, binary must go both ways.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../src/types/column.ts';
import { typeByOid } from '../../src/types/registry.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

type Vector = { readonly in: string; readonly text?: string; readonly bin?: string; readonly err?: string };
type Recorded = Readonly<Record<string, { readonly oid: number; readonly v?: readonly Vector[] }>>;

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'type_vectors_pg15.json'), 'utf8')) as Recorded;

/** Recorded, but of types this server does not have yet, or whose text needs a catalog. */
const without = new Set('inet cidr macaddr money bit varbit point int4range tstzrange numrange daterange'.split(' '));
const namedByCatalog = new Set('regclass regtype regproc regnamespace'.split(' '));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function roundTrip(type: SqlType, vector: Vector): { text: string; bin: string } {
  const value = type.parse(vector.in, defaultFormat);
  return { text: type.format(value, defaultFormat), bin: hex(type.writeBinary?.(value) as Uint8Array) };
}

describe('recorded vectors', () => {
  for (const [name, { oid, v: vectors = [] }] of Object.entries(recorded)) {
    if (name.startsWith('@') || without.has(name) || namedByCatalog.has(name)) continue;
    test(`${name} reads and prints as PostgreSQL does, in text and binary`, () => {
      const type = typeByOid(oid) as SqlType;
      expect(type?.oid).toBe(oid);
      for (const vector of vectors) {
        expect(roundTrip(type, vector)).toEqual({ text: vector.text, bin: vector.bin });
        const bytes = Buffer.from(`ff${vector.bin}`, 'hex'); // A leading byte, so that offsets are heeded.
        const value = type.readBinary?.(bytes, 1, bytes.length - 1) as Value;
        expect(type.format(value, defaultFormat)).toBe(vector.text);
        expect(type.compare(value, type.parse(vector.in, defaultFormat))).toBe(0);
        expect(type.hashKey(value)).toEqual(type.hashKey(type.parse(vector.in, defaultFormat)));
      }
    });
  }

  test('oids of the name types go through binary', () => {
    for (const name of namedByCatalog) {
      const { oid, v: vectors = [] } = recorded[name] as { oid: number; v?: readonly Vector[] };
      const type = typeByOid(oid) as SqlType;
      for (const { bin } of vectors) {
        if (bin === undefined) continue;
        const bytes = Buffer.from(bin, 'hex');
        expect(hex(type.writeBinary?.(type.readBinary?.(bytes, 0, bytes.length) as Value) as Uint8Array)).toBe(bin);
      }
    }
  });
});
