/** Dependent joins that become plain ones by moving the dependent part: conditions, projections, functions of the outer row. */
import type { Expr } from '../../expr/expr.ts';
import { bool } from '../../types/boolean.ts';
import { allOf, caseOf, columnsOf, conjunctsOf, isNull, trueExpr } from '../expr-tree.ts';
import { apply, extend, filter, join, pick, project } from '../logical/build.ts';
import { type Apply, columnOf, type Field, type Logical } from '../logical/logical.ts';
import { type Fresh, replaceFields } from './fresh.ts';
import { Hoist } from './hoist.ts';

/** `again` unnests an apply that is one step simpler. Null when nothing here applies. */
export function pullUp(node: Apply, fresh: Fresh, again: (next: Apply) => Logical): Logical | null {
  return hoistConditions(node, fresh) ?? pullProjection(node, fresh, again) ?? runFunction(node);
}

function hoistConditions(node: Apply, fresh: Fresh): Logical | null {
  const hoist = new Hoist(node.left.fields, fresh);
  const { plan, conjuncts } = hoist.hoist(node.right);
  if (hoist.isCorrelated(plan)) return null;
  const condition = allOf([...conjunctsOf(node.condition), ...conjuncts]);
  return pick(join(node.type, node.left, plan, condition), node.fields);
}

/** L apply π[e](R) → π[e](L apply R): then `e` may use both. */
function pullProjection(node: Apply, fresh: Fresh, again: (next: Apply) => Logical): Logical | null {
  const { left, right, type } = node;
  if (right.kind !== 'project') return null;
  const inner = new Map(right.fields.map((field, i) => [field.id, right.exprs[i] as Expr]));
  const condition = node.condition === null ? null : replaceFields(node.condition, inner);
  if (type === 'semi' || type === 'anti') return again(apply(type, left, right.input, condition) as Apply);
  if (type === 'inner' || (condition === null && isExactlyOne(right.input))) {
    const applied = again(apply('inner', left, right.input, condition) as Apply);
    return project(applied, [...left.fields, ...right.fields], [...left.fields.map(columnOf), ...right.exprs]);
  }
  const outer = new Set(left.fields.map((field) => field.id));
  if (!right.exprs.some((expr) => [...columnsOf(expr)].some((id) => outer.has(id)))) return null;
  // A left row without partner gets NULLs, whatever the expressions would say: a flag tells.
  const flag = fresh({ id: -1, name: 'matched', type: bool, typmod: -1, notNull: false });
  const flagged = extend(right.input, [flag], [trueExpr]);
  const applied = again(apply('left', left, flagged, condition) as Apply);
  const exprs = right.exprs.map((expr) => (isInputColumn(expr, right.input) ? expr : ifMatched(flag, expr)));
  return project(applied, [...left.fields, ...right.fields], [...left.fields.map(columnOf), ...exprs]);
}

const isInputColumn = (expr: Expr, input: Logical): boolean =>
  expr.kind === 'column' && input.fields.some((field) => field.id === expr.index);

const ifMatched = (flag: Field, expr: Expr): Expr => caseOf(isNull(columnOf(flag), true), expr, null);

/** One row whatever the outer row is. */
const isExactlyOne = (node: Logical): boolean =>
  (node.kind === 'aggregate' && node.keys.length === 0) ||
  (node.kind === 'values' && node.rows.length === 1) ||
  (node.kind === 'project' && isExactlyOne(node.input));

/** A set-returning function of the outer row alone runs on the outer rows directly. */
function runFunction(node: Apply): Logical | null {
  const { left, right, type, condition } = node;
  if (right.kind !== 'table-function' || right.input.fields.length > 0) return null;
  if (right.input.kind !== 'values' || right.input.rows.length !== 1) return null;
  if (type === 'inner') {
    return filter({ ...right, input: left, fields: [...left.fields, ...right.fields] }, condition);
  }
  if (type !== 'left' || condition !== null) return null;
  return { ...right, input: left, outer: true, fields: node.fields };
}
