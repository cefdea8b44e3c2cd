/**
 * What is left of a scalar subquery: at most one row per key may come of it. More are an error, 21000: raised in a query; in a view
 * the rows of that key are reported and withheld until one is left.
 */
import { assert } from '../base/assert.ts';
import { cardinalityViolation } from '../base/errors.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { BATCH_ROWS, type Batch, BatchBuilder } from '../types/batch.ts';
import { type Column, copyValue, type I32Column } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { int4 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import { grownInt32, grownUint8 } from './buffers.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { addCounts, countAt } from './paged.ts';
import { Partitions } from './partitions.ts';
import { TouchedRows } from './touched.ts';

const PARTITION = 0;
const FIRST = 1;

export class SingleRow implements Operator {
  readonly #context: OperatorContext;
  readonly #width: number;
  readonly #table: StateTable;
  readonly #partitions: Partitions;
  readonly #touchedKeys = new TouchedRows();
  readonly #touchedRows = new TouchedRows();
  readonly #builder: BatchBuilder;
  /** By slot of `#touchedKeys`: the row that showed before the tick, -1 for none. */
  readonly #before: number[] = [];
  readonly #wasReported: boolean[] = [];
  readonly #prefix: I32Column = { kind: 'i32', data: new Int32Array(1), nulls: null };
  readonly #head = new Int32Array(1);
  #rows: Int32Array = new Int32Array(BATCH_ROWS);
  #created: Uint8Array = new Uint8Array(BATCH_ROWS);

  constructor(options: {
    readonly types: readonly SqlType[];
    readonly key: readonly number[];
    readonly state: StateStore;
    readonly context: OperatorContext;
  }) {
    const { types, key, state, context } = options;
    this.#context = context;
    this.#width = types.length;
    this.#partitions = new Partitions(types, key, state);
    this.#builder = new BatchBuilder(types.map((type) => type.column));
    this.#table = state.table({
      name: 'rows',
      columns: [
        { name: 'key', type: int4 },
        ...types.map((type, c) => ({ name: `column${c}`, type })),
        { name: 'copies', type: float8 },
      ],
      key: [PARTITION, ...types.map((_, c) => FIRST + c)],
      equality: 'image',
      indexes: [{ kind: 'multi', columns: [PARTITION] }],
    });
  }

  describe(): string {
    return 'Single row';
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    const count = batch.length;
    const table = this.#table;
    this.#rows = grownInt32(this.#rows, count);
    this.#created = grownUint8(this.#created, count);
    this.#partitions.find(batch);
    const { numbers } = this.#partitions;
    for (let i = 0; i < count; i++) this.#noteBefore(numbers.data[i] as number);
    table.upsert([numbers, ...batch.columns.slice(0, this.#width)], count, this.#rows, this.#created);
    const first = this.#touchedRows.addAll(this.#rows, count, table.rowLimit);
    for (let slot = first; slot < this.#touchedRows.count; slot++)
      table.touchRow(this.#touchedRows.rows[slot] as number);
    for (let i = 0; i < count; i++) this.#partitions.count(numbers.data[i] as number, this.#created[i] as number);
    addCounts(table.column(this.#copiesAt), this.#rows, batch.weights, count);
  }

  get #copiesAt(): number {
    return FIRST + this.#width;
  }

  #noteBefore(key: number): void {
    if (!this.#touchedKeys.add(key)) return;
    const rows = this.#rowsOf(key);
    this.#before.push(this.#onlyRow(rows));
    this.#wasReported.push(rows.length > 0 && this.#onlyRow(rows) < 0);
  }

  /** Rows of a key that are there, each once. */
  #rowsOf(key: number): number[] {
    const copies = this.#table.column(this.#copiesAt);
    this.#prefix.data[0] = key;
    this.#table.findFirst(0, [this.#prefix], 1, this.#head);
    const rows: number[] = [];
    for (let row = this.#head[0] as number; row >= 0; row = this.#table.nextInChain(0, row)) {
      const count = countAt(copies, row);
      if (count > 0) rows.push(row);
    }
    return rows;
  }

  /** The row to show: the one there is, or -1. */
  #onlyRow(rows: readonly number[]): number {
    const [row] = rows;
    if (row === undefined || rows.length > 1) return -1;
    return countAt(this.#table.column(this.#copiesAt), row) === 1 ? row : -1;
  }

  onTickEnd(output: Output): void {
    for (let slot = 0; slot < this.#touchedKeys.count; slot++) {
      const rows = this.#rowsOf(this.#touchedKeys.rows[slot] as number);
      const before = this.#before[slot] as number;
      const now = this.#onlyRow(rows);
      if (rows.length > 0 && now < 0 && !this.#wasReported[slot]) this.#report(rows);
      if (before === now) continue;
      if (before >= 0) this.#emit(before, -1, output);
      if (now >= 0) this.#emit(now, 1, output);
    }
    this.#builder.flush(output);
    this.#removeEmptyRows();
    this.#touchedKeys.reset();
    this.#before.length = 0;
    this.#wasReported.length = 0;
  }

  #report(rows: readonly number[]): void {
    const error = cardinalityViolation('more than one row returned by a subquery used as an expression');
    if (this.#context.onRowError === null) throw error;
    const builder = new BatchBuilder(this.#builder.columns.map((column) => column.kind));
    this.#copyRow(rows[0] as number, builder, 1);
    builder.flush((batch) => this.#context.onRowError?.(error, batch, 0));
  }

  #emit(row: number, weight: number, output: Output): void {
    if (this.#builder.isFull) this.#builder.flush(output);
    this.#copyRow(row, this.#builder, weight);
  }

  #copyRow(row: number, builder: BatchBuilder, weight: number): void {
    const to = builder.add(weight);
    for (let c = 0; c < this.#width; c++) {
      const page = this.#table.column(FIRST + c)[row >> PAGE_SHIFT] as Column;
      copyValue(page, row & PAGE_MASK, builder.columns[c] as Column, to);
    }
  }

  #removeEmptyRows(): void {
    for (let slot = 0; slot < this.#touchedRows.count; slot++) {
      const row = this.#touchedRows.rows[slot] as number;
      const copies = countAt(this.#table.column(this.#copiesAt), row);
      assert(copies >= 0, 'a row was taken back that was never there');
      if (copies > 0) continue;
      const pages = this.#table.column(PARTITION);
      this.#partitions.count((pages[row >> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] as number, -1);
      this.#table.remove(row);
    }
    for (let slot = 0; slot < this.#touchedKeys.count; slot++) {
      this.#partitions.removeIfEmpty(this.#touchedKeys.rows[slot] as number);
    }
    this.#touchedRows.reset();
  }
}
