/** What a set-returning function in FROM is: arguments in, rows out, one call per row of its input. */
import type { Value } from '../../types/column.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import type { ArgumentType } from '../functions/define.ts';

export type TableFunction = {
  readonly name: string;
  readonly args: readonly ArgumentType[];
  readonly optional: number;
  readonly variadic: boolean;
  /** Names and types of the columns for these argument types. A single column is renamed by the table alias, as PostgreSQL does. */
  columns(args: readonly SqlType[]): readonly { readonly name: string; readonly type: SqlType }[];
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  /** No rows when an argument is NULL. */
  readonly strict: boolean;
  readonly doc: string;
  readonly examples: readonly (readonly [sql: string, result: string])[];
  rows(context: EvalContext, args: readonly Value[]): Iterable<readonly Value[]>;
  /** For functions that depend on their argument types: overload resolution puts the answer in place. */
  specialize?(args: readonly SqlType[]): TableFunction;
};

type Defaults = 'optional' | 'variadic' | 'volatility' | 'strict';

/** Fills in what nearly all have in common: a fixed list of arguments, immutable, no rows for NULL. */
export const defineTableFunction = (
  facts: Omit<TableFunction, Defaults> & Partial<Pick<TableFunction, Defaults>>,
): TableFunction => ({ optional: 0, variadic: false, volatility: 'immutable', strict: true, ...facts });
