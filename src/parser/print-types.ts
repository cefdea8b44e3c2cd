/** Types as SQL, in the spellings of the standard where they exist. */
import type { Expr, TypeName } from './ast.ts';
import { type Printer, printParts } from './printer.ts';
import { formatIntervalFields } from './type-names.ts';

const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['bool', 'boolean'],
]);

export function printTypeName(printer: Printer, type: TypeName): string {
  const text = printBase(printer, type, false) + '[]'.repeat(type.arrayDimensions);
  return type.isSetOf ? `setof ${text}` : text;
}

/** `type 'text'`, `interval '1' day`. */
export function printTypedLiteral(printer: Printer, type: TypeName, text: string): string {
  const fields = isStandard(type, 'interval') ? printFields(type.modifiers) : null;
  return fields === null ? `${printBase(printer, type, true)} ${text}` : `interval ${text} ${fields}`;
}

const isStandard = (type: TypeName, name: string) =>
  type.name.length === 2 && type.name[0] === 'pg_catalog' && type.name[1] === name;

function printBase(printer: Printer, type: TypeName, isLiteral: boolean): string {
  const modifiers = type.modifiers.length === 0 ? '' : `(${printer.expressions(type.modifiers)})`;
  const isCatalog = type.name.length === 2 && type.name[0] === 'pg_catalog';
  const standard = isCatalog ? printStandard(type, modifiers, isLiteral) : null;
  return standard ?? `${printParts(type.name)}${modifiers}`;
}

/** Null where the standard has no spelling that reads back as the same type and modifiers. */
function printStandard(type: TypeName, modifiers: string, isLiteral: boolean): string | null {
  const name = type.name[1] as string;
  const isBare = modifiers === '';
  const isNumbered = type.modifiers.length === 1 && isInteger(type.modifiers[0]);
  switch (name) {
    case 'numeric':
      return `numeric${modifiers}`;
    case 'varchar':
      return isBare || isNumbered ? `varchar${modifiers}` : null;
    case 'bpchar':
      return isNumbered || (isBare && isLiteral) ? `char${modifiers}` : null;
    case 'bit':
      return !isBare || isLiteral ? `bit${modifiers}` : null;
    case 'varbit':
      return `bit varying${modifiers}`;
    case 'timestamp':
    case 'time':
      return isBare || isNumbered ? `${name}${modifiers}` : null;
    case 'timestamptz':
    case 'timetz':
      return isBare || isNumbered ? `${name.slice(0, -2)}${modifiers} with time zone` : null;
    case 'interval':
      return printInterval(type);
    default:
      return isBare ? (SPELLINGS.get(name) ?? null) : null;
  }
}

const isInteger = (expr: Expr | undefined) =>
  expr?.kind === 'constant' && expr.type === 'integer' && /^\d+$/.test(expr.text);

function printInterval(type: TypeName): string | null {
  const { modifiers } = type;
  if (modifiers.length === 0) return 'interval';
  const fields = printFields(modifiers);
  if (fields !== null) return `interval ${fields}`;
  const [mask, precision] = modifiers;
  const isFull = maskOf(mask) === FULL_RANGE && precision?.kind === 'constant';
  return isFull ? `interval(${precision.text})` : null;
}

const FULL_RANGE = 0x7fff;

const maskOf = (expr: Expr | undefined) => (expr?.kind === 'constant' && isInteger(expr) ? Number(expr.text) : 0);

/** `day to second(3)` of the modifiers; null when they hold no fields. */
function printFields(modifiers: readonly Expr[]): string | null {
  const words = formatIntervalFields(maskOf(modifiers[0]));
  if (words === '') return null;
  const precision = modifiers[1];
  return precision?.kind === 'constant' ? `${words}(${precision.text})` : words;
}
