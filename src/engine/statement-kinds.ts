/** Facts about kinds of statements: what they need of their transaction, and what they are called in messages. */
import type { Statement } from '../parser/ast.ts';

/** Statements that a failed transaction block still takes. */
export function endsTransaction(statement: Statement): boolean {
  if (statement.kind === 'transaction') return statement.action === 'commit' || statement.action === 'rollback';
  return statement.kind === 'savepoint' && statement.action === 'rollback-to';
}

/** Statements that change the catalog or work outside transactions: they take the tick loop for themselves. */
export function isDefinition(statement: Statement): boolean {
  switch (statement.kind) {
    case 'create-stream':
    case 'create-table':
    case 'create-table-as':
    case 'create-view':
    case 'create-materialized-view':
    case 'create-schema':
    case 'create-index':
    case 'drop':
    case 'alter-rename':
    case 'comment':
    case 'checkpoint':
      return true;
    default:
      return false;
  }
}

/** `CREATE MATERIALIZED VIEW`, for messages. */
export function statementName(statement: Statement): string {
  switch (statement.kind) {
    case 'select-statement':
      return 'SELECT';
    case 'alter-rename':
      return `ALTER ${statement.object.replace('-', ' ').toUpperCase()}`;
    case 'drop':
      return `DROP ${statement.object.replace('-', ' ').toUpperCase()}`;
    default:
      return statement.kind.replaceAll('-', ' ').toUpperCase();
  }
}
