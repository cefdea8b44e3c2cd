/** ORDER BY lists, window specifications, and operators spelled OPERATOR(schema.+). */
import { windowingError } from '../base/errors.ts';
import type { Expr, FrameBound, SortItem, WindowSpec } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

/** `OPERATOR(pg_catalog.+)` → ['pg_catalog', '+']. */
export function parseQualifiedOperator(cursor: Cursor): string[] {
  cursor.expect('operator');
  cursor.expect('(');
  const parts: string[] = [];
  while (cursor.isColumnId()) {
    parts.push(cursor.takeValue());
    cursor.expect('.');
  }
  if (cursor.kind !== TokenKind.operator) cursor.fail();
  parts.push(cursor.takeValue());
  cursor.expect(')');
  return parts;
}

/** `ORDER BY item, …` if it comes next, else nothing. */
export function parseOrderBy(cursor: Cursor): SortItem[] {
  if (!cursor.accept('order')) return [];
  cursor.expect('by');
  return cursor.list(parseSortItem);
}

function parseSortItem(cursor: Cursor): SortItem {
  const at = cursor.at;
  return finishSortItem(cursor, at, cursor.expression());
}

/** What may follow the expression: `ASC | DESC | USING op`, `NULLS FIRST | LAST`. */
export function finishSortItem(cursor: Cursor, at: number, expr: Expr): SortItem {
  const using = cursor.accept('using') ? parseAnyOperator(cursor) : null;
  const direction = using === null ? cursor.acceptOneOf('asc', 'desc') : null;
  return { at, expr, direction, nulls: parseNulls(cursor), using };
}

function parseNulls(cursor: Cursor): 'first' | 'last' | null {
  if (!cursor.is('nulls') || !(cursor.isAhead(1, 'first') || cursor.isAhead(1, 'last'))) return null;
  cursor.index++;
  return cursor.expectOneOf('first', 'last');
}

function parseAnyOperator(cursor: Cursor): string[] {
  if (cursor.is('operator')) return parseQualifiedOperator(cursor);
  if (cursor.kind !== TokenKind.operator) cursor.fail();
  return [cursor.takeValue()];
}

const SPECIFICATION_WORDS = new Set(['partition', 'range', 'rows', 'groups']);

/** `( [base] [PARTITION BY …] [ORDER BY …] [frame] )`. */
export function parseWindowSpec(cursor: Cursor): WindowSpec {
  const at = cursor.at;
  cursor.expect('(');
  const isNamed = cursor.isColumnId() && !SPECIFICATION_WORDS.has(cursor.tag);
  const base = isNamed ? cursor.takeValue() : null;
  const partitionBy = parsePartitionBy(cursor);
  const orderBy = parseOrderBy(cursor);
  const frame = parseFrame(cursor);
  cursor.expect(')');
  return { kind: 'window-spec', at, base, partitionBy, orderBy, frame };
}

function parsePartitionBy(cursor: Cursor): Expr[] {
  if (!cursor.accept('partition')) return [];
  cursor.expect('by');
  return cursor.expressions();
}

function parseFrame(cursor: Cursor): WindowSpec['frame'] {
  const mode = cursor.acceptOneOf('rows', 'range', 'groups');
  if (mode === null) return null;
  const hasEnd = cursor.accept('between');
  const startAt = cursor.at;
  const start = parseFrameBound(cursor);
  if (hasEnd) cursor.expect('and');
  const endAt = cursor.at;
  const end = hasEnd ? parseFrameBound(cursor) : null;
  checkFrame(start, startAt, end, endAt);
  return { mode, start, end, exclude: parseExclusion(cursor) };
}

/** A frame cannot begin behind its end; PostgreSQL finds the obvious cases in the grammar. */
function checkFrame(start: FrameBound, startAt: number, end: FrameBound | null, endAt: number): void {
  if (start.kind === 'unbounded-following') {
    throw windowingError('frame start cannot be UNBOUNDED FOLLOWING', { position: startAt });
  }
  if (end === null && start.kind === 'following') {
    throw windowingError('frame starting from following row cannot end with current row', { position: startAt });
  }
  if (end?.kind === 'unbounded-preceding') {
    throw windowingError('frame end cannot be UNBOUNDED PRECEDING', { position: endAt });
  }
  if (start.kind === 'current-row' && end?.kind === 'preceding') {
    throw windowingError('frame starting from current row cannot have preceding rows', { position: endAt });
  }
  if (start.kind === 'following' && (end?.kind === 'preceding' || end?.kind === 'current-row')) {
    throw windowingError('frame starting from following row cannot have preceding rows', { position: endAt });
  }
}

function parseFrameBound(cursor: Cursor): FrameBound {
  if (cursor.acceptSequence('current', 'row')) return { kind: 'current-row', offset: null };
  if (cursor.acceptSequence('unbounded', 'preceding')) return { kind: 'unbounded-preceding', offset: null };
  if (cursor.acceptSequence('unbounded', 'following')) return { kind: 'unbounded-following', offset: null };
  const offset = cursor.expression();
  return { kind: cursor.expectOneOf('preceding', 'following'), offset };
}

function parseExclusion(cursor: Cursor): 'current-row' | 'group' | 'ties' | 'no-others' | null {
  if (!cursor.accept('exclude')) return null;
  const word = cursor.expectOneOf('current', 'group', 'ties', 'no');
  if (word === 'group' || word === 'ties') return word;
  cursor.expect(word === 'current' ? 'row' : 'others');
  return word === 'current' ? 'current-row' : 'no-others';
}
