/** PostgreSQL (PGlite) as the oracle: the same text asked there, shown the same way. */
import { PGlite } from '@electric-sql/pglite';
import { allTypes } from '../../src/types/registry.ts';

/** Every type comes back as its text. */
const asText = Object.fromEntries(allTypes.map((type) => [type.oid, (text: string) => text]));

export class Postgres {
  readonly #database: PGlite;

  private constructor(database: PGlite) {
    this.#database = database;
  }

  static async create(): Promise<Postgres> {
    const database = await PGlite.create();
    await database.exec("SET TimeZone = 'UTC'");
    return new Postgres(database);
  }

  /** Rows as psql -At prints them, or the error as `code: message`. */
  async run(sql: string): Promise<string> {
    try {
      const { rows } = await this.#database.query<(string | null)[]>(sql, [], { rowMode: 'array', parsers: asText });
      return rows.map((row) => row.map((value) => value ?? '').join('|')).join('\n');
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return `${code}: ${message}`;
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
