/**
 * Test files of the sqllogictest family to records, and records with fresh results back to text.
 *
 * The dialect is sqllogictest-rs's (its README is the reference) with two refinements, both for exactness: values of a row are
 * separated by one tab, and an expected error may name its SQLSTATE and position (`statement error 42703 @8 pattern`).
 * sqllogic/README.md describes it for authors. Only reading and writing here; what a record means is `check.ts`.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

export type ExpectedError = {
  readonly code: string | null;
  /** 1-based, as PostgreSQL reports it. */
  readonly position: number | null;
  readonly pattern: string;
};

type Base = {
  readonly file: string;
  /** Of the line that opens the record, from 1. */
  readonly line: number;
  /** Lines of the file it stands on, conditions excluded: [from, to), from 0. */
  readonly span: readonly [from: number, to: number];
  readonly conditions: readonly { readonly kind: 'skipif' | 'onlyif'; readonly name: string }[];
  readonly sql: string;
};

export type StatementRecord = Base & {
  readonly kind: 'statement';
  readonly expect:
    | { readonly kind: 'ok' }
    | { readonly kind: 'count'; readonly count: number }
    | { readonly kind: 'error'; readonly error: ExpectedError };
};

export type QueryRecord = Base & {
  readonly kind: 'query';
  /** One letter per column, or null where nobody has filled it in yet. */
  readonly types: string | null;
  readonly sort: SortMode;
  /** Records of one label have the same rows: one of them may be for PostgreSQL, the other for us. */
  readonly label: string | null;
  readonly rows: readonly string[];
};

export type HaltRecord = Base & { readonly kind: 'halt' };
export type SltRecord = StatementRecord | QueryRecord | HaltRecord;

export type SltFile = {
  readonly path: string;
  readonly lines: readonly string[];
  readonly records: readonly SltRecord[];
};

const SORTS = /^(nosort|rowsort|valuesort)$/;

export function readSltFile(path: string): SltFile {
  return parseSlt(readFileSync(path, 'utf8'), path);
}

export function parseSlt(text: string, path: string): SltFile {
  const lines = text.split('\n');
  return { path, lines, records: new Reader(lines, path).read() };
}

class Reader {
  readonly #lines: readonly string[];
  readonly #path: string;
  readonly #records: SltRecord[] = [];
  #conditions: { kind: 'skipif' | 'onlyif'; name: string }[] = [];
  #defaultSort: SortMode | null = null;
  #at = 0;

  constructor(lines: readonly string[], path: string) {
    this.#lines = lines;
    this.#path = path;
  }

  read(): SltRecord[] {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at] as string;
      if (line.trim() === '' || line.startsWith('#')) this.#at++;
      else this.#directive(line.trim().split(/\s+/));
    }
    return this.#records;
  }

  #directive(words: readonly string[]): void {
    const [verb, first = ''] = words as [string, string | undefined];
    switch (verb) {
      case 'skipif':
      case 'onlyif':
        this.#conditions.push({ kind: verb, name: first });
        this.#at++;
        return;
      case 'control':
        if (first !== 'sortmode' || !SORTS.test(words[2] ?? '')) this.#fail('expected "control sortmode <mode>"');
        this.#defaultSort = words[2] as SortMode;
        this.#at++;
        return;
      case 'include':
        this.#records.push(...readSltFile(join(dirname(this.#path), first)).records);
        this.#at++;
        return;
      case 'halt':
        this.#push({ kind: 'halt', ...this.#base(this.#at, this.#at + 1, '') });
        this.#at++;
        return;
      case 'statement':
        this.#statement(words);
        return;
      case 'query':
        this.#query(words);
        return;
      default:
        this.#fail(`unknown directive "${verb}"`);
    }
  }

  #statement(words: readonly string[]): void {
    const start = this.#at;
    const sql = this.#sql();
    const expect = this.#expectation(words);
    this.#push({ kind: 'statement', ...this.#base(start, this.#at, sql), expect });
  }

  #expectation(words: readonly string[]): StatementRecord['expect'] {
    if (words[1] === 'ok') return { kind: 'ok' };
    if (words[1] === 'count') return { kind: 'count', count: Number(words[2]) };
    if (words[1] === 'error') return { kind: 'error', error: expectedError(words.slice(2)) };
    return this.#fail('expected "statement ok", "statement count <n>" or "statement error"');
  }

  #query(words: readonly string[]): void {
    const start = this.#at;
    const rest = words.slice(1);
    if (rest[0] === 'error') {
      const sql = this.#sql();
      const expect = { kind: 'error', error: expectedError(rest.slice(1)) } as const;
      this.#push({ kind: 'statement', ...this.#base(start, this.#at, sql), expect });
      return;
    }
    const types = rest[0] !== undefined && !SORTS.test(rest[0]) ? (rest.shift() as string) : null;
    const sort = SORTS.test(rest[0] ?? '') ? (rest.shift() as SortMode) : null;
    const sql = this.#sql();
    const rows: string[] = [];
    if (this.#lines[this.#at] === '----') {
      this.#at++;
      while (this.#at < this.#lines.length && this.#lines[this.#at] !== '')
        rows.push(this.#lines[this.#at++] as string);
    }
    const base = this.#base(start, this.#at, sql);
    this.#push({
      kind: 'query',
      ...base,
      types,
      sort: sort ?? this.#defaultSort ?? sortOf(sql),
      label: rest[0] ?? null,
      rows,
    });
  }

  /** The lines below a header, to an empty line or the rows. */
  #sql(): string {
    const from = ++this.#at;
    while (this.#at < this.#lines.length && !/^(----)?$/.test(this.#lines[this.#at] as string)) this.#at++;
    if (this.#at === from) this.#fail('the record has no SQL');
    return this.#lines.slice(from, this.#at).join('\n');
  }

  #base(from: number, to: number, sql: string): Base {
    const conditions = this.#conditions;
    this.#conditions = [];
    return { file: this.#path, line: from + 1, span: [from, to], conditions, sql };
  }

  #push(record: SltRecord): void {
    this.#records.push(record);
  }

  #fail(why: string): never {
    throw new Error(`${this.#path}:${this.#at + 1}: ${why}`);
  }
}

function expectedError(words: readonly string[]): ExpectedError {
  const rest = [...words];
  const code = /^[0-9A-Z]{5}$/.test(rest[0] ?? '') ? (rest.shift() as string) : null;
  const position = /^@\d+$/.test(rest[0] ?? '') ? Number((rest.shift() as string).slice(1)) : null;
  return { code, position, pattern: rest.join(' ') };
}

/** What --update writes where the author named no mode: order counts only where the query asks for one. */
export const sortOf = (sql: string): SortMode => (/\border\s+by\b(?![^(]*\))/i.test(sql) ? 'nosort' : 'rowsort');

/** Header, SQL and rows of a query record with what a database answered. */
export function queryLines(record: QueryRecord, types: string, rows: readonly string[]): string[] {
  const header = ['query', types, record.sort, ...(record.label === null ? [] : [record.label])].join(' ');
  return [header, ...record.sql.split('\n'), '----', ...rows];
}

export function statementLines(record: StatementRecord, outcome: string): string[] {
  return [`statement ${outcome}`, ...record.sql.split('\n')];
}

/** The file's text with some records rewritten; comments, conditions and everything else stay. */
export function rewrite(file: SltFile, replacements: ReadonlyMap<SltRecord, readonly string[]>): string {
  const out: string[] = [];
  let at = 0;
  for (const record of file.records) {
    const lines = replacements.get(record);
    if (lines === undefined || record.file !== file.path) continue;
    out.push(...file.lines.slice(at, record.span[0]), ...lines);
    at = record.span[1];
  }
  return [...out, ...file.lines.slice(at)].join('\n');
}
