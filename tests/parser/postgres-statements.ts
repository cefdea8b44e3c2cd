/** PostgreSQL's raw parse trees in the shape of our AST: statements. Null where no shape is written down here. */
import type * as Pg from 'libpg-query';
import type * as Ast from '../../src/parser/ast.ts';
import {
  convertExpr,
  convertType,
  exprs,
  locationOf,
  NOWHERE,
  optional,
  texts,
  unknownNode,
} from './postgres-expressions.ts';
import { convertFrom, convertName, convertQuery, convertTargets, convertWith } from './postgres-queries.ts';

export function convertStatement(node: Pg.Node): Ast.Statement | null {
  const at = NOWHERE;
  if ('SelectStmt' in node) return { kind: 'select-statement', at, query: convertQuery(node) };
  if ('InsertStmt' in node) return convertInsert(node.InsertStmt);
  if ('UpdateStmt' in node) return convertUpdate(node.UpdateStmt);
  if ('DeleteStmt' in node) return convertDelete(node.DeleteStmt);
  if ('TruncateStmt' in node) {
    const tables = (node.TruncateStmt.relations ?? []).map((table) => convertName(rangeVar(table)));
    return { kind: 'truncate', at, tables, cascade: node.TruncateStmt.behavior === 'DROP_CASCADE' };
  }
  if ('CreateStmt' in node) return convertCreateTable(node.CreateStmt);
  if ('CreateTableAsStmt' in node) return convertCreateTableAs(node.CreateTableAsStmt);
  if ('ViewStmt' in node) return convertView(node.ViewStmt);
  if ('IndexStmt' in node) return convertIndex(node.IndexStmt);
  return convertSessionStatement(node);
}

const rangeVar = (node: Pg.Node) => ('RangeVar' in node ? node.RangeVar : unknownNode(node));

// ---------------------------------------------------------------------------------------------------- data changes

function convertInsert(node: Pg.InsertStmt): Ast.Insert {
  const columns = (node.cols ?? []).map((column) => {
    if (!('ResTarget' in column)) return unknownNode(column);
    return { at: locationOf(column.ResTarget), name: column.ResTarget.name ?? '' };
  });
  const override = node.override;
  return {
    kind: 'insert',
    at: NOWHERE,
    with: convertWith(node.withClause),
    table: convertName(node.relation),
    alias: node.relation?.alias?.aliasname ?? null,
    columns,
    overriding:
      override === 'OVERRIDING_SYSTEM_VALUE' ? 'system' : override === 'OVERRIDING_USER_VALUE' ? 'user' : null,
    source: node.selectStmt === undefined ? null : convertQuery(node.selectStmt),
    onConflict: convertOnConflict(node.onConflictClause),
    returning: convertTargets(node.returningList),
  };
}

function convertOnConflict(node: Pg.OnConflictClause | undefined): Ast.OnConflict | null {
  if (node === undefined) return null;
  return {
    at: locationOf(node),
    target: (node.infer?.indexElems ?? []).map((element) => convertIndexColumn(element).expr),
    targetWhere: optional(node.infer?.whereClause),
    constraint: node.infer?.conname ?? null,
    action: node.action === 'ONCONFLICT_UPDATE' ? 'update' : 'nothing',
    set: convertAssignments(node.targetList),
    where: optional(node.whereClause),
  };
}

/** `(a, b) = row` is one target per column in PostgreSQL, all with the same source. */
function convertAssignments(nodes: readonly Pg.Node[] | undefined): Ast.Assignment[] {
  const assignments: Ast.Assignment[] = [];
  for (const node of nodes ?? []) {
    if (!('ResTarget' in node) || node.ResTarget.val === undefined) return unknownNode(node);
    const { name, val } = node.ResTarget;
    const isRow = 'MultiAssignRef' in val;
    const previous = assignments[assignments.length - 1];
    if (isRow && (val.MultiAssignRef.colno ?? 1) > 1 && previous !== undefined) {
      assignments[assignments.length - 1] = { ...previous, columns: [...previous.columns, name ?? ''] };
      continue;
    }
    const source = isRow ? (val.MultiAssignRef.source ?? unknownNode(val)) : val;
    const at = isRow ? NOWHERE : locationOf(node.ResTarget);
    assignments.push({ at, columns: [name ?? ''], isRow, value: convertExpr(source) });
  }
  return assignments;
}

function convertUpdate(node: Pg.UpdateStmt): Ast.Update {
  return {
    kind: 'update',
    at: NOWHERE,
    with: convertWith(node.withClause),
    table: convertName(node.relation),
    alias: node.relation?.alias?.aliasname ?? null,
    set: convertAssignments(node.targetList),
    from: convertFrom(node.fromClause),
    where: optional(node.whereClause),
    returning: convertTargets(node.returningList),
  };
}

function convertDelete(node: Pg.DeleteStmt): Ast.Delete {
  return {
    kind: 'delete',
    at: NOWHERE,
    with: convertWith(node.withClause),
    table: convertName(node.relation),
    alias: node.relation?.alias?.aliasname ?? null,
    using: convertFrom(node.usingClause),
    where: optional(node.whereClause),
    returning: convertTargets(node.returningList),
  };
}

// ------------------------------------------------------------------------------------------------------ definitions

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function convertCreateTable(node: Pg.CreateStmt): Ast.Statement | null {
  const columns: Ast.ColumnDefinition[] = [];
  const constraints: Ast.TableConstraint[] = [];
  if (node.inhRelations !== undefined || node.partspec !== undefined || node.partbound !== undefined) return null;
  for (const element of node.tableElts ?? []) {
    if ('ColumnDef' in element) columns.push(convertColumn(element.ColumnDef, constraints));
    else if ('Constraint' in element) constraints.push(convertConstraint(element.Constraint));
    else return null;
  }
  return {
    kind: 'create-table',
    at: NOWHERE,
    name: convertName(node.relation),
    ifNotExists: node.if_not_exists ?? false,
    temporary: node.relation?.relpersistence === 't',
    columns,
    constraints,
    watermark: null,
    appendOnly: false,
    onConflict: null,
    options: (node.options ?? []).map(convertOption),
    format: null,
  };
}

function convertOption(node: Pg.Node): Ast.Option {
  if (!('DefElem' in node)) return unknownNode(node);
  const { defnamespace, defname, arg } = node.DefElem;
  const name = defnamespace === undefined ? defname : `${defnamespace}.${defname}`;
  return { at: NOWHERE, name: name ?? '', value: optionText(arg) };
}

function optionText(arg: Pg.Node | undefined): string {
  if (arg === undefined) return 'true';
  if ('Integer' in arg) return String(arg.Integer.ival ?? 0);
  if ('Float' in arg) return arg.Float.fval ?? '';
  if ('String' in arg) return arg.String.sval ?? '';
  if ('TypeName' in arg) return texts(arg.TypeName.names).join('.');
  return unknownNode(arg);
}

function convertColumn(node: Pg.ColumnDef, constraints: Ast.TableConstraint[]): Ast.ColumnDefinition {
  const column: Mutable<Ast.ColumnDefinition> = {
    at: locationOf(node),
    name: node.colname ?? '',
    type: node.typeName === undefined ? null : convertType(node.typeName),
    notNull: false,
    primaryKey: null,
    unique: false,
    default: null,
    generated: null,
    check: null,
    collation: node.collClause === undefined ? null : { at: NOWHERE, parts: texts(node.collClause.collname) },
    identity: null,
  };
  for (const item of node.constraints ?? []) {
    if ('Constraint' in item) applyConstraint(column, item.Constraint, constraints);
  }
  return column;
}

function applyConstraint(
  column: Mutable<Ast.ColumnDefinition>,
  constraint: Pg.Constraint,
  constraints: Ast.TableConstraint[],
): void {
  switch (constraint.contype) {
    case 'CONSTR_NOTNULL':
      column.notNull = true;
      break;
    case 'CONSTR_DEFAULT':
      column.default = optional(constraint.raw_expr);
      break;
    case 'CONSTR_PRIMARY':
      column.primaryKey = { at: locationOf(constraint) };
      break;
    case 'CONSTR_UNIQUE':
      column.unique = true;
      break;
    case 'CONSTR_GENERATED':
      column.generated = optional(constraint.raw_expr);
      break;
    case 'CONSTR_IDENTITY':
      column.identity = constraint.generated_when === 'a' ? 'always' : 'by-default';
      break;
    case 'CONSTR_CHECK':
      if (constraint.conname === undefined && column.check === null) column.check = optional(constraint.raw_expr);
      else constraints.push(convertConstraint(constraint));
      break;
    case 'CONSTR_FOREIGN':
      constraints.push({ ...convertConstraint(constraint), columns: [column.name] });
      break;
    default:
      break;
  }
}

const CONSTRAINTS = {
  CONSTR_PRIMARY: 'primary-key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign-key',
} as const;

function convertConstraint(node: Pg.Constraint): Ast.TableConstraint {
  return {
    at: locationOf(node),
    kind: CONSTRAINTS[node.contype as keyof typeof CONSTRAINTS],
    name: node.conname ?? null,
    columns: texts(node.keys ?? node.fk_attrs),
    check: optional(node.raw_expr),
    onViolation: null,
    references: node.pktable === undefined ? null : convertName(node.pktable),
  };
}

function convertCreateTableAs(node: Pg.CreateTableAsStmt): Ast.Statement {
  const name = convertName(node.into?.rel);
  const query = convertQuery(node.query);
  const columns = texts(node.into?.colNames);
  const withData = !(node.into?.skipData ?? false);
  const ifNotExists = node.if_not_exists ?? false;
  const at = NOWHERE;
  if (node.objtype === 'OBJECT_MATVIEW') {
    const options = (node.into?.options ?? []).map(convertOption);
    const kind = 'create-materialized-view';
    return { kind, at, name, orReplace: false, ifNotExists, columns, options, query, queryText: '', withData };
  }
  const temporary = node.into?.rel?.relpersistence === 't';
  return { kind: 'create-table-as', at, name, ifNotExists, temporary, columns, query, withData };
}

function convertView(node: Pg.ViewStmt): Ast.CreateView | null {
  if (node.withCheckOption !== 'NO_CHECK_OPTION') return null;
  return {
    kind: 'create-view',
    at: NOWHERE,
    name: convertName(node.view),
    orReplace: node.replace ?? false,
    temporary: node.view?.relpersistence === 't',
    columns: texts(node.aliases),
    query: convertQuery(node.query),
    queryText: '',
  };
}

function convertIndex(node: Pg.IndexStmt): Ast.CreateIndex {
  return {
    kind: 'create-index',
    at: NOWHERE,
    name: node.idxname ?? null,
    ifNotExists: node.if_not_exists ?? false,
    unique: node.unique ?? false,
    table: convertName(node.relation),
    // The grammar fills in the method, so that one left out cannot be told from btree.
    method: node.accessMethod === 'btree' ? null : (node.accessMethod ?? null),
    columns: (node.indexParams ?? []).map(convertIndexColumn),
    include: (node.indexIncludingParams ?? []).map((item) => ('IndexElem' in item ? (item.IndexElem.name ?? '') : '')),
    where: optional(node.whereClause),
  };
}

function convertIndexColumn(node: Pg.Node): Ast.SortItem {
  if (!('IndexElem' in node)) return unknownNode(node);
  const { name, expr, collation, ordering, nulls_ordering: nulls } = node.IndexElem;
  const at = NOWHERE;
  const bare: Ast.Expr = expr === undefined ? { kind: 'column-ref', at, parts: [name ?? ''] } : convertExpr(expr);
  const parts = texts(collation);
  return {
    at,
    expr: parts.length === 0 ? bare : { kind: 'collate', at, operand: bare, collation: { at, parts } },
    direction: ordering === 'SORTBY_ASC' ? 'asc' : ordering === 'SORTBY_DESC' ? 'desc' : null,
    nulls: nulls === 'SORTBY_NULLS_FIRST' ? 'first' : nulls === 'SORTBY_NULLS_LAST' ? 'last' : null,
    using: null,
  };
}

const DROPPED: Readonly<Record<string, Ast.RelationKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized-view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
};

function convertDrop(node: Pg.DropStmt): Ast.Statement | null {
  const object = DROPPED[node.removeType ?? ''];
  if (object === undefined) return null;
  const names = (node.objects ?? []).map((item) => {
    const parts = 'List' in item ? item.List.items : 'TypeName' in item ? item.TypeName.names : [item];
    return { at: NOWHERE, parts: texts(parts) };
  });
  const cascade = node.behavior === 'DROP_CASCADE';
  return { kind: 'drop', at: NOWHERE, object, names, ifExists: node.missing_ok ?? false, cascade };
}

// ---------------------------------------------------------------------------------------------------------- session

function convertSessionStatement(node: Pg.Node): Ast.Statement | null {
  const at = NOWHERE;
  if ('DropStmt' in node) return convertDrop(node.DropStmt);
  if ('VariableSetStmt' in node) return convertSet(node.VariableSetStmt);
  if ('VariableShowStmt' in node) return { kind: 'show', at, what: node.VariableShowStmt.name ?? '', target: null };
  if ('TransactionStmt' in node) return convertTransaction(node.TransactionStmt);
  if ('DeallocateStmt' in node) return { kind: 'deallocate', at, name: node.DeallocateStmt.name ?? null };
  if ('ClosePortalStmt' in node) return { kind: 'close-cursor', at, name: node.ClosePortalStmt.portalname ?? null };
  if ('CheckPointStmt' in node) return { kind: 'checkpoint', at };
  if ('DeclareCursorStmt' in node) return convertDeclare(node.DeclareCursorStmt);
  if ('FetchStmt' in node) return convertFetch(node.FetchStmt);
  if ('ListenStmt' in node) return listen('listen', node.ListenStmt.conditionname, undefined);
  if ('UnlistenStmt' in node) return listen('unlisten', node.UnlistenStmt.conditionname, undefined);
  if ('NotifyStmt' in node) return listen('notify', node.NotifyStmt.conditionname, node.NotifyStmt.payload);
  if ('ExecuteStmt' in node) {
    return { kind: 'execute', at, name: node.ExecuteStmt.name ?? '', args: exprs(node.ExecuteStmt.params) };
  }
  return null;
}

function listen(action: Ast.Listen['action'], channel: string | undefined, payload: string | undefined): Ast.Listen {
  return { kind: 'listen', at: NOWHERE, action, channel: channel ?? null, payload: payload ?? null };
}

function convertSet(node: Pg.VariableSetStmt): Ast.Statement | null {
  const at = NOWHERE;
  const name = node.name ?? '';
  if (node.kind === 'VAR_RESET_ALL') return { kind: 'reset', at, name: null };
  if (node.kind === 'VAR_RESET') return { kind: 'reset', at, name };
  if (node.kind !== 'VAR_SET_VALUE' && node.kind !== 'VAR_SET_DEFAULT') return null;
  const values = (node.args ?? []).map((arg) => {
    const value = convertExpr(arg);
    const constant = value.kind === 'cast' ? value.operand : value;
    return constant.kind === 'constant' ? constant.text : unknownNode(arg);
  });
  const scope = node.is_local ? 'local' : 'session';
  return { kind: 'set', at, scope, name, values: node.kind === 'VAR_SET_DEFAULT' ? null : values };
}

const ACTIONS: Readonly<Record<string, Ast.Transaction['action']>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'start',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
};
const SAVEPOINTS: Readonly<Record<string, Ast.Savepoint['action']>> = {
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
};

function convertTransaction(node: Pg.TransactionStmt): Ast.Statement | null {
  const kind = node.kind ?? '';
  const savepoint = SAVEPOINTS[kind];
  if (savepoint !== undefined) {
    return { kind: 'savepoint', at: NOWHERE, action: savepoint, name: node.savepoint_name ?? '' };
  }
  const action = ACTIONS[kind];
  if (action === undefined) return null;
  const modes = (node.options ?? []).map((option) => {
    if (!('DefElem' in option)) return unknownNode(option);
    const { defname, arg } = option.DefElem;
    const value = arg === undefined ? null : convertExpr(arg);
    const text = value?.kind === 'constant' ? value.text : '';
    if (defname === 'transaction_isolation') return `isolation level ${text}`;
    if (defname === 'transaction_read_only') return text === '0' ? 'read write' : 'read only';
    return text === '0' ? 'not deferrable' : 'deferrable';
  });
  return { kind: 'transaction', at: NOWHERE, action, modes, chain: node.chain ?? false };
}

/** Bits of the options of a cursor (nodes/parsenodes.h). */
const CURSOR = { binary: 1, scroll: 2, noScroll: 4, hold: 0x20 };

function convertDeclare(node: Pg.DeclareCursorStmt): Ast.DeclareCursor {
  const options = node.options ?? 0;
  return {
    kind: 'declare-cursor',
    at: NOWHERE,
    name: node.portalname ?? '',
    binary: (options & CURSOR.binary) !== 0,
    scroll: options & CURSOR.scroll ? true : options & CURSOR.noScroll ? false : null,
    hold: (options & CURSOR.hold) !== 0,
    query: convertQuery(node.query),
  };
}

function convertFetch(node: Pg.FetchStmt): Ast.FetchCursor {
  const direction = (node.direction ?? '').replace('FETCH_', '').toLowerCase() as Ast.FetchCursor['direction'];
  const many = Number(node.howMany ?? 0);
  return {
    kind: 'fetch',
    at: NOWHERE,
    move: node.ismove ?? false,
    direction,
    count: many >= 0x7fffffff ? null : many,
    cursor: node.portalname ?? '',
  };
}
