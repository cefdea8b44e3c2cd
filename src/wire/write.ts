/**
 * The messages the server sends, one function each, except rows (rows.ts).
 *
 * Body layouts: PostgreSQL manual, "Message Formats"; fields of errors: "Error and Notice Message Fields".
 */
import type { Notice, SqlError } from '../base/errors.ts';
import type { TransactionStatus } from '../engine/session.ts';
import type { SqlType } from '../types/type.ts';
import type { OutputBuffer } from './output.ts';
import { clientPosition } from './position.ts';

const code = (letter: string): number => letter.charCodeAt(0);
const AUTHENTICATION = code('R');
const BACKEND_KEY_DATA = code('K');
const COMMAND_COMPLETE = code('C');
const ERROR_RESPONSE = code('E');
const NEGOTIATE = code('v');
const NOTICE_RESPONSE = code('N');
const PARAMETER_DESCRIPTION = code('t');
const PARAMETER_STATUS = code('S');
const READY_FOR_QUERY = code('Z');

function emptyMessage(letter: string): (out: OutputBuffer) => void {
  const type = code(letter);
  return (out) => out.end(out.begin(type));
}

export const writeParseComplete = emptyMessage('1');
export const writeBindComplete = emptyMessage('2');
export const writeCloseComplete = emptyMessage('3');
export const writeNoData = emptyMessage('n');
export const writeEmptyQueryResponse = emptyMessage('I');
export const writePortalSuspended = emptyMessage('s');

export function writeAuthenticationOk(out: OutputBuffer): void {
  const start = out.begin(AUTHENTICATION);
  out.int32(0);
  out.end(start);
}

export function writeSaslMechanisms(out: OutputBuffer, mechanisms: readonly string[]): void {
  const start = out.begin(AUTHENTICATION);
  out.int32(10);
  for (const name of mechanisms) out.string(name);
  out.byte(0);
  out.end(start);
}

/** `step` is 11 for a challenge and 12 for the last word of the server. */
export function writeSaslData(out: OutputBuffer, step: 11 | 12, data: string): void {
  const start = out.begin(AUTHENTICATION);
  out.int32(step);
  out.text(data);
  out.end(start);
}

export function writeParameterStatus(out: OutputBuffer, name: string, value: string): void {
  const start = out.begin(PARAMETER_STATUS);
  out.string(name);
  out.string(value);
  out.end(start);
}

export function writeBackendKeyData(out: OutputBuffer, pid: number, secret: number): void {
  const start = out.begin(BACKEND_KEY_DATA);
  out.int32(pid);
  out.int32(secret);
  out.end(start);
}

export function writeNegotiateProtocol(out: OutputBuffer, version: number, unknownOptions: readonly string[]): void {
  const start = out.begin(NEGOTIATE);
  out.int32(version);
  out.int32(unknownOptions.length);
  for (const name of unknownOptions) out.string(name);
  out.end(start);
}

export function writeReadyForQuery(out: OutputBuffer, status: TransactionStatus): void {
  const start = out.begin(READY_FOR_QUERY);
  out.byte(code(status));
  out.end(start);
}

export function writeCommandComplete(out: OutputBuffer, tag: string): void {
  const start = out.begin(COMMAND_COMPLETE);
  out.string(tag);
  out.end(start);
}

export function writeParameterDescription(out: OutputBuffer, types: readonly SqlType[]): void {
  const start = out.begin(PARAMETER_DESCRIPTION);
  out.int16(types.length);
  for (const type of types) out.int32(type.oid);
  out.end(start);
}

function writeField(out: OutputBuffer, letter: string, value: string | undefined): void {
  if (value === undefined) return;
  out.byte(code(letter));
  out.string(value);
}

/** `statement` is the text that `error.fields.position` counts in, where known. */
export function writeError(out: OutputBuffer, error: SqlError, statement: string | null): void {
  const { fields } = error;
  const start = out.begin(ERROR_RESPONSE);
  writeField(out, 'S', error.severity);
  writeField(out, 'V', error.severity);
  writeField(out, 'C', error.code);
  writeField(out, 'M', error.message);
  writeField(out, 'D', fields.detail);
  writeField(out, 'H', fields.hint);
  if (fields.position !== undefined) {
    writeField(out, 'P', `${clientPosition(statement ?? '', fields.position)}`);
  }
  writeField(out, 'W', fields.where);
  writeField(out, 's', fields.schema);
  writeField(out, 't', fields.table);
  writeField(out, 'c', fields.column);
  writeField(out, 'd', fields.dataType);
  writeField(out, 'n', fields.constraint);
  writeField(out, 'R', fields.routine);
  out.byte(0);
  out.end(start);
}

export function writeNotice(out: OutputBuffer, notice: Notice): void {
  const start = out.begin(NOTICE_RESPONSE);
  writeField(out, 'S', notice.severity);
  writeField(out, 'V', notice.severity);
  writeField(out, 'C', notice.code);
  writeField(out, 'M', notice.message);
  writeField(out, 'D', notice.detail);
  writeField(out, 'H', notice.hint);
  out.byte(0);
  out.end(start);
}
