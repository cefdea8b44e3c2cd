/**
 * The table of casts: PostgreSQL's pg_cast for the types there are here, minus its length casts (`SqlType.applyTypmod`).
 *
 * What pg_cast does not list (arrays through their elements, anything through its text) is for overload resolution to add.
 */
import { invalidParameterValue, numericValueOutOfRange, outOfRange } from '../base/errors.ts';
import { bool } from './boolean.ts';
import type { CastContext, CastFunction } from './cast.ts';
import type { Value } from './column.ts';
import { date } from './date.ts';
import {
  dateToTimestamp,
  dateToTimestamptz,
  intervalToTime,
  timestampToDate,
  timestampToTime,
  timestampToTimestamptz,
  timestamptzToTimestamp,
  timestamptzToTimetz,
} from './date-time-casts.ts';
import { roundHalfEven } from './date-time-fields.ts';
import { sessionZone } from './date-time-parse.ts';
import { float4, float8 } from './float.ts';
import { parseFloat4 } from './float-text.ts';
import { type Int, intFromDouble } from './int64.ts';
import { int2, int4, int8 } from './integer.ts';
import { interval } from './interval.ts';
import { Interval } from './interval-value.ts';
import { formatJsonValue, isJsonArray, Jsonb, type JsonValue, json, jsonb, parseJsonValue } from './json.ts';
import { formatNumeric, Numeric, numericFromDouble, numericFromInt, numericToDouble, numericToInt } from './numeric.ts';
import { numeric } from './numeric-type.ts';
import { oid, regclass, regoper, regoperator, regproc, regprocedure, regTypes, xid, xid8 } from './oid.ts';
import { bpchar, char, firstByte, name, pgNodeTree, text, trimTrailingBlanks, truncateName, varchar } from './text.ts';
import { sessionOffset, TimeWithZone, time, timetz } from './time.ts';
import { timestamp, timestamptz } from './timestamp.ts';
import type { FormatSettings, SqlType } from './type.ts';

const casts: CastFunction[] = [];

type Convert = (value: never, settings: FormatSettings) => Value;

/** Adds one cast. A converter that takes settings makes the cast stable. */
function define(from: SqlType, to: SqlType, context: CastContext, convert: Convert): void {
  casts.push({
    from,
    to,
    context,
    binaryCoercible: false,
    usesSettings: convert.length > 1,
    convert: convert as CastFunction['convert'],
  });
}

/** Adds a cast that changes only the label. */
function relabel(from: SqlType, to: SqlType, context: CastContext): void {
  casts.push({ from, to, context, binaryCoercible: true, usesSettings: false, convert: (value) => value });
}

const same = (value: Value): Value => value;

// -------------------------------------------------------------------------------------------------------- numbers

/** An integer that the target can hold, or 22003. */
function narrow(value: Int, limit: number, typeName: string): number {
  if (typeof value === 'bigint' || value < -limit || value >= limit) throw outOfRange(typeName);
  return value;
}

const toInt2 = (value: Int): number => narrow(value, 0x8000, 'smallint');
const toInt4 = (value: Int): number => narrow(value, 0x80000000, 'integer');

/** Half-way values go to the even neighbour. */
function doubleToInt8(value: number): Int {
  const rounded = roundHalfEven(value);
  if (!(rounded >= -(2 ** 63) && rounded < 2 ** 63)) throw outOfRange('bigint');
  return intFromDouble(rounded);
}

function doubleToNarrow(value: number, limit: number, typeName: string): number {
  const rounded = roundHalfEven(value);
  if (!(rounded >= -limit && rounded < limit)) throw outOfRange(typeName);
  return rounded;
}

function doubleToSingle(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single) && Number.isFinite(value)) throw numericValueOutOfRange('value out of range: overflow');
  if (single === 0 && value !== 0) throw numericValueOutOfRange('value out of range: underflow');
  return single;
}

/** The nearest single, rounded once. */
const int8ToSingle = (value: Int): number => (typeof value === 'number' ? Math.fround(value) : parseFloat4(`${value}`));

const numericToSingle = (value: Numeric): number =>
  value.scale === 0 && typeof value.coefficient === 'number'
    ? Math.fround(value.coefficient)
    : parseFloat4(formatNumeric(value));

for (const [from, to] of [
  [int2, int4],
  [int2, int8],
  [int4, int8],
] as const) {
  define(from, to, 'implicit', same);
}
define(int4, int2, 'assignment', toInt2);
define(int8, int2, 'assignment', toInt2);
define(int8, int4, 'assignment', toInt4);
for (const from of [int2, int4]) {
  define(from, float4, 'implicit', (value: number) => Math.fround(value));
  define(from, float8, 'implicit', same);
}
define(int8, float4, 'implicit', int8ToSingle);
define(int8, float8, 'implicit', (value: Int) => Number(value));
for (const from of [int2, int4, int8]) define(from, numeric, 'implicit', (value: Int) => numericFromInt(value));

define(float4, float8, 'implicit', same);
define(float8, float4, 'assignment', doubleToSingle);
for (const from of [float4, float8]) {
  define(from, int2, 'assignment', (value: number) => doubleToNarrow(value, 0x8000, 'smallint'));
  define(from, int4, 'assignment', (value: number) => doubleToNarrow(value, 0x80000000, 'integer'));
  define(from, int8, 'assignment', doubleToInt8);
}
define(float4, numeric, 'assignment', (value: number) => numericFromDouble(value, 6));
define(float8, numeric, 'assignment', (value: number) => numericFromDouble(value, 15));

const numericTo: readonly (readonly [SqlType, (value: Numeric) => Value])[] = [
  [int2, (value) => narrow(numericToInt(value, 'smallint'), 0x8000, 'smallint')],
  [int4, (value) => narrow(numericToInt(value, 'integer'), 0x80000000, 'integer')],
  [int8, (value) => numericToInt(value)],
  [float4, numericToSingle],
  [float8, numericToDouble],
];
for (const [to, convert] of numericTo) {
  define(numeric, to, to === float4 || to === float8 ? 'implicit' : 'assignment', convert);
}

// ----------------------------------------------------------------------------------------------------------- oids

function int8ToOid(value: Int): number {
  if (typeof value === 'bigint' || value < 0 || value > 0xffffffff) throw numericValueOutOfRange('OID out of range');
  return value;
}

for (const to of [oid, ...regTypes]) {
  define(int2, to, 'implicit', (value: number) => value >>> 0);
  define(int4, to, 'implicit', (value: number) => value >>> 0);
  define(int8, to, 'implicit', int8ToOid);
  define(to, int4, 'assignment', (value: number) => value | 0);
  define(to, int8, 'assignment', same);
  if (to === oid) continue;
  relabel(to, oid, 'implicit');
  relabel(oid, to, 'implicit');
}
for (const [a, b] of [
  [regproc, regprocedure],
  [regoper, regoperator],
] as const) {
  relabel(a, b, 'implicit');
  relabel(b, a, 'implicit');
}
define(xid8, xid, 'explicit', (value: Int) => Number(BigInt.asUintN(32, BigInt(value))));

// ----------------------------------------------------------------------------------------------------------- text

for (const from of [text, varchar]) {
  relabel(from, bpchar, 'implicit');
  define(from, name, 'implicit', truncateName);
  define(from, char, 'assignment', firstByte);
  define(from, regclass, 'implicit', (value: string, settings) => regclass.parse(value, settings));
}
relabel(text, varchar, 'implicit');
relabel(varchar, text, 'implicit');
relabel(pgNodeTree, text, 'implicit');
define(bpchar, text, 'implicit', trimTrailingBlanks);
define(bpchar, varchar, 'implicit', trimTrailingBlanks);
define(bpchar, name, 'implicit', (value: string) => truncateName(trimTrailingBlanks(value)));
define(bpchar, char, 'assignment', firstByte);
for (const from of [name, char]) {
  define(from, text, 'implicit', same);
  define(from, bpchar, 'assignment', same);
  define(from, varchar, 'assignment', same);
}
define(char, int4, 'explicit', (value: string) => (value === '' ? 0 : (value.charCodeAt(0) << 24) >> 24));
define(int4, char, 'explicit', (value: number) => {
  if (value < -128 || value > 127) throw numericValueOutOfRange('"char" out of range');
  return value === 0 ? '' : String.fromCharCode(value & 0xff);
});

define(bool, int4, 'explicit', (value: boolean) => (value ? 1 : 0));
define(int4, bool, 'explicit', (value: number) => value !== 0);
for (const to of [text, varchar, bpchar]) define(bool, to, 'assignment', (value: boolean) => `${value}`);

// ----------------------------------------------------------------------------------------------------------- json

const jsonKind = (value: JsonValue): string => {
  if (value === null) return 'null';
  if (value instanceof Numeric) return 'numeric';
  if (typeof value !== 'object') return typeof value;
  return isJsonArray(value) ? 'array' : 'object';
};

const cannotCastJsonb = (value: JsonValue, to: SqlType) =>
  invalidParameterValue(`cannot cast jsonb ${jsonKind(value)} to type ${to.displayName}`);

define(json, jsonb, 'assignment', (value: string) => new Jsonb(parseJsonValue(value)));
define(jsonb, json, 'assignment', (value: Jsonb) => formatJsonValue(value.root));
define(jsonb, bool, 'explicit', ({ root }: Jsonb) => {
  if (typeof root !== 'boolean') throw cannotCastJsonb(root, bool);
  return root;
});
for (const [to, convert] of [...numericTo, [numeric, same] as const]) {
  define(jsonb, to, 'explicit', ({ root }: Jsonb) => {
    if (!(root instanceof Numeric)) throw cannotCastJsonb(root, to);
    return convert(root);
  });
}

// ------------------------------------------------------------------------------------------------ dates and times

define(date, timestamp, 'implicit', dateToTimestamp);
define(date, timestamptz, 'implicit', (value: number, settings) => dateToTimestamptz(value, sessionZone(settings)));
define(timestamp, date, 'assignment', timestampToDate);
define(timestamp, time, 'assignment', timestampToTime);
define(timestamp, timestamptz, 'implicit', (value: Int, settings) =>
  timestampToTimestamptz(value, sessionZone(settings)),
);
define(timestamptz, timestamp, 'assignment', (value: Int, settings) =>
  timestamptzToTimestamp(value, sessionZone(settings)),
);
define(timestamptz, date, 'assignment', (value: Int, settings) =>
  timestampToDate(timestamptzToTimestamp(value, sessionZone(settings))),
);
define(timestamptz, time, 'assignment', (value: Int, settings) =>
  timestampToTime(timestamptzToTimestamp(value, sessionZone(settings))),
);
define(timestamptz, timetz, 'assignment', (value: Int, settings) => timestamptzToTimetz(value, sessionZone(settings)));
define(time, interval, 'implicit', (value: number) => new Interval(0, 0, value));
define(time, timetz, 'implicit', (value: number, settings) => new TimeWithZone(value, sessionOffset(value, settings)));
define(timetz, time, 'assignment', (value: TimeWithZone) => value.micros);
define(interval, time, 'assignment', intervalToTime);

// --------------------------------------------------------------------------------------------------------- lookup

/** Every cast of the table: what pg_cast lists. */
export const allCasts: readonly CastFunction[] = casts;

const byTypes = new Map<SqlType, Map<SqlType, CastFunction>>();
for (const cast of casts) {
  const row = byTypes.get(cast.from) ?? new Map<SqlType, CastFunction>();
  byTypes.set(cast.from, row.set(cast.to, cast));
}

/** The cast pg_cast has between two different types. */
export const castBetween = (from: SqlType, to: SqlType): CastFunction | undefined => byTypes.get(from)?.get(to);
