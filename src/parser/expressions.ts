/**
 * Expressions by operator precedence (Pratt): an operand, then operators for as long as they bind tighter than the
 * one to the left. Operands are in `primaries.ts`, strengths in `precedence.ts`.
 */
import type { Constant, Expr, LikeTest, Query } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseQualifiedOperator } from './ordering.ts';
import { nextPrecedence, nextRestrictedPrecedence, operatorPrecedence, Precedence } from './precedence.ts';
import { parseContents, parsePrimary } from './primaries.ts';
import { TokenKind } from './token.ts';
import { parseTypeName } from './type-names.ts';

/** An `a_expr` whose operators bind tighter than `minimum`. */
export function parseExpression(cursor: Cursor, minimum: number): Expr {
  const outerHeight = cursor.enter();
  const expr = continueExpression(cursor, parsePrefix(cursor), minimum);
  cursor.leave(outerHeight);
  return expr;
}

/** A `b_expr`: ends before AND, IN, LIKE, IS NULL, COLLATE and AT. */
export function parseRestrictedExpression(cursor: Cursor): Expr {
  return parseRestricted(cursor, Precedence.none);
}

function parseRestricted(cursor: Cursor, minimum: number): Expr {
  const outerHeight = cursor.enter();
  let left = cursor.is('not') ? cursor.fail() : parsePrefix(cursor, true);
  for (;;) {
    const precedence = nextRestrictedPrecedence(cursor);
    if (precedence <= minimum) break;
    left = parseInfix(cursor, left, precedence, parseRestricted);
    cursor.grow();
  }
  cursor.leave(outerHeight);
  return left;
}

/** Goes on with an expression whose first operand is already parsed. */
export function continueExpression(cursor: Cursor, first: Expr, minimum: number): Expr {
  let left = first;
  for (;;) {
    const precedence = nextPrecedence(cursor);
    if (precedence <= minimum) return left;
    left = parseInfix(cursor, left, precedence, parseExpression);
    cursor.grow();
  }
}

type ParseOperand = (cursor: Cursor, minimum: number) => Expr;

// ------------------------------------------------------------------------------------------------------ prefixes

function parsePrefix(cursor: Cursor, restricted = false): Expr {
  const at = cursor.at;
  if (cursor.kind === TokenKind.operator) {
    const isSign = cursor.is('-') || cursor.is('+');
    // `=`, `*` and the other operators with a place of their own stand only between operands.
    if (!isSign && operatorPrecedence(cursor.tag) !== Precedence.operator) cursor.fail();
    const operator = [cursor.takeValue()];
    return parseUnary(cursor, at, operator, isSign ? Precedence.sign : Precedence.operator, restricted);
  }
  if (cursor.is('not')) {
    cursor.index++;
    return { kind: 'not', at, operand: parseExpression(cursor, Precedence.not) };
  }
  if (cursor.is('operator') && cursor.isAhead(1, '(')) {
    return parseUnary(cursor, at, parseQualifiedOperator(cursor), Precedence.operator, restricted);
  }
  return parsePrimary(cursor);
}

function parseUnary(
  cursor: Cursor,
  at: number,
  operator: readonly string[],
  precedence: Precedence,
  restricted: boolean,
): Expr {
  const operand = restricted ? parseRestricted(cursor, precedence) : parseExpression(cursor, precedence);
  const isNegated = precedence === Precedence.sign && operator[0] === '-' && operand.kind === 'constant';
  return isNegated ? negate(at, operand) : { kind: 'unary', at, operator, operand };
}

/** The sign of a number belongs to the number, or -9223372036854775808 would be out of range (gram.y's doNegate). */
function negate(at: number, { type, text }: Constant): Expr {
  if (type === 'integer' || type === 'decimal') {
    return { kind: 'constant', at, type, text: text.startsWith('-') ? text.slice(1) : `-${text}` };
  }
  return { kind: 'unary', at, operator: ['-'], operand: { kind: 'constant', at, type, text } };
}

// ------------------------------------------------------------------------------------------------- infix operators

/** Takes the operator that comes next, of strength `precedence`, and what belongs to its right. */
function parseInfix(cursor: Cursor, left: Expr, precedence: Precedence, parseOperand: ParseOperand): Expr {
  switch (precedence) {
    case Precedence.or:
      return parseBoolean(cursor, left, 'or', precedence);
    case Precedence.and:
      return parseBoolean(cursor, left, 'and', precedence);
    case Precedence.is:
      return parseIs(cursor, left, parseOperand);
    case Precedence.range:
      return parseRange(cursor, left);
    case Precedence.atTimeZone:
      return parseAtTimeZone(cursor, left);
    case Precedence.collate:
      return parseCollate(cursor, left);
    case Precedence.cast:
      return parseColonCast(cursor, left);
    default:
      return parseBinary(cursor, left, precedence, parseOperand);
  }
}

function parseBinary(cursor: Cursor, left: Expr, precedence: Precedence, parseOperand: ParseOperand): Expr {
  const at = cursor.at;
  const operator = cursor.is('operator') ? parseQualifiedOperator(cursor) : [cursor.takeValue()];
  const quantified = parseQuantified(cursor, at, left, operator);
  if (quantified !== null) return quantified;
  const right = parseOperand(cursor, precedence);
  if (precedence === Precedence.comparison) refuseChain(cursor, precedence);
  return { kind: 'binary', at, operator, left, right };
}

/** Operators that are not associative: `a < b < c` is an error at the second one. */
function refuseChain(cursor: Cursor, precedence: Precedence): void {
  if (nextPrecedence(cursor) === precedence) cursor.fail();
}

/** `a AND b AND c` is one node, also when the left part stood in parentheses, as PostgreSQL flattens. */
function parseBoolean(cursor: Cursor, left: Expr, operator: 'and' | 'or', precedence: Precedence): Expr {
  const isSame = left.kind === 'boolean-op' && left.operator === operator;
  const at = isSame ? left.at : cursor.at;
  const operands = isSame ? [...left.operands] : [left];
  while (cursor.accept(operator)) operands.push(parseExpression(cursor, precedence));
  return { kind: 'boolean-op', at, operator, operands };
}

function parseAtTimeZone(cursor: Cursor, operand: Expr): Expr {
  const at = cursor.at;
  cursor.index += 2;
  cursor.expect('zone');
  return { kind: 'at-time-zone', at, operand, zone: parseExpression(cursor, Precedence.atTimeZone) };
}

function parseCollate(cursor: Cursor, operand: Expr): Expr {
  const at = cursor.at;
  cursor.index++;
  return { kind: 'collate', at, operand, collation: cursor.anyName() };
}

function parseColonCast(cursor: Cursor, operand: Expr): Expr {
  const at = cursor.at;
  cursor.index++;
  return { kind: 'cast', at, operand, type: parseTypeName(cursor), spelling: 'colons' };
}

/** `ANY (…)`, `SOME (…)`, `ALL (…)` behind an operator. */
function parseQuantified(cursor: Cursor, at: number, operand: Expr, operator: readonly string[]): Expr | null {
  const word = cursor.acceptOneOf('any', 'some', 'all');
  if (word === null) return null;
  cursor.expect('(');
  const right = parseContents(cursor);
  cursor.expect(')');
  return { kind: 'quantified', at, operator, quantifier: word === 'all' ? 'all' : 'any', operand, right };
}

// ---------------------------------------------------------------------------------------------------- IS and range

function parseIs(cursor: Cursor, operand: Expr, parseOperand: ParseOperand): Expr {
  const at = cursor.at;
  if (cursor.accept('isnull')) return { kind: 'is', at, operand, test: 'null', form: null, negated: false };
  if (cursor.accept('notnull')) return { kind: 'is', at, operand, test: 'null', form: null, negated: true };
  cursor.expect('is');
  const negated = cursor.accept('not');
  if (cursor.accept('distinct')) {
    cursor.expect('from');
    const right = parseOperand(cursor, Precedence.is);
    refuseChain(cursor, Precedence.is);
    return { kind: 'is-distinct', at, left: operand, right, negated };
  }
  const form = cursor.acceptOneOf('nfc', 'nfd', 'nfkc', 'nfkd');
  if (form !== null) {
    cursor.expect('normalized');
    return { kind: 'is', at, operand, test: 'normalized', form, negated };
  }
  const test = cursor.expectOneOf('null', 'true', 'false', 'unknown', 'document', 'normalized');
  return { kind: 'is', at, operand, test, form, negated };
}

/** `[NOT] IN`, `BETWEEN`, `LIKE`, `ILIKE`, `SIMILAR TO`. */
function parseRange(cursor: Cursor, operand: Expr): Expr {
  const at = cursor.at;
  const negated = cursor.accept('not');
  const word = cursor.takeValue();
  switch (word) {
    case 'in':
      return { kind: 'in', at, operand, choices: parseChoices(cursor), negated };
    case 'between':
      return parseBetween(cursor, at, operand, negated);
    case 'similar':
      cursor.expect('to');
      return parseLike(cursor, at, 'similar', operand, negated);
    default: {
      const operator = word === 'like' ? 'like' : 'ilike';
      const quantified = parseQuantified(cursor, at, operand, [LIKE_OPERATORS[operator][negated ? 1 : 0]]);
      return quantified ?? parseLike(cursor, at, operator, operand, negated);
    }
  }
}

const LIKE_OPERATORS = { like: ['~~', '!~~'], ilike: ['~~*', '!~~*'] } as const;

function parseChoices(cursor: Cursor): Expr[] | Query {
  cursor.expect('(');
  const first = parseContents(cursor);
  if (first.kind === 'query') {
    cursor.expect(')');
    return first;
  }
  const choices = [first];
  while (cursor.accept(',')) choices.push(cursor.expression());
  cursor.expect(')');
  return choices;
}

function parseBetween(cursor: Cursor, at: number, operand: Expr, negated: boolean): Expr {
  const symmetric = cursor.accept('symmetric');
  if (!symmetric) cursor.accept('asymmetric');
  const low = parseRestricted(cursor, Precedence.none);
  cursor.expect('and');
  const high = parseExpression(cursor, Precedence.range);
  refuseChain(cursor, Precedence.range);
  return { kind: 'between', at, operand, low, high, symmetric, negated };
}

function parseLike(
  cursor: Cursor,
  at: number,
  operator: LikeTest['operator'],
  operand: Expr,
  negated: boolean,
): LikeTest {
  const pattern = parseExpression(cursor, Precedence.range);
  const escapeCharacter = cursor.accept('escape') ? parseExpression(cursor, Precedence.range) : null;
  refuseChain(cursor, Precedence.range);
  return { kind: 'like', at, operator, operand, pattern, escape: escapeCharacter, negated };
}
