/** Queries as SQL. */
import { unreachable } from '../base/assert.ts';
import type {
  CommonTable,
  EmitClause,
  Expr,
  FromItem,
  FunctionColumn,
  GroupItem,
  Join,
  LimitClause,
  Query,
  QueryBody,
  Select,
  SelectTarget,
  SetOperation,
  TableAlias,
  TableFunction,
  WindowTable,
  WithClause,
} from './ast.ts';
import { printSortItems, printWindowSpec } from './print-expressions.ts';
import { printTypeName } from './print-types.ts';
import { type Printer, printName, printNames, printParts } from './printer.ts';

export function printQueryText(printer: Printer, query: Query): string {
  const parts: string[] = [];
  if (query.with !== null) parts.push(printWith(printer, query.with));
  parts.push(printBody(printer, query.body));
  if (query.orderBy.length > 0) parts.push(`ORDER BY ${printSortItems(printer, query.orderBy)}`);
  if (query.offset !== null) parts.push(`OFFSET ${printer.expression(query.offset)}`);
  if (query.limit !== null) parts.push(printLimit(printer, query.limit));
  if (query.locking) parts.push('FOR UPDATE');
  if (query.emit !== null) parts.push(printEmit(printer, query.emit));
  return parts.join(' ');
}

export function printWith(printer: Printer, clause: WithClause): string {
  const ctes = clause.ctes.map((cte) => printCommonTable(printer, cte));
  return `WITH ${clause.recursive ? 'RECURSIVE ' : ''}${ctes.join(', ')}`;
}

function printCommonTable(printer: Printer, cte: CommonTable): string {
  const materialized = cte.materialized === null ? '' : cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
  return `${printName(cte.name)}${printColumns(cte.columns)} AS ${materialized}(${printer.query(cte.query)})`;
}

/** ` (a, b)` or nothing. */
export const printColumns = (columns: readonly string[]) => (columns.length === 0 ? '' : ` (${printNames(columns)})`);

function printLimit(printer: Printer, limit: LimitClause): string {
  const count = limit.count === null ? 'ALL' : printer.expression(limit.count);
  return limit.withTies ? `FETCH FIRST (${count}) ROWS WITH TIES` : `LIMIT ${count}`;
}

function printEmit(printer: Printer, emit: EmitClause): string {
  const every = emit.every === null ? '' : ` ${printer.expression(emit.every)}`;
  return `EMIT ${emit.mode.replaceAll('-', ' ').toUpperCase()}${every}`;
}

// ---------------------------------------------------------------------------------------------------------- bodies

function printBody(printer: Printer, body: QueryBody): string {
  switch (body.kind) {
    case 'query':
      return `(${printer.query(body)})`;
    case 'select':
      return printSelect(printer, body);
    case 'values':
      return `VALUES ${body.rows.map((row) => `(${printer.expressions(row)})`).join(', ')}`;
    case 'set-operation':
      return printSetOperation(printer, body);
    default:
      return unreachable(body);
  }
}

/** The left side of a chain is printed in a loop, since chains of UNION ALL may be long. */
function printSetOperation(printer: Printer, operation: SetOperation): string {
  const chain: SetOperation[] = [operation];
  let left = operation.left;
  while (left.kind === 'set-operation' && !(isIntersect(chain[chain.length - 1]) && !isIntersect(left))) {
    chain.push(left);
    left = left.left;
  }
  let text = printOperand(printer, left);
  for (const link of chain.reverse()) {
    text += ` ${link.operator.toUpperCase()}${link.all ? ' ALL' : ''} ${printOperand(printer, link.right)}`;
  }
  return text;
}

const isIntersect = (operation: SetOperation | undefined) => operation?.operator === 'intersect';

const printOperand = (printer: Printer, body: QueryBody) =>
  body.kind === 'set-operation' ? `(${printBody(printer, body)})` : printBody(printer, body);

function printSelect(printer: Printer, select: Select): string {
  const parts = ['SELECT'];
  if (select.distinct !== null) parts.push(printDistinct(printer, select.distinct.on));
  if (select.targets.length > 0) parts.push(printTargets(printer, select.targets));
  if (select.from.length > 0) parts.push(`FROM ${printFromItems(printer, select.from)}`);
  if (select.where !== null) parts.push(`WHERE ${printer.expression(select.where)}`);
  if (select.groupBy.length > 0) parts.push(printGroupBy(printer, select));
  if (select.having !== null) parts.push(`HAVING ${printer.expression(select.having)}`);
  if (select.windows.length > 0) parts.push(printWindows(printer, select.windows));
  if (select.qualify !== null) parts.push(`QUALIFY ${printer.expression(select.qualify)}`);
  return parts.join(' ');
}

const printDistinct = (printer: Printer, on: readonly Expr[]) =>
  on.length === 0 ? 'DISTINCT' : `DISTINCT ON (${printer.expressions(on)})`;

export function printTargets(printer: Printer, targets: readonly SelectTarget[]): string {
  return targets
    .map(({ expr, alias }) => `${printer.expression(expr)}${alias === null ? '' : ` AS ${printName(alias)}`}`)
    .join(', ');
}

const printGroupBy = (printer: Printer, select: Select) =>
  `GROUP BY ${select.groupDistinct ? 'DISTINCT ' : ''}${printGroupItems(printer, select.groupBy)}`;

const printGroupItems = (printer: Printer, items: readonly GroupItem[]): string =>
  items.map((item) => printGroupItem(printer, item)).join(', ');

function printGroupItem(printer: Printer, item: GroupItem): string {
  switch (item.kind) {
    case 'group-expr':
      return printer.expression(item.expr);
    case 'group-list':
      return `(${printer.expressions(item.exprs)})`;
    case 'grouping-sets':
      return `GROUPING SETS (${printGroupItems(printer, item.items)})`;
    case 'rollup':
    case 'cube':
      return `${item.kind.toUpperCase()} (${printGroupItems(printer, item.items)})`;
    default:
      return unreachable(item);
  }
}

const printWindows = (printer: Printer, windows: Select['windows']) =>
  `WINDOW ${windows.map(({ name, spec }) => `${printName(name)} AS ${printWindowSpec(printer, spec)}`).join(', ')}`;

// ------------------------------------------------------------------------------------------------------------ FROM

export const printFromItems = (printer: Printer, items: readonly FromItem[]) =>
  items.map((item) => printFromItem(printer, item)).join(', ');

function printFromItem(printer: Printer, item: FromItem): string {
  switch (item.kind) {
    case 'table':
      return `${item.only ? 'ONLY ' : ''}${printParts(item.name.parts)}${printAlias(item.alias)}`;
    case 'derived':
      return `${item.lateral ? 'LATERAL ' : ''}(${printer.query(item.query)})${printAlias(item.alias)}`;
    case 'table-function':
      return printTableFunction(printer, item);
    case 'window-table':
      return `${printWindowTable(printer, item)}${printAlias(item.alias)}`;
    case 'join':
      return item.alias === null
        ? printJoins(printer, item)
        : `(${printJoins(printer, item)})${printAlias(item.alias)}`;
    default:
      return unreachable(item);
  }
}

const printAlias = (alias: TableAlias | null) =>
  alias === null ? '' : ` AS ${printName(alias.name)}${printColumns(alias.columns)}`;

function printTableFunction(printer: Printer, item: TableFunction): string {
  const calls = item.calls.map((call, i) => {
    const columns = item.callDefinitions[i] ?? [];
    return `${printer.expression(call)}${columns.length === 0 ? '' : ` AS ${printDefinitions(printer, columns)}`}`;
  });
  const isList = calls.length > 1 || item.callDefinitions.length > 0;
  const text = isList ? `ROWS FROM (${calls.join(', ')})` : (calls[0] as string);
  const ordinality = item.withOrdinality ? ' WITH ORDINALITY' : '';
  return `${item.lateral ? 'LATERAL ' : ''}${text}${ordinality}${printFunctionAlias(printer, item)}`;
}

function printFunctionAlias(printer: Printer, item: TableFunction): string {
  if (item.columnDefinitions.length === 0) return printAlias(item.alias);
  const name = item.alias === null ? '' : `${printName(item.alias.name)} `;
  return ` AS ${name}${printDefinitions(printer, item.columnDefinitions)}`;
}

function printDefinitions(printer: Printer, columns: readonly FunctionColumn[]): string {
  const list = columns.map(({ name, type, collation }) => {
    const collate = collation === null ? '' : ` COLLATE ${printParts(collation.parts)}`;
    return `${printName(name)} ${printTypeName(printer, type)}${collate}`;
  });
  return `(${list.join(', ')})`;
}

function printWindowTable(printer: Printer, item: WindowTable): string {
  const keys = item.partitionBy;
  const partition = keys === null ? '' : ` PARTITION BY ${keys.length === 0 ? '()' : printer.expressions(keys)}`;
  const args = [`${printFromItem(printer, item.input)}${partition}`];
  for (const expr of [item.timeColumn, ...item.intervals]) args.push(printer.expression(expr));
  if (item.offset !== null) args.push(`OFFSET => ${printer.expression(item.offset)}`);
  if (item.timeZone !== null) args.push(`TIME ZONE ${printer.expression(item.timeZone)}`);
  return `${item.window.toUpperCase()}(${args.join(', ')})`;
}

/** The left side of a chain is printed in a loop, as with set operations. */
function printJoins(printer: Printer, join: Join): string {
  const chain: Join[] = [join];
  let left = join.left;
  while (left.kind === 'join' && left.alias === null) {
    chain.push(left);
    left = left.left;
  }
  let text = printFromItem(printer, left);
  for (const link of chain.reverse()) text += printJoin(printer, link);
  return text;
}

/** The word JOIN with what stands on its right. */
function printJoin(printer: Printer, join: Join): string {
  const type = join.type === 'inner' ? '' : `${join.type.toUpperCase()} `;
  const isNested = join.right.kind === 'join' && join.right.alias === null;
  const right = printFromItem(printer, join.right);
  let text = ` ${join.natural ? 'NATURAL ' : ''}${type}JOIN ${isNested ? `(${right})` : right}`;
  if (join.on !== null) text += ` ON ${printer.expression(join.on)}`;
  if (join.using !== null) text += ` USING (${printNames(join.using)})`;
  if (join.usingAlias !== null) text += ` AS ${printName(join.usingAlias)}`;
  return text;
}
