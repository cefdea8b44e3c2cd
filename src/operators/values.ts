/** Constant rows, emitted once at the end of the first tick. That they are out is state, so a restarted view does not see them again. */
import { assert } from '../base/assert.ts';
import type { ProjectionKernel } from '../expr/compile.ts';
import type { StateStore, StateTable } from '../storage/state.ts';
import { type Batch, BatchBuilder, batchOfRows } from '../types/batch.ts';
import { type Column, copyValue } from '../types/column.ts';
import { int4 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { RowProjector } from './row-errors.ts';

export class Values implements Operator {
  readonly #builder: BatchBuilder;
  readonly #rows: readonly RowProjector[];
  readonly #emitted: StateTable;

  /** `rows` holds one kernel per row, over no columns. */
  constructor(options: {
    readonly types: readonly SqlType[];
    readonly rows: readonly ProjectionKernel[];
    readonly state: StateStore;
    readonly context: OperatorContext;
  }) {
    const kinds = options.types.map((type) => type.column);
    this.#builder = new BatchBuilder(kinds);
    this.#rows = options.rows.map((kernel) => new RowProjector(kernel, kinds, options.context));
    this.#emitted = options.state.table({
      name: 'emitted',
      columns: [{ name: 'rows', type: int4 }],
      key: [],
      equality: 'image',
      indexes: [],
    });
  }

  describe(): string {
    return `Values: ${this.#rows.length} ${this.#rows.length === 1 ? 'row' : 'rows'}`;
  }

  onBatch(_batch: Batch, _input: number, _output: Output): void {
    assert(false, 'VALUES has no input');
  }

  onTickEnd(output: Output): void {
    if (this.#emitted.rowCount > 0) return;
    this.#emitted.insert(batchOfRows(['i32'], [[this.#rows.length]]).columns, 0);
    const empty: Batch = { length: 1, columns: [], weights: null };
    for (const row of this.#rows) {
      if (row.run(empty, null, 1) === 0) continue;
      const to = this.#builder.add(1);
      for (let c = 0; c < row.out.length; c++)
        copyValue(row.out[c] as Column, 0, this.#builder.columns[c] as Column, to);
      if (this.#builder.isFull) this.#builder.flush(output);
    }
    this.#builder.flush(output);
  }
}
