/**
 * Names to OIDs and back, for the reg* types: `'pg_class'::regclass`, `16384::regclass::text`. PostgreSQL has these as input and
 * output functions; here they need the catalog of the EvalContext, so casts between text and the reg* types become calls.
 */
import { SqlError, undefinedObject, undefinedSchema, undefinedTable } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { regclass, regnamespace, regproc, regprocedure, regrole, regTypes, regtype } from '../../types/oid.ts';
import { formatType, typeByOid } from '../../types/registry.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { quoteIdentifier } from '../quote.ts';
import { defineFunction, type ScalarFunction } from './define.ts';
import { splitQualifiedName } from './names.ts';
import { typeOfText } from './type-text.ts';

/** The OID that `name` stands for; undefined when there is no such thing. */
export function lookUp(type: SqlType, name: string, context: EvalContext): number | undefined {
  if (name === '-') return 0;
  if (/^\d+$/.test(name)) return Number(name);
  if (type === regtype) return typeOfText(name, context)?.oid;
  const parts = splitQualifiedName(name);
  switch (type) {
    case regclass:
      return context.catalog.relationOid(parts);
    case regnamespace:
      return context.catalog.schemaOid(parts.at(-1) as string);
    case regrole:
      return context.catalog.roleOid(parts.at(-1) as string);
    default:
      return undefined;
  }
}

function missing(type: SqlType, name: string): SqlError {
  switch (type) {
    case regclass:
      return undefinedTable(splitQualifiedName(name).join('.'), undefined);
    case regtype:
      return undefinedObject(`type "${name}" does not exist`);
    case regnamespace:
      return undefinedSchema(name);
    case regrole:
      return undefinedObject(`role "${name}" does not exist`);
    case regproc:
    case regprocedure:
      return new SqlError(SqlState.undefinedFunction, `function "${name}" does not exist`);
    default:
      return undefinedObject(`"${name}" does not exist`);
  }
}

/** The name an OID prints as, or its digits. */
export function nameOf(type: SqlType, oid: number, context: EvalContext): string {
  if (oid === 0) return '-';
  const { catalog } = context;
  if (type === regtype) {
    const found = typeByOid(oid);
    return found === undefined ? `${oid}` : formatType(found);
  }
  if (type === regclass) return catalog.relationName(oid) ?? `${oid}`;
  const name = type === regnamespace ? catalog.schemaName(oid) : type === regrole ? catalog.roleName(oid) : undefined;
  return name === undefined ? `${oid}` : quoteIdentifier(name);
}

const inputs = new Map(
  regTypes.map((type) => [
    type,
    defineFunction({
      name: type.name,
      args: [text],
      result: type,
      volatility: 'stable',
      context: true,
      doc: `The OID of an object by its name, as ${type.name}; an error when there is none.`,
      examples: [],
      eval: (context: EvalContext, name: string) => {
        const oid = lookUp(type, name, context);
        if (oid === undefined) throw missing(type, name);
        return oid;
      },
    }),
  ]),
);

const outputs = new Map(
  regTypes.map((type) => [
    type,
    defineFunction({
      name: 'text',
      args: [type],
      result: text,
      volatility: 'stable',
      context: true,
      doc: `The name a ${type.name} prints as.`,
      examples: [],
      eval: (context: EvalContext, oid: number) => nameOf(type, oid, context),
    }),
  ]),
);

/** The function behind `text::regclass`. */
export const nameToReg = (type: SqlType): ScalarFunction => inputs.get(type) as ScalarFunction;
/** The function behind `regclass::text`. */
export const regToText = (type: SqlType): ScalarFunction => outputs.get(type) as ScalarFunction;
