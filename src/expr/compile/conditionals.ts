/** What evaluates some operands only sometimes: AND, OR, CASE, COALESCE; and GREATEST, LEAST, IN, boolean tests. */
import { compareFloats } from '../../types/float.ts';
import type { BooleanExpr, BooleanTestExpr, CaseExpr, CoalesceExpr, Expr, ExtremeExpr, InListExpr } from '../expr.ts';
import type { Code, Computed } from './code.ts';
import { boxed, declare, define, placeholder, testNot } from './operand.ts';

/** `{ value }` is true, and not NULL. */
export function isTrue(computed: Computed): string {
  if (computed.isNull === '1') return 'false';
  return computed.isNull === '0' ? computed.value : `${testNot(computed.isNull)} && ${computed.value}`;
}

/**
 * AND is true until an operand is false, OR false until one is true; a NULL on the way leaves it unknown.
 * The first operand is always computed, so it stands before the block and may be shared with what follows.
 */
export function computeBoolean(expr: BooleanExpr, code: Code): Computed {
  const isOr = expr.kind === 'or';
  const first = code.compute(expr.operands[0] as Expr);
  const n = code.fresh();
  code.line(`let v${n} = ${!isOr}, n${n} = 0;${code.comment(expr)}`);
  code.block(`${expr.kind}${n}:`, () => {
    expr.operands.forEach((operand, i) => {
      const { value, isNull } = i === 0 ? first : code.compute(operand);
      const decides = `${isNull === '0' ? '' : `${testNot(isNull)} && `}${isOr ? '' : '!'}${value}`;
      if (isNull !== '1') code.line(`if (${decides}) { v${n} = ${isOr}; n${n} = 0; break ${expr.kind}${n}; }`);
      if (isNull !== '0') code.line(`n${n} |= ${isNull};`);
    });
  });
  return { value: `v${n}`, scale: '', isNull: `n${n}` };
}

export function computeBooleanTest(expr: BooleanTestExpr, code: Code): Computed {
  const operand = code.compute(expr.operand);
  const { isNull, value } = operand;
  const not = expr.negated ? '!' : '';
  const known = isNull === '0' ? '' : `${testNot(isNull)} && `;
  const condition =
    expr.test === 'unknown' ? `!(${testNot(isNull)})` : `(${known}${expr.test === 'true' ? value : `!${value}`})`;
  return { value: define(code, `${not}${condition}`, expr), scale: '', isNull: '0' };
}

/** `vN = …` from another value. */
function assign(n: number, from: Computed, code: Code): void {
  if (from.isNull === '1') {
    code.line(`n${n} = 1;`);
    return;
  }
  code.line(`v${n} = ${from.value}; n${n} = ${from.isNull};${from.scale === '' ? '' : ` s${n} = ${from.scale};`}`);
}

export function computeCase(expr: CaseExpr, code: Code): Computed {
  const n = code.fresh();
  const result = declare(expr, n, '1', code);
  code.block(`case${n}:`, () => {
    for (const branch of expr.branches) {
      const when = code.compute(branch.when);
      code.block(`if (${isTrue(when)})`, () => {
        assign(n, code.compute(branch.then), code);
        code.line(`break case${n};`);
      });
    }
    if (expr.otherwise !== null) assign(n, code.compute(expr.otherwise), code);
  });
  return result;
}

export function computeCoalesce(expr: CoalesceExpr, code: Code): Computed {
  const n = code.fresh();
  const result = declare(expr, n, '1', code);
  code.block(`coalesce${n}:`, () => {
    for (const arg of expr.args) {
      const computed = code.compute(arg);
      if (computed.isNull === '1') continue;
      assign(n, computed, code);
      code.line(`if (n${n} === 0) break coalesce${n};`);
    }
  });
  return result;
}

/** The plain `<` of numbers serves i32 and i64; everything else has the order of its type. */
export function computeExtreme(expr: ExtremeExpr, code: Code): Computed {
  const args = expr.args.map((arg) => code.compute(arg));
  const n = code.fresh();
  const result = declare(expr, n, '1', code);
  const kind = expr.type.column;
  const sign = expr.kind === 'greatest' ? '>' : '<';
  expr.args.forEach((arg, i) => {
    const next = args[i] as Computed;
    if (next.isNull === '1') return;
    const better =
      kind === 'i32' || kind === 'i64'
        ? `${next.value} ${sign} v${n}`
        : `${code.argument('compare', kind === 'f64' ? compareFloats : expr.type.compare)}(${boxed(arg, next, code)}, ${boxed(expr, result, code)}) ${sign} 0`;
    const known = next.isNull === '0' ? '' : `${testNot(next.isNull)} && `;
    const scale = next.scale === '' ? '' : ` s${n} = ${next.scale};`;
    code.line(`if (${known}(n${n} === 1 || ${better})) { v${n} = ${next.value}; n${n} = 0;${scale} }`);
  });
  return result;
}

/** A set of keys, asked once per row. */
export function computeInList(expr: InListExpr, code: Code): Computed {
  const operand = code.compute(expr.operand);
  if (operand.isNull === '1') return { value: placeholder('bool'), scale: '', isNull: '1' };
  const { type } = expr.operand;
  const known = expr.choices.filter((choice) => choice !== null);
  const set = code.argument('choices', new Set(known.map((choice) => type.hashKey(choice))));
  const isPlain = type.column === 'i32' || type.column === 'i64' || type.column === 'f64' || type.column === 'bool';
  const key = isPlain ? operand.value : `${code.argument('key', type.hashKey)}(${boxed(expr.operand, operand, code)})`;
  const n = code.fresh();
  const hasNull = known.length < expr.choices.length;
  code.line(`let v${n} = false, n${n} = ${operand.isNull};${code.comment(expr)}`);
  code.block(operand.isNull === '0' ? '' : `if (n${n} === 0)`, () => {
    code.line(`v${n} = ${set}.has(${key});`);
    if (hasNull) code.line(`if (!v${n}) n${n} = 1;`);
    if (expr.negated) code.line(`v${n} = !v${n};`);
  });
  return { value: `v${n}`, scale: '', isNull: `n${n}` };
}
