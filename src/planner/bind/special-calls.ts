/** Calls with a grammar of their own, bound to the function or construct behind each. */
import type { Expr } from '../../expr/expr.ts';
import type { SpecialCall } from '../../parser/ast.ts';
import type { Binder, ExprContext } from './binder.ts';
import { coerceToCommon, commonTypmod } from './coercion.ts';
import { bindNullIf, callNamed } from './operators.ts';
import { trimName } from './output-name.ts';

export function bindSpecialCall(binder: Binder, node: SpecialCall, context: ExprContext): Expr {
  const args = node.args.map((arg) => binder.bindExpr(binder, arg, context));
  switch (node.name) {
    case 'coalesce':
    case 'greatest':
    case 'least': {
      const common = coerceToCommon(binder, args, node.name.toUpperCase());
      const type = (common[0] as Expr).type;
      return { kind: node.name, args: common, type, typmod: commonTypmod(common) };
    }
    case 'nullif':
      return bindNullIf(binder, args, node.at);
    case 'trim':
      return callNamed(binder, trimName(node.variant), args, node.at);
    case 'user':
    case 'current_role':
      return callNamed(binder, 'current_user', args, node.at);
    case 'current_catalog':
      return callNamed(binder, 'current_database', args, node.at);
    default:
      return callNamed(binder, node.name, args, node.at);
  }
}
