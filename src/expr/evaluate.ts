/**
 * Evaluates an expression for one row by walking it. The meaning of expressions in its plainest form: constants are folded
 * with it, the first few rows of a query run on it (compiling costs more than they do), and a compiled loop (compile.ts) hands
 * it each row that holds a value out of the ordinary. Tests hold the two against each other.
 */
import { unreachable } from '../base/assert.ts';
import { arraySubscriptError } from '../base/errors.ts';
import { emptyArray, SqlArray } from '../types/array.ts';
import { type Column, type Value, valueAt } from '../types/column.ts';
import type { EvalContext } from './context.ts';
import type { ArrayExpr, CallExpr, CaseExpr, CastExpr, DistinctExpr, Expr, ExtremeExpr, InListExpr } from './expr.ts';
import type { ScalarFunction } from './functions/define.ts';

type AnyFunction = (...args: readonly unknown[]) => Value;

/** The value of `expr` at `row` of `columns`. Throws the SqlError of the first part that fails. */
export function evaluate(expr: Expr, context: EvalContext, columns: readonly Column[], row: number): Value {
  switch (expr.kind) {
    case 'column':
      return valueAt(columns[expr.index] as Column, row);
    case 'constant':
      return expr.value;
    case 'parameter':
      return context.parameters[expr.index] ?? null;
    case 'call':
      return evaluateCall(expr, context, columns, row);
    case 'cast':
      return convert(expr, evaluate(expr.operand, context, columns, row), context);
    case 'and':
    case 'or':
      return evaluateBoolean(expr.operands, expr.kind === 'or', context, columns, row);
    case 'not': {
      const value = evaluate(expr.operand, context, columns, row);
      return value === null ? null : !value;
    }
    case 'is-null':
      return (evaluate(expr.operand, context, columns, row) === null) !== expr.negated;
    case 'boolean-test': {
      const value = evaluate(expr.operand, context, columns, row);
      return (value === (expr.test === 'unknown' ? null : expr.test === 'true')) !== expr.negated;
    }
    case 'is-distinct':
      return evaluateDistinct(expr, context, columns, row);
    case 'case':
      return evaluateCase(expr, context, columns, row);
    case 'coalesce':
      for (const arg of expr.args) {
        const value = evaluate(arg, context, columns, row);
        if (value !== null) return value;
      }
      return null;
    case 'greatest':
    case 'least':
      return evaluateExtreme(expr, context, columns, row);
    case 'in-list':
      return isInList(expr, evaluate(expr.operand, context, columns, row));
    case 'quantified': {
      const operand = evaluate(expr.operand, context, columns, row);
      const array = evaluate(expr.array, context, columns, row);
      return quantify(expr.fn, expr.quantifier, context, operand, array);
    }
    case 'array':
      return buildArray(
        expr,
        expr.elements.map((element) => evaluate(element, context, columns, row)),
      );
    default:
      return unreachable(expr);
  }
}

function evaluateCall(expr: CallExpr, context: EvalContext, columns: readonly Column[], row: number): Value {
  const { fn } = expr;
  const args: Value[] = [];
  for (const arg of expr.args) {
    const value = evaluate(arg, context, columns, row);
    args.push(value);
  }
  if (fn.strict && args.includes(null)) return null;
  return callFunction(fn, context, args);
}

/** Calls `fn`, which must not be a strict one if an argument is NULL. */
export function callFunction(fn: ScalarFunction, context: EvalContext, args: readonly Value[]): Value {
  const run = fn.eval as AnyFunction;
  return fn.context ? run(context, ...args) : run(...args);
}

/** Applies the cast and the modifier of `expr` to a value. */
export function convert(expr: CastExpr, value: Value, context: EvalContext): Value {
  if (value === null) return null;
  const converted = expr.cast === null ? value : expr.cast.convert(value, context.format);
  return expr.typmod < 0 ? converted : (expr.type.applyTypmod?.(converted, expr.typmod, expr.explicit) ?? converted);
}

/** AND (`decisive` false) and OR (`decisive` true): the first decisive operand ends it. */
function evaluateBoolean(
  operands: readonly Expr[],
  decisive: boolean,
  context: EvalContext,
  columns: readonly Column[],
  row: number,
): Value {
  let sawNull = false;
  for (const operand of operands) {
    const value = evaluate(operand, context, columns, row);
    if (value === decisive) return decisive;
    if (value === null) sawNull = true;
  }
  return sawNull ? null : !decisive;
}

function evaluateDistinct(expr: DistinctExpr, context: EvalContext, columns: readonly Column[], row: number): Value {
  const left = evaluate(expr.left, context, columns, row);
  const right = evaluate(expr.right, context, columns, row);
  const same =
    left === null || right === null ? left === right : callFunction(expr.equal, context, [left, right]) === true;
  return same === expr.negated;
}

function evaluateCase(expr: CaseExpr, context: EvalContext, columns: readonly Column[], row: number): Value {
  for (const branch of expr.branches) {
    if (evaluate(branch.when, context, columns, row) === true) return evaluate(branch.then, context, columns, row);
  }
  return expr.otherwise === null ? null : evaluate(expr.otherwise, context, columns, row);
}

function evaluateExtreme(expr: ExtremeExpr, context: EvalContext, columns: readonly Column[], row: number): Value {
  const sign = expr.kind === 'greatest' ? 1 : -1;
  let best: Value = null;
  for (const arg of expr.args) {
    const value = evaluate(arg, context, columns, row);
    if (value !== null && (best === null || sign * expr.type.compare(value, best) > 0)) best = value;
  }
  return best;
}

/** `value IN (choices)`, three-valued. */
export function isInList(expr: InListExpr, value: Value): Value {
  if (value === null) return null;
  const { type } = expr.operand;
  if (expr.choices.some((choice) => choice !== null && type.compare(value, choice) === 0)) return !expr.negated;
  return expr.choices.includes(null) ? null : expr.negated;
}

/** `operand fn ANY (array)` and ALL, three-valued. */
export function quantify(
  fn: ScalarFunction,
  quantifier: 'any' | 'all',
  context: EvalContext,
  operand: Value,
  array: Value,
): Value {
  if (array === null) return null;
  const decisive = quantifier === 'any';
  let sawNull = false;
  for (const item of (array as SqlArray).elements) {
    const unknown = fn.strict && (operand === null || item === null);
    const value = unknown ? null : callFunction(fn, context, [operand, item]);
    if (value === decisive) return decisive;
    if (value === null) sawNull = true;
  }
  return sawNull ? null : !decisive;
}

/** ARRAY[…] with elements of the element type, or arrays of one shape, which then make one more dimension. */
export function buildArray(expr: ArrayExpr, values: readonly Value[]): Value {
  if (expr.elements[0]?.type !== expr.type) return SqlArray.of(values);
  const parts = values as readonly (SqlArray | null)[];
  const first = parts.find((part) => part !== null && part.elements.length > 0);
  if (first === undefined || first === null) return emptyArray;
  const sameShape = (part: SqlArray | null) =>
    part !== null &&
    part.dimensions.length === first.dimensions.length &&
    part.dimensions.every((n, d) => n === first.dimensions[d]);
  if (!parts.every(sameShape)) {
    throw arraySubscriptError('multidimensional arrays must have array expressions with matching dimensions');
  }
  const elements = parts.flatMap((part) => (part as SqlArray).elements);
  return new SqlArray(elements, [parts.length, ...first.dimensions], [1, ...first.lowerBounds]);
}
