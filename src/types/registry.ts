/**
 * Every type there is, by OID and by name; array types are made here, from their elements.
 *
 * Names are those of pg_type (`int4`, `_text`). Spellings of SQL (`integer`, `character varying`) are the parser's to map.
 */
import { int2vector, makeArrayType, oidvector } from './array.ts';
import { bool } from './boolean.ts';
import { bytea } from './bytea.ts';
import { date } from './date.ts';
import { float4, float8 } from './float.ts';
import { int2, int4, int8 } from './integer.ts';
import { interval } from './interval.ts';
import { json, jsonb } from './json.ts';
import { numeric } from './numeric-type.ts';
import { cid, oid, pgLsn, regTypes, tid, xid, xid8 } from './oid.ts';
import * as pseudo from './pseudo.ts';
import { bpchar, char, cstring, name, pgNodeTree, refcursor, text, unknown, varchar } from './text.ts';
import { time, timetz } from './time.ts';
import { timestamp, timestamptz } from './timestamp.ts';
import type { SqlType } from './type.ts';
import { uuid } from './uuid.ts';

const baseTypes: readonly SqlType[] = [
  bool,
  int2,
  int4,
  int8,
  float4,
  float8,
  numeric,
  text,
  varchar,
  bpchar,
  name,
  char,
  bytea,
  date,
  time,
  timetz,
  timestamp,
  timestamptz,
  interval,
  uuid,
  json,
  jsonb,
  oid,
  ...regTypes,
  xid,
  xid8,
  cid,
  tid,
  pgLsn,
  refcursor,
  pgNodeTree,
  pseudo.aclitem,
  int2vector,
  oidvector,
  cstring,
  unknown,
  pseudo.record,
  pseudo.voidType,
  pseudo.any,
  pseudo.anyArray,
  pseudo.anyElement,
  pseudo.anyNonArray,
  pseudo.anyEnum,
  pseudo.anyRange,
  pseudo.anyMultirange,
  pseudo.anyCompatible,
  pseudo.anyCompatibleArray,
  pseudo.anyCompatibleNonArray,
  pseudo.anyCompatibleRange,
  pseudo.anyCompatibleMultirange,
  pseudo.trigger,
  pseudo.eventTrigger,
  pseudo.internal,
  pseudo.languageHandler,
];

const arrayTypes = new Map<SqlType, SqlType>(
  baseTypes.filter((type) => type.arrayOid !== 0).map((type) => [type, makeArrayType(type)]),
);

/** All types, arrays too, in no promised order. */
export const allTypes: readonly SqlType[] = [...baseTypes, ...arrayTypes.values()];

const byOid = new Map(allTypes.map((type) => [type.oid, type]));
const byName = new Map(allTypes.map((type) => [type.name, type]));

export const typeByOid = (typeOid: number): SqlType | undefined => byOid.get(typeOid);

/** By the name in pg_type. */
export const typeByName = (typeName: string): SqlType | undefined => byName.get(typeName);

/** The array type over `element`; undefined for types that have none (pseudo-types, and arrays themselves). */
export const arrayOf = (element: SqlType): SqlType | undefined => arrayTypes.get(element);

/**
 * format_type(): `character varying(40)`, `timestamp(3) with time zone`, `numeric(12,2)[]`. Without a modifier it is the name
 * that messages use; with -1 the same, but `bpchar`, since `character` alone would mean char(1).
 */
export function formatType(type: SqlType, typmod?: number): string {
  if (type.category === 'A' && type.element !== undefined && type.name.startsWith('_')) {
    return `${formatType(type.element, typmod)}[]`;
  }
  if (type === bpchar && typmod === -1) return 'bpchar';
  if (typmod === undefined || typmod < 0 || type.formatTypmod === undefined) return type.displayName;
  const modifier = type.formatTypmod(typmod);
  // The modifier of a time or timestamp stands before its "with time zone".
  const at = type.displayName.search(/ with(out)? time zone$/);
  return at < 0 ? type.displayName + modifier : type.displayName.slice(0, at) + modifier + type.displayName.slice(at);
}
