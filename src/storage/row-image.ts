/**
 * Row images: some rows of a state table as bytes. A page image holds all living rows of a page; a delta holds the rows
 * written since the last checkpoint, from any pages, and the numbers of those that died.
 */
import { type Column, copyValue, type F64Column, type I32Column, type I64Column } from '../types/column.ts';
import { type CellCodec, expectCodecs, readColumns, writeColumns } from './codec.ts';
import { EnvelopeReader, EnvelopeWriter } from './envelope.ts';
import { PAGE_MASK } from './state.ts';

export type RowImage = {
  /** Row numbers, in the order of the values. */
  readonly rows: Int32Array;
  readonly columns: readonly Column[];
  readonly dead: Int32Array;
};

/** `rows` and `columns` may be longer than `count`. */
export function encodeRowImage(
  rows: Int32Array,
  count: number,
  columns: readonly Column[],
  dead: Int32Array,
  deadCount: number,
  codecs: readonly CellCodec[],
): Uint8Array<ArrayBuffer> {
  const out = new EnvelopeWriter(1024 + count * (4 + 12 * columns.length) + 4 * deadCount);
  writeNumbers(out, rows, count);
  writeNumbers(out, dead, deadCount);
  writeColumns(out, codecs, columns, count);
  return out.seal();
}

export function decodeRowImage(blob: Uint8Array, codecs: readonly CellCodec[], what: string): RowImage {
  const input = new EnvelopeReader(blob, what);
  const rows = readNumbers(input);
  const dead = readNumbers(input);
  const { length, columns } = readColumns(input, expectCodecs(codecs));
  if (length !== rows.length) throw input.corrupted(`it holds ${length} rows under ${rows.length} numbers`);
  return { rows, columns, dead };
}

/** Consecutive numbers, as on a full page, are only counted. */
function writeNumbers(out: EnvelopeWriter, numbers: Int32Array, count: number): void {
  out.uint32(count);
  if (count === 0) return;
  const first = numbers[0] as number;
  let k = 1;
  while (k < count && numbers[k] === first + k) k++;
  const isConsecutive = k === count;
  out.uint8(isConsecutive ? 1 : 0);
  out.raw(numbers, isConsecutive ? 1 : count);
}

function readNumbers(input: EnvelopeReader): Int32Array {
  const numbers = new Int32Array(input.uint32());
  if (numbers.length === 0) return numbers;
  const isConsecutive = input.uint8() === 1;
  input.raw(numbers, isConsecutive ? 1 : numbers.length);
  if (isConsecutive) for (let k = 1; k < numbers.length; k++) numbers[k] = (numbers[0] as number) + k;
  return numbers;
}

/** Writes values `from…to` of a column to places `rows[k] & PAGE_MASK` of a page's column of the same kind. */
export function scatterColumn(values: Column, rows: Int32Array, from: number, to: number, page: Column): void {
  if (values.nulls !== null || page.nulls !== null) {
    for (let k = from; k < to; k++) copyValue(values, k, page, (rows[k] as number) & PAGE_MASK);
    return;
  }
  switch (values.kind) {
    case 'i64':
      scatterLanes(values.data, rows, from, to, (page as I64Column).data);
      return;
    case 'i32':
      scatterWords(values.data, rows, from, to, (page as I32Column).data);
      return;
    case 'f64':
      scatterDoubles(values.data, rows, from, to, (page as F64Column).data);
      return;
    default:
      for (let k = from; k < to; k++) copyValue(values, k, page, (rows[k] as number) & PAGE_MASK);
  }
}

function scatterLanes(values: Int32Array, rows: Int32Array, from: number, to: number, page: Int32Array): void {
  for (let k = from; k < to; k++) {
    const at = 2 * ((rows[k] as number) & PAGE_MASK);
    page[at] = values[2 * k] as number;
    page[at + 1] = values[2 * k + 1] as number;
  }
}

function scatterWords(values: Int32Array, rows: Int32Array, from: number, to: number, page: Int32Array): void {
  for (let k = from; k < to; k++) page[(rows[k] as number) & PAGE_MASK] = values[k] as number;
}

function scatterDoubles(values: Float64Array, rows: Int32Array, from: number, to: number, page: Float64Array): void {
  for (let k = from; k < to; k++) page[(rows[k] as number) & PAGE_MASK] = values[k] as number;
}
