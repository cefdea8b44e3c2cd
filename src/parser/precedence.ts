/**
 * Binding strengths of operators, weakest first: the %left/%right/%nonassoc lines of PostgreSQL's gram.y.
 * An operator is taken when it binds tighter than the minimum its left neighbour set.
 */
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

export const Precedence = {
  none: 0,
  or: 1,
  and: 2,
  not: 3,
  /** IS, ISNULL, NOTNULL; not associative. */
  is: 4,
  /** < > = <= >= <>; not associative. */
  comparison: 5,
  /** BETWEEN, IN, LIKE, ILIKE, SIMILAR; not associative. */
  range: 6,
  /** Every other operator, and OPERATOR(…). */
  operator: 7,
  sum: 8,
  product: 9,
  power: 10,
  atTimeZone: 11,
  collate: 12,
  sign: 13,
  cast: 15,
} as const;
export type Precedence = (typeof Precedence)[keyof typeof Precedence];

const OPERATORS = new Map<string, Precedence>([
  ['<', Precedence.comparison],
  ['>', Precedence.comparison],
  ['=', Precedence.comparison],
  ['<=', Precedence.comparison],
  ['>=', Precedence.comparison],
  ['<>', Precedence.comparison],
  ['+', Precedence.sum],
  ['-', Precedence.sum],
  ['*', Precedence.product],
  ['/', Precedence.product],
  ['%', Precedence.product],
  ['^', Precedence.power],
]);

const WORDS = new Map<string, Precedence>([
  ['or', Precedence.or],
  ['and', Precedence.and],
  ['is', Precedence.is],
  ['isnull', Precedence.is],
  ['notnull', Precedence.is],
  ['not', Precedence.range],
  ['between', Precedence.range],
  ['in', Precedence.range],
  ['like', Precedence.range],
  ['ilike', Precedence.range],
  ['similar', Precedence.range],
  ['operator', Precedence.operator],
  ['at', Precedence.atTimeZone],
  ['collate', Precedence.collate],
  ['::', Precedence.cast],
]);

/** How tight a binary operator with this spelling binds. */
export function operatorPrecedence(operator: string): Precedence {
  return OPERATORS.get(operator) ?? Precedence.operator;
}

const isRangeWord = (tag: string | undefined) =>
  tag === 'between' || tag === 'in' || tag === 'like' || tag === 'ilike' || tag === 'similar';

/** The strength of the infix or postfix operator that comes next; `none` when the expression ends here. */
export function nextPrecedence(cursor: Cursor): Precedence {
  const tag = cursor.tag;
  if (cursor.kind === TokenKind.operator) return operatorPrecedence(tag);
  const precedence = WORDS.get(tag);
  if (precedence === undefined) return Precedence.none;
  // These words are operators only together with the next one; alone they may be the name of an output column.
  if (tag === 'not' && !isRangeWord(cursor.tags[cursor.index + 1])) return Precedence.none;
  // SUBSTRING(a SIMILAR b ESCAPE c) has a word of its own there.
  if (tag === 'similar' && !cursor.isAhead(1, 'to')) return Precedence.none;
  if (tag === 'at' && !cursor.isAhead(1, 'time')) return Precedence.none;
  if (tag === 'operator' && !cursor.isAhead(1, '(')) return Precedence.none;
  return precedence;
}

/** What of `nextPrecedence` a `b_expr` may hold: operators, casts, IS [NOT] DISTINCT FROM and IS DOCUMENT. */
export function nextRestrictedPrecedence(cursor: Cursor): Precedence {
  const precedence = nextPrecedence(cursor);
  switch (precedence) {
    case Precedence.or:
    case Precedence.and:
    case Precedence.range:
    case Precedence.atTimeZone:
    case Precedence.collate:
      return Precedence.none;
    case Precedence.is:
      return isRestrictedTest(cursor) ? precedence : Precedence.none;
    default:
      return precedence;
  }
}

function isRestrictedTest(cursor: Cursor): boolean {
  const offset = cursor.isAhead(1, 'not') ? 2 : 1;
  return cursor.is('is') && (cursor.isAhead(offset, 'distinct') || cursor.isAhead(offset, 'document'));
}
