/**
 * The shape of a key: how its columns are hashed and when two keys are the same.
 *
 * `sql` equality is that of `=` (1.0 = 1.00, -0 = 0, '1 day' = '24 hours', 'a' = 'a ' for char(n)); `image` equality is
 * that of the printed form. NULLs equal each other under both. Each kind has its own hasher and comparison, chosen once.
 */
import { unreachable } from '../base/assert.ts';
import {
  type BoolColumn,
  type Column,
  type DecColumn,
  type F64Column,
  type I32Column,
  type I64Column,
  isNullAt,
  numericAt,
  type TextColumn,
  type Value,
  type ValueColumn,
  WIDE,
} from '../types/column.ts';
import { defaultFormat, type SqlType } from '../types/type.ts';
import {
  type ColumnHasher,
  finishHash,
  hashByKey,
  hashBytes,
  hashF64,
  hashI32,
  hashI64,
  hashNumericImage,
  hashNumericValue,
  hashText,
} from './hashing.ts';

export type Equality = 'sql' | 'image';

/** Whether value `i` of `a` and value `j` of `b`, neither NULL, are the same. */
export type EqualAt = (a: Column, i: number, b: Column, j: number) => boolean;

export class KeyShape {
  readonly hashers: readonly ColumnHasher[];
  readonly equals: readonly EqualAt[];
  /** One letter per column where a specialised probe may compare storage, else `?`: `8` i64, `4` i32, `t` text. */
  readonly signature: string;

  constructor(types: readonly SqlType[], equality: Equality) {
    this.hashers = types.map((type) => hasherOf(type, equality));
    this.equals = types.map((type) => equalityOf(type, equality));
    this.signature = types.map((type) => signatureOf(type, equality)).join('');
  }

  /** Hashes of keys `from…from+count` into `out[0..count)`. */
  hash(keys: readonly Column[], from: number, count: number, seed: number, out: Int32Array): void {
    for (let i = 0; i < count; i++) out[i] = seed;
    for (let c = 0; c < this.hashers.length; c++) {
      (this.hashers[c] as ColumnHasher)(keys[c] as Column, from, count, out);
    }
    for (let i = 0; i < count; i++) out[i] = finishHash(out[i] as number);
  }
}

/** Equality of values that may be NULL. */
export function sameAt(equal: EqualAt, a: Column, i: number, b: Column, j: number): boolean {
  if (isNullAt(a, i)) return isNullAt(b, j);
  return !isNullAt(b, j) && equal(a, i, b, j);
}

function signatureOf(type: SqlType, equality: Equality): string {
  switch (type.column) {
    case 'i64':
      return '8';
    case 'i32':
      return '4';
    case 'text':
      return comparesAsStored(type, equality) ? 't' : '?';
    default:
      return '?';
  }
}

/** Whether equal strings are identical strings: true of text, not of char(n), whose blanks at the end do not count. */
const comparesAsStored = (type: SqlType, equality: Equality): boolean =>
  equality === 'image' || type.hashKey('Aa ') === 'Aa ';

function hasherOf(type: SqlType, equality: Equality): ColumnHasher {
  switch (type.column) {
    case 'i32':
      return (column, from, count, out) => hashI32((column as I32Column).data, column.nulls, from, count, out);
    case 'i64':
      return (column, from, count, out) => hashI64((column as I64Column).data, column.nulls, from, count, out);
    case 'f64':
      return (column, from, count, out) => hashF64((column as F64Column).data, column.nulls, from, count, out);
    case 'bool':
      return (column, from, count, out) => hashBytes((column as BoolColumn).data, column.nulls, from, count, out);
    case 'text':
      if (comparesAsStored(type, equality)) {
        return (column, from, count, out) => hashText((column as TextColumn).data, column.nulls, from, count, out);
      }
      return byKey(type.hashKey);
    case 'dec': {
      const hash = equality === 'sql' ? hashNumericValue : hashNumericImage;
      return (column, from, count, out) => hash(column as DecColumn, from, count, out);
    }
    case 'value':
      return byKey(equality === 'sql' ? type.hashKey : (value) => type.format(value, defaultFormat));
    default:
      return unreachable(type.column);
  }
}

const byKey =
  (keyOf: (value: Value) => unknown): ColumnHasher =>
  (column, from, count, out) =>
    hashByKey((column as ValueColumn).data, keyOf, column.nulls, from, count, out);

function equalityOf(type: SqlType, equality: Equality): EqualAt {
  switch (type.column) {
    case 'i32':
    case 'bool':
      return (a, i, b, j) => (a as I32Column).data[i] === (b as I32Column).data[j];
    case 'i64':
      return (a, i, b, j) => sameLanes((a as I64Column).data, i, (b as I64Column).data, j);
    case 'f64':
      return equality === 'sql' ? sameDouble : sameDoubleImage;
    case 'text':
      if (comparesAsStored(type, equality))
        return (a, i, b, j) => (a as TextColumn).data[i] === (b as TextColumn).data[j];
      return (a, i, b, j) =>
        type.hashKey((a as TextColumn).data[i] as string) === type.hashKey((b as TextColumn).data[j] as string);
    case 'dec':
      return equality === 'sql' ? sameNumericValue(type) : sameNumericImage;
    case 'value':
      return equality === 'sql' ? sameValue(type) : sameValueImage(type);
    default:
      return unreachable(type.column);
  }
}

const sameLanes = (a: Int32Array, i: number, b: Int32Array, j: number): boolean =>
  a[2 * i] === b[2 * j] && a[2 * i + 1] === b[2 * j + 1];

function sameDouble(a: Column, i: number, b: Column, j: number): boolean {
  const x = (a as F64Column).data[i] as number;
  const y = (b as F64Column).data[j] as number;
  return x === y || (Number.isNaN(x) && Number.isNaN(y));
}

const sameDoubleImage = (a: Column, i: number, b: Column, j: number): boolean =>
  Object.is((a as F64Column).data[i], (b as F64Column).data[j]);

function sameNumericValue(type: SqlType): EqualAt {
  return (a, i, b, j) => {
    const x = a as DecColumn;
    const y = b as DecColumn;
    const scale = x.scales[i] as number;
    if (scale === y.scales[j] && scale !== WIDE) return sameLanes(x.data, i, y.data, j);
    return type.compare(numericAt(x, i), numericAt(y, j)) === 0;
  };
}

function sameNumericImage(a: Column, i: number, b: Column, j: number): boolean {
  const x = a as DecColumn;
  const y = b as DecColumn;
  const scale = x.scales[i] as number;
  if (scale !== WIDE && y.scales[j] !== WIDE) return scale === y.scales[j] && sameLanes(x.data, i, y.data, j);
  const left = numericAt(x, i);
  const right = numericAt(y, j);
  return left.scale === right.scale && left.coefficient === right.coefficient;
}

/** A `value` column holds null, without being NULL, where state was made and not yet written. */
const sameObject = (compare: (a: Value, b: Value) => boolean): EqualAt => {
  return (a, i, b, j) => {
    const x = (a as ValueColumn).data[i] as Value;
    const y = (b as ValueColumn).data[j] as Value;
    return x === y || (x !== null && y !== null && compare(x, y));
  };
};

const sameValue = (type: SqlType): EqualAt => sameObject((a, b) => type.compare(a, b) === 0);

const sameValueImage = (type: SqlType): EqualAt =>
  sameObject((a, b) => type.format(a, defaultFormat) === type.format(b, defaultFormat));
