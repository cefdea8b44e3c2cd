/**
 * Columns to bytes and back: the body of log entries and state images.
 *
 * Fixed-width kinds go as they lie in memory; NULLs as a bitmap; strings as their lengths and one blob, one byte a character
 * where that is enough; `value` columns as the cells of the type's binary form, or of its text where it has none.
 * Values at NULLs are not kept. The form says its own kinds, so that it can be taken apart without knowing the SQL types.
 */
import { unreachable } from '../base/assert.ts';
import {
  allocateColumn,
  type Column,
  type ColumnKind,
  type DecColumn,
  isNullAt,
  type TextColumn,
  type Value,
  type ValueColumn,
  WIDE,
} from '../types/column.ts';
import { toInt } from '../types/int64.ts';
import { Numeric } from '../types/numeric.ts';
import { defaultFormat, type SqlType } from '../types/type.ts';
import type { EnvelopeReader, EnvelopeWriter } from './envelope.ts';

/** How the objects of one column become bytes. Only `value` columns need the two functions. */
export type CellCodec = {
  readonly column: ColumnKind;
  write(value: Value): Uint8Array;
  read(bytes: Uint8Array, offset: number, length: number): Value;
};

const kinds: readonly ColumnKind[] = ['i32', 'i64', 'f64', 'bool', 'text', 'dec', 'value'];

const HAS_NULLS = 1;
/** text: one byte per character. */
const IS_ASCII = 2;
/** dec: one scale for all. */
const ONE_SCALE = 4;
/** dec: some values are wide. */
const HAS_WIDE = 8;

/** Length of a cell that holds null without being NULL. */
const NULL_OBJECT = 0xffffffff;

const codecs = new WeakMap<SqlType, CellCodec>();

/** The codecs of these types, made once per type. */
export function codecsOf(types: readonly SqlType[]): CellCodec[] {
  return types.map((type) => {
    const codec = codecs.get(type) ?? makeCodec(type);
    codecs.set(type, codec);
    return codec;
  });
}

function makeCodec(type: SqlType): CellCodec {
  const { column, readBinary, writeBinary } = type;
  if (column === 'value' && readBinary !== undefined && writeBinary !== undefined && elementIsBinary(type)) {
    return {
      column,
      write: (value) => writeBinary(value),
      read: (bytes, offset, length) => readBinary(bytes, offset, length),
    };
  }
  return {
    column,
    write: (value) => Buffer.from(type.format(value, defaultFormat)),
    read: (bytes, offset, length) =>
      type.parse(Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString(), defaultFormat),
  };
}

const elementIsBinary = ({ element }: SqlType): boolean => element === undefined || element.writeBinary !== undefined;

/** Codecs that carry cells as they are: for whoever moves rows without knowing their types. */
export const opaqueCodecs = (columns: readonly ColumnKind[]): CellCodec[] =>
  columns.map((column) => ({
    column,
    write: (value) => value as Uint8Array,
    read: (bytes, offset, length) => bytes.slice(offset, offset + length),
  }));

// --------------------------------------------------------------------------------------------------------- writing

export function writeColumns(
  out: EnvelopeWriter,
  codecs: readonly CellCodec[],
  columns: readonly Column[],
  length: number,
): void {
  out.uint32(length);
  out.uint32(columns.length);
  for (const column of columns) out.uint8(kinds.indexOf(column.kind));
  columns.forEach((column, c) => {
    writeColumn(out, codecs[c] as CellCodec, column, length);
  });
}

function writeColumn(out: EnvelopeWriter, codec: CellCodec, column: Column, length: number): void {
  const nulls = column.nulls !== null && column.nulls.indexOf(1) >= 0 ? column.nulls : null;
  const flags = nulls === null ? 0 : HAS_NULLS;
  switch (column.kind) {
    case 'i32':
    case 'f64':
    case 'bool':
      writeHead(out, flags, nulls, length);
      out.raw(column.data, length);
      return;
    case 'i64':
      writeHead(out, flags, nulls, length);
      out.raw(column.data, 2 * length);
      return;
    case 'text':
      writeText(out, flags, column, nulls, length);
      return;
    case 'dec':
      writeNumerics(out, flags, column, nulls, length);
      return;
    case 'value':
      writeHead(out, flags, nulls, length);
      writeCells(out, codec, column, length);
      return;
    default:
      unreachable(column);
  }
}

function writeHead(out: EnvelopeWriter, flags: number, nulls: Uint8Array | null, length: number): void {
  out.uint8(flags);
  if (nulls === null) return;
  const bitmap = new Uint8Array((length + 7) >> 3);
  for (let i = 0; i < length; i++) {
    if (nulls[i] === 1) bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
  }
  out.bytes(bitmap);
}

function writeText(
  out: EnvelopeWriter,
  flags: number,
  column: TextColumn,
  nulls: Uint8Array | null,
  length: number,
): void {
  const texts = textsOf(column, nulls, length);
  const whole = texts.join('');
  const size = Buffer.byteLength(whole);
  if (size === whole.length) {
    writeHead(out, flags | IS_ASCII, nulls, length);
    writeLengths(
      out,
      Int32Array.from(texts, (value) => value.length),
    );
    out.latin1(whole);
    return;
  }
  const lengths = Int32Array.from(texts, (value) => Buffer.byteLength(value));
  writeHead(out, flags, nulls, length);
  writeLengths(out, lengths);
  // Halves of a surrogate pair at the ends of two strings would be joined to one character, shorter than both.
  const isWhole = lengths.reduce((sum, bytes) => sum + bytes, 0) === size;
  if (isWhole) out.utf8(whole, size);
  else for (const [i, value] of texts.entries()) out.utf8(value, lengths[i] as number);
}

function textsOf(column: TextColumn, nulls: Uint8Array | null, length: number): readonly string[] {
  const { data } = column;
  if (nulls === null) return data.length === length ? data : data.slice(0, length);
  return data.slice(0, length).map((value, i) => (nulls[i] === 1 ? '' : value));
}

/** One, two or four bytes each, as the largest needs. */
function writeLengths(out: EnvelopeWriter, lengths: Int32Array): void {
  let largest = 0;
  for (let i = 0; i < lengths.length; i++) largest = Math.max(largest, lengths[i] as number);
  const width = largest < 0x100 ? 1 : largest < 0x8000 ? 2 : 4;
  out.uint8(width);
  if (width === 1) out.raw(Uint8Array.from(lengths), lengths.length);
  else if (width === 2) out.raw(Int16Array.from(lengths), lengths.length);
  else out.raw(lengths, lengths.length);
}

function writeNumerics(
  out: EnvelopeWriter,
  flags: number,
  column: DecColumn,
  nulls: Uint8Array | null,
  length: number,
): void {
  const { scales } = column;
  const wide: number[] = [];
  let isUniform = true;
  for (let i = 0; i < length; i++) {
    if (scales[i] !== scales[0]) isUniform = false;
    if (scales[i] === WIDE && (nulls === null || nulls[i] === 0)) wide.push(i);
  }
  writeHead(out, flags | (isUniform ? ONE_SCALE : 0) | (wide.length > 0 ? HAS_WIDE : 0), nulls, length);
  out.raw(scales, isUniform ? Math.min(1, length) : length);
  out.raw(column.data, 2 * length);
  if (wide.length === 0) return;
  out.uint32(wide.length);
  for (const i of wide) writeWide(out, i, column.wide?.[i] as Numeric);
}

function writeWide(out: EnvelopeWriter, i: number, { coefficient, scale }: Numeric): void {
  const digits = `${coefficient}`;
  out.uint32(i);
  out.int32(scale);
  out.uint32(digits.length);
  out.latin1(digits);
}

function writeCells(out: EnvelopeWriter, codec: CellCodec, column: ValueColumn, length: number): void {
  for (let i = 0; i < length; i++) {
    const value = column.data[i] as Value;
    if (value === null || isNullAt(column, i)) {
      out.uint32(NULL_OBJECT);
      continue;
    }
    const cell = codec.write(value);
    out.uint32(cell.length);
    out.bytes(cell);
  }
}

// --------------------------------------------------------------------------------------------------------- reading

export type DecodedColumns = { readonly length: number; readonly columns: Column[] };

/** Reads what `writeColumns` wrote. `codecsOf` is asked with the kinds found, and answers null where they do not fit. */
export function readColumns(
  input: EnvelopeReader,
  codecsOf: (found: readonly ColumnKind[]) => readonly CellCodec[] | null,
): DecodedColumns {
  const length = input.uint32();
  const found: ColumnKind[] = [];
  for (let rest = input.uint32(); rest > 0; rest--) found.push(readKind(input));
  const codecs = codecsOf(found);
  if (codecs === null) throw input.corrupted(`its columns are ${found.join(', ')}`);
  return { length, columns: codecs.map((codec) => readColumn(input, codec, length)) };
}

function readKind(input: EnvelopeReader): ColumnKind {
  const kind = kinds[input.uint8()];
  if (kind === undefined) throw input.corrupted('unknown kind of column');
  return kind;
}

/** For `readColumns`: these codecs, if they are for the kinds found. */
export const expectCodecs =
  (codecs: readonly CellCodec[]) =>
  (found: readonly ColumnKind[]): readonly CellCodec[] | null =>
    found.length === codecs.length && found.every((kind, c) => kind === codecs[c]?.column) ? codecs : null;

function readColumn(input: EnvelopeReader, codec: CellCodec, length: number): Column {
  const column = allocateColumn(codec.column, length);
  const flags = input.uint8();
  if ((flags & HAS_NULLS) !== 0) column.nulls = readNulls(input, length);
  switch (column.kind) {
    case 'i32':
    case 'f64':
    case 'bool':
      input.raw(column.data, length);
      break;
    case 'i64':
      input.raw(column.data, 2 * length);
      break;
    case 'text':
      readText(input, flags, column, length);
      break;
    case 'dec':
      readNumerics(input, flags, column, length);
      break;
    case 'value':
      readCells(input, codec, column, length);
      break;
    default:
      unreachable(column);
  }
  return column;
}

function readNulls(input: EnvelopeReader, length: number): Uint8Array {
  const bitmap = input.bytes((length + 7) >> 3);
  const nulls = new Uint8Array(length);
  for (let i = 0; i < length; i++) nulls[i] = ((bitmap[i >> 3] as number) >> (i & 7)) & 1;
  return nulls;
}

/**
 * Cuts the blob into strings of their own. Substrings of one big string would be cheaper, but V8 makes those of 13 characters
 * and more keep the whole alive: one row kept by a view would hold on to a thousand.
 */
function readText(input: EnvelopeReader, flags: number, column: TextColumn, length: number): void {
  const lengths = readLengths(input, length);
  let total = 0;
  for (let i = 0; i < length; i++) total += lengths[i] as number;
  const blob = input.bytes(total);
  const isAscii = (flags & IS_ASCII) !== 0;
  const whole = isAscii ? blob.toString('latin1') : '';
  for (let i = 0, at = 0; i < length; i++) {
    const end = at + (lengths[i] as number);
    if (!isAscii) column.data[i] = blob.toString('utf8', at, end);
    else column.data[i] = end - at < 13 ? whole.substring(at, end) : blob.toString('latin1', at, end);
    at = end;
  }
}

function readLengths(input: EnvelopeReader, length: number): Uint8Array | Int16Array | Int32Array {
  const width = input.uint8();
  const lengths = width === 1 ? new Uint8Array(length) : width === 2 ? new Int16Array(length) : new Int32Array(length);
  input.raw(lengths, length);
  return lengths;
}

function readNumerics(input: EnvelopeReader, flags: number, column: DecColumn, length: number): void {
  const isUniform = (flags & ONE_SCALE) !== 0;
  input.raw(column.scales, isUniform ? Math.min(1, length) : length);
  if (isUniform && length > 0) column.scales.fill(column.scales[0] as number);
  input.raw(column.data, 2 * length);
  if ((flags & HAS_WIDE) === 0) return;
  const wide: (Numeric | undefined)[] = new Array(length);
  for (let rest = input.uint32(); rest > 0; rest--) {
    const i = input.uint32();
    const scale = input.int32();
    wide[i] = new Numeric(toInt(BigInt(input.bytes(input.uint32()).toString('latin1'))), scale);
  }
  column.wide = wide;
}

function readCells(input: EnvelopeReader, codec: CellCodec, column: ValueColumn, length: number): void {
  for (let i = 0; i < length; i++) {
    const size = input.uint32();
    column.data[i] = size === NULL_OBJECT ? null : codec.read(input.whole, input.skip(size), size);
  }
}
