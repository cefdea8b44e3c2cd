/**
 * The packets before authentication: requests for encryption, cancel requests, and the start-up message itself.
 *
 * Follows ProcessStartupPacket of PostgreSQL's postmaster, wording included. Only protocol 3.0 is spoken: a client that asks
 * for a later 3.x, or for protocol options (`_pq_.…`), is told so and goes on at 3.0.
 */
import {
  fatal,
  featureNotSupported,
  invalidParameterValue,
  noUserName,
  protocolViolation,
  type SqlError,
} from '../base/errors.ts';
import type { FieldReader } from './read.ts';

export type StartupMessage = {
  readonly kind: 'startup';
  readonly user: string;
  readonly database: string;
  /** Everything else, as sent: run-time settings and `options`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The client asked for more than 3.0 and wants a NegotiateProtocolVersion. */
  readonly negotiates: boolean;
  readonly unknownOptions: readonly string[];
};

export type StartupPacket =
  | { readonly kind: 'ssl' }
  | { readonly kind: 'gss' }
  | { readonly kind: 'cancel'; readonly pid: number; readonly secret: number }
  | StartupMessage;

const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

/** Protocol 3.0: major in the upper half, minor in the lower. */
export const PROTOCOL_VERSION = 3 << 16;

export function decodeStartup(fields: FieldReader): StartupPacket {
  const code = fields.uint32();
  switch (code) {
    case SSL_REQUEST:
      return { kind: 'ssl' };
    case GSS_REQUEST:
      return { kind: 'gss' };
    case CANCEL_REQUEST:
      return { kind: 'cancel', pid: fields.int32(), secret: fields.int32() };
    default:
      return decodeStartupMessage(code, fields);
  }
}

function decodeStartupMessage(version: number, fields: FieldReader): StartupMessage {
  const major = version >>> 16;
  const minor = version & 0xffff;
  if (major !== 3) throw unsupportedProtocol(major, minor);
  const parameters = decodeParameters(fields);
  const unknownOptions = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'));
  const user = parameters.get('user') ?? '';
  const database = parameters.get('database') ?? '';
  const replication = parameters.get('replication');
  if (user === '') throw noUserName();
  if (replication !== undefined) refuseReplication(replication);
  for (const name of ['user', 'database', 'replication', ...unknownOptions]) parameters.delete(name);
  return {
    kind: 'startup',
    user,
    database: database === '' ? user : database,
    parameters,
    negotiates: minor > 0 || unknownOptions.length > 0,
    unknownOptions,
  };
}

/** Name and value in turn, ended by an empty name, which must be the last byte. */
function decodeParameters(fields: FieldReader): Map<string, string> {
  const parameters = new Map<string, string>();
  try {
    for (;;) {
      const name = fields.string();
      if (name === '') break;
      parameters.set(name, fields.string());
    }
    fields.finish();
  } catch {
    throw fatal(protocolViolation('invalid startup packet layout: expected terminator as last byte'));
  }
  return parameters;
}

const unsupportedProtocol = (major: number, minor: number): SqlError =>
  fatal(featureNotSupported(`unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.0`));

function refuseReplication(value: string): void {
  const off = ['false', 'off', 'no', '0', 'f', 'n'];
  if (off.includes(value.toLowerCase())) return;
  const on = ['true', 'on', 'yes', '1', 't', 'y', 'database'];
  if (on.includes(value.toLowerCase())) throw fatal(featureNotSupported('replication connections are not supported'));
  throw fatal(
    invalidParameterValue(`invalid value for parameter "replication": "${value}"`, {
      hint: 'Valid values are: "false", 0, "true", 1, "database".',
    }),
  );
}
