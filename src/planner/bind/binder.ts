/**
 * The state of one binding and the knot that ties its files together: an expression may hold a query, and a query expressions.
 *
 * Files of this folder import this one and reach one another's recursion through `bindExpr` and `bindQuery`, which
 * `bind.ts` sets. Positions of expressions are kept beside them, because `Expr` has none.
 */
import { type Notice, statementTooComplex } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import type { Expr as AstExpr, FromItem, Query } from '../../parser/ast.ts';
import type { SqlType } from '../../types/type.ts';
import type { PlanEnvironment } from '../environment.ts';
import type { Field, Logical } from '../logical/logical.ts';
import { ParameterTypes } from './parameters.ts';
import type { Attachment, Clause, FromResult, Origin, Scope, SetReturning, Visible } from './scope.ts';

export type { Clause } from './scope.ts';

export type ExprContext = {
  readonly scope: Scope;
  readonly clause: Clause;
  /** Takes the subqueries of the expression; null where none is allowed. */
  readonly attachments: Attachment[] | null;
  /** Takes the set-returning functions; null where none is allowed. */
  readonly setReturning: SetReturning[] | null;
  /** Inside the arguments of an aggregate. */
  readonly inAggregate: boolean;
};

export const contextFor = (scope: Scope, clause: Clause, attachments: Attachment[] | null): ExprContext => ({
  scope,
  clause,
  attachments,
  setReturning: null,
  inAggregate: false,
});

/** A column of a query's result. */
export type OutputColumn = { readonly field: Field; readonly origin: Origin };
export type BoundQuery = {
  readonly plan: Logical;
  readonly columns: readonly OutputColumn[];
  /** The order of the rows; its fields are among the plan's. */
  readonly order: readonly { readonly id: number; readonly descending: boolean; readonly nullsFirst: boolean }[];
};

/** Names of WITH, inner ones first. `query` is null while a recursive one is being bound. */
export type CommonTables = {
  readonly outer: CommonTables;
  readonly name: string;
  readonly query: BoundQuery | null;
} | null;

export type QueryContext = {
  /** The enclosing query, whose columns may be used. */
  readonly scope: Scope | null;
  /** Untyped literals of the result stay untyped: the caller gives them a type (INSERT, arms of UNION). */
  readonly keepUnknown?: boolean;
};

const MAX_VIEW_DEPTH = 100;

export class Binder {
  environment: PlanEnvironment;
  readonly parameters: ParameterTypes;
  readonly notices: Notice[] = [];
  readonly #positions = new WeakMap<Expr, number>();
  readonly #subqueryNames = new WeakMap<AstExpr, string>();
  readonly #levels = new Map<number, Scope>();
  /** WITH names in force: set by queries for what they contain. */
  ctes: CommonTables = null;
  #viewDepth = 0;
  #nextId = 0;

  readonly bindExpr: (binder: Binder, ast: AstExpr, context: ExprContext) => Expr;
  readonly bindQuery: (binder: Binder, query: Query, context: QueryContext) => BoundQuery;
  readonly bindFromItem: (binder: Binder, item: FromItem, scope: Scope, left: Visible | null) => FromResult;

  constructor(environment: PlanEnvironment, knot: Pick<Binder, 'bindExpr' | 'bindQuery' | 'bindFromItem'>) {
    this.environment = environment;
    this.parameters = new ParameterTypes(environment.parameterTypes);
    this.bindExpr = knot.bindExpr;
    this.bindQuery = knot.bindQuery;
    this.bindFromItem = knot.bindFromItem;
  }

  field(name: string, type: SqlType, typmod = -1, notNull = false): Field {
    return { id: this.#nextId++, name, type, typmod, notNull };
  }

  fresh(field: Field): Field {
    return { ...field, id: this.#nextId++ };
  }

  fieldFor(name: string, expr: Expr): Field {
    return this.field(name, expr.type, expr.typmod);
  }

  /** Remembers where `expr` stands in the statement. */
  locate<E extends Expr>(expr: E, at: number): E {
    this.#positions.set(expr, at);
    return expr;
  }

  positionOf(expr: Expr): number | undefined {
    return this.#positions.get(expr);
  }

  /** The column name of a scalar subquery, for whoever names the column it stands in. */
  nameSubquery(ast: AstExpr, name: string): void {
    this.#subqueryNames.set(ast, name);
  }

  subqueryName(ast: AstExpr): string | undefined {
    return this.#subqueryNames.get(ast);
  }

  /** Says which query level the fields of a FROM item belong to. */
  own(fields: readonly Field[], scope: Scope): void {
    for (const field of fields) this.#levels.set(field.id, scope);
  }

  levelOf(id: number): Scope | undefined {
    return this.#levels.get(id);
  }

  /** Runs `bind` with the names that a view was written with, and no WITH names. */
  inView<T>(searchPath: readonly string[], bind: () => T): T {
    const { ctes, environment } = this;
    if (this.#viewDepth >= MAX_VIEW_DEPTH) throw statementTooComplex('views are nested too deeply');
    this.ctes = null;
    this.environment = { ...environment, searchPath };
    this.#viewDepth++;
    try {
      return bind();
    } finally {
      this.ctes = ctes;
      this.environment = environment;
      this.#viewDepth--;
    }
  }
}
