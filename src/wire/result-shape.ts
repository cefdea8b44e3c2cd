/**
 * What is known of a result before its first row: the RowDescription, encoded, and how each column is written.
 *
 * Computed once per list of columns (a cached plan hands out the same list for every execution) and then shared by all
 * connections; binding result formats only picks among prepared answers.
 */
import { protocolViolation, undefinedFunctionMessage } from '../base/errors.ts';
import type { ResultColumn } from '../engine/session.ts';
import type { SqlType } from '../types/type.ts';
import { OutputBuffer } from './output.ts';

/** How one column of a result is written. `text` and `binary` are the general ways, the others shorter ones of the same meaning. */
export const Encoding = {
  text: 0,
  binary: 1,
  utf8: 2,
  int32Text: 3,
  int64Text: 4,
  boolText: 5,
  float8Text: 6,
  numericText: 7,
  int16Binary: 8,
  int32Binary: 9,
  int64Binary: 10,
  float8Binary: 11,
} as const;

const textEncodings = new Map<number, number>([
  [16, Encoding.boolText],
  [18, Encoding.text],
  [19, Encoding.utf8],
  [20, Encoding.int64Text],
  [21, Encoding.int32Text],
  [23, Encoding.int32Text],
  [25, Encoding.utf8],
  [26, Encoding.int64Text],
  [701, Encoding.float8Text],
  [1042, Encoding.utf8],
  [1043, Encoding.utf8],
  [1700, Encoding.numericText],
]);

const binaryEncodings = new Map<number, number>([
  [19, Encoding.utf8],
  [20, Encoding.int64Binary],
  [21, Encoding.int16Binary],
  [23, Encoding.int32Binary],
  [25, Encoding.utf8],
  [701, Encoding.float8Binary],
  [1042, Encoding.utf8],
  [1043, Encoding.utf8],
  // Days and microseconds since 2000-01-01, here as in PostgreSQL.
  [1082, Encoding.int32Binary],
  [1083, Encoding.int64Binary],
  [1114, Encoding.int64Binary],
  [1184, Encoding.int64Binary],
]);

export type ResultShape = {
  readonly types: readonly SqlType[];
  /** The RowDescription message with every format code 0. */
  readonly description: Uint8Array;
  /** Where the format code of each column stands in it. */
  readonly formatOffsets: Int32Array;
  readonly allText: Uint8Array;
};

const shapes = new WeakMap<readonly ResultColumn[], ResultShape>();

export function shapeOf(columns: readonly ResultColumn[]): ResultShape {
  let shape = shapes.get(columns);
  if (shape === undefined) {
    shape = makeShape(columns);
    shapes.set(columns, shape);
  }
  return shape;
}

function makeShape(columns: readonly ResultColumn[]): ResultShape {
  const out = new OutputBuffer();
  const formatOffsets = new Int32Array(columns.length);
  const start = out.begin(0x54);
  out.int16(columns.length);
  columns.forEach((column, i) => {
    out.string(column.name);
    out.int32(column.tableOid);
    out.int16(column.attnum);
    out.int32(column.type.oid);
    out.int16(column.type.length);
    out.int32(column.typmod);
    formatOffsets[i] = out.at;
    out.int16(0);
  });
  out.end(start);
  const types = columns.map((column) => column.type);
  const allText = Uint8Array.from(types, (type) => textEncodings.get(type.oid) ?? Encoding.text);
  return { types, description: Uint8Array.from(out.view()), formatOffsets, allText };
}

/** 08P01 unless `formats` is empty (all text), one code for all, or one per column. */
export function checkFormatCount(shape: ResultShape | null, formats: readonly number[]): void {
  if (shape === null || formats.length <= 1 || formats.length === shape.types.length) return;
  throw protocolViolation(
    `bind message has ${formats.length} result formats but query has ${shape.types.length} columns`,
  );
}

const formatOf = (formats: readonly number[], column: number): number =>
  formats.length === 0 ? 0 : ((formats.length === 1 ? formats[0] : formats[column]) as number);

/** One `Encoding` per column. 42883 when a type has no binary form. */
export function encodingsFor(shape: ResultShape, formats: readonly number[]): Uint8Array {
  if (!formats.includes(1)) return shape.allText;
  return Uint8Array.from(shape.types, (type, c) =>
    formatOf(formats, c) === 0 ? (shape.allText[c] as number) : binaryEncoding(type),
  );
}

function binaryEncoding(type: SqlType): number {
  const short = binaryEncodings.get(type.oid);
  if (short !== undefined) return short;
  if (type.writeBinary !== undefined) return Encoding.binary;
  throw undefinedFunctionMessage(`no binary output function available for type ${type.displayName}`);
}

export function writeRowDescription(out: OutputBuffer, shape: ResultShape, formats: readonly number[]): void {
  const start = out.at;
  out.raw(shape.description);
  if (!formats.includes(1)) return;
  shape.formatOffsets.forEach((offset, c) => {
    out.bytes[start + offset + 1] = formatOf(formats, c);
  });
}
