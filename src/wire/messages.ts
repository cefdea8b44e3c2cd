/**
 * The messages a client sends after authentication, as plain values, and their decoding from a frame.
 *
 * Body layouts: PostgreSQL manual, "Message Formats". What a message means is the connection's business.
 */
import { invalidParameterValue, protocolViolation } from '../base/errors.ts';
import type { FieldReader } from './read.ts';

export type Target = 'statement' | 'portal';

export type FrontendMessage =
  | { readonly kind: 'query'; readonly sql: string }
  | {
      readonly kind: 'parse';
      readonly name: string;
      readonly sql: string;
      readonly parameterOids: readonly number[];
    }
  | {
      readonly kind: 'bind';
      readonly portal: string;
      readonly statement: string;
      /** None: all text. One: for every value. Otherwise one per value. */
      readonly formats: readonly number[];
      readonly values: readonly (Uint8Array | null)[];
      readonly resultFormats: readonly number[];
    }
  | { readonly kind: 'describe'; readonly target: Target; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'close'; readonly target: Target; readonly name: string }
  | { readonly kind: 'flush' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'functionCall' }
  /** CopyData, CopyDone, CopyFail: leftovers of a COPY that failed, to be passed over. */
  | { readonly kind: 'copyLeftover' };

const flush: FrontendMessage = { kind: 'flush' };
const sync: FrontendMessage = { kind: 'sync' };
const terminate: FrontendMessage = { kind: 'terminate' };
const functionCall: FrontendMessage = { kind: 'functionCall' };
const copyLeftover: FrontendMessage = { kind: 'copyLeftover' };
const noNumbers: readonly number[] = [];

/** Codes of message types the connection looks at before it decodes. */
export const SYNC = 0x53;
export const TERMINATE = 0x58;
export const QUERY = 0x51;
export const FUNCTION_CALL = 0x46;
export const PASSWORD = 0x70;

/** Decodes the body under `fields`. Throws 08P01 when it is malformed. */
export function decodeMessage(type: number, fields: FieldReader): FrontendMessage {
  const message = decodeBody(type, fields);
  if (message !== functionCall && message !== copyLeftover) fields.finish();
  return message;
}

function decodeBody(type: number, fields: FieldReader): FrontendMessage {
  switch (type) {
    case QUERY:
      return { kind: 'query', sql: fields.string() };
    case 0x50: // P
      return { kind: 'parse', name: fields.string(), sql: fields.string(), parameterOids: decodeOids(fields) };
    case 0x42: // B
      return decodeBind(fields);
    case 0x44: // D
      return { kind: 'describe', target: decodeTarget(fields, 'DESCRIBE'), name: fields.string() };
    case 0x45: // E
      return { kind: 'execute', portal: fields.string(), maxRows: fields.int32() };
    case 0x43: // C
      return { kind: 'close', target: decodeTarget(fields, 'CLOSE'), name: fields.string() };
    case 0x48: // H
      return flush;
    case SYNC:
      return sync;
    case TERMINATE:
      return terminate;
    case FUNCTION_CALL:
      return functionCall;
    case 0x64: // d
    case 0x63: // c
    case 0x66: // f
      return copyLeftover;
    default:
      throw protocolViolation(`invalid frontend message type ${type}`);
  }
}

function decodeOids(fields: FieldReader): readonly number[] {
  const count = fields.uint16();
  if (count === 0) return noNumbers;
  const oids: number[] = [];
  for (let i = 0; i < count; i++) oids.push(fields.uint32());
  return oids;
}

function decodeBind(fields: FieldReader): FrontendMessage {
  const portal = fields.string();
  const statement = fields.string();
  const formats = decodeFormats(fields);
  const count = fields.uint16();
  if (formats.length > 1 && formats.length !== count) {
    throw protocolViolation(`bind message has ${formats.length} parameter formats but ${count} parameters`);
  }
  const values: (Uint8Array | null)[] = [];
  for (let i = 0; i < count; i++) {
    const length = fields.int32();
    values.push(length === -1 ? null : fields.copy(length));
  }
  return { kind: 'bind', portal, statement, formats, values, resultFormats: decodeFormats(fields) };
}

function decodeFormats(fields: FieldReader): readonly number[] {
  const count = fields.uint16();
  if (count === 0) return noNumbers;
  const formats: number[] = [];
  for (let i = 0; i < count; i++) {
    const format = fields.uint16();
    if (format > 1) throw invalidParameterValue(`unsupported format code: ${format}`);
    formats.push(format);
  }
  return formats;
}

function decodeTarget(fields: FieldReader, message: 'DESCRIBE' | 'CLOSE'): Target {
  const code = fields.byte();
  if (code === SYNC) return 'statement';
  if (code === 0x50) return 'portal';
  throw protocolViolation(`invalid ${message} message subtype ${code}`);
}
