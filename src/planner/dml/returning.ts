/** RETURNING: expressions over the changed row, evaluated by whoever applies the change. */
import { featureNotSupported } from '../../base/errors.ts';
import { foldConstants } from '../../expr/fold.ts';
import type { SelectTarget } from '../../parser/ast.ts';
import { type Binder, contextFor } from '../bind/binder.ts';
import { settleUnknown } from '../bind/coercion.ts';
import { Scope, type Visible } from '../bind/scope.ts';
import { bindTargets } from '../bind/targets.ts';
import type { Returning } from '../environment.ts';
import { columnsOf } from '../expr-tree.ts';
import type { Field } from '../logical/logical.ts';
import { placed } from '../lower.ts';

/** `fields`: those of the target's columns, in order. */
export function bindReturning(
  binder: Binder,
  list: readonly SelectTarget[],
  visible: Visible,
  fields: readonly Field[],
): Returning {
  if (list.length === 0) return null;
  const scope = new Scope(null);
  scope.show(visible);
  const targets = bindTargets(binder, list, contextFor(scope, 'RETURNING', null));
  const own = new Set(fields.map((field) => field.id));
  const exprs = targets.map((target, i) => {
    const expr = settleUnknown(binder, target.expr);
    if ([...columnsOf(expr)].some((id) => !own.has(id))) {
      throw featureNotSupported('RETURNING may use only the columns of the changed table', { position: list[i]?.at });
    }
    return foldConstants(placed(expr, fields), binder.environment.context);
  });
  const columns = exprs.map(({ type, typmod }, i) => ({ name: (targets[i] as { name: string }).name, type, typmod }));
  return { exprs, columns };
}
