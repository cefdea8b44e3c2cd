/** JOIN: conditions, USING and NATURAL with their merged columns, lateral right sides. */
import { AssertionError } from '../../base/assert.ts';
import { ambiguousColumn, featureNotSupported, invalidColumnReference, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { allOf, visitExpr } from '../expr-tree.ts';
import { apply, extend, filter, join } from '../logical/build.ts';
import { usesAny } from '../logical/free.ts';
import type { Field, Logical } from '../logical/logical.ts';
import { columnOf, mapTreeExprs } from '../logical/logical.ts';
import { type Binder, contextFor } from './binder.ts';
import { coerceToBoolean, coerceToKnown, commonType } from './coercion.ts';
import { attachAll } from './conditions.ts';
import { equals } from './operators.ts';
import {
  type Attachment,
  type FromResult,
  noOrigin,
  type Scope,
  type ScopeColumn,
  type ScopeTable,
  type Visible,
} from './scope.ts';
import { checkNames } from './sources.ts';

type Type = 'inner' | 'left' | 'right' | 'full';

export function bindJoin(binder: Binder, node: ast.Join, scope: Scope, before: Visible | null): FromResult {
  const left = binder.bindFromItem(binder, node.left, scope, before);
  const right = binder.bindFromItem(binder, node.right, scope, before === null ? left : beside(before, left));
  checkNames(left.tables, right.tables);
  const type = node.type === 'cross' ? 'inner' : node.type;
  refuseLateral(binder, type, left, right);
  const names = node.natural ? commonNames(left.columns, right.columns) : node.using;
  const joined =
    names === null ? joinOn(binder, node, type, left, right, scope) : joinUsing(binder, node, type, names, left, right);
  return underAlias(node, joined, scope);
}

const beside = (a: Visible, b: Visible): Visible => ({
  tables: [...a.tables, ...b.tables],
  columns: [...a.columns, ...b.columns],
});

/** Joins the plans, and says that an outer join may fill a side with NULLs. */
function combine(type: Type, left: FromResult, right: FromResult, condition: Expr | null): FromResult {
  const plan = joinPlans(type, left.plan, right.plan, condition);
  const l = type === 'right' || type === 'full' ? relaxed(left) : left;
  const r = type === 'left' || type === 'full' ? relaxed(right) : right;
  return { plan, tables: [...l.tables, ...r.tables], columns: [...l.columns, ...r.columns] };
}

function joinPlans(type: Type, left: Logical, right: Logical, condition: Expr | null): Logical {
  if (!usesAny(right, left.fields)) return join(type, left, right, condition);
  if (type === 'inner' || type === 'left') return apply(type, left, right, condition);
  throw new AssertionError(`a ${type} join cannot have a lateral right side`);
}

/** A right or full join cannot run its right side for each row of the left. */
function refuseLateral(binder: Binder, type: Type, left: FromResult, right: FromResult): void {
  if (type === 'inner' || type === 'left') return;
  for (const table of left.tables) {
    const column = findReference(right.plan, new Set(table.columns.map((one) => one.field.id)));
    if (column === null) continue;
    throw invalidColumnReference(`invalid reference to FROM-clause entry for table "${table.name}"`, {
      detail: 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.',
      position: binder.positionOf(column),
    });
  }
}

function findReference(node: Logical, ids: ReadonlySet<number>): Expr | null {
  let found: Expr | null = null;
  mapTreeExprs(node, (expr) => {
    visitExpr(expr, (part) => {
      if (part.kind === 'column' && ids.has(part.index)) found ??= part;
    });
    return expr;
  });
  return found;
}

function relaxed(from: FromResult): FromResult {
  const relax = (column: ScopeColumn): ScopeColumn =>
    column.field.notNull ? { ...column, field: { ...column.field, notNull: false } } : column;
  const tables = from.tables.map((table) => ({ ...table, columns: table.columns.map(relax) }));
  return { plan: from.plan, tables, columns: from.columns.map(relax) };
}

// ---------------------------------------------------------------------------------------------------------------- ON

function joinOn(
  binder: Binder,
  node: ast.Join,
  type: Type,
  left: FromResult,
  right: FromResult,
  scope: Scope,
): FromResult {
  if (node.on === null) return combine(type, left, right, null);
  const attachments: Attachment[] = [];
  const inside = scope.beside(beside(left, right));
  const context = contextFor(inside, 'JOIN conditions', attachments);
  scope.clause = 'JOIN conditions';
  const condition = coerceToBoolean(binder, binder.bindExpr(binder, node.on, context), 'JOIN/ON');
  if (attachments.length === 0) return combine(type, left, right, condition);
  if (type === 'inner') {
    const all = combine(type, left, right, null);
    return { ...all, plan: filter(attachAll(all.plan, attachments), condition) };
  }
  const [l, r] = attachToSides(node, left, right, attachments);
  return combine(type, l, r, condition);
}

/** Subqueries in the condition of an outer join are computed on the side whose columns they use. */
function attachToSides(
  node: ast.Join,
  left: FromResult,
  right: FromResult,
  attachments: readonly Attachment[],
): readonly [FromResult, FromResult] {
  const ofLeft = attachments.filter((one) => usesAny(one.right, left.plan.fields));
  const ofRight = attachments.filter((one) => !ofLeft.includes(one));
  if (ofLeft.some((one) => usesAny(one.right, right.plan.fields))) {
    throw featureNotSupported('a subquery in the condition of an outer join may use only one of its sides', {
      position: node.on?.at,
    });
  }
  return [
    { ...left, plan: attachAll(left.plan, ofLeft) },
    { ...right, plan: attachAll(right.plan, ofRight) },
  ];
}

// ------------------------------------------------------------------------------------------------------------- USING

const commonNames = (left: readonly ScopeColumn[], right: readonly ScopeColumn[]): readonly string[] => [
  ...new Set(left.map((column) => column.name).filter((name) => right.some((column) => column.name === name))),
];

function joinUsing(
  binder: Binder,
  node: ast.Join,
  type: Type,
  names: readonly string[],
  left: FromResult,
  right: FromResult,
): FromResult {
  const pairs = names.map((name) => ({
    name,
    left: usingColumn(name, left.columns, 'left'),
    right: usingColumn(name, right.columns, 'right'),
  }));
  const condition = allOf(pairs.map((pair) => usingEquality(binder, pair.left, pair.right, node)));
  const joined = combine(type, left, right, condition);
  const fields: Field[] = [];
  const exprs: Expr[] = [];
  const merged = pairs.map((pair) => {
    const { expr, column } = mergedColumn(binder, type, pair.left, pair.right);
    if (column !== null) return { ...column, name: pair.name };
    const field = binder.fieldFor(pair.name, expr);
    fields.push(field);
    exprs.push(expr);
    return { name: pair.name, field, origin: noOrigin };
  });
  const used = new Set(pairs.flatMap((pair) => [pair.left.field.id, pair.right.field.id]));
  const rest = joined.columns.filter((column) => !used.has(column.field.id));
  return { plan: extend(joined.plan, fields, exprs), tables: joined.tables, columns: [...merged, ...rest] };
}

/** Nothing in the statement stands for this `=`, so its errors point nowhere. */
function usingEquality(binder: Binder, left: ScopeColumn, right: ScopeColumn, node: ast.Join): Expr {
  try {
    return equals(binder, columnOf(left.field), columnOf(right.field), node.at);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new SqlError(error.code, error.message, { ...error.fields, position: undefined });
  }
}

function usingColumn(name: string, columns: readonly ScopeColumn[], side: 'left' | 'right'): ScopeColumn {
  const found = columns.filter((column) => column.name === name);
  if (found.length === 1) return found[0] as ScopeColumn;
  if (found.length === 0) {
    const message = `column "${name}" specified in USING clause does not exist in ${side} table`;
    throw new SqlError(SqlState.undefinedColumn, message);
  }
  const message = `common column name "${name}" appears more than once in ${side} table`;
  throw new SqlError(ambiguousColumn(name, undefined).code, message);
}

/** The one column that stands for both: a side's own where it cannot be missing, else the first that is there. */
function mergedColumn(
  binder: Binder,
  type: Type,
  left: ScopeColumn,
  right: ScopeColumn,
): { readonly expr: Expr; readonly column: ScopeColumn | null } {
  const sides = [columnOf(left.field), columnOf(right.field)];
  const target = commonType(binder, sides, 'JOIN/USING');
  const [l, r] = sides.map((side) => coerceToKnown(binder, side, target, 'JOIN/USING')) as [Expr, Expr];
  if (type === 'full') {
    return { expr: { kind: 'coalesce', args: [l, r], type: target, typmod: -1 }, column: null };
  }
  const [kept, expr] = type === 'right' ? [right, r] : [left, l];
  return { expr, column: kept.field.type === target ? kept : null };
}

/** `(a JOIN b …) AS j` hides the names inside; `USING (…) AS j` adds a name for the merged columns. */
function underAlias(node: ast.Join, joined: FromResult, scope: Scope): FromResult {
  if (node.usingAlias !== null) {
    throw featureNotSupported('an alias for the columns of USING is not supported', { position: node.at });
  }
  if (node.alias === null) return joined;
  const { name, columns: names } = node.alias;
  if (names.length > joined.columns.length) {
    throw invalidColumnReference(
      `join expression "${name}" has ${joined.columns.length} columns available but ${names.length} columns specified`,
    );
  }
  const columns = joined.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  const table: ScopeTable = { name, schema: null, relation: null, realName: null, columns };
  scope.known.push(table);
  return { plan: joined.plan, tables: [table], columns };
}
