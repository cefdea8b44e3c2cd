/** Function calls of the general form: `f([DISTINCT] a, b ORDER BY c) WITHIN GROUP (…) FILTER (…) OVER …`. */
import type { Expr, FunctionCall, QualifiedName, SortItem, WindowSpec } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseOrderBy, parseWindowSpec } from './ordering.ts';
import { TokenKind } from './token.ts';

type Arguments = Pick<FunctionCall, 'args' | 'star' | 'distinct' | 'variadic' | 'orderBy'>;

/** A call whose name is taken; the parenthesis comes next. */
export function parseFunctionCall(cursor: Cursor, at: number, name: readonly string[]): FunctionCall {
  const outerHeight = cursor.enter();
  const { args, star, distinct, variadic, orderBy } = parseArguments(cursor);
  cursor.leave(outerHeight);
  const withinGroup = parseWithinGroup(cursor);
  const filter = parseFilter(cursor);
  const over = parseOver(cursor);
  return { kind: 'call', at, name, args, star, distinct, variadic, orderBy, withinGroup, filter, over };
}

/** A call of a function whose syntax is special but which is a plain call behind it. */
export function plainCall(at: number, name: readonly string[], args: readonly Expr[]): FunctionCall {
  return {
    kind: 'call',
    at,
    name,
    args,
    star: false,
    distinct: false,
    variadic: false,
    orderBy: [],
    withinGroup: [],
    filter: null,
    over: null,
  };
}

const NO_ARGUMENTS: Arguments = { args: [], star: false, distinct: false, variadic: false, orderBy: [] };

function parseArguments(cursor: Cursor): Arguments {
  cursor.expect('(');
  if (cursor.accept(')')) return NO_ARGUMENTS;
  if (cursor.accept('*')) {
    cursor.expect(')');
    return { ...NO_ARGUMENTS, star: true };
  }
  const distinct = cursor.accept('distinct');
  const isPlain = !distinct && !cursor.accept('all');
  const args: Expr[] = [];
  let variadic = false;
  do {
    variadic = isPlain && cursor.accept('variadic');
    args.push(parseArgument(cursor));
  } while (!variadic && cursor.accept(','));
  const orderBy = parseOrderBy(cursor);
  cursor.expect(')');
  return { args, star: false, distinct, variadic, orderBy };
}

/** An expression, or `name => expression`, for which `:=` is an older spelling. */
export function parseArgument(cursor: Cursor): Expr {
  const isNamed = cursor.isLabel() && (cursor.isAhead(1, '=>') || cursor.isAhead(1, ':='));
  if (!isNamed) return cursor.expression();
  const at = cursor.at;
  const name = cursor.typeOrFunctionName();
  cursor.index++;
  return { kind: 'named-argument', at, name, value: cursor.expression() };
}

function parseWithinGroup(cursor: Cursor): readonly SortItem[] {
  if (!cursor.accept('within')) return [];
  cursor.expect('group');
  cursor.expect('(');
  if (!cursor.is('order')) cursor.fail();
  const items = parseOrderBy(cursor);
  cursor.expect(')');
  return items;
}

function parseFilter(cursor: Cursor): Expr | null {
  if (!cursor.accept('filter')) return null;
  cursor.expect('(');
  cursor.expect('where');
  const condition = cursor.expression();
  cursor.expect(')');
  return condition;
}

function parseOver(cursor: Cursor): WindowSpec | QualifiedName | null {
  if (!cursor.accept('over')) return null;
  if (cursor.is('(')) return parseWindowSpec(cursor);
  const at = cursor.at;
  return { at, parts: [cursor.columnId()] };
}

/** Whether a call with this name and parenthesis comes next (a name in FROM is otherwise a table). */
export function startsCall(cursor: Cursor): boolean {
  if (!cursor.isLabel() || cursor.kind === TokenKind.reserved) return false;
  let offset = 1;
  while (cursor.isAhead(offset, '.') && cursor.isLabel(offset + 1)) offset += 2;
  return cursor.isAhead(offset, '(');
}
