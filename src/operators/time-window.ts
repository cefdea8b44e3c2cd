/**
 * TUMBLE, HOP and CUMULATE: each row once per window it falls in, with the window's start, end and last instant as three more columns.
 *
 * Without state: a retraction falls in the same windows as the row it retracts. Rows with NULL or infinite time fall in none.
 */
import type { Batch } from '../types/batch.ts';
import { BATCH_ROWS } from '../types/batch.ts';
import { allocateColumn, type Column, type I64Column } from '../types/column.ts';
import { addInt, type Int } from '../types/int64.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, resetColumns } from './buffers.ts';
import type { Operator, Output } from './operator.ts';
import {
  type EachWindow,
  eachCumulate,
  eachHop,
  eachTumble,
  tumbleLanes,
  UNIX_EPOCH,
  WindowLanes,
} from './window-bounds.ts';

export type TimeWindowOptions = {
  readonly types: readonly SqlType[];
  readonly window: 'tumble' | 'hop' | 'cumulate';
  readonly timeColumn: number;
  /** µs. */
  readonly size: Int;
  readonly step: Int;
  readonly offset: Int;
};

export class TimeWindow implements Operator {
  readonly #options: TimeWindowOptions;
  readonly #origin: Int;
  readonly #each: EachWindow;
  readonly #bounds: Column[] = [
    allocateColumn('i64', BATCH_ROWS),
    allocateColumn('i64', BATCH_ROWS),
    allocateColumn('i64', BATCH_ROWS),
  ];
  readonly #gathered: Column[];
  readonly #rows = new Int32Array(BATCH_ROWS);
  readonly #weights = new Int32Array(BATCH_ROWS);
  readonly #lanes = new WindowLanes();
  #count = 0;

  constructor(options: TimeWindowOptions) {
    const { window, size, step, offset } = options;
    this.#options = options;
    this.#origin = addInt(UNIX_EPOCH, offset);
    this.#gathered = allocateColumns(options.types.map((type) => type.column));
    if (window === 'tumble') this.#each = eachTumble(size, this.#origin);
    else if (window === 'hop') this.#each = eachHop(size, step, this.#origin);
    else this.#each = eachCumulate(size, step, this.#origin);
  }

  describe(): string {
    const { window, size, step } = this.#options;
    return `${window[0]?.toUpperCase()}${window.slice(1)}: ${window === 'tumble' ? '' : `${step} µs of `}${size} µs`;
  }

  onBatch(batch: Batch, _input: number, output: Output): void {
    const time = batch.columns[this.#options.timeColumn] as I64Column;
    if (this.#options.window === 'tumble' && time.nulls === null && this.#tumbleAll(time.data, batch.length)) {
      output({ length: batch.length, columns: [...batch.columns, ...this.#bounds], weights: batch.weights });
      return;
    }
    for (let i = 0; i < batch.length; i++) {
      if (time.nulls?.[i] === 1) continue;
      this.#each(time.data, i, (start, end) => {
        this.#lanes.set(start, end);
        this.#add(batch, i, output);
      });
    }
    this.#flush(batch, output);
  }

  /** Every row in one window: the input columns go on as they are. False when a time wants exact arithmetic. */
  #tumbleAll(times: Int32Array, count: number): boolean {
    const { size } = this.#options;
    if (typeof size !== 'number' || typeof this.#origin !== 'number') return false;
    resetColumns(this.#bounds, count);
    const [starts, ends, lasts] = this.#bounds as [I64Column, I64Column, I64Column];
    return tumbleLanes(times, count, size, this.#origin, starts.data, ends.data, lasts.data);
  }

  #add(batch: Batch, i: number, output: Output): void {
    const k = this.#count++;
    this.#rows[k] = i;
    if (batch.weights !== null) this.#weights[k] = batch.weights[i] as number;
    const { lanes } = this.#lanes;
    for (let b = 0; b < 3; b++) {
      const { data } = this.#bounds[b] as I64Column;
      data[2 * k] = lanes[2 * b] as number;
      data[2 * k + 1] = lanes[2 * b + 1] as number;
    }
    if (this.#count === BATCH_ROWS) this.#flush(batch, output);
  }

  #flush(batch: Batch, output: Output): void {
    if (this.#count === 0) return;
    const length = this.#count;
    this.#count = 0;
    gatherColumns(batch.columns, this.#rows, length, this.#gathered);
    const columns = [...this.#gathered, ...this.#bounds];
    output({ length, columns, weights: batch.weights === null ? null : this.#weights });
  }
}
