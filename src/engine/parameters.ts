/** Values of $1, $2, … from the wire's bytes, text or binary, by the types the statement gave them. */
import { invalidBinaryRepresentation, protocolViolation, SqlError } from '../base/errors.ts';
import type { Value } from '../types/column.ts';
import type { FormatSettings, SqlType } from '../types/type.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeParameters(
  types: readonly SqlType[],
  values: readonly (Uint8Array | null)[],
  formats: readonly number[],
  statement: string,
  settings: FormatSettings,
): Value[] {
  if (formats.length > 1 && formats.length !== values.length) {
    throw protocolViolation(`bind message has ${formats.length} parameter formats but ${values.length} parameters`);
  }
  if (values.length !== types.length) {
    throw protocolViolation(
      `bind message supplies ${values.length} parameters, but prepared statement "${statement}" requires ${types.length}`,
    );
  }
  return values.map((bytes, i) => {
    if (bytes === null) return null;
    const format = formats.length === 1 ? formats[0] : (formats[i] ?? 0);
    const type = types[i] as SqlType;
    return format === 1 ? decodeBinary(type, bytes, i) : type.parse(decodeText(bytes), settings);
  });
}

function decodeText(bytes: Uint8Array): string {
  try {
    const text = utf8.decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below in PostgreSQL's words.
  }
  throw new SqlError('22021', `invalid byte sequence for encoding "UTF8": ${firstBadBytes(bytes)}`);
}

function firstBadBytes(bytes: Uint8Array): string {
  const bad = bytes.findIndex((byte) => byte === 0 || byte >= 0x80);
  return `0x${(bytes[Math.max(bad, 0)] ?? 0).toString(16).padStart(2, '0')}`;
}

function decodeBinary(type: SqlType, bytes: Uint8Array, index: number): Value {
  if (type.readBinary === undefined) {
    throw new SqlError('42883', `no binary input function available for type ${type.displayName}`);
  }
  try {
    return type.readBinary(bytes, 0, bytes.length);
  } catch (error) {
    if (error instanceof RangeError) {
      throw invalidBinaryRepresentation(`incorrect binary data format in bind parameter ${index + 1}`);
    }
    throw error;
  }
}
