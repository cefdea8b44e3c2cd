/**
 * EXPLAIN: every stage a statement goes through, as text. `AST`, `RULES`, `CODE` and `STATE` choose a stage, the plan is the
 * default; `EXPLAIN ANALYZE` runs the query and shows what each operator did, and of a materialized view what it has done.
 */
import { featureNotSupported, wrongObjectType } from '../base/errors.ts';
import { buildDataflow } from '../operators/build.ts';
import type { OperatorStats } from '../operators/dataflow.ts';
import type * as Ast from '../parser/ast.ts';
import type { Statement } from '../parser/ast.ts';
import { explainPlan, explainRules } from '../planner/explain.ts';
import { type PlannedQuery, planDml, planQuery } from '../planner/planner.ts';
import { MemoryStateStore } from '../storage/memory-state.ts';
import { batchOfRows } from '../types/batch.ts';
import { text } from '../types/text.ts';
import { formatAst } from './format-ast.ts';
import type { Outcome } from './outcome.ts';
import { runQuery } from './query.ts';
import type { ResultColumn } from './session.ts';
import { contextOf, environmentOf, searchPathOf } from './session-context.ts';
import type { SessionState } from './session-state.ts';
import { after, drive } from './slices.ts';

const planColumn: ResultColumn = { name: 'QUERY PLAN', type: text, typmod: -1, tableOid: 0, attnum: 0 };

export const explainColumns = (_statement: Ast.Explain): readonly ResultColumn[] => [planColumn];

const known = new Set([
  'ast',
  'plan',
  'rules',
  'code',
  'state',
  'analyze',
  'verbose',
  'costs',
  'settings',
  'buffers',
  'wal',
  'timing',
  'summary',
  'format',
  'generic_plan',
]);

export function explain(session: SessionState, statement: Ast.Explain): Outcome | Promise<Outcome> {
  const options = enabledOptions(statement);
  if (options.has('ast')) return outcome(formatAst(statement.statement));
  const planned = plannedOf(session, statement.statement);
  if (options.has('rules')) return outcome(explainRules(planned.trace));
  if (options.has('code')) return outcome(code(session, planned));
  if (options.has('analyze')) return analyze(session, statement.statement, planned);
  return outcome(explainPlan(planned.query, { verbose: options.has('verbose'), state: options.has('state') }));
}

function enabledOptions(statement: Ast.Explain): Set<string> {
  const enabled = new Set<string>();
  for (const { name, value } of statement.options) {
    if (!known.has(name))
      throw featureNotSupported(`unrecognized EXPLAIN option "${name}"`, { position: statement.at });
    if (name === 'format' && value !== null && value.toLowerCase() !== 'text') {
      throw featureNotSupported(`EXPLAIN format "${value}" is not supported`, { position: statement.at });
    }
    if (value === null || !['off', 'false', '0'].includes(value.toLowerCase())) enabled.add(name);
  }
  return enabled;
}

/** The query of a statement: of a SELECT itself, of a definition what it would maintain, of DML its rows. */
function plannedOf(session: SessionState, statement: Statement): PlannedQuery {
  const environment = environmentOf(session, []);
  switch (statement.kind) {
    case 'select-statement':
    case 'create-table-as':
    case 'create-view':
      return planQuery(statement.query, environment);
    case 'create-materialized-view':
      return planQuery(statement.query, { ...environment, purpose: 'view' });
    case 'insert':
    case 'update':
    case 'delete':
      return { query: planDml(statement, environment).source, trace: [], notices: [] };
    case 'execute': {
      const { plan } = session.findStatement(statement.name);
      if (plan?.planned.kind === 'query') return plan.planned.query;
      throw wrongObjectType(`prepared statement "${statement.name}" is not a SELECT`);
    }
    default:
      throw featureNotSupported(`EXPLAIN of this statement is not supported`, { position: statement.at });
  }
}

function outcome(content: string): Outcome {
  const rows = content
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => [line]);
  return { columns: [planColumn], batches: [batchOfRows(['text'], rows)], tag: 'EXPLAIN', tagCountsRows: false };
}

function code(session: SessionState, planned: PlannedQuery): string {
  const dataflow = buildDataflow({
    plan: planned.query.plan,
    name: 'query',
    state: new MemoryStateStore(),
    context: { eval: contextOf(session, []), onRowError: null },
    output: () => {},
  });
  const parts = dataflow.code().map(({ operator, source }) => `-- ${operator}\n${source.trimEnd()}`);
  return parts.length === 0 ? '-- no expressions to compile' : parts.join('\n\n');
}

/** A bare `SELECT … FROM view` of a materialized view shows the operators that maintain it; anything else is run. */
function analyze(session: SessionState, statement: Statement, planned: PlannedQuery): Outcome | Promise<Outcome> {
  const view = maintainedView(session, statement);
  if (view !== null) return outcome(formatStats(view.dataflow.stats()));
  let stats: readonly OperatorStats[] = [];
  const started = performance.now();
  const run = {
    database: session.database,
    query: planned.query,
    context: contextOf(session, []),
    pending: session.transaction.changes,
    cancelReason: () => session.cancelReason,
    onStats: (found: readonly OperatorStats[]) => {
      stats = found;
    },
  };
  return after(drive(runQuery(run)), () =>
    outcome(`${formatStats(stats)}\nExecution Time: ${(performance.now() - started).toFixed(3)} ms`),
  );
}

function maintainedView(session: SessionState, statement: Statement) {
  if (statement.kind !== 'select-statement' || statement.query.body.kind !== 'select') return null;
  const { from, where, groupBy, targets } = statement.query.body;
  const only = from[0];
  const isBare = from.length === 1 && where === null && groupBy.length === 0 && targets[0]?.expr.kind === 'star';
  if (!isBare || only?.kind !== 'table') return null;
  const relation = session.database.catalog.find(only.name.parts, searchPathOf(session));
  const runtime = relation === undefined ? undefined : session.database.runtime(relation.id);
  return runtime?.kind === 'materialized-view' ? runtime : null;
}

function formatStats(stats: readonly OperatorStats[]): string {
  const lines = stats.map((operator) => {
    const state = operator.stateRows === 0 ? '' : ` state=${operator.stateRows} rows, ${operator.stateBytes} bytes`;
    const figures = `rows in=${operator.rowsIn} out=${operator.rowsOut} time=${(operator.micros / 1000).toFixed(3)} ms${state}`;
    return `${'  '.repeat(operator.depth)}${operator.description}  (${figures})`;
  });
  return lines.join('\n');
}
