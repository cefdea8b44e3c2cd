/** Overload resolution against PostgreSQL: the type it gives to a call, or the error it raises. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SqlError } from '../../src/base/errors.ts';
import { resolveAggregate } from '../../src/expr/aggregates/resolve.ts';
import { selectCommonType } from '../../src/expr/common-type.ts';
import { functionExists, resolveFunction, resolveOperator } from '../../src/expr/functions/resolve.ts';
import { date } from '../../src/types/date.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { text, unknown, varchar } from '../../src/types/text.ts';
import { Postgres } from './postgres.ts';
import { queryRows } from './run-sql.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await Postgres.create();
});
afterAll(() => postgres.close());

function typeHere(expression: string): string {
  try {
    return queryRows(`SELECT ${expression}`).types[0]?.displayName ?? '';
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const operands = [
  '1',
  '1::int8',
  '1.5',
  '1.5::float4',
  "'1'",
  'NULL',
  "'a'::text",
  "'a'::varchar(3)",
  "'a'::char(3)",
  'true',
  "date '2024-01-01'",
  "timestamptz '2024-01-01'",
  "interval '1 day'",
  'ARRAY[1]',
  "'1'::json",
  "'1'::jsonb",
];
const symbols = ['+', '-', '*', '/', '||', '=', '<', '~', '<<', '->'];

/** What PostgreSQL has and this version does not: geometry, ranges, networks, text search, money, bit strings, xml. */
const foreign =
  /point|box|circle|lseg|path|polygon|line|range|inet|cidr|macaddr|ts(vector|query)|money|"?bit|xml|pg_lsn/;

describe.each(symbols)('%s between all pairs of types', (symbol) => {
  test('has the type, or the error, that PostgreSQL gives', async () => {
    const differences: string[] = [];
    for (const left of operands) {
      for (const right of operands) {
        const expression = `${left} ${symbol} ${right}`;
        const asked = await postgres.run(`SELECT pg_typeof(${expression})`);
        const here = typeHere(expression);
        // Values that fail at run time (a date that '1' is not) were resolved alike if the code is one of data exceptions.
        const isData = /^(22|2200)/.test(asked) && /^22/.test(here);
        const isAmbiguityOfForeign =
          /^42725|^42883/.test(asked) !== /^42725|^42883/.test(here) && foreign.test(asked + here);
        if (asked !== here && !isData && !isAmbiguityOfForeign) differences.push(`${expression}: ${asked} | ${here}`);
      }
    }
    expect(differences).toEqual([]);
  });
});

const calls = [
  "length('abc')",
  'abs(-1)',
  "abs('1')",
  'round(1.5)',
  "round('1.5')",
  'sqrt(4)',
  'power(2, 3)',
  "mod(5, '3')",
  'greatest(1, 2.5)',
  "coalesce(NULL, 'a')",
  "substr('abc', 2)",
  "lpad('a', 3)",
  "concat(1, 'a', NULL)",
  "date_trunc('day', date '2024-01-01')",
  "date_trunc('day', '2024-01-01')",
  "age('2024-01-01', '2023-01-01')",
  "extract(year FROM date '2024-01-01')",
  'array_length(ARRAY[1], 1)',
  'array_append(ARRAY[1], 2.5)',
  "array_cat(ARRAY[1], '{2}')",
  "array_position(ARRAY['a'], 'a')",
  'unknown_function(1)',
  'upper(1)',
  "to_json('a')",
  'width_bucket(1, 2, 3, 4)',
  'sum(1)',
  'sum(1::int8)',
  'avg(1)',
  "max('a')",
  "max('a'::varchar)",
  'min(ARRAY[1])',
  'count(*)',
  "string_agg('a', ',')",
  'array_agg(1)',
  'bool_and(true)',
  'stddev(1)',
  "sum('a'::text)",
  "sum('1')",
];

test.each(calls)('%s', async (call) => {
  expect(typeHere(call)).toBe(await postgres.run(`SELECT pg_typeof(${call})`));
});

test('the door answers null for what does not exist, and throws for what is ambiguous', () => {
  expect(resolveFunction('no_such', [int4])).toBe(null);
  expect(resolveOperator('+', text, text)).toBe(null);
  expect(resolveAggregate('sum', [text])).toBe(null);
  expect(() => resolveOperator('+', unknown, unknown)).toThrow('operator is not unique: unknown + unknown');
  expect([functionExists('lower'), functionExists('no_such')]).toEqual([true, false]);
});

test('the common type is the one all go to by themselves', () => {
  expect(selectCommonType([unknown, int4, int8], 'CASE')).toBe(int8);
  expect(selectCommonType([unknown, unknown], 'CASE')).toBe(text);
  expect(selectCommonType([text, varchar], 'UNION')).toBe(text);
  expect(() => selectCommonType([text, int4], 'CASE')).toThrow('CASE types text and integer cannot be matched');
  expect(() => selectCommonType([int4, date], 'COALESCE')).toThrow('COALESCE types integer and date cannot be matched');
});
