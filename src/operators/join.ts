/**
 * The symmetric hash join, of every type. Each input is remembered (join-side.ts); a change meets what the other side holds:
 *
 *     Δleft ⋈ right, then (left + Δleft) ⋈ Δright
 *
 * Pairs go out as changes come. What a row shows when it matches nothing (outer, anti) or something (semi) depends on the count of
 * its matches, and goes out net at the end of the tick. Rows whose key is NULL match nothing and are not kept.
 */
import type { PredicateKernel } from '../expr/compile.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateStore } from '../storage/state.ts';
import { BATCH_ROWS, type Batch } from '../types/batch.ts';
import type { Column } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { allocateColumns, gatherColumns, gatherInts, grownInt32, nullColumn } from './buffers.ts';
import { JoinSide, type Tracking } from './join-side.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';
import { countAt } from './paged.ts';
import { PairBatch } from './pair-batch.ts';

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

export type JoinOptions = {
  readonly type: JoinType;
  readonly leftTypes: readonly SqlType[];
  readonly rightTypes: readonly SqlType[];
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly nullSafe: readonly boolean[];
  readonly residual: PredicateKernel | null;
  /** Inputs that never retract: left, right. */
  readonly appendOnly: readonly [boolean, boolean];
  readonly state: StateStore;
  readonly context: OperatorContext;
};

const TRACKING: Record<JoinType, readonly [Tracking, Tracking]> = {
  inner: ['none', 'none'],
  left: ['unmatched', 'none'],
  right: ['none', 'unmatched'],
  full: ['unmatched', 'unmatched'],
  semi: ['matched', 'none'],
  anti: ['unmatched', 'none'],
};

/** One input: how its batches are read, and where they are remembered. */
type Input = {
  readonly side: JoinSide;
  /** Columns of the batch that are kept. */
  readonly stored: readonly number[];
  readonly keys: readonly number[];
  readonly dense: Column[];
  /** NULLs in place of this input's columns, for rows of the other without match. */
  readonly nulls: readonly Column[];
};

export class Join implements Operator {
  readonly #options: JoinOptions;
  readonly #inputs: readonly [Input, Input];
  readonly #pairs: PairBatch;
  readonly #hasPairs: boolean;
  #heads: Int32Array = new Int32Array(BATCH_ROWS);
  #selection: Int32Array = new Int32Array(BATCH_ROWS);
  #weights: Int32Array = new Int32Array(BATCH_ROWS);

  constructor(options: JoinOptions) {
    const { type, leftTypes, rightTypes, leftKeys, rightKeys, residual } = options;
    this.#options = options;
    this.#hasPairs = type !== 'semi' && type !== 'anti';
    // Without pairs and residual only the keys of the right side matter.
    const rightStored = this.#hasPairs || residual !== null ? rightTypes.map((_, c) => c) : [...new Set(rightKeys)];
    this.#inputs = [
      makeInput(
        options,
        0,
        leftTypes,
        leftKeys,
        leftTypes.map((_, c) => c),
      ),
      makeInput(options, 1, rightTypes, rightKeys, rightStored),
    ];
    this.#pairs = new PairBatch({
      leftTypes,
      rightTypes: rightStored.map((c) => rightTypes[c] as SqlType),
      residual,
      emits: this.#hasPairs,
      context: options.context,
    });
  }

  describe(): string {
    const { type, leftKeys, rightKeys, residual } = this.#options;
    const keys = leftKeys.length === 0 ? '' : `: (${leftKeys.join(', ')}) = (${rightKeys.join(', ')})`;
    return `${type[0]?.toUpperCase()}${type.slice(1)} join${keys}${residual === null ? '' : ', residual'}`;
  }

  onBatch(batch: Batch, input: number, output: Output): void {
    const own = this.#inputs[input] as Input;
    const matchable = this.#withoutNullKeys(batch, own, input, output);
    if (matchable.length === 0) return;
    const columns = own.stored.map((c) => matchable.columns[c] as Column);
    own.side.apply(columns, matchable.weights, matchable.length);
    this.#probe(matchable, input, output);
    own.side.endBatch(matchable.length);
  }

  /** Rows with a NULL where NULL matches nothing leave here: shown as they are when unmatched rows show, else dropped. */
  #withoutNullKeys(batch: Batch, own: Input, input: number, output: Output): Batch {
    const { nullSafe } = this.#options;
    const keys = own.keys.map((c) => batch.columns[c] as Column).filter((key, k) => key.nulls !== null && !nullSafe[k]);
    if (keys.length === 0) return batch;
    const isNull = (i: number): boolean => keys.some((key) => key.nulls?.[i] === 1);
    if (own.side.tracking === 'unmatched') {
      const without = this.#select(batch, own, isNull);
      if (without.length > 0) output({ ...without, columns: this.#padded(without.columns, input) });
    }
    return this.#select(batch, own, (i) => !isNull(i));
  }

  /** The rows for which `test` holds, dense. */
  #select(batch: Batch, own: Input, test: (i: number) => boolean): Batch {
    this.#selection = grownInt32(this.#selection, batch.length);
    let length = 0;
    for (let i = 0; i < batch.length; i++) if (test(i)) this.#selection[length++] = i;
    if (length === batch.length) return batch;
    gatherColumns(batch.columns, this.#selection, length, own.dense);
    if (batch.weights !== null) this.#weights = gatherInts(batch.weights, this.#selection, length, this.#weights);
    return { length, columns: own.dense, weights: batch.weights === null ? null : this.#weights };
  }

  #probe(batch: Batch, input: number, output: Output): void {
    const own = this.#inputs[input] as Input;
    const other = this.#inputs[1 - input] as Input;
    if (other.side.table.rowCount === 0) return;
    this.#pairs.begin(batch, input === 0, own.side, other.side, output);
    if (own.keys.length === 0) this.#pairWithAll(batch, other.side);
    else this.#pairByKey(batch, own, other.side);
    this.#pairs.end();
  }

  #pairByKey(batch: Batch, own: Input, other: JoinSide): void {
    this.#heads = grownInt32(this.#heads, batch.length);
    const heads = this.#heads;
    const pairs = this.#pairs;
    const { table, copies } = other;
    other.findHeads(
      own.keys.map((c) => batch.columns[c] as Column),
      batch.length,
      heads,
    );
    for (let i = 0; i < batch.length; i++) {
      for (let row = heads[i] as number; row >= 0; row = table.nextInChain(0, row))
        pairs.add(i, row, countAt(copies, row));
    }
  }

  #pairWithAll(batch: Batch, other: JoinSide): void {
    const { table, copies } = other;
    for (let row = 0; row < table.rowLimit; row++) {
      if (!isLive(table.live, row)) continue;
      const count = countAt(copies, row);
      for (let i = 0; i < batch.length; i++) this.#pairs.add(i, row, count);
    }
  }

  onTickEnd(output: Output): void {
    this.#inputs.forEach((own, input) => {
      own.side.endTick((batch) => output({ ...batch, columns: this.#padded(batch.columns, input) }));
    });
  }

  /** The columns of one input filled up with NULLs to those of the output. */
  #padded(columns: readonly Column[], input: number): readonly Column[] {
    if (!this.#hasPairs) return columns;
    const other = this.#inputs[1 - input] as Input;
    return input === 0 ? [...columns, ...other.nulls] : [...other.nulls, ...columns];
  }
}

const isLive = (live: readonly Uint8Array[], row: number): boolean =>
  (live[row >> PAGE_SHIFT] as Uint8Array)[row & PAGE_MASK] === 1;

function makeInput(
  options: JoinOptions,
  input: 0 | 1,
  types: readonly SqlType[],
  keys: readonly number[],
  stored: readonly number[],
): Input {
  const kinds = types.map((type) => type.column);
  const side = new JoinSide({
    name: input === 0 ? 'left' : 'right',
    types: stored.map((c) => types[c] as SqlType),
    keys: keys.map((key) => stored.indexOf(key)),
    tracking: TRACKING[options.type][input],
    appendOnly: options.appendOnly[input],
    state: options.state,
  });
  return { side, stored, keys, dense: allocateColumns(kinds), nulls: kinds.map((kind) => nullColumn(kind)) };
}
