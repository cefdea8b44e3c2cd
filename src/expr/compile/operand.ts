/** Locals that hold computed values: their names, their placeholders where NULL is, and their scalar form for calls. */
import type { ColumnKind } from '../../types/column.ts';
import { Numeric } from '../../types/numeric.ts';
import type { Expr } from '../expr.ts';
import type { Code, Computed } from './code.ts';

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

/** `let vN, nN` (and sN) for a value still to come. */
export function declare(expr: Expr, n: number, isNull: string, code: Code): Computed {
  const scale = scaleOf(expr, `s${n}`);
  const scaleText = scale === '' ? '' : `, ${scale} = 0`;
  code.line(`let v${n} = ${placeholder(expr.type.column)}${scaleText}, n${n} = ${isNull};${code.comment(expr)}`);
  return { value: `v${n}`, scale, isNull: `n${n}` };
}

export const scaleOf = (expr: Expr, scale: string): string => (expr.type.column === 'dec' ? scale : '');
