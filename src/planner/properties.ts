/**
 * What is known of each node of a plan, computed once per node: unique keys, whether rows are ever taken back, the columns
 * that a watermark bounds (DIALECT.md, Rule T), and how far the operator's state grows.
 *
 * The verdict about state is what the operators do today. None frees state by watermark yet.
 */
import { unreachable } from '../base/assert.ts';
import type { AggregateCall, Expr } from '../expr/expr.ts';
import { columnsOf, conjunctsOf } from './expr-tree.ts';
import type { AggregatePlan, JoinPlan, Plan, PlanColumn, ScanPlan, TimeWindowPlan, TopNPlan } from './plan.ts';

type Key = readonly number[];

export type Properties = {
  /** Lists of columns whose values no two rows share (NULL equal to NULL). The empty list: at most one row. */
  readonly keys: readonly Key[];
  /** No row is ever retracted. */
  readonly appendOnly: boolean;
  /** Columns below which no more rows come, apart from late ones. */
  readonly watermarks: readonly number[];
  /** `none`, `bounded by …`, `UNBOUNDED (grows with …)`. */
  readonly state: string;
};

const known = new WeakMap<Plan, Properties>();

export function propertiesOf(plan: Plan): Properties {
  let found = known.get(plan);
  if (found === undefined) {
    found = compute(plan);
    known.set(plan, found);
  }
  return found;
}

/** The columns that identify a row of a view, or null when rows are a multiset. The shortest key wins. */
export function viewKeyOf(plan: Plan): number[] | null {
  const keys = [...propertiesOf(plan).keys].sort((a, b) => a.length - b.length);
  return keys[0] === undefined ? null : [...keys[0]];
}

const unbounded = (what: string): string => `UNBOUNDED (grows with ${what})`;

function compute(plan: Plan): Properties {
  switch (plan.kind) {
    case 'scan':
      return scanProperties(plan);
    case 'values':
      return { keys: plan.rows.length <= 1 ? [[]] : [], appendOnly: true, watermarks: [], state: 'none' };
    case 'filter': {
      const input = propertiesOf(plan.input);
      return { ...input, keys: withoutFixed(input.keys, plan.predicate), state: 'none' };
    }
    case 'project':
      return projectProperties(plan);
    case 'join':
      return joinProperties(plan);
    case 'aggregate':
      return aggregateProperties(plan);
    case 'distinct': {
      const input = propertiesOf(plan.input);
      const keys = input.keys.length > 0 ? input.keys : [plan.columns.map((_, i) => i)];
      return { ...input, keys, state: unbounded(`distinct ${names(plan.columns)}`) };
    }
    case 'union':
      return unionProperties(plan.inputs);
    case 'top-n':
      return topNProperties(plan);
    case 'time-window':
      return timeWindowProperties(plan);
    case 'session-window': {
      const input = propertiesOf(plan.input);
      const width = plan.input.columns.length;
      const watermarks = input.watermarks.includes(plan.timeColumn) ? [width + 1, width + 2] : [];
      return { keys: input.keys, appendOnly: false, watermarks, state: unbounded('rows of its input') };
    }
    case 'table-function': {
      const input = propertiesOf(plan.input);
      const ordinal = plan.columns.length - 1;
      const keys = plan.withOrdinality ? input.keys.map((key) => [...key, ordinal]) : [];
      return { ...input, keys, state: 'none' };
    }
    case 'single-row': {
      const input = propertiesOf(plan.input);
      const what = plan.key.length === 0 ? 'bounded by one row' : unbounded(`distinct ${namesAt(plan, plan.key)}`);
      return { ...input, keys: [plan.key, ...input.keys], state: what };
    }
    default:
      return unreachable(plan);
  }
}

const names = (columns: readonly PlanColumn[]): string => columns.map((column) => column.name).join(', ');
const namesAt = (plan: Plan, places: readonly number[]): string =>
  places.map((place) => plan.columns[place]?.name).join(', ');

function scanProperties(plan: ScanPlan): Properties {
  const placeOf = (column: number): number => plan.project.indexOf(column);
  const keys = (plan.keys ?? []).map((key) => key.map(placeOf)).filter((key) => !key.includes(-1));
  const watermark = plan.watermark === undefined || plan.watermark === null ? -1 : placeOf(plan.watermark);
  const fixed = new Set((plan.lookup?.columns ?? []).map(placeOf));
  return {
    keys: keys.map((key) => key.filter((column) => !fixed.has(column))),
    appendOnly: plan.source === 'stream',
    watermarks: watermark < 0 ? [] : [watermark],
    state: 'none',
  };
}

/** A column that equals a constant tells no rows apart. */
function withoutFixed(keys: readonly Key[], predicate: Expr | null): readonly Key[] {
  const fixed = new Set<number>();
  for (const conjunct of conjunctsOf(predicate)) {
    if (conjunct.kind !== 'call' || conjunct.fn.name !== '=') continue;
    const [a, b] = conjunct.args as readonly [Expr, Expr];
    if (a.kind === 'column' && columnsOf(b).size === 0) fixed.add(a.index);
    if (b.kind === 'column' && columnsOf(a).size === 0) fixed.add(b.index);
  }
  return fixed.size === 0 ? keys : keys.map((key) => key.filter((column) => !fixed.has(column)));
}

function projectProperties(plan: Plan & { kind: 'project' }): Properties {
  const input = propertiesOf(plan.input);
  const placeOf = (column: number): number =>
    plan.exprs.findIndex((expr) => expr.kind === 'column' && expr.index === column);
  const keys = withoutFixed(input.keys, plan.predicate)
    .map((key) => key.map(placeOf))
    .filter((key) => !key.includes(-1));
  const watermarks = plan.exprs.flatMap((expr, i) => (isMonotone(expr, input.watermarks) ? [i] : []));
  return { keys, appendOnly: input.appendOnly, watermarks, state: 'none' };
}

/** A watermark column itself, or `± constant`, date_trunc, date_bin of one. */
function isMonotone(expr: Expr, watermarks: readonly number[]): boolean {
  if (expr.kind === 'column') return watermarks.includes(expr.index);
  if (expr.kind !== 'call' || expr.fn.volatility === 'volatile') return false;
  const [first, second] = expr.args as readonly (Expr | undefined)[];
  if (first === undefined || second === undefined) return false;
  switch (expr.fn.name) {
    case '+':
      return (
        (isMonotone(first, watermarks) && columnsOf(second).size === 0) ||
        (isMonotone(second, watermarks) && columnsOf(first).size === 0)
      );
    case '-':
      return isMonotone(first, watermarks) && columnsOf(second).size === 0;
    case 'date_trunc':
    case 'date_bin':
      return columnsOf(first).size === 0 && isMonotone(second, watermarks);
    default:
      return false;
  }
}

function joinProperties(plan: JoinPlan): Properties {
  const left = propertiesOf(plan.left);
  const right = propertiesOf(plan.right);
  const width = plan.left.columns.length;
  const state = unbounded('rows of both inputs');
  if (plan.type === 'semi' || plan.type === 'anti') {
    const appendOnly = plan.type === 'semi' && left.appendOnly && right.appendOnly;
    return { keys: left.keys, appendOnly, watermarks: left.watermarks, state };
  }
  const isWindowJoin = plan.leftKeys.some(
    (key, i) => left.watermarks.includes(key) && right.watermarks.includes(plan.rightKeys[i] as number),
  );
  const equal = plan.leftKeys.flatMap((key, i) => {
    const other = plan.rightKeys[i] as number;
    return left.watermarks.includes(key) && right.watermarks.includes(other) ? [key, width + other] : [];
  });
  const appendOnly = plan.type === 'inner' && left.appendOnly && right.appendOnly;
  return { keys: joinKeys(plan, left, right), appendOnly, watermarks: isWindowJoin ? equal : [], state };
}

/** A side whose join keys are unique adds at most one partner, so the other side's keys stay keys. */
function joinKeys(plan: JoinPlan, left: Properties, right: Properties): readonly Key[] {
  const width = plan.left.columns.length;
  const shifted = right.keys.map((key) => key.map((column) => column + width));
  const rightIsUnique = right.keys.some((key) => key.every((column) => plan.rightKeys.includes(column)));
  const leftIsUnique = left.keys.some((key) => key.every((column) => plan.leftKeys.includes(column)));
  const keys: Key[] = [];
  if (rightIsUnique && (plan.type === 'inner' || plan.type === 'left')) keys.push(...left.keys);
  if (leftIsUnique && (plan.type === 'inner' || plan.type === 'right')) keys.push(...shifted);
  if (keys.length > 0) return keys;
  return left.keys.flatMap((one) => shifted.map((other) => [...one, ...other]));
}

function aggregateProperties(plan: AggregatePlan): Properties {
  const input = propertiesOf(plan.input);
  const groups = plan.groupBy.map((_, i) => i);
  const watermarks = groups.filter((i) => input.watermarks.includes(plan.groupBy[i] as number));
  return { keys: [groups], appendOnly: false, watermarks, state: aggregateState(plan) };
}

/** Groups, and inside them the values of aggregates that cannot forget. */
function aggregateState(plan: AggregatePlan): string {
  const { columns } = plan.input;
  const growing = plan.aggregates.filter((call) => keepsValues(call, plan.appendOnly)).flatMap((call) => call.args);
  const what = [...new Set([...plan.groupBy, ...growing])].map((column) => columns[column]?.name);
  return what.length === 0 ? 'bounded by one group' : unbounded(`distinct ${what.join(', ')}`);
}

const keepsValues = (call: AggregateCall, appendOnly: boolean): boolean =>
  call.distinct ||
  call.fn.retraction === 'multiset' ||
  (!appendOnly && (call.fn.retraction === 'least' || call.fn.retraction === 'greatest'));

function unionProperties(inputs: readonly Plan[]): Properties {
  const all = inputs.map(propertiesOf);
  const [first] = all;
  const watermarks = (first?.watermarks ?? []).filter((column) => all.every((one) => one.watermarks.includes(column)));
  return { keys: [], appendOnly: all.every((one) => one.appendOnly), watermarks, state: 'none' };
}

function topNProperties(plan: TopNPlan): Properties {
  const input = propertiesOf(plan.input);
  const isTopOne = plan.limit?.kind === 'constant' && plan.limit.value === 1 && !plan.withTies;
  const keys = isTopOne ? [plan.partitionBy, ...input.keys] : input.keys;
  return { keys, appendOnly: false, watermarks: [], state: unbounded('rows of its input') };
}

function timeWindowProperties(plan: TimeWindowPlan): Properties {
  const input = propertiesOf(plan.input);
  const width = plan.input.columns.length;
  // Windows of one row differ in their start, those of CUMULATE only in their end.
  const extra = plan.window === 'tumble' ? [] : [plan.window === 'hop' ? width : width + 1];
  const isWatermark = input.watermarks.includes(plan.timeColumn);
  return {
    keys: input.keys.map((key) => [...key, ...extra]),
    appendOnly: input.appendOnly,
    watermarks: isWatermark ? [...input.watermarks, width, width + 1, width + 2] : input.watermarks,
    state: 'none',
  };
}
