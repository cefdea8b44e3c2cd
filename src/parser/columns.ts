/** What stands between the parentheses of CREATE TABLE and CREATE STREAM: columns, constraints, the watermark. */
import { invalidTableDefinition, syntaxError } from '../base/errors.ts';
import type { ColumnDefinition, Expr, QualifiedName, TableConstraint, WatermarkDefinition } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseCascade } from './dml.ts';
import { parseOptionList } from './options.ts';
import { parseOptionalNames } from './select.ts';
import { parseTypeName } from './type-names.ts';

export type TableElements = {
  /** The name of the relation, for messages. */
  readonly relation: string;
  readonly columns: ColumnDefinition[];
  readonly constraints: TableConstraint[];
  watermark: WatermarkDefinition | null;
  /** Columns that said NULL. */
  readonly nullable: Set<string>;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** `( element, … )`; PostgreSQL allows none at all. */
export function parseTableElements(cursor: Cursor, relation: string): TableElements {
  const elements: TableElements = { relation, columns: [], constraints: [], watermark: null, nullable: new Set() };
  if (cursor.acceptSequence('(', ')')) return elements;
  cursor.parenthesised((inner) => parseElement(inner, elements));
  return elements;
}

function parseElement(cursor: Cursor, elements: TableElements): void {
  if (startsConstraint(cursor)) elements.constraints.push(parseTableConstraint(cursor));
  else if (cursor.isSequence('watermark', 'for')) setWatermark(elements, parseWatermark(cursor));
  else if (cursor.is('like')) skipLike(cursor);
  else parseColumn(cursor, elements);
}

function setWatermark(elements: TableElements, watermark: WatermarkDefinition): void {
  if (elements.watermark !== null) {
    throw invalidTableDefinition('a relation has at most one watermark', { position: watermark.at });
  }
  elements.watermark = watermark;
}

/** `WATERMARK FOR ts [AS expr]`; without AS the delay is nothing. */
function parseWatermark(cursor: Cursor): WatermarkDefinition {
  const at = cursor.at;
  cursor.index += 2;
  const columnAt = cursor.at;
  const column = cursor.columnId();
  const own: Expr = { kind: 'column-ref', at: columnAt, parts: [column] };
  return { at, column, expr: cursor.accept('as') ? cursor.durationExpression() : own };
}

function skipLike(cursor: Cursor): void {
  cursor.refuse('LIKE in CREATE TABLE');
  cursor.index++;
  cursor.qualifiedName();
  while (cursor.acceptOneOf('including', 'excluding') !== null) cursor.label();
}

// ------------------------------------------------------------------------------------------------------- columns

/** `name type [constraints]`, `name AS (expr)`, or `name type AS expr`. */
function parseColumn(cursor: Cursor, elements: TableElements): void {
  const at = cursor.at;
  const name = cursor.columnId();
  const column: Mutable<ColumnDefinition> = {
    at,
    name,
    type: cursor.is('as') ? null : parseTypeName(cursor),
    notNull: false,
    primaryKey: null,
    unique: false,
    default: null,
    generated: null,
    check: null,
    collation: null,
    identity: null,
  };
  if (cursor.accept('as')) column.generated = cursor.expression();
  while (parseColumnConstraint(cursor, column, elements)) if (isNextElement(cursor)) break;
  elements.columns.push(column);
}

const isNextElement = (cursor: Cursor) => cursor.is(',') || cursor.is(')');

/** Takes one constraint of a column, false when none comes next. */
function parseColumnConstraint(cursor: Cursor, column: Mutable<ColumnDefinition>, elements: TableElements): boolean {
  const at = cursor.at;
  const name = cursor.accept('constraint') ? cursor.columnId() : null;
  switch (cursor.tag) {
    case 'not':
      if (cursor.isAhead(1, 'deferrable')) return skipDeferral(cursor);
      cursor.index++;
      cursor.expect('null');
      if (elements.nullable.has(column.name)) throw conflictingNull(column.name, elements.relation, at);
      column.notNull = true;
      return true;
    case 'null':
      cursor.index++;
      if (column.notNull) throw conflictingNull(column.name, elements.relation, at);
      elements.nullable.add(column.name);
      return true;
    case 'unique':
      cursor.index++;
      skipNullsDistinct(cursor);
      skipIndexParameters(cursor);
      column.unique = true;
      return true;
    case 'primary':
      cursor.index++;
      cursor.expect('key');
      skipIndexParameters(cursor);
      cursor.acceptSequence('not', 'enforced');
      column.primaryKey = { at };
      return true;
    case 'check':
      addColumnCheck(cursor, at, name, column, elements);
      return true;
    case 'default':
      cursor.index++;
      column.default = cursor.grammar.restrictedExpression(cursor);
      return true;
    case 'generated':
      parseGenerated(cursor, column);
      return true;
    case 'references':
      elements.constraints.push(foreignKey(at, name, [column.name], parseReferences(cursor)));
      return true;
    case 'collate':
      cursor.index++;
      column.collation = cursor.anyName();
      return true;
    case 'deferrable':
    case 'initially':
      return skipDeferral(cursor);
    case 'compression':
    case 'storage':
      cursor.index++;
      cursor.label();
      return true;
    default:
      return name === null ? false : cursor.fail();
  }
}

function conflictingNull(column: string, relation: string, position: number) {
  const message = `conflicting NULL/NOT NULL declarations for column "${column}" of table "${relation}"`;
  return syntaxError(message, { position });
}

/** A named check, one that says what becomes of violations, or a second one is a constraint of the table. */
function addColumnCheck(
  cursor: Cursor,
  at: number,
  name: string | null,
  column: Mutable<ColumnDefinition>,
  elements: TableElements,
): void {
  const check = parseCheck(cursor);
  const onViolation = parseOnViolation(cursor);
  if (name === null && onViolation === null && column.check === null) column.check = check;
  else elements.constraints.push({ at, kind: 'check', name, columns: [], check, onViolation, references: null });
}

/** `GENERATED ALWAYS AS (expr) [STORED]`, `GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY [(…)]`. */
function parseGenerated(cursor: Cursor, column: Mutable<ColumnDefinition>): void {
  cursor.expect('generated');
  const isAlways = cursor.accept('always');
  if (!isAlways) {
    cursor.expect('by');
    cursor.expect('default');
  }
  cursor.expect('as');
  if (cursor.accept('identity')) {
    column.identity = isAlways ? 'always' : 'by-default';
    if (cursor.accept('(')) cursor.skipParenthesised();
    return;
  }
  if (!isAlways) cursor.fail();
  cursor.expect('(');
  column.generated = cursor.expression();
  cursor.expect(')');
  cursor.acceptOneOf('stored', 'virtual');
}

// --------------------------------------------------------------------------------------------------- constraints

function startsConstraint(cursor: Cursor): boolean {
  switch (cursor.tag) {
    case 'constraint':
    case 'check':
    case 'unique':
    case 'primary':
    case 'foreign':
      return true;
    case 'exclude':
      return cursor.isAhead(1, 'using') || cursor.isAhead(1, '(');
    default:
      return false;
  }
}

function parseTableConstraint(cursor: Cursor): TableConstraint {
  const at = cursor.at;
  const name = cursor.accept('constraint') ? cursor.columnId() : null;
  const constraint = parseConstraintBody(cursor, at, name);
  while (skipDeferral(cursor));
  return constraint;
}

function parseConstraintBody(cursor: Cursor, at: number, name: string | null): TableConstraint {
  const plain = { at, name, check: null, onViolation: null, references: null };
  switch (cursor.tag) {
    case 'check':
      return { ...plain, kind: 'check', columns: [], check: parseCheck(cursor), onViolation: parseOnViolation(cursor) };
    case 'primary':
      cursor.index++;
      cursor.expect('key');
      return { ...plain, kind: 'primary-key', columns: parseKeyColumns(cursor) };
    case 'unique':
      cursor.index++;
      skipNullsDistinct(cursor);
      return { ...plain, kind: 'unique', columns: parseKeyColumns(cursor) };
    case 'foreign': {
      cursor.index++;
      cursor.expect('key');
      const columns = cursor.parenthesised((inner) => inner.columnId());
      return foreignKey(at, name, columns, parseReferences(cursor));
    }
    case 'exclude':
      cursor.refuse('EXCLUDE constraint');
      while (!isNextElement(cursor)) {
        if (cursor.isEnd()) cursor.fail();
        cursor.index++;
        if (cursor.tags[cursor.index - 1] === '(') cursor.skipParenthesised();
      }
      return { ...plain, kind: 'unique', columns: [] };
    default:
      return cursor.fail();
  }
}

function foreignKey(
  at: number,
  name: string | null,
  columns: readonly string[],
  references: QualifiedName,
): TableConstraint {
  return { at, kind: 'foreign-key', name, columns, check: null, onViolation: null, references };
}

function parseCheck(cursor: Cursor): Expr {
  cursor.expect('check');
  cursor.expect('(');
  const check = cursor.expression();
  cursor.expect(')');
  if (cursor.acceptSequence('no', 'inherit')) return check;
  cursor.acceptSequence('not', 'valid');
  return check;
}

/** `ON VIOLATION { FAIL | DROP | QUARANTINE }`. */
function parseOnViolation(cursor: Cursor): TableConstraint['onViolation'] {
  if (!cursor.acceptSequence('on', 'violation')) return null;
  return cursor.expectOneOf('fail', 'drop', 'quarantine');
}

function parseKeyColumns(cursor: Cursor): string[] {
  const columns = cursor.parenthesised((inner) => inner.columnId());
  skipIndexParameters(cursor);
  cursor.acceptSequence('not', 'enforced');
  return columns;
}

function skipNullsDistinct(cursor: Cursor): void {
  if (!cursor.is('nulls')) return;
  cursor.index++;
  if (cursor.accept('not')) cursor.refuse('NULLS NOT DISTINCT');
  cursor.expect('distinct');
}

/** `INCLUDE (…)`, `WITH (…)`, `USING INDEX TABLESPACE x` change nothing about what holds. */
function skipIndexParameters(cursor: Cursor): void {
  if (cursor.accept('include')) parseOptionalNames(cursor);
  if (cursor.isSequence('with', '(')) {
    cursor.index++;
    parseOptionList(cursor);
  }
  if (cursor.isSequence('using', 'index', 'tablespace')) {
    cursor.index += 3;
    cursor.columnId();
  }
}

/** `REFERENCES t [(columns)] [MATCH …] [ON DELETE …] [ON UPDATE …]`: the table is kept. */
function parseReferences(cursor: Cursor): QualifiedName {
  cursor.expect('references');
  const table = cursor.qualifiedName();
  parseOptionalNames(cursor);
  if (cursor.accept('match')) cursor.expectOneOf('full', 'partial', 'simple');
  while (cursor.accept('on')) {
    cursor.expectOneOf('delete', 'update');
    skipReferentialAction(cursor);
  }
  return table;
}

function skipReferentialAction(cursor: Cursor): void {
  if (cursor.accept('no')) cursor.expect('action');
  else if (cursor.accept('set')) {
    cursor.expectOneOf('null', 'default');
    parseOptionalNames(cursor);
  } else if (!cursor.is('cascade') && !cursor.is('restrict')) cursor.fail();
  else parseCascade(cursor);
}

/** `[NOT] DEFERRABLE`, `INITIALLY { DEFERRED | IMMEDIATE }`, `NOT VALID`: takes one, false when none comes next. */
function skipDeferral(cursor: Cursor): boolean {
  if (cursor.accept('deferrable')) return true;
  if (cursor.accept('initially')) {
    cursor.expectOneOf('deferred', 'immediate');
    return true;
  }
  return cursor.acceptSequence('not', 'deferrable') || cursor.acceptSequence('not', 'valid');
}
