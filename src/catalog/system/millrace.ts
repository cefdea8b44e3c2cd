/** The schema `millrace`: what only a streaming database has to tell about itself. */
import type { RelationId } from '../../base/ids.ts';
import { formatType } from '../../types/registry.ts';
import { timestamptz } from '../../types/timestamp.ts';
import { defaultFormat } from '../../types/type.ts';
import type { SystemFacts } from '../relation.ts';
import type { SystemRow } from './define.ts';
import { parseShapes, type SystemShape } from './shapes.ts';

/** Same notation as PostgreSQL's shapes. OIDs are below those of users and not used by PostgreSQL. */
const shapes = `
streams 13900 v
  schema:name! name:name! columns:text! watermark_column:name watermark_expression:text watermark:text
  retention:text!
views 13901 v
  schema:name! name:name! status:text! tick:int8! rows:int8! bytes:int8! errors:int8! definition:text!
operators 13902 v
  schema:name! view:name! operator:int4! description:text! rows_in:int8! rows_out:int8! time_ms:float8!
  state_rows:int8! state_bytes:int8!
checkpoints 13903 v
  tick:int8! at:timestamptz! rows:int8! bytes:int8! gather_ms:float8! commit_ms:float8!
sessions 13904 v
  pid:int4! user:name! database:name! application_name:text! client_address:text state:text! query:text!
  connected_at:timestamptz!
settings 13905 v
  name:text! setting:text! unit:text description:text!
`;

function* streamRows(facts: SystemFacts): Generator<SystemRow> {
  for (const { relation: id, watermark } of facts.streams()) {
    const relation = facts.catalog.byId(id as RelationId);
    if (relation?.kind !== 'stream') continue;
    const column = relation.watermark === null ? undefined : relation.columns[relation.watermark.column];
    // A plain timestamp is printed without a zone; both print in UTC.
    const type = column?.type ?? timestamptz;
    yield {
      schema: relation.schema,
      name: relation.name,
      columns: relation.columns.map((c) => `${c.name} ${formatType(c.type, c.typmod)}`).join(', '),
      watermark_column: column?.name ?? null,
      watermark_expression: relation.watermark?.sql ?? null,
      watermark: watermark === null ? null : type.format(watermark, defaultFormat),
      retention: relation.options['retention'] ?? '7 days',
    };
  }
}

function* viewRows(facts: SystemFacts): Generator<SystemRow> {
  for (const { relation: id, failure, rows, bytes, errors } of facts.views()) {
    const relation = facts.catalog.byId(id as RelationId);
    if (relation?.kind !== 'materialized-view') continue;
    const { schema, name, query } = relation;
    yield {
      schema,
      name,
      status: failure === null ? 'running' : `stopped: ${failure}`,
      tick: facts.tick,
      rows,
      bytes,
      errors,
      definition: query,
    };
  }
}

function* operatorRows(facts: SystemFacts): Generator<SystemRow> {
  for (const fact of facts.operators()) {
    const relation = facts.catalog.byId(fact.relation as RelationId);
    yield {
      schema: relation?.schema ?? '',
      view: relation?.name ?? '',
      operator: fact.operator,
      description: fact.description,
      rows_in: fact.rowsIn,
      rows_out: fact.rowsOut,
      time_ms: fact.micros / 1000,
      state_rows: fact.stateRows,
      state_bytes: fact.stateBytes,
    };
  }
}

const checkpointRows = (facts: SystemFacts): SystemRow[] =>
  facts.checkpoints().map(({ gatherMs, commitMs, ...rest }) => ({ ...rest, gather_ms: gatherMs, commit_ms: commitMs }));

const sessionRows = (facts: SystemFacts): SystemRow[] =>
  facts.activity().map((session) => ({
    pid: session.pid,
    user: session.user,
    database: session.database,
    application_name: session.applicationName,
    client_address: session.clientAddress,
    state: session.state,
    query: session.query,
    connected_at: session.backendStart,
  }));

const settingRows = (facts: SystemFacts): SystemRow[] =>
  facts.settings().map(({ name, setting, unit, description }) => ({ name, setting, unit, description }));

const rows: Readonly<Record<string, (facts: SystemFacts) => Iterable<SystemRow>>> = {
  streams: streamRows,
  views: viewRows,
  operators: operatorRows,
  checkpoints: checkpointRows,
  sessions: sessionRows,
  settings: settingRows,
};

export const millraceRelations: readonly (SystemShape & {
  readonly rows: (facts: SystemFacts) => Iterable<SystemRow>;
})[] = parseShapes(shapes).map((shape) => ({ ...shape, rows: rows[shape.name] ?? (() => []) }));
