/**
 * EMIT, which says when a view hands on its results. The word is a name in PostgreSQL, so it is a clause only with
 * the word that follows: `FROM a emit` is an alias, `FROM a EMIT CHANGES` a clause.
 */
import { invalidParameterValue } from '../base/errors.ts';
import type { EmitClause } from './ast.ts';
import type { Cursor } from './cursor.ts';

export function startsEmit(cursor: Cursor): boolean {
  if (!cursor.is('emit')) return false;
  switch (cursor.tags[cursor.index + 1]) {
    case 'changes':
    case 'final':
    case 'immediately':
    case 'periodic':
      return true;
    case 'after':
      return cursor.isAhead(2, 'window');
    case 'on':
      return (cursor.isAhead(2, 'window') && cursor.isAhead(3, 'close')) || isOnUpdate(cursor);
    default:
      return false;
  }
}

/** `emit ON update = …` would be the condition of a join with the alias `emit`. */
function isOnUpdate(cursor: Cursor): boolean {
  if (!cursor.isAhead(2, 'update')) return false;
  const after = cursor.tags[cursor.index + 3];
  return after === '' || after === ';' || after === ')' || after === 'limit' || after === 'with';
}

/** `EMIT CHANGES | FINAL | ON WINDOW CLOSE | PERIODIC interval` and their synonyms. */
export function parseEmit(cursor: Cursor): EmitClause {
  const at = cursor.at;
  cursor.expect('emit');
  const word = cursor.expectOneOf('changes', 'final', 'immediately', 'periodic', 'after', 'on');
  switch (word) {
    case 'changes':
    case 'immediately':
      return { at, mode: 'changes', every: null };
    case 'final':
      return { at, mode: 'final', every: null };
    case 'periodic':
      return { at, mode: 'periodic', every: cursor.durationExpression() };
    default:
      if (cursor.accept('update')) return { at, mode: 'changes', every: null };
      cursor.expect('window');
      cursor.expect('close');
      refuseDelay(cursor);
      return { at, mode: 'on-window-close', every: null };
  }
}

function refuseDelay(cursor: Cursor): void {
  if (!cursor.is('with') || cursor.values[cursor.index + 1] !== 'delay') return;
  throw invalidParameterValue('EMIT takes no delay', {
    position: cursor.at,
    hint: 'The delay belongs in WATERMARK FOR of the stream.',
  });
}
