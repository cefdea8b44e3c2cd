/**
 * What each kind of statement does. `prepareStatement` finds parameters, result columns and, where there is one, the plan;
 * `executeStatement` runs it inside the session's transaction.
 */
import { featureNotSupported, insufficientPrivilege, SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';
import type { Statement } from '../parser/ast.ts';
import { type PlannedDml, type PlannedQuery, planDml, planQuery } from '../planner/planner.ts';
import type { Value } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { failingRows } from './check-constraints.ts';
import { closeCursor, declareCursor, fetchCursor } from './cursors.ts';
import { runDefinition } from './ddl.ts';
import { type DmlRun, runDml } from './dml.ts';
import { ownerOfErrors } from './error-rows.ts';
import { explain, explainColumns } from './explain.ts';
import { done, type Outcome, rowsOutcome } from './outcome.ts';
import type { CachedPlan, Prepared } from './prepared.ts';
import { runQuery } from './query.ts';
import type { ResultColumn } from './session.ts';
import { contextOf, environmentOf } from './session-context.ts';
import type { Preparation, SessionState } from './session-state.ts';
import { runReset, runSet, show, showColumns } from './show.ts';
import { after, drive } from './slices.ts';
import { deallocate, discard, executePrepared, prepareSql } from './sql-prepare.ts';
import { isDefinition, statementName } from './statement-kinds.ts';
import { runSavepoint, runTransaction } from './transaction-control.ts';
import { truncate } from './truncate.ts';

export function prepareStatement(session: SessionState, preparation: Preparation): Prepared {
  const { name, text, statement, fromSql } = preparation;
  const base = { name, text, statement, fromSql, preparedAt: session.database.now };
  if (statement === null) return { ...base, parameters: [], columns: null, plan: null };
  const plan = planStatement(session, statement, preparation.parameterTypes);
  if (plan === null) return { ...base, parameters: [], columns: fixedColumns(session, statement), plan: null };
  const { planned } = plan;
  const query = planned.kind === 'query' ? planned.query.query : planned.dml.source;
  return { ...base, parameters: query.parameters, columns: plannedColumns(plan), plan };
}

function planStatement(
  session: SessionState,
  statement: Statement,
  parameterTypes: readonly (SqlType | null)[],
): CachedPlan | null {
  const environment = environmentOf(session, parameterTypes);
  const searchPath = environment.searchPath.join(',');
  switch (statement.kind) {
    case 'select-statement':
      return {
        catalog: environment.catalog,
        searchPath,
        planned: { kind: 'query', query: planQuery(statement.query, environment) },
      };
    case 'insert':
    case 'update':
    case 'delete':
      return {
        catalog: environment.catalog,
        searchPath,
        planned: { kind: 'dml', dml: planDml(statement, environment) },
      };
    default:
      return null;
  }
}

function plannedColumns({ planned }: CachedPlan): readonly ResultColumn[] | null {
  return planned.kind === 'query' ? queryColumns(planned.query) : returningColumns(planned.dml);
}

export function queryColumns({ query }: PlannedQuery): ResultColumn[] {
  return query.plan.columns.slice(0, query.visible).map(({ name, type, typmod }, c) => {
    const origin = query.origins[c];
    return { name, type, typmod, tableOid: origin?.relation ?? 0, attnum: origin?.attnum ?? 0 };
  });
}

function returningColumns({ returning, target }: PlannedDml): ResultColumn[] | null {
  if (returning === null) return null;
  return returning.columns.map(({ name, type, typmod }, c) => {
    const expr = returning.exprs[c];
    const isPlain = expr?.kind === 'column';
    return { name, type, typmod, tableOid: isPlain ? target.id : 0, attnum: isPlain ? expr.index + 1 : 0 };
  });
}

function fixedColumns(session: SessionState, statement: Statement): readonly ResultColumn[] | null {
  switch (statement.kind) {
    case 'explain':
      return explainColumns(statement);
    case 'show':
      return showColumns(statement);
    case 'execute':
      return session.findStatement(statement.name).columns;
    case 'fetch':
      // A cursor that does not exist is told by FETCH itself, in its own words.
      return statement.move ? null : (session.portals.get(statement.cursor)?.prepared.columns ?? null);
    default:
      return null;
  }
}

export function executeStatement(
  session: SessionState,
  prepared: Prepared,
  parameters: readonly Value[],
): Outcome | Promise<Outcome> {
  const { statement } = prepared;
  if (statement === null) return done('');
  if (prepared.plan !== null) return executePlanned(session, prepared, statement, parameters);
  if (isDefinition(statement)) return executeDefinition(session, statement);
  switch (statement.kind) {
    case 'transaction':
      return runTransaction(session, statement);
    case 'savepoint':
      return runSavepoint(session, statement);
    case 'set':
      return runSet(session, statement);
    case 'reset':
      return runReset(session, statement);
    case 'show':
      return show(session, statement);
    case 'explain':
      return explain(session, statement);
    case 'prepare':
      return prepareSql(session, statement);
    case 'execute':
      return executePrepared(session, statement);
    case 'deallocate':
      return deallocate(session, statement);
    case 'discard':
      return discard(session, statement);
    case 'declare-cursor':
      return declareCursor(session, statement);
    case 'fetch':
      return fetchCursor(session, statement);
    case 'close-cursor':
      return closeCursor(session, statement);
    case 'truncate':
      return truncate(session, statement);
    case 'flush':
      return after(session.database.ticks.drain(), () => done('FLUSH'));
    case 'refresh-materialized-view':
      session.notice({
        severity: 'NOTICE',
        code: '00000',
        message: 'a materialized view is always fresh: nothing to do',
      });
      return done('REFRESH MATERIALIZED VIEW');
    case 'listen':
      // Nobody can listen, so there is nothing to stop: pools send it when they take a connection back.
      if (statement.action === 'unlisten') return done('UNLISTEN');
      throw featureNotSupported(`${statement.action.toUpperCase()} is not supported`, { position: statement.at });
    case 'unsupported':
      throw featureNotSupported(`${statement.what} is not supported`, { position: statement.at });
    default:
      throw featureNotSupported(`${statementName(statement)} is not supported`, { position: statement.at });
  }
}

// --------------------------------------------------------------------------------------------------- planned statements

function executePlanned(
  session: SessionState,
  prepared: Prepared,
  statement: Statement,
  parameters: readonly Value[],
): Outcome | Promise<Outcome> {
  const plan = currentPlan(session, prepared, statement);
  const { planned } = plan;
  return planned.kind === 'query'
    ? executeQuery(session, planned.query, parameters, prepared.columns ?? [])
    : executeDml(session, planned.dml, parameters, prepared.columns);
}

/** The plan, made anew when the catalog or the search path changed since. Throws 0A000 when its result would look different. */
function currentPlan(session: SessionState, prepared: Prepared, statement: Statement): CachedPlan {
  const plan = prepared.plan as CachedPlan;
  const { searchPath, catalog } = environmentOf(session, []);
  if (plan.catalog === catalog && plan.searchPath === searchPath.join(',')) return plan;
  const fresh = planStatement(session, statement, prepared.parameters) as CachedPlan;
  if (!sameColumns(plannedColumns(fresh), prepared.columns)) {
    throw featureNotSupported('cached plan must not change result type', { routine: 'RevalidateCachedQuery' });
  }
  prepared.plan = fresh;
  return fresh;
}

const sameColumns = (a: readonly ResultColumn[] | null, b: readonly ResultColumn[] | null): boolean =>
  a === null || b === null
    ? a === b
    : a.length === b.length && a.every((column, c) => column.name === b[c]?.name && column.type === b[c]?.type);

export function executeQuery(
  session: SessionState,
  planned: PlannedQuery,
  parameters: readonly Value[],
  columns: readonly ResultColumn[],
): Outcome | Promise<Outcome> {
  const run = {
    database: session.database,
    query: planned.query,
    context: contextOf(session, parameters),
    pending: session.transaction.changes,
    cancelReason: () => session.cancelReason,
  };
  return after(drive(runQuery(run)), (batches) => rowsOutcome(columns, batches));
}

function executeDml(
  session: SessionState,
  planned: PlannedDml,
  parameters: readonly Value[],
  columns: readonly ResultColumn[] | null,
): Outcome | Promise<Outcome> {
  const { database, transaction } = session;
  if (transaction.isReadOnly) {
    throw new SqlError(
      SqlState.readOnlySqlTransaction,
      `cannot execute ${planned.kind.toUpperCase()} in a read-only transaction`,
    );
  }
  refuseErrorRows(session, planned);
  const context = contextOf(session, parameters);
  const run: DmlRun = {
    database,
    planned,
    context,
    pending: transaction.changes,
    failingRows: (relation, check, batch) => failingRows(database, relation, check, batch, context),
    cancelReason: () => session.cancelReason,
  };
  return after(drive(runDml(run)), ({ changes, rowCount, returned }) => {
    // Raises a violated key at the statement; COMMIT looks again, at whatever came in between.
    if (changes.length > 0) transaction.check(changes, () => database.newConstraints());
    transaction.add(changes, function* (earlier) {
      return (yield* runDml({ ...run, pending: earlier })).changes;
    });
    const tag = planned.kind === 'insert' ? `INSERT 0 ${rowCount}` : `${planned.kind.toUpperCase()} ${rowCount}`;
    return columns === null ? done(tag) : { columns, batches: returned, tag, tagCountsRows: false };
  });
}

/** `<view>$errors` is written by its view only. */
function refuseErrorRows({ database }: SessionState, planned: PlannedDml): void {
  const view = ownerOfErrors(database.catalog, planned.target);
  if (view === null) return;
  throw insufficientPrivilege(`permission denied for table ${planned.target.name}`, {
    hint: `Its rows are kept by materialized view "${view.name}".`,
  });
}

// ----------------------------------------------------------------------------------------------------------- definitions

/** DDL is its own transaction: what an implicit block has gathered before it is committed first. */
function executeDefinition(session: SessionState, statement: Statement): Promise<Outcome> {
  const { database, transaction } = session;
  if (transaction.isExplicit) {
    throw new SqlError(
      SqlState.activeSqlTransaction,
      `${statementName(statement)} cannot run inside a transaction block`,
      {
        position: statement.at,
        hint: 'Run it before BEGIN or after COMMIT.',
      },
    );
  }
  const committed = session.endTransaction(true);
  return Promise.resolve(committed).then(() =>
    database.ticks.exclusive(() =>
      runDefinition(statement, {
        database,
        scope: {
          environment: { ...environmentOf(session, []), catalog: database.catalog },
          owner: session.request.user,
        },
        notice: (notice) => session.notice(notice),
        cancelReason: () => session.cancelReason,
      }),
    ),
  );
}
