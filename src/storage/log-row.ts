/** A row of the log: one tick, as the blocks of its relations end to end and a directory of them. */
import type { RelationId } from '../base/ids.ts';

export type RelationBlock = { readonly relation: RelationId; readonly rows: number; readonly blob: Uint8Array };

export type LogRow = {
  readonly tick: number;
  readonly arrivedAt: number;
  readonly entries: Uint8Array;
  readonly data: Uint8Array;
};

/** Relation, bytes, rows. */
const WORDS_PER_ENTRY = 3;

export function packLogRow(tick: number, arrivedAt: number, blocks: readonly RelationBlock[]): LogRow {
  const words = new Uint32Array(WORDS_PER_ENTRY * blocks.length);
  blocks.forEach(({ relation, rows, blob }, k) => {
    words.set([relation, blob.length, rows], WORDS_PER_ENTRY * k);
  });
  const [first] = blocks;
  const data = first !== undefined && blocks.length === 1 ? first.blob : concatenate(blocks.map(({ blob }) => blob));
  return { tick, arrivedAt, entries: new Uint8Array(words.buffer), data };
}

/** The blocks are views of `data`. */
export function unpackLogRow({ entries, data }: Pick<LogRow, 'entries' | 'data'>): RelationBlock[] {
  // A copy, for alignment; `slice` of a Buffer would not make one.
  const words = new Uint32Array(new Uint8Array(entries).buffer);
  const blocks: RelationBlock[] = [];
  let at = 0;
  for (let k = 0; k + WORDS_PER_ENTRY <= words.length; k += WORDS_PER_ENTRY) {
    const size = words[k + 1] as number;
    blocks.push({
      relation: words[k] as RelationId,
      rows: words[k + 2] as number,
      blob: data.subarray(at, at + size),
    });
    at += size;
  }
  return blocks;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
