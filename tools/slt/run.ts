/** Runs the records of one file in one of the modes. The modes are explained in sqllogic/README.md. */
import { checkQuery, checkStatement, describeError, linesOf } from './check.ts';
import type { Answer, Database, Failure } from './database.ts';
import { changesData, endsSection, MaintainedQueries } from './maintained.ts';
import { streamsAsTables, toPostgres } from './postgres-dialect.ts';
import {
  type QueryRecord,
  queryLines,
  type SltFile,
  type SltRecord,
  type StatementRecord,
  statementLines,
} from './records.ts';

export const MODES = ['direct', 'incremental', 'retract', 'recover', 'wire', 'postgres'] as const;
export type Mode = (typeof MODES)[number];

export type RunReport = {
  /** Records that ran. */
  readonly ran: number;
  readonly skipped: number;
  /** Queries that ran as materialized views. */
  readonly views: number;
  readonly failures: readonly string[];
  /** New text of records, for --update. */
  readonly replacements: ReadonlyMap<SltRecord, readonly string[]>;
};

export async function runFile(file: SltFile, mode: Mode, database: Database): Promise<RunReport> {
  return new Run(file, mode, database).run();
}

class Run {
  readonly #file: SltFile;
  readonly #mode: Mode;
  readonly #database: Database;
  readonly #failures: string[] = [];
  readonly #replacements = new Map<SltRecord, readonly string[]>();
  readonly #done = new Set<SltRecord>();
  readonly #records: readonly SltRecord[];
  readonly #maintained: MaintainedQueries | null;
  /** SET statements, to be said again after a restart. */
  readonly #settings: string[] = [];
  readonly #tables = new Set<string>();
  #inTransaction = false;
  #changes = 0;

  constructor(file: SltFile, mode: Mode, database: Database) {
    this.#file = file;
    this.#mode = mode;
    this.#database = database;
    this.#records = beforeHalt(file.records.filter((record) => this.#applies(record)));
    const maintains = mode === 'incremental' || mode === 'retract' || mode === 'recover';
    this.#maintained = maintains ? new MaintainedQueries(database, this.#records) : null;
  }

  async run(): Promise<RunReport> {
    for (const record of this.#records) {
      if (record.kind === 'statement') await this.#statement(record);
      else if (record.kind === 'query') await this.#query(record);
      this.#done.add(record);
    }
    if (this.#mode === 'retract') await this.#deleteEverything();
    await this.#compareViews();
    return {
      ran: this.#done.size,
      skipped: this.#file.records.length - this.#done.size,
      views: this.#maintained?.created ?? 0,
      failures: this.#failures,
      replacements: this.#replacements,
    };
  }

  #applies(record: SltRecord): boolean {
    const names = [this.#database.product, this.#mode];
    return record.conditions.every(({ kind, name }) => (kind === 'onlyif') === names.includes(name as Mode));
  }

  async #statement(record: StatementRecord): Promise<void> {
    const sql = this.#mode === 'retract' ? streamsAsTables(record.sql) : record.sql;
    if (this.#maintained !== null && !this.#inTransaction) {
      if (endsSection(sql)) await this.#endSection();
      if (changesData(sql)) await this.#maintained.createAhead(this.#done);
    }
    const answer = await this.#database.run(sql);
    this.#note(sql, answer);
    const samePositions = sql === record.sql && (this.#mode !== 'postgres' || toPostgres(sql) === sql);
    this.#complain(record, checkStatement(record, answer, samePositions));
    this.#replaceStatement(record, answer, samePositions);
    if (this.#mode === 'recover' && answer.kind === 'rows') await this.#crashNowAndThen(sql);
  }

  /** Remembers what later steps need to know of a statement that went through. */
  #note(sql: string, answer: Answer): void {
    if (/^\s*(COMMIT|END|ROLLBACK(?!\s+TO)|ABORT)\b/i.test(sql)) this.#inTransaction = false;
    if (answer.kind === 'error') return;
    if (/^\s*(BEGIN|START\s+TRANSACTION)\b/i.test(sql)) this.#inTransaction = true;
    if (/^\s*(SET|RESET)\b/i.test(sql)) this.#settings.push(sql);
    const created = /^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w".]+)/i.exec(sql);
    if (created !== null) this.#tables.add(created[1] as string);
  }

  async #query(record: QueryRecord): Promise<void> {
    // INSERT … RETURNING is a query here, and a change.
    if (/^\s*(INSERT|UPDATE|DELETE)\b/i.test(record.sql)) await this.#maintained?.createAhead(this.#done);
    const view = this.#maintained === null || this.#inTransaction ? null : await this.#maintained.viewOf(record);
    if (view !== null && typeof view !== 'string') {
      this.#complain(record, `as a view: ${view.kind === 'error' ? describeError(view) : view.tag}`);
      return;
    }
    if (view !== null) {
      // A view is a set of rows: the order of the query is not part of it.
      const sort = record.sort === 'nosort' ? 'rowsort' : record.sort;
      this.#complain(
        record,
        checkQuery(record, await this.#database.run(`SELECT * FROM ${view}`), sort),
        'as a view: ',
      );
      return;
    }
    const answer = await this.#database.run(record.sql);
    this.#complain(record, checkQuery(record, answer));
    if (answer.kind === 'error') {
      this.#replacements.set(record, errorLines(record.sql, answer, true));
      return;
    }
    const lines = linesOf(answer, record.sort);
    this.#replacements.set(record, queryLines(record, answer.types, lines));
    this.#fillTwins(record, answer.types, lines);
  }

  /** Records with the same label that did not run here get the same rows. */
  #fillTwins(record: QueryRecord, types: string, lines: readonly string[]): void {
    if (record.label === null) return;
    for (const twin of this.#file.records) {
      if (twin.kind !== 'query' || twin === record || twin.label !== record.label || this.#applies(twin)) continue;
      this.#replacements.set(twin, queryLines(twin, types, lines));
    }
  }

  #replaceStatement(record: StatementRecord, answer: Answer, samePositions: boolean): void {
    if (answer.kind === 'error') {
      this.#replacements.set(record, errorLines(record.sql, answer, samePositions));
      return;
    }
    const count = record.expect.kind === 'count' ? `count ${/\d+$/.exec(answer.tag)?.[0] ?? 0}` : 'ok';
    this.#replacements.set(record, statementLines(record, count));
  }

  async #crashNowAndThen(sql: string): Promise<void> {
    if (this.#inTransaction || this.#database.restart === undefined) return;
    if (!changesData(sql) && !/^\s*(CREATE|DROP)\b/i.test(sql)) return;
    // Three fates in turn: lost memory with all input in the log, lost memory behind a checkpoint, nothing at all.
    const fate = this.#changes++ % 3;
    if (fate === 2) return;
    await this.#database.restart(fate === 1);
    for (const setting of this.#settings) await this.#database.run(setting);
  }

  async #endSection(): Promise<void> {
    await this.#compareViews();
    await this.#maintained?.endSection();
  }

  async #compareViews(): Promise<void> {
    if (this.#maintained === null) return;
    for (const { query, why } of await this.#maintained.compareAll()) this.#complain(query, why);
  }

  async #deleteEverything(): Promise<void> {
    if (this.#inTransaction) await this.#database.run('ROLLBACK');
    for (const table of this.#tables) await this.#database.run(`DELETE FROM ${table}`);
  }

  #complain(record: SltRecord, why: string | null, prefix = ''): void {
    if (why !== null)
      this.#failures.push(`${record.file}:${record.line} [${this.#mode}]\n${record.sql}\n${prefix}${why}`);
  }
}

function errorLines(sql: string, { code, message, position }: Failure, samePositions: boolean): string[] {
  const pattern = message.replace(/[\\^$*+?()[\]{}|]/g, '\\$&').replace(/\n[\s\S]*/, '');
  const at = position === null || !samePositions ? '' : ` @${position}`;
  return [`statement error ${code}${at} ${pattern}`, ...sql.split('\n')];
}

function beforeHalt(records: readonly SltRecord[]): readonly SltRecord[] {
  const halt = records.findIndex((record) => record.kind === 'halt');
  return halt < 0 ? records : records.slice(0, halt);
}
