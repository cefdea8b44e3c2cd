/** SET, RESET and SHOW of settings, and DISCARD. */
import { featureNotSupported } from '../base/errors.ts';
import type { Discard, ResetVariable, SetVariable, Show, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';
import { parseTransactionModes } from './transactions.ts';
import { parseIntervalFields, parseLiteralType } from './type-names.ts';

/** `SET [SESSION | LOCAL] name { = | TO } value, …` and the standard's special forms. */
export function parseSet(cursor: Cursor): Statement {
  const at = cursor.at;
  cursor.expect('set');
  if (cursor.is('constraints')) return refuseConstraints(cursor, at);
  if (cursor.acceptSequence('session', 'characteristics')) {
    cursor.expect('as');
    cursor.expect('transaction');
    const modes = parseTransactionModes(cursor, true);
    return { kind: 'transaction', at, action: 'set-session', modes, chain: false };
  }
  const isLocal = cursor.is('local') && !cursor.isAhead(1, '=') && !cursor.isAhead(1, 'to') && cursor.accept('local');
  if (!isLocal && cursor.is('session') && !cursor.isAhead(1, 'authorization')) acceptSessionWord(cursor);
  const scope = isLocal ? 'local' : 'session';
  if (cursor.accept('transaction')) return parseSetTransaction(cursor, at);
  return parseSetting(cursor, at, scope);
}

/** `SET session = …` would be a setting of that name. */
function acceptSessionWord(cursor: Cursor): void {
  if (!cursor.isAhead(1, '=') && !cursor.isAhead(1, 'to')) cursor.index++;
}

function refuseConstraints(cursor: Cursor, at: number): Statement {
  cursor.index++;
  if (!cursor.accept('all')) cursor.list((inner) => inner.qualifiedName());
  cursor.expectOneOf('deferred', 'immediate');
  return { kind: 'unsupported', at, what: 'SET CONSTRAINTS' };
}

function parseSetTransaction(cursor: Cursor, at: number): Statement {
  if (cursor.accept('snapshot')) {
    cursor.refuse('SET TRANSACTION SNAPSHOT', at);
    cursor.expectString();
    return { kind: 'transaction', at, action: 'set', modes: [], chain: false };
  }
  return { kind: 'transaction', at, action: 'set', modes: parseTransactionModes(cursor, true), chain: false };
}

function parseSetting(cursor: Cursor, at: number, scope: SetVariable['scope']): SetVariable {
  const special = parseSpecialSetting(cursor);
  if (special !== null) return { kind: 'set', at, scope, ...special };
  const name = parseSettingName(cursor);
  if (cursor.acceptSequence('from', 'current')) cursor.refuse('SET FROM CURRENT', at);
  else if (!cursor.accept('=')) cursor.expect('to');
  const values = cursor.unsupported !== null && cursor.isEnd() ? null : parseValues(cursor);
  return { kind: 'set', at, scope, name, values };
}

type Setting = Pick<SetVariable, 'name' | 'values'>;

/** The forms of the standard: TIME ZONE, SCHEMA, NAMES, ROLE, SESSION AUTHORIZATION, CATALOG, XML OPTION. */
function parseSpecialSetting(cursor: Cursor): Setting | null {
  if (cursor.isAhead(1, '=') || cursor.isAhead(1, 'to') || cursor.isAhead(1, '.')) return null;
  if (cursor.acceptSequence('time', 'zone')) return { name: 'timezone', values: parseTimeZone(cursor) };
  if (cursor.acceptSequence('session', 'authorization')) {
    const isDefault = cursor.accept('default');
    return { name: 'session_authorization', values: isDefault ? null : [parseWordOrString(cursor)] };
  }
  if (cursor.accept('schema')) return { name: 'search_path', values: [cursor.expectString()] };
  if (cursor.accept('role')) return { name: 'role', values: [parseWordOrString(cursor)] };
  if (cursor.accept('names')) {
    const isDefault = cursor.isEnd() || cursor.accept('default');
    return { name: 'client_encoding', values: isDefault ? null : [cursor.expectString()] };
  }
  if (cursor.is('catalog')) {
    throw featureNotSupported('current database cannot be changed', { position: cursor.starts[cursor.index + 1] });
  }
  if (!cursor.acceptSequence('xml', 'option')) return null;
  return { name: 'xmloption', values: [cursor.expectOneOf('document', 'content')] };
}

/** `a`, `a.b`. */
function parseSettingName(cursor: Cursor): string {
  let name = cursor.columnId();
  while (cursor.accept('.')) name += `.${cursor.columnId()}`;
  return name;
}

/** DEFAULT, or values parted by commas. */
function parseValues(cursor: Cursor): string[] | null {
  return cursor.accept('default') ? null : cursor.list(parseValue);
}

function parseValue(cursor: Cursor): string {
  const sign = cursor.acceptOneOf('+', '-');
  const isNumber = cursor.kind === TokenKind.integer || cursor.kind === TokenKind.decimal;
  if (isNumber) return (sign === '-' ? '-' : '') + cursor.takeValue();
  if (sign !== null) cursor.fail();
  return cursor.acceptOneOf('true', 'false', 'on') ?? parseWordOrString(cursor);
}

function parseWordOrString(cursor: Cursor): string {
  if (cursor.kind === TokenKind.string) return cursor.takeValue();
  // NonReservedWord: also names of types and functions, never reserved words.
  if (!cursor.isLabel() || cursor.kind === TokenKind.reserved) cursor.fail();
  return cursor.takeValue();
}

/** `'Europe/Berlin'`, a word, a number of hours, an interval, LOCAL or DEFAULT. */
function parseTimeZone(cursor: Cursor): string[] | null {
  if (cursor.acceptOneOf('local', 'default') !== null) return null;
  if (!cursor.is('interval')) return [parseValue(cursor)];
  parseLiteralType(cursor);
  const text = cursor.expectString();
  parseIntervalFields(cursor);
  return [text];
}

export function parseReset(cursor: Cursor): ResetVariable {
  const at = cursor.at;
  cursor.expect('reset');
  if (cursor.accept('all')) return { kind: 'reset', at, name: null };
  return { kind: 'reset', at, name: parseSettingWords(cursor) };
}

/** A setting's name, or the standard's words for one. */
function parseSettingWords(cursor: Cursor): string {
  if (cursor.acceptSequence('time', 'zone')) return 'timezone';
  if (cursor.acceptSequence('session', 'authorization')) return 'session_authorization';
  if (cursor.acceptSequence('transaction', 'isolation')) {
    cursor.expect('level');
    return 'transaction_isolation';
  }
  return parseSettingName(cursor);
}

const LISTS = new Set(
  'streams sources tables views sinks indexes connections secrets schemas databases functions'.split(' '),
);

/** `SHOW setting`, `SHOW ALL`, `SHOW STREAMS`, `SHOW CREATE VIEW v`. */
export function parseShow(cursor: Cursor): Show {
  const at = cursor.at;
  cursor.expect('show');
  if (cursor.accept('all')) return { kind: 'show', at, what: 'all', target: null };
  if (cursor.acceptSequence('materialized', 'views'))
    return { kind: 'show', at, what: 'materialized views', target: null };
  if (cursor.accept('create')) return parseShowCreate(cursor, at);
  if (LISTS.has(cursor.value) && !cursor.isAhead(1, '.')) {
    const what = cursor.takeValue();
    return { kind: 'show', at, what, target: cursor.accept('from') ? cursor.qualifiedName() : null };
  }
  return { kind: 'show', at, what: parseSettingWords(cursor), target: null };
}

function parseShowCreate(cursor: Cursor, at: number): Show {
  const word = cursor.expectOneOf('stream', 'source', 'table', 'view', 'materialized', 'sink', 'index', 'connection');
  if (word === 'materialized') cursor.expect('view');
  const what = `create ${word === 'materialized' ? 'materialized view' : word}`;
  return { kind: 'show', at, what, target: cursor.qualifiedName() };
}

export function parseDiscard(cursor: Cursor): Discard {
  const at = cursor.at;
  cursor.expect('discard');
  const word = cursor.expectOneOf('all', 'plans', 'sequences', 'temp', 'temporary');
  return { kind: 'discard', at, what: word === 'temporary' ? 'temp' : word };
}
