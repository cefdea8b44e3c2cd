/**
 * TUMBLE, HOP, CUMULATE and SESSION in FROM: `TUMBLE(t, ts, INTERVAL '5 minutes')`, and Flink's spelling
 * `TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' MINUTE))` of the same. The names are ordinary functions
 * unless the first argument is a relation: a name, `TABLE name`, or a query in parentheses.
 */
import { syntaxError } from '../base/errors.ts';
import type { DerivedTable, Expr, TableRef, WindowTable } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { startsQuery } from './primaries.ts';

type Kind = WindowTable['window'];

/** The interval arguments of each kind, in order, by Flink's names. */
const INTERVALS: Readonly<Record<Kind, readonly string[]>> = {
  tumble: ['size'],
  hop: ['slide', 'size'],
  cumulate: ['step', 'size'],
  session: ['gap'],
};

const kindOf = (tag: string | undefined): Kind | null =>
  tag === 'tumble' || tag === 'hop' || tag === 'cumulate' || tag === 'session' ? tag : null;

export function startsWindowTable(cursor: Cursor): boolean {
  const isWrapped = cursor.isSequence('table', '(');
  const offset = isWrapped ? 2 : 0;
  if (kindOf(cursor.tags[cursor.index + offset]) === null || !cursor.isAhead(offset + 1, '(')) return false;
  return isWrapped || startsRelation(cursor, offset + 2);
}

function startsRelation(cursor: Cursor, start: number): boolean {
  if (cursor.isAhead(start, 'table') || cursor.values[cursor.index + start] === 'data') return true;
  if (cursor.isAhead(start, '(')) {
    const tag = cursor.tags[cursor.index + start + 1];
    return tag === 'select' || tag === 'with' || tag === 'values' || tag === 'table';
  }
  let offset = start;
  if (!cursor.isColumnId(offset)) return false;
  while (cursor.isAhead(offset + 1, '.') && cursor.isLabel(offset + 2)) offset += 2;
  return cursor.isAhead(offset + 1, ',') || cursor.isAhead(offset + 1, 'partition');
}

/** The window table that comes next, without its alias. */
export function parseWindowTable(cursor: Cursor): WindowTable {
  const outerHeight = cursor.enter();
  const table = parseCall(cursor);
  cursor.leave(outerHeight);
  return table;
}

function parseCall(cursor: Cursor): WindowTable {
  const isWrapped = cursor.acceptSequence('table', '(');
  const at = cursor.at;
  const window = kindOf(cursor.tag) ?? cursor.fail();
  cursor.index++;
  cursor.expect('(');
  const input = parseInput(cursor);
  const isPartitioned = cursor.accept('partition');
  if (isPartitioned) cursor.expect('by');
  else cursor.expect(',');
  const isGlobal = isPartitioned && cursor.acceptSequence('(', ')');
  if (isGlobal) cursor.expect(',');
  const found = parseArguments(cursor);
  cursor.expect(')');
  if (isWrapped) cursor.expect(')');
  return assemble(window, at, input, isPartitioned, isGlobal, found);
}

/** `t`, `TABLE t`, `DATA => TABLE t`, `(SELECT …)`. */
function parseInput(cursor: Cursor): TableRef | DerivedTable {
  if (cursor.isSequence('data', '=>')) cursor.index += 2;
  const isTable = cursor.accept('table');
  const at = cursor.at;
  if (!isTable && cursor.is('(')) return parseQueryInput(cursor, at);
  return { kind: 'table', at, name: cursor.qualifiedName(), only: false, alias: null };
}

function parseQueryInput(cursor: Cursor, at: number): DerivedTable {
  cursor.expect('(');
  if (!startsQuery(cursor)) cursor.fail();
  const query = cursor.query();
  cursor.expect(')');
  return { kind: 'derived', at, query, lateral: false, alias: null };
}

type Found = {
  readonly positional: Expr[];
  readonly descriptors: Expr[];
  readonly named: Map<string, Expr>;
  timeZone: Expr | null;
};

/** The arguments behind the relation, sorted by how they are written. */
function parseArguments(cursor: Cursor): Found {
  const found: Found = { positional: [], descriptors: [], named: new Map(), timeZone: null };
  do {
    if (cursor.isSequence('time', 'zone')) {
      cursor.index += 2;
      found.timeZone = cursor.expression();
    } else parseOneArgument(cursor, found);
  } while (cursor.accept(','));
  return found;
}

function parseOneArgument(cursor: Cursor, found: Found): void {
  const name = cursor.isLabel() && cursor.isAhead(1, '=>') ? cursor.label() : null;
  if (name !== null) cursor.index++;
  const isDescriptor = cursor.acceptSequence('descriptor', '(');
  const value = cursor.durationExpression();
  if (isDescriptor) cursor.expect(')');
  if (isDescriptor || name === 'timecol') found.descriptors.push(value);
  else if (name !== null) found.named.set(name, value);
  else found.positional.push(value);
}

function assemble(
  window: Kind,
  at: number,
  input: TableRef | DerivedTable,
  isPartitioned: boolean,
  isGlobal: boolean,
  found: Found,
): WindowTable {
  const names = INTERVALS[window];
  const { descriptors, named, timeZone } = found;
  let positional = found.positional;
  let keys: Expr[] = [];
  if (isPartitioned && !isGlobal) {
    // Keys, time column and gap stand in one list; the end of it is known.
    const rest = names.length - named.size + (descriptors.length > 0 ? 0 : 1);
    keys = positional.slice(0, positional.length - rest).flatMap(asColumns);
    positional = positional.slice(positional.length - rest);
  }
  const timeColumn = descriptors[0] ?? positional.shift();
  if (descriptors.length > 1) keys = descriptors.slice(1);
  const intervals = names.map((name) => named.get(name) ?? positional.shift());
  const offset = named.get('offset') ?? positional.shift() ?? null;
  const isComplete = intervals.every((interval) => interval !== undefined);
  if (timeColumn === undefined || !isComplete || positional.length > 0) throw wrongArguments(window, at);
  const partitionBy = isPartitioned || keys.length > 0 ? keys : null;
  const alias = null;
  return { kind: 'window-table', at, window, input, partitionBy, timeColumn, intervals, offset, timeZone, alias };
}

/** `PARTITION BY (a, b)` are two keys. */
const asColumns = (key: Expr): readonly Expr[] => (key.kind === 'row' && !key.explicit ? key.fields : [key]);

const FORMS: Readonly<Record<Kind, string>> = {
  tumble: 'TUMBLE(relation, time_column, size [, offset])',
  hop: 'HOP(relation, time_column, slide, size [, offset])',
  cumulate: 'CUMULATE(relation, time_column, step, size)',
  session: 'SESSION(relation PARTITION BY key, time_column, gap)',
};

function wrongArguments(window: Kind, position: number) {
  return syntaxError(`wrong arguments of ${window.toUpperCase()}`, { position, hint: `Write ${FORMS[window]}.` });
}
