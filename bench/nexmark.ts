/**
 * Nexmark in process: SQL text through the real planner, rules and compiler into a dataflow, events generated beforehand as
 * columns, one tick per thousand bids with its watermark. Figures are the best of three runs on fresh state: events of all three streams
 * per second, as the benchmark counts them, and the time of each operator.
 */
import type { RelationId } from '../src/base/ids.ts';
import { Catalog } from '../src/catalog/catalog.ts';
import type { StreamRelation } from '../src/catalog/relation.ts';
import { systemRelations } from '../src/catalog/system/index.ts';
import { viewContext } from '../src/engine/context.ts';
import { buildDataflow } from '../src/operators/build.ts';
import type { OperatorStats } from '../src/operators/dataflow.ts';
import { parseStatements } from '../src/parser/parse.ts';
import { type PlanEnvironment, planQuery } from '../src/planner/planner.ts';
import { MemoryStateStore } from '../src/storage/memory-state.ts';
import { type Chunk, generate, SCHEMAS, STREAMS, type Stream } from './nexmark-events.ts';
import { QUERIES } from './nexmark-queries.ts';

const EVENTS = 1_000_000;
const RUNS = 3;
const DELAY_MICROS = 4_000_000;

type Measurement = { readonly seconds: number; readonly rowsOut: number; readonly operators: readonly OperatorStats[] };

const idOf = (stream: Stream): RelationId => (20_000 + STREAMS.indexOf(stream)) as RelationId;

const streamRelation = (stream: Stream): StreamRelation => ({
  kind: 'stream',
  id: idOf(stream),
  schema: 'public',
  name: stream,
  columns: SCHEMAS[stream].map(({ name, type }) => ({
    name,
    type,
    typmod: -1,
    notNull: true,
    default: null,
    generated: null,
  })),
  owner: 'millrace',
  comment: null,
  watermark: {
    column: SCHEMAS[stream].findIndex(({ name }) => name === 'date_time'),
    sql: "date_time - INTERVAL '4 seconds'",
  },
  checks: [],
  options: {},
});

const catalog = STREAMS.reduce(
  (known, stream) => known.withRelation(streamRelation(stream)),
  Catalog.initial(systemRelations),
);
const context = viewContext(() => catalog, 'millrace', 'UTC');
const environment: PlanEnvironment = { catalog, searchPath: ['public'], context, parameterTypes: [], purpose: 'view' };

function measure(name: string, sql: string, chunks: readonly Chunk[]): Measurement {
  const statement = parseStatements(sql)[0]?.statement;
  if (statement?.kind !== 'select-statement') throw new Error(`${name} is not a query`);
  let rowsOut = 0;
  const dataflow = buildDataflow({
    plan: planQuery(statement.query, environment).query.plan,
    name,
    state: new MemoryStateStore(),
    context: { eval: context, onRowError: null },
    output: (batch) => {
      rowsOut += batch.length;
    },
  });
  const read = STREAMS.filter((stream) => dataflow.relations.includes(idOf(stream)));
  const started = performance.now();
  for (const { batches, latest } of chunks) {
    for (const stream of read) {
      if (batches[stream].length > 0) dataflow.push(idOf(stream), batches[stream]);
      dataflow.pushWatermark(idOf(stream), latest - DELAY_MICROS);
    }
    dataflow.endTick();
  }
  return { seconds: (performance.now() - started) / 1000, rowsOut, operators: dataflow.stats() };
}

function best(name: string, sql: string, chunks: readonly Chunk[]): Measurement {
  const runs = Array.from({ length: RUNS }, () => measure(name, sql, chunks));
  return runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
}

function print(name: string, { seconds, rowsOut, operators }: Measurement): void {
  console.log(`${name.padEnd(4)} ${(EVENTS / seconds / 1e6).toFixed(2).padStart(7)} M events/s  ${rowsOut} rows out`);
  for (const { depth, description, rowsIn, rowsOut: out, micros } of operators) {
    const share = `${(micros / 1000).toFixed(1)} ms`.padStart(10);
    console.log(`     ${share}  ${'  '.repeat(depth)}${description.slice(0, 90)}  (${rowsIn} in, ${out} out)`);
  }
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const chunks = generate(EVENTS, 42);
  const eventsPerSecond: Record<string, number> = {};
  for (const [name, sql] of Object.entries(QUERIES)) {
    const measurement = best(name, sql, chunks);
    eventsPerSecond[name] = Math.round(EVENTS / measurement.seconds);
    if (!options.json) print(name, measurement);
  }
  console.log(JSON.stringify({ bench: 'nexmark', node: process.version, events: EVENTS, eventsPerSecond }));
}
