/** DISTINCT: of equal rows one, the first that came. The others are only counted. */
import type { StateStore } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import type { Operator, Output } from './operator.ts';
import { RowMultiset } from './row-multiset.ts';

export class Distinct implements Operator {
  readonly #rows: RowMultiset;

  constructor(options: { readonly types: readonly SqlType[]; readonly state: StateStore }) {
    const { types, state } = options;
    const show = (copies: number): number => (copies > 0 ? 1 : 0);
    this.#rows = new RowMultiset({ name: 'rows', types, equality: 'sql', state, show, mayOwe: false });
  }

  describe(): string {
    return 'Distinct';
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    this.#rows.add(batch);
  }

  onTickEnd(output: Output): void {
    this.#rows.endTick(output);
  }
}
