/**
 * Calls with a grammar of their own (gram.y's func_expr_common_subexpr): EXTRACT, SUBSTRING, TRIM, CAST, COALESCE,
 * CURRENT_DATE and their kin, EXISTS, GROUPING. Arguments end up in the order of the function behind.
 */
import { syntaxError } from '../base/errors.ts';
import type { Cast, Constant, Expr, RowExpr, SpecialCall } from './ast.ts';
import { parseArgument, parseFunctionCall, plainCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';
import { literalType, parseTypeName } from './type-names.ts';

/** The special call that comes next, or null when the next word is none. */
export function parseSpecialCall(cursor: Cursor): Expr | null {
  const at = cursor.at;
  switch (cursor.tag) {
    case 'current_date':
    case 'current_user':
    case 'session_user':
    case 'user':
    case 'current_role':
    case 'current_catalog':
      return special(at, cursor.takeValue() as SpecialCall['name'], []);
    case 'current_schema':
      if (cursor.isAhead(1, '(')) return null;
      cursor.index++;
      return special(at, 'current_schema', []);
    case 'current_time':
    case 'current_timestamp':
    case 'localtime':
    case 'localtimestamp':
      return special(at, cursor.takeValue() as SpecialCall['name'], parsePrecision(cursor));
    case 'collation':
      return cursor.isAhead(1, 'for') ? parseCollationFor(cursor) : null;
    case 'cast':
      return parseCast(cursor);
    default:
      return cursor.isAhead(1, '(') ? parseParenthesisedCall(cursor) : null;
  }
}

function special(at: number, name: SpecialCall['name'], args: readonly Expr[], variant = ''): SpecialCall {
  return { kind: 'special-call', at, name, variant, args };
}

/** Words that need a parenthesis to be more than a name. */
function parseParenthesisedCall(cursor: Cursor): Expr | null {
  const at = cursor.at;
  const tag = cursor.tag;
  switch (tag) {
    case 'coalesce':
    case 'greatest':
    case 'least':
      return special(at, tag, parseList(cursor));
    case 'nullif':
      return parseNullIf(cursor);
    case 'extract':
      return parseExtract(cursor);
    case 'position':
      return parsePosition(cursor);
    case 'substring':
      return parseSubstring(cursor);
    case 'overlay':
      return parseOverlay(cursor);
    case 'trim':
      return parseTrim(cursor);
    case 'normalize':
      return parseNormalize(cursor);
    case 'grouping':
      return { kind: 'grouping', at, args: parseList(cursor) };
    case 'exists':
      cursor.index++;
      return { kind: 'subquery', at, form: 'exists', query: cursor.parenthesisedQuery() };
    case 'treat':
      return parseTreat(cursor);
    default:
      return tag.startsWith('xml') && cursor.kind === TokenKind.columnName ? skipXml(cursor) : null;
  }
}

/** The word, `(`, expressions, `)`. */
function parseList(cursor: Cursor): Expr[] {
  cursor.index += 2;
  const items = cursor.expressions();
  cursor.expect(')');
  return items;
}

/** `(3)` behind CURRENT_TIMESTAMP and the like. */
function parsePrecision(cursor: Cursor): Constant[] {
  if (!cursor.accept('(')) return [];
  const at = cursor.at;
  const digits = cursor.expectInteger();
  cursor.expect(')');
  return [{ kind: 'constant', at, type: 'integer', text: String(digits) }];
}

function parseCollationFor(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  cursor.expect('(');
  const operand = cursor.expression();
  cursor.expect(')');
  return plainCall(at, ['pg_catalog', 'pg_collation_for'], [operand]);
}

function parseCast(cursor: Cursor): Cast {
  const at = cursor.at;
  cursor.expect('cast');
  cursor.expect('(');
  const operand = cursor.expression();
  cursor.expect('as');
  const type = parseTypeName(cursor);
  cursor.expect(')');
  return { kind: 'cast', at, operand, type, spelling: 'cast' };
}

/** `TREAT(x AS t)` calls the function with the name of the type. */
function parseTreat(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  const operand = cursor.expression();
  cursor.expect('as');
  const type = parseTypeName(cursor);
  cursor.expect(')');
  return plainCall(at, ['pg_catalog', type.name[type.name.length - 1] as string], [operand]);
}

function parseNullIf(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  const first = cursor.expression();
  cursor.expect(',');
  const second = cursor.expression();
  cursor.expect(')');
  return special(at, 'nullif', [first, second]);
}

/** `EXTRACT(field FROM x)`: the field is any name or a string, and an argument of its own. */
function parseExtract(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  if (cursor.kind !== TokenKind.string && !isExtractField(cursor)) cursor.fail();
  const field: Constant = { kind: 'constant', at: cursor.at, type: 'string', text: cursor.takeValue() };
  cursor.expect('from');
  const source = cursor.expression();
  cursor.expect(')');
  return special(at, 'extract', [field, source]);
}

const EXTRACT_KEYWORDS = new Set(['year', 'month', 'day', 'hour', 'minute', 'second']);

function isExtractField(cursor: Cursor): boolean {
  return cursor.kind === TokenKind.word || cursor.kind === TokenKind.quoted || EXTRACT_KEYWORDS.has(cursor.tag);
}

/** `POSITION(needle IN haystack)` calls position(haystack, needle). */
function parsePosition(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  const needle = cursor.grammar.restrictedExpression(cursor);
  cursor.expect('in');
  const haystack = cursor.grammar.restrictedExpression(cursor);
  cursor.expect(')');
  return special(at, 'position', [haystack, needle]);
}

/** `FROM a FOR b`, `FOR b FROM a`, `SIMILAR p ESCAPE e`; with commas it is an ordinary call. */
function parseSubstring(cursor: Cursor): Expr {
  const at = cursor.at;
  const start = cursor.index;
  cursor.index += 2;
  const subject = cursor.is(')') ? null : parseArgument(cursor);
  if (subject === null || cursor.is(',') || cursor.is(')')) return rewindToCall(cursor, start, at);
  const rest = parseSubstringRest(cursor);
  cursor.expect(')');
  return special(at, 'substring', [subject, ...rest.args], rest.variant);
}

/** The general call that begins at token `start`, after all. */
function rewindToCall(cursor: Cursor, start: number, at: number): Expr {
  const name = [cursor.tags[start] as string];
  cursor.index = start + 1;
  const call = parseFunctionCall(cursor, at, name);
  return call;
}

function parseSubstringRest(cursor: Cursor): { variant: string; args: Expr[] } {
  if (cursor.accept('similar')) {
    const pattern = cursor.expression();
    cursor.expect('escape');
    return { variant: 'similar', args: [pattern, cursor.expression()] };
  }
  if (cursor.accept('from')) {
    const start = cursor.expression();
    return cursor.accept('for')
      ? { variant: 'from-for', args: [start, cursor.expression()] }
      : { variant: 'from', args: [start] };
  }
  const at = cursor.at;
  cursor.expect('for');
  const length = cursor.expression();
  if (cursor.accept('from')) return { variant: 'from-for', args: [cursor.expression(), length] };
  // As gram.y: a start of 1 and a cast, or a text argument would find the function for regular expressions.
  const one: Constant = { kind: 'constant', at, type: 'integer', text: '1' };
  const type = literalType(at, ['pg_catalog', 'int4'], []);
  return { variant: 'for', args: [one, { kind: 'cast', at, operand: length, type, spelling: 'cast' }] };
}

/** `OVERLAY(s PLACING t FROM a [FOR b])`; with commas it is an ordinary call. */
function parseOverlay(cursor: Cursor): Expr {
  const at = cursor.at;
  const start = cursor.index;
  cursor.index += 2;
  const subject = cursor.is(')') ? null : parseArgument(cursor);
  if (subject === null || !cursor.accept('placing')) return rewindToCall(cursor, start, at);
  const args = [subject, cursor.expression()];
  cursor.expect('from');
  args.push(cursor.expression());
  if (cursor.accept('for')) args.push(cursor.expression());
  cursor.expect(')');
  return special(at, 'overlay', args, 'placing');
}

/** `TRIM([BOTH | LEADING | TRAILING] [characters] FROM s)`; the arguments are s, then the characters. */
function parseTrim(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  const variant = cursor.acceptOneOf('both', 'leading', 'trailing') ?? 'both';
  const args: Expr[] = [];
  if (cursor.accept('from')) args.push(...cursor.expressions());
  else {
    const characters = cursor.expression();
    if (cursor.accept('from')) args.push(...cursor.expressions(), characters);
    else {
      args.push(characters);
      while (cursor.accept(',')) args.push(cursor.expression());
    }
  }
  cursor.expect(')');
  return special(at, 'trim', args, variant);
}

function parseNormalize(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.index += 2;
  const args = [cursor.expression()];
  if (cursor.accept(',')) {
    const formAt = cursor.at;
    const form = cursor.expectOneOf('nfc', 'nfd', 'nfkc', 'nfkd');
    args.push({ kind: 'constant', at: formAt, type: 'string', text: form.toUpperCase() });
  }
  cursor.expect(')');
  return special(at, 'normalize', args);
}

/** XML has no place here: the call is stepped over and the statement refused. */
function skipXml(cursor: Cursor): Expr {
  const at = cursor.at;
  cursor.refuse('XML', at);
  cursor.index += 2;
  cursor.skipParenthesised();
  return { kind: 'constant', at, type: 'null', text: 'null' };
}

/** `(a, b) OVERLAPS (c, d)`: both sides are rows of two, so nothing binds looser or tighter. */
export function parseOverlaps(cursor: Cursor, left: RowExpr | Expr): Expr {
  if (left.kind !== 'row' || !cursor.is('overlaps')) return left;
  const at = cursor.at;
  cursor.index++;
  const right = parseOverlapsRow(cursor);
  requirePair(left, 'left');
  requirePair(right, 'right');
  return special(at, 'overlaps', [...left.fields, ...right.fields]);
}

function parseOverlapsRow(cursor: Cursor): RowExpr {
  const at = cursor.at;
  const explicit = cursor.accept('row');
  cursor.expect('(');
  const fields = explicit && cursor.is(')') ? [] : cursor.expressions();
  if (!explicit && fields.length < 2) cursor.fail();
  cursor.expect(')');
  return { kind: 'row', at, fields, explicit };
}

function requirePair(row: RowExpr, side: 'left' | 'right'): void {
  if (row.fields.length === 2) return;
  const message = `wrong number of parameters on ${side} side of OVERLAPS expression`;
  throw syntaxError(message, { position: row.at });
}
