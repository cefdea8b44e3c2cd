/**
 * The values of aggregates that need them all (array_agg, string_agg, mode …), in the order of the call's ORDER BY and
 * then of arrival. A retraction takes back one equal value, the earliest found.
 */
import type { AggregateCall } from '../expr/expr.ts';
import { type IndexOrder, PAGE_MASK, PAGE_SHIFT, type StateStore, type StateTable } from '../storage/state.ts';
import { allocateColumn, type Column, type I32Column, setValueAt, type Value, valueAt } from '../types/column.ts';
import { float8 } from '../types/float.ts';
import { int4 } from '../types/integer.ts';
import type { SqlType } from '../types/type.ts';
import type { Accumulator } from './accumulators.ts';
import { sameImage } from './image.ts';
import { countAt, setCountAt } from './paged.ts';

/** Columns of the table: the group, the arguments, the sort columns, then these two. */
const GROUP = 0;

export class ValueListAccumulator implements Accumulator {
  readonly #call: AggregateCall;
  readonly #types: readonly SqlType[];
  readonly #table: StateTable;
  readonly #sequenceAt: number;
  readonly #copiesAt: number;
  readonly #prefix = allocateColumn('i32', 1) as I32Column;
  readonly #sequence = allocateColumn('f64', 1);
  readonly #copies = allocateColumn('f64', 1);
  #nextSequence: number;

  /** `types` are those of the arguments and then of the sort columns: the columns that `add` is given. */
  constructor(name: string, call: AggregateCall, types: readonly SqlType[], state: StateStore) {
    this.#call = call;
    this.#types = types;
    this.#sequenceAt = types.length + 1;
    this.#copiesAt = types.length + 2;
    const order: IndexOrder[] = call.orderBy.map((key, k) => ({ ...key, column: 1 + call.args.length + k }));
    const ascending = (column: number): IndexOrder => ({ column, descending: false, nullsFirst: false });
    this.#table = state.table({
      name,
      columns: [
        { name: 'group', type: int4 },
        ...types.map((type, c) => ({ name: `value${c}`, type })),
        { name: 'sequence', type: float8 },
        { name: 'copies', type: float8 },
      ],
      key: [],
      equality: 'image',
      indexes: [
        { kind: 'multi', columns: [GROUP, ...types.map((_, c) => 1 + c)] },
        { kind: 'ordered', order: [ascending(GROUP), ...order, ascending(this.#sequenceAt)] },
      ],
    });
    this.#nextSequence = this.#lastSequence() + 1;
  }

  add(groups: Int32Array, args: readonly Column[], weights: Int32Array | null, count: number): void {
    const heads = new Int32Array(1);
    for (let k = 0; k < count; k++) {
      this.#prefix.data[0] = groups[k] as number;
      const single = args.map((column, c) => this.#single(column, k, c));
      this.#table.findFirst(0, [this.#prefix, ...single], 1, heads);
      this.#addOne(single, heads[0] as number, weights === null ? 1 : (weights[k] as number));
    }
  }

  /** Cancels against entries of the other sign first: within a tick a retraction may come before what it retracts. */
  #addOne(values: readonly Column[], head: number, weight: number): void {
    let rest = weight;
    for (const row of this.#oldestFirst(head, values)) {
      const copies = countAt(this.#table.column(this.#copiesAt), row);
      if (rest === 0) return;
      if (copies > 0 === rest > 0) continue;
      const cancelled = Math.sign(rest) * Math.min(Math.abs(rest), Math.abs(copies));
      rest -= cancelled;
      if (copies + cancelled === 0) this.#table.remove(row);
      else {
        this.#table.touchRow(row);
        setCountAt(this.#table.column(this.#copiesAt), row, copies + cancelled);
      }
    }
    if (rest === 0) return;
    setValueAt(this.#sequence, 0, this.#nextSequence++);
    setValueAt(this.#copies, 0, rest);
    this.#table.insert([this.#prefix, ...values, this.#sequence, this.#copies], 0);
  }

  #oldestFirst(head: number, values: readonly Column[]): number[] {
    const rows: number[] = [];
    for (let row = head; row >= 0; row = this.#table.nextInChain(0, row))
      if (this.#isImage(row, values)) rows.push(row);
    const sequences = this.#table.column(this.#sequenceAt);
    return rows.sort((a, b) => countAt(sequences, a) - countAt(sequences, b));
  }

  #isImage(row: number, values: readonly Column[]): boolean {
    return values.every((value, c) => {
      const page = this.#table.column(1 + c)[row >> PAGE_SHIFT] as Column;
      return sameImage(this.#types[c] as SqlType, page, row & PAGE_MASK, value, 0);
    });
  }

  #single(column: Column, k: number, c: number): Column {
    const single = allocateColumn((this.#types[c] as SqlType).column, 1);
    setValueAt(single, 0, valueAt(column, k));
    return single;
  }

  finish(groups: Int32Array, count: number, out: Column, at: number): void {
    const finish = this.#call.fn.finishMultiset;
    for (let k = 0; k < count; k++) setValueAt(out, at + k, finish?.(this.#values(groups[k] as number)) ?? null);
  }

  *#values(group: number): Iterable<{ readonly value: Value; readonly copies: number }> {
    this.#prefix.data[0] = group;
    const order = this.#table.ordered(1);
    for (let row = order.first([this.#prefix], 0); row >= 0 && this.#groupOf(row) === group; row = order.next(row)) {
      yield { value: this.#valueOf(row), copies: countAt(this.#table.column(this.#copiesAt), row) };
    }
  }

  /** The argument, or the tuple of arguments when the function has several. */
  #valueOf(row: number): Value {
    const read = (c: number): Value => valueAt(this.#table.column(c)[row >> PAGE_SHIFT] as Column, row & PAGE_MASK);
    if (this.#call.args.length === 1) return read(1);
    return this.#call.args.map((_, c) => read(1 + c));
  }

  #groupOf(row: number): number {
    return (this.#table.column(GROUP)[row >> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] as number;
  }

  #lastSequence(): number {
    let last = 0;
    const sequences = this.#table.column(this.#sequenceAt);
    for (let row = 0; row < this.#table.rowLimit; row++) {
      const isLive = (this.#table.live[row >> PAGE_SHIFT] as Uint8Array)[row & PAGE_MASK] === 1;
      if (isLive) last = Math.max(last, countAt(sequences, row));
    }
    return last;
  }
}
