/** Statements other than queries as SQL. */
import { unreachable } from '../base/assert.ts';
import type {
  Assignment,
  Comment,
  CreateIndex,
  CreateTable,
  Delete,
  Explain,
  FetchCursor,
  Insert,
  Listen,
  OnConflict,
  SelectTarget,
  SetVariable,
  Statement,
  Transaction,
  Update,
} from './ast.ts';
import { printElements, printFormat, printOptions } from './print-columns.ts';
import { printSortItem } from './print-expressions.ts';
import { printColumns, printFromItems, printTargets, printWith } from './print-queries.ts';
import { printTypeName } from './print-types.ts';
import { type Printer, printName, printNames, printParts, printString, spaced } from './printer.ts';

const exists = (ifExists: boolean) => (ifExists ? 'IF EXISTS ' : '');
const notExists = (ifNotExists: boolean) => (ifNotExists ? 'IF NOT EXISTS ' : '');
const replace = (orReplace: boolean) => (orReplace ? 'OR REPLACE ' : '');
const temp = (temporary: boolean) => (temporary ? 'TEMPORARY ' : '');
const cascading = (cascade: boolean) => (cascade ? ' CASCADE' : '');
const noData = (withData: boolean) => (withData ? '' : ' WITH NO DATA');
const words = (kind: string) => kind.replaceAll('-', ' ').toUpperCase();

/** A statement that is only recognised prints its name, which does not read back. */
export function printStatementText(printer: Printer, node: Statement): string {
  switch (node.kind) {
    case 'select-statement':
      return printer.query(node.query);
    case 'insert':
      return printInsert(printer, node);
    case 'update':
      return printUpdate(printer, node);
    case 'delete':
      return printDelete(printer, node);
    case 'truncate':
      return `TRUNCATE ${node.tables.map((table) => printParts(table.parts)).join(', ')}${cascading(node.cascade)}`;
    case 'create-stream': {
      const head = `CREATE STREAM ${notExists(node.ifNotExists)}${printParts(node.name.parts)}`;
      return `${head} ${printElements(printer, node)}${printOptions(printer, node.options)}${printFormat(printer, node.format)}`;
    }
    case 'create-table':
      return printCreateTable(printer, node);
    case 'create-table-as': {
      const head = `CREATE ${temp(node.temporary)}TABLE ${notExists(node.ifNotExists)}${printParts(node.name.parts)}`;
      return `${head}${printColumns(node.columns)} AS ${printer.query(node.query)}${noData(node.withData)}`;
    }
    case 'create-view': {
      const head = `CREATE ${replace(node.orReplace)}${temp(node.temporary)}VIEW ${printParts(node.name.parts)}`;
      return `${head}${printColumns(node.columns)} AS ${printer.query(node.query)}`;
    }
    case 'create-materialized-view': {
      const head = `CREATE ${replace(node.orReplace)}MATERIALIZED VIEW ${notExists(node.ifNotExists)}`;
      const name = `${printParts(node.name.parts)}${printColumns(node.columns)}${printOptions(printer, node.options)}`;
      return `${head}${name} AS ${printer.query(node.query)}${noData(node.withData)}`;
    }
    case 'create-schema':
      return `CREATE SCHEMA ${notExists(node.ifNotExists)}${printName(node.name)}`;
    case 'create-index':
      return printCreateIndex(printer, node);
    case 'drop': {
      const names = node.names.map((name) => printParts(name.parts)).join(', ');
      return `DROP ${words(node.object)} ${exists(node.ifExists)}${names}${cascading(node.cascade)}`;
    }
    case 'alter-rename': {
      const column = node.column === null ? '' : `COLUMN ${printName(node.column)} `;
      const head = `ALTER ${words(node.object)} ${exists(node.ifExists)}${printParts(node.name.parts)}`;
      return `${head} RENAME ${column}TO ${printName(node.newName)}`;
    }
    case 'refresh-materialized-view':
      return `REFRESH MATERIALIZED VIEW ${printParts(node.name.parts)}`;
    case 'explain':
      return printExplain(printer, node);
    case 'comment':
      return printComment(node);
    default:
      return printSessionStatement(printer, node);
  }
}

type SessionStatement = Exclude<
  Statement,
  | { kind: `create-${string}` | `select-${string}` | 'insert' | 'update' | 'delete' | 'truncate' | 'drop' }
  | { kind: 'alter-rename' | 'refresh-materialized-view' | 'explain' | 'comment' }
>;

function printSessionStatement(printer: Printer, node: SessionStatement): string {
  switch (node.kind) {
    case 'show':
      return `SHOW ${printShown(node.what)}${node.target === null ? '' : printTarget(node.what, node.target.parts)}`;
    case 'set':
      return printSet(node);
    case 'reset':
      return `RESET ${node.name === null ? 'ALL' : printSetting(node.name)}`;
    case 'transaction':
      return printTransaction(node);
    case 'savepoint':
      return `${SAVEPOINT_WORDS[node.action]} ${printName(node.name)}`;
    case 'prepare': {
      const types = node.types.map((type) => printTypeName(printer, type)).join(', ');
      const head = `PREPARE ${printName(node.name)}${types === '' ? '' : ` (${types})`}`;
      return `${head} AS ${printStatementText(printer, node.statement)}`;
    }
    case 'execute':
      return `EXECUTE ${printName(node.name)}${node.args.length === 0 ? '' : ` (${printer.expressions(node.args)})`}`;
    case 'deallocate':
      return `DEALLOCATE ${node.name === null ? 'ALL' : printName(node.name)}`;
    case 'declare-cursor': {
      const scroll = node.scroll === null ? '' : node.scroll ? 'SCROLL ' : 'NO SCROLL ';
      const head = `DECLARE ${printName(node.name)} ${node.binary ? 'BINARY ' : ''}${scroll}CURSOR`;
      return `${head} ${node.hold ? 'WITH HOLD ' : ''}FOR ${printer.query(node.query)}`;
    }
    case 'fetch':
      return printFetch(node);
    case 'close-cursor':
      return `CLOSE ${node.name === null ? 'ALL' : printName(node.name)}`;
    case 'discard':
      return `DISCARD ${node.what.toUpperCase()}`;
    case 'checkpoint':
      return 'CHECKPOINT';
    case 'flush':
      return 'FLUSH';
    case 'listen':
      return printListen(node);
    case 'unsupported':
      return node.what;
    default:
      return unreachable(node);
  }
}

// ---------------------------------------------------------------------------------------------------- data changes

function printReturning(printer: Printer, targets: readonly SelectTarget[]): string {
  return targets.length === 0 ? '' : ` RETURNING ${printTargets(printer, targets)}`;
}

const printLeadingWith = (printer: Printer, node: Insert | Update | Delete) =>
  node.with === null ? '' : `${printWith(printer, node.with)} `;

const printAs = (alias: string | null) => (alias === null ? '' : ` AS ${printName(alias)}`);

function printInsert(printer: Printer, node: Insert): string {
  const columns = printColumns(node.columns.map((column) => column.name));
  const overriding = node.overriding === null ? '' : ` OVERRIDING ${node.overriding.toUpperCase()} VALUE`;
  const source = node.source === null ? 'DEFAULT VALUES' : printer.query(node.source);
  const conflict = node.onConflict === null ? '' : ` ${printOnConflict(printer, node.onConflict)}`;
  const head = `${printLeadingWith(printer, node)}INSERT INTO ${printParts(node.table.parts)}${printAs(node.alias)}`;
  return `${head}${columns}${overriding} ${source}${conflict}${printReturning(printer, node.returning)}`;
}

function printOnConflict(printer: Printer, conflict: OnConflict): string {
  let text = 'ON CONFLICT';
  if (conflict.target.length > 0) text += ` (${conflict.target.map((expr) => printKey(printer, expr)).join(', ')})`;
  if (conflict.targetWhere !== null) text += ` WHERE ${printer.expression(conflict.targetWhere)}`;
  if (conflict.constraint !== null) text += ` ON CONSTRAINT ${printName(conflict.constraint)}`;
  if (conflict.action === 'nothing') return `${text} DO NOTHING`;
  text += ` DO UPDATE SET ${printAssignments(printer, conflict.set)}`;
  return conflict.where === null ? text : `${text} WHERE ${printer.expression(conflict.where)}`;
}

/** A key of an index: a column or a call as it is, anything else in parentheses. */
function printKey(printer: Printer, expr: CreateIndex['columns'][number]['expr']): string {
  const text = printer.expression(expr);
  const isBare = expr.kind === 'column-ref' || expr.kind === 'call' || expr.kind === 'collate';
  return isBare ? text : `(${text})`;
}

function printAssignments(printer: Printer, assignments: readonly Assignment[]): string {
  return assignments
    .map(({ columns, isRow, value }) => {
      const names = printNames(columns);
      return `${isRow ? `(${names})` : names} = ${printer.expression(value)}`;
    })
    .join(', ');
}

function printUpdate(printer: Printer, node: Update): string {
  const head = `${printLeadingWith(printer, node)}UPDATE ${printParts(node.table.parts)}${printAs(node.alias)}`;
  const from = node.from.length === 0 ? '' : ` FROM ${printFromItems(printer, node.from)}`;
  const where = node.where === null ? '' : ` WHERE ${printer.expression(node.where)}`;
  return `${head} SET ${printAssignments(printer, node.set)}${from}${where}${printReturning(printer, node.returning)}`;
}

function printDelete(printer: Printer, node: Delete): string {
  const head = `${printLeadingWith(printer, node)}DELETE FROM ${printParts(node.table.parts)}${printAs(node.alias)}`;
  const using = node.using.length === 0 ? '' : ` USING ${printFromItems(printer, node.using)}`;
  const where = node.where === null ? '' : ` WHERE ${printer.expression(node.where)}`;
  return `${head}${using}${where}${printReturning(printer, node.returning)}`;
}

// ------------------------------------------------------------------------------------------------------ definitions

function printCreateTable(printer: Printer, node: CreateTable): string {
  const head = `CREATE ${temp(node.temporary)}TABLE ${notExists(node.ifNotExists)}${printParts(node.name.parts)}`;
  const append = node.appendOnly ? ' APPEND ONLY' : '';
  const conflict =
    node.onConflict === null ? '' : ` ON CONFLICT ${node.onConflict === 'overwrite' ? 'OVERWRITE' : 'DO NOTHING'}`;
  const tail = `${printOptions(printer, node.options)}${printFormat(printer, node.format)}`;
  return `${head} ${printElements(printer, node)}${append}${conflict}${tail}`;
}

function printCreateIndex(printer: Printer, node: CreateIndex): string {
  const name = node.name === null ? '' : `${notExists(node.ifNotExists)}${printName(node.name)} `;
  const method = node.method === null ? '' : ` USING ${printName(node.method)}`;
  const columns = node.columns.map((item) => printSortItem(item, printKey(printer, item.expr))).join(', ');
  const include = node.include.length === 0 ? '' : ` INCLUDE (${printNames(node.include)})`;
  const where = node.where === null ? '' : ` WHERE ${printer.expression(node.where)}`;
  const head = `CREATE ${node.unique ? 'UNIQUE ' : ''}INDEX ${name}ON ${printParts(node.table.parts)}${method}`;
  return `${head} (${columns})${include}${where}`;
}

function printExplain(printer: Printer, node: Explain): string {
  const options = node.options.map(({ name, value }) => {
    const text = value === null ? '' : /^[a-z_]+$/.test(value) ? value : printString(value);
    return `${name.toUpperCase()}${spaced(text)}`;
  });
  const list = options.length === 0 ? '' : `(${options.join(', ')}) `;
  return `EXPLAIN ${list}${printStatementText(printer, node.statement)}`;
}

const OWNED = new Set(['constraint', 'trigger', 'rule', 'policy']);

function printComment(node: Comment): string {
  const last = node.name[node.name.length - 1] as string;
  const name = OWNED.has(node.object)
    ? `${printName(last)} ON ${printParts(node.name.slice(0, -1))}`
    : printParts(node.name);
  const text = node.text === null ? 'NULL' : printString(node.text);
  return `COMMENT ON ${node.object.toUpperCase()} ${name} IS ${text}`;
}

// ---------------------------------------------------------------------------------------------------------- session

const SAVEPOINT_WORDS = { savepoint: 'SAVEPOINT', release: 'RELEASE', 'rollback-to': 'ROLLBACK TO' } as const;

/** A setting's name may be dotted; each part is a name. */
const printSetting = (name: string) => printParts(name.split('.'));

/** The name of a setting, or words that name a list. */
const printShown = (what: string) => (what === 'all' || what.includes(' ') ? what.toUpperCase() : printSetting(what));

const printTarget = (what: string, parts: readonly string[]) =>
  what.startsWith('create ') ? ` ${printParts(parts)}` : ` FROM ${printParts(parts)}`;

function printSet(node: SetVariable): string {
  const values = node.values === null ? 'DEFAULT' : node.values.map(printString).join(', ');
  return `SET ${node.scope === 'local' ? 'LOCAL ' : ''}${printSetting(node.name)} TO ${values}`;
}

const TRANSACTION_WORDS = {
  begin: 'BEGIN',
  start: 'START TRANSACTION',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  set: 'SET TRANSACTION',
  'set-session': 'SET SESSION CHARACTERISTICS AS TRANSACTION',
} as const;

function printTransaction(node: Transaction): string {
  const modes = node.modes.join(', ').toUpperCase();
  return `${TRANSACTION_WORDS[node.action]}${spaced(modes)}${node.chain ? ' AND CHAIN' : ''}`;
}

function printFetch(node: FetchCursor): string {
  const count = node.count === null ? 'ALL' : String(node.count);
  return `${node.move ? 'MOVE' : 'FETCH'} ${node.direction.toUpperCase()} ${count} FROM ${printName(node.cursor)}`;
}

function printListen(node: Listen): string {
  const payload = node.payload === null ? '' : `, ${printString(node.payload)}`;
  return `${node.action.toUpperCase()} ${node.channel === null ? '*' : printName(node.channel)}${payload}`;
}
