/** Runs one case on both sides and compares every view, and every query, with PostgreSQL's answer after each tick. */
import type { PGlite } from '@electric-sql/pglite';
import { difference } from '../../tools/slt/check.ts';
import { answerOf } from '../../tools/slt/collect.ts';
import { formatRow } from '../../tools/slt/database.ts';
import { connectTo, openServer } from '../../tools/slt/millrace.ts';
import { toPostgres } from '../../tools/slt/postgres-dialect.ts';
import type { FuzzCase } from './cases.ts';

const asText = (text: string): string => text;
const PARSERS = Object.fromEntries([16, 20, 21, 23, 25, 701, 1114, 1184, 1186, 1700].map((oid) => [oid, asText]));

export async function openOracle(): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  return PGlite.create();
}

/** The sorted rows of a query, or null where PostgreSQL itself refuses it on these rows. */
async function oracleRows(oracle: PGlite, sql: string): Promise<string[] | null> {
  try {
    const { rows } = await oracle.query<(string | null)[]>(toPostgres(sql), [], { rowMode: 'array', parsers: PARSERS });
    return rows.map((row) => formatRow(row)).sort();
  } catch {
    return null;
  }
}

/** What went wrong, with the file of the corpus that shows it; null when all is well. */
export type Disagreement = { readonly why: string; readonly slt: string };

export async function runCase(oracle: PGlite, fuzzCase: FuzzCase): Promise<Disagreement | null> {
  const server = await openServer(null);
  const session = connectTo(server);
  const transcript = new Transcript(fuzzCase);
  try {
    await oracle.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public;');
    for (const sql of fuzzCase.definitions) {
      await oracle.exec(toPostgres(sql));
      const answer = await answerOf(session, sql);
      if (answer.kind === 'error') return transcript.with(sql, `${answer.code} ${answer.message}`, null);
    }
    for (const [i, sql] of fuzzCase.queries.entries()) {
      if ((await oracleRows(oracle, sql)) === null) continue;
      const answer = await answerOf(session, `CREATE MATERIALIZED VIEW v${i} AS ${sql}`);
      if (answer.kind === 'error')
        return transcript.with(sql, `as a view: ${answer.code} ${answer.message}`, await oracleRows(oracle, sql));
    }
    for (const tick of fuzzCase.ticks) {
      for (const sql of tick) {
        await oracle.exec(sql);
        const answer = await answerOf(session, sql);
        transcript.did(sql);
        if (answer.kind === 'error') return transcript.with(sql, `${answer.code} ${answer.message}`, null);
      }
      for (const [i, sql] of fuzzCase.queries.entries()) {
        const expected = await oracleRows(oracle, sql);
        if (expected === null) continue;
        for (const [what, text] of [
          ['view', `SELECT * FROM v${i}`],
          ['query', sql],
        ] as const) {
          const answer = await answerOf(session, text);
          const why =
            answer.kind === 'error'
              ? `${answer.code} ${answer.message}`
              : difference(expected, answer.rows.map(formatRow).sort());
          if (why !== null) return transcript.with(sql, `${what}: ${why}`, expected);
        }
      }
    }
    return null;
  } finally {
    session.close();
    await server.close();
  }
}

/** The statements so far, as a file for sqllogic/issues/. */
class Transcript {
  readonly #records: string[] = [];

  constructor({ definitions }: FuzzCase) {
    for (const sql of definitions) this.did(sql);
  }

  did(sql: string): void {
    this.#records.push(`statement ok\n${sql}\n`);
  }

  with(sql: string, why: string, rows: readonly string[] | null): Disagreement {
    const query =
      rows === null ? [] : [`query rowsort\n${sql}\n----\n${rows.join('\n')}${rows.length === 0 ? '' : '\n'}`];
    const slt = ['# Found by the differential fuzz test.\n', ...this.#records, ...query].join('\n');
    return { why: `${sql}\n${why}`, slt };
  }
}
