/** The columns of an index and the target of ON CONFLICT: a column, a call, or an expression in parentheses. */
import type { Expr, SortItem } from './ast.ts';
import { startsCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { parseOptionList } from './options.ts';
import { finishSortItem } from './ordering.ts';
import { parsePrimary } from './primaries.ts';

/** `key [COLLATE c] [operator class [(…)]] [ASC | DESC] [NULLS …]`; the operator class is not kept. */
export function parseKey(cursor: Cursor): SortItem {
  const at = cursor.at;
  const operand = parseKeyOperand(cursor);
  const collateAt = cursor.at;
  const isCollated = cursor.accept('collate');
  const expr: Expr = isCollated ? { kind: 'collate', at: collateAt, operand, collation: cursor.anyName() } : operand;
  if (cursor.isColumnId() && !cursor.is('nulls')) {
    cursor.anyName();
    if (cursor.is('(')) parseOptionList(cursor);
  }
  return finishSortItem(cursor, at, expr);
}

function parseKeyOperand(cursor: Cursor): Expr {
  if (cursor.accept('(')) {
    const expr = cursor.expression();
    cursor.expect(')');
    return expr;
  }
  if (startsCall(cursor)) return parsePrimary(cursor);
  const at = cursor.at;
  return { kind: 'column-ref', at, parts: [cursor.columnId()] };
}
