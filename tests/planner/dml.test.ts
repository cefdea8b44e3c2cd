/** INSERT, UPDATE and DELETE: plans as text, and errors held against PostgreSQL. */
import { PGlite } from '@electric-sql/pglite';
import { beforeAll, describe, expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { explainPlan } from '../../src/planner/explain.ts';
import { type PlannedDml, planDml } from '../../src/planner/planner.ts';
import { catalogOf, environmentFor } from './fixture.ts';

const shared = `
CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x', g int GENERATED ALWAYS AS (a * 2) STORED, c numeric(5,2));
CREATE TABLE u (a int, b varchar(3), d timestamp);
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a;
`;
const environment = environmentFor(catalogOf(`${shared} CREATE STREAM s (id int, ts timestamp DEFAULT '2020-01-01');`));

function plan(sql: string): PlannedDml {
  const statement = parseStatements(sql)[0]?.statement;
  if (statement?.kind !== 'insert' && statement?.kind !== 'update' && statement?.kind !== 'delete') {
    throw new Error(`not DML: ${sql}`);
  }
  return planDml(statement, environment);
}

function errorOf(sql: string): string {
  try {
    plan(sql);
    return 'no error';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { position } = error.fields;
    return `${error.code} ${error.message}${position === undefined ? '' : ` at ${position + 1}`}`;
  }
}

const planText = (sql: string): string => explainPlan(plan(sql).source);

describe('plans', () => {
  test('INSERT completes rows with defaults, NULLs and generated columns', () => {
    expect(planText("INSERT INTO t (c, a) VALUES (1.239, '7'), (DEFAULT, 8)")).toMatchInlineSnapshot(`
      "project a, 'x'::text as b, (a * 2) as g, c
      └─ values ('1.24'::numeric(5,2), 7), (NULL::numeric(5,2), 8)"
    `);
  });

  test('INSERT … SELECT converts columns as assignments', () => {
    expect(planText('INSERT INTO u SELECT a, b, NULL FROM t')).toMatchInlineSnapshot(`
      "project a, (b)::character varying(3) as b, NULL::timestamp without time zone as d
      └─ scan table t (a, b)"
    `);
  });

  test('INSERT DEFAULT VALUES', () => {
    expect(planText('INSERT INTO s DEFAULT VALUES')).toMatchInlineSnapshot(`
      "project NULL::integer as id, '2020-01-01 00:00:00'::timestamp without time zone as ts
      └─ values ()"
    `);
  });

  test('UPDATE yields the old row and the new one', () => {
    expect(planText('UPDATE t SET a = a + 1, b = DEFAULT WHERE a = 5')).toMatchInlineSnapshot(`
      "project a, b, g, c, a#5 as a, b#6 as b, (a#5 * 2) as g, c#7 as c
      └─ project a, b, g, c, (a + 1) as a, 'x'::text as b, c where (a = 5)
         └─ scan table t (a, b, g, c) lookup a = 5"
    `);
  });

  test('UPDATE … FROM changes a row once', () => {
    expect(planText('UPDATE t SET b = u.b FROM u WHERE u.a = t.a')).toMatchInlineSnapshot(`
      "project a, b, g, c, a, (b#6)::text as b, (a * 2) as g, c
      └─ top-n limit '1'::bigint partition by a
         └─ inner join on a = a#5
            ├─ scan table t (a, b, g, c)
            └─ scan table u (a, b)"
    `);
  });

  test('DELETE … USING is a semi join', () => {
    expect(planText('DELETE FROM t USING u WHERE u.a = t.a AND u.b = t.b')).toMatchInlineSnapshot(`
      "semi join on a = a#5 and b = key
      ├─ scan table t (a, b, g, c)
      └─ project a, (b)::text as key
         └─ scan table u (a, b)"
    `);
  });

  test('a subquery may compute a value', () => {
    expect(planText('UPDATE t SET b = (SELECT max(b) FROM u WHERE u.a = t.a)')).toMatchInlineSnapshot(`
      "project a, b, g, c, a, max as b, (a * 2) as g, c
      └─ left join on a = a#5
         ├─ scan table t (a, b, g, c)
         └─ aggregate by a: max(argument) (append-only)
            └─ project a, (b)::text as argument
               └─ scan table u (a, b)"
    `);
  });

  test('RETURNING is over the columns of the changed row', () => {
    const planned = plan('UPDATE t SET b = 1 RETURNING *, a + 1 AS next');
    expect(planned.returning?.columns.map((column) => `${column.name} ${column.type.name}`)).toEqual([
      'a int4',
      'b text',
      'g int4',
      'c numeric',
      'next int4',
    ]);
  });

  test('parameters take the types of the columns they go to', () => {
    const { parameters } = plan('INSERT INTO u VALUES ($1, $2, $3), ($4, $2, now())').source;
    expect(parameters.map((type) => type.name)).toEqual(['int4', 'varchar', 'timestamp', 'int4']);
  });

  test('ON CONFLICT DO NOTHING with a target that is a key', () => {
    expect(plan('INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING')).toMatchObject({ onConflict: 'nothing' });
    expect(plan('INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING')).toMatchObject({ onConflict: 'nothing' });
  });
});

const wrong = `
INSERT INTO t VALUES (1, '2', 3, 4, 5)
INSERT INTO t (a, b) VALUES (1)
INSERT INTO t (a) VALUES (1, 2)
INSERT INTO t (a, a) VALUES (1, 2)
INSERT INTO t (a, z) VALUES (1, 2)
INSERT INTO t (a, g) VALUES (1, 2)
INSERT INTO t SELECT 1, 'a', 2
INSERT INTO t (a) VALUES ('x')
INSERT INTO t (a) VALUES (true)
INSERT INTO t (a) SELECT true
INSERT INTO t (c) VALUES (now())
INSERT INTO t (a, b) VALUES (1, 2), (2)
INSERT INTO t (a) VALUES (nosuch)
INSERT INTO t (a) VALUES (count(*))
INSERT INTO nosuch VALUES (1)
INSERT INTO t (a, b) SELECT a FROM t
INSERT INTO t (a) VALUES (1) RETURNING z
INSERT INTO t (a) VALUES (1) RETURNING count(*)
INSERT INTO t (a) VALUES (1) ON CONFLICT (z) DO NOTHING
INSERT INTO t (a) VALUES (1) ON CONFLICT (b) DO NOTHING
INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT nosuch DO NOTHING
INSERT INTO mv VALUES (1)
UPDATE t SET g = 1
UPDATE t SET z = 1
UPDATE t SET a = true
UPDATE t SET a = 'x'
UPDATE t SET a = 1, a = 2
UPDATE t SET (a, b) = (1, 2, 3)
UPDATE t SET a = 1 WHERE b
UPDATE t SET a = count(*)
UPDATE nosuch SET a = 1
UPDATE t SET a = 1 FROM t
UPDATE mv SET a = 1
DELETE FROM t WHERE z = 1
DELETE FROM nosuch
DELETE FROM t USING t
DELETE FROM mv
`
  .split('\n')
  .filter((line) => line !== '');

describe('errors are those of PostgreSQL', () => {
  let postgres: PGlite;
  beforeAll(async () => {
    postgres = await PGlite.create();
    await postgres.exec(shared);
  });

  test.each(wrong)('%s', async (sql) => {
    const expected = await postgres.query(sql).then(
      () => 'no error',
      (error: { code: string; message: string; position?: string }) =>
        `${error.code} ${error.message}${error.position === undefined ? '' : ` at ${error.position}`}`,
    );
    expect(errorOf(sql)).toBe(expected);
  });
});

describe('what streams and views refuse', () => {
  test('a stream takes no UPDATE or DELETE', () => {
    expect(errorOf('UPDATE s SET id = 1')).toBe('42809 cannot update stream "s" at 8');
    expect(errorOf('DELETE FROM s')).toBe('42809 cannot delete from stream "s" at 13');
  });

  test('system relations take no changes', () => {
    expect(errorOf("INSERT INTO pg_class (relname) VALUES ('x')")).toBe(
      '42501 permission denied: "pg_class" is a system catalog',
    );
  });

  test('ON CONFLICT DO UPDATE is not there yet', () => {
    expect(errorOf('INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1')).toMatch(/^0A000/);
  });
});
