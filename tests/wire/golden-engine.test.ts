/**
 * Every recorded answer of PostgreSQL 15 against the whole server, in the order of the recording.
 *
 * `different` lists the cases that are not answered alike, each with the reason. A case that begins to agree fails here
 * until it is taken off the list, so that the list stays true.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { type EngineServer, openEngine } from '../../src/engine/engine.ts';
import { trust } from '../../src/wire/authentication.ts';
import { WireServer } from '../../src/wire/server.ts';
import { RawClient, type Received } from '../support/raw-client.ts';
import { fixture, type GoldenContext, goldenCases } from './golden-cases.ts';
import { comparable, realign } from './golden-compare.ts';

const recorded = JSON.parse(readFileSync(new URL('./golden/postgresql-15.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly Received[]>
>;

const different: Readonly<Record<string, string>> = {
  // By design.
  'startup.options_c': "there are no settings of PostgreSQL's planner, such as geqo",
  'set.datestyle': 'dates are only written in the ISO style',
  'set.reset_datestyle': 'follows set.datestyle',
  'set.client_encoding_latin1': 'text is UTF-8 only',
  'set.back_utf8': 'follows set.client_encoding_latin1',
  'set.standard_conforming_off': 'backslashes in plain strings are never escapes',
  'reset.all': 'the time zone to return to is the one that was set',
  'tags.cmv': 'the tag says CREATE, which drivers take for a change of schema',
  'tags.refresh': 'a notice says that there is nothing to refresh',
  'tags.select_unpopulated': 'a materialized view is never without its rows',
  'tags.explain': "plans are another engine's",
  'tags.explain_analyze': "plans are another engine's",
  'tags.show': 'the version is another',
  'tags.show_all_count': 'there are other settings',
  'tags.table': 'rows without ORDER BY come in another order',
  'fe.function_call': 'function call messages are refused',

  // Errors come at another moment.
  'err.subq_rows': 'the error comes before the description of rows',
  'err.set_bad_enum': 'the setting is named as it is documented, not as it was typed',
  'ext.error_skips_until_sync': 'constants are folded when a portal runs, not when it is bound',
  'ext.pipeline_two_syncs': 'constants are folded when a portal runs, not when it is bound',
  'ext.implicit_tx_until_sync': 'constants are folded when a portal runs, not when it is bound',
  'tags.execute_wrong_args': 'the error has a position',

  // Not there yet.
  'err.db_cross': 'a third name part is not looked at',
  'err.recursive': 'no recursive queries',
  'err.drop_dep_cascade_notice': 'DDL is not undone with its transaction',
  'tx.prepare_transaction': 'no PREPARE TRANSACTION',
  'set.role_none': 'no SET ROLE',
  'discard.all_in_multi': 'DISCARD ALL is let into a transaction',
  'npgsql.reset': 'no UNLISTEN',
  'asyncpg.reset': 'no advisory locks',
  'tags.ctas': 'no CREATE TABLE AS',
  'tags.create_index': 'no CREATE INDEX',
  'tags.drop_all': 'no CREATE INDEX',
  'tags.alter': 'no ALTER TABLE',
  'tags.truncate': 'no temporary tables',
  'tags.explain_json': 'no EXPLAIN in JSON',
  'tags.do': 'no DO',
  'tags.analyze': 'no ANALYZE',
  'tags.vacuum': 'no VACUUM',
  'tags.lock': 'no LOCK',
  'tags.grant': 'no GRANT',
  'tags.create_role': 'no CREATE ROLE',
  'ext.param_undetermined': 'an undecidable parameter is text',
  'ext.psycopg3_server_cursor': 'DECLARE takes no parameters',
  'ext.cached_plan_changed': 'no ALTER TABLE',
  'ext.rowdesc_table_col': 'no window functions',
  'async.cancel': 'no pg_sleep',
  'async.statement_timeout': 'no pg_sleep',
  'async.terminate_backend': 'no pg_terminate_backend',
};

let engine: EngineServer;
let wire: WireServer;
let context: GoldenContext;

beforeAll(async () => {
  engine = await openEngine({
    directory: null,
    clock: systemClock,
    logger: silentLogger,
    threaded: false,
    operatingSystemUser: 'ann',
    version: '0.0.0',
    checkpointIntervalMs: 0,
  });
  const limits = { host: '127.0.0.1', port: 0, maxConnections: 20 };
  wire = new WireServer({ engine, ...limits, authentication: trust, tls: null, logger: silentLogger });
  const { port } = await wire.listen();
  context = { port, shared: await RawClient.login(port) };
  for (const sql of fixture.split(';\n')) {
    context.shared.query(sql);
    expect((await context.shared.until()).map(({ t }) => t)).toEqual(['C', 'Z']);
  }
});

afterAll(async () => {
  context.shared.end();
  await wire.close(1000);
  await engine.close();
});

test('the list of differences names recorded cases', () => {
  expect(Object.keys(different).filter((name) => recorded[name] === undefined)).toEqual([]);
});

describe.each(goldenCases)('$name', ({ name, drive }) => {
  const reason = different[name];
  test(reason === undefined ? 'is answered as PostgreSQL 15 answered it' : `differs: ${reason}`, async () => {
    const answers = await drive(context);
    const expected = recorded[name] as readonly Received[];
    await realign(context.shared, answers, expected);
    if (reason === undefined) expect(comparable(answers)).toEqual(comparable(expected));
    else expect(comparable(answers), 'agrees now: take it off the list').not.toEqual(comparable(expected));
  });
});
