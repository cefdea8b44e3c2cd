/** PostgreSQL's raw parse trees in the shape of our AST: queries. */
import type * as Pg from 'libpg-query';
import type * as Ast from '../../src/parser/ast.ts';
import {
  convertExpr,
  convertSortItems,
  convertType,
  convertWindow,
  exprs,
  locationOf,
  NOWHERE,
  optional,
  texts,
  unknownNode,
} from './postgres-expressions.ts';

export function convertQuery(node: Pg.Node | undefined): Ast.Query {
  return node !== undefined && 'SelectStmt' in node ? convertSelectStatement(node.SelectStmt) : unknownNode(node);
}

export function convertSelectStatement(node: Pg.SelectStmt): Ast.Query {
  return {
    kind: 'query',
    at: NOWHERE,
    with: convertWith(node.withClause),
    body: convertBody(node),
    orderBy: convertSortItems(node.sortClause),
    limit: convertLimit(node),
    offset: optional(node.limitOffset),
    locking: (node.lockingClause ?? []).length > 0,
    emit: null,
  };
}

function convertLimit(node: Pg.SelectStmt): Ast.LimitClause | null {
  if (node.limitCount === undefined) return null;
  const withTies = node.limitOption === 'LIMIT_OPTION_WITH_TIES';
  const count = convertExpr(node.limitCount);
  return { at: NOWHERE, count: count.kind === 'constant' && count.type === 'null' ? null : count, withTies };
}

export function convertWith(node: Pg.WithClause | undefined): Ast.WithClause | null {
  if (node === undefined) return null;
  const ctes = (node.ctes ?? []).map((cte): Ast.CommonTable => {
    if (!('CommonTableExpr' in cte)) return unknownNode(cte);
    const { ctename, aliascolnames, ctematerialized, ctequery } = cte.CommonTableExpr;
    return {
      at: locationOf(cte.CommonTableExpr),
      name: ctename ?? '',
      columns: texts(aliascolnames),
      materialized: ctematerialized === 'CTEMaterializeDefault' ? null : ctematerialized === 'CTEMaterializeAlways',
      query: convertQuery(ctequery),
    };
  });
  return { at: NOWHERE, recursive: node.recursive ?? false, ctes };
}

function convertBody(node: Pg.SelectStmt): Ast.QueryBody {
  if (node.op !== undefined && node.op !== 'SETOP_NONE') return convertSetOperation(node);
  if (node.valuesLists !== undefined) {
    const rows = node.valuesLists.map((row) => ('List' in row ? exprs(row.List.items) : unknownNode(row)));
    return { kind: 'values', at: NOWHERE, rows };
  }
  return convertSelect(node);
}

const OPERATORS = { SETOP_UNION: 'union', SETOP_INTERSECT: 'intersect', SETOP_EXCEPT: 'except' } as const;

function convertSetOperation(node: Pg.SelectStmt): Ast.SetOperation {
  const operator = OPERATORS[node.op as keyof typeof OPERATORS];
  const left = convertOperand(node.larg);
  return {
    kind: 'set-operation',
    at: NOWHERE,
    operator,
    all: node.all ?? false,
    left,
    right: convertOperand(node.rarg),
  };
}

function convertOperand(node: Pg.SelectStmt | undefined): Ast.QueryBody {
  if (node === undefined) return unknownNode('no operand');
  const query = convertSelectStatement(node);
  const isBare =
    query.with === null &&
    query.orderBy.length === 0 &&
    query.limit === null &&
    query.offset === null &&
    !query.locking;
  return isBare ? query.body : query;
}

function convertSelect(node: Pg.SelectStmt): Ast.Select {
  const distinct = node.distinctClause;
  // Plain DISTINCT is a list of one null.
  const on = (distinct ?? []).filter((item) => Object.keys(item).length > 0);
  return {
    kind: 'select',
    at: NOWHERE,
    distinct: distinct === undefined ? null : { on: exprs(on) },
    targets: convertTargets(node.targetList),
    from: convertFrom(node.fromClause),
    where: optional(node.whereClause),
    groupBy: (node.groupClause ?? []).map(convertGroupItem),
    groupDistinct: node.groupDistinct ?? false,
    having: optional(node.havingClause),
    windows: (node.windowClause ?? []).map((window) => {
      if (!('WindowDef' in window)) return unknownNode(window);
      return { name: window.WindowDef.name ?? '', spec: convertWindow(window.WindowDef) };
    }),
    qualify: null,
  };
}

export function convertTargets(nodes: readonly Pg.Node[] | undefined): Ast.SelectTarget[] {
  return (nodes ?? []).map((node) => {
    if (!('ResTarget' in node) || node.ResTarget.val === undefined) return unknownNode(node);
    const { val, name } = node.ResTarget;
    return { at: locationOf(node.ResTarget), expr: convertExpr(val), alias: name ?? null };
  });
}

const GROUPING_SETS = {
  GROUPING_SET_ROLLUP: 'rollup',
  GROUPING_SET_CUBE: 'cube',
  GROUPING_SET_SETS: 'grouping-sets',
} as const;

function convertGroupItem(node: Pg.Node): Ast.GroupItem {
  if ('GroupingSet' in node) {
    const { kind, content } = node.GroupingSet;
    const at = locationOf(node.GroupingSet);
    if (kind === 'GROUPING_SET_EMPTY') return { kind: 'group-list', at, exprs: [] };
    const items = (content ?? []).map(convertGroupItem);
    return { kind: GROUPING_SETS[kind as keyof typeof GROUPING_SETS], at, items };
  }
  const expr = convertExpr(node);
  if (expr.kind === 'row' && !expr.explicit) return { kind: 'group-list', at: expr.at, exprs: expr.fields };
  return { kind: 'group-expr', at: NOWHERE, expr };
}

// ------------------------------------------------------------------------------------------------------------ FROM

export const convertFrom = (nodes: readonly Pg.Node[] | undefined) => (nodes ?? []).map(convertFromItem);

export function convertName(node: Pg.RangeVar | undefined): Ast.QualifiedName {
  if (node === undefined) return unknownNode('no name');
  const parts = [node.catalogname, node.schemaname, node.relname].filter((part) => part !== undefined);
  return { at: locationOf(node), parts };
}

function convertAlias(alias: Pg.Alias | undefined): Ast.TableAlias | null {
  return alias === undefined ? null : { name: alias.aliasname ?? '', columns: texts(alias.colnames) };
}

function convertFromItem(node: Pg.Node): Ast.FromItem {
  if ('RangeVar' in node) {
    const { alias, inh } = node.RangeVar;
    // ONLY stands before the name and is no part of PostgreSQL's position.
    const at = inh ? locationOf(node.RangeVar) : NOWHERE;
    return { kind: 'table', at, name: convertName(node.RangeVar), only: !inh, alias: convertAlias(alias) };
  }
  if ('RangeSubselect' in node) {
    const { subquery, lateral, alias } = node.RangeSubselect;
    const query = convertQuery(subquery);
    return { kind: 'derived', at: NOWHERE, query, lateral: lateral ?? false, alias: convertAlias(alias) };
  }
  if ('RangeFunction' in node) return convertRangeFunction(node.RangeFunction);
  return 'JoinExpr' in node ? convertJoin(node.JoinExpr) : unknownNode(node);
}

type Call = Ast.TableFunction['calls'][number];

function convertRangeFunction(node: Pg.RangeFunction): Ast.FromItem {
  const calls: Call[] = [];
  const definitions: Ast.FunctionColumn[][] = [];
  for (const item of node.functions ?? []) {
    const [call, columns] = 'List' in item ? (item.List.items ?? []) : unknownNode(item);
    calls.push(convertExpr(call ?? unknownNode(item)) as Call);
    definitions.push(columns !== undefined && 'List' in columns ? convertFunctionColumns(columns.List.items) : []);
  }
  return {
    kind: 'table-function',
    at: NOWHERE,
    calls,
    lateral: node.lateral ?? false,
    withOrdinality: node.ordinality ?? false,
    alias: convertAlias(node.alias),
    columnDefinitions: convertFunctionColumns(node.coldeflist),
    callDefinitions: definitions.some((list) => list.length > 0) ? definitions : [],
  };
}

function convertFunctionColumns(nodes: readonly Pg.Node[] | undefined): Ast.FunctionColumn[] {
  return (nodes ?? []).map((node) => {
    if (!('ColumnDef' in node)) return unknownNode(node);
    const { colname, typeName, collClause } = node.ColumnDef;
    const collation = collClause === undefined ? null : { at: NOWHERE, parts: texts(collClause.collname) };
    return { name: colname ?? '', type: convertType(typeName), collation };
  });
}

const JOINS = { JOIN_INNER: 'inner', JOIN_LEFT: 'left', JOIN_RIGHT: 'right', JOIN_FULL: 'full' } as const;

function convertJoin(node: Pg.JoinExpr): Ast.Join {
  const isNatural = node.isNatural ?? false;
  const type = JOINS[node.jointype as keyof typeof JOINS];
  const isCross = type === 'inner' && !isNatural && node.quals === undefined && node.usingClause === undefined;
  return {
    kind: 'join',
    at: NOWHERE,
    type: isCross ? 'cross' : type,
    natural: isNatural,
    left: convertFromItem(node.larg ?? unknownNode(node)),
    right: convertFromItem(node.rarg ?? unknownNode(node)),
    on: optional(node.quals),
    using: node.usingClause === undefined ? null : texts(node.usingClause),
    usingAlias: node.join_using_alias?.aliasname ?? null,
    alias: convertAlias(node.alias),
  };
}
