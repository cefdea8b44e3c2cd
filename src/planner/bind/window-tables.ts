/**
 * TUMBLE, HOP, CUMULATE and SESSION in FROM: a relation with window_start, window_end and window_time.
 * DIALECT.md §1 says what is refused: orders of arguments and partitions that mean different things elsewhere.
 */
import { datatypeMismatch, featureNotSupported, invalidParameterValue } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import { foldConstants } from '../../expr/fold.ts';
import type * as ast from '../../parser/ast.ts';
import { addInt, compareInt, floorModInt, type Int, mulInt } from '../../types/int64.ts';
import { interval } from '../../types/interval.ts';
import { Interval } from '../../types/interval-value.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import { extend } from '../logical/build.ts';
import type { Field, Logical } from '../logical/logical.ts';
import { type Binder, contextFor } from './binder.ts';
import { coerce } from './coercion.ts';
import { type FromResult, noOrigin, Scope, type Visible } from './scope.ts';
import { named, nothingBehind } from './sources.ts';

const MICROS_PER_DAY = 86_400_000_000;

export function bindWindowTable(binder: Binder, node: ast.WindowTable, scope: Scope, left: Visible | null): FromResult {
  const input = binder.bindFromItem(binder, node.input, scope, left);
  const inside = new Scope(scope.parent, scope.known);
  inside.show(input);
  refuseTimeZone(node);
  const keys = (node.partitionBy ?? []).map((key) => bindKey(binder, key, inside));
  const added = keys.filter((key) => key.expr.kind !== 'column');
  const source = extend(
    input.plan,
    added.map((key) => key.field),
    added.map((key) => key.expr),
  );
  const time = bindTimeColumn(binder, node, inside);
  const fields = ['window_start', 'window_end', 'window_time'].map((name) =>
    binder.field(name, time.type, time.typmod, true),
  );
  const partitionBy = keys.map((key) => key.field.id);
  const plan = windowPlan(binder, node, source, time, partitionBy, fields, inside);
  const columns = [...input.columns, ...fields.map((field) => ({ name: field.name, field, origin: noOrigin }))];
  return named(binder, { plan, columns }, input.tables[0]?.name ?? node.window, node.alias, nothingBehind, scope);
}

function windowPlan(
  binder: Binder,
  node: ast.WindowTable,
  input: Logical,
  time: Field,
  partitionBy: readonly number[],
  added: readonly Field[],
  scope: Scope,
): Logical {
  const sizes = node.intervals.map((one) => bindMicros(binder, one, node, scope));
  const fields = [...input.fields, ...added];
  const common = { input, timeField: time.id, fields };
  const [first, second] = sizes as [Int, Int];
  for (const size of sizes) requirePositive(size, node);
  if (node.window === 'session') return { ...common, kind: 'session-window', partitionBy, gap: first };
  const offset = node.offset === null ? 0 : bindMicros(binder, node.offset, node, scope);
  const [step, size] = node.window === 'tumble' ? [first, first] : [first, second];
  checkSteps(node, step, size);
  return { ...common, kind: 'time-window', window: node.window, size, step, offset };
}

// ---------------------------------------------------------------------------------------------------------- arguments

function refuseTimeZone(node: ast.WindowTable): void {
  const zone = node.timeZone;
  if (zone === null || (zone.kind === 'constant' && zone.text.toUpperCase() === 'UTC')) return;
  throw featureNotSupported(`${shown(node)} in a time zone other than UTC is not supported`, { position: zone.at });
}

function bindKey(binder: Binder, key: ast.Expr, scope: Scope): { readonly field: Field; readonly expr: Expr } {
  const expr = binder.bindExpr(binder, key, contextFor(scope, 'functions in FROM', null));
  if (expr.kind !== 'column') return { field: binder.fieldFor('key', expr), expr };
  const column = scope.columns.find((candidate) => candidate.field.id === expr.index);
  return { field: column?.field ?? { ...expr, id: expr.index, notNull: false }, expr };
}

function bindTimeColumn(binder: Binder, node: ast.WindowTable, scope: Scope): Field {
  const { expr, field } = bindKey(binder, node.timeColumn, scope);
  const at = node.timeColumn.at;
  if (expr.kind !== 'column') {
    throw featureNotSupported(`the time of ${shown(node)} must be a column of the relation`, {
      hint: 'Compute it in a subquery: TUMBLE((SELECT …, expression AS ts FROM …), ts, …).',
      position: at,
    });
  }
  if (field.type === timestamp || field.type === timestamptz) return field;
  throw datatypeMismatch(
    `the time column of ${shown(node)} must be of type timestamp or timestamp with time zone, not ${field.type.displayName}`,
    { position: at },
  );
}

/** A constant interval in microseconds; days have 24 hours here, because windows align to UTC. */
function bindMicros(binder: Binder, argument: ast.Expr, node: ast.WindowTable, scope: Scope): Int {
  const bound = binder.bindExpr(binder, argument, contextFor(scope, 'functions in FROM', null));
  const coerced = coerce(binder, bound, interval, -1, 'implicit', argument.at);
  if (coerced === null) {
    throw datatypeMismatch(`argument of ${shown(node)} must be type interval, not type ${bound.type.displayName}`, {
      position: argument.at,
    });
  }
  const folded = foldConstants(coerced, binder.environment.context);
  if (folded.kind !== 'constant' || !(folded.value instanceof Interval)) {
    throw featureNotSupported(`the intervals of ${shown(node)} must be constants`, { position: argument.at });
  }
  const { months, days, micros } = folded.value;
  if (months !== 0) {
    throw invalidParameterValue(`${shown(node)} does not support months and years, which differ in length`, {
      hint: "Use days, as in INTERVAL '30 days', or group by date_trunc('month', …).",
      position: argument.at,
    });
  }
  return addInt(mulInt(days, MICROS_PER_DAY), micros);
}

function requirePositive(size: Int, node: ast.WindowTable): void {
  if (compareInt(size, 0) > 0) return;
  throw invalidParameterValue(`the intervals of ${shown(node)} must be greater than zero`, { position: node.at });
}

const shown = (node: ast.WindowTable): string => node.window.toUpperCase();

function checkSteps(node: ast.WindowTable, step: Int, size: Int): void {
  if (compareInt(step, size) > 0) {
    const word = node.window === 'hop' ? 'slide' : 'step';
    throw invalidParameterValue(`the ${word} of ${shown(node)} must not be greater than its size`, {
      hint: `The order is ${shown(node)}(relation, time column, ${word}, size).`,
      position: node.at,
    });
  }
  if (node.window === 'cumulate' && floorModInt(size, step) !== 0) {
    throw invalidParameterValue('the size of CUMULATE must be a multiple of its step', { position: node.at });
  }
}

// ------------------------------------------------------------------------------------------------- SESSION and GROUP BY

/**
 * SESSION without PARTITION BY makes sessions over all rows in some products and one session per group in others. With
 * other GROUP BY keys the statement must say which.
 */
export function checkSessionPartitions(select: ast.Select): void {
  const session = select.from.map(openSession).find((found) => found !== null);
  if (session === undefined || session === null) return;
  const keys = select.groupBy.flatMap((item) => (item.kind === 'group-expr' ? [item.expr] : []));
  const others = keys.filter((key) => !isWindowColumn(key));
  if (others.length === 0) return;
  const names = others.map((key) => (key.kind === 'column-ref' ? (key.parts.at(-1) as string) : '…'));
  throw featureNotSupported('SESSION without PARTITION BY is ambiguous beside other GROUP BY keys', {
    hint: `Write SESSION(… PARTITION BY ${names.join(', ')}, …) for sessions per key, or PARTITION BY () for sessions over all rows.`,
    position: session.at,
  });
}

function openSession(item: ast.FromItem): ast.WindowTable | null {
  if (item.kind === 'join') return openSession(item.left) ?? openSession(item.right);
  return item.kind === 'window-table' && item.window === 'session' && item.partitionBy === null ? item : null;
}

const isWindowColumn = (key: ast.Expr): boolean =>
  key.kind === 'column-ref' && ['window_start', 'window_end', 'window_time'].includes(key.parts.at(-1) as string);
