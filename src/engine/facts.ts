/** The live facts behind system relations, gathered when one is read. */
import type { SystemFacts } from '../catalog/relation.ts';
import type {
  ActivityFact,
  CheckpointFact,
  CursorFact,
  OperatorFact,
  PreparedFact,
  SettingFact,
  StreamFact,
  ViewFact,
} from '../catalog/system-facts.ts';
import type { EvalContext } from '../expr/context.ts';
import type { Database } from './database.ts';
import type { EngineSession } from './engine-session.ts';
import { errorsRelationOf } from './error-rows.ts';
import type { Portal } from './portal.ts';
import type { Prepared } from './prepared.ts';
import type { ViewRuntime } from './runtime.ts';
import { settingDefinitions } from './setting-definitions.ts';
import { SQL_EPOCH_MICROS } from './time.ts';

export const systemFacts = (
  database: Database,
  sessions: () => Iterable<EngineSession>,
  context: EvalContext,
  serverStart: number,
): SystemFacts => ({
  catalog: database.catalog,
  user: context.session.user,
  database: context.session.database,
  searchPath: context.session.searchPath,
  databases: database.roles.databases,
  roles: database.roles.names,
  settings: () => settingFacts(context),
  activity: () => [...sessions()].map(activityFact),
  sizeOf: (relation) => sizeOf(database, relation),
  serverStart,
  tick: database.ticks.tick,
  streams: () => streamFacts(database),
  views: () => viewRuntimes(database).map((view) => viewFact(database, view)),
  operators: () => viewRuntimes(database).flatMap(operatorFacts),
  preparedStatements: () => [...(sessionOf(sessions(), context)?.statements.values() ?? [])].flatMap(preparedFact),
  cursors: () => [...(sessionOf(sessions(), context)?.portals.values() ?? [])].map(cursorFact),
  checkpoints: () =>
    database.checkpoints.map(({ at, ...rest }): CheckpointFact => ({ ...rest, at: at - SQL_EPOCH_MICROS })),
});

function settingFacts(context: EvalContext): SettingFact[] {
  return settingDefinitions.map((definition) => ({
    name: definition.name,
    setting: context.session.setting(definition.name) ?? definition.default,
    unit: definition.unit ?? null,
    category: definition.category,
    description: definition.description,
    context: definition.internal === true ? 'internal' : 'user',
    type: definition.type,
    source: 'default',
    bootValue: definition.default,
    resetValue: definition.default,
  }));
}

function sessionOf(sessions: Iterable<EngineSession>, context: EvalContext): EngineSession | undefined {
  for (const session of sessions) if (session.pid === context.session.backendPid) return session;
  return undefined;
}

/** The unnamed statement is not listed. */
const preparedFact = ({ name, text, preparedAt, parameters, fromSql }: Prepared): PreparedFact[] =>
  name === '' ? [] : [{ name, text, preparedAt, parameters: parameters.map(({ oid }) => oid), fromSql }];

const cursorFact = ({ name, prepared, isHeld }: Portal): CursorFact => ({
  name,
  text: prepared.text,
  isHeld,
  openedAt: prepared.preparedAt,
});

function activityFact(session: EngineSession): ActivityFact {
  const { request, settings, transaction } = session;
  const idle = { explicit: 'idle in transaction', failed: 'idle in transaction (aborted)' } as const;
  const { state } = transaction;
  return {
    pid: session.pid,
    user: request.user,
    database: request.database,
    applicationName: settings.get('application_name') ?? '',
    clientAddress: request.clientAddress,
    clientPort: request.clientPort,
    backendStart: session.startedAt,
    queryStart: session.queryStartedAt,
    transactionStart: state === 'none' ? null : transaction.startedAt,
    state: session.isActive ? 'active' : state === 'explicit' || state === 'failed' ? idle[state] : 'idle',
    query: session.currentQuery,
  };
}

function sizeOf(database: Database, relation: number): { rows: number; bytes: number } {
  for (const runtime of database.runtimes()) {
    if (runtime.relation.id !== relation || runtime.kind === 'stream') continue;
    const { rowCount, bytes } = runtime.stored.table;
    return { rows: rowCount, bytes };
  }
  return { rows: 0, bytes: 0 };
}

function streamFacts(database: Database): StreamFact[] {
  return [...database.runtimes()].flatMap((runtime) =>
    runtime.kind === 'stream' ? [{ relation: runtime.relation.id, watermark: runtime.watermark?.value ?? null }] : [],
  );
}

const viewRuntimes = (database: Database): ViewRuntime[] =>
  [...database.runtimes()].filter((runtime) => runtime.kind === 'materialized-view');

function viewFact(database: Database, view: ViewRuntime): ViewFact {
  const errors = errorsRelationOf(database.catalog, view.relation);
  const { rowCount } = view.stored.table;
  const state = view.dataflow.stats().reduce((sum, operator) => sum + operator.stateBytes, 0);
  return {
    relation: view.relation.id,
    failure: view.failure,
    rows: rowCount,
    bytes: view.stored.table.bytes + state,
    errors: errors === undefined ? 0 : sizeOf(database, errors.id).rows,
  };
}

const operatorFacts = (view: ViewRuntime): OperatorFact[] =>
  view.dataflow.stats().map(({ id, depth: _depth, ...figures }) => ({
    relation: view.relation.id,
    operator: id,
    ...figures,
  }));
