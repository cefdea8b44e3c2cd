/** LIMIT and OFFSET as numbers: NULL is none, a negative one is PostgreSQL's error. */
import { invalidRowCountInLimitClause, invalidRowCountInResultOffsetClause } from '../base/errors.ts';
import { evaluateConstant } from '../expr/compile.ts';
import type { EvalContext } from '../expr/context.ts';
import type { Expr } from '../expr/expr.ts';

export type RowBounds = { readonly limit: number | null; readonly offset: number };

export function rowBounds(limit: Expr | null, offset: Expr | null, context: EvalContext): RowBounds {
  const limitRows = boundOf(limit, context);
  const offsetRows = boundOf(offset, context) ?? 0;
  if (limitRows !== null && limitRows < 0) throw invalidRowCountInLimitClause();
  if (offsetRows < 0) throw invalidRowCountInResultOffsetClause();
  return { limit: limitRows, offset: offsetRows };
}

/** Counts beyond 2^53 are rounded: there are no so many rows. */
function boundOf(expr: Expr | null, context: EvalContext): number | null {
  const value = expr === null ? null : evaluateConstant(expr, context);
  return value === null ? null : Number(value as number | bigint);
}
