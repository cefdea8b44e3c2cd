/** TRUNCATE: every row of a table leaves, as one statement's changes. Inside a transaction it can be rolled back like DELETE. */
import { dependentObjects, undefinedTable, wrongObjectType } from '../base/errors.ts';
import type { TableRelation } from '../catalog/relation.ts';
import type * as Ast from '../parser/ast.ts';
import { type Batch, batchOfRows, rowAt, weightAt } from '../types/batch.ts';
import { ownerOfErrors } from './error-rows.ts';
import { done, type Outcome } from './outcome.ts';
import { contextOf, searchPathOf } from './session-context.ts';
import type { SessionState } from './session-state.ts';
import type { Change } from './ticks.ts';

export function truncate(session: SessionState, statement: Ast.Truncate): Outcome {
  const { transaction } = session;
  const tables = statement.tables.map((name) => findTable(session, name));
  const changes = (pending: readonly Change[]) => tables.flatMap((table) => removeAll(session, table, pending));
  transaction.add(changes(transaction.changes), function* (earlier) {
    yield;
    return changes(earlier);
  });
  return done('TRUNCATE TABLE');
}

function findTable(session: SessionState, name: Ast.QualifiedName): TableRelation {
  const relation = session.database.catalog.find(name.parts, searchPathOf(session));
  if (relation === undefined) throw undefinedTable(name.parts.join('.'), name.at);
  if (relation.kind === 'stream') {
    throw wrongObjectType(`cannot truncate stream "${relation.name}"`, {
      position: name.at,
      hint: 'A stream is append-only. Drop it and create it again, or give it a retention.',
    });
  }
  if (relation.kind !== 'table') throw wrongObjectType(`"${relation.name}" is not a table`, { position: name.at });
  if (ownerOfErrors(session.database.catalog, relation) !== null) {
    throw dependentObjects(`table ${relation.name}`, 'Its rows are kept by its materialized view.');
  }
  return relation;
}

/** Undoes what earlier statements of the block did to the table, then takes away the rows that are stored. */
function removeAll(session: SessionState, table: TableRelation, pending: readonly Change[]): Change[] {
  const scan = session.database.scan(table.id, contextOf(session, []));
  try {
    const own = pending.filter(({ relation }) => relation === table.id).map(({ batch }) => negated(batch));
    // Scanned batches are lent: each is negated before the next one comes.
    const stored = Array.from(scan.batches, negated);
    return [...own.reverse(), ...stored].map((batch) => ({ relation: table.id, batch }));
  } finally {
    scan.release();
  }
}

function negated(batch: Batch): Batch {
  const kinds = batch.columns.map((column) => column.kind);
  const indices = Array.from({ length: batch.length }, (_, i) => i);
  return batchOfRows(
    kinds,
    indices.map((i) => rowAt(batch, i)),
    indices.map((i) => -weightAt(batch, i)),
  );
}
