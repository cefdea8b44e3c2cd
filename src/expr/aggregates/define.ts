/**
 * What an aggregate function is, as the aggregate operator runs it: state columns per group, a vectorised step over a
 * batch, and a vectorised reading of the result.
 *
 * Weights make retraction ordinary: count and sum add `weight × value`. What cannot forget (min, max) says so, and the
 * operator then keeps the values themselves in an ordered multiset, unless its input is append-only. DISTINCT and FILTER are
 * the operator's business: a step sees only rows that count, with their weights.
 */
import type { Column, Value } from '../../types/column.ts';
import type { SqlType } from '../../types/type.ts';
import type { ArgumentType } from '../functions/define.ts';

/** Columns of a state table, page by page; row `r` is in page `r >> 10` at `r & 1023`. */
export type PagedColumn = readonly Column[];

export type AggregateFunction = {
  readonly name: string;
  readonly args: readonly ArgumentType[];
  readonly result: SqlType | ((args: readonly SqlType[]) => SqlType);
  readonly doc: string;
  /** `[SQL over VALUES, result]`, run as tests. */
  readonly examples: readonly (readonly [sql: string, result: string])[];
  /**
   * `state`: exact under negative weights from the state columns alone.
   * `least` / `greatest`: the first / last of the values in order; `accumulate` and `finish` serve append-only input only.
   * `multiset`: needs all values; `finishMultiset` reads them.
   */
  readonly retraction: 'state' | 'least' | 'greatest' | 'multiset';
  /** Rows where an argument is NULL are passed over (all of PostgreSQL's but array_agg, json_agg, count(*)). */
  readonly skipsNulls: boolean;
  /** Types of the state columns for these argument types. New state is zero, '' or null object, and not NULL. */
  state(args: readonly SqlType[]): readonly SqlType[];
  /**
   * Adds `count` rows to the state: row `k` of the arguments, with weight `weights[k]` (null: 1), to group `groups[k]`.
   * Pages are already touched. `selection`, when not null, lists the `count` rows to take (then `groups`/`weights` are indexed by
   * row as the arguments are).
   */
  accumulate(
    state: readonly PagedColumn[],
    groups: Int32Array,
    args: readonly Column[],
    weights: Int32Array | null,
    selection: Int32Array | null,
    count: number,
  ): void;
  /** Writes the results of groups `rows[0..count)` to `out[at…]`. A group without rows that count is NULL (count: 0). */
  finish(state: readonly PagedColumn[], rows: Int32Array, count: number, out: Column, at: number): void;
  /** `multiset` only: the result over the values in order, each with its number of copies. */
  finishMultiset?(values: Iterable<{ readonly value: Value; readonly copies: number }>): Value;
  /** For aggregates that depend on their argument types (array_agg, json_agg): overload resolution puts the answer in place. */
  specialize?(args: readonly SqlType[]): AggregateFunction;
};

/** For symmetry with `defineFunction`: nothing is filled in, the shape is checked. */
export const defineAggregate = (facts: AggregateFunction): AggregateFunction => facts;
