/** Writing results from locals into output columns. */
import type { Expr } from '../expr.ts';
import type { Code, Computed } from './code.ts';
import { test } from './operand.ts';

/** Writes `computed` to place `k` of output column `out[place]`. A null map comes to be with the first NULL. */
export function store(expr: Expr, computed: Computed, place: number, code: Code): void {
  const o = `o${place}`;
  const { value, scale, isNull } = computed;
  code.prologue.push(`const ${o} = out[${place}].data;`, `out[${place}].nulls = null;`);
  if (isNull !== '0') {
    code.prologue.push(`let ${o}n = null;`);
    const mark = `{ if (${o}n === null) ${o}n = nullMap(out[${place}]); ${o}n[k] = 1; }`;
    code.line(isNull === '1' ? mark : `if (${test(isNull)}) ${mark}`);
    if (isNull === '1') return;
  }
  switch (expr.type.column) {
    case 'bool':
      code.line(`${o}[k] = ${value} ? 1 : 0;`);
      return;
    case 'i64':
      storeLanes(o, value, code);
      return;
    case 'dec':
      code.prologue.push(`const ${o}s = out[${place}].scales;`);
      storeLanes(o, value, code);
      code.line(`${o}s[k] = ${scale};`);
      return;
    default:
      code.line(`${o}[k] = ${value};`);
  }
}

/** Storing in an Int32Array keeps the low 32 bits of any integral double. */
function storeLanes(o: string, value: string, code: Code): void {
  code.line(`${o}[2 * k] = ${value};`);
  code.line(`${o}[2 * k + 1] = Math.floor(${value} / 4294967296);`);
}
