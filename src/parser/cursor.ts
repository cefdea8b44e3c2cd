/**
 * Where the parser stands in the tokens, what it may take next, and the limits on nesting.
 *
 * The grammar is recursive across files (an expression holds a query, a query expressions), while imports may not be:
 * `grammar` is the knot that ties them, filled in by parse.ts. Everything else is a plain function over a cursor.
 */
import { type SqlError, statementTooComplex, syntaxError } from '../base/errors.ts';
import type { Expr, QualifiedName, Query, Statement } from './ast.ts';
import { TokenKind, type Tokens } from './token.ts';

/** The rules that files higher up the import order define and lower ones need. */
export type Grammar = {
  /** An `a_expr` whose operators bind tighter than `minimum` (0 for any). */
  readonly expression: (cursor: Cursor, minimum: number) => Expr;
  /** Goes on with an expression whose first operand is already parsed. */
  readonly continueExpression: (cursor: Cursor, first: Expr, minimum: number) => Expr;
  /** A `b_expr`: an expression without AND, IN, LIKE, IS NULL and the like, so that what follows is unambiguous. */
  readonly restrictedExpression: (cursor: Cursor) => Expr;
  /** A query with its own WITH, ORDER BY, LIMIT, not in parentheses. */
  readonly query: (cursor: Cursor) => Query;
  /** Goes on with a query whose first operand stood in parentheses and is already parsed. */
  readonly continueQuery: (cursor: Cursor, first: Query) => Query;
  readonly statement: (cursor: Cursor) => Statement;
};

/**
 * Highest tree and deepest recursion allowed. The worst case, calls in calls, overflows the default stack of Node at
 * about four times as many levels; whoever walks the tree may use two kilobytes of stack per level of it.
 */
export const MAX_DEPTH = 500;

export function tooDeep(position?: number): SqlError {
  return statementTooComplex('stack depth limit exceeded', {
    hint: `Expressions and queries can be nested ${MAX_DEPTH} levels deep.`,
    position,
  });
}

export class Cursor {
  readonly source: string;
  readonly kinds: readonly TokenKind[];
  readonly tags: readonly string[];
  readonly values: readonly string[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly grammar: Grammar;
  /** Index of the next token. */
  index = 0;
  /**
   * Height of the tree built since the innermost `enter`. Long chains like `1 + 1 + …` build a deep tree without
   * recursion; whoever walks it later recurses, so the height is limited like the depth.
   */
  height = 0;
  /** Something grammatical that this version does not run, met in the current statement, and where. */
  unsupported: { readonly what: string; readonly at: number } | null = null;
  /**
   * Whether `INTERVAL '5' MINUTES` may stand here. Elsewhere the plural would be the name of an output column, as in
   * PostgreSQL.
   */
  acceptsPluralUnits = false;
  readonly #error: SqlError | null;
  #depth = 0;

  constructor(tokens: Tokens, grammar: Grammar) {
    this.source = tokens.source;
    this.kinds = tokens.kinds;
    this.tags = tokens.tags;
    this.values = tokens.values;
    this.starts = tokens.starts;
    this.ends = tokens.ends;
    this.grammar = grammar;
    this.#error = tokens.error;
  }

  /** Forgets what was noted about the statement before. */
  startStatement(): void {
    this.unsupported = null;
    this.acceptsPluralUnits = false;
    this.height = 0;
  }

  // ------------------------------------------------------------------------------------------------ looking ahead

  get kind(): TokenKind {
    return this.kinds[this.index] as TokenKind;
  }

  get tag(): string {
    return this.tags[this.index] as string;
  }

  get value(): string {
    return this.values[this.index] as string;
  }

  /** Where the next token starts. */
  get at(): number {
    return this.starts[this.index] as number;
  }

  /** Where the last token ended. */
  get previousEnd(): number {
    return this.index === 0 ? 0 : (this.ends[this.index - 1] as number);
  }

  /** Whether the next token is this keyword, operator or mark. */
  is(tag: string): boolean {
    return this.tags[this.index] === tag;
  }

  /** Whether the token `offset` after the next one is `tag`. */
  isAhead(offset: number, tag: string): boolean {
    return this.tags[this.index + offset] === tag;
  }

  kindAhead(offset: number): TokenKind {
    return this.kinds[this.index + offset] ?? TokenKind.end;
  }

  /** Whether the next tokens are these. */
  isSequence(first: string, second: string, third?: string): boolean {
    return this.is(first) && this.isAhead(1, second) && (third === undefined || this.isAhead(2, third));
  }

  isEnd(): boolean {
    return this.kind === TokenKind.end || this.is(';');
  }

  // ------------------------------------------------------------------------------------------------------- taking

  accept(tag: string): boolean {
    if (this.tags[this.index] !== tag) return false;
    this.index++;
    return true;
  }

  /** Takes two tokens or none. */
  acceptSequence(first: string, second: string): boolean {
    if (!this.isSequence(first, second)) return false;
    this.index += 2;
    return true;
  }

  expect(tag: string): void {
    if (this.tags[this.index] !== tag) this.fail();
    this.index++;
  }

  /** Takes the next token, which must be one of `tags`, and returns it. */
  expectOneOf<Tag extends string>(...tags: readonly Tag[]): Tag {
    const found = this.acceptOneOf(...tags);
    return found ?? this.fail();
  }

  acceptOneOf<Tag extends string>(...tags: readonly Tag[]): Tag | null {
    for (const tag of tags) if (this.accept(tag)) return tag;
    return null;
  }

  /** The content of a string literal. */
  expectString(): string {
    if (this.kind !== TokenKind.string) this.fail();
    return this.takeValue();
  }

  /** PostgreSQL's Iconst: an integer of 32 bits. */
  expectInteger(): number {
    const value = Number(this.value);
    if (this.kind !== TokenKind.integer || value > 0x7fffffff) this.fail();
    this.index++;
    return value;
  }

  takeValue(): string {
    return this.values[this.index++] as string;
  }

  /** One or more of `item`, parted by commas. */
  list<T>(item: (cursor: Cursor) => T): T[] {
    const items = [item(this)];
    while (this.accept(',')) items.push(item(this));
    return items;
  }

  /** `( item, … )`. */
  parenthesised<T>(item: (cursor: Cursor) => T): T[] {
    this.expect('(');
    const items = this.list(item);
    this.expect(')');
    return items;
  }

  /** Takes everything up to the parenthesis that closes the one just taken. */
  skipParenthesised(): void {
    for (let open = 1; open > 0; this.index++) {
      if (this.kind === TokenKind.end || this.kind === TokenKind.error) this.fail();
      if (this.is('(')) open++;
      if (this.is(')')) open--;
    }
  }

  // -------------------------------------------------------------------------------------------------------- names

  /** ColId: any name but reserved words and those of types and functions. */
  columnId(): string {
    if (!this.isColumnId()) this.fail();
    return this.takeValue();
  }

  isColumnId(offset = 0): boolean {
    const kind = this.kindAhead(offset);
    return (kind >= TokenKind.word && kind <= TokenKind.columnName) || kind === TokenKind.quoted;
  }

  /** type_function_name. */
  typeOrFunctionName(): string {
    const kind = this.kind;
    const isName = kind === TokenKind.word || kind === TokenKind.unreserved || kind === TokenKind.typeOrFunction;
    if (!isName && kind !== TokenKind.quoted) this.fail();
    return this.takeValue();
  }

  /** ColLabel: any word at all. */
  label(): string {
    if (!this.isLabel()) this.fail();
    return this.takeValue();
  }

  isLabel(offset = 0): boolean {
    const kind = this.kindAhead(offset);
    return kind >= TokenKind.word && kind <= TokenKind.quoted;
  }

  /** `a`, `s.a`, `db.s.a`. */
  qualifiedName(): QualifiedName {
    const at = this.at;
    const name = this.anyName();
    if (name.parts.length > 3) throw improperQualifiedName(name.parts, at);
    return name;
  }

  /** any_name: a qualified name of any length. */
  anyName(): QualifiedName {
    const at = this.at;
    const parts = [this.columnId()];
    while (this.accept('.')) parts.push(this.label());
    return { at, parts };
  }

  // --------------------------------------------------------------------------------------- the recursive rules

  /** An `a_expr` whose operators bind tighter than `minimum`. */
  expression(minimum = 0): Expr {
    return this.grammar.expression(this, minimum);
  }

  /** An expression of a clause of our own, where `INTERVAL '5' MINUTES` can mean only one thing. */
  durationExpression(): Expr {
    this.acceptsPluralUnits = true;
    const expr = this.expression();
    this.acceptsPluralUnits = false;
    return expr;
  }

  expressions(): Expr[] {
    const items = [this.expression()];
    while (this.accept(',')) items.push(this.expression());
    return items;
  }

  query(): Query {
    return this.grammar.query(this);
  }

  /** `( query )`; more parentheses around it mean nothing. */
  parenthesisedQuery(): Query {
    this.expect('(');
    const query = this.query();
    this.expect(')');
    return query;
  }

  // ------------------------------------------------------------------------------------------------------- errors

  /** The syntax error at the next token. */
  fail(): never {
    throw this.errorAt(this.index);
  }

  errorAt(index: number): SqlError {
    if (this.kinds[index] === TokenKind.error && this.#error !== null) return this.#error;
    return this.errorNear(index, 'syntax error');
  }

  /** `message at or near "token"`, or `at end of input`. */
  errorNear(index: number, message: string): SqlError {
    const position = this.starts[index];
    if (this.kinds[index] === TokenKind.end) return syntaxError(`${message} at end of input`, { position });
    const text = this.source.slice(position, this.ends[index]);
    return syntaxError(`${message} at or near "${text}"`, { position });
  }

  /** Notes that the statement holds something this version does not run; the first one counts. */
  refuse(what: string, at = this.at): void {
    this.unsupported ??= { what, at };
  }

  // ------------------------------------------------------------------------------------------------------- nesting

  /** Call before recursing; returns the height to hand to `leave`. */
  enter(): number {
    if (++this.#depth > MAX_DEPTH) throw tooDeep(this.at);
    const height = this.height;
    this.height = 0;
    return height;
  }

  /** Call with what `enter` returned: the tree built in between becomes a child of the one around it. */
  leave(outerHeight: number): void {
    this.#depth--;
    this.grow();
    if (this.height < outerHeight) this.height = outerHeight;
  }

  /** One more level on top of what was built since `enter`. */
  grow(): void {
    if (++this.height > MAX_DEPTH) throw tooDeep(this.at);
  }
}

export function improperQualifiedName(parts: readonly string[], position: number): SqlError {
  return syntaxError(`improper qualified name (too many dotted names): ${parts.join('.')}`, { position });
}
