/**
 * Every error a client may see.
 *
 * One constructor function per condition, so that a message is worded once and a test can name it. The wording is
 * PostgreSQL's. Primary messages: lower case, no full stop, quote what the user typed. Detail and hint: whole
 * sentences. A condition with many wordings (invalid text representation, feature not supported) takes the message.
 */
import { SqlState } from './sqlstate.ts';

export type SqlErrorFields = {
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Code-unit offset into the statement text, from 0, as the AST counts. The wire makes it a character position, from 1. */
  readonly position?: number | undefined;
  /** Context lines (`W` field), e.g. where inside a COPY or a view an error arose. */
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
  /** PostgreSQL's C function name where clients look at it (`RevalidateCachedQuery`). */
  readonly routine?: string | undefined;
};

export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly code: SqlState;
  readonly severity: 'ERROR' | 'FATAL';
  readonly fields: SqlErrorFields;

  constructor(code: SqlState, message: string, fields: SqlErrorFields = {}, severity: 'ERROR' | 'FATAL' = 'ERROR') {
    super(message);
    this.code = code;
    this.fields = fields;
    this.severity = severity;
  }

  /** The same error pointing at `position`, unless it already points somewhere. */
  at(position: number | undefined): SqlError {
    if (position === undefined || this.fields.position !== undefined) return this;
    return new SqlError(this.code, this.message, { ...this.fields, position }, this.severity);
  }
}

/** A message that is not an error: travels as NoticeResponse. */
export type Notice = {
  readonly severity: 'NOTICE' | 'WARNING' | 'INFO' | 'LOG';
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
};

type At = number | undefined;
const make =
  (code: SqlState) =>
  (message: string, fields: SqlErrorFields = {}) =>
    new SqlError(code, message, fields);

/** Any wording of a condition. Prefer a named constructor below where the wording is fixed. */
export const featureNotSupported = make(SqlState.featureNotSupported);
export const invalidParameterValue = make(SqlState.invalidParameterValue);
export const numericValueOutOfRange = make(SqlState.numericValueOutOfRange);
export const invalidDatetimeFormat = make(SqlState.invalidDatetimeFormat);
export const datetimeFieldOverflow = make(SqlState.datetimeFieldOverflow);
export const invalidTextRepresentation = make(SqlState.invalidTextRepresentation);
export const invalidBinaryRepresentation = make(SqlState.invalidBinaryRepresentation);
export const invalidRegularExpression = make(SqlState.invalidRegularExpression);
export const dataException = make(SqlState.dataException);
export const arraySubscriptError = make(SqlState.arraySubscriptError);
export const cardinalityViolation = make(SqlState.cardinalityViolation);
export const datatypeMismatch = make(SqlState.datatypeMismatch);
export const groupingError = make(SqlState.groupingError);
export const windowingError = make(SqlState.windowingError);
export const wrongObjectType = make(SqlState.wrongObjectType);
export const undefinedObject = make(SqlState.undefinedObject);
export const duplicateObject = make(SqlState.duplicateObject);
export const invalidColumnReference = make(SqlState.invalidColumnReference);
export const invalidTableDefinition = make(SqlState.invalidTableDefinition);
export const invalidObjectDefinition = make(SqlState.invalidObjectDefinition);
export const ambiguousFunctionError = make(SqlState.ambiguousFunction);
export const indeterminateDatatype = make(SqlState.indeterminateDatatype);
export const invalidName = make(SqlState.invalidName);
export const protocolViolation = make(SqlState.protocolViolation);
export const insufficientPrivilege = make(SqlState.insufficientPrivilege);
export const programLimitExceeded = make(SqlState.programLimitExceeded);
export const statementTooComplex = make(SqlState.statementTooComplex);
export const objectNotInPrerequisiteState = make(SqlState.objectNotInPrerequisiteState);
export const invalidEscapeSequence = make(SqlState.invalidEscapeSequence);
export const syntaxError = make(SqlState.syntaxError);
export const dataCorrupted = make(SqlState.dataCorrupted);
export const ioError = make(SqlState.ioError);
export const diskFull = make(SqlState.diskFull);
export const checkViolation = make(SqlState.checkViolation);

export const divisionByZero = () => new SqlError(SqlState.divisionByZero, 'division by zero');

export const invalidRowCountInLimitClause = () =>
  new SqlError(SqlState.invalidRowCountInLimitClause, 'LIMIT must not be negative');

export const invalidRowCountInResultOffsetClause = () =>
  new SqlError(SqlState.invalidRowCountInResultOffsetClause, 'OFFSET must not be negative');

/** `typeName` as PostgreSQL prints it in this message: `smallint`, `integer`, `bigint`, `real`, `double precision`. */
export const outOfRange = (typeName: string) => numericValueOutOfRange(`${typeName} out of range`);

/** `invalid input syntax for type integer: "x"`. */
export const invalidInputSyntax = (typeName: string, text: string, detail?: string) =>
  invalidTextRepresentation(`invalid input syntax for type ${typeName}: "${text}"`, { detail });

export const valueTooLong = (type: string) =>
  new SqlError(SqlState.stringDataRightTruncation, `value too long for type ${type}`);

export const undefinedColumn = (name: string, position: At, hint?: string) =>
  new SqlError(SqlState.undefinedColumn, `column ${name.includes('.') ? name : `"${name}"`} does not exist`, {
    position,
    hint,
  });

export const undefinedColumnOfRelation = (column: string, relation: string, position: At) =>
  new SqlError(SqlState.undefinedColumn, `column "${column}" of relation "${relation}" does not exist`, { position });

export const ambiguousColumn = (name: string, position: At) =>
  new SqlError(SqlState.ambiguousColumn, `column reference "${name}" is ambiguous`, { position });

export const duplicateColumn = (name: string, position: At) =>
  new SqlError(SqlState.duplicateColumn, `column "${name}" specified more than once`, { position });

export const undefinedTable = (name: string, position: At, hint?: string) =>
  new SqlError(SqlState.undefinedTable, `relation "${name}" does not exist`, { position, hint });

export const duplicateTable = (name: string) =>
  new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);

export const duplicateAlias = (name: string, position: At) =>
  new SqlError(SqlState.duplicateAlias, `table name "${name}" specified more than once`, { position });

export const undefinedSchema = (name: string, position?: At) =>
  new SqlError(SqlState.undefinedSchema, `schema "${name}" does not exist`, { position });

export const undefinedType = (name: string, position: At) =>
  undefinedObject(`type "${name}" does not exist`, { position });

export const undefinedFunction = (name: string, argumentTypes: readonly string[], position?: At) =>
  new SqlError(SqlState.undefinedFunction, `function ${name}(${argumentTypes.join(', ')}) does not exist`, {
    position,
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });

/** `left` is null for a prefix operator. */
export const undefinedOperator = (name: string, left: string | null, right: string, position?: At) =>
  new SqlError(
    SqlState.undefinedFunction,
    `operator does not exist: ${left === null ? `${name} ${right}` : `${left} ${name} ${right}`}`,
    {
      position,
      hint: `No operator matches the given name and argument type${left === null ? '' : 's'}. You might need to add ${left === null ? 'an explicit type cast' : 'explicit type casts'}.`,
    },
  );

export const cannotCoerce = (from: string, to: string, position?: At) =>
  new SqlError(SqlState.cannotCoerce, `cannot cast type ${from} to ${to}`, { position });

export const undefinedParameter = (index: number, position: At) =>
  new SqlError(SqlState.undefinedParameter, `there is no parameter $${index}`, { position });

export const notNullViolation = (column: string, relation: string, schema: string, detail?: string) =>
  new SqlError(
    SqlState.notNullViolation,
    `null value in column "${column}" of relation "${relation}" violates not-null constraint`,
    { detail, column, table: relation, schema },
  );

export const uniqueViolation = (constraint: string, detail: string, table: string, schema: string) =>
  new SqlError(SqlState.uniqueViolation, `duplicate key value violates unique constraint "${constraint}"`, {
    detail,
    constraint,
    table,
    schema,
  });

export const dependentObjects = (object: string, detail: string) =>
  new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${object} because other objects depend on it`, {
    detail,
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });

export const inFailedTransaction = () =>
  new SqlError(
    SqlState.inFailedSqlTransaction,
    'current transaction is aborted, commands ignored until end of transaction block',
  );

export const undefinedPreparedStatement = (name: string) =>
  new SqlError(
    SqlState.invalidSqlStatementName,
    name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${name}" does not exist`,
  );

export const duplicatePreparedStatement = (name: string) =>
  new SqlError(SqlState.duplicatePreparedStatement, `prepared statement "${name}" already exists`);

export const undefinedCursor = (name: string) =>
  new SqlError(SqlState.invalidCursorName, `portal "${name}" does not exist`);

export const queryCanceled = (why = 'canceling statement due to user request') =>
  new SqlError(SqlState.queryCanceled, why);

/** For loops that ask between steps whether to go on. */
export function throwIfCanceled(reason: string | null): void {
  if (reason !== null) throw queryCanceled(reason);
}

/** The data directory belongs to another server; `pid` is that server's, or null when it is not known. */
export const lockFileExists = (directory: string, pid: number | null) =>
  new SqlError(
    SqlState.lockFileExists,
    `data directory "${directory}" is in use by another server`,
    { hint: pid === null ? undefined : `Is another server (PID ${pid}) running in it?` },
    'FATAL',
  );

export const adminShutdown = () =>
  new SqlError(SqlState.adminShutdown, 'terminating connection due to administrator command', {}, 'FATAL');

/** Wraps what is not a `SqlError` for the client: our own mistakes and the world's. */
export const internalError = (cause: unknown) =>
  cause instanceof SqlError
    ? cause
    : new SqlError(SqlState.internalError, cause instanceof Error ? cause.message : String(cause));

// ---------------------------------------------------------------------------------------------------- connections

/** The same error, ending the connection. */
export const fatal = (error: SqlError): SqlError =>
  error.severity === 'FATAL' ? error : new SqlError(error.code, error.message, error.fields, 'FATAL');

/** 42883 for a type without the conversion that was asked of it (`no binary output function available for type x`). */
export const undefinedFunctionMessage = make(SqlState.undefinedFunction);

export const noUserName = () =>
  new SqlError(
    SqlState.invalidRoleSpecification,
    'no PostgreSQL user name specified in startup packet',
    { routine: 'ProcessStartupPacket' },
    'FATAL',
  );

export const invalidPassword = (user: string) =>
  new SqlError(
    SqlState.invalidPassword,
    `password authentication failed for user "${user}"`,
    { routine: 'auth_failed' },
    'FATAL',
  );

export const tooManyConnections = () =>
  new SqlError(SqlState.tooManyConnections, 'sorry, too many clients already', {}, 'FATAL');

export const shuttingDown = () =>
  new SqlError(SqlState.cannotConnectNow, 'the database system is shutting down', {}, 'FATAL');
