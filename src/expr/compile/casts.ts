/** Casts between numbers as inline JavaScript: the ones a hot loop meets. */
import type { CastFunction } from '../../types/cast.ts';
import { float8 } from '../../types/float.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { numeric } from '../../types/numeric-type.ts';
import type { SqlType } from '../../types/type.ts';
import type { Inline, InlineArgument } from '../functions/define.ts';

const isInteger = (type: SqlType): boolean => type === int2 || type === int4 || type === int8;

export function inlineCast(cast: CastFunction, operand: InlineArgument): Inline | null {
  const { from, to } = cast;
  if (isInteger(from)) return fromInteger(from, to, operand.value);
  if (from === numeric && to === float8) return numericToFloat(operand);
  return null;
}

function fromInteger(from: SqlType, to: SqlType, value: string): Inline | null {
  if (to === numeric) return { value, scale: '0' };
  if (to === float8 || to === int8 || (to === int4 && from === int2)) return { value };
  if (to === int4) return { value: `${value} | 0`, unless: (result) => `${result} !== ${value}` };
  return null;
}

/** Both parts are exact up to 10^22, so one division rounds once, correctly. */
function numericToFloat(operand: InlineArgument): Inline {
  const powers = operand.scale === '0' ? operand.value : `${operand.value} / powers[${operand.scale}]`;
  return { value: powers, unless: () => `${operand.scale} > 22` };
}
