/**
 * Operands of expressions (gram.y's c_expr): literals, columns, calls, parentheses, CASE, ARRAY, subqueries, each with
 * the subscripts and field names that may follow.
 */
import type { ArrayExpr, CaseExpr, Constant, Expr, Query, RowExpr, Subscript } from './ast.ts';
import { parseFunctionCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { parseOverlaps, parseSpecialCall } from './special-calls.ts';
import { TokenKind } from './token.ts';
import { literalType, parseIntervalFields, parseLiteralType, startsLiteralType } from './type-names.ts';

export function parsePrimary(cursor: Cursor): Expr {
  switch (cursor.kind) {
    case TokenKind.integer:
      return takeConstant(cursor, 'integer');
    case TokenKind.decimal:
      return takeConstant(cursor, 'decimal');
    case TokenKind.string:
      return takeConstant(cursor, 'string');
    case TokenKind.bits:
      return takeConstant(cursor, 'bit');
    case TokenKind.parameter:
      return parseIndirection(cursor, { kind: 'parameter', at: cursor.at, index: Number(cursor.takeValue()) });
    case TokenKind.punctuation:
      return cursor.is('(') ? parseParenthesis(cursor) : cursor.fail();
    case TokenKind.word:
    case TokenKind.quoted:
      return parseNamed(cursor);
    case TokenKind.reserved:
      return parseReserved(cursor);
    case TokenKind.unreserved:
    case TokenKind.columnName:
    case TokenKind.typeOrFunction:
      if (startsLiteralType(cursor)) return parseTypedLiteral(cursor);
      return parseSpecialCall(cursor) ?? parseRowKeyword(cursor) ?? parseNamed(cursor);
    default:
      return cursor.fail();
  }
}

function takeConstant(cursor: Cursor, type: Constant['type']): Constant {
  const at = cursor.at;
  return { kind: 'constant', at, type, text: cursor.takeValue() };
}

/** `TIMESTAMP '…'`, `INTERVAL '1' DAY`, where the type is a keyword. */
function parseTypedLiteral(cursor: Cursor): Expr {
  const at = cursor.at;
  const isInterval = cursor.is('interval');
  const type = parseLiteralType(cursor);
  if (cursor.kind !== TokenKind.string) cursor.fail();
  const operand = takeConstant(cursor, 'string');
  const fields = isInterval && type.modifiers.length === 0 ? parseIntervalFields(cursor) : [];
  const modifiers = fields.length > 0 ? fields : type.modifiers;
  return { kind: 'cast', at, operand, type: { ...type, modifiers }, spelling: 'literal' };
}

// --------------------------------------------------------------------------------------------------------- names

/** A column, a call, or a literal of a named type (`date '…'`). */
function parseNamed(cursor: Cursor): Expr {
  const at = cursor.at;
  const kind = cursor.kind;
  const parts = [cursor.takeValue()];
  // Names of types and functions are no columns: only a call or a literal may follow.
  if (kind !== TokenKind.typeOrFunction) {
    while (cursor.accept('.')) {
      if (cursor.is('*')) return parseStar(cursor, at, parts);
      parts.push(cursor.label());
    }
  }
  const isCallable = parts.length > 1 || kind !== TokenKind.columnName;
  if (cursor.is('(') && isCallable) return parseCall(cursor, at, parts);
  if (cursor.kind === TokenKind.string && isCallable) return parseNamedLiteral(cursor, at, parts);
  if (kind === TokenKind.typeOrFunction) cursor.fail();
  const column: Expr = { kind: 'column-ref', at, parts };
  return cursor.is('[') ? parseIndirection(cursor, column) : column;
}

function parseStar(cursor: Cursor, at: number, qualifier: readonly string[]): Expr {
  cursor.index++;
  requireLast(cursor, { kind: 'parameter', at, index: 0 });
  return { kind: 'star', at, qualifier };
}

/** Nothing may follow a star. PostgreSQL finds out when it has read all that does. */
function requireLast(cursor: Cursor, standIn: Expr): void {
  if (!cursor.is('.') && !cursor.is('[')) return;
  parseIndirection(cursor, standIn);
  throw cursor.errorNear(cursor.index, 'improper use of "*"');
}

/** A call, or with a string behind it the literal of a type with modifiers: `mytype(3) 'x'`. */
function parseCall(cursor: Cursor, at: number, name: readonly string[]): Expr {
  const call = parseFunctionCall(cursor, at, name);
  if (cursor.kind !== TokenKind.string || call.filter !== null || call.over !== null) return call;
  const operand = takeConstant(cursor, 'string');
  return { kind: 'cast', at, operand, type: literalType(at, name, call.args), spelling: 'literal' };
}

function parseNamedLiteral(cursor: Cursor, at: number, name: readonly string[]): Expr {
  const operand = takeConstant(cursor, 'string');
  return { kind: 'cast', at, operand, type: literalType(at, name, []), spelling: 'literal' };
}

/** `.field`, `.*`, `[i]`, `[lower:upper]` behind a parameter, a parenthesis or a column. */
export function parseIndirection(cursor: Cursor, first: Expr): Expr {
  let operand = first;
  for (;;) {
    if (cursor.is('[')) operand = parseSubscript(cursor, operand);
    else if (cursor.accept('.')) {
      const isStar = cursor.accept('*');
      operand = { kind: 'field', at: first.at, operand, field: isStar ? null : cursor.label() };
      if (isStar) requireLast(cursor, operand);
    } else return operand;
    cursor.grow();
  }
}

function parseSubscript(cursor: Cursor, operand: Expr): Subscript {
  cursor.expect('[');
  const lower = cursor.is(':') ? null : cursor.expression();
  const isSlice = cursor.accept(':');
  const upper = isSlice && !cursor.is(']') ? cursor.expression() : null;
  cursor.expect(']');
  return { kind: 'subscript', at: operand.at, operand, isSlice, lower, upper };
}

// --------------------------------------------------------------------------------------------------- parentheses

/** Whether a query begins here, so that a parenthesis around it is a subquery. */
export function startsQuery(cursor: Cursor): boolean {
  const tag = cursor.tag;
  return tag === 'select' || tag === 'with' || tag === 'table' || (tag === 'values' && cursor.isAhead(1, '('));
}

/** Whether what comes next makes a query of the parenthesised query before it. */
function continuesQuery(cursor: Cursor): boolean {
  switch (cursor.tag) {
    case 'union':
    case 'except':
    case 'intersect':
    case 'order':
    case 'limit':
    case 'offset':
    case 'fetch':
    case 'for':
      return true;
    default:
      return false;
  }
}

function parseParenthesis(cursor: Cursor): Expr {
  const at = cursor.at;
  const inner = parseParenthesised(cursor);
  return inner.kind === 'query' ? asSubquery(cursor, at, inner) : inner;
}

function asSubquery(cursor: Cursor, at: number, query: Query): Expr {
  return parseIndirection(cursor, { kind: 'subquery', at, form: 'scalar', query });
}

/**
 * From `(` to `)`: a query where it can be one, however many parentheses stand around it, else an expression or a row
 * with what may follow it. No token is looked at twice, however deep the parentheses.
 */
function parseParenthesised(cursor: Cursor): Expr | Query {
  const at = cursor.at;
  const outerHeight = cursor.enter();
  cursor.expect('(');
  const first = parseContents(cursor);
  const result = first.kind === 'query' ? first : parseImplicitRow(cursor, at, first);
  cursor.expect(')');
  cursor.leave(outerHeight);
  if (result.kind === 'query') return result;
  if (result === first) return parseIndirection(cursor, result);
  return parseOverlaps(cursor, result);
}

/** What stands between parentheses, up to a comma or the closing one: a query or an expression. */
export function parseContents(cursor: Cursor): Expr | Query {
  if (startsQuery(cursor)) return cursor.query();
  if (!cursor.is('(')) return cursor.expression();
  const at = cursor.at;
  const inner = parseParenthesised(cursor);
  if (inner.kind !== 'query') return cursor.grammar.continueExpression(cursor, inner, 0);
  if (cursor.is(')')) return inner;
  if (continuesQuery(cursor)) return cursor.grammar.continueQuery(cursor, inner);
  return cursor.grammar.continueExpression(cursor, asSubquery(cursor, at, inner), 0);
}

/** `(a, b)`; a single expression stays what it is. */
function parseImplicitRow(cursor: Cursor, at: number, first: Expr): Expr {
  if (!cursor.is(',')) return first;
  const fields = [first];
  while (cursor.accept(',')) fields.push(cursor.expression());
  return { kind: 'row', at, fields, explicit: false };
}

/** `ROW(a, b)`, `ROW()`; null where `row` is a name. */
function parseRowKeyword(cursor: Cursor): Expr | null {
  const at = cursor.at;
  if (!cursor.acceptSequence('row', '(')) return null;
  const fields = cursor.is(')') ? [] : cursor.expressions();
  cursor.expect(')');
  const row: RowExpr = { kind: 'row', at, fields, explicit: true };
  return parseOverlaps(cursor, row);
}

// ------------------------------------------------------------------------------------------------ reserved words

function parseReserved(cursor: Cursor): Expr {
  const at = cursor.at;
  switch (cursor.tag) {
    case 'null':
      return takeConstant(cursor, 'null');
    case 'true':
    case 'false':
      return takeConstant(cursor, 'boolean');
    case 'case':
      return parseCase(cursor);
    case 'array':
      return parseArray(cursor);
    case 'default':
      cursor.index++;
      return { kind: 'default', at };
    case 'unique':
      cursor.refuse('UNIQUE predicate');
      cursor.index++;
      return { kind: 'subquery', at, form: 'exists', query: cursor.parenthesisedQuery() };
    default:
      return parseSpecialCall(cursor) ?? cursor.fail();
  }
}

function parseCase(cursor: Cursor): CaseExpr {
  const at = cursor.at;
  cursor.expect('case');
  const operand = cursor.is('when') ? null : cursor.expression();
  const branches: { when: Expr; then: Expr }[] = [];
  do {
    cursor.expect('when');
    const when = cursor.expression();
    cursor.expect('then');
    branches.push({ when, then: cursor.expression() });
  } while (cursor.is('when'));
  const otherwise = cursor.accept('else') ? cursor.expression() : null;
  cursor.expect('end');
  return { kind: 'case', at, operand, branches, otherwise };
}

function parseArray(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.expect('array');
  if (cursor.is('(')) return { kind: 'subquery', at, form: 'array', query: cursor.parenthesisedQuery() };
  return parseArrayElements(cursor, at);
}

/** `[1, 2]`, or `[[1, 2], [3, 4]]` where inner arrays need no ARRAY. */
function parseArrayElements(cursor: Cursor, at: number): ArrayExpr {
  const outerHeight = cursor.enter();
  cursor.expect('[');
  const elements = cursor.is(']') ? [] : parseElementList(cursor);
  cursor.expect(']');
  cursor.leave(outerHeight);
  return { kind: 'array', at, elements };
}

function parseElementList(cursor: Cursor): Expr[] {
  if (!cursor.is('[')) return cursor.expressions();
  return cursor.list((inner) => parseArrayElements(inner, inner.at));
}
