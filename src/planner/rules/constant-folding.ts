/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { foldConstants } from '../../expr/fold.ts';
import { isTrue } from '../expr-tree.ts';
import { mapPlanExprs } from '../plan-tree.ts';
import type { Rule } from './rule.ts';

export const constantFolding: Rule = {
  name: 'constant-folding',
  doc: 'Immutable parts over constants are computed while planning; conditions that are always true go.',
  counterExample: '`1 / 0` stays: the error belongs to the row that meets it, and there may be none.',
  apply(plan, { environment }) {
    let changed = false;
    const fold = (expr: Expr): Expr => {
      const folded = foldConstants(expr, environment.context);
      changed ||= folded !== expr;
      return folded;
    };
    const folded = mapPlanExprs(plan, fold);
    if (folded.kind === 'filter' && isTrue(folded.predicate)) return folded.input;
    if (folded.kind === 'project' && folded.predicate !== null && isTrue(folded.predicate)) {
      return { ...folded, predicate: null };
    }
    if (folded.kind === 'join' && folded.residual !== null && isTrue(folded.residual)) {
      return { ...folded, residual: null };
    }
    return changed ? folded : null;
  },
};
