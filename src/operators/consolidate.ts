/** Cancels what comes and goes within a tick: out come the net changes, each row once with its weight. Empty between ticks. */
import type { StateStore } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import type { Operator, Output } from './operator.ts';
import { RowMultiset } from './row-multiset.ts';

export class Consolidate implements Operator {
  readonly #changes: RowMultiset;

  constructor(options: { readonly types: readonly SqlType[]; readonly state: StateStore }) {
    const { types, state } = options;
    const show = (copies: number): number => copies;
    this.#changes = new RowMultiset({ name: 'changes', types, equality: 'image', state, show, mayOwe: true });
  }

  describe(): string {
    return 'Consolidate';
  }

  onBatch(batch: Batch, _input: number, _output: Output): void {
    this.#changes.add(batch);
  }

  onTickEnd(output: Output): void {
    this.#changes.endTick(output);
    this.#changes.table.clear();
  }
}
