/**
 * Names, types and errors of analysis, held against PostgreSQL (PGlite). Queries stand in `good.sql` and `bad.sql`, one a line.
 * Where this server means to differ, the line has a comment after `--` that says so, and is listed in `ours`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { beforeAll, describe, expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import type { PlanEnvironment } from '../../src/planner/planner.ts';
import { tables, views } from './ddl.ts';
import { catalogOf, environmentFor, planOf } from './fixture.ts';

const linesOf = (file: string): string[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

let postgres: PGlite;
let environment: PlanEnvironment;

beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(tables + views);
  environment = environmentFor(catalogOf(tables + views));
});

type Described = { readonly columns: string; readonly parameters: string };

async function describePostgres(sql: string): Promise<Described | string> {
  try {
    const { queryParams, resultFields } = await postgres.describeQuery(sql);
    return {
      columns: resultFields.map((field) => `${field.name}:${field.dataTypeID}`).join(', '),
      parameters: queryParams.map((parameter) => parameter.dataTypeID).join(', '),
    };
  } catch (error) {
    return formatError(error as PostgresError);
  }
}

type PostgresError = { readonly code: string; readonly message: string; readonly position?: string };

const formatError = (error: PostgresError): string =>
  `${error.code} ${error.message}${error.position === undefined ? '' : ` at ${error.position}`}`;

function describeOurs(sql: string): Described | string {
  try {
    const { query } = planOf(sql, environment);
    const visible = query.plan.columns.slice(0, query.visible);
    return {
      columns: visible.map((column) => `${column.name}:${column.type.oid}`).join(', '),
      parameters: query.parameters.map((type) => type.oid).join(', '),
    };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { position } = error.fields;
    return `${error.code} ${error.message}${position === undefined ? '' : ` at ${position + 1}`}`;
  }
}

describe('queries have the column names, types and parameters of PostgreSQL', () => {
  test.each(linesOf('good.sql'))('%s', async (sql) => {
    expect(describeOurs(sql)).toEqual(await describePostgres(sql));
  });
});

describe('wrong queries fail with the SQLSTATE, message and position of PostgreSQL', () => {
  test.each(linesOf('bad.sql'))('%s', async (sql) => {
    expect(describeOurs(sql)).toEqual(await describePostgres(sql));
  });
});
