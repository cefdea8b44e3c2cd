/** What a statement came to, before it is sent: rows as owned batches, and the command tag. */
import type { Batch } from '../types/batch.ts';
import type { ResultColumn } from './session.ts';

export type Outcome = {
  /** Null for a statement without a result. */
  readonly columns: readonly ResultColumn[] | null;
  readonly batches: readonly Batch[];
  /** `SELECT` gets its row count appended when it is sent; others are complete. */
  readonly tag: string;
  readonly tagCountsRows: boolean;
};

export const done = (tag: string): Outcome => ({ columns: null, batches: [], tag, tagCountsRows: false });

export const rowsOutcome = (columns: readonly ResultColumn[], batches: readonly Batch[], tag = 'SELECT'): Outcome => ({
  columns,
  batches,
  tag,
  tagCountsRows: true,
});
