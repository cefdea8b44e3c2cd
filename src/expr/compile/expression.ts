/**
 * One expression to JavaScript statements in the loop of a kernel.
 *
 * Values travel in plain locals: numbers for i32, i64 and f64, booleans, strings, objects, and for numeric a coefficient and a
 * scale. NULL is a 0/1 local beside them, so that no number is ever boxed. What does not fit (an int8 beyond 2^53, a wide
 * numeric, an overflow about to be reported) makes the row bail out to the interpreter, which also words the error.
 */
import { assert, unreachable } from '../../base/assert.ts';
import type { ColumnKind } from '../../types/column.ts';
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

/** `const vN = <text>`, with the SQL beside it. */
export function define(code: Code, text: string, expr: Expr): string {
  const name = `v${code.fresh()}`;
  code.line(`const ${name} = ${text};${code.comment(expr)}`);
  return name;
}

/** The value that stands where NULL is: of the right kind, so that locals stay monomorphic. */
export function placeholder(kind: ColumnKind): string {
  switch (kind) {
    case 'bool':
      return 'false';
    case 'text':
      return "''";
    case 'value':
      return 'null';
    default:
      return '0';
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

/** The scalar form (types/column.ts) of a value that is not NULL. */
export function boxed(expr: Expr, computed: Computed, code: Code): string {
  if (expr.type.column !== 'dec') return computed.value;
  return `new ${code.argument('Numeric', Numeric)}(${computed.value}, ${computed.scale})`;
}

/** The scalar form, null where NULL is. */
export function scalarOf(expr: Expr, computed: Computed, code: Code): string {
  if (computed.isNull === '1') return 'null';
  const value = boxed(expr, computed, code);
  return computed.isNull === '0' ? value : `(${test(computed.isNull)} ? null : ${value})`;
}

/** JavaScript condition for a null flag. */
export const test = (isNull: string): string => (/^\w+$/.test(isNull) ? `${isNull} !== 0` : `(${isNull}) !== 0`);
export const testNot = (isNull: string): string => (/^\w+$/.test(isNull) ? `${isNull} === 0` : `(${isNull}) === 0`);
