/** Reading columns and parameters into locals. */
import type { ColumnExpr, ParameterExpr } from '../expr.ts';
import type { Code, Computed } from './code.ts';

/** What a row must not hold if its int8 or numeric is to be an exact double: see `high` below. */
const NOT_SAFE = (high: string): string => `${high} >= 0x200000 || ${high} <= -0x200000`;

/** Columns are taken apart once per batch: `cN` the data, `cNn` the null map (a shared map of zeros when there is none). */
export function loadColumn(expr: ColumnExpr, code: Code): Computed {
  const c = `c${expr.index}`;
  const prologue = `const ${c} = columns[${expr.index}].data, ${c}n = columns[${expr.index}].nulls ?? zeros;`;
  if (!code.prologue.includes(prologue)) code.prologue.push(prologue);
  const n = code.fresh();
  const value = `v${n}`;
  const isNull = `n${n}`;
  const computed = { value, scale: '', isNull };
  const comment = code.comment(expr);
  code.line(`const ${isNull} = ${c}n[row];`);
  switch (expr.type.column) {
    case 'bool':
      code.line(`const ${value} = ${c}[row] === 1;${comment}`);
      return computed;
    case 'i64':
      loadLanes(c, n, comment, '', code);
      return computed;
    case 'dec': {
      const scales = `const ${c}s = columns[${expr.index}].scales;`;
      if (!code.prologue.includes(scales)) code.prologue.push(scales);
      code.line(`const s${n} = ${c}s[row];`);
      loadLanes(c, n, comment, ` || s${n} < 0`, code);
      return { value, scale: `s${n}`, isNull };
    }
    default:
      code.line(`const ${value} = ${c}[row];${comment}`);
      return computed;
  }
}

/** Two lanes make an exact double while the high one has at most 21 bits. */
function loadLanes(c: string, n: number, comment: string, alsoNot: string, code: Code): void {
  code.line(`const h${n} = ${c}[2 * row + 1];`);
  code.line(`if (${NOT_SAFE(`h${n}`)}${alsoNot}) ${code.bail}`);
  code.line(`const v${n} = h${n} * 4294967296 + (${c}[2 * row] >>> 0);${comment}`);
}

/** A parameter has one value per batch. One out of the ordinary leaves the whole batch to the interpreter. */
export function loadParameter(expr: ParameterExpr, code: Code): Computed {
  const p = `p${expr.index}`;
  const kind = expr.type.column;
  const isNull = `${p}n`;
  const first = `const ${p} = context.parameters[${expr.index}] ?? null, ${isNull} = ${p} === null ? 1 : 0;`;
  const seen = code.prologue.includes(first);
  if (!seen) code.prologue.push(first);
  if (kind === 'dec') {
    if (!seen) code.prologue.push(...numericParameter(p));
    return { value: `${p}v`, scale: `${p}s`, isNull };
  }
  if (kind === 'i64' && !seen) code.prologue.push(`if (typeof ${p} === 'bigint') return -1;`);
  if (kind === 'i32' || kind === 'i64' || kind === 'f64') {
    if (!seen) code.prologue.push(`const ${p}v = ${p} === null ? 0 : ${p};`);
    return { value: `${p}v`, scale: '', isNull };
  }
  return { value: p, scale: '', isNull };
}

const numericParameter = (p: string): string[] => [
  `const ${p}v = ${p} === null ? 0 : ${p}.coefficient, ${p}s = ${p} === null ? 0 : ${p}.scale;`,
  `if (typeof ${p}v === 'bigint' || ${p}s < 0) return -1;`,
];
