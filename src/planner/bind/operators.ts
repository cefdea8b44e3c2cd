/** Operators and the constructs PostgreSQL reduces to them: comparisons of rows, LIKE, BETWEEN, IN, IS DISTINCT FROM, ANY. */
import { featureNotSupported, SqlError, syntaxError, undefinedFunction, wrongObjectType } from '../../base/errors.ts';
import { isUnknown } from '../../expr/coercibility.ts';
import { commonTypeOrNull } from '../../expr/common-type.ts';
import type { Expr } from '../../expr/expr.ts';
import {
  noSuchOperator,
  type ResolvedFunction,
  resolveFunction,
  resolveOperator,
} from '../../expr/functions/resolve.ts';
import type * as ast from '../../parser/ast.ts';
import { bool } from '../../types/boolean.ts';
import type { Value } from '../../types/column.ts';
import { arrayOf } from '../../types/registry.ts';
import { text } from '../../types/text.ts';
import { defaultFormat, type SqlType } from '../../types/type.ts';
import { allOf, not } from '../expr-tree.ts';
import type { Binder, ExprContext } from './binder.ts';
import { coerce, coerceImplicitly } from './coercion.ts';

/** `left name right`, or `name right` when `left` is null, with `name` as written. Throws 42883 and 42725 at `at`. */
export function bindOperator(
  binder: Binder,
  name: readonly string[],
  left: Expr | null,
  right: Expr,
  at: number,
): Expr {
  const resolved = resolve(name, left?.type ?? null, right.type, at);
  const operands = left === null ? [right] : [left, right];
  return {
    kind: 'call',
    fn: resolved.fn,
    args: operands.map((operand, i) => coerceImplicitly(binder, operand, resolved.argTypes[i] as SqlType, at)),
    type: resolved.result,
    typmod: -1,
    at,
  };
}

function resolve(name: readonly string[], left: SqlType | null, right: SqlType, at: number): ResolvedFunction {
  const written = name[name.length - 1] as string;
  const schema = name[name.length - 2];
  const operator = written === '!=' ? '<>' : written;
  try {
    const found = schema === undefined || schema === 'pg_catalog' ? resolveOperator(operator, left, right) : null;
    if (found !== null) return found;
  } catch (error) {
    throw error instanceof SqlError ? error.at(at) : error;
  }
  throw noSuchOperator([...name.slice(0, -1), operator].join('.'), left, right, at);
}

/** The `=` of two types, both brought to what it wants. */
export const equals = (binder: Binder, left: Expr, right: Expr, at: number): Expr =>
  bindOperator(binder, ['='], left, right, at);

export function bindBinary(binder: Binder, node: ast.BinaryOp, context: ExprContext): Expr {
  if (node.left.kind === 'row' && node.right.kind === 'row') return bindRowComparison(binder, node, context);
  const left = binder.bindExpr(binder, node.left, context);
  const right = binder.bindExpr(binder, node.right, context);
  return bindOperator(binder, node.operator, left, right, node.at);
}

export const bindUnary = (binder: Binder, node: ast.UnaryOp, context: ExprContext): Expr =>
  bindOperator(binder, node.operator, null, binder.bindExpr(binder, node.operand, context), node.at);

// ----------------------------------------------------------------------------------------------------------- rows

/** `(a, b) < (c, d)`: equality field by field, order by the first field that differs. */
function bindRowComparison(binder: Binder, node: ast.BinaryOp, context: ExprContext): Expr {
  const [left, right] = [node.left, node.right].map((side) =>
    (side as ast.RowExpr).fields.map((field) => binder.bindExpr(binder, field, context)),
  ) as [Expr[], Expr[]];
  return compareRows(binder, node.operator, left, right, node.at);
}

export function compareRows(
  binder: Binder,
  operator: readonly string[],
  left: readonly Expr[],
  right: readonly Expr[],
  at: number,
): Expr {
  if (left.length !== right.length) throw syntaxError('unequal number of entries in row expressions', { position: at });
  if (left.length === 0) throw featureNotSupported('cannot compare rows of zero length', { position: at });
  const name = operator[operator.length - 1] as string;
  const each = (symbol: string): Expr[] =>
    left.map((one, i) => bindOperator(binder, [symbol], one, right[i] as Expr, at));
  if (name === '=') return allOf(each('=')) as Expr;
  if (name === '<>' || name === '!=') return anyOf(each('<>'));
  if (!/^[<>]=?$/.test(name)) {
    throw featureNotSupported(`could not determine interpretation of row comparison operator ${name}`, {
      position: at,
      hint: 'Row comparison operators must be associated with btree operator families.',
    });
  }
  return lexicographic(each('='), each(name.charAt(0)), each(name));
}

/** a1 < b1 OR (a1 = b1 AND (a2 < b2 OR …)), the last field compared by the operator itself. */
function lexicographic(equal: readonly Expr[], strict: readonly Expr[], loose: readonly Expr[]): Expr {
  let result = loose[loose.length - 1] as Expr;
  for (let i = equal.length - 2; i >= 0; i--) {
    result = anyOf([strict[i] as Expr, allOf([equal[i] as Expr, result]) as Expr]);
  }
  return result;
}

export function anyOf(operands: readonly Expr[]): Expr {
  return operands.length === 1 ? (operands[0] as Expr) : { kind: 'or', operands, type: bool, typmod: -1 };
}

// ---------------------------------------------------------------------------------------------- LIKE, BETWEEN, …

const likeOperators = { like: ['~~', '!~~'], ilike: ['~~*', '!~~*'], similar: ['~', '!~'] } as const;

export function bindLike(binder: Binder, node: ast.LikeTest, context: ExprContext): Expr {
  const operand = binder.bindExpr(binder, node.operand, context);
  const operator = likeOperators[node.operator][node.negated ? 1 : 0];
  return bindOperator(binder, [operator], operand, bindPattern(binder, node, context), node.at);
}

function bindPattern(binder: Binder, node: ast.LikeTest, context: ExprContext): Expr {
  const pattern = binder.bindExpr(binder, node.pattern, context);
  const escapes = node.escape === null ? [] : [binder.bindExpr(binder, node.escape, context)];
  if (node.operator === 'similar') return callNamed(binder, 'similar_to_escape', [pattern, ...escapes], node.at);
  return escapes.length === 0 ? pattern : callNamed(binder, 'like_escape', [pattern, ...escapes], node.at);
}

/** A call of a built-in function that some grammar stands for. */
export function callNamed(binder: Binder, name: string, args: readonly Expr[], at: number): Expr {
  const resolved = resolveAt(name, args, at);
  return {
    kind: 'call',
    fn: resolved.fn,
    args: args.map((arg, i) => coerceImplicitly(binder, arg, resolved.argTypes[i] as SqlType, at)),
    type: resolved.result,
    typmod: -1,
    at,
  };
}

function resolveAt(name: string, args: readonly Expr[], at: number): ResolvedFunction {
  const types = args.map((arg) => arg.type);
  try {
    const found = resolveFunction(name, types);
    if (found !== null) return found;
  } catch (error) {
    throw error instanceof SqlError ? error.at(at) : error;
  }
  throw undefinedFunction(
    `pg_catalog.${name}`,
    types.map((type) => type.displayName),
    at,
  );
}

export function bindBetween(binder: Binder, node: ast.BetweenTest, context: ExprContext): Expr {
  const operand = binder.bindExpr(binder, node.operand, context);
  const low = binder.bindExpr(binder, node.low, context);
  const high = binder.bindExpr(binder, node.high, context);
  const within = (from: Expr, to: Expr): Expr => {
    const test = (operator: string, bound: Expr) => bindOperator(binder, [operator], operand, bound, node.at);
    return node.negated ? anyOf([test('<', from), test('>', to)]) : (allOf([test('>=', from), test('<=', to)]) as Expr);
  };
  if (!node.symmetric) return within(low, high);
  const either = [within(low, high), within(high, low)];
  return node.negated ? (allOf(either) as Expr) : anyOf(either);
}

export function bindDistinctTest(binder: Binder, node: ast.DistinctTest, context: ExprContext): Expr {
  if (node.left.kind === 'row' || node.right.kind === 'row') {
    throw featureNotSupported('IS DISTINCT FROM over rows is not supported', { position: node.at });
  }
  const left = binder.bindExpr(binder, node.left, context);
  const right = binder.bindExpr(binder, node.right, context);
  const call = equals(binder, left, right, node.at);
  return distinctFrom(call, node.negated);
}

/** From a bound `a = b`, `a IS [NOT] DISTINCT FROM b`. */
export function distinctFrom(equality: Expr, negated: boolean): Expr {
  if (equality.kind !== 'call') throw featureNotSupported('IS DISTINCT FROM needs an equality operator');
  const [left, right] = equality.args as readonly [Expr, Expr];
  return { kind: 'is-distinct', left, right, equal: equality.fn, negated, type: bool, typmod: -1 };
}

/** NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END. */
export function bindNullIf(binder: Binder, args: readonly Expr[], at: number): Expr {
  const test = equals(binder, args[0] as Expr, args[1] as Expr, at);
  if (test.kind !== 'call' || test.type !== bool) {
    throw wrongObjectType('NULLIF requires = operator to yield boolean', { position: at });
  }
  const first = test.args[0] as Expr;
  const { type, typmod } = first;
  const nothing: Expr = { kind: 'constant', value: null, type, typmod };
  return { kind: 'case', branches: [{ when: test, then: nothing }], otherwise: first, type, typmod };
}

// ------------------------------------------------------------------------------------------------------- IN, ANY

/** IN over a list. Constants of one type make an `in-list`, everything else a chain of `=`. */
export function bindInList(binder: Binder, node: ast.InTest, choices: readonly ast.Expr[], context: ExprContext): Expr {
  if (node.operand.kind === 'row') return bindRowInList(binder, node, choices, context);
  const operand = binder.bindExpr(binder, node.operand, context);
  const bound = choices.map((choice) => binder.bindExpr(binder, choice, context));
  return constantList(binder, node, operand, bound) ?? equalityChain(binder, node, operand, bound);
}

function constantList(binder: Binder, node: ast.InTest, operand: Expr, choices: readonly Expr[]): Expr | null {
  if (choices.length < 2 || !choices.every((choice) => choice.kind === 'constant')) return null;
  const common = commonTypeOrNull([operand.type, ...choices.map((choice) => choice.type)]);
  if (common === null || arrayOf(common) === undefined) return null;
  const test = resolve(['='], common, common, node.at);
  const type = test.argTypes[0] as SqlType;
  const left = coerceImplicitly(binder, operand, type, node.at);
  const values = choices.map((choice) => constantValue(coerceImplicitly(binder, choice, type, node.at)));
  if (values.includes(undefined)) return null;
  const found = values as readonly Value[];
  return { kind: 'in-list', operand: left, choices: found, negated: node.negated, type: bool, typmod: -1 };
}

/** The value of a constant, also of one that is converted without loss to a wider type. */
function constantValue(expr: Expr): Value | undefined {
  if (expr.kind === 'constant') return expr.value;
  if (expr.kind !== 'cast' || expr.operand.kind !== 'constant' || expr.cast === null || expr.cast.usesSettings) {
    return undefined;
  }
  const { value } = expr.operand;
  return value === null ? null : expr.cast.convert(value, defaultFormat);
}

function equalityChain(binder: Binder, node: ast.InTest, operand: Expr, choices: readonly Expr[]): Expr {
  const operator = [node.negated ? '<>' : '='];
  const tests = choices.map((choice) => bindOperator(binder, operator, operand, choice, node.at));
  return node.negated ? (allOf(tests) as Expr) : anyOf(tests);
}

function bindRowInList(binder: Binder, node: ast.InTest, choices: readonly ast.Expr[], context: ExprContext): Expr {
  const operand = (node.operand as ast.RowExpr).fields.map((field) => binder.bindExpr(binder, field, context));
  const tests = choices.map((choice) => {
    if (choice.kind !== 'row') {
      throw featureNotSupported('IN over rows needs rows on its right side', { position: choice.at });
    }
    const fields = choice.fields.map((field) => binder.bindExpr(binder, field, context));
    return compareRows(binder, ['='], operand, fields, node.at);
  });
  return node.negated ? not(anyOf(tests)) : anyOf(tests);
}

/** `x op ANY (array)`. */
export function bindQuantifiedArray(
  binder: Binder,
  node: ast.QuantifiedTest,
  right: ast.Expr,
  context: ExprContext,
): Expr {
  const operand = binder.bindExpr(binder, node.operand, context);
  const array = binder.bindExpr(binder, right, context);
  if (!isUnknown(array.type) && array.type.element === undefined) {
    throw wrongObjectType('op ANY/ALL (array) requires array on right side', { position: node.at });
  }
  const resolved = resolve(node.operator, operand.type, array.type.element ?? array.type, node.at);
  if (resolved.result !== bool) {
    throw wrongObjectType('op ANY/ALL (array) requires operator to yield boolean', { position: node.at });
  }
  const [leftType, elementType] = resolved.argTypes as readonly [SqlType, SqlType];
  const arrayType = arrayOf(elementType) ?? (array.type as SqlType);
  const coerced = coerce(binder, array, arrayType, -1, 'implicit', node.at) ?? array;
  return {
    kind: 'quantified',
    quantifier: node.quantifier,
    operand: coerceImplicitly(binder, operand, leftType, node.at),
    array: coerced,
    fn: resolved.fn,
    type: bool,
    typmod: -1,
  };
}

export const textLiteral = (value: string): Expr => ({ kind: 'constant', value, type: text, typmod: -1 });
