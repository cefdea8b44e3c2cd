/** EXPLAIN, in the spelling with a list of options and in the old one. */
import type { Explain } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { startsQuery } from './primaries.ts';
import { TokenKind } from './token.ts';

type Options = { name: string; value: string | null }[];

/** `EXPLAIN (AST, FORMAT JSON) …`, `EXPLAIN ANALYZE VERBOSE …`, both orders of options and ANALYZE. */
export function parseExplain(cursor: Cursor): Explain {
  const at = cursor.at;
  cursor.expect('explain');
  const options: Options = [];
  if (startsOptions(cursor)) options.push(...cursor.parenthesised(parseOption));
  if (cursor.acceptOneOf('analyze', 'analyse') !== null) options.push({ name: 'analyze', value: null });
  if (cursor.accept('verbose')) options.push({ name: 'verbose', value: null });
  return { kind: 'explain', at, statement: parseExplained(cursor), options };
}

/** A parenthesis here holds options, or the query. */
function startsOptions(cursor: Cursor): boolean {
  if (!cursor.is('(') || cursor.isAhead(1, '(')) return false;
  cursor.index++;
  const isQuery = startsQuery(cursor);
  cursor.index--;
  return !isQuery;
}

function parseOption(cursor: Cursor): Options[number] {
  if (!isOptionWord(cursor) && !cursor.is('analyze') && !cursor.is('analyse')) cursor.fail();
  const name = cursor.takeValue();
  if (cursor.is(',') || cursor.is(')')) return { name: name === 'analyse' ? 'analyze' : name, value: null };
  return { name: name === 'analyse' ? 'analyze' : name, value: parseOptionValue(cursor) };
}

const isOptionWord = (cursor: Cursor) => cursor.isLabel() && cursor.kind !== TokenKind.reserved;

function parseOptionValue(cursor: Cursor): string {
  const kind = cursor.kind;
  const isNumber = kind === TokenKind.integer || kind === TokenKind.decimal;
  const isWord = isOptionWord(cursor) || cursor.is('true') || cursor.is('false') || cursor.is('on');
  if (!isWord && kind !== TokenKind.string && !isNumber) cursor.fail();
  return cursor.takeValue().toLowerCase();
}

const EXPLAINABLE = new Set(
  `select values table with ( insert update delete merge declare create refresh execute subscribe`.split(' '),
);

function parseExplained(cursor: Cursor): Explain['statement'] {
  if (!EXPLAINABLE.has(cursor.tag)) cursor.fail();
  return cursor.grammar.statement(cursor);
}
