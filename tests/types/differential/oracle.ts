/**
 * PostgreSQL as the oracle: each case is a SQL expression and what we make of the same thing.
 *
 * The oracle is PGlite, or a server named by ORACLE_URL (the one to believe is version 15; PGlite may be newer, so cases whose
 * answer changed since are marked).
 */
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { SqlError } from '../../../src/base/errors.ts';

export type Case = {
  readonly sql: string;
  readonly ours: () => string | null;
  /** The answer is that of PostgreSQL 15 and not of every later version. */
  readonly only15?: boolean;
};

type Row = readonly (string | null)[];

export class Oracle {
  readonly #query: (sql: string) => Promise<Row>;
  readonly close: () => Promise<void>;
  #version = 0;

  private constructor(query: (sql: string) => Promise<Row>, close: () => Promise<void>) {
    this.#query = query;
    this.close = close;
  }

  static async open(): Promise<Oracle> {
    const url = process.env['ORACLE_URL'];
    const oracle = url === undefined ? await Oracle.#openPglite() : await Oracle.#openServer(url);
    oracle.#version = Number((await oracle.#query('show server_version_num'))[0]);
    await oracle.set("timezone = 'UTC'");
    return oracle;
  }

  static async #openPglite(): Promise<Oracle> {
    const db = await PGlite.create();
    const query = async (sql: string): Promise<Row> => {
      const result = await db.query<(string | null)[]>(sql, [], { rowMode: 'array' });
      return (result.rows[0] ?? []) as Row;
    };
    return new Oracle(query, () => db.close());
  }

  static async #openServer(url: string): Promise<Oracle> {
    const client = new pg.Client(url);
    await client.connect();
    const query = async (sql: string): Promise<Row> =>
      (await client.query({ text: sql, rowMode: 'array' })).rows[0] ?? [];
    return new Oracle(query, () => client.end());
  }

  async set(setting: string): Promise<void> {
    await this.#query(`set ${setting}`);
  }

  /** The answers as text; errors as `ERROR 22003: message / detail`. Asks fifty at a time, and one by one where one fails. */
  async ask(expressions: readonly string[]): Promise<(string | null)[]> {
    const answers: (string | null)[] = [];
    for (let i = 0; i < expressions.length; i += 50) {
      const part = expressions.slice(i, i + 50);
      try {
        answers.push(...(await this.#query(`select ${part.map((e) => `(${e})::text`).join(', ')}`)));
      } catch {
        for (const expression of part) answers.push(await this.#askOne(expression));
      }
    }
    return answers;
  }

  async #askOne(expression: string): Promise<string | null> {
    try {
      return (await this.#query(`select (${expression})::text`))[0] ?? null;
    } catch (error) {
      const { code, message, detail } = error as { code: string; message: string; detail?: string };
      return describeError(code, message, detail);
    }
  }

  /** Cases on which we and the oracle differ. */
  async differences(cases: readonly Case[]): Promise<string[]> {
    const asked = cases.filter((c) => !c.only15 || this.#version < 160000);
    const theirs = await this.ask(asked.map((c) => c.sql));
    return asked.flatMap((c, i) => {
      const ours = answer(c.ours);
      return ours === theirs[i] ? [] : [`${c.sql}\n  postgres ${theirs[i]}\n  millrace ${ours}`];
    });
  }
}

const describeError = (code: string, message: string, detail: string | undefined): string =>
  `ERROR ${code}: ${message}${detail === undefined ? '' : ` / ${detail}`}`;

function answer(ours: () => string | null): string | null {
  try {
    return ours();
  } catch (error) {
    if (error instanceof SqlError) return describeError(error.code, error.message, error.fields.detail);
    throw error;
  }
}

/** A SQL string literal. */
export const quote = (text: string): string =>
  text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`;
