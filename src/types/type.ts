/**
 * What a SQL type is: one value per type, holding everything the server knows about it.
 *
 * Types are compared by identity (`===`): there is one object per type, found by OID or name in `registry.ts`. The modifier
 * (`typmod`: length of varchar, precision and scale of numeric) travels beside the type, -1 when there is none, encoded as
 * PostgreSQL encodes it.
 */
import type { ColumnKind, Value } from './column.ts';
import type { Int } from './int64.ts';

/** PostgreSQL's `typcategory` letters: the ones that steer overload resolution. */
export type TypeCategory =
  | 'A'
  | 'B'
  | 'C'
  | 'D'
  | 'E'
  | 'G'
  | 'I'
  | 'N'
  | 'P'
  | 'R'
  | 'S'
  | 'T'
  | 'U'
  | 'V'
  | 'X'
  | 'Z';

/** Session settings that change how text is read or printed. */
export type FormatSettings = {
  /** IANA zone or `UTC`, for timestamptz. */
  readonly timeZone: string;
  readonly dateStyle: 'ISO';
  readonly dateOrder: 'MDY' | 'DMY' | 'YMD';
  readonly intervalStyle: 'postgres' | 'postgres_verbose' | 'sql_standard' | 'iso_8601';
  readonly extraFloatDigits: number;
  readonly byteaOutput: 'hex' | 'escape';
  /** What 'now' and 'today' mean: the start of the transaction, µs since 2000-01-01 UTC. Absent: the clock is read. */
  readonly now?: Int | undefined;
  /** The name a reg* type prints for an OID (`regclass`, 1259: pg_class), where a catalog is at hand. */
  readonly objectName?: ((type: SqlType, oid: number) => string) | undefined;
};

export const defaultFormat: FormatSettings = {
  timeZone: 'UTC',
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
};

export type SqlType = {
  readonly oid: number;
  /** Name in pg_type: `int4`, `_text`. */
  readonly name: string;
  /** Name in messages and format_type: `integer`, `character varying`, `text[]`. */
  readonly displayName: string;
  readonly arrayOid: number;
  readonly category: TypeCategory;
  readonly isPreferred: boolean;
  /** `typlen`: bytes, -1 variable, -2 a C string. */
  readonly length: number;
  readonly column: ColumnKind;
  /** The element type of an array type. */
  readonly element?: SqlType;

  /** Text input. Throws 22P02, 22003, 22007, … worded as PostgreSQL words them. Applies no typmod. */
  parse(text: string, settings: FormatSettings): Value;
  /**
   * Text input that needs the modifier to be understood: only interval has it (`INTERVAL '5' MINUTE`). Applies the modifier.
   * Used for literals; a cast from text parses first and applies the modifier after.
   */
  parseLiteral?(text: string, typmod: number, settings: FormatSettings): Value;
  /** Text output, as psql would print it. Never called with null. */
  format(value: Value, settings: FormatSettings): string;
  /** Binary input of exactly `length` bytes from `offset`; absent where the type has no binary form yet. */
  readBinary?(bytes: Uint8Array, offset: number, length: number): Value;
  /** Binary output, the body without its length word. */
  writeBinary?(value: Value): Uint8Array;
  /** Total order as ORDER BY uses it: negative, zero, positive. Never called with null. */
  compare(a: Value, b: Value): number;
  /** A key under which values that `compare` calls equal collide, and others do not: for hashing `value` and `dec` columns. */
  hashKey(value: Value): Value;
  /** Applies a modifier (length check or padding, rounding). `explicit` casts truncate where assignment raises 22001. */
  applyTypmod?(value: Value, typmod: number, explicit: boolean): Value;
  /** `(40)` or `(12,2)` for format_type. */
  formatTypmod?(typmod: number): string;
  /** Modifier arguments of a type name in SQL (`numeric(12,2)`) to a typmod; throws 22023. */
  parseTypmod?(args: readonly number[]): number;
};
