/**
 * Names of types. Spellings of the standard become the names PostgreSQL stores (`double precision` is
 * pg_catalog.float8); everything else stays as written. Typed literals (`timestamp(3) with time zone '…'`) share the
 * rules, except that a bare `char` or `bit` has no length there.
 */
import { invalidParameterValue } from '../base/errors.ts';
import type { Constant, Expr, TypeName } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

/** A type: `[SETOF] name [(modifiers)] [[]…]`. */
export function parseTypeName(cursor: Cursor): TypeName {
  const isSetOf = cursor.accept('setof');
  const at = cursor.at;
  const base = parseStandardType(cursor, false) ?? parseGenericType(cursor);
  return { kind: 'type-name', at, ...base, arrayDimensions: parseArrayDimensions(cursor), isSetOf };
}

/** The type of a literal (`interval`, `numeric(4,2)`), if a type of the standard comes next. */
export function parseLiteralType(cursor: Cursor): TypeName {
  const at = cursor.at;
  const base = parseStandardType(cursor, true) ?? cursor.fail();
  return { kind: 'type-name', at, ...base, arrayDimensions: 0, isSetOf: false };
}

/** A type as far as the literal grammar `name 'text'` has parsed it. */
export function literalType(at: number, name: readonly string[], modifiers: readonly Expr[]): TypeName {
  return { kind: 'type-name', at, name, modifiers, arrayDimensions: 0, isSetOf: false };
}

type BaseType = { readonly name: readonly string[]; readonly modifiers: readonly Expr[] };

const plain = (name: string, modifiers: readonly Expr[] = []): BaseType => ({ name: ['pg_catalog', name], modifiers });

function parseGenericType(cursor: Cursor): BaseType {
  const name = [cursor.typeOrFunctionName()];
  while (cursor.accept('.')) name.push(cursor.label());
  return { name, modifiers: parseModifiers(cursor) };
}

function parseModifiers(cursor: Cursor): Expr[] {
  return cursor.is('(') ? cursor.parenthesised((inner) => inner.expression()) : [];
}

/** `[]`, `[3]`, `ARRAY`, `ARRAY[3]`: the number of dimensions; the bounds mean nothing. */
function parseArrayDimensions(cursor: Cursor): number {
  if (cursor.accept('array')) {
    if (cursor.accept('[')) {
      cursor.expectInteger();
      cursor.expect(']');
    }
    return 1;
  }
  let dimensions = 0;
  while (cursor.accept('[')) {
    if (!cursor.is(']')) cursor.expectInteger();
    cursor.expect(']');
    dimensions++;
  }
  return dimensions;
}

// ------------------------------------------------------------------------------------------- types of the standard

const ALIASES = new Map([
  ['int', 'int4'],
  ['integer', 'int4'],
  ['smallint', 'int2'],
  ['bigint', 'int8'],
  ['real', 'float4'],
  ['boolean', 'bool'],
]);

/** The types that are keywords; null when something else comes next. */
function parseStandardType(cursor: Cursor, isLiteral: boolean): BaseType | null {
  const tag = cursor.tag;
  const alias = ALIASES.get(tag);
  if (alias !== undefined) {
    cursor.index++;
    return plain(alias);
  }
  switch (tag) {
    case 'decimal':
    case 'dec':
    case 'numeric':
      cursor.index++;
      return plain('numeric', parseModifiers(cursor));
    case 'float':
      cursor.index++;
      return plain(parseFloatWidth(cursor));
    case 'double':
      if (!cursor.acceptSequence('double', 'precision')) return null;
      return plain('float8');
    case 'bit':
      cursor.index++;
      return parseBit(cursor, isLiteral);
    case 'character':
    case 'char':
    case 'nchar':
    case 'national':
    case 'varchar':
      return parseCharacter(cursor, isLiteral);
    case 'timestamp':
    case 'time':
      return parseDateTime(cursor);
    case 'interval':
      return parseInterval(cursor, isLiteral);
    default:
      return null;
  }
}

function parseFloatWidth(cursor: Cursor): 'float4' | 'float8' {
  if (!cursor.accept('(')) return 'float8';
  const at = cursor.at;
  const bits = cursor.expectInteger();
  cursor.expect(')');
  if (bits < 1) throw invalidParameterValue('precision for type float must be at least 1 bit', { position: at });
  if (bits > 53) throw invalidParameterValue('precision for type float must be less than 54 bits', { position: at });
  return bits <= 24 ? 'float4' : 'float8';
}

function integer(value: number, at: number): Constant {
  return { kind: 'constant', at, type: 'integer', text: String(value) };
}

/** `bit` is `bit(1)`, but the type of a literal has the length of the literal. */
function parseBit(cursor: Cursor, isLiteral: boolean): BaseType {
  const name = cursor.accept('varying') ? 'varbit' : 'bit';
  const at = cursor.at;
  const modifiers = parseModifiers(cursor);
  const isOne = name === 'bit' && modifiers.length === 0 && !isLiteral;
  return plain(name, isOne ? [integer(1, at)] : modifiers);
}

function parseCharacter(cursor: Cursor, isLiteral: boolean): BaseType {
  const name = parseCharacterName(cursor);
  const at = cursor.at;
  if (cursor.accept('(')) {
    const length = integer(cursor.expectInteger(), at + 1);
    cursor.expect(')');
    return plain(name, [length]);
  }
  return plain(name, name === 'bpchar' && !isLiteral ? [integer(1, at)] : []);
}

function parseCharacterName(cursor: Cursor): 'varchar' | 'bpchar' {
  if (cursor.accept('varchar')) return 'varchar';
  if (cursor.accept('national')) cursor.expectOneOf('character', 'char');
  else cursor.index++;
  return cursor.accept('varying') ? 'varchar' : 'bpchar';
}

function parseDateTime(cursor: Cursor): BaseType {
  const name = cursor.takeValue();
  const modifiers = parsePrecision(cursor);
  const hasZone = parseZone(cursor);
  return plain(hasZone ? `${name}tz` : name, modifiers);
}

function parsePrecision(cursor: Cursor): Expr[] {
  if (!cursor.accept('(')) return [];
  const at = cursor.at;
  const digits = integer(cursor.expectInteger(), at);
  cursor.expect(')');
  return [digits];
}

/** WITH and WITHOUT belong to the type only before TIME. */
function parseZone(cursor: Cursor): boolean {
  const hasZone = cursor.is('with');
  if ((!hasZone && !cursor.is('without')) || !cursor.isAhead(1, 'time')) return false;
  cursor.index += 2;
  cursor.expect('zone');
  return hasZone;
}

// ------------------------------------------------------------------------------------------------------- intervals

/** PostgreSQL's INTERVAL_MASK: one bit per field (utils/timestamp.h). */
const FIELD_BITS = { month: 1 << 1, year: 1 << 2, day: 1 << 3, hour: 1 << 10, minute: 1 << 11, second: 1 << 12 };
type IntervalField = keyof typeof FIELD_BITS;
const FIELD_ORDER: readonly IntervalField[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];
const FULL_RANGE = 0x7fff;

/** In a literal the fields follow the text, see `parseIntervalFields`. */
function parseInterval(cursor: Cursor, isLiteral: boolean): BaseType {
  cursor.index++;
  const at = cursor.at;
  const precision = parsePrecision(cursor);
  if (precision.length > 0) return plain('interval', [integer(FULL_RANGE, at), ...precision]);
  return plain('interval', isLiteral ? [] : parseIntervalFields(cursor));
}

/** `DAY TO SECOND(3)` as [mask, precision]; nothing when no field comes next. */
export function parseIntervalFields(cursor: Cursor): Expr[] {
  const at = cursor.at;
  const first = acceptField(cursor, FIELD_ORDER);
  if (first === null) return [];
  const following = fieldsAfter(first);
  const hasLast = following.length > 0 && cursor.accept('to');
  const last = hasLast ? (acceptField(cursor, following) ?? cursor.fail()) : first;
  const precision = last === 'second' ? parsePrecision(cursor) : [];
  return [integer(maskOf(first, last), at), ...precision];
}

function acceptField(cursor: Cursor, fields: readonly IntervalField[]): IntervalField | null {
  if (cursor.acceptsPluralUnits && cursor.kind === TokenKind.word) {
    const field = fields.find((name) => `${name}s` === cursor.value) ?? null;
    if (field !== null) cursor.index++;
    return field;
  }
  return cursor.acceptOneOf(...fields);
}

/** YEAR TO MONTH, DAY TO HOUR, …, MINUTE TO SECOND: years and months do not mix with the rest. */
function fieldsAfter(first: IntervalField): readonly IntervalField[] {
  if (first === 'year') return ['month'];
  return first === 'month' ? [] : FIELD_ORDER.slice(FIELD_ORDER.indexOf(first) + 1);
}

function maskOf(first: IntervalField, last: IntervalField): number {
  const fields = FIELD_ORDER.slice(FIELD_ORDER.indexOf(first), FIELD_ORDER.indexOf(last) + 1);
  return fields.reduce((mask, field) => mask | FIELD_BITS[field], 0);
}

/** The words for a mask made by `parseIntervalFields`, '' for the full range. */
export function formatIntervalFields(mask: number): string {
  const fields = FIELD_ORDER.filter((field) => (mask & FIELD_BITS[field]) !== 0);
  if (mask === FULL_RANGE || fields.length === 0) return '';
  const [first, last] = [fields[0] as string, fields[fields.length - 1] as string];
  return first === last ? first : `${first} to ${last}`;
}

/** Whether the next tokens can only be a typed literal, not a column with the name of the type. */
export function startsLiteralType(cursor: Cursor): boolean {
  switch (cursor.tag) {
    case 'int':
    case 'integer':
    case 'smallint':
    case 'bigint':
    case 'real':
    case 'boolean':
      return cursor.kindAhead(1) === TokenKind.string;
    case 'double':
      return cursor.isAhead(1, 'precision');
    case 'national':
      return cursor.isAhead(1, 'character') || cursor.isAhead(1, 'char');
    case 'bit':
    case 'character':
    case 'char':
    case 'nchar':
    case 'varchar':
    case 'decimal':
    case 'dec':
    case 'numeric':
    case 'float':
    case 'interval':
      return startsLiteral(cursor) || cursor.isAhead(1, 'varying');
    case 'timestamp':
    case 'time':
      return (
        startsLiteral(cursor) ||
        ((cursor.isAhead(1, 'with') || cursor.isAhead(1, 'without')) && cursor.isAhead(2, 'time'))
      );
    default:
      return false;
  }
}

const startsLiteral = (cursor: Cursor) => cursor.kindAhead(1) === TokenKind.string || cursor.isAhead(1, '(');
