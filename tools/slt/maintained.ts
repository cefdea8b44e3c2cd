/**
 * Queries of a test file as materialized views: created as soon as what they read exists, and so before the changes the
 * file makes; read where the query stands; and held against the query itself for as long as they live.
 *
 * A file falls into sections at every statement that takes something away or changes how text is read (DROP, ALTER, SET).
 * Views live within one section. Which queries can be views, and what they depend on, nobody works out beforehand: before each
 * change all queries of the section still ahead are tried, and the place of the query is the last chance.
 */
import { difference, linesOf } from './check.ts';
import type { Answer, Database } from './database.ts';
import type { QueryRecord, SltRecord } from './records.ts';

export const endsSection = (sql: string): boolean =>
  /^\s*(DROP|ALTER|SET|RESET|DISCARD|CREATE\s+OR\s+REPLACE)\b/i.test(sql);
export const changesData = (sql: string): boolean => /^\s*(INSERT|UPDATE|DELETE|TRUNCATE|COPY|WITH)\b/i.test(sql);
/** Reads rows and nothing else; the catalog, which our own views would show up in, is left to plain queries. */
const isQuery = (sql: string): boolean =>
  /^\s*(SELECT|VALUES|WITH|TABLE|\()/i.test(sql) && !/\b(INSERT|UPDATE|DELETE|pg_\w+|information_schema)\b/i.test(sql);

/** Cannot be maintained (volatile, LIMIT in parameters …), as opposed to: is broken. */
const NOT_A_VIEW = '0A000';

export class MaintainedQueries {
  readonly #database: Database;
  readonly #sections: Map<SltRecord, number>;
  readonly #queries: readonly QueryRecord[];
  readonly #views = new Map<QueryRecord, string>();
  #section = 0;
  #created = 0;

  constructor(database: Database, records: readonly SltRecord[]) {
    this.#database = database;
    this.#sections = sectionsOf(records);
    this.#queries = records.filter((record): record is QueryRecord => record.kind === 'query' && isQuery(record.sql));
  }

  /** How many queries became views. */
  get created(): number {
    return this.#created;
  }

  /** Creates what can be created by now. Called before a statement that changes data. */
  async createAhead(done: ReadonlySet<SltRecord>): Promise<void> {
    for (const query of this.#queries) {
      if (done.has(query) || this.#views.has(query) || this.#sections.get(query) !== this.#section) continue;
      await this.#create(query);
    }
  }

  /** The view of a query, made now at the latest; an error where the query is broken; null where it cannot be a view. */
  async viewOf(query: QueryRecord): Promise<string | Answer | null> {
    if (!isQuery(query.sql)) return null;
    const answer = this.#views.has(query) ? null : await this.#create(query);
    const view = this.#views.get(query);
    if (view !== undefined) return view;
    return answer?.kind === 'error' && answer.code === NOT_A_VIEW ? null : answer;
  }

  /** Every view against its own query, now. */
  async compareAll(): Promise<{ readonly query: QueryRecord; readonly why: string }[]> {
    const wrong: { query: QueryRecord; why: string }[] = [];
    for (const [query, view] of this.#views) {
      const fresh = await this.#database.run(query.sql);
      const kept = await this.#database.run(`SELECT * FROM ${view}`);
      // A query may fail on what the file left behind, where its view has set the row aside.
      if (fresh.kind === 'error') continue;
      const why =
        kept.kind === 'error'
          ? `${kept.code} ${kept.message}`
          : difference(linesOf(fresh, 'rowsort'), linesOf(kept, 'rowsort'));
      if (why !== null) wrong.push({ query, why: `view and query disagree: ${why}` });
    }
    return wrong;
  }

  async endSection(): Promise<void> {
    for (const view of [...this.#views.values()].reverse()) await this.#database.run(`DROP MATERIALIZED VIEW ${view}`);
    this.#views.clear();
    this.#section++;
  }

  async #create(query: QueryRecord): Promise<Answer> {
    // A schema of their own keeps the views out of what the file sees.
    if (this.#created === 0) await this.#database.run('CREATE SCHEMA IF NOT EXISTS slt');
    const view = `slt.view_${this.#created}`;
    const names = query.types === null ? '' : ` (${[...query.types].map((_, i) => `c${i + 1}`).join(', ')})`;
    const answer = await this.#database.run(
      `CREATE MATERIALIZED VIEW ${view}${names} AS ${query.sql.replace(/;\s*$/, '')}`,
    );
    if (answer.kind === 'rows') {
      this.#views.set(query, view);
      this.#created++;
    }
    return answer;
  }
}

function sectionsOf(records: readonly SltRecord[]): Map<SltRecord, number> {
  const sections = new Map<SltRecord, number>();
  let section = 0;
  for (const record of records) {
    if (record.kind === 'statement' && endsSection(record.sql)) section++;
    sections.set(record, section);
  }
  return sections;
}
