/**
 * Reads of one row by its key, past parser, planner and dataflow: the path that makes a maintained view feel like a
 * key-value store.
 *
 * A query whose plan is "scan by full key, perhaps project" becomes a `PointLookup` once. A prepared statement keeps it with its
 * plan; for the simple protocol integers in the text are lifted out, so that `… WHERE id = 17` and `… WHERE id = 18` share
 * one. Everything depends on the catalog and the settings it was made with and is made anew when they change.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { compileProjection, type ProjectionKernel } from '../expr/compile.ts';
import type { EvalContext } from '../expr/context.ts';
import { evaluate } from '../expr/evaluate.ts';
import type { Expr } from '../expr/expr.ts';
import { parseStatements } from '../parser/parse.ts';
import type { QueryPlan, ScanPlan } from '../planner/plan.ts';
import { planQuery } from '../planner/planner.ts';
import { PAGE_MASK, PAGE_SHIFT, type StateTable } from '../storage/state.ts';
import type { Batch } from '../types/batch.ts';
import { allocateColumn, type Column, setValueAt, type Value } from '../types/column.ts';
import { int4, int8 } from '../types/integer.ts';
import { type Database, stoppedView } from './database.ts';
import { rowsOutcome } from './outcome.ts';
import { type Portal, RowCursor } from './portal.ts';
import type { TableRuntime, ViewRuntime } from './runtime.ts';
import type { ResultColumn, ResultSink } from './session.ts';
import { contextOf, environmentOf } from './session-context.ts';
import type { SessionState } from './session-state.ts';
import { queryColumns } from './statements.ts';

type Found = { readonly batch: Batch; readonly row: number };

class PointLookup {
  readonly columns: readonly ResultColumn[];
  readonly #runtime: TableRuntime | ViewRuntime;
  readonly #table: StateTable;
  readonly #project: readonly number[];
  readonly #keys: readonly Column[];
  readonly #values: readonly Expr[];
  readonly #predicate: Expr | null;
  readonly #kernel: ProjectionKernel | null;
  /** Columns of the scan that the result shows, when it shows nothing but columns. */
  readonly #shown: readonly number[] | null;
  readonly #out: readonly Column[];
  readonly #rows = new Int32Array(1);

  constructor(shape: LookupShape, columns: readonly ResultColumn[]) {
    const { scan, runtime, values, predicate, exprs } = shape;
    const { table } = runtime.stored;
    this.columns = columns;
    this.#runtime = runtime;
    this.#table = table;
    this.#project = scan.project;
    this.#keys = table.spec.key.map((c) => allocateColumn(table.spec.columns[c]?.type.column ?? 'value', 1));
    this.#values = values;
    this.#predicate = predicate;
    this.#shown = columnsOnly(exprs ?? scan.columns.map((column, index) => ({ kind: 'column', index, ...column })));
    this.#kernel = this.#shown === null && exprs !== null ? compileProjection(exprs, 'lookup') : null;
    this.#out = columns.map((column) => allocateColumn(column.type.column, 1));
  }

  /** The row, or null. `makeContext` is called only when an expression must be evaluated. */
  find(parameters: readonly Value[], makeContext: () => EvalContext): Found | null {
    if (this.#runtime.kind === 'materialized-view' && this.#runtime.failure !== null) throw stoppedView(this.#runtime);
    for (let k = 0; k < this.#values.length; k++) {
      const value = lookupValue(this.#values[k] as Expr, parameters, makeContext);
      if (value === null) return null;
      setValueAt(this.#keys[k] as Column, 0, value);
    }
    this.#table.find(this.#keys, 1, this.#rows);
    const row = this.#rows[0] as number;
    return row < 0 ? null : this.#read(row, makeContext);
  }

  #read(row: number, makeContext: () => EvalContext): Found | null {
    const page = row >> PAGE_SHIFT;
    const at = row & PAGE_MASK;
    const columns = this.#project.map((c) => this.#table.column(c)[page] as Column);
    if (this.#predicate !== null && evaluate(this.#predicate, makeContext(), columns, at) !== true) return null;
    if (this.#shown !== null) {
      const shown = this.#shown.map((c) => columns[c] as Column);
      return { batch: { length: at + 1, columns: shown, weights: null }, row: at };
    }
    this.#kernel?.run(makeContext(), columns, Int32Array.of(at), 1, this.#out);
    return { batch: { length: 1, columns: this.#out, weights: null }, row: 0 };
  }
}

function columnsOnly(exprs: readonly Expr[]): number[] | null {
  const columns = exprs.map((expr) => (expr.kind === 'column' ? expr.index : -1));
  return columns.includes(-1) ? null : columns;
}

/** Parameters and constants need no context, nor does widening of integers: their scalar form is one and the same. */
function lookupValue(expr: Expr, parameters: readonly Value[], makeContext: () => EvalContext): Value {
  if (expr.kind === 'parameter') return parameters[expr.index] ?? null;
  if (expr.kind === 'constant') return expr.value;
  if (expr.kind === 'cast' && expr.type === int8 && expr.operand.type === int4) {
    return lookupValue(expr.operand, parameters, makeContext);
  }
  return evaluate(expr, { ...makeContext(), parameters }, [], 0);
}

type LookupShape = {
  readonly scan: ScanPlan;
  readonly runtime: TableRuntime | ViewRuntime;
  /** One per key column of the table, in its order. */
  readonly values: readonly Expr[];
  readonly predicate: Expr | null;
  readonly exprs: readonly Expr[] | null;
};

/** Recognises the plan of a point lookup: at most one row, found by all columns of the stored key. */
function lookupShape(database: Database, query: QueryPlan): LookupShape | null {
  let node = query.plan;
  let exprs: readonly Expr[] | null = null;
  let predicate: Expr | null = null;
  if (node.kind === 'project') {
    ({ exprs, predicate } = node);
    node = node.input;
  }
  if (node.kind === 'filter') {
    if (predicate !== null) return null;
    ({ predicate } = node);
    node = node.input;
  }
  if (node.kind !== 'scan' || node.lookup === null || query.visible !== query.plan.columns.length) return null;
  const runtime = database.runtime(node.relation);
  if (runtime === undefined || runtime.kind === 'stream') return null;

  const key = runtime.kind === 'table' ? runtime.relation.primaryKey?.columns : runtime.relation.key;
  if (key === undefined || key === null || key.length === 0) return null;
  const { lookup } = node;
  const { table } = runtime.stored;
  const values = table.spec.key.map((column) => lookup.values[lookup.columns.indexOf(column)]);
  if (values.includes(undefined)) return null;
  return { scan: node, runtime, values: values as Expr[], predicate, exprs };
}

type Valid<T> = { readonly catalog: Catalog; readonly version: number; readonly lookup: T };

const isValid = (session: SessionState, entry: Valid<unknown>): boolean =>
  entry.catalog === session.database.catalog && entry.version === session.settings.version;

/** Templates kept per session; more than that are not the same few statements over and over. */
const MAX_TEMPLATES = 500;

export class LookupCache {
  readonly #templates = new Map<string, Valid<PointLookup | null>>();
  readonly #portals = new WeakMap<object, Valid<PointLookup | null>>();

  /** Answers a simple query if it is a point lookup. False: not one, nothing was sent. */
  answer(session: SessionState, sql: string, sink: ResultSink): boolean {
    const lifted = liftIntegers(sql);
    if (lifted === null) return false;
    let entry = this.#templates.get(lifted.template);
    if (entry === undefined || !isValid(session, entry)) {
      if (this.#templates.size >= MAX_TEMPLATES) this.#templates.clear();
      const lookup = templateLookup(session, lifted);
      entry = { catalog: session.database.catalog, version: session.settings.version, lookup };
      this.#templates.set(lifted.template, entry);
    }
    const { lookup } = entry;
    if (lookup === null) return false;
    sink.columns(lookup.columns);
    const count = sendFound(session, lookup, lifted.values, sink);
    sink.complete(`SELECT ${count}`);
    return true;
  }

  /** Answers the first Execute of a portal if its statement is a point lookup. */
  executePortal(session: SessionState, portal: Portal, maxRows: number, sink: ResultSink): boolean {
    const { plan } = portal.prepared;
    if (plan === null || portal.outcome !== null || maxRows > 0) return false;
    let entry = this.#portals.get(plan);
    if (entry === undefined) {
      const isQuery = plan.planned.kind === 'query';
      const shape = isQuery ? lookupShape(session.database, plan.planned.query.query) : null;
      const lookup = shape === null ? null : new PointLookup(shape, portal.prepared.columns ?? []);
      entry = { catalog: plan.catalog, version: session.settings.version, lookup };
      this.#portals.set(plan, entry);
    }
    if (entry.lookup === null || !isValid(session, entry)) return false;
    portal.outcome = rowsOutcome([], []);
    portal.cursor = new RowCursor([]);
    const count = sendFound(session, entry.lookup, portal.parameters, sink);
    sink.complete(`SELECT ${count}`);
    return true;
  }
}

function sendFound(session: SessionState, lookup: PointLookup, values: readonly Value[], sink: ResultSink): number {
  const found = lookup.find(values, () => contextOf(session, values));
  if (found === null) return 0;
  // One row never fills a buffer, so the promise of back pressure, if any, may be left alone.
  void sink.rows(found.batch, found.row, found.row + 1, session.outputFormat);
  return 1;
}

type Lifted = { readonly template: string; readonly values: readonly number[] };

const MAX_INT4 = 2147483647;

/** The text with its integers replaced by `$1`, `$2`, …; null when it is no candidate. */
function liftIntegers(sql: string): Lifted | null {
  const first = sql.charCodeAt(0) | 32;
  if (first !== 115 || sql.length > 1000 || sql.includes("'") || sql.includes('$')) return null;
  const values: number[] = [];
  const template = sql.replace(/(?<![\w."])\d{1,10}(?![\w.])/g, (digits) => {
    values.push(Number(digits));
    return `$${values.length}`;
  });
  if (values.length === 0 || values.length > 4 || values.some((value) => value > MAX_INT4)) return null;
  return { template, values };
}

/** Plans the template once. Only when every lifted integer is part of the key does the template mean what each text means. */
function templateLookup(session: SessionState, { template, values }: Lifted): PointLookup | null {
  try {
    const statements = parseStatements(template);
    const statement = statements[0]?.statement;
    if (statements.length !== 1 || statement?.kind !== 'select-statement') return null;
    const planned = planQuery(
      statement.query,
      environmentOf(
        session,
        values.map(() => int4),
      ),
    );
    const shape = lookupShape(session.database, planned.query);
    if (shape === null || !shape.values.every(isParameter) || shape.values.length !== values.length) return null;
    if (planned.query.parameters.length !== values.length) return null;
    return new PointLookup(shape, queryColumns(planned));
  } catch {
    return null; // The statement itself will say what is wrong, with positions in its own text.
  }
}

const isParameter = (expr: Expr): boolean =>
  expr.kind === 'parameter' || (expr.kind === 'cast' && expr.operand.kind === 'parameter');
