/**
 * A set-returning function in FROM: for each input row the rows the function makes of its arguments. Without state: the
 * function is asked again for a retraction, and answers the same.
 */
import { SqlError } from '../base/errors.ts';
import type { ProjectionKernel } from '../expr/compile.ts';
import type { TableFunction } from '../expr/table-functions/define.ts';
import { type Batch, BatchBuilder, weightAt } from '../types/batch.ts';
import { type Column, type ColumnKind, copyValue, setValueAt, type Value, valueAt } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { RowProjector } from './row-errors.ts';

export type TableFunctionOptions = {
  readonly fn: TableFunction;
  /** The kernel of the arguments. */
  readonly args: ProjectionKernel;
  readonly argKinds: readonly ColumnKind[];
  /** Types of the output: input columns, the function's, the ordinal if asked. */
  readonly types: readonly SqlType[];
  readonly withOrdinality: boolean;
  /** A row of which the function makes nothing appears once, with NULLs. */
  readonly outer: boolean;
  readonly context: OperatorContext;
};

export class TableFunctionOperator implements Operator {
  readonly #options: TableFunctionOptions;
  readonly #args: RowProjector;
  readonly #builder: BatchBuilder;

  constructor(options: TableFunctionOptions) {
    this.#options = options;
    this.#args = new RowProjector(options.args, options.argKinds, options.context);
    this.#builder = new BatchBuilder(options.types.map((type) => type.column));
  }

  describe(): string {
    return `Table function: ${this.#options.fn.name}`;
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    const count = this.#args.run(batch, null, batch.length);
    for (let k = 0; k < count; k++) {
      const row = this.#args.selection === null ? k : (this.#args.selection[k] as number);
      const args = this.#args.out.map((column) => valueAt(column, k));
      const rows = this.#rowsOf(args, batch, row);
      rows.forEach((values, r) => {
        this.#add(batch, row, [...values, r + 1], output);
      });
      if (rows.length === 0 && this.#options.outer) this.#add(batch, row, [], output);
    }
    this.#builder.flush(output);
  }

  /** All rows of one call, so that a call that fails half way leaves nothing behind. */
  #rowsOf(args: readonly Value[], batch: Batch, row: number): (readonly Value[])[] {
    const { fn, context } = this.#options;
    if (fn.strict && args.includes(null)) return [];
    try {
      return [...fn.rows(context.eval, args)];
    } catch (error) {
      if (context.onRowError === null || !(error instanceof SqlError)) throw error;
      context.onRowError(error, batch, row);
      return [];
    }
  }

  /** `values` end with the ordinal, written only where there is a column for it; missing ones are NULL. */
  #add(batch: Batch, row: number, values: readonly Value[], output: Output): void {
    if (this.#builder.isFull) this.#builder.flush(output);
    const to = this.#builder.add(weightAt(batch, row));
    const { columns } = this.#builder;
    const width = batch.columns.length;
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c] as Column;
      if (c < width) copyValue(batch.columns[c] as Column, row, column, to);
      else setValueAt(column, to, values[c - width] ?? null);
    }
  }
}
