/**
 * What names mean at one place of a query: the tables that may qualify a column, the columns that stand without a
 * qualifier, and the enclosing query outside.
 *
 * A scope is also the query level that aggregates belong to. Resolution itself is `names.ts`.
 */
import type { QueryableRelation } from '../../catalog/relation.ts';
import type { Expr } from '../../expr/expr.ts';
import type { TableFunction } from '../../expr/table-functions/define.ts';
import type { Field, Logical, LogicalAggregate } from '../logical/logical.ts';

/** Which column of which stored relation a field shows unchanged, for RowDescription. `attnum` counts from 1. */
export type Origin = { readonly relation: number; readonly attnum: number };
export const noOrigin: Origin = { relation: 0, attnum: 0 };

export type ScopeColumn = { readonly name: string; readonly field: Field; readonly origin: Origin };

export type ScopeTable = {
  /** The alias, or the relation's name. */
  readonly name: string;
  /** Set while the table goes by its own name: `schema.table.column` finds it. */
  readonly schema: string | null;
  /** The relation or common table behind, for hints and functional dependency. */
  readonly relation: QueryableRelation | null;
  readonly realName: string | null;
  readonly columns: readonly ScopeColumn[];
};

/** A FROM item, or several joined: a plan and what may be said of it. */
export type FromResult = {
  readonly plan: Logical;
  readonly tables: readonly ScopeTable[];
  /** Visible without qualifier, in the order of `*`. Merged columns of USING appear once. */
  readonly columns: readonly ScopeColumn[];
};

/** What a FROM item offers to names. */
export type Visible = Pick<FromResult, 'tables' | 'columns'>;

/** An aggregate call found while binding a level; the expression refers to it by its field. */
export type AggregateUse = { readonly field: Field; readonly call: LogicalAggregate; readonly at: number };

/** A subquery found while binding an expression: to be joined to the input of whoever evaluates the expression. */
export type Attachment = { readonly type: 'inner' | 'left'; readonly right: Logical };

/** A set-returning function found in a target list; `field` is its column. */
export type SetReturning = { readonly fn: TableFunction; readonly args: readonly Expr[]; readonly field: Field };

/** Where an expression stands, in the words of PostgreSQL's messages. */
export type Clause =
  | 'SELECT'
  | 'WHERE'
  | 'HAVING'
  | 'GROUP BY'
  | 'ORDER BY'
  | 'DISTINCT ON'
  | 'LIMIT'
  | 'OFFSET'
  | 'VALUES'
  | 'RETURNING'
  | 'UPDATE'
  | 'FILTER'
  | 'JOIN conditions'
  | 'functions in FROM'
  | 'FROM clause of their own query level'
  | 'DEFAULT expressions'
  | 'check constraints'
  | 'column generation expressions'
  | 'watermark expressions';

export class Scope {
  readonly parent: Scope | null;
  tables: readonly ScopeTable[] = [];
  columns: readonly ScopeColumn[] = [];
  /** Every table ever named at this level, also those hidden by now: hints point at them. */
  readonly known: ScopeTable[];
  readonly aggregates: AggregateUse[] = [];
  /** Subqueries in arguments of aggregates: they are joined below the aggregation. */
  readonly belowAggregates: Attachment[] = [];
  readonly depth: number;
  /** What is being bound here now: where an aggregate of an inner query that belongs to this level would stand. */
  clause: Clause = 'SELECT';

  constructor(parent: Scope | null, known: ScopeTable[] = []) {
    this.parent = parent;
    this.known = known;
    this.depth = parent === null ? 0 : parent.depth + 1;
  }

  /** A scope beside this one (same outer query) that sees only `from`: a join condition, a lateral item. */
  beside(from: Visible): Scope {
    const scope = new Scope(this.parent, this.known);
    scope.tables = from.tables;
    scope.columns = from.columns;
    return scope;
  }

  show(from: Visible): void {
    this.tables = from.tables;
    this.columns = from.columns;
  }
}
