/** The errors for names that lead nowhere, with PostgreSQL's guesses at what was meant. */
import { SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { Scope, ScopeTable } from './scope.ts';

/** Suggestions further away than this many edits are not made. */
const MAX_DISTANCE = 3;

export function missingColumn(table: string | null, name: string, scope: Scope, at: number): SqlError {
  const shown = table === null ? `"${name}"` : `${table}.${name}`;
  return new SqlError(SqlState.undefinedColumn, `column ${shown} does not exist`, {
    position: at,
    hint: columnHint(table, name, scope),
  });
}

/** The search of searchRangeTableForCol: nearest names over all tables of all levels, at most two, or none if three tie. */
function columnHint(table: string | null, name: string, scope: Scope): string | undefined {
  let best = MAX_DISTANCE + 1;
  let nearest: string[] = [];
  let ties = 0;
  for (const candidate of knownTables(scope)) {
    const penalty = table === null ? 0 : editDistance(table, candidate.name);
    if (penalty > best) continue;
    for (const column of candidate.columns) {
      if (column.name === name && penalty === 0) {
        return `There is a column named "${name}" in table "${candidate.name}", but it cannot be referenced from this part of the query.`;
      }
      const distance = editDistance(column.name, name);
      if (distance > Math.floor(name.length / 2) || distance + penalty > best) continue;
      if (distance + penalty < best) {
        best = distance + penalty;
        nearest = [];
        ties = 0;
      }
      ties++;
      nearest.push(`the column "${candidate.name}.${column.name}"`);
    }
  }
  if (best > MAX_DISTANCE || ties > 2 || nearest.length === 0) return undefined;
  return `Perhaps you meant to reference ${nearest.join(' or ')}.`;
}

export function missingTable(name: string, scope: Scope, at: number): SqlError {
  const known = knownTables(scope).find((table) => table.name === name || table.realName === name);
  if (known === undefined) {
    return new SqlError(SqlState.undefinedTable, `missing FROM-clause entry for table "${name}"`, { position: at });
  }
  const hint =
    known.name !== name && isVisible(known, scope)
      ? `Perhaps you meant to reference the table alias "${known.name}".`
      : `There is an entry for table "${known.name}", but it cannot be referenced from this part of the query.`;
  return new SqlError(SqlState.undefinedTable, `invalid reference to FROM-clause entry for table "${name}"`, {
    position: at,
    hint,
  });
}

function isVisible(table: ScopeTable, scope: Scope): boolean {
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    if (level.tables.some((visible) => visible.name === table.name)) return true;
  }
  return false;
}

function knownTables(scope: Scope): readonly ScopeTable[] {
  const found: ScopeTable[] = [];
  for (let level: Scope | null = scope; level !== null; level = level.parent) found.push(...level.known);
  return [...new Set(found)];
}

/** Levenshtein's distance with costs of one. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
