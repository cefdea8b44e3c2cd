/**
 * Log blocks: the rows of one relation with the ticks they came in. The unit of the log and of a stream's history.
 *
 * A block is one batch and the runs it consists of: so many rows of such a tick. A fresh block has one run; blocks of
 * a history are merged until they hold about a batch, without knowing the SQL types, and ticks can still be told apart.
 */
import { allocateColumn, type Column, type ColumnKind, gatherColumn } from '../types/column.ts';
import { type CellCodec, expectCodecs, opaqueCodecs, readColumns, writeColumns } from './codec.ts';
import { EnvelopeReader, EnvelopeWriter } from './envelope.ts';

export type Run = { readonly tick: number; readonly arrivedAt: number; readonly rows: number };

export type Block = {
  readonly runs: readonly Run[];
  readonly length: number;
  readonly columns: readonly Column[];
  readonly weights: Int32Array | null;
};

/** How weights lie in a block. */
const ALL_ONE = 0;
const BYTE_WEIGHTS = 1;
const WORD_WEIGHTS = 2;

export function encodeBlock(block: Block, codecs: readonly CellCodec[]): Uint8Array<ArrayBuffer> {
  const out = new EnvelopeWriter(256 + 24 * block.length * (1 + block.columns.length));
  out.uint32(block.runs.length);
  for (const { tick, arrivedAt, rows } of block.runs) {
    out.double(tick);
    out.double(arrivedAt);
    out.uint32(rows);
  }
  writeWeights(out, block.weights, block.length);
  writeColumns(out, codecs, block.columns, block.length);
  return out.seal();
}

/** `what` names the block if it is damaged or its columns are not those of the codecs. */
export function decodeBlock(blob: Uint8Array, codecs: readonly CellCodec[], what: string): Block {
  return readBlock(new EnvelopeReader(blob, what), expectCodecs(codecs));
}

/** Decodes without types: cells of `value` columns stay bytes. */
export const decodeOpaqueBlock = (blob: Uint8Array, what: string): Block =>
  readBlock(new EnvelopeReader(blob, what), opaqueCodecs);

export const encodeOpaqueBlock = (block: Block): Uint8Array<ArrayBuffer> =>
  encodeBlock(block, opaqueCodecs(block.columns.map(({ kind }) => kind)));

function readBlock(
  input: EnvelopeReader,
  codecsOf: (found: readonly ColumnKind[]) => readonly CellCodec[] | null,
): Block {
  const runs: Run[] = [];
  for (let rest = input.uint32(); rest > 0; rest--) {
    runs.push({ tick: input.double(), arrivedAt: input.double(), rows: input.uint32() });
  }
  const total = runs.reduce((sum, { rows }) => sum + rows, 0);
  const weights = readWeights(input, total);
  const { length, columns } = readColumns(input, codecsOf);
  if (length !== total) throw input.corrupted(`it holds ${length} rows in runs of ${total}`);
  return { runs, length, columns, weights };
}

function writeWeights(out: EnvelopeWriter, weights: Int32Array | null, length: number): void {
  let form = ALL_ONE;
  for (let i = 0; weights !== null && i < length && form !== WORD_WEIGHTS; i++) {
    const weight = weights[i] as number;
    if (weight !== (weight << 24) >> 24) form = WORD_WEIGHTS;
    else if (weight !== 1) form = BYTE_WEIGHTS;
  }
  out.uint8(form);
  if (weights === null || form === ALL_ONE) return;
  if (form === WORD_WEIGHTS) out.raw(weights, length);
  else out.bytes(Uint8Array.from(weights.subarray(0, length)));
}

function readWeights(input: EnvelopeReader, length: number): Int32Array | null {
  const form = input.uint8();
  if (form === ALL_ONE) return null;
  const weights = new Int32Array(length);
  if (form === WORD_WEIGHTS) {
    input.raw(weights, length);
  } else {
    const bytes = input.bytes(length);
    for (let i = 0; i < length; i++) weights[i] = ((bytes[i] as number) << 24) >> 24;
  }
  return weights;
}

/** Rows `from…to` of a block, with the runs they fall in. */
export function sliceBlock(block: Block, from: number, to: number): Block {
  const length = to - from;
  const rows = Int32Array.from({ length }, (_, i) => from + i);
  const columns = block.columns.map((column) => {
    const part = allocateColumn(column.kind, length);
    gatherColumn(column, rows, length, part, 0);
    return part;
  });
  return { runs: sliceRuns(block.runs, from, to), length, columns, weights: block.weights?.slice(from, to) ?? null };
}

function sliceRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const kept: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const rows = Math.min(to, at + run.rows) - Math.max(from, at);
    if (rows > 0) kept.push({ ...run, rows });
    at += run.rows;
  }
  return kept;
}

/** One block of all rows in turn; all have the same kinds of columns. */
export function mergeBlocks(blocks: readonly Block[]): Block {
  const [first] = blocks;
  if (first === undefined || blocks.length === 1) return first as Block;
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const columns = first.columns.map(({ kind }) => allocateColumn(kind, length));
  const weights = blocks.some((block) => block.weights !== null) ? new Int32Array(length).fill(1) : null;
  let at = 0;
  for (const block of blocks) {
    const rows = Int32Array.from({ length: block.length }, (_, i) => i);
    block.columns.forEach((column, c) => {
      gatherColumn(column, rows, block.length, columns[c] as Column, at);
    });
    if (block.weights !== null) weights?.set(block.weights, at);
    at += block.length;
  }
  return { runs: joinRuns(blocks.flatMap((block) => block.runs)), length, columns, weights };
}

/** Runs of one tick that follow each other become one. */
function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last?.tick === run.tick) joined[joined.length - 1] = { ...last, rows: last.rows + run.rows };
    else joined.push(run);
  }
  return joined;
}
