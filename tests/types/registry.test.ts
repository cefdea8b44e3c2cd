/** The types and casts there are, against facts recorded from PostgreSQL 15. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import type { SqlArray } from '../../src/types/array.ts';
import { allCasts, castBetween } from '../../src/types/casts.ts';
import type { Value } from '../../src/types/column.ts';
import { date } from '../../src/types/date.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { interval } from '../../src/types/interval.ts';
import { FULL_RANGE, IntervalField } from '../../src/types/interval-value.ts';
import { jsonb } from '../../src/types/json.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { allTypes, arrayOf, formatType, typeByName, typeByOid } from '../../src/types/registry.ts';
import { bpchar, text, varchar } from '../../src/types/text.ts';
import { time } from '../../src/types/time.ts';
import { timestamp, timestamptz } from '../../src/types/timestamp.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

type TypeFacts = readonly [number, string, number, string, boolean, number, string];
type CastFacts = readonly [number, number, string];

const recorded = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;

test('every type has the OID, length, category and array type of pg_type', () => {
  const facts = new Map(recorded<TypeFacts[]>('pg_type_pg15.json').map((row) => [row[0], row]));
  for (const type of allTypes) {
    const ours = [type.oid, type.name, type.length, type.category, type.isPreferred, type.arrayOid, type.displayName];
    expect(ours).toEqual(facts.get(type.oid));
  }
});

test('the casts are those of pg_cast, each in its context', () => {
  const known = new Set(allTypes.map((type) => type.oid));
  const theirs = recorded<CastFacts[]>('pg_cast_pg15.json').filter(([from, to]) => known.has(from) && known.has(to));
  const letter = { implicit: 'i', assignment: 'a', explicit: 'e' };
  const ours = allCasts.map((cast): CastFacts => [cast.from.oid, cast.to.oid, letter[cast.context]]);
  ours.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  expect(ours).toEqual(theirs);
});

test('types are found by number and by name, and arrays know their elements', () => {
  for (const type of allTypes) {
    expect(typeByOid(type.oid)).toBe(type);
    expect(typeByName(type.name)).toBe(type);
    if (type.arrayOid !== 0) expect(arrayOf(type)?.element).toBe(type);
  }
  expect(typeByOid(999999)).toBeUndefined();
  expect(arrayOf(arrayOf(int4) as SqlType)).toBeUndefined();
});

test('format_type writes modifiers where SQL does', () => {
  const withArgs = (type: SqlType, ...args: number[]) => formatType(type, type.parseTypmod?.(args));
  expect(withArgs(varchar, 40)).toBe('character varying(40)');
  expect(withArgs(numeric, 12, 2)).toBe('numeric(12,2)');
  expect(withArgs(timestamptz, 3)).toBe('timestamp(3) with time zone');
  expect(withArgs(time, 0)).toBe('time(0) without time zone');
  expect(withArgs(interval, IntervalField.day | IntervalField.hour)).toBe('interval day to hour');
  expect(withArgs(interval, FULL_RANGE, 3)).toBe('interval(3)');
  expect(formatType(arrayOf(varchar) as SqlType, 14)).toBe('character varying(10)[]');
  expect(formatType(bpchar)).toBe('character');
  expect(formatType(bpchar, -1)).toBe('bpchar');
  expect(formatType(timestamp, -1)).toBe('timestamp without time zone');
});

const raises = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof SqlError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing raised';
};

test('assignment to a shorter varchar or char raises, blanks aside, where an explicit cast cuts', () => {
  expect(varchar.applyTypmod?.('abcd', 7, true)).toBe('abc');
  expect(varchar.applyTypmod?.('abc  ', 7, false)).toBe('abc');
  expect(raises(() => varchar.applyTypmod?.('abcd', 7, false))).toBe(
    '22001 value too long for type character varying(3)',
  );
  expect(raises(() => bpchar.applyTypmod?.('abcd', 7, false))).toBe('22001 value too long for type character(3)');
  expect(bpchar.applyTypmod?.('😀', 7, false)).toBe('😀  ');
});

test('modifiers out of range are refused in PostgreSQL’s words', () => {
  expect(raises(() => varchar.parseTypmod?.([0]))).toBe('22023 length for type varchar must be at least 1');
  expect(raises(() => bpchar.parseTypmod?.([10485761]))).toBe('22023 length for type char cannot exceed 10485760');
  expect(raises(() => numeric.parseTypmod?.([1001]))).toBe('22023 NUMERIC precision 1001 must be between 1 and 1000');
  expect(raises(() => timestamp.parseTypmod?.([-1]))).toBe('22023 TIMESTAMP(-1) precision must not be negative');
});

test('values that compare equal share a hash key, and different ones do not', () => {
  const pairs: readonly (readonly [SqlType, string, string, boolean])[] = [
    [numeric, '1.0', '1.00', true],
    [numeric, '1.0', '1.01', false],
    [numeric, '100', '1e2', true],
    [numeric, 'NaN', 'NaN', true],
    [float8, '-0', '0', true],
    [float8, 'NaN', 'NaN', true],
    [interval, '1 mon', '30 days', true],
    [interval, '1 day', '24:00:00', true],
    [interval, '1 day', '25:00:00', false],
    [bpchar, 'a', 'a  ', true],
    [text, 'a', 'a ', false],
    [jsonb, '{"a":1.0,"b":2}', '{"b":2,"a":1}', true],
    [jsonb, '[1]', '["1"]', false],
    [arrayOf(text) as SqlType, '{a,b}', '{"a,b"}', false],
    [arrayOf(text) as SqlType, '{NULL}', '{n}', false],
    [arrayOf(int4) as SqlType, '{1}', '[0:0]={1}', false],
  ];
  for (const [type, a, b, equal] of pairs) {
    const [left, right] = [type.parse(a, defaultFormat), type.parse(b, defaultFormat)] as [Value, Value];
    expect([type.name, a, b, type.compare(left, right) === 0]).toEqual([type.name, a, b, equal]);
    expect([type.name, a, b, Object.is(type.hashKey(left), type.hashKey(right))]).toEqual([type.name, a, b, equal]);
  }
});

test('subscripts outside an array give NULL', () => {
  const array = arrayOf(int4)?.parse('[0:1][5:6]={{1,2},{3,4}}', defaultFormat) as SqlArray;
  expect(array.at([1, 5])).toBe(3);
  expect(array.at([2, 5])).toBe(null);
  expect(array.at([1])).toBe(null);
});

test('a cast that depends on the session says so', () => {
  expect(castBetween(timestamp, timestamptz)?.usesSettings).toBe(true);
  expect(castBetween(date, timestamp)?.usesSettings).toBe(false);
  expect(castBetween(text, varchar)?.binaryCoercible).toBe(true);
  expect(castBetween(int8, int4)?.context).toBe('assignment');
  expect(castBetween(int4, date)).toBeUndefined();
});
