/**
 * What a SQL function is. All that the server knows of a function (how the binder types it, how it treats NULL, how it
 * compiles, what pg_proc, the manual and the tests say) stands in one value. Operators are functions whose name is the
 * operator (`+`, `~~`), casts are in types/casts.ts, grammar-level constructs (CASE, COALESCE, AND) are kinds of Expr.
 */
import { AssertionError } from '../../base/assert.ts';
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
  /**
   * The evaluation for these argument types, where the types decide it (to_json, concat, array operators). Overload resolution
   * puts it in place of `eval`, which then is never called itself.
   */
  readonly evalFor?: ((args: readonly SqlType[]) => (...args: never[]) => Value) | undefined;
  /** Likewise the volatility: what prints a timestamptz depends on the session's zone, what prints a number does not. */
  readonly volatilityFor?: ((args: readonly SqlType[]) => Volatility) | undefined;
  /** JavaScript for the call over argument variables in scalar form, when that beats calling `eval`. Result never NULL. */
  readonly emit?: ((...args: string[]) => string) | undefined;
  /** Likewise for compiled loops, which hold only ordinary numbers (see `InlineArgument`). Preferred to `emit` there. */
  readonly inline?: ((...args: InlineArgument[]) => Inline) | undefined;
};

/**
 * An argument in a compiled loop. int8 and its kin are doubles there, and numeric is a double `value` (the coefficient, a safe
 * integer) with a small integer `scale`: rows that hold anything else are left to the interpreter before they get here.
 */
export type InlineArgument = { readonly value: string; readonly scale: string };

/** JavaScript of a result in the same form. A row for which the condition `unless` holds is left to the interpreter. */
export type Inline = {
  readonly value: string;
  readonly scale?: string | undefined;
  readonly unless?: ((value: string, scale: string) => string) | undefined;
};

type Defaults = 'optional' | 'variadic' | 'volatility' | 'strict' | 'context' | 'eval';

/** Fills in what nearly all functions have in common: immutable, strict, a fixed list of arguments, no context. */
export function defineFunction(
  facts: Omit<ScalarFunction, Defaults> & Partial<Pick<ScalarFunction, Defaults>>,
): ScalarFunction {
  return {
    optional: 0,
    variadic: false,
    volatility: 'immutable',
    strict: true,
    context: false,
    eval: unresolved,
    ...facts,
  };
}

/** `defineFunction` for the many functions that need nothing special, in one line. */
export const define = (
  name: string,
  args: readonly ArgumentType[],
  result: ScalarFunction['result'],
  doc: string,
  examples: ScalarFunction['examples'],
  evaluate: ScalarFunction['eval'],
  more: Partial<Pick<ScalarFunction, Exclude<Defaults, 'eval'> | 'emit' | 'inline'>> = {},
): ScalarFunction => defineFunction({ name, args, result, doc, examples, eval: evaluate, ...more });

function unresolved(): never {
  throw new AssertionError('a function that depends on its argument types was called without resolution');
}
