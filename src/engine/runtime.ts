/**
 * What runs behind a relation of the catalog: the rows of a table, the dataflow and rows of a materialized view, the
 * watermark of a stream. Built by DDL or recovery, fed by the tick loop.
 */
import type { SqlError } from '../base/errors.ts';
import type { RelationId } from '../base/ids.ts';
import type { MaterializedViewRelation, StreamRelation, TableRelation } from '../catalog/relation.ts';
import type { EvalContext } from '../expr/context.ts';
import { buildDataflow } from '../operators/build.ts';
import type { Dataflow } from '../operators/dataflow.ts';
import { Materialize } from '../operators/materialize.ts';
import type { Plan } from '../planner/plan.ts';
import type { StateStore } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import type { SqlType } from '../types/type.ts';
import type { WatermarkTracker } from './watermark-tracker.ts';

export type StreamRuntime = {
  readonly kind: 'stream';
  readonly relation: StreamRelation;
  readonly types: readonly SqlType[];
  readonly watermark: WatermarkTracker | null;
};

export type TableRuntime = {
  readonly kind: 'table';
  readonly relation: TableRelation;
  readonly types: readonly SqlType[];
  readonly stored: Materialize;
};

export type ViewRuntime = {
  readonly kind: 'materialized-view';
  readonly relation: MaterializedViewRelation;
  readonly types: readonly SqlType[];
  readonly plan: Plan;
  readonly dataflow: Dataflow;
  readonly stored: Materialize;
  /** Something was pushed since the last tick end. */
  hasInput: boolean;
  /** Why the dataflow stopped, or null while it runs: our own mistake, which stops this view and those over it but not the server. */
  failure: string | null;
};

export type Runtime = StreamRuntime | TableRuntime | ViewRuntime;

const typesOf = (relation: { readonly columns: readonly { readonly type: SqlType }[] }): SqlType[] =>
  relation.columns.map((column) => column.type);

export const streamRuntime = (relation: StreamRelation, watermark: WatermarkTracker | null): StreamRuntime => ({
  kind: 'stream',
  relation,
  types: typesOf(relation),
  watermark,
});

export function tableRuntime(relation: TableRelation, state: StateStore): TableRuntime {
  const types = typesOf(relation);
  const stored = new Materialize({ types, key: relation.primaryKey?.columns ?? null, state: state.scope('rows') });
  return { kind: 'table', relation, types, stored };
}

/** `onRowError` takes rows whose expression failed; `plan` has the view's columns first, hidden ones are dropped. */
export function viewRuntime(options: {
  readonly relation: MaterializedViewRelation;
  readonly plan: Plan;
  readonly state: StateStore;
  readonly context: EvalContext;
  readonly onRowError: (error: SqlError, batch: Batch, i: number) => void;
}): ViewRuntime {
  const { relation, plan, state } = options;
  const types = typesOf(relation);
  const stored = new Materialize({ types, key: relation.key, state: state.scope('rows') });
  const ignore = () => {};
  const dataflow = buildDataflow({
    plan,
    name: relation.name,
    state: state.scope('flow'),
    context: { eval: options.context, onRowError: options.onRowError },
    output: (batch) => stored.onBatch(batch, 0, ignore),
  });
  return { kind: 'materialized-view', relation, types, plan, dataflow, stored, hasInput: true, failure: null };
}

/** Who reads a relation. Rebuilt whenever the set of runtimes changes. */
export class Readers {
  readonly #byRelation = new Map<RelationId, ViewRuntime[]>();

  readonly #onFailure: (view: ViewRuntime, error: unknown) => void;

  constructor(runtimes: Iterable<Runtime>, onFailure: (view: ViewRuntime, error: unknown) => void) {
    this.#onFailure = onFailure;
    for (const runtime of runtimes) {
      if (runtime.kind !== 'materialized-view') continue;
      for (const relation of runtime.dataflow.relations) {
        const readers = this.#byRelation.get(relation);
        if (readers === undefined) this.#byRelation.set(relation, [runtime]);
        else readers.push(runtime);
      }
    }
  }

  push(relation: RelationId, batch: Batch): void {
    const readers = this.#byRelation.get(relation);
    if (readers === undefined || batch.length === 0) return;
    for (const reader of readers) this.#guard(reader, () => reader.dataflow.push(relation, batch));
  }

  pushWatermark(relation: RelationId, watermark: number | bigint): void {
    for (const reader of this.#byRelation.get(relation) ?? []) {
      this.#guard(reader, () => reader.dataflow.pushWatermark(relation, watermark));
    }
  }

  /** Ends the tick of a view that got input and hands its net changes to its own readers. */
  endTick(view: ViewRuntime): void {
    if (!view.hasInput) return;
    view.hasInput = false;
    this.#guard(view, () => {
      view.dataflow.endTick();
      view.stored.onTickEnd((batch) => this.push(view.relation.id, batch));
    });
    view.hasInput = false;
  }

  #guard(view: ViewRuntime, work: () => void): void {
    if (view.failure !== null) return;
    try {
      work();
      view.hasInput = true;
    } catch (error) {
      this.fail(view, error);
    }
  }

  /** Stops a view, and every view over it, because its rows are no longer what they should be. */
  fail(view: ViewRuntime, error: unknown): void {
    view.failure = error instanceof Error ? error.message : String(error);
    this.#onFailure(view, error);
    for (const reader of this.#byRelation.get(view.relation.id) ?? []) {
      if (reader.failure === null)
        this.fail(reader, new Error(`materialized view "${view.relation.name}" has stopped`));
    }
  }
}
