/** What a test file runs against: one SQL session, whoever is behind it. Answers are text, as psql would print the values. */

export type Rows = {
  readonly kind: 'rows';
  /** One letter per column, see `typeLetter`. */
  readonly types: string;
  readonly rows: readonly (readonly (string | null)[])[];
  readonly tag: string;
};
export type Failure = {
  readonly kind: 'error';
  readonly code: string;
  readonly message: string;
  /** 1-based, in characters. */
  readonly position: number | null;
};
export type Answer = Rows | Failure;

export interface Database {
  /** Conditions in test files name it: `skipif postgres`. */
  readonly product: 'postgres' | 'millrace';
  /** Runs one statement. Never rejects for an error of SQL. */
  run(sql: string): Promise<Answer>;
  /** Kills the server, optionally after a checkpoint, and opens it again. Absent where that cannot be done. */
  restart?(afterCheckpoint: boolean): Promise<void>;
  close(): Promise<void>;
}

const LETTERS: ReadonlyMap<number, string> = new Map([
  [16, 'B'],
  ...[20, 21, 23, 26].map((oid) => [oid, 'I'] as const),
  [1700, 'N'],
  ...[700, 701].map((oid) => [oid, 'R'] as const),
  ...[18, 19, 25, 1042, 1043].map((oid) => [oid, 'T'] as const),
  ...[1082, 1083, 1114, 1184, 1186, 1266].map((oid) => [oid, 'D'] as const),
]);

/** I integers, N numeric, R floats, T text, B boolean, D dates and times, O everything else. */
export const typeLetter = (oid: number): string => LETTERS.get(oid) ?? 'O';

/** A row on one line: tabs between values, NULL and the empty string spelled out, blanks that would not be seen escaped. */
export const formatRow = (row: readonly (string | null)[]): string => row.map(formatValue).join('\t');

function formatValue(value: string | null): string {
  if (value === null) return 'NULL';
  if (value === '') return '(empty)';
  return value
    .replace(/\\/g, '\\\\')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/^ +| +$/g, (blanks) => '\\s'.repeat(blanks.length));
}
