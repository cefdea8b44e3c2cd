/**
 * Changes as text, for tests that can be read aloud:
 *
 *     + 1 apple 2024-01-01T10:00
 *     - 2 NULL  2024-01-01T10:05
 *     +3 7 'two words' infinity      (three copies)
 *
 * Cells are the types' own text. What holds blanks is quoted, except that timestamps have a T in the middle.
 */
import { type Batch, batchOfRows, rowAt, weightAt } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';

/** The rows of one batch, in the order of the lines. */
export function parseDeltas(text: string, types: readonly SqlType[]): Batch {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line) => cellsOf(line).map((cell, c) => parseCell(cell, types[c] as SqlType)));
  const kinds = types.map((type) => type.column);
  return batchOfRows(kinds, rows, lines.map(weightOf));
}

function weightOf(line: string): number {
  const sign = line.trim().split(/\s+/)[0] as string;
  return sign.length === 1 ? Number(`${sign}1`) : Number(sign);
}

const cellsOf = (line: string): string[] => line.match(/'(?:[^']|'')*'|\S+/g)?.slice(1) ?? [];

function parseCell(cell: string, type: SqlType): Value {
  if (cell === 'NULL') return null;
  return type.parse(cell.startsWith("'") ? cell.slice(1, -1).replaceAll("''", "'") : cell, defaultFormat);
}

/** One line per row, sorted by row, so that nothing depends on the order in which an operator happens to emit. */
export function formatDeltas(batches: readonly Batch[], types: readonly SqlType[]): string {
  const lines = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, i) => formatRow(batch, i, types)));
  lines.sort((a, b) => (a.row < b.row ? -1 : a.row > b.row ? 1 : a.weight - b.weight));
  return lines.length === 0 ? '(no change)' : lines.map(({ row, weight }) => `${signOf(weight)} ${row}`).join('\n');
}

const formatRow = (batch: Batch, i: number, types: readonly SqlType[]) => ({
  row: rowAt(batch, i)
    .map((value, c) => formatCell(value, types[c] as SqlType))
    .join(' '),
  weight: weightAt(batch, i),
});

function signOf(weight: number): string {
  if (weight === 1 || weight === -1) return weight === 1 ? '+' : '-';
  return weight > 0 ? `+${weight}` : `${weight}`;
}

export function formatCell(value: Value, type: SqlType): string {
  if (value === null) return 'NULL';
  const text = type.format(value, defaultFormat);
  if (type.name.startsWith('timestamp')) return text.replace(' ', 'T');
  return text === '' || text === 'NULL' || /[\s']/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A copy of a lent batch. */
export const keepBatch = (batch: Batch): Batch =>
  batchOfRows(
    batch.columns.map((column) => column.kind),
    Array.from({ length: batch.length }, (_, i) => rowAt(batch, i)),
    batch.weights === null ? null : [...batch.weights.subarray(0, batch.length)],
  );
