/**
 * Bound scalar expressions: names are resolved, types are known, every conversion is explicit. The contract between
 * planner, compiler and operators. Immutable, printable (`format-expr.ts`), free of AST.
 *
 * A column is an index into the input's columns. Subqueries and outer references do not occur here: the planner has its own
 * wider type while it binds, and leaves only these.
 */

import type { CastFunction } from '../types/cast.ts';
import type { Value } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import type { AggregateFunction } from './aggregates/define.ts';
import type { ScalarFunction } from './functions/define.ts';

/** Type and modifier, as every expression has them. */
export type Typed = { readonly type: SqlType; readonly typmod: number };

export type Expr =
  | ColumnExpr
  | ConstantExpr
  | ParameterExpr
  | CallExpr
  | CastExpr
  | BooleanExpr
  | NotExpr
  | NullTestExpr
  | BooleanTestExpr
  | DistinctExpr
  | CaseExpr
  | CoalesceExpr
  | ExtremeExpr
  | InListExpr
  | QuantifiedExpr
  | ArrayExpr;

/** `name` is for people: EXPLAIN and comments in generated code. */
export type ColumnExpr = Typed & { readonly kind: 'column'; readonly index: number; readonly name: string };
export type ConstantExpr = Typed & { readonly kind: 'constant'; readonly value: Value };
/** $n, counted from 0 here; its value is in the EvalContext. */
export type ParameterExpr = Typed & { readonly kind: 'parameter'; readonly index: number };
/** `args` already have the function's argument types. `at` is the source position, for errors at run time. */
export type CallExpr = Typed & {
  readonly kind: 'call';
  readonly fn: ScalarFunction;
  readonly args: readonly Expr[];
  readonly at: number;
};
/** `explicit` casts truncate where assignment casts raise. A cast that only changes the typmod has `cast` null. */
export type CastExpr = Typed & {
  readonly kind: 'cast';
  readonly operand: Expr;
  readonly cast: CastFunction | null;
  readonly explicit: boolean;
  readonly at: number;
};
/** Three-valued. All operands are evaluated unless one decides; an error in an undecided operand is an error. */
export type BooleanExpr = Typed & { readonly kind: 'and' | 'or'; readonly operands: readonly Expr[] };
export type NotExpr = Typed & { readonly kind: 'not'; readonly operand: Expr };
export type NullTestExpr = Typed & { readonly kind: 'is-null'; readonly operand: Expr; readonly negated: boolean };
/** IS [NOT] TRUE / FALSE / UNKNOWN. */
export type BooleanTestExpr = Typed & {
  readonly kind: 'boolean-test';
  readonly operand: Expr;
  readonly test: 'true' | 'false' | 'unknown';
  readonly negated: boolean;
};
/** IS [NOT] DISTINCT FROM; `equal` is the `=` of the operands' common type. */
export type DistinctExpr = Typed & {
  readonly kind: 'is-distinct';
  readonly left: Expr;
  readonly right: Expr;
  readonly equal: ScalarFunction;
  readonly negated: boolean;
};
/** Searched CASE; the simple form and NULLIF are bound to it. Branches not taken are not evaluated. */
export type CaseExpr = Typed & {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr | null;
};
export type CoalesceExpr = Typed & { readonly kind: 'coalesce'; readonly args: readonly Expr[] };
/** GREATEST and LEAST: NULLs are passed over. */
export type ExtremeExpr = Typed & { readonly kind: 'greatest' | 'least'; readonly args: readonly Expr[] };
/** IN with constants of one type, NULLs among them allowed; anything else is bound to OR. */
export type InListExpr = Typed & {
  readonly kind: 'in-list';
  readonly operand: Expr;
  readonly choices: readonly Value[];
  readonly negated: boolean;
};
/** `x op ANY (array)`, `x op ALL (array)`. */
export type QuantifiedExpr = Typed & {
  readonly kind: 'quantified';
  readonly quantifier: 'any' | 'all';
  readonly operand: Expr;
  readonly array: Expr;
  readonly fn: ScalarFunction;
};
export type ArrayExpr = Typed & { readonly kind: 'array'; readonly elements: readonly Expr[] };

/** One sort key of ORDER BY over columns. */
export type SortKey = { readonly column: number; readonly descending: boolean; readonly nullsFirst: boolean };

/** An aggregate in a plan. Arguments and filter are columns of the aggregate's input: the planner projects them first. */
export type AggregateCall = Typed & {
  readonly fn: AggregateFunction;
  readonly args: readonly number[];
  readonly distinct: boolean;
  /** A boolean column; only rows where it is true count. */
  readonly filter: number | null;
  readonly orderBy: readonly SortKey[];
  readonly name: string;
};
