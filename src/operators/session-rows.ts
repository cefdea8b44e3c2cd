/** The output of the session operator: rows with their session's bounds, and what of each is out already. */
import { PAGE_MASK, PAGE_SHIFT, type StateTable } from '../storage/state.ts';
import { BatchBuilder } from '../types/batch.ts';
import { type Column, copyValue, type I64Column } from '../types/column.ts';
import { addInt, type Int, int64At, setInt64, subInt } from '../types/int64.ts';
import type { SqlType } from '../types/type.ts';
import type { Output } from './operator.ts';
import { countAt, setCountAt } from './paged.ts';

export class SessionRows {
  readonly #table: StateTable;
  readonly #width: number;
  readonly #first: number;
  readonly #gap: Int;
  readonly #builder: BatchBuilder;

  /** The input's columns are the table's from `first` on; then come `copies`, `shown`, `session_start`, `session_last`. */
  constructor(options: {
    readonly types: readonly SqlType[];
    readonly first: number;
    readonly gap: Int;
    readonly table: StateTable;
  }) {
    this.#table = options.table;
    this.#width = options.types.length;
    this.#first = options.first;
    this.#gap = options.gap;
    this.#builder = new BatchBuilder([...options.types.map((type) => type.column), 'i64', 'i64', 'i64']);
  }

  /** From now on `copies` of the row are in the session from `start` to `last`; emits what that changes. */
  replace(row: number, copies: number, start: Int, last: Int, output: Output): void {
    const shown = countAt(this.#shownPages, row);
    const oldStart = this.#bound(row, 2);
    const oldLast = this.#bound(row, 3);
    const isSameSession = shown > 0 && copies > 0 && oldStart === start && oldLast === last;
    if (isSameSession && shown === copies) return;
    if (shown === 0 && copies === 0) return;
    if (isSameSession) this.#emit(row, copies - shown, start, last, output);
    else {
      if (shown > 0) this.#emit(row, -shown, oldStart, oldLast, output);
      if (copies > 0) this.#emit(row, copies, start, last, output);
    }
    this.#table.touchRow(row);
    setCountAt(this.#shownPages, row, copies);
    this.#setBound(row, 2, start);
    this.#setBound(row, 3, last);
  }

  flush(output: Output): void {
    this.#builder.flush(output);
  }

  #emit(row: number, weight: number, start: Int, last: Int, output: Output): void {
    if (this.#builder.isFull) this.#builder.flush(output);
    const to = this.#builder.add(weight);
    const { columns } = this.#builder;
    for (let c = 0; c < this.#width; c++) {
      const page = this.#table.column(this.#first + c)[row >> PAGE_SHIFT] as Column;
      copyValue(page, row & PAGE_MASK, columns[c] as Column, to);
    }
    const end = addInt(last, this.#gap);
    setInt64((columns[this.#width] as I64Column).data, to, start);
    setInt64((columns[this.#width + 1] as I64Column).data, to, end);
    setInt64((columns[this.#width + 2] as I64Column).data, to, subInt(end, 1));
  }

  get #shownPages(): readonly Column[] {
    return this.#table.column(this.#first + this.#width + 1);
  }

  #bound(row: number, column: number): Int {
    const page = this.#table.column(this.#first + this.#width + column)[row >> PAGE_SHIFT] as I64Column;
    return int64At(page.data, row & PAGE_MASK);
  }

  #setBound(row: number, column: number, value: Int): void {
    const page = this.#table.column(this.#first + this.#width + column)[row >> PAGE_SHIFT] as I64Column;
    setInt64(page.data, row & PAGE_MASK, value);
  }
}
