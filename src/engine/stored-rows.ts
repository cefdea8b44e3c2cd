/**
 * Reading the rows of tables and materialized views: a pinned snapshot, page by page, as batches.
 *
 * A stored relation is a state table of its columns followed by `copies`, how many times the row is there. A full page
 * goes out as it is, without copying; a page with holes is gathered.
 */

import type { StateSnapshot } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { allocateColumn, type Column, type F64Column, gatherColumn } from '../types/column.ts';

/** Live rows of a snapshot as lent batches; `width` is the number of columns without the copies. */
export function* readSnapshot(snapshot: StateSnapshot, width: number): Generator<Batch> {
  const rows = new Int32Array(BATCH_ROWS);
  let gathered: Column[] | null = null;
  for (let p = 0; p < snapshot.pageCount; p++) {
    const { columns, live, liveCount } = snapshot.page(p);
    if (liveCount === 0) continue;
    const data = columns.slice(0, width);
    const copies = columns[width] as Column;
    if (isPrefix(live, liveCount)) {
      yield { length: liveCount, columns: data, weights: prefixWeights(copies, liveCount) };
      continue;
    }
    gathered ??= columns.map((column) => allocateColumn(column.kind, BATCH_ROWS));
    const count = listLive(live, rows);
    for (let c = 0; c < columns.length; c++) {
      gatherColumn(columns[c] as Column, rows, count, gathered[c] as Column, 0);
    }
    const weights = prefixWeights(gathered[width] as Column, count);
    yield { length: count, columns: gathered.slice(0, width), weights };
  }
}

function isPrefix(live: Uint8Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (live[i] === 0) return false;
  return true;
}

function listLive(live: Uint8Array, rows: Int32Array): number {
  let count = 0;
  for (let i = 0; i < live.length; i++) if (live[i] === 1) rows[count++] = i;
  return count;
}

/** The weights of the first `count` rows, or null when all are one. */
function prefixWeights(copies: Column, count: number): Int32Array | null {
  let allOnes = true;
  for (let i = 0; i < count && allOnes; i++) allOnes = copiesAt(copies, i) === 1;
  if (allOnes) return null;
  return Int32Array.from({ length: count }, (_, i) => copiesAt(copies, i));
}

/** Copies are counted in doubles. */
export const copiesAt = (column: Column, i: number): number => (column as F64Column).data[i] as number;
