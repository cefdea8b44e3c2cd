/**
 * Rows: from columns to DataRow messages, without an object or a string per value where the type allows.
 *
 * This is the hottest loop of the room. Each value is written by a case of one switch over small integers chosen per column
 * before the first row (result-shape.ts), reading the typed arrays in place. Measured on a two-column point lookup, a call
 * through a closure per value costs twice the switch.
 */
import { assert } from '../base/assert.ts';
import type { Batch } from '../types/batch.ts';
import { putInt16, putInt32 } from '../types/bytes.ts';
import {
  type BoolColumn,
  type Column,
  type DecColumn,
  type F64Column,
  type I32Column,
  type I64Column,
  type TextColumn,
  valueAt,
  WIDE,
} from '../types/column.ts';
import { int64AsDouble, int64At } from '../types/int64.ts';
import type { FormatSettings, SqlType } from '../types/type.ts';
import { putDecimal, putInteger } from './digits.ts';
import type { OutputBuffer } from './output.ts';
import { Encoding } from './result-shape.ts';

const DATA_ROW = 0x44;
/** Room for a length word and any value of fixed form: 17 digits, a sign, a point and leading zeros. */
const FIXED_VALUE_BYTES = 32;
/** A double at or above this may print with an exponent. */
const PLAIN_DOUBLES = 1e15;

/**
 * Writes rows of `batch` from row `from` on, until row `to` or until `out` holds more than `untilBytes`; returns the first row
 * not written. A weight of n writes the row n times. `encodings` has one entry per column of the result.
 */
export function writeRows(
  out: OutputBuffer,
  types: readonly SqlType[],
  encodings: Uint8Array,
  batch: Batch,
  from: number,
  to: number,
  untilBytes: number,
  format: FormatSettings,
): number {
  const { columns, weights } = batch;
  for (let c = 0; c < types.length; c++) {
    assert((columns[c] as Column).kind === (types[c] as SqlType).column, 'a result column has the kind of its type');
  }
  let row = from;
  let start = out.at;
  try {
    for (; row < to && out.at <= untilBytes; row++) {
      const copies = weights === null ? 1 : (weights[row] as number);
      if (copies < 1) continue;
      start = out.at;
      writeRow(out, types, encodings, columns, row, format);
      if (copies > 1) repeat(out, start, copies - 1);
    }
  } catch (error) {
    out.at = start; // Half a row must not reach the client.
    throw error;
  }
  return row;
}

function writeRow(
  out: OutputBuffer,
  types: readonly SqlType[],
  encodings: Uint8Array,
  columns: readonly Column[],
  row: number,
  format: FormatSettings,
): void {
  const count = encodings.length;
  out.reserve(7 + FIXED_VALUE_BYTES * count);
  const start = out.at;
  out.bytes[start] = DATA_ROW;
  putInt16(out.bytes, start + 5, count);
  out.at = start + 7;
  for (let c = 0; c < count; c++) {
    const column = columns[c] as Column;
    const lengthAt = out.at;
    if (column.nulls !== null && column.nulls[row] === 1) {
      out.int32(-1);
      continue;
    }
    out.reserve(FIXED_VALUE_BYTES);
    out.at = lengthAt + 4;
    writeValue(out, encodings[c] as number, types[c] as SqlType, column, row, format);
    putInt32(out.bytes, lengthAt, out.at - lengthAt - 4);
  }
  putInt32(out.bytes, start + 1, out.at - start - 1);
}

/** The body of one value. `FIXED_VALUE_BYTES` are reserved. */
function writeValue(
  out: OutputBuffer,
  encoding: number,
  type: SqlType,
  column: Column,
  row: number,
  format: FormatSettings,
): void {
  switch (encoding) {
    case Encoding.utf8:
      out.text((column as TextColumn).data[row] as string);
      return;
    case Encoding.int32Text:
      out.at = putInteger(out.bytes, out.at, (column as I32Column).data[row] as number);
      return;
    case Encoding.int64Text:
      writeInt64Text(out, (column as I64Column).data, row);
      return;
    case Encoding.boolText:
      out.bytes[out.at++] = (column as BoolColumn).data[row] === 1 ? 0x74 : 0x66;
      return;
    case Encoding.float8Text:
      writeFloat8Text(out, type, (column as F64Column).data[row] as number, format);
      return;
    case Encoding.numericText:
      writeNumericText(out, type, column as DecColumn, row, format);
      return;
    case Encoding.int16Binary:
      putInt16(out.bytes, out.at, (column as I32Column).data[row] as number);
      out.at += 2;
      return;
    case Encoding.int32Binary:
      putInt32(out.bytes, out.at, (column as I32Column).data[row] as number);
      out.at += 4;
      return;
    case Encoding.int64Binary:
      putInt32(out.bytes, out.at, (column as I64Column).data[2 * row + 1] as number);
      putInt32(out.bytes, out.at + 4, (column as I64Column).data[2 * row] as number);
      out.at += 8;
      return;
    case Encoding.float8Binary:
      out.at = out.bytes.writeDoubleBE((column as F64Column).data[row] as number, out.at);
      return;
    case Encoding.binary:
      out.raw(type.writeBinary?.(valueAt(column, row)) as Uint8Array);
      return;
    default:
      out.text(type.format(valueAt(column, row), format));
  }
}

function writeInt64Text(out: OutputBuffer, data: Int32Array, row: number): void {
  const high = data[2 * row + 1] as number;
  if (high >= -0x1fffff && high < 0x200000) {
    out.at = putInteger(out.bytes, out.at, int64AsDouble(data, row));
    return;
  }
  out.text(`${int64At(data, row)}`);
}

/** Whole doubles, the common case after SUM and COUNT, print as integers; -0 and everything else ask the type. */
function writeFloat8Text(out: OutputBuffer, type: SqlType, value: number, format: FormatSettings): void {
  if (Number.isInteger(value) && Math.abs(value) < PLAIN_DOUBLES && value !== 0 && format.extraFloatDigits >= 0) {
    out.at = putInteger(out.bytes, out.at, value);
    return;
  }
  out.text(type.format(value, format));
}

function writeNumericText(
  out: OutputBuffer,
  type: SqlType,
  column: DecColumn,
  row: number,
  format: FormatSettings,
): void {
  const scale = column.scales[row] as number;
  const high = column.data[2 * row + 1] as number;
  if (scale === WIDE || scale > 15 || high < -0x1fffff || high >= 0x200000) {
    out.text(type.format(valueAt(column, row), format));
    return;
  }
  const value = int64AsDouble(column.data, row);
  out.at = scale === 0 ? putInteger(out.bytes, out.at, value) : putDecimal(out.bytes, out.at, value, scale);
}

function repeat(out: OutputBuffer, start: number, times: number): void {
  const length = out.at - start;
  for (let i = 0; i < times; i++) {
    out.reserve(length);
    out.bytes.copyWithin(out.at, start, start + length);
    out.at += length;
  }
}
