/** PostgreSQL as the database of a test file: a database of its own, made empty and dropped afterwards. */
import pg from 'pg';
import type { Answer, Database, Failure } from './database.ts';
import { typeLetter } from './database.ts';
import { toPostgres } from './postgres-dialect.ts';

export type PostgresAddress = { readonly host: string; readonly port: number; readonly user: string };

/** `PGHOST`, `PGPORT` and `PGUSER`, as psql reads them. */
export const postgresAddress = (): PostgresAddress => ({
  host: process.env['PGHOST'] ?? '127.0.0.1',
  port: Number(process.env['PGPORT'] ?? 5432),
  user: process.env['PGUSER'] ?? 'postgres',
});

let databases = 0;

export async function openPostgres(address: PostgresAddress): Promise<Database> {
  const name = `slt_${process.pid}_${++databases}`;
  const admin = new pg.Client({ ...address, database: 'postgres' });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`);
  const client = new pg.Client({ ...address, database: name, options: '-c timezone=UTC' });
  await client.connect();
  return {
    product: 'postgres',
    run: async (sql) => named(sql, await runOn(client, toPostgres(sql))),
    async close() {
      await client.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}

const asText = { getTypeParser: () => (text: string) => text };

type ArrayResult = {
  fields: { dataTypeID: number }[];
  rows: (string | null)[][];
  command: string;
  rowCount: number | null;
};

async function runOn(client: pg.Client, sql: string): Promise<Answer> {
  try {
    const result = (await client.query({ text: sql, rowMode: 'array', types: asText })) as ArrayResult | ArrayResult[];
    const last = Array.isArray(result) ? (result[result.length - 1] as ArrayResult) : result;
    const types = last.fields.map((field) => typeLetter(field.dataTypeID)).join('');
    return { kind: 'rows', types, rows: last.rows, tag: `${last.command} ${last.rowCount ?? ''}`.trim() };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return failureOf(error);
  }
}

/** Errors about a view or table that stands for one of our relations call it by its own name. */
function named(sql: string, answer: Answer): Answer {
  if (answer.kind !== 'error') return answer;
  const kind = /^\s*(?:DROP|ALTER)\s+(MATERIALIZED\s+VIEW|STREAM)\b/i.exec(sql)?.[1]?.toLowerCase();
  if (kind === undefined) return answer;
  return { ...answer, message: answer.message.replace(kind === 'stream' ? /\btable\b/ : /\bview\b/, kind) };
}

const failureOf = (error: pg.DatabaseError): Failure => ({
  kind: 'error',
  code: error.code ?? '',
  message: error.message,
  position: error.position === undefined ? null : Number(error.position),
});
