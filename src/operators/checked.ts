/**
 * The operator contract, verified: wraps an operator in tests and fuzzing, so that operators' own files hold only their algorithm.
 *
 * Checked: batches have the kinds and room the plan says and no weight 0; nothing is emitted outside a call; after each tick the
 * accumulated output holds no row a negative number of times; what is emitted at the end of a tick is net: no row goes both
 * ways there. Keeps all output by its printed text: for small data only.
 */
import { assert } from '../base/assert.ts';
import { type Batch, rowAt, weightAt } from '../types/batch.ts';
import { type Column, capacityOf } from '../types/column.ts';
import type { Int } from '../types/int64.ts';
import { defaultFormat, type SqlType } from '../types/type.ts';
import type { Operator, Output } from './operator.ts';

export class CheckedOperator implements Operator {
  readonly #operator: Operator;
  readonly #inputs: readonly (readonly SqlType[])[];
  readonly #output: readonly SqlType[];
  readonly #held = new Map<string, number>();
  readonly #touched = new Set<string>();
  readonly #signs = new Map<string, number>();
  readonly #allNull: string;
  #isInside = false;

  /** Types of the columns of each input, and of the output. A scan's input is its relation, which it does not know: no inputs. */
  constructor(operator: Operator, inputs: readonly (readonly SqlType[])[], output: readonly SqlType[]) {
    this.#operator = operator;
    this.#inputs = inputs;
    this.#output = output;
    this.#allNull = JSON.stringify(output.map(() => null));
    if (operator.isSatisfied !== undefined) this.isSatisfied = () => operator.isSatisfied?.() === true;
  }

  isSatisfied?: () => boolean;

  describe(): string {
    return this.#operator.describe();
  }

  onBatch(batch: Batch, input: number, output: Output): void {
    const types = this.#inputs[input];
    if (types !== undefined) this.#checkBatch(batch, types, 'input');
    this.#inside(output, false, (checked) => this.#operator.onBatch(batch, input, checked));
  }

  onWatermark(watermark: Int, input: number, output: Output): Int | null {
    let own: Int | null = null;
    this.#inside(output, true, (checked) => {
      own = this.#operator.onWatermark?.(watermark, input, checked) ?? null;
    });
    return own;
  }

  onTickEnd(output: Output): void {
    this.#inside(output, true, (checked) => this.#operator.onTickEnd?.(checked));
    for (const row of this.#touched) {
      const count = this.#held.get(row) ?? 0;
      assert(count >= 0, `${this.describe()}: ${count} copies of row ${row}`);
      if (count === 0) this.#held.delete(row);
    }
    this.#touched.clear();
    this.#signs.clear();
  }

  #inside(output: Output, isTickEnd: boolean, call: (checked: Output) => void): void {
    assert(!this.#isInside, `${this.describe()}: called while at work`);
    this.#isInside = true;
    call((batch) => {
      assert(this.#isInside, `${this.describe()}: emitted outside a call`);
      this.#checkBatch(batch, this.#output, 'output');
      this.#note(batch, isTickEnd);
      output(batch);
    });
    this.#isInside = false;
  }

  #checkBatch(batch: Batch, types: readonly SqlType[], what: string): void {
    const where = `${this.describe()}, ${what}`;
    assert(batch.length > 0, `${where}: an empty batch`);
    assert(batch.columns.length === types.length, `${where}: ${batch.columns.length} columns for ${types.length}`);
    types.forEach((type, c) => {
      const column = batch.columns[c] as Column;
      assert(column.kind === type.column, `${where}: column ${c} is ${column.kind} and should be ${type.column}`);
      assert(capacityOf(column) >= batch.length, `${where}: column ${c} is too short`);
      assert(
        column.nulls === null || column.nulls.length >= batch.length,
        `${where}: null map of column ${c} is too short`,
      );
    });
    assert(batch.weights === null || batch.weights.length >= batch.length, `${where}: too few weights`);
    for (let i = 0; i < batch.length; i++) assert(weightAt(batch, i) !== 0, `${where}: weight 0`);
  }

  #note(batch: Batch, isTickEnd: boolean): void {
    for (let i = 0; i < batch.length; i++) {
      const row = this.#textOf(batch, i);
      const weight = weightAt(batch, i);
      this.#held.set(row, (this.#held.get(row) ?? 0) + weight);
      this.#touched.add(row);
      // A full join shows an unmatched row of NULLs alike, from whichever side it comes.
      if (!isTickEnd || row === this.#allNull) continue;
      const sign = Math.sign(weight);
      assert(
        (this.#signs.get(row) ?? sign) === sign,
        `${this.describe()}: row ${row} emitted both ways at the end of a tick`,
      );
      this.#signs.set(row, sign);
    }
  }

  #textOf(batch: Batch, i: number): string {
    const texts = rowAt(batch, i).map((value, c) => {
      return value === null ? null : (this.#output[c] as SqlType).format(value, defaultFormat);
    });
    return JSON.stringify(texts);
  }
}
