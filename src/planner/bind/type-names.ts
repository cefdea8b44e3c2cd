/** Type names as written to types with their modifiers. */
import {
  featureNotSupported,
  invalidParameterValue,
  SqlError,
  syntaxError,
  undefinedSchema,
  undefinedType,
} from '../../base/errors.ts';
import type { Expr, TypeName } from '../../parser/ast.ts';
import { arrayOf, typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/type.ts';
import type { Binder } from './binder.ts';

export type BoundType = { readonly type: SqlType; readonly typmod: number };

/** Throws 42704 for a type that is not there, 42601 and 22023 for wrong modifiers. */
export function bindTypeName(binder: Pick<Binder, 'environment'>, ast: TypeName): BoundType {
  if (ast.isSetOf) throw featureNotSupported('SETOF types are not supported here', { position: ast.at });
  const base = findType(binder, ast);
  const typmod = bindModifiers(base, ast);
  if (ast.arrayDimensions === 0) return { type: base, typmod };
  const array = arrayOf(base);
  if (array === undefined) throw undefinedType(`${base.displayName}[]`, ast.at);
  return { type: array, typmod };
}

function findType(binder: Pick<Binder, 'environment'>, ast: TypeName): SqlType {
  const name = ast.name[ast.name.length - 1] as string;
  const schema = ast.name[ast.name.length - 2];
  if (schema !== undefined && binder.environment.catalog.schema(schema) === undefined) {
    throw undefinedSchema(schema, ast.at);
  }
  const found = schema === undefined || schema === 'pg_catalog' ? typeByName(name) : undefined;
  if (found === undefined) throw undefinedType(ast.name.join('.'), ast.at);
  return found;
}

function bindModifiers(type: SqlType, ast: TypeName): number {
  if (ast.modifiers.length === 0) return -1;
  if (type.parseTypmod === undefined) {
    throw syntaxError(`type modifier is not allowed for type "${type.name}"`, { position: ast.at });
  }
  try {
    return type.parseTypmod(ast.modifiers.map((modifier) => integerOf(modifier, ast.at)));
  } catch (error) {
    throw error instanceof SqlError ? error.at(ast.at) : error;
  }
}

function integerOf(modifier: Expr, at: number): number {
  if (modifier.kind === 'unary' && modifier.operator.at(-1) === '-') return -integerOf(modifier.operand, at);
  if (modifier.kind === 'constant' && (modifier.type === 'integer' || modifier.type === 'string')) {
    const value = Number(modifier.text);
    if (Number.isInteger(value)) return value;
    throw invalidParameterValue(`invalid input syntax for type integer: "${modifier.text}"`, { position: at });
  }
  throw syntaxError('type modifiers must be simple constants or identifiers', { position: at });
}
