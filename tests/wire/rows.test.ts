/** Values from columns to bytes: PostgreSQL's recorded text and binary forms of every type, and the short cuts for numbers. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ResultColumn } from '../../src/engine/session.ts';
import { batchOfRows } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { toInt } from '../../src/types/int64.ts';
import { int2, int4, int8 } from '../../src/types/integer.ts';
import { parseNumeric } from '../../src/types/numeric.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { typeByOid } from '../../src/types/registry.ts';
import { text } from '../../src/types/text.ts';
import { defaultFormat, type FormatSettings, type SqlType } from '../../src/types/type.ts';
import { OutputBuffer } from '../../src/wire/output.ts';
import { encodingsFor, shapeOf } from '../../src/wire/result-shape.ts';
import { writeRows } from '../../src/wire/rows.ts';

type Vector = { readonly in: string; readonly text?: string; readonly bin?: string };
const recorded = JSON.parse(
  readFileSync(new URL('./golden/postgresql-15-types.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, { readonly oid: number; readonly v?: readonly Vector[] }>>;

const columnOf = (type: SqlType): ResultColumn => ({ name: 'v', type, typmod: -1, tableOid: 0, attnum: 0 });

/** The body of the one value of a row, or null. */
function encode(type: SqlType, value: Value, format: 0 | 1, settings: FormatSettings = defaultFormat): Buffer | null {
  const out = new OutputBuffer();
  const shape = shapeOf([columnOf(type)]);
  const encodings = encodingsFor(shape, [format]);
  writeRows(out, shape.types, encodings, batchOfRows([type.column], [[value]]), 0, 1, 1 << 20, settings);
  const bytes = Buffer.from(out.view());
  expect(bytes.toString('latin1', 0, 1)).toBe('D');
  expect(bytes.readInt32BE(1)).toBe(bytes.length - 1);
  const length = bytes.readInt32BE(7);
  return length < 0 ? null : bytes.subarray(11, 11 + length);
}

const textOf = (type: SqlType, value: Value, settings?: FormatSettings) => encode(type, value, 0, settings)?.toString();

const vectors = Object.entries(recorded).flatMap(([name, { oid, v = [] }]) => {
  const type = typeByOid(oid);
  return type === undefined || name.startsWith('@') ? [] : v.map((vector) => ({ name, type, vector }));
});

/** Names come from the catalog, which the engine puts behind these types at its door; here they print as numbers. */
const needsCatalog = new Set(['regclass', 'regtype', 'regproc', 'regnamespace']);

test('the recorded types that the server does not have are few', () => {
  const missing = Object.entries(recorded).filter(([name, { oid, v }]) => {
    return !name.startsWith('@') && v?.length !== 0 && typeByOid(oid) === undefined;
  });
  const networks = ['cidr', 'inet', 'macaddr'];
  const ranges = ['daterange', 'int4range', 'numrange', 'tstzrange'];
  const others = ['bit', 'money', 'point', 'varbit'];
  expect(missing.map(([name]) => name).sort()).toEqual([...networks, ...ranges, ...others].sort());
  expect(vectors.length).toBeGreaterThan(120);
});

test.each(vectors.filter(({ name, vector }) => vector.text !== undefined && !needsCatalog.has(name)))(
  '$name $vector.in goes out as PostgreSQL sends it',
  ({ type, vector }) => {
    const value = type.parse(vector.in, defaultFormat);
    expect(encode(type, value, 0)?.toString()).toBe(vector.text);
    if (vector.bin !== undefined && type.writeBinary !== undefined) {
      expect(encode(type, value, 1)?.toString('hex')).toBe(vector.bin);
    }
  },
);

test('NULL has length -1 in every type and format', () => {
  for (const type of [int4, int8, float8, text, numeric]) {
    expect(encode(type, null, 0)).toBe(null);
    expect(encode(type, null, 1)).toBe(null);
  }
});

test('a type without a binary form is refused in binary', () => {
  const { writeBinary: _, ...textOnly } = text;
  const type: SqlType = { ...textOnly, oid: 99999 };
  expect(() => encode(type, 'x', 1)).toThrow('no binary output function available for type text');
});

/** Holds for every value of `values`. */
function forAll<T>(values: fc.Arbitrary<T>, check: (value: T) => void): void {
  fc.assert(
    fc.property(values, (value) => {
      check(value);
    }),
  );
}

test('every integer prints as itself', () => {
  forAll(fc.integer(), (value) => expect(textOf(int4, value)).toBe(`${value}`));
  forAll(fc.integer({ min: -32768, max: 32767 }), (value) => expect(textOf(int2, value)).toBe(`${value}`));
  const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  forAll(wide, (value) => expect(textOf(int8, toInt(value))).toBe(`${value}`));
  forAll(fc.maxSafeInteger(), (value) => expect(textOf(int8, value)).toBe(`${value}`));
});

test('the ends of the ranges and all powers of ten print exactly', () => {
  const edges = [
    2n ** 31n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n - 1n,
    ...Array.from({ length: 19 }, (_, i) => 10n ** BigInt(i)),
  ];
  for (const edge of edges) {
    for (const value of [edge - 1n, edge, edge + 1n, -edge - 1n, -edge, 1n - edge]) {
      if (value >= -(2n ** 63n) && value < 2n ** 63n) expect(textOf(int8, toInt(value))).toBe(`${value}`);
    }
  }
});

test('every numeric prints as its type prints it', () => {
  const digits = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
  fc.assert(
    fc.property(digits, fc.nat(20), fc.nat(20), (coefficient, scale, shift) => {
      const value = parseNumeric(`${coefficient / 10n ** BigInt(shift)}e-${scale}`);
      expect(textOf(numeric, value)).toBe(numeric.format(value, defaultFormat));
    }),
  );
});

test('every double prints as its type prints it', () => {
  const doubles = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constant(-0), fc.constant(1e15));
  fc.assert(
    fc.property(doubles, fc.integer({ min: -15, max: 3 }), (value, extraFloatDigits) => {
      const settings = { ...defaultFormat, extraFloatDigits };
      expect(textOf(float8, value, settings)).toBe(float8.format(value, settings));
    }),
  );
});

test('every string arrives as UTF-8, long or short', () => {
  const strings = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 100 }),
    fc.string({ unit: 'binary', minLength: 4090, maxLength: 4110 }),
  );
  forAll(strings, (value) => expect(textOf(text, value)).toBe(Buffer.from(value).toString()));
});

test('a value that cannot be printed leaves no half row behind', () => {
  const out = new OutputBuffer();
  const type: SqlType = {
    ...text,
    oid: 99999,
    format() {
      throw new Error('no');
    },
  };
  const types = [int4, type];
  const shape = shapeOf(types.map(columnOf));
  const batch = batchOfRows(['i32', 'text'], [[1, 'x']]);
  out.byte(7);
  expect(() => writeRows(out, types, shape.allText, batch, 0, 1, 1 << 20, defaultFormat)).toThrow('no');
  expect([...out.view()]).toEqual([7]);
});
