/** What passes between the main thread and the writer: plain data and transferable buffers. */
import { SqlError } from '../base/errors.ts';
import type { SqlState } from '../base/sqlstate.ts';
import type { LogRow } from './log-row.ts';
import type { CheckpointJob } from './writer.ts';

export type WriterRequest =
  | { readonly kind: 'append'; readonly row: LogRow }
  | { readonly kind: 'keep'; readonly relation: number }
  | { readonly kind: 'checkpoint'; readonly job: CheckpointJob }
  | { readonly kind: 'expire'; readonly relation: number; readonly arrivedBefore: number }
  | { readonly kind: 'close' };

/** An error that can cross threads: `code` is the SQLSTATE, or null for a mistake of ours. */
export type Failure = { readonly code: SqlState | null; readonly message: string };

/** `value`: for `expire` the rows forgotten, for `checkpoint` the milliseconds it took, else 0. */
export type WriterReply =
  | { readonly id: number; readonly failure: null; readonly value: number }
  | { readonly id: number; readonly failure: Failure };

export function failureOf(error: unknown): Failure {
  if (error instanceof SqlError) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export const errorOf = ({ code, message }: Failure): Error =>
  code === null ? new Error(message) : new SqlError(code, message);
