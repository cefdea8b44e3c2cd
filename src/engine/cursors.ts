/**
 * DECLARE, FETCH, MOVE, CLOSE. A SQL cursor is a portal like those of the protocol, in the same namespace. Its rows are
 * computed when it is first read.
 */
import { featureNotSupported, SqlError } from '../base/errors.ts';
import type * as Ast from '../parser/ast.ts';
import type { Batch } from '../types/batch.ts';
import { allocateColumn, gatherColumn } from '../types/column.ts';
import { done, type Outcome } from './outcome.ts';
import { type Portal, RowCursor } from './portal.ts';
import type { ResultSink } from './session.ts';
import type { SessionState } from './session-state.ts';
import { after } from './slices.ts';

export function declareCursor(session: SessionState, statement: Ast.DeclareCursor): Outcome | Promise<Outcome> {
  if (!session.transaction.isExplicit && !statement.hold) {
    throw new SqlError('25P01', 'DECLARE CURSOR can only be used in transaction blocks');
  }
  if (session.portals.has(statement.name)) throw new SqlError('42P03', `cursor "${statement.name}" already exists`);
  const select: Ast.SelectStatement = { kind: 'select-statement', at: statement.query.at, query: statement.query };
  const prepared = session.prepare({
    name: '',
    text: session.currentQuery,
    statement: select,
    parameterTypes: [],
    fromSql: true,
  });
  const portal: Portal = {
    name: statement.name,
    prepared,
    parameters: [],
    outcome: null,
    cursor: null,
    isHeld: statement.hold,
  };
  session.portals.set(statement.name, portal);
  return after(openPortal(session, portal), () => done('DECLARE CURSOR'));
}

function openPortal(session: SessionState, portal: Portal): RowCursor | Promise<RowCursor> {
  if (portal.cursor !== null) return portal.cursor;
  return after(session.run(portal.prepared, portal.parameters), (outcome) => {
    portal.outcome = outcome;
    portal.cursor = new RowCursor(outcome.batches);
    return portal.cursor;
  });
}

export function fetchCursor(session: SessionState, statement: Ast.FetchCursor): Outcome | Promise<Outcome> {
  const portal = session.portals.get(statement.cursor);
  if (portal === undefined) throw new SqlError('34000', `cursor "${statement.cursor}" does not exist`);
  const { count, direction } = statement;
  if (direction !== 'forward' || (count !== null && count < 0)) {
    throw featureNotSupported('cursors move forward only', { position: statement.at });
  }
  return after(openPortal(session, portal), (cursor) => {
    const taken = new Taken();
    const limit = count ?? 0;
    const moved = count === 0 ? 0 : (cursor.send(limit, taken, session.outputFormat) as number);
    if (statement.move) return done(`MOVE ${moved}`);
    return { columns: portal.prepared.columns, batches: taken.batches, tag: 'FETCH', tagCountsRows: true };
  });
}

/** Collects what a cursor hands out. Outcome batches are owned, so ranges of them may be kept. */
class Taken implements ResultSink {
  readonly batches: Batch[] = [];

  rows(batch: Batch, from: number, to: number): void {
    if (from === 0 && to === batch.length) {
      this.batches.push(batch);
      return;
    }
    this.batches.push(sliceBatch(batch, from, to));
  }

  columns(): void {}
  complete(): void {}
  suspended(): void {}
  emptyQuery(): void {}
  notice(): void {}
  parameterChanged(): void {}
}

function sliceBatch(batch: Batch, from: number, to: number): Batch {
  const rows = Int32Array.from({ length: to - from }, (_, k) => from + k);
  const columns = batch.columns.map((column) => {
    const copy = allocateColumn(column.kind, to - from);
    gatherColumn(column, rows, to - from, copy, 0);
    return copy;
  });
  return { length: to - from, columns, weights: null };
}

export function closeCursor(session: SessionState, statement: Ast.CloseCursor): Outcome {
  if (statement.name === null) {
    session.portals.clear();
    return done('CLOSE CURSOR ALL');
  }
  if (!session.portals.has(statement.name)) throw new SqlError('34000', `cursor "${statement.name}" does not exist`);
  session.portals.delete(statement.name);
  return done('CLOSE CURSOR');
}
