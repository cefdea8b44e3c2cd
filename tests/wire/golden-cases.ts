/**
 * How each recorded case of golden/postgresql-15.json was driven: the requests, in the order of the recording. Cases share one
 * connection (`shared`), as they did there, so what one leaves behind (a prepared statement, an open transaction) the next sees.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRequest, frame, int16, int32, RawClient, type Received, startupPacket } from '../support/raw-client.ts';

import { queries } from './golden-queries.ts';

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
insert into t values (1,'b1',1.5),(2,'b2',3),(3,'b3',4.5),(4,'b4',6),(5,'b5',7.5)`;

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
