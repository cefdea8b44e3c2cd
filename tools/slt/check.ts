/** Whether an answer is what a record expects, in words for people where it is not. */
import { type Answer, formatRow, type Rows } from './database.ts';
import type { ExpectedError, QueryRecord, SortMode, StatementRecord } from './records.ts';

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The lines of an answer under a sort mode. */
export function linesOf(answer: Rows, sort: SortMode): string[] {
  if (sort === 'valuesort')
    return answer.rows.flatMap((row) => row.map((value) => formatRow([value]))).sort(byCodeUnit);
  const lines = answer.rows.map(formatRow);
  return sort === 'rowsort' ? lines.sort(byCodeUnit) : lines;
}

export const describeError = (error: { code: string; message: string; position: number | null }): string =>
  `error ${error.code}${error.position === null ? '' : ` @${error.position}`} ${error.message}`;

export function checkStatement(record: StatementRecord, answer: Answer, comparePositions: boolean): string | null {
  const { expect } = record;
  if (expect.kind === 'error') {
    if (answer.kind !== 'error')
      return `expected an error (${expect.error.code ?? ''} ${expect.error.pattern}), got ${answer.tag}`;
    return matchesError(expect.error, answer, comparePositions)
      ? null
      : `expected error ${expect.error.code ?? ''}${expect.error.position === null ? '' : ` @${expect.error.position}`} ${expect.error.pattern}\n     got ${describeError(answer)}`;
  }
  if (answer.kind === 'error') return describeError(answer);
  if (expect.kind === 'ok') return null;
  const count = Number(/\d+$/.exec(answer.tag)?.[0] ?? Number.NaN);
  return count === expect.count ? null : `expected count ${expect.count}, got "${answer.tag}"`;
}

function matchesError(
  expected: ExpectedError,
  actual: { code: string; message: string; position: number | null },
  positions: boolean,
): boolean {
  if (expected.code !== null && expected.code !== actual.code) return false;
  if (positions && expected.position !== null && expected.position !== actual.position) return false;
  return new RegExp(expected.pattern).test(actual.message);
}

/** `sort` overrides the record's own where the rows come from an unordered place. */
export function checkQuery(record: QueryRecord, answer: Answer, sort: SortMode = record.sort): string | null {
  if (answer.kind === 'error') return describeError(answer);
  if (record.types !== null && !typesAgree(record.types, answer.types)) {
    return `expected column types ${record.types}, got ${answer.types}`;
  }
  const expected = sort === record.sort ? record.rows : [...record.rows].sort(byCodeUnit);
  return difference(expected, linesOf(answer, sort));
}

const typesAgree = (expected: string, actual: string): boolean =>
  expected.length === actual.length && [...expected].every((letter, i) => letter === '?' || letter === actual[i]);

/** The lines only one side has, in the manner of diff; null when there are none. */
export function difference(expected: readonly string[], actual: readonly string[]): string | null {
  if (expected.length === actual.length && expected.every((line, i) => line === actual[i])) return null;
  const shown = (lines: readonly string[], other: readonly string[], sign: string) =>
    lines.filter((line, i) => line !== other[i]).map((line) => `${sign} ${line}`);
  const lines = [...shown(expected, actual, '-'), ...shown(actual, expected, '+')];
  return `rows differ (- expected, + got)\n${lines.slice(0, 40).join('\n')}`;
}
