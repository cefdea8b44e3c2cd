/** Expressions to JavaScript kernels over columns. */
import type { Column, Value } from '../types/column.ts';
import type { EvalContext } from './context.ts';
import type { Expr } from './expr.ts';

/** Evaluates a list of expressions for some rows of a batch. */
export type ProjectionKernel = {
  /** The generated code, for EXPLAIN (CODE). */
  readonly source: string;
  /**
   * For k in [0, count): row `selection[k]` (or `k` when null) of `columns` is evaluated into `out[e]` at place `k`, one
   * `out` column per expression, of the kind of its type. Throws the SqlError of the first row that fails; what `out` holds is
   * then undefined. `selection` of one row is the way to find out which row failed.
   */
  run(
    context: EvalContext,
    columns: readonly Column[],
    selection: Int32Array | null,
    count: number,
    out: readonly Column[],
  ): void;
};

/** Evaluates a condition. */
export type PredicateKernel = {
  readonly source: string;
  /** Writes to `kept` the numbers of those rows (of `selection`, or of [0, count)) where the condition is true, and returns how many. */
  run(
    context: EvalContext,
    columns: readonly Column[],
    selection: Int32Array | null,
    count: number,
    kept: Int32Array,
  ): number;
};

/** `name` becomes the file name of the code (`sql/<name>.js`) in stacks and profiles. */
export declare function compileProjection(exprs: readonly Expr[], name: string): ProjectionKernel;
export declare function compilePredicate(expr: Expr, name: string): PredicateKernel;
/** Evaluates an expression without columns, e.g. to fold a constant or read a LIMIT. */
export declare function evaluateConstant(expr: Expr, context: EvalContext): Value;
