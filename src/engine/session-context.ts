/** What a statement of a session is planned and evaluated with: catalog, search path, settings, clock. */
import { type Catalog, SYSTEM_SCHEMAS } from '../catalog/catalog.ts';
import type { EvalContext, SessionFacts } from '../expr/context.ts';
import type { PlanEnvironment } from '../planner/planner.ts';
import type { Value } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { statementContext } from './context.ts';
import type { SessionState } from './session-state.ts';

/**
 * The catalog the session's statements see. Inside a transaction with buffered changes materialized views are read as
 * plain views, so that a query computes them over the changed tables instead of reading rows the changes are not in yet.
 */
export function visibleCatalog(session: SessionState): Catalog {
  const { catalog } = session.database;
  return session.transaction.changes.length === 0 ? catalog : withPlainViews(catalog);
}

const plainViews = new WeakMap<Catalog, Catalog>();

function withPlainViews(catalog: Catalog): Catalog {
  let plain = plainViews.get(catalog);
  if (plain !== undefined) return plain;
  plain = catalog;
  for (const relation of catalog.relations()) {
    if (relation.kind !== 'materialized-view') continue;
    const { key: _key, options: _options, timeZone: _timeZone, ...rest } = relation;
    plain = plain.withReplaced({ ...rest, kind: 'view' });
  }
  plainViews.set(catalog, plain);
  return plain;
}

/** The role `millrace` has no schema of its own: the one of that name is the server's. */
export function searchPathOf(session: SessionState): readonly string[] {
  const { user } = session.request;
  return session.settings.searchPath(SYSTEM_SCHEMAS.some(({ name }) => name === user) ? null : user);
}

export function contextOf(session: SessionState, parameters: readonly Value[]): EvalContext {
  const { database, transaction } = session;
  const now = (): number => database.now;
  return statementContext({
    format: session.settings.format,
    transactionMicros: transaction.state === 'none' ? now() : transaction.startedAt,
    now,
    session: factsOf(session),
    catalog: database.catalog,
    roles: database.roles.names,
    parameters,
  });
}

function factsOf(session: SessionState): SessionFacts {
  const { request, settings } = session;
  return {
    user: request.user,
    sessionUser: request.user,
    database: request.database,
    backendPid: session.pid,
    searchPath: searchPathOf(session).filter((name) => session.database.catalog.schema(name) !== undefined),
    setting: (name) => settings.get(name),
    setSetting: (name, value, isLocal) => settings.set(name, value, isLocal),
  };
}

export const environmentOf = (session: SessionState, parameterTypes: readonly (SqlType | null)[]): PlanEnvironment => ({
  catalog: visibleCatalog(session),
  searchPath: searchPathOf(session),
  context: contextOf(session, []),
  parameterTypes,
  purpose: 'query',
});
