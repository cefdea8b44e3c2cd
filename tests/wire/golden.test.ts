/**
 * Recorded answers of PostgreSQL 15 against the wire alone: the cases that are about the protocol, with an engine that plays
 * back what statements return. The others need a real one: golden-engine.test.ts.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawClient, type Received } from '../support/raw-client.ts';
import { startWire, type TestWire } from '../support/wire-server.ts';
import { type GoldenContext, goldenCases } from './golden-cases.ts';
import { comparable } from './golden-compare.ts';

const recorded = JSON.parse(readFileSync(new URL('./golden/postgresql-15.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly Received[]>
>;

const protocolCases: readonly string[] = [
  'startup.params',
  'startup.unknown_guc',
  'startup.dotted_guc_ok',
  'startup.extra_float_digits_etc',
  'startup.proto_3_2',
  'startup.proto_3_9999_grease',
  'startup.pq_opt_at_3_0',
  'startup.proto_2_0',
  'startup.proto_4_0',
  'startup.no_user',
  'startup.bad_db',
  'startup.bad_role',
  'startup.quoted_client_encoding_asyncpg',
  'ssl.request',
  'simple.empty',
  'simple.semicolon_libpq_ping',
  'simple.comment_pgx_ping',
  'simple.ws_comment_block',
  'simple.multi',
  'simple.multi_err_rolls_back',
  'simple.multi_err_check',
  'simple.multi_with_commit',
  'simple.multi_with_commit_check',
  'simple.syntax_error',
  'simple.undef_table',
  'err.drop_missing_if_exists',
  'err.div0',
  'tx.begin',
  'tx.err',
  'tx.in_failed',
  'tx.rollback',
  'set.app_name',
  'set.tz',
  'reset.all',
  'set.standard_conforming_off',
  'ext.basic',
  'ext.describe_stmt',
  'ext.describe_unknown_param',
  'ext.describe_nodata',
  'ext.describe_show_explain',
  'ext.empty_query',
  'ext.multi_stmt_error',
  'ext.dup_prepared',
  'ext.bind_missing_stmt',
  'ext.exec_missing_portal',
  'ext.describe_missing_portal',
  'ext.close_missing_ok',
  'ext.bind_wrong_count',
  'ext.bad_text_param',
  'ext.bad_binary_param',
  'ext.null_param',
  'ext.portal_suspend',
  'ext.portal_gone_after_sync_outside_tx',
  'ext.error_skips_until_sync',
  'ext.pipeline_two_syncs',
  'ext.implicit_tx_until_sync',
  'ext.flush_no_sync',
  'ext.bare_sync',
  'ext.simple_in_middle_kills_unnamed',
  'ext.result_fmt_count_mismatch',
  'ext.unknown_msg_type_alive',
  'async.cancel',
  'fe.bad_message_type',
  'fe.terminate',
];

let server: TestWire;
let context: GoldenContext;

beforeAll(async () => {
  server = await startWire();
  context = { port: server.port, shared: await RawClient.login(server.port) };
});

afterAll(async () => {
  context.shared.end();
  await server.wire.close(1000);
});

test('the list names recorded cases, each once', () => {
  expect(protocolCases.filter((name) => recorded[name] === undefined)).toEqual([]);
  expect(new Set(protocolCases).size).toBe(protocolCases.length);
});

for (const golden of goldenCases.filter(({ name }) => protocolCases.includes(name))) {
  test(`${golden.name} is answered as PostgreSQL 15 answered it`, async () => {
    const answers = await golden.drive(context);
    expect(comparable(answers)).toEqual(comparable(recorded[golden.name] as readonly Received[]));
  });
}
