/**
 * What a SQL function is. All that the server knows of a function (how the binder types it, how it treats NULL, how it
 * compiles, what pg_proc, the manual and the tests say) stands in one value. Operators are functions whose name is the
 * operator (`+`, `~~`), casts are in types/casts.ts, grammar-level constructs (CASE, COALESCE, AND) are kinds of Expr.
 */
import type { Value } from '../../types/column.ts';
import type { SqlType } from '../../types/type.ts';

/** How the result depends on more than the arguments; the planner folds `immutable` calls only, and views refuse the rest. */
export type Volatility = 'immutable' | 'stable' | 'volatile';

/** PostgreSQL's polymorphic pseudo-types that a definition may use for an argument. */
export type Polymorphic = 'anyelement' | 'anyarray' | 'anynonarray' | 'anycompatible' | 'anycompatiblearray' | 'any';
export type ArgumentType = SqlType | Polymorphic;

export type ScalarFunction = {
  readonly name: string;
  readonly args: readonly ArgumentType[];
  /** Number of trailing arguments that may be left out; `eval` then gets fewer. */
  readonly optional: number;
  /** The last argument may repeat (VARIADIC). */
  readonly variadic: boolean;
  /** The result, or how it follows from the actual argument types. */
  readonly result: SqlType | ((args: readonly SqlType[]) => SqlType);
  readonly volatility: Volatility;
  /** A strict function is NULL when any argument is; the compiler writes that check once. */
  readonly strict: boolean;
  /** `eval` takes the EvalContext before the arguments. */
  readonly context: boolean;
  readonly doc: string;
  /** `[SQL expression, result as psql prints it]`, '' for NULL. Shown in the manual and run as tests. */
  readonly examples: readonly (readonly [sql: string, result: string])[];
  /** Called by generated code with values in scalar form (types/column.ts). Arguments are never NULL when `strict`. */
  readonly eval: (...args: never[]) => Value;
  /** JavaScript for the call over argument variables in scalar form, when that beats calling `eval`. Result never NULL. */
  readonly emit?: ((...args: string[]) => string) | undefined;
};
