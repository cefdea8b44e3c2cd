/**
 * One expression to JavaScript statements in the loop of a kernel.
 *
 * Values travel in plain locals: numbers for i32, i64 and f64, booleans, strings, objects, and for numeric a coefficient and a
 * scale. NULL is a 0/1 local beside them, so that no number is ever boxed. What does not fit (an int8 beyond 2^53, a wide
 * numeric, an overflow about to be reported) makes the row bail out to the interpreter, which also words the error.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { Numeric } from '../../types/numeric.ts';
import { buildArray } from '../evaluate.ts';
import type { ConstantExpr, Expr } from '../expr.ts';
import { computeCall, computeCast, computeDistinct, computeQuantified } from './calls.ts';
import type { Code, Computed } from './code.ts';
import {
  computeBoolean,
  computeBooleanTest,
  computeCase,
  computeCoalesce,
  computeExtreme,
  computeInList,
} from './conditionals.ts';
import { loadColumn, loadParameter } from './load.ts';
import { define, placeholder, scalarOf } from './operand.ts';

/** Writes what computes `expr`, unless that has been done, and names the result. */
export function compute(expr: Expr, code: Code): Computed {
  if (expr.kind === 'constant') return constant(expr, code);
  return code.once(expr, () => computeFresh(expr, code));
}

function computeFresh(expr: Exclude<Expr, ConstantExpr>, code: Code): Computed {
  switch (expr.kind) {
    case 'column':
      return loadColumn(expr, code);
    case 'parameter':
      return loadParameter(expr, code);
    case 'call':
      return computeCall(expr, code);
    case 'cast':
      return computeCast(expr, code);
    case 'and':
    case 'or':
      return computeBoolean(expr, code);
    case 'not': {
      const operand = compute(expr.operand, code);
      return { value: define(code, `!${operand.value}`, expr), scale: '', isNull: operand.isNull };
    }
    case 'is-null': {
      const { isNull } = compute(expr.operand, code);
      return { value: define(code, `${isNull} ${expr.negated ? '===' : '!=='} 0`, expr), scale: '', isNull: '0' };
    }
    case 'boolean-test':
      return computeBooleanTest(expr, code);
    case 'is-distinct':
      return computeDistinct(expr, code);
    case 'case':
      return computeCase(expr, code);
    case 'coalesce':
      return computeCoalesce(expr, code);
    case 'greatest':
    case 'least':
      return computeExtreme(expr, code);
    case 'in-list':
      return computeInList(expr, code);
    case 'quantified':
      return computeQuantified(expr, code);
    case 'array': {
      const elements = expr.elements.map((element) => scalarOf(element, compute(element, code), code));
      const build = code.argument('build', (values: never[]) => buildArray(expr, values));
      return { value: define(code, `${build}([${elements.join(', ')}])`, expr), scale: '', isNull: '0' };
    }
    default:
      return unreachable(expr);
  }
}

function constant(expr: ConstantExpr, code: Code): Computed {
  const { value, type } = expr;
  const scale = type.column === 'dec' ? '0' : '';
  if (value === null) return { value: placeholder(type.column), scale, isNull: '1' };
  if (value instanceof Numeric && type.column === 'dec') {
    assert(typeof value.coefficient === 'number', 'a wide numeric constant is left to the interpreter');
    return { value: literal(value.coefficient as number), scale: `${value.scale}`, isNull: '0' };
  }
  if (typeof value === 'number') return { value: literal(value), scale, isNull: '0' };
  if (typeof value === 'string' || typeof value === 'boolean')
    return { value: stringLiteral(value), scale, isNull: '0' };
  assert(typeof value === 'object', 'a large int8 constant is left to the interpreter');
  return { value: code.argument('constant', value), scale, isNull: '0' };
}

/** JSON is JavaScript, but for two line ends that old parsers refuse. */
const stringLiteral = (value: string | boolean): string =>
  JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const literal = (value: number): string => (Object.is(value, -0) ? '(-0)' : value < 0 ? `(${value})` : `${value}`);
