/**
 * Candidate pairs of a join on their way out: collected as numbers, 1,024 at a time, then assembled column by column, tested
 * against the residual condition, counted as matches, and emitted.
 */
import type { PredicateKernel } from '../expr/compile.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import { type Column, gatherColumn } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, resetColumns } from './buffers.ts';
import type { JoinSide } from './join-side.ts';
import type { OperatorContext, Output } from './operator.ts';
import { gatherPages } from './paged.ts';
import { RowFilter } from './row-errors.ts';

export class PairBatch {
  readonly #emits: boolean;
  readonly #residual: RowFilter | null;
  readonly #leftWidth: number;
  readonly #columns: Column[];
  readonly #kept: Column[];
  readonly #keptWeights = new Int32Array(BATCH_ROWS);
  /** Per pair: the row of the batch, the row of the other side's table, that row's copies. */
  readonly #places = new Int32Array(BATCH_ROWS);
  readonly #rows = new Int32Array(BATCH_ROWS);
  readonly #copies = new Float64Array(BATCH_ROWS);
  readonly #weights = new Int32Array(BATCH_ROWS);
  readonly #keptRows = new Int32Array(BATCH_ROWS);
  #count = 0;
  #now: Now | null = null;

  /** `emits` is false for semi and anti joins, where pairs are only counted. */
  constructor(options: {
    readonly leftTypes: readonly SqlType[];
    readonly rightTypes: readonly SqlType[];
    readonly residual: PredicateKernel | null;
    readonly emits: boolean;
    readonly context: OperatorContext;
  }) {
    const { leftTypes, rightTypes, residual, emits, context } = options;
    this.#emits = emits;
    this.#residual = residual === null ? null : new RowFilter(residual, context);
    this.#leftWidth = leftTypes.length;
    const kinds = [...leftTypes, ...rightTypes].map((type) => type.column);
    this.#columns = allocateColumns(kinds);
    this.#kept = residual === null ? [] : allocateColumns(kinds);
  }

  begin(batch: Batch, isLeft: boolean, own: JoinSide, other: JoinSide, output: Output): void {
    this.#now = { batch, isLeft, own, other, output };
  }

  /** Row `place` of the batch meets row `row` of the other side, of which there are `copies`. */
  add(place: number, row: number, copies: number): void {
    const k = this.#count++;
    this.#places[k] = place;
    this.#rows[k] = row;
    this.#copies[k] = copies;
    if (this.#count === BATCH_ROWS) this.#flush();
  }

  end(): void {
    if (this.#count > 0) this.#flush();
    this.#now = null;
  }

  #flush(): void {
    const now = this.#now as Now;
    const count = this.#count;
    this.#count = 0;
    const { weights } = now.batch;
    for (let k = 0; k < count; k++) {
      const weight = weights === null ? 1 : (weights[this.#places[k] as number] as number);
      this.#weights[k] = weight * (this.#copies[k] as number);
    }
    if (this.#emits || this.#residual !== null) this.#assemble(now, count);
    if (this.#residual === null) {
      this.#countMatches(now, null, count);
      if (this.#emits) this.#emit(now.output, null, count);
      return;
    }
    const passed = this.#residual.run({ length: count, columns: this.#columns, weights: this.#weights });
    this.#countMatches(now, this.#residual.kept, passed);
    if (this.#emits) this.#emit(now.output, this.#residual.kept, passed);
  }

  #assemble({ batch, isLeft, other }: Now, count: number): void {
    resetColumns(this.#columns, count);
    const ownAt = isLeft ? 0 : this.#leftWidth;
    const otherAt = isLeft ? this.#leftWidth : 0;
    const ownWidth = isLeft ? this.#leftWidth : this.#columns.length - this.#leftWidth;
    const otherWidth = this.#columns.length - ownWidth;
    for (let c = 0; c < ownWidth; c++) {
      gatherColumn(batch.columns[c] as Column, this.#places, count, this.#columns[ownAt + c] as Column, 0);
    }
    for (let c = 0; c < otherWidth; c++) {
      gatherPages(other.table.column(c), this.#rows, count, this.#columns[otherAt + c] as Column, 0);
    }
  }

  /** Tells tracked sides of their matches: rows that were there of the coming ones, new rows of all they find. */
  #countMatches({ batch, own, other }: Now, kept: Int32Array | null, count: number): void {
    if (other.tracking !== 'none') {
      for (let k = 0; k < count; k++) this.#keptRows[k] = this.#rows[kept === null ? k : (kept[k] as number)] as number;
      other.touchRows(this.#keptRows, count);
      for (let k = 0; k < count; k++) {
        const place = this.#places[kept === null ? k : (kept[k] as number)] as number;
        other.addMatches(this.#keptRows[k] as number, batch.weights === null ? 1 : (batch.weights[place] as number));
      }
    }
    if (own.tracking !== 'none') {
      for (let k = 0; k < count; k++) {
        const pair = kept === null ? k : (kept[k] as number);
        const place = this.#places[pair] as number;
        if (own.created[place] === 1) own.addMatches(own.rows[place] as number, this.#copies[pair] as number);
      }
    }
  }

  /** Emits the pairs but those of weight 0: of a row that has no copies now, and is remembered until the end of the tick. */
  #emit(output: Output, kept: Int32Array | null, count: number): void {
    const picks = this.#keptRows;
    let length = 0;
    for (let k = 0; k < count; k++) {
      const pair = kept === null ? k : (kept[k] as number);
      const weight = this.#weights[pair] as number;
      if (weight === 0) continue;
      this.#keptWeights[length] = weight;
      picks[length++] = pair;
    }
    if (length === 0) return;
    const weights = allOnes(this.#keptWeights, length) ? null : this.#keptWeights;
    if (kept === null && length === count) {
      output({ length, columns: this.#columns, weights });
      return;
    }
    gatherColumns(this.#columns, picks, length, this.#kept.length > 0 ? this.#kept : this.#spare());
    output({ length, columns: this.#kept, weights });
  }

  #spare(): Column[] {
    for (const column of this.#columns) this.#kept.push(...allocateColumns([column.kind]));
    return this.#kept;
  }
}

/** The call that pairs are being collected for. */
type Now = {
  readonly batch: Batch;
  readonly isLeft: boolean;
  readonly own: JoinSide;
  readonly other: JoinSide;
  readonly output: Output;
};

function allOnes(weights: Int32Array, count: number): boolean {
  for (let k = 0; k < count; k++) if (weights[k] !== 1) return false;
  return true;
}
