/**
 * TUMBLE, HOP and CUMULATE: each row once per window it falls in, with the window's start, end and last instant as three more columns.
 *
 * Without state: a retraction falls in the same windows as the row it retracts. Rows with NULL or infinite time fall in none.
 */
import type { Batch } from '../types/batch.ts';
import { BATCH_ROWS } from '../types/batch.ts';
import { allocateColumn, type Column, type I64Column } from '../types/column.ts';
import { addInt, floorModInt, type Int, int64AsDouble, int64At, setInt64, subInt } from '../types/int64.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, grownInt32, resetColumns } from './buffers.ts';
import type { Operator, Output } from './operator.ts';
import {
  alignDown,
  type EachWindow,
  eachCumulate,
  eachHop,
  eachTumble,
  isFiniteTime,
  tumbleLanes,
  UNIX_EPOCH,
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
  /** Start, end and last instant of each window of the row at hand, and the times that have the same ones. */
  #lanes: Int32Array = new Int32Array(6);
  #windows = 0;
  #sliceStart = Number.POSITIVE_INFINITY;
  #sliceEnd = Number.NEGATIVE_INFINITY;
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
      const value = int64AsDouble(time.data, i);
      if (!(value >= this.#sliceStart && value < this.#sliceEnd)) this.#findWindows(time.data, i);
      for (let w = 0; w < this.#windows; w++) this.#add(batch, i, w, output);
    }
    this.#flush(batch, output);
  }

  /**
   * Leaves the windows of row `i` in `#lanes`. All times of one step fall in the same windows, so until a time leaves the
   * step there is nothing to compute; unless windows are no whole number of steps, or doubles would not be exact.
   */
  #findWindows(times: Int32Array, i: number): void {
    const { size, step } = this.#options;
    this.#windows = 0;
    this.#each(times, i, (start, end) => {
      const at = 3 * this.#windows++;
      this.#lanes = grownInt32(this.#lanes, 2 * at + 6);
      setInt64(this.#lanes, at, start);
      setInt64(this.#lanes, at + 1, end);
      setInt64(this.#lanes, at + 2, subInt(end, 1));
    });
    const time = int64At(times, i);
    const start = isFiniteTime(time) ? alignDown(time, step, this.#origin) : time;
    const end = addInt(start, step);
    const isShared = typeof start === 'number' && typeof end === 'number' && floorModInt(size, step) === 0;
    this.#sliceStart = isShared ? start : Number.POSITIVE_INFINITY;
    this.#sliceEnd = isShared ? end : Number.NEGATIVE_INFINITY;
  }

  /** Every row in one window: the input columns go on as they are. False when a time wants exact arithmetic. */
  #tumbleAll(times: Int32Array, count: number): boolean {
    const { size } = this.#options;
    if (typeof size !== 'number' || typeof this.#origin !== 'number') return false;
    resetColumns(this.#bounds, count);
    const [starts, ends, lasts] = this.#bounds as [I64Column, I64Column, I64Column];
    return tumbleLanes(times, count, size, this.#origin, starts.data, ends.data, lasts.data);
  }

  #add(batch: Batch, i: number, window: number, output: Output): void {
    const k = this.#count++;
    this.#rows[k] = i;
    if (batch.weights !== null) this.#weights[k] = batch.weights[i] as number;
    const lanes = this.#lanes;
    for (let b = 0; b < 3; b++) {
      const { data } = this.#bounds[b] as I64Column;
      const from = 2 * (3 * window + b);
      data[2 * k] = lanes[from] as number;
      data[2 * k + 1] = lanes[from + 1] as number;
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
