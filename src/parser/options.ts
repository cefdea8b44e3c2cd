/** `WITH (name = value, …)` of streams, tables and views, and `FORMAT … ENCODE …`. */
import type { Expr, FormatClause, Option } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

/** `WITH (…)` or nothing. */
export function parseWithOptions(cursor: Cursor): Option[] {
  if (!cursor.isSequence('with', '(')) return [];
  cursor.index++;
  return parseOptionList(cursor);
}

/** `(name = value, …)`. */
export function parseOptionList(cursor: Cursor): Option[] {
  return cursor.parenthesised(parseOption);
}

/** The name is a word, dotted words or, as in Flink, a string; without a value it is switched on. */
function parseOption(cursor: Cursor): Option {
  const at = cursor.at;
  let name = cursor.kind === TokenKind.string ? cursor.takeValue() : cursor.label();
  while (cursor.accept('.')) name += `.${cursor.label()}`;
  return { at, name, value: cursor.accept('=') ? parseOptionValue(cursor) : 'true' };
}

/** Words, strings and numbers as text; anything longer is an expression. */
function parseOptionValue(cursor: Cursor): Expr | string {
  const isAlone = cursor.isAhead(1, ',') || cursor.isAhead(1, ')');
  const kind = cursor.kind;
  const isNumber = kind === TokenKind.integer || kind === TokenKind.decimal;
  if (isAlone && (cursor.isLabel() || kind === TokenKind.string || isNumber)) return cursor.takeValue();
  const value = cursor.expression();
  return value.kind === 'constant' && value.type !== 'bit' ? value.text : value;
}

/** `FORMAT PLAIN ENCODE JSON [(…)]` or nothing. */
export function parseFormat(cursor: Cursor): FormatClause | null {
  const at = cursor.at;
  if (!cursor.accept('format')) return null;
  const format = cursor.label();
  cursor.expect('encode');
  const encode = cursor.label();
  return { at, format, encode, options: cursor.is('(') ? parseOptionList(cursor) : [] };
}
