/** See `doc`. */
import type { Expr } from '../../expr/expr.ts';
import { allOf, columnsOf, conjunctsOf, mapColumns } from '../expr-tree.ts';
import type { Plan, PlanColumn } from '../plan.ts';
import { keepColumns } from './columns.ts';
import type { Rule } from './rule.ts';

export const crossJoinLast: Rule = {
  name: 'cross-join-last',
  doc: 'Of several relations joined at once, those that a condition connects are joined first; pairs without condition come last.',
  counterExample: 'Joins that are all connected keep the order they are written in: nothing is known yet about sizes.',
  apply(plan) {
    if (!isOpen(plan)) return null;
    const chain = flatten(plan);
    if (chain.leaves.length < 3) return null;
    const order = connectedOrder(chain);
    return order.every((leaf, i) => leaf === i) ? null : rebuild(plan, chain, order);
  },
};

type OpenJoin = Plan & { kind: 'join' };

/** An inner join whose condition is still in one piece. */
const isOpen = (plan: Plan): plan is OpenJoin =>
  plan.kind === 'join' && plan.type === 'inner' && plan.leftKeys.length === 0;

/** `starts[i]` is the first column of leaf `i` in all columns side by side; conditions are over those. */
type Chain = {
  readonly leaves: readonly Plan[];
  readonly starts: readonly number[];
  readonly conditions: readonly Expr[];
};

function flatten(root: OpenJoin): Chain {
  const leaves: Plan[] = [];
  const starts: number[] = [];
  const conditions: Expr[] = [];
  const walk = (plan: Plan, start: number): void => {
    if (!isOpen(plan)) {
      leaves.push(plan);
      starts.push(start);
      return;
    }
    walk(plan.left, start);
    walk(plan.right, start + plan.left.columns.length);
    for (const conjunct of conjunctsOf(plan.residual)) {
      conditions.push(mapColumns(conjunct, (column) => ({ ...column, index: column.index + start })));
    }
  };
  walk(root, 0);
  return { leaves, starts, conditions };
}

const leafOf = (chain: Chain, column: number): number => {
  let leaf = 0;
  while (leaf + 1 < chain.starts.length && (chain.starts[leaf + 1] as number) <= column) leaf++;
  return leaf;
};

/** Greedy: always the first leaf that some condition connects with those already there, else the first left. */
function connectedOrder(chain: Chain): readonly number[] {
  const edges = chain.conditions.map((condition) => new Set([...columnsOf(condition)].map((c) => leafOf(chain, c))));
  const order = [0];
  const rest = chain.leaves.map((_, i) => i).slice(1);
  while (rest.length > 0) {
    const connected = rest.findIndex((leaf) =>
      edges.some(
        (edge) => edge.has(leaf) && [...edge].every((one) => one === leaf || order.includes(one)) && edge.size > 1,
      ),
    );
    order.push(...rest.splice(Math.max(connected, 0), 1));
  }
  return order;
}

function rebuild(root: OpenJoin, chain: Chain, order: readonly number[]): Plan {
  const places = newPlaces(chain, order);
  const moved = chain.conditions.map((condition) =>
    mapColumns(condition, (column) => ({ ...column, index: places[column.index] as number })),
  );
  let plan = chain.leaves[order[0] as number] as Plan;
  let open = moved;
  for (const leaf of order.slice(1)) {
    const right = chain.leaves[leaf] as Plan;
    const columns: readonly PlanColumn[] = [...plan.columns, ...right.columns];
    const ready = open.filter((condition) => [...columnsOf(condition)].every((column) => column < columns.length));
    open = open.filter((condition) => !ready.includes(condition));
    plan = { ...root, left: plan, right, residual: allOf(ready), columns };
  }
  return keepColumns(
    plan,
    root.columns.map((_, i) => places[i] as number),
    root.columns,
  );
}

/** Where each column of the old order stands in the new one. */
function newPlaces(chain: Chain, order: readonly number[]): readonly number[] {
  const places: number[] = [];
  let next = 0;
  for (const leaf of order) {
    const width = (chain.leaves[leaf] as Plan).columns.length;
    for (let i = 0; i < width; i++) places[(chain.starts[leaf] as number) + i] = next++;
  }
  return places;
}
