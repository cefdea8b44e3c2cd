/**
 * Runs the operators of one dataflow through their ticks: batches are pushed depth first as they come; at the end of the tick each
 * operator, in topological order, gets the risen watermarks of its inputs and then `onTickEnd`. Counts rows and exclusive time.
 */
import { assert } from '../base/assert.ts';
import type { RelationId } from '../planner/plan.ts';
import type { StateTable } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import type { Int } from '../types/int64.ts';
import type { Dataflow, OperatorStats } from './dataflow.ts';
import type { Operator, Output } from './operator.ts';

/** One place of the graph, with the edges to its consumers. */
export class OperatorNode {
  readonly id: number;
  readonly operator: Operator;
  readonly tables: readonly StateTable[];
  readonly consumers: { readonly node: OperatorNode; readonly input: number }[] = [];
  rowsIn = 0;
  rowsOut = 0;
  /** Milliseconds, as the timer counts them. */
  elapsed = 0;
  /** Watermarks that rose in this tick, by input. */
  readonly risen = new Map<number, Int>();
  readonly #timer: Timer;
  /** Where the root's changes go. */
  #result: Output | null = null;

  constructor(id: number, operator: Operator, tables: readonly StateTable[], timer: Timer) {
    this.id = id;
    this.operator = operator;
    this.tables = tables;
    this.#timer = timer;
  }

  feed(node: OperatorNode, input: number): void {
    this.consumers.push({ node, input });
  }

  feedResult(output: Output): void {
    this.#result = output;
  }

  receive(batch: Batch, input: number): void {
    this.rowsIn += batch.length;
    const before = this.#timer.enter(this);
    this.operator.onBatch(batch, input, this.output);
    this.#timer.enter(before);
  }

  endTick(): void {
    const before = this.#timer.enter(this);
    for (const [input, watermark] of this.risen) this.#passWatermark(watermark, input);
    this.risen.clear();
    this.operator.onTickEnd?.(this.output);
    this.#timer.enter(before);
  }

  #passWatermark(watermark: Int, input: number): void {
    const own = this.operator.onWatermark?.(watermark, input, this.output) ?? null;
    if (own === null) return;
    for (const consumer of this.consumers) consumer.node.risen.set(consumer.input, own);
  }

  readonly output: Output = (batch) => {
    if (batch.length === 0) return;
    this.rowsOut += batch.length;
    for (let c = 0; c < this.consumers.length; c++) {
      const consumer = this.consumers[c] as { readonly node: OperatorNode; readonly input: number };
      consumer.node.receive(batch, consumer.input);
    }
    if (this.#result === null) return;
    const before = this.#timer.enter(null);
    this.#result(batch);
    this.#timer.enter(before);
  };

  /** No further input of this operator can change the result. */
  isSatisfied(): boolean {
    if (this.operator.isSatisfied?.() === true) return true;
    return this.#result === null && this.consumers.every((consumer) => consumer.node.isSatisfied());
  }
}

/** Charges time to whoever is at work: one reading of the clock per change of hands. */
export class Timer {
  #current: OperatorNode | null = null;
  #since = 0;

  /** Hands the clock over and returns who had it. */
  enter(next: OperatorNode | null): OperatorNode | null {
    const now = performance.now();
    const before = this.#current;
    if (before !== null) before.elapsed += now - this.#since;
    this.#current = next;
    this.#since = now;
    return before;
  }

  /** After an error that left operators half way. */
  reset(): void {
    this.#current = null;
  }
}

export type SchedulerOptions = {
  /** In topological order: inputs before their consumers. The last is the root. */
  readonly nodes: readonly OperatorNode[];
  readonly scans: ReadonlyMap<RelationId, readonly OperatorNode[]>;
  readonly depths: ReadonlyMap<OperatorNode, number>;
  readonly code: readonly { readonly operator: string; source(): string }[];
  readonly timer: Timer;
};

export class Scheduler implements Dataflow {
  readonly relations: readonly RelationId[];
  readonly #options: SchedulerOptions;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.relations = [...options.scans.keys()];
  }

  push(relation: RelationId, batch: Batch): void {
    if (batch.length === 0) return;
    this.#options.timer.reset();
    for (const scan of this.#scans(relation)) scan.receive(batch, 0);
  }

  pushWatermark(relation: RelationId, watermark: Int): void {
    for (const scan of this.#scans(relation)) scan.risen.set(0, watermark);
  }

  endTick(): void {
    this.#options.timer.reset();
    for (const node of this.#options.nodes) node.endTick();
  }

  isSatisfied(): boolean {
    for (const scans of this.#options.scans.values()) {
      for (const scan of scans) if (!scan.isSatisfied()) return false;
    }
    return true;
  }

  stats(): OperatorStats[] {
    const { depths } = this.#options;
    return [...depths].map(([node, depth]) => ({
      id: node.id,
      depth,
      description: node.operator.describe(),
      rowsIn: node.rowsIn,
      rowsOut: node.rowsOut,
      micros: Math.round(node.elapsed * 1000),
      stateRows: node.tables.reduce((rows, table) => rows + table.rowCount, 0),
      stateBytes: node.tables.reduce((bytes, table) => bytes + table.bytes, 0),
    }));
  }

  code(): { readonly operator: string; readonly source: string }[] {
    return this.#options.code.map(({ operator, source }) => ({ operator, source: source() }));
  }

  #scans(relation: RelationId): readonly OperatorNode[] {
    const scans = this.#options.scans.get(relation);
    assert(scans !== undefined, `the dataflow does not read relation ${relation}`);
    return scans;
  }
}
