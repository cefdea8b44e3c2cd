/** SQL over arrays of rows, as plainly as it can be said: what the operators are held against. */
import type { SortKey } from '../../src/expr/expr.ts';
import type { Value } from '../../src/types/column.ts';
import type { Row } from './random-changes.ts';

/** Order of plain values (numbers, strings); NULL is handled by the callers. */
const compareValues = (a: Value, b: Value): number =>
  (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;

export function compareBy(keys: readonly SortKey[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { column, descending, nullsFirst } of keys) {
      const left = a[column] as Value;
      const right = b[column] as Value;
      if (left === null && right === null) continue;
      if (left === null) return nullsFirst ? -1 : 1;
      if (right === null) return nullsFirst ? 1 : -1;
      const order = compareValues(left, right);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
}

export function groupBy(rows: readonly Row[], columns: readonly number[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((c) => row[c]));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

export function naiveJoin(
  type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti',
  left: readonly Row[],
  right: readonly Row[],
  matches: (left: Row, right: Row) => boolean,
  widths: readonly [number, number],
): Row[] {
  const nulls = (width: number): null[] => new Array<null>(width).fill(null);
  const of = (row: Row): Row[] => right.filter((other) => matches(row, other));
  if (type === 'semi') return left.filter((row) => of(row).length > 0);
  if (type === 'anti') return left.filter((row) => of(row).length === 0);
  const rows: Row[] = left.flatMap((row) => of(row).map((other) => [...row, ...other]));
  if (type === 'left' || type === 'full') {
    rows.push(...left.filter((row) => of(row).length === 0).map((row) => [...row, ...nulls(widths[1])]));
  }
  if (type === 'right' || type === 'full') {
    const lonely = right.filter((row) => !left.some((other) => matches(other, row)));
    rows.push(...lonely.map((row) => [...nulls(widths[0]), ...row]));
  }
  return rows;
}

export function naiveTopN(
  rows: readonly Row[],
  order: readonly SortKey[],
  limit: number | null,
  options: { readonly offset?: number; readonly partitionBy?: readonly number[]; readonly withTies?: boolean } = {},
): Row[] {
  const { offset = 0, partitionBy = [], withTies = false } = options;
  const width = rows[0]?.length ?? 0;
  const used = new Set(order.map((key) => key.column));
  const rest = Array.from({ length: width }, (_, column) => ({ column, descending: false, nullsFirst: false }));
  const total = compareBy([...order, ...rest.filter(({ column }) => !used.has(column))]);
  const peers = compareBy(order);
  return groupBy(rows, partitionBy).flatMap((group) => {
    const sorted = [...group].sort(total);
    let end = limit === null ? sorted.length : Math.min(sorted.length, offset + limit);
    if (withTies && limit !== null && limit > 0 && end > offset) {
      while (end < sorted.length && peers(sorted[end - 1] as Row, sorted[end] as Row) === 0) end++;
    }
    return sorted.slice(offset, Math.max(offset, end));
  });
}

/** Each row with `[first, last + gap)` of its session, and the last instant. Times in column `time`, numbers. */
export function naiveSessions(rows: readonly Row[], partitionBy: readonly number[], time: number, gap: number): Row[] {
  const timed = rows.filter((row) => row[time] !== null);
  return groupBy(timed, partitionBy).flatMap((group) => {
    const sorted = [...group].sort((a, b) => compareValues(a[time] as Value, b[time] as Value));
    const sessions: Row[][] = [];
    for (const row of sorted) {
      const current = sessions[sessions.length - 1];
      const previous = current?.[current.length - 1];
      if (previous !== undefined && (row[time] as number) - (previous[time] as number) < gap) current?.push(row);
      else sessions.push([row]);
    }
    return sessions.flatMap((session) => {
      const start = session[0]?.[time] as number;
      const end = (session[session.length - 1]?.[time] as number) + gap;
      return session.map((row) => [...row, start, end, end - 1]);
    });
  });
}

const present = (rows: readonly Row[], column: number): number[] =>
  rows.map((row) => row[column] as number | null).filter((value) => value !== null);

export const naive = {
  count: (rows: readonly Row[], column: number) => present(rows, column).length,
  countDistinct: (rows: readonly Row[], column: number) => new Set(present(rows, column)).size,
  sum: (rows: readonly Row[], column: number) =>
    present(rows, column).length === 0 ? null : present(rows, column).reduce((sum, value) => sum + value, 0),
  sumDistinct: (rows: readonly Row[], column: number) =>
    present(rows, column).length === 0
      ? null
      : [...new Set(present(rows, column))].reduce((sum, value) => sum + value, 0),
  min: (rows: readonly Row[], column: number) => extreme(present(rows, column), (a, b) => a < b),
  max: (rows: readonly Row[], column: number) => extreme(present(rows, column), (a, b) => a > b),
};

function extreme<T>(items: readonly T[], better: (a: T, b: T) => boolean): T | null {
  let best: T | null = null;
  for (const item of items) if (best === null || better(item, best)) best = item;
  return best;
}
