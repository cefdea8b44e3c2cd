/** Plans as text: EXPLAIN, EXPLAIN (STATE), EXPLAIN (RULES). Deterministic, so that tests may hold it. */
import { unreachable } from '../base/assert.ts';
import { formatTree, type Tree } from '../base/tree.ts';
import type { AggregateCall, Expr, SortKey } from '../expr/expr.ts';
import { formatExpr } from '../expr/format-expr.ts';
import { quoteIdentifier } from '../expr/quote.ts';
import type { Int } from '../types/int64.ts';
import { interval } from '../types/interval.ts';
import { Interval } from '../types/interval-value.ts';
import { defaultFormat } from '../types/type.ts';
import type { RuleTrace } from './environment.ts';
import { mapColumns } from './expr-tree.ts';
import {
  inputsOf,
  type JoinPlan,
  type Plan,
  type PlanColumn,
  type ProjectPlan,
  type QueryPlan,
  type ScanPlan,
  type TopNPlan,
  type ValuesPlan,
} from './plan.ts';
import { type Properties, propertiesOf } from './properties.ts';

export type ExplainOptions = {
  /** Adds what is known of each node: append-only or changelog, keys, watermark columns, bound of its state. */
  readonly state?: boolean;
  readonly verbose?: boolean;
};

/** The plan of a query, one node a line, the sort order first. */
export function explainPlan(query: QueryPlan, options: ExplainOptions = {}): string {
  const tree = planTree(query.plan, options.state === true || options.verbose === true);
  if (query.order.length === 0) return formatTree(tree);
  return formatTree({ label: `order by ${sortText(query.order, query.plan.columns)}`, children: [tree] });
}

export const formatPlan = (plan: Plan): string => formatTree(planTree(plan, false));

/** The plan after binding, and after each rule that changed it. */
export const explainRules = (trace: RuleTrace): string =>
  trace.map((step) => `${step.rule}\n${step.plan.replaceAll(/^/gm, '  ')}`).join('\n\n');

function planTree(plan: Plan, withProperties: boolean): Tree {
  const children = inputsOf(plan).map((input) => planTree(input, withProperties));
  const label = labelOf(plan);
  return { label: withProperties ? `${label}  [${propertiesText(plan, propertiesOf(plan))}]` : label, children };
}

function propertiesText(plan: Plan, { appendOnly, keys, watermarks, state }: Properties): string {
  const [key] = keys;
  const parts = [appendOnly ? 'append-only' : 'changelog'];
  if (key !== undefined) parts.push(`key (${namesAt(plan.columns, key)})`);
  if (watermarks.length > 0) parts.push(`watermark ${namesAt(plan.columns, watermarks)}`);
  return [...parts, `state: ${state}`].join('; ');
}

// ------------------------------------------------------------------------------------------------------------- labels

function labelOf(plan: Plan): string {
  switch (plan.kind) {
    case 'scan':
      return scanLabel(plan);
    case 'values':
      return valuesLabel(plan);
    case 'filter':
      return `filter ${text(plan.predicate, plan.input.columns)}`;
    case 'project':
      return projectLabel(plan);
    case 'join':
      return joinLabel(plan);
    case 'aggregate': {
      const by = plan.groupBy.length === 0 ? '' : ` by ${namesAt(plan.input.columns, plan.groupBy)}`;
      const calls = plan.aggregates.map((call) => aggregateText(call, plan.input.columns));
      return `aggregate${by}${calls.length === 0 ? '' : `: ${calls.join(', ')}`}${plan.appendOnly ? ' (append-only)' : ''}`;
    }
    case 'distinct':
      return 'distinct';
    case 'union':
      return 'union all';
    case 'top-n':
      return topNLabel(plan);
    case 'time-window': {
      const sizes = [
        ...(plan.window === 'tumble' ? [] : [`${plan.window === 'hop' ? 'slide' : 'step'} ${duration(plan.step)}`]),
        `size ${duration(plan.size)}`,
        ...(plan.offset === 0 ? [] : [`offset ${duration(plan.offset)}`]),
      ];
      return `${plan.window} ${namesAt(plan.input.columns, [plan.timeColumn])}, ${sizes.join(', ')}`;
    }
    case 'session-window': {
      const by = plan.partitionBy.length === 0 ? '' : ` partition by ${namesAt(plan.input.columns, plan.partitionBy)}`;
      return `session ${namesAt(plan.input.columns, [plan.timeColumn])}, gap ${duration(plan.gap)}${by}`;
    }
    case 'table-function': {
      const args = plan.args.map((arg) => text(arg, plan.input.columns)).join(', ');
      const ordinality = plan.withOrdinality ? ' with ordinality' : '';
      return `${plan.outer ? 'outer ' : ''}function ${plan.fn.name}(${args})${ordinality}`;
    }
    case 'single-row':
      return plan.key.length === 0 ? 'single row' : `single row per ${namesAt(plan.input.columns, plan.key)}`;
    default:
      return unreachable(plan);
  }
}

function scanLabel(plan: ScanPlan): string {
  const label = `scan ${plan.source} ${quoteIdentifier(plan.name)} (${plan.columns.map((column) => column.name).join(', ')})`;
  if (plan.lookup === null) return label;
  const { columns, values } = plan.lookup;
  const tests = columns.map((column, i) => `${lookupName(plan, column)} = ${formatExpr(values[i] as Expr)}`);
  return `${label} lookup ${tests.join(' and ')}`;
}

/** A looked-up column that is not read has no name here, only its number in the relation. */
const lookupName = (plan: ScanPlan, column: number): string =>
  plan.columns[plan.project.indexOf(column)]?.name ?? `column ${column + 1}`;

const MAX_ROWS_SHOWN = 5;

function valuesLabel(plan: ValuesPlan): string {
  const rows = plan.rows.slice(0, MAX_ROWS_SHOWN).map((row) => `(${row.map(formatExpr).join(', ')})`);
  const more = plan.rows.length > MAX_ROWS_SHOWN ? `, … ${plan.rows.length} rows` : '';
  return plan.rows.length === 0 ? 'nothing' : `values ${rows.join(', ')}${more}`;
}

function projectLabel(plan: ProjectPlan): string {
  const list = plan.exprs.map((expr, i) => {
    const shown = text(expr, plan.input.columns);
    const name = quoteIdentifier((plan.columns[i] as PlanColumn).name);
    return shown === name ? shown : `${shown} as ${name}`;
  });
  const where = plan.predicate === null ? '' : ` where ${text(plan.predicate, plan.input.columns)}`;
  return `project ${list.join(', ')}${where}`;
}

function joinLabel(plan: JoinPlan): string {
  const both = [...plan.left.columns, ...plan.right.columns];
  const names = distinctNames(both);
  const width = plan.left.columns.length;
  const keys = plan.leftKeys.map((left, i) => {
    const equals = plan.nullSafe[i] === true ? 'is not distinct from' : '=';
    return `${names[left]} ${equals} ${names[width + (plan.rightKeys[i] as number)]}`;
  });
  const residual = plan.residual === null ? [] : [text(plan.residual, both)];
  const on = [...keys, ...residual].join(' and ');
  return on === '' ? `${plan.type} join on nothing` : `${plan.type} join on ${on}`;
}

function topNLabel(plan: TopNPlan): string {
  const { columns } = plan.input;
  const parts = [
    ...(plan.limit === null ? [] : [`limit ${formatExpr(plan.limit)}`]),
    ...(plan.withTies ? ['with ties'] : []),
    ...(plan.offset === null ? [] : [`offset ${formatExpr(plan.offset)}`]),
    ...(plan.order.length === 0 ? [] : [`order by ${sortText(plan.order, columns)}`]),
    ...(plan.partitionBy.length === 0 ? [] : [`partition by ${namesAt(columns, plan.partitionBy)}`]),
  ];
  return `top-n ${parts.join(' ')}`;
}

function aggregateText(call: AggregateCall, columns: readonly PlanColumn[]): string {
  const args = call.fn.name === 'count' && call.args.length === 0 ? '*' : namesAt(columns, call.args);
  const order = call.orderBy.length === 0 ? '' : ` order by ${sortText(call.orderBy, columns)}`;
  const filter = call.filter === null ? '' : ` filter (${namesAt(columns, [call.filter])})`;
  return `${call.fn.name}(${call.distinct ? 'distinct ' : ''}${args}${order})${filter}`;
}

// -------------------------------------------------------------------------------------------------------------- pieces

function sortText(order: readonly SortKey[], columns: readonly PlanColumn[]): string {
  const names = distinctNames(columns);
  const keys = order.map(({ column, descending, nullsFirst }) => {
    const nulls = nullsFirst === descending ? '' : nullsFirst ? ' nulls first' : ' nulls last';
    return `${names[column]}${descending ? ' desc' : ''}${nulls}`;
  });
  return keys.join(', ');
}

const namesAt = (columns: readonly PlanColumn[], places: readonly number[]): string => {
  const names = distinctNames(columns);
  return places.map((place) => names[place]).join(', ');
};

/** Columns of one name get the number of their place: `id`, `id#3`. */
function distinctNames(columns: readonly PlanColumn[]): readonly string[] {
  const seen = new Set<string>();
  return columns.map(({ name }, i) => {
    const shown = quoteIdentifier(name);
    if (!seen.has(shown)) {
      seen.add(shown);
      return shown;
    }
    return `${shown}#${i + 1}`;
  });
}

/** `expr` with its columns called as the input calls them. */
function text(expr: Expr, columns: readonly PlanColumn[]): string {
  const names = distinctNames(columns);
  // Names with a number would be quoted, so they travel as placeholders.
  const marked = mapColumns(expr, (column) => ({ ...column, name: `column_${column.index}_` }));
  return formatExpr(marked).replaceAll(/\bcolumn_(\d+)_(?!\w)/g, (_, place: string) => names[Number(place)] as string);
}

const duration = (micros: Int): string => interval.format(new Interval(0, 0, micros), defaultFormat);
