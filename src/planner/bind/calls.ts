/** Function calls: scalar functions, aggregates, set-returning functions in a target list, and casts written as calls. */
import { featureNotSupported, SqlError, undefinedSchema, wrongObjectType } from '../../base/errors.ts';
import { aggregateExists } from '../../expr/aggregates/resolve.ts';
import type { Expr } from '../../expr/expr.ts';
import {
  functionExists,
  noSuchFunction,
  type ResolvedFunction,
  resolveFunction,
} from '../../expr/functions/resolve.ts';
import {
  type ResolvedTableFunction,
  resolveTableFunction,
  tableFunctionExists,
} from '../../expr/table-functions/resolve.ts';
import type { FunctionCall } from '../../parser/ast.ts';
import { typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/type.ts';
import { columnOf } from '../logical/logical.ts';
import { bindAggregate } from './aggregates.ts';
import type { Binder, ExprContext } from './binder.ts';
import { coerce, coerceImplicitly } from './coercion.ts';

export function bindCall(binder: Binder, node: FunctionCall, context: ExprContext): Expr {
  const name = builtinName(binder, node);
  if (node.over !== null) throw featureNotSupported('window functions are not supported', { position: node.at });
  if (node.variadic) throw featureNotSupported('VARIADIC calls are not supported', { position: node.at });
  if (name !== null && aggregateExists(name) && !(functionExists(name) && !isAggregateCall(node))) {
    return bindAggregate(binder, name, node, context);
  }
  refuseAggregateSyntax(node);
  const args = node.args.map((arg) => binder.bindExpr(binder, arg, context));
  return (
    (name === null ? null : (callScalar(binder, name, args, node) ?? callRows(binder, name, args, node, context))) ??
    castLikeCall(binder, name, args, node) ??
    notFound(node, args)
  );
}

/** The plain name when the function can only be a built-in one, which all live in pg_catalog. */
function builtinName(binder: Binder, node: FunctionCall): string | null {
  const name = node.name[node.name.length - 1] as string;
  const schema = node.name[node.name.length - 2];
  if (schema === undefined || schema === 'pg_catalog') return name;
  if (binder.environment.catalog.schema(schema) === undefined) throw undefinedSchema(schema, node.at);
  return null;
}

const isAggregateCall = (node: FunctionCall): boolean => node.star || node.distinct || node.filter !== null;

function refuseAggregateSyntax(node: FunctionCall): void {
  const name = node.name.join('.');
  const refuse = (what: string) => {
    throw wrongObjectType(`${what} specified, but ${name} is not an aggregate function`, { position: node.at });
  };
  if (node.star && functionExists(name) && resolveFunction(name, []) !== null) {
    throw wrongObjectType(`${name}(*) specified, but ${name} is not an aggregate function`, { position: node.at });
  }
  if (node.distinct) refuse('DISTINCT');
  if (node.withinGroup.length > 0) refuse('WITHIN GROUP');
  if (node.orderBy.length > 0) refuse('ORDER BY');
  if (node.filter !== null) refuse('FILTER');
}

function callScalar(binder: Binder, name: string, args: readonly Expr[], node: FunctionCall): Expr | null {
  const resolved = resolveAt(name, args, node.at);
  if (resolved === null) return null;
  if (binder.environment.purpose === 'view' && resolved.fn.volatility !== 'immutable') refuseInView(resolved, node);
  return {
    kind: 'call',
    fn: resolved.fn,
    args: coerceArguments(binder, args, resolved.argTypes, node.at),
    type: resolved.result,
    typmod: -1,
    at: node.at,
  };
}

function resolveAt(name: string, args: readonly Expr[], at: number): ResolvedFunction | null {
  try {
    return resolveFunction(
      name,
      args.map((arg) => arg.type),
    );
  } catch (error) {
    throw error instanceof SqlError ? error.at(at) : error;
  }
}

export const coerceArguments = (
  binder: Binder,
  args: readonly Expr[],
  types: readonly SqlType[],
  at: number,
): readonly Expr[] => args.map((arg, i) => coerceImplicitly(binder, arg, types[i] as SqlType, at));

/** A view must give the same rows whenever they are computed. */
function refuseInView(resolved: ResolvedFunction, node: FunctionCall): void {
  const { name, volatility } = resolved.fn;
  throw featureNotSupported(`function ${name}() is ${volatility} and cannot be maintained in a view`, {
    hint: 'A view may use only functions whose result depends on nothing but their arguments.',
    position: node.at,
  });
}

/** A set-returning function in a target list: its rows are joined in, and the call becomes a column. */
function callRows(
  binder: Binder,
  name: string,
  args: readonly Expr[],
  node: FunctionCall,
  context: ExprContext,
): Expr | null {
  if (!tableFunctionExists(name)) return null;
  const resolved = resolveTableFunctionAt(name, args, node.at);
  if (resolved === null) return null;
  if (context.inAggregate) {
    throw featureNotSupported('aggregate function calls cannot contain set-returning function calls', {
      hint: 'You might be able to move the set-returning function into a LATERAL FROM item.',
      position: node.at,
    });
  }
  if (context.setReturning === null) {
    throw featureNotSupported(`set-returning functions are not allowed in ${context.clause}`, { position: node.at });
  }
  const fields = resolved.columns.map((column) => binder.field(column.name, column.type));
  const [field] = fields;
  if (field === undefined || fields.length > 1 || context.setReturning.length > 0) {
    throw featureNotSupported('several set-returned columns in one target list are not supported', {
      hint: 'Call the functions in FROM instead.',
      position: node.at,
    });
  }
  const coerced = coerceArguments(binder, args, resolved.argTypes, node.at);
  context.setReturning.push({ fn: resolved.fn, args: coerced, field });
  binder.own([field], context.scope);
  return columnOf(field);
}

/** `int4(x)`, `text(x)`: PostgreSQL reads the name of a type as a cast when no function fits. */
function castLikeCall(binder: Binder, name: string | null, args: readonly Expr[], node: FunctionCall): Expr | null {
  const [arg] = args;
  const type = name === null ? undefined : typeByName(name);
  if (arg === undefined || args.length > 1 || type === undefined || type.category === 'P') return null;
  return coerce(binder, arg, type, -1, 'explicit', node.at);
}

function notFound(node: FunctionCall, args: readonly Expr[]): never {
  throw noSuchFunction(
    node.name.join('.'),
    args.map((arg) => arg.type),
    node.at,
  );
}

/** Like `resolveTableFunction`; its errors point at the call. */
export function resolveTableFunctionAt(name: string, args: readonly Expr[], at: number): ResolvedTableFunction | null {
  try {
    return resolveTableFunction(
      name,
      args.map((arg) => arg.type),
    );
  } catch (error) {
    throw error instanceof SqlError ? error.at(at) : error;
  }
}
