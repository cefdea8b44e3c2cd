/**
 * FROM: tables, subqueries, functions, joins and the aliases of all of them. Window tables (TUMBLE and its kin) are in
 * `window-tables.ts`.
 */
import type {
  Cast,
  FromItem,
  FunctionCall,
  FunctionColumn,
  Join,
  Query,
  SpecialCall,
  TableAlias,
  TableFunction,
  TableRef,
} from './ast.ts';
import { startsCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { startsEmit } from './emit.ts';
import { parsePrimary, startsQuery } from './primaries.ts';
import { TokenKind } from './token.ts';
import { parseTypeName } from './type-names.ts';
import { parseWindowTable, startsWindowTable } from './window-tables.ts';

/** One item of a FROM list with everything joined to it. */
export function parseFromItem(cursor: Cursor): FromItem {
  return parseJoins(cursor, parseTable(cursor));
}

// --------------------------------------------------------------------------------------------------------- joins

function startsJoin(cursor: Cursor): boolean {
  switch (cursor.tag) {
    case 'join':
    case 'inner':
    case 'left':
    case 'right':
    case 'full':
    case 'cross':
    case 'natural':
      return true;
    default:
      return false;
  }
}

function parseJoins(cursor: Cursor, first: FromItem): FromItem {
  let left = first;
  while (startsJoin(cursor)) {
    left = parseJoin(cursor, left);
    cursor.grow();
  }
  return left;
}

/** One join. Its right side takes in joins that come before its own condition: `a JOIN b JOIN c ON … ON …`. */
function parseJoin(cursor: Cursor, left: FromItem): Join {
  const outerHeight = cursor.enter();
  const at = cursor.at;
  const natural = cursor.accept('natural');
  const type = parseJoinType(cursor);
  if (natural && type === 'cross') cursor.fail();
  let right = parseTable(cursor);
  const needsCondition = type !== 'cross' && !natural;
  while (needsCondition && !cursor.is('on') && !cursor.is('using')) {
    if (!startsJoin(cursor)) cursor.fail();
    right = parseJoin(cursor, right);
  }
  const on = needsCondition && cursor.accept('on') ? cursor.expression() : null;
  const using = needsCondition && on === null ? parseUsing(cursor) : null;
  const usingAlias = using !== null && cursor.accept('as') ? cursor.columnId() : null;
  cursor.leave(outerHeight);
  return { kind: 'join', at, type, natural, left, right, on, using, usingAlias, alias: null };
}

function parseJoinType(cursor: Cursor): Join['type'] {
  const word = cursor.acceptOneOf('inner', 'left', 'right', 'full', 'cross');
  if (word === 'left' || word === 'right' || word === 'full') cursor.accept('outer');
  cursor.expect('join');
  return word ?? 'inner';
}

function parseUsing(cursor: Cursor): string[] {
  cursor.expect('using');
  return cursor.parenthesised((inner) => inner.columnId());
}

// -------------------------------------------------------------------------------------------------------- tables

function parseTable(cursor: Cursor): FromItem {
  const at = cursor.at;
  const lateral = cursor.accept('lateral');
  if (cursor.is('(')) return parseParenthesised(cursor, at, lateral);
  if (!lateral && startsWindowTable(cursor)) return withAlias(cursor, parseWindowTable(cursor));
  if (cursor.isSequence('rows', 'from', '(')) return parseRowsFrom(cursor, at, lateral);
  if (lateral && !startsFunction(cursor)) cursor.fail();
  if (startsFunction(cursor)) return parseFunction(cursor, at, lateral);
  return parseRelation(cursor, at);
}

function withAlias<Item extends FromItem>(cursor: Cursor, item: Item): Item {
  return { ...item, alias: parseAlias(cursor) };
}

/** `t`, `ONLY t`, `t *`, each with an alias. */
function parseRelation(cursor: Cursor, at: number): TableRef {
  const only = cursor.accept('only');
  const isParenthesised = only && cursor.accept('(');
  const name = cursor.qualifiedName();
  if (isParenthesised) cursor.expect(')');
  if (!only) cursor.accept('*');
  if (cursor.is('for') && cursor.isAhead(1, 'system_time')) skipSystemTime(cursor);
  const alias = parseAlias(cursor);
  if (cursor.is('tablesample')) skipTableSample(cursor);
  return { kind: 'table', at, name, only, alias };
}

/** `FOR SYSTEM_TIME AS OF t.ts`: a temporal join. */
function skipSystemTime(cursor: Cursor): void {
  cursor.refuse('FOR SYSTEM_TIME AS OF');
  cursor.index += 2;
  cursor.expect('as');
  cursor.expect('of');
  cursor.expression();
}

function skipTableSample(cursor: Cursor): void {
  cursor.refuse('TABLESAMPLE');
  cursor.index++;
  cursor.typeOrFunctionName();
  while (cursor.accept('.')) cursor.label();
  cursor.parenthesised((inner) => inner.expression());
  if (cursor.accept('repeatable')) cursor.parenthesised((inner) => inner.expression());
}

/** A subquery, or joins in parentheses; the parentheses tell which only once their content is read. */
function parseParenthesised(cursor: Cursor, at: number, lateral: boolean): FromItem {
  const inner = parseQueryOrJoin(cursor);
  if (inner.kind === 'query') return { kind: 'derived', at, query: inner, lateral, alias: parseAlias(cursor) };
  if (lateral) cursor.fail();
  return inner.kind === 'join' && inner.alias === null ? { ...inner, alias: parseAlias(cursor) } : inner;
}

/** From `(` to `)`. */
function parseQueryOrJoin(cursor: Cursor): Query | FromItem {
  const outerHeight = cursor.enter();
  cursor.expect('(');
  const content = startsQuery(cursor) ? cursor.query() : cursor.is('(') ? parseNested(cursor) : parseFromItem(cursor);
  // Only a join may stand in parentheses, not a table alone.
  if (content.kind !== 'query' && content.kind !== 'join') cursor.fail();
  cursor.expect(')');
  cursor.leave(outerHeight);
  return content;
}

function parseNested(cursor: Cursor): Query | FromItem {
  const at = cursor.at;
  const inner = parseQueryOrJoin(cursor);
  if (inner.kind === 'query') {
    if (cursor.is(')')) return inner;
    if (continuesQuery(cursor)) return cursor.grammar.continueQuery(cursor, inner);
    return parseJoins(cursor, { kind: 'derived', at, query: inner, lateral: false, alias: parseAlias(cursor) });
  }
  if (cursor.is(')')) return inner;
  const joined = inner.kind === 'join' && inner.alias === null ? { ...inner, alias: parseAlias(cursor) } : inner;
  return parseJoins(cursor, joined);
}

const CONTINUATIONS = new Set(['union', 'except', 'intersect', 'order', 'limit', 'offset', 'fetch', 'for']);
const continuesQuery = (cursor: Cursor) => CONTINUATIONS.has(cursor.tag);

// ----------------------------------------------------------------------------------------------------- functions

const CALLS_WITHOUT_PARENTHESES = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_role',
  'current_user',
  'session_user',
  'user',
  'current_catalog',
  'current_schema',
]);

function startsFunction(cursor: Cursor): boolean {
  if (CALLS_WITHOUT_PARENTHESES.has(cursor.tag)) return true;
  // Words like LEFT name functions, never tables: what is wrong is then the next token.
  return (
    cursor.kind === TokenKind.typeOrFunction ||
    cursor.is('cast') ||
    cursor.isSequence('collation', 'for') ||
    startsCall(cursor)
  );
}

type Call = FunctionCall | SpecialCall | Cast;

function parseCall(cursor: Cursor): Call {
  const expr = parsePrimary(cursor);
  // XML is refused elsewhere; its stand-in is good enough to go on.
  const isCall = expr.kind === 'call' || expr.kind === 'special-call';
  if (isCall || (expr.kind === 'cast' && expr.spelling === 'cast')) return expr;
  if (expr.kind === 'constant' && cursor.unsupported !== null) return plainNothing(expr.at);
  return cursor.fail();
}

const plainNothing = (at: number): Call => ({ kind: 'special-call', at, name: 'coalesce', variant: '', args: [] });

function parseFunction(cursor: Cursor, at: number, lateral: boolean): TableFunction {
  const calls = [parseCall(cursor)];
  const withOrdinality = parseOrdinality(cursor);
  const { alias, columns } = parseFunctionAlias(cursor);
  return {
    kind: 'table-function',
    at,
    calls,
    lateral,
    withOrdinality,
    alias,
    columnDefinitions: columns,
    callDefinitions: [],
  };
}

/** `ROWS FROM (f(…) [AS (a int, …)], …)`. */
function parseRowsFrom(cursor: Cursor, at: number, lateral: boolean): TableFunction {
  cursor.index += 2;
  const calls: Call[] = [];
  const definitions: FunctionColumn[][] = [];
  cursor.parenthesised((inner) => {
    calls.push(parseCall(inner));
    definitions.push(inner.accept('as') ? inner.parenthesised(parseFunctionColumn) : []);
  });
  const withOrdinality = parseOrdinality(cursor);
  const { alias, columns } = parseFunctionAlias(cursor);
  const callDefinitions = definitions.some((list) => list.length > 0) ? definitions : [];
  return {
    kind: 'table-function',
    at,
    calls,
    lateral,
    withOrdinality,
    alias,
    columnDefinitions: columns,
    callDefinitions,
  };
}

const parseOrdinality = (cursor: Cursor) => cursor.acceptSequence('with', 'ordinality');

// ------------------------------------------------------------------------------------------------------- aliases

/** `[AS] name [(columns)]`. */
export function parseAlias(cursor: Cursor): TableAlias | null {
  if (!cursor.accept('as') && !isBareAlias(cursor)) return null;
  const name = cursor.columnId();
  refuseAsOf(cursor, name);
  return { name, columns: cursor.is('(') ? cursor.parenthesised((inner) => inner.columnId()) : [] };
}

/** Any column name may be an alias without AS, but for words that begin a clause of our own. */
function isBareAlias(cursor: Cursor): boolean {
  if (!cursor.isColumnId()) return false;
  if (cursor.is('emit')) return !startsEmit(cursor);
  return !cursor.is('qualify') || !startsOperand(cursor);
}

/** After QUALIFY comes a condition; after a table named `qualify` nothing that could start one. */
function startsOperand(cursor: Cursor): boolean {
  const kind = cursor.kindAhead(1);
  return kind === TokenKind.word || kind === TokenKind.quoted || cursor.isAhead(1, 'not');
}

/** `a ASOF JOIN b` must not pass for a table with the alias `asof`. */
function refuseAsOf(cursor: Cursor, name: string): void {
  if (name === 'asof' && startsJoin(cursor)) cursor.refuse('ASOF JOIN');
}

/** As `parseAlias`, or a column definition list: `AS (a int)`, `AS x (a int, b text)`. */
function parseFunctionAlias(cursor: Cursor): { alias: TableAlias | null; columns: FunctionColumn[] } {
  const hasAs = cursor.accept('as');
  if (hasAs && cursor.is('(')) return { alias: null, columns: cursor.parenthesised(parseFunctionColumn) };
  if (!hasAs && !isBareAlias(cursor)) return { alias: null, columns: [] };
  const name = cursor.columnId();
  refuseAsOf(cursor, name);
  if (!cursor.is('(')) return { alias: { name, columns: [] }, columns: [] };
  const isNameList = cursor.isColumnId(1) && (cursor.isAhead(2, ',') || cursor.isAhead(2, ')'));
  if (isNameList) {
    return { alias: { name, columns: cursor.parenthesised((inner) => inner.columnId()) }, columns: [] };
  }
  return { alias: { name, columns: [] }, columns: cursor.parenthesised(parseFunctionColumn) };
}

function parseFunctionColumn(cursor: Cursor): FunctionColumn {
  const name = cursor.columnId();
  const type = parseTypeName(cursor);
  return { name, type, collation: cursor.accept('collate') ? cursor.anyName() : null };
}
