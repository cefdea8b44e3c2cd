/** Constants as written. A quoted one has no type until something asks for one. */
import { featureNotSupported } from '../../base/errors.ts';
import type { ConstantExpr } from '../../expr/expr.ts';
import type { Constant } from '../../parser/ast.ts';
import { bool } from '../../types/boolean.ts';
import { int4, int8 } from '../../types/integer.ts';
import { numeric } from '../../types/numeric-type.ts';
import { unknown } from '../../types/text.ts';
import { defaultFormat } from '../../types/type.ts';

export function bindConstant(ast: Constant): ConstantExpr {
  switch (ast.type) {
    case 'integer':
    case 'decimal':
      return numberOf(ast.text);
    case 'string':
      return { kind: 'constant', type: unknown, typmod: -1, value: ast.text };
    case 'boolean':
      return { kind: 'constant', type: bool, typmod: -1, value: ast.text === 'true' };
    case 'null':
      return { kind: 'constant', type: unknown, typmod: -1, value: null };
    case 'bit':
      throw featureNotSupported('bit string literals are not supported', { position: ast.at });
  }
}

/** The smallest of int4, int8, numeric that holds the number. */
export function numberOf(digits: string): ConstantExpr {
  const whole = /^-?\d+$/.test(digits) ? BigInt(digits) : null;
  const type =
    whole === null || BigInt.asIntN(64, whole) !== whole ? numeric : BigInt.asIntN(32, whole) === whole ? int4 : int8;
  return { kind: 'constant', type, typmod: -1, value: type.parse(digits, defaultFormat) };
}
