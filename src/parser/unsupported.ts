/**
 * Statements this server knows and does not run: they are read to their end and named, so that the client hears
 * `… is not supported` instead of a syntax error. Only their first words are checked.
 */
import type { UnsupportedStatement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

/** First words of PostgreSQL's statements and of ours; the longest that fits names the statement. */
const NAMES: readonly string[] = `
  analyse; analyze; call; cluster; copy; do; grant; import foreign schema; load; lock; merge into; reassign owned;
  refresh materialized view; reindex; revoke; security label; vacuum; subscribe; pause; resume; move; set constraints;
  alter aggregate; alter collation; alter connection; alter conversion; alter database; alter default privileges;
  alter domain; alter event trigger; alter extension; alter foreign data wrapper; alter foreign table; alter function;
  alter group; alter index; alter language; alter large object; alter materialized view; alter operator class;
  alter operator family; alter operator; alter policy; alter procedure; alter publication; alter role; alter routine;
  alter rule; alter schema; alter sequence; alter server; alter sink; alter source; alter statistics; alter stream;
  alter subscription; alter system; alter table; alter tablespace; alter text search; alter trigger; alter type;
  alter user mapping; alter user; alter view;
  create access method; create aggregate; create cast; create collation; create connection; create conversion;
  create database; create default conversion; create domain; create event trigger; create extension;
  create foreign data wrapper; create foreign table; create function; create group; create language;
  create operator class; create operator family; create operator; create policy; create procedure; create publication;
  create role; create rule; create secret; create sequence; create server; create sink; create statistics;
  create subscription; create tablespace; create temporary sequence; create temp sequence; create text search;
  create transform; create trigger; create trusted language; create procedural language; create type;
  create user mapping; create user; create constraint trigger; create unlogged sequence; create assertion;
  drop access method; drop aggregate; drop cast; drop collation; drop connection; drop conversion; drop database;
  drop domain; drop event trigger; drop extension; drop foreign data wrapper; drop foreign table; drop group;
  drop language; drop operator class; drop operator family; drop operator; drop owned; drop policy; drop procedure;
  drop publication; drop role; drop routine; drop rule; drop secret; drop server; drop statistics; drop subscription;
  drop tablespace; drop text search; drop transform; drop trigger; drop user mapping; drop user`
  .split(';')
  .map((name) => name.trim());

const BY_FIRST_WORD = new Map<string, string[][]>();
for (const words of NAMES.map((name) => name.split(' '))) {
  const first = words[0] as string;
  BY_FIRST_WORD.set(first, [...(BY_FIRST_WORD.get(first) ?? []), words]);
}

/** The statement that comes next, taken to its end; null when it is none that PostgreSQL or this dialect knows. */
export function parseUnsupported(cursor: Cursor): UnsupportedStatement | null {
  const at = cursor.at;
  const words = findName(cursor);
  if (words === null) return null;
  skipStatement(cursor);
  return { kind: 'unsupported', at, what: words.join(' ').toUpperCase() };
}

function findName(cursor: Cursor): readonly string[] | null {
  let longest: readonly string[] | null = null;
  for (const words of BY_FIRST_WORD.get(cursor.value) ?? []) {
    const isLonger = longest === null || words.length > longest.length;
    if (isLonger && startsWith(cursor, words)) longest = words;
  }
  return longest;
}

/** `CREATE OR REPLACE FUNCTION` is named `CREATE FUNCTION`. */
function startsWith(cursor: Cursor, words: readonly string[]): boolean {
  if (!cursor.isLabel() || cursor.kind === TokenKind.quoted) return false;
  const skipped = cursor.isSequence('create', 'or', 'replace') ? 2 : 0;
  return words.every((word, i) => cursor.values[cursor.index + i + (i === 0 ? 0 : skipped)] === word);
}

/** To the semicolon or the end; a function body in BEGIN ATOMIC … END may hold semicolons. */
function skipStatement(cursor: Cursor): void {
  let open = 0;
  while (cursor.kind !== TokenKind.end && (open > 0 || !cursor.is(';'))) {
    if (cursor.kind === TokenKind.error) cursor.fail();
    if (cursor.isSequence('begin', 'atomic')) open++;
    else if (open > 0 && cursor.is('case')) open++;
    else if (open > 0 && cursor.is('end')) open--;
    cursor.index++;
  }
}
