/** The statements that the fake engine knows: those of the recorded cases that are about the protocol, and a few of our own. */
import { adminShutdown, divisionByZero, SqlError, undefinedTable } from '../../src/base/errors.ts';
import { SqlState } from '../../src/base/sqlstate.ts';
import { type Batch, batchOfRows } from '../../src/types/batch.ts';
import { bool } from '../../src/types/boolean.ts';
import type { Value } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { Numeric } from '../../src/types/numeric.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { voidType } from '../../src/types/pseudo.ts';
import { text } from '../../src/types/text.ts';
import { column, type FakeStatement, type Script } from './fake-server.ts';

const one = (name: string, value: number): FakeStatement => ({ columns: [column(name, int4)], rows: [[value]] });
const shown = (name: string, value: string): FakeStatement => ({
  columns: [column(name, text)],
  rows: [[value]],
  tag: 'SHOW',
});
const told = (name: string, value: string, tag = 'SET'): FakeStatement => ({
  tag,
  effect: (_, sink) => sink.parameterChanged(name, value),
});
const transaction = (tag: string, status: 'I' | 'T'): FakeStatement => ({
  tag,
  effect: (session) => {
    session.transactionStatus = status;
  },
});

const table = 16438;
const fiveRows: readonly (readonly Value[])[] = [1, 2, 3, 4, 5, 50].map((n) => [n]);

/** `count` rows of one long text each, in batches. */
function* manyRows(count: number, width: number): Generator<Batch> {
  for (let done = 0; done < count; done += 100) {
    yield batchOfRows(
      ['i32', 'text'],
      Array.from({ length: 100 }, (_, i) => [done + i, 'x'.repeat(width)]),
    );
  }
}

export const fakeScript: Script = {
  'select 1': one('?column?', 1),
  'select 2': one('?column?', 2),
  'select 7': one('?column?', 7),
  'select 8': one('?column?', 8),
  'select 1 as one': one('one', 1),
  "insert into t values (100,'x')": { tag: 'INSERT 0 1' },
  "insert into t values (101,'x')": { tag: 'INSERT 0 1' },
  "insert into t values (102,'x')": { tag: 'INSERT 0 1' },
  "insert into t values (200,'x')": { tag: 'INSERT 0 1' },
  'select b from t where a=100': { columns: [column('b', text, table, 2)], rows: [['x']] },
  'delete from t where a=100': { tag: 'DELETE 1' },
  'select count(*) from t where a=101': { columns: [column('count', int8)], rows: [[0]] },
  'select count(*) from t where a=102': { columns: [column('count', int8)], rows: [[1]] },
  'select count(*) from t where a=200': { columns: [column('count', int8)], rows: [[0]] },
  'delete from t where a=102': { tag: 'DELETE 1' },
  'select 1/0': { columns: [column('?column?', int4)], bindError: divisionByZero() },
  'select * from nosuch': { parseError: undefinedTable('nosuch', 14) },
  "select '😀é', nosuch": {
    parseError: new SqlError(SqlState.undefinedColumn, 'column "nosuch" does not exist', { position: 14 }),
  },
  'select many fields': {
    error: new SqlError(SqlState.uniqueViolation, 'duplicate\0 key', {
      detail: 'Detail.',
      hint: 'Hint.',
      position: 7,
      where: 'line 1',
      schema: 'public',
      table: 't',
      column: 'a',
      dataType: 'int4',
      constraint: 't_pkey',
      routine: 'check',
    }),
  },
  'our mistake': { error: new TypeError('x is not a function') },
  fatal: { error: new SqlError(SqlState.adminShutdown, 'terminating', {}, 'FATAL') },

  begin: transaction('BEGIN', 'T'),
  commit: transaction('COMMIT', 'I'),
  rollback: transaction('ROLLBACK', 'I'),
  "set application_name='abc'": told('application_name', 'abc'),
  "set timezone='Europe/Berlin'": told('TimeZone', 'Europe/Berlin'),
  'set standard_conforming_strings=off': told('standard_conforming_strings', 'off'),
  'set standard_conforming_strings=on': told('standard_conforming_strings', 'on'),
  'reset all': {
    tag: 'RESET',
    effect: (_, sink) => {
      sink.parameterChanged('TimeZone', 'Etc/UTC');
      sink.parameterChanged('application_name', '');
    },
  },
  'drop table if exists nosuch': {
    tag: 'DROP TABLE',
    effect: (_, sink) =>
      sink.notice({ severity: 'NOTICE', code: '00000', message: 'table "nosuch" does not exist, skipping' }),
  },
  'show server_version': shown('server_version', '15.0'),
  'explain select 1': shown('QUERY PLAN', 'Result'),
  'fetch 1 from nosuch': {},

  'select $1::int + 1 as x': {
    parameters: [int4],
    columns: [column('x', int4)],
    rows: ([n]) => [[n === null ? null : (n as number) + 1]],
  },
  'select a,b from t where a=$1 and b like $2': {
    parameters: [int4, text],
    columns: [column('a', int4, table, 1), column('b', text, table, 2)],
    rows: ([a, b]) => [[a as Value, b as Value]],
  },
  'select $1': { parameters: [text], columns: [column('?column?', text)], rows: ([value]) => [[value as Value]] },
  'create temp table zz(a int)': { tag: 'CREATE TABLE' },
  'select $1::int is null': {
    parameters: [int4],
    columns: [column('?column?', bool)],
    rows: ([value]) => [[value === null]],
  },
  'select a from t order by a': { columns: [column('a', int4, table, 1)], rows: fiveRows },
  'select a from t': { columns: [column('a', int4, table, 1)], rows: fiveRows },
  'select 1,2': { columns: [column('?column?', int4), column('?column?', int4)], rows: [[1, 2]] },
  "select 1::int4 i, true b, 1.5::float8 f, 'x'::text t, 12.34::numeric n": {
    columns: [column('i', int4), column('b', bool), column('f', float8), column('t', text), column('n', numeric)],
    rows: [[1, true, 1.5, 'x', new Numeric(1234, 2)]],
  },
  'three copies': {
    columns: [column('a', int4)],
    batches: () => [batchOfRows(['i32'], [[1], [2], [3]], [3, 0, 1])],
    tag: 'SELECT 4',
  },

  'select pg_sleep(5)': { columns: [column('pg_sleep', voidType)], rows: [['']], timing: 'forever' },
  'select later': { columns: [column('later', int4)], rows: [[1]], timing: 'later' },
  'end me': { tag: 'SELECT 0', effect: (session) => session.request.terminate?.(adminShutdown()) },
  'rows and then nothing': { columns: [column('a', int4)], rows: [[1]], timing: 'endless' },
  'insert later': { tag: 'INSERT 0 1', timing: 'later' },
  'select 10 MB': {
    columns: [column('a', int4), column('b', text)],
    batches: () => manyRows(1000, 10_000),
    tag: 'SELECT 1000',
  },
  'select 1 GB': {
    columns: [column('a', int4), column('b', text)],
    batches: () => manyRows(100_000, 10_000),
    tag: 'SELECT 100000',
  },
};
