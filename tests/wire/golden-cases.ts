/**
 * How each recorded case of golden/postgresql-15.json was driven: the requests, in the order of the recording. Cases share one
 * connection (`shared`), as they did there, so what one leaves behind (a prepared statement, an open transaction) the next sees.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRequest, frame, int16, int32, RawClient, type Received, startupPacket } from '../support/raw-client.ts';

export type GoldenContext = {
  readonly port: number;
  readonly shared: RawClient;
};

export type GoldenCase = {
  readonly name: string;
  drive(context: GoldenContext): Promise<readonly Received[]>;
};

/** The relation that many cases use. */
export const fixture = `create table if not exists t(a int primary key, b text not null, c numeric(10,2), d timestamptz default now());
insert into t select i, 'b' || i, i * 1.5 from generate_series(1, 5) i`;

type Settings = readonly (readonly [string, string])[];
type Keep = (message: Received) => boolean;
const everything: Keep = () => true;
const noParameters: Keep = (message) => message.t !== 'S';
const onlyParameters =
  (...names: readonly string[]): Keep =>
  (message) =>
    message.t !== 'S' || names.includes(message['k'] as string);

const login = (name: string, settings: Settings, keep: Keep = everything, version?: number): GoldenCase => ({
  name,
  async drive({ port }) {
    const client = await RawClient.login(port, settings, version);
    client.end();
    return client.boot.filter(keep);
  },
});

const startup = (name: string, settings: Settings, version?: number): GoldenCase => ({
  name,
  async drive({ port }) {
    const client = await RawClient.open(port);
    client.send(startupPacket(settings, version));
    const messages = await client.until('EZ');
    client.end();
    return messages.filter(noParameters);
  },
});

/** Requests on the shared connection, answered up to ReadyForQuery. */
const extended = (name: string, request: (client: RawClient) => void): GoldenCase => ({
  name,
  drive({ shared }) {
    request(shared);
    return shared.until();
  },
});

const dialogue = (
  name: string,
  drive: (client: RawClient, context: GoldenContext) => Promise<readonly Received[]>,
): GoldenCase => ({ name, drive: (context) => drive(context.shared, context) });

async function ask(client: RawClient, sql: string): Promise<Received[]> {
  client.query(sql);
  return client.until();
}

async function firstByte(port: number, bytes: Buffer): Promise<string> {
  const client = await RawClient.open(port);
  client.send(bytes);
  const letter = await client.byte();
  client.end();
  return letter;
}

const startupCases: readonly GoldenCase[] = [
  login('startup.params', [['application_name', 'x']]),
  login('startup.quoted_client_encoding_asyncpg', [['client_encoding', "'utf-8'"]], onlyParameters('client_encoding')),
  {
    name: 'startup.options_c',
    async drive({ port }) {
      const options = '-c search_path=pg_catalog,\\ public -c statement_timeout=5s --geqo=off';
      const client = await RawClient.login(port, [['options', options]]);
      const messages = await ask(client, 'show search_path; show statement_timeout; show geqo');
      client.end();
      return messages;
    },
  },
  login('startup.pgoptions_bad', [['options', '-c nosuch=1']]),
  login('startup.unknown_guc', [['no_such_guc', '1']]),
  login('startup.dotted_guc_ok', [['myapp.foo', '1']], noParameters),
  login(
    'startup.extra_float_digits_etc',
    [
      ['extra_float_digits', '2'],
      ['DateStyle', 'ISO, MDY'],
      ['TimeZone', 'UTC'],
      ['IntervalStyle', 'postgres'],
      ['statement_timeout', '0'],
      ['lock_timeout', '0'],
      ['idle_in_transaction_session_timeout', '0'],
      ['fallback_application_name', 'z'],
    ],
    onlyParameters('DateStyle', 'TimeZone'),
  ),
  login('startup.proto_3_2', [], noParameters, 196610),
  login('startup.proto_3_9999_grease', [['_pq_.test_protocol_negotiation', '']], noParameters, (3 << 16) | 9999),
  login('startup.pq_opt_at_3_0', [['_pq_.foo', '1']], noParameters),
  {
    name: 'startup.proto_2_0',
    drive: async ({ port }) => [{ t: 'byte', v: await firstByte(port, Buffer.concat([int32(8), int32(2 << 16)])) }],
  },
  startup('startup.proto_4_0', [['user', 'postgres']], 4 << 16),
  startup('startup.no_user', []),
  startup('startup.bad_db', [
    ['user', 'postgres'],
    ['database', 'nosuchdb'],
  ]),
  startup('startup.bad_role', [
    ['user', 'nosuchrole'],
    ['database', 'postgres'],
  ]),
  {
    name: 'ssl.request',
    async drive({ port }) {
      const client = await RawClient.open(port);
      client.send(Buffer.concat([int32(8), int32(80877103)]));
      const letter = await client.byte();
      client.send(
        startupPacket([
          ['user', 'postgres'],
          ['database', 'postgres'],
        ]),
      );
      const messages = await client.until('EZ');
      client.end();
      return [{ t: 'byte', ssl: letter, gss: 'N (not sent)' }, ...messages.filter((message) => message.t === 'Z')];
    },
  },
];

/** One simple query each. */
const queries: readonly (readonly [name: string, sql: string])[] = [
  ['simple.empty', ''],
  ['simple.semicolon_libpq_ping', ';'],
  ['simple.comment_pgx_ping', '-- ping'],
  ['simple.ws_comment_block', '/* x */ ;; '],
  [
    'simple.multi',
    "select 1 as one; insert into t values (100,'x'); select b from t where a=100; delete from t where a=100",
  ],
  ['simple.multi_err_rolls_back', "insert into t values (101,'x'); select 1/0; select 3"],
  ['simple.multi_err_check', 'select count(*) from t where a=101'],
  ['simple.multi_with_commit', "begin; insert into t values (102,'x'); commit; select 1/0"],
  ['simple.multi_with_commit_check', 'select count(*) from t where a=102; delete from t where a=102'],
  ['simple.syntax_error', 'selec 1'],
  ['simple.undef_table', 'select * from nosuch'],
  ['simple.undef_col', 'select nosuch from t'],
  ['simple.undef_fn', 'select nosuch(1)'],
  ['simple.bad_text', "select 'x'::int"],
  ['err.div0', 'select 1/0'],
  ['err.unique', "insert into t values (1,'dup')"],
  ['err.notnull', 'insert into t values (999,null)'],
  ['err.dup_table', 'create table t(a int)'],
  ['err.dup_table_if_not_exists', 'create table if not exists t(a int)'],
  ['err.drop_missing', 'drop table nosuch'],
  ['err.drop_missing_if_exists', 'drop table if exists nosuch'],
  ['err.drop_view_on_table', 'drop view t'],
  ['err.schema_missing', 'select * from nosch.t'],
  ['err.db_cross', 'select * from otherdb.public.t'],
  ['err.ambiguous', 'select a from t x, t y'],
  ['err.groupby', 'select a,count(*) from t'],
  ['err.type_mismatch', "select 'a'::text = 1"],
  ['err.int_overflow', 'select 2147483647::int+1'],
  ['err.bad_ts', "select 'zz'::timestamp"],
  ['err.ts_range', "select '2024-13-45'::date"],
  ['err.too_many_cols', 'insert into t(a) values (1,2)'],
  ['err.undefined_param', 'select $1'],
  ['err.set_unknown', 'set nosuch=1'],
  ['err.show_unknown', 'show nosuch'],
  ['err.set_bad_value', "set statement_timeout='abc'"],
  ['err.set_bad_enum', "set intervalstyle='abc'"],
  ['err.bad_tz', "set timezone='Nope/Zone'"],
  ['err.readonly', "begin read only; insert into t values (7000,'x')"],
  ['err.in_failed', 'select 1'],
  ['err.commit_failed_is_rollback', 'commit'],
  ['err.undefined_object_type', 'select 1::nosuchtype'],
  ['err.regclass_missing', "select 'nosuch'::regclass"],
  ['fn.to_regclass_null', "select to_regclass('nosuch'), to_regtype('nosuch'), to_regtype('int4')"],
  ['err.cast_json', "select '{'::jsonb"],
  ['err.arr_subscript', "select ('{1,2}'::int[])[5]"],
  ['err.subq_rows', 'select (select a from t)'],
  ['err.recursive', 'with recursive x as (select 1 union all select * from x where false) select * from x'],
  ['err.in_use_drop_dep', 'create view vt as select a from t; drop table t'],
  ['err.drop_dep_cascade_notice', 'create view vt as select a from t; drop view vt'],
  ['tx.begin', 'begin'],
  ['tx.begin_again_warn', 'begin'],
  ['tx.savepoint', 'savepoint s1'],
  ['tx.err', 'select 1/0'],
  ['tx.in_failed', 'select 1'],
  ['tx.rollback_to', 'rollback to savepoint s1'],
  ['tx.ok_after', 'select 1'],
  ['tx.release', 'release s1'],
  ['tx.release_missing', 'release nosuch'],
  ['tx.rollback', 'rollback'],
  ['tx.rollback_outside_warn', 'rollback'],
  ['tx.commit_outside_warn', 'commit'],
  ['tx.savepoint_outside', 'savepoint x'],
  ['tx.start_iso', 'start transaction isolation level serializable, read only'],
  ['tx.show_iso', 'show transaction isolation level; show transaction_read_only; show transaction_isolation'],
  ['tx.set_iso_after', 'set transaction isolation level read committed'],
  ['tx.end', 'end'],
  [
    'tx.sess_char',
    'set session characteristics as transaction isolation level read uncommitted; show default_transaction_isolation; set session characteristics as transaction isolation level read committed',
  ],
  ['tx.set_transaction_outside_warn', 'set transaction isolation level serializable'],
  ['tx.set_local_outside_warn', 'set local statement_timeout=1'],
  [
    'tx.begin_variants',
    'begin work; rollback work; begin transaction; abort; start transaction; end transaction; begin deferrable; commit and chain; rollback and no chain',
  ],
  ['tx.prepare_transaction', "begin; prepare transaction 'x'"],
  ['tx.cleanup', 'rollback'],
  ['set.app_name', "set application_name='abc'"],
  ['set.tz', "set timezone='Europe/Berlin'"],
  ['set.tz_local', "set time zone 'UTC'"],
  ['set.datestyle', "set datestyle='German'"],
  ['set.reset_datestyle', 'reset datestyle'],
  ['set.names', "set names 'UTF8'"],
  ['set.client_encoding_latin1', "set client_encoding to 'LATIN1'"],
  ['set.back_utf8', "set client_encoding to 'UTF8'"],
  ['set.efd', 'set extra_float_digits=3'],
  ['set.search_path', 'set search_path to public, pg_catalog'],
  ['set.role_none', 'set role none'],
  ['set.session_auth_default', 'set session authorization default'],
  ['set.custom', "set my.var='1'; show my.var; select current_setting('my.var'), current_setting('nope.x', true)"],
  ['set.config_fn', "select set_config('application_name','zz',false)"],
  ['set.standard_conforming_off', 'set standard_conforming_strings=off; set standard_conforming_strings=on'],
  ['reset.all', 'reset all'],
  ['discard.all', 'discard all'],
  ['discard.all_in_multi', 'select 1; discard all'],
  [
    'npgsql.reset',
    'SET SESSION AUTHORIZATION DEFAULT;RESET ALL;CLOSE ALL;UNLISTEN *;SELECT pg_advisory_unlock_all();DISCARD SEQUENCES;DISCARD TEMP',
  ],
  ['asyncpg.reset', 'SELECT pg_advisory_unlock_all();\nCLOSE ALL;\nUNLISTEN *;\nRESET ALL;'],
  ['tags.ctas', 'create table ctas as select 1 a'],
  ['tags.cmv', 'create materialized view mv as select a,b from t'],
  ['tags.cmv_nodata', 'create materialized view mv2 as select a from t with no data'],
  ['tags.refresh', 'refresh materialized view mv'],
  ['tags.select_unpopulated', 'select * from mv2'],
  ['tags.create_view', 'create view vv as select 1 a'],
  ['tags.or_replace', 'create or replace view vv as select 1 a'],
  ['tags.create_index', 'create index ix on t(b)'],
  ['tags.alter', 'alter table ctas add column z int'],
  ['tags.comment', "comment on table t is 'hello'"],
  ['tags.drop_all', 'drop view vv; drop materialized view mv, mv2; drop index ix; drop table ctas'],
  ['tags.create_schema', 'create schema s1; drop schema s1'],
  ['tags.update0', 'update t set b=b where false'],
  ['tags.update', 'update t set b=b where a<3'],
  ['tags.delete', 'delete from t where a=99'],
  ['tags.insert_ret', "insert into t values(50,'q') returning a,b"],
  ['tags.truncate', 'create temp table tt(a int); truncate tt; drop table tt'],
  ['tags.explain', 'explain select 1'],
  ['tags.explain_json', 'explain (format json, verbose) select 1'],
  ['tags.explain_analyze', 'explain (analyze, timing off, summary off, costs off) select 1'],
  ['tags.values', "values (1,'a'),(2,'b')"],
  ['tags.table', 'table t limit 1'],
  ['tags.show', 'show server_version'],
  ['tags.show_all_count', 'show all'],
  ['tags.do', 'do $$begin end$$'],
  ['tags.analyze', 'analyze t'],
  ['tags.vacuum', 'vacuum t'],
  ['tags.lock', 'begin; lock table t; commit'],
  ['tags.grant', 'grant select on t to public'],
  ['tags.create_role', 'create role rr; drop role rr'],
  ['tags.checkpoint', 'checkpoint'],
  ['tags.prepare', 'prepare p1(int) as select $1+1'],
  ['tags.execute', 'execute p1(41)'],
  ['tags.execute_wrong_args', 'execute p1'],
  ['tags.prepare_dup', 'prepare p1 as select 1'],
  ['tags.deallocate', 'deallocate p1'],
  ['tags.deallocate_missing', 'deallocate p1'],
  ['tags.deallocate_all', 'deallocate all'],
  ['tags.execute_missing', 'execute p1(1)'],
];

const variety =
  'select a + $1, b || $2, c * $3, d > $4, $5::uuid, coalesce($6, 1), a in ($7,$8), a = any($9), $10::text[], ' +
  'jsonb_build_object($11::text,$12::int) from t limit $13 offset $14';

const allTypes = "select 1::int4 i, true b, 1.5::float8 f, 'x'::text t, '{1,2}'::int4[] arr, 12.34::numeric n";

const extendedCases: readonly GoldenCase[] = [
  extended('ext.basic', (c) => {
    c.parse('', 'select $1::int + 1 as x');
    c.bind('', '', ['41']);
    c.describe('P', '');
    c.execute('');
    c.sync();
  }),
  extended('ext.describe_stmt', (c) => {
    c.parse('s1', 'select a,b from t where a=$1 and b like $2');
    c.describe('S', 's1');
    c.sync();
  }),
  ...(
    [
      ['ext.describe_unknown_param', 'select $1'],
      ['ext.param_infer_variety', variety],
      ['ext.insert_param_infer', 'insert into t(a,b,c,d) values ($1,$2,$3,$4)'],
      ['ext.param_undetermined', 'select $1 is null'],
      ['ext.param_conflict', 'select $1::int, $1::text'],
      ['ext.describe_nodata', 'create temp table zz(a int)'],
    ] as const
  ).map(([name, sql]) =>
    extended(name, (c) => {
      c.parse('', sql);
      c.describe('S', '');
      c.sync();
    }),
  ),
  extended('ext.describe_show_explain', (c) => {
    const statements = { e1: 'show server_version', e2: 'explain select 1', e3: 'fetch 1 from nosuch' };
    for (const [name, sql] of Object.entries(statements)) {
      c.parse(name, sql);
      c.describe('S', name);
    }
    c.sync();
  }),
  extended('ext.empty_query', (c) => {
    c.parse('', '');
    c.describe('S', '');
    c.bind('', '');
    c.describe('P', '');
    c.execute('');
    c.sync();
  }),
  extended('ext.multi_stmt_error', (c) => {
    c.parse('', 'select 1; select 2');
    c.sync();
  }),
  extended('ext.dup_prepared', (c) => {
    c.parse('s1', 'select 1');
    c.sync();
  }),
  extended('ext.bind_missing_stmt', (c) => {
    c.bind('', 'nosuch');
    c.execute('');
    c.sync();
  }),
  extended('ext.exec_missing_portal', (c) => {
    c.execute('nosuch');
    c.sync();
  }),
  extended('ext.describe_missing_portal', (c) => {
    c.describe('P', 'nosuch');
    c.sync();
  }),
  extended('ext.close_missing_ok', (c) => {
    c.close('S', 'nosuch');
    c.close('P', 'nosuch');
    c.sync();
  }),
  extended('ext.bind_wrong_count', (c) => {
    c.bind('', 's1', ['1']);
    c.sync();
  }),
  extended('ext.bad_text_param', (c) => {
    c.bind('', 's1', ['abc', 'x']);
    c.execute('');
    c.sync();
  }),
  extended('ext.bad_binary_param', (c) => {
    c.bind('', 's1', [Buffer.from([0, 0]), 'x'], { parameters: [1, 0] });
    c.execute('');
    c.sync();
  }),
  extended('ext.null_param', (c) => {
    c.parse('', 'select $1::int is null');
    c.bind('', '', [null]);
    c.execute('');
    c.sync();
  }),
  extended('ext.portal_suspend', (c) => {
    c.parse('', 'select a from t order by a');
    c.bind('p1', '');
    for (const maxRows of [2, 2, 0, 2]) c.execute('p1', maxRows);
    c.sync();
  }),
  extended('ext.portal_gone_after_sync_outside_tx', (c) => {
    c.execute('p1', 2);
    c.sync();
  }),
  dialogue('ext.portal_survives_in_tx_asyncpg', async (c) => {
    await ask(c, 'begin');
    c.parse('st', 'select a from t order by a');
    c.bind('pp', 'st');
    c.execute('pp', 2);
    c.sync();
    const opened = await c.until();
    const moved = await ask(c, 'MOVE FORWARD 1 pp');
    c.execute('pp', 1);
    c.sync();
    const third = await c.until();
    const fetched = await ask(c, 'fetch 1 from pp');
    const listed = await ask(c, 'select name from pg_cursors');
    c.close('P', 'pp');
    c.sync();
    const closed = await c.until();
    return [...opened, ...moved, ...third, ...fetched, ...listed, ...closed, ...(await ask(c, 'commit'))];
  }),
  dialogue('ext.psycopg3_server_cursor', async (c) => {
    await ask(c, 'begin');
    c.parse('', 'DECLARE "cur" CURSOR FOR select a,b from t where a>$1 order by a');
    c.bind('', '', ['1'], { parameters: [0] });
    c.describe('P', '');
    c.execute('');
    c.sync();
    const declared = await c.until();
    c.describe('P', 'cur');
    c.sync();
    const described = await c.until();
    c.parse('', 'FETCH FORWARD 2 FROM "cur"');
    c.bind('', '', [], { results: [1] });
    c.describe('P', '');
    c.execute('');
    c.sync();
    const fetched = await c.until();
    return [...declared, ...described, ...fetched, ...(await ask(c, 'close "cur"; commit'))];
  }),
  extended('ext.error_skips_until_sync', (c) => {
    c.parse('', 'select 1/0');
    c.bind('', '');
    c.execute('');
    c.parse('zz', 'select 2');
    c.bind('', 'zz');
    c.execute('');
    c.sync();
  }),
  dialogue('ext.pipeline_two_syncs', async (c) => {
    for (const sql of ['select 1/0', 'select 2']) {
      c.parse('', sql);
      c.bind('', '');
      c.execute('');
      c.sync();
    }
    return [...(await c.until()), ...(await c.until())];
  }),
  dialogue('ext.implicit_tx_until_sync', async (c) => {
    for (const sql of ["insert into t values (200,'x')", 'select 1/0']) {
      c.parse('', sql);
      c.bind('', '');
      c.execute('');
    }
    c.sync();
    return [...(await c.until()), ...(await ask(c, 'select count(*) from t where a=200'))];
  }),
  dialogue('ext.flush_no_sync', async (c) => {
    c.parse('fl', 'select a from t');
    c.describe('S', 'fl');
    c.flush();
    const flushed = await c.until('T');
    const more = await c.drain();
    c.sync();
    return [...flushed, ...more, { t: '-- then Sync' }, ...(await c.until())];
  }),
  extended('ext.bare_sync', (c) => c.sync()),
  dialogue('ext.simple_in_middle_kills_unnamed', async (c) => {
    c.parse('', 'select 7');
    c.sync();
    const parsed = await c.until();
    const answered = await ask(c, 'select 8');
    c.bind('', '');
    c.execute('');
    c.sync();
    return [...parsed, ...answered, ...(await c.until())];
  }),
  extended('ext.result_binary_all', (c) => {
    c.parse('', allTypes);
    c.bind('', '', [], { results: [1] });
    c.describe('P', '');
    c.execute('');
    c.sync();
  }),
  extended('ext.result_fmt_count_mismatch', (c) => {
    c.parse('', 'select 1,2');
    c.bind('', '', [], { results: [1, 0, 1] });
    c.execute('');
    c.sync();
  }),
  dialogue('ext.cached_plan_changed', async (c) => {
    await ask(c, 'create table cp(a int)');
    c.parse('cps', 'select * from cp');
    const bindAndRun = () => {
      c.bind('', 'cps');
      c.execute('');
      c.sync();
      return c.until();
    };
    await bindAndRun();
    await ask(c, 'alter table cp add column b int');
    const changed = await bindAndRun();
    await ask(c, 'drop table cp');
    return [...changed, ...(await bindAndRun())];
  }),
  dialogue('ext.prepared_visible_to_sql', async (c) => {
    c.parse('vis', 'select $1::int');
    c.sync();
    await c.until();
    return ask(
      c,
      "execute vis(5); select name,parameter_types,from_sql from pg_prepared_statements where name='vis'; deallocate vis",
    );
  }),
  extended('ext.unknown_msg_type_alive', (c) => {
    c.parse('', 'select 1');
    c.bind('', '');
    c.execute('');
    c.sync();
  }),
  extended('ext.rowdesc_table_col', (c) => {
    c.parse('', 'select t.a, t.b, t.c, 1+1, count(*) over () , t.d from t where false');
    c.describe('S', '');
    c.sync();
  }),
];

const otherCases: readonly GoldenCase[] = [
  dialogue('async.cancel', async (c, { port }) => {
    c.query('select pg_sleep(5)');
    await sleep(150);
    const canceller = await RawClient.open(port);
    canceller.send(cancelRequest(c.pid, c.secret));
    return c.until();
  }),
  dialogue('async.statement_timeout', async (c) => {
    const messages = await ask(c, 'set statement_timeout=50; select pg_sleep(1)');
    await ask(c, 'reset statement_timeout');
    return messages;
  }),
  dialogue('async.terminate_backend', async (c, { port }) => {
    const victim = await RawClient.login(port);
    const answered = await ask(c, `select pg_terminate_backend(${victim.pid})`);
    return [...answered, ...(await victim.until('Z!'))];
  }),
  {
    name: 'fe.bad_message_type',
    async drive({ port }) {
      const client = await RawClient.login(port);
      client.send(frame('~', Buffer.from('x')));
      return client.until('Z');
    },
  },
  {
    name: 'fe.terminate',
    async drive({ port }) {
      const client = await RawClient.login(port);
      client.send(frame('X'));
      return client.until('Z');
    },
  },
  // PostgreSQL carries the call out; here it is refused, so that the recording is only for comparison (connection.test.ts).
  extended('fe.function_call', (c) => c.send(frame('F', int32(1598), int16(0), int16(0), int16(0)))),
];

export const goldenCases: readonly GoldenCase[] = [
  ...startupCases,
  ...queries.map(([name, sql]) => dialogue(name, (c) => ask(c, sql))),
  ...extendedCases,
  ...otherCases,
];

/**
 * What may differ between two servers without being a difference: relation OIDs (0 or not 0 is a fact), the server's version,
 * and PostgreSQL's C function names, unless a client looks at them.
 */
export function comparable(messages: readonly Received[]): unknown[] {
  return messages.map((message) => {
    const { f_R: routine, ...rest } = message;
    if (routine === 'RevalidateCachedQuery') return message;
    if (message.t === 'T') {
      const columns = message['f'] as readonly { readonly tab: number }[];
      return { ...rest, f: columns.map((each) => ({ ...each, tab: each.tab === 0 ? 0 : 1 })) };
    }
    if (message.t === 'S' && message['k'] === 'server_version') return { ...rest, v: '<version>' };
    return rest;
  });
}
