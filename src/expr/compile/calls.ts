/** Calls, casts and their kin: inline JavaScript where the function offers it, else a call with values in scalar form. */

import { quantify } from '../evaluate.ts';
import type { CallExpr, CastExpr, DistinctExpr, Expr, QuantifiedExpr } from '../expr.ts';
import type { Inline, InlineArgument, ScalarFunction } from '../functions/define.ts';
import { inlineCast } from './casts.ts';
import { anyNull, type Code, type Computed } from './code.ts';
import { boxed, declare, define, placeholder, scalarOf, scaleOf, testNot } from './operand.ts';

export function computeCall(expr: CallExpr, code: Code): Computed {
  const args = expr.args.map((arg) => code.compute(arg));
  return applyFunction(expr.fn, expr, expr.args, args, code);
}

/** `fn` over computed arguments, as the value of `expr`. */
function applyFunction(
  fn: ScalarFunction,
  expr: Expr,
  exprs: readonly Expr[],
  args: readonly Computed[],
  code: Code,
): Computed {
  if (!fn.strict) return loose(fn, expr, exprs, args, code);
  const isNull = anyNull(args.map((arg) => arg.isNull));
  if (isNull === '1') return { value: placeholder(expr.type.column), scale: scaleOf(expr, '0'), isNull };
  const inline = inlineOf(fn, exprs, args);
  if (inline !== null) return useInline(inline, expr, isNull, code);
  const values = exprs.map((arg, i) => boxed(arg, args[i] as Computed, code));
  return guarded(expr, isNull, callText(fn, values, code), code);
}

function inlineOf(fn: ScalarFunction, exprs: readonly Expr[], args: readonly Computed[]): Inline | null {
  if (fn.inline !== undefined) return fn.inline(...(args as readonly InlineArgument[]));
  if (fn.emit === undefined || exprs.some((arg) => arg.type.column === 'dec')) return null;
  return { value: fn.emit(...args.map((arg) => arg.value)) };
}

/** Computed whether NULL or not, which is cheaper than asking; only the bail-out asks. */
function useInline(inline: Inline, expr: Expr, isNull: string, code: Code): Computed {
  const flag = nameFlag(isNull, code);
  const value = define(code, inline.value, expr);
  let scale = '';
  if (inline.scale !== undefined) {
    scale = /^\w+$/.test(inline.scale) ? inline.scale : `s${code.fresh()}`;
    if (scale !== inline.scale) code.line(`const ${scale} = ${inline.scale};`);
  }
  if (inline.unless !== undefined) {
    const condition = inline.unless(value, scale);
    code.line(`if (${flag === '0' ? condition : `${testNot(flag)} && (${condition})`}) ${code.bail}`);
  }
  return { value, scale, isNull: flag };
}

/** A flag of its own for a disjunction, so that it is computed once. */
function nameFlag(isNull: string, code: Code): string {
  if (/^\w+$/.test(isNull)) return isNull;
  const name = `n${code.fresh()}`;
  code.line(`const ${name} = ${isNull};`);
  return name;
}

function callText(fn: ScalarFunction, values: readonly string[], code: Code): string {
  const name = code.argument('f', fn.eval);
  return `${name}(${(fn.context ? ['context', ...values] : values).join(', ')})`;
}

/** `text` evaluated only when no argument is NULL; its own result may be. */
function guarded(expr: Expr, isNull: string, text: string, code: Code): Computed {
  const n = code.fresh();
  const result = declare(expr, n, isNull, code);
  if (isNull === '0') code.block('', () => unpack(expr, n, text, code));
  else code.block(`if (n${n} === 0)`, () => unpack(expr, n, text, code));
  return result;
}

/** A function that sees NULLs. */
function loose(
  fn: ScalarFunction,
  expr: Expr,
  exprs: readonly Expr[],
  args: readonly Computed[],
  code: Code,
): Computed {
  const values = exprs.map((arg, i) => scalarOf(arg, args[i] as Computed, code));
  return guarded(expr, '0', callText(fn, values, code), code);
}

/** Takes a scalar result apart into vN, nN and sN; what does not fit them bails out. */
function unpack(expr: Expr, n: number, text: string, code: Code): void {
  code.line(`const r = ${text};`);
  code.line(`if (r === null) n${n} = 1;`);
  switch (expr.type.column) {
    case 'i64':
      code.line(`else if (typeof r === 'number') v${n} = r;`);
      code.line(`else ${code.bail}`);
      return;
    case 'dec':
      code.line(
        `else if (typeof r.coefficient === 'number' && r.scale >= 0) { v${n} = r.coefficient; s${n} = r.scale; }`,
      );
      code.line(`else ${code.bail}`);
      return;
    default:
      code.line(`else v${n} = r;`);
  }
}

export function computeCast(expr: CastExpr, code: Code): Computed {
  const operand = code.compute(expr.operand);
  if (operand.isNull === '1') return { value: placeholder(expr.type.column), scale: scaleOf(expr, '0'), isNull: '1' };
  const hasTypmod = expr.typmod >= 0 && expr.type.applyTypmod !== undefined;
  if (!hasTypmod && (expr.cast === null || isRelabelling(expr))) return operand;
  const inline = hasTypmod || expr.cast === null ? null : inlineCast(expr.cast, operand);
  if (inline !== null) return useInline(inline, expr, operand.isNull, code);
  return guarded(expr, operand.isNull, castText(expr, boxed(expr.operand, operand, code), hasTypmod, code), code);
}

const isRelabelling = (expr: CastExpr): boolean =>
  expr.cast?.binaryCoercible === true && expr.operand.type.column === expr.type.column;

function castText(expr: CastExpr, value: string, hasTypmod: boolean, code: Code): string {
  const converted =
    expr.cast === null ? value : `${code.argument('convert', expr.cast.convert)}(${value}, context.format)`;
  if (!hasTypmod) return converted;
  return `${code.argument('modify', expr.type.applyTypmod)}(${converted}, ${expr.typmod}, ${expr.explicit})`;
}

/** IS [NOT] DISTINCT FROM: never NULL. */
export function computeDistinct(expr: DistinctExpr, code: Code): Computed {
  const left = code.compute(expr.left);
  const right = code.compute(expr.right);
  const n = code.fresh();
  const differ = `v${n}`;
  code.line(`let ${differ} = ${left.isNull} !== ${right.isNull};${code.comment(expr)}`);
  const equal = { ...expr, kind: 'call' as const, fn: expr.equal, args: [expr.left, expr.right], at: -1 };
  const bothKnown = [left, right].map((side) => testNot(side.isNull)).join(' && ');
  code.block(`if (${bothKnown})`, () => {
    const known = [left, right].map((side) => ({ ...side, isNull: '0' }));
    const same = applyFunction(expr.equal, equal, equal.args, known, code);
    code.line(`${differ} = !(${same.isNull === '0' ? '' : `${testNot(same.isNull)} && `}${same.value});`);
  });
  return { value: expr.negated ? `!${differ}` : differ, scale: '', isNull: '0' };
}

/** ANY and ALL over an array: a call to the interpreter's loop. */
export function computeQuantified(expr: QuantifiedExpr, code: Code): Computed {
  const operand = scalarOf(expr.operand, code.compute(expr.operand), code);
  const array = scalarOf(expr.array, code.compute(expr.array), code);
  const loop = code.argument('quantify', quantify);
  const text = `${loop}(${code.argument('fn', expr.fn)}, '${expr.quantifier}', context, ${operand}, ${array})`;
  return guarded(expr, '0', text, code);
}
