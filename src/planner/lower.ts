/**
 * From fields with identities to places: a logical tree without `apply` becomes a `Plan`. What plan nodes want as columns
 * (aggregate arguments, sort keys) is projected first.
 */
import { AssertionError, assert, unreachable } from '../base/assert.ts';
import type { AggregateCall, Expr, SortKey } from '../expr/expr.ts';
import { mapColumns, sameExpr } from './expr-tree.ts';
import type { Aggregate, Field, Join, Logical, LogicalAggregate } from './logical/logical.ts';
import type { Plan, PlanColumn } from './plan.ts';

export function lower(node: Logical): Plan {
  const columns = planColumns(node.fields);
  switch (node.kind) {
    case 'get':
      return {
        kind: 'scan',
        relation: node.relation,
        name: node.name,
        source: node.source,
        project: node.fields.map((_, i) => i),
        lookup: null,
        keys: node.keys.map((key) => places(key, node.fields)),
        watermark: node.watermark,
        columns,
      };
    case 'values':
      return { kind: 'values', rows: node.rows, columns };
    case 'filter':
      return {
        kind: 'filter',
        input: lower(node.input),
        predicate: placed(node.predicate, node.input.fields),
        columns,
      };
    case 'project':
      return {
        kind: 'project',
        input: lower(node.input),
        exprs: node.exprs.map((expr) => placed(expr, node.input.fields)),
        predicate: null,
        columns,
      };
    case 'join':
      return lowerJoin(node, columns);
    case 'aggregate':
      return lowerAggregate(node, columns);
    case 'distinct':
      return { kind: 'distinct', input: lower(node.input), columns };
    case 'union':
      return { kind: 'union', inputs: node.inputs.map(lower), columns };
    case 'top-n':
      return {
        kind: 'top-n',
        input: lower(node.input),
        partitionBy: places(node.partitionBy, node.input.fields),
        order: sortKeys(node.order, node.input.fields),
        limit: node.limit,
        offset: node.offset,
        withTies: node.withTies,
        columns,
      };
    case 'time-window': {
      const { window, size, step, offset } = node;
      const timeColumn = placeOf(node.timeField, node.input.fields);
      return { kind: 'time-window', input: lower(node.input), window, timeColumn, size, step, offset, columns };
    }
    case 'session-window': {
      const timeColumn = placeOf(node.timeField, node.input.fields);
      const partitionBy = places(node.partitionBy, node.input.fields);
      return { kind: 'session-window', input: lower(node.input), partitionBy, timeColumn, gap: node.gap, columns };
    }
    case 'table-function': {
      const { fn, withOrdinality, outer } = node;
      const args = node.args.map((arg) => placed(arg, node.input.fields));
      return { kind: 'table-function', input: lower(node.input), fn, args, withOrdinality, outer, columns };
    }
    case 'single-row':
      return { kind: 'single-row', input: lower(node.input), key: places(node.key, node.input.fields), columns };
    case 'apply':
      throw new AssertionError('a dependent join was left after unnesting');
    default:
      return unreachable(node);
  }
}

export const planColumns = (fields: readonly Field[]): readonly PlanColumn[] =>
  fields.map(({ name, type, typmod }) => ({ name, type, typmod }));

function placeOf(id: number, fields: readonly Field[]): number {
  const place = fields.findIndex((field) => field.id === id);
  assert(place >= 0, `field ${id} is not among the fields of the input`);
  return place;
}

const places = (ids: readonly number[], fields: readonly Field[]): readonly number[] =>
  ids.map((id) => placeOf(id, fields));

/** `expr` with fields replaced by their places. */
export const placed = (expr: Expr, fields: readonly Field[]): Expr =>
  mapColumns(expr, (column) => ({ ...column, index: placeOf(column.index, fields) }));

type Order = { readonly id: number; readonly descending: boolean; readonly nullsFirst: boolean };
export const sortKeys = (order: readonly Order[], fields: readonly Field[]): readonly SortKey[] =>
  order.map(({ id, descending, nullsFirst }) => ({ column: placeOf(id, fields), descending, nullsFirst }));

/** The whole condition is left in `residual`; the rule `equi-keys` takes keys out of it. */
function lowerJoin(node: Join, columns: readonly PlanColumn[]): Plan {
  const fields = [...node.left.fields, ...node.right.fields];
  return {
    kind: 'join',
    type: node.type,
    left: lower(node.left),
    right: lower(node.right),
    leftKeys: [],
    rightKeys: [],
    nullSafe: [],
    residual: node.condition === null ? null : placed(node.condition, fields),
    columns,
  };
}

/** Collects the expressions that must be columns, each once. */
class Columns {
  readonly exprs: Expr[] = [];
  readonly #fields: readonly Field[];
  readonly #names: string[] = [];

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  add(expr: Expr, name: string): number {
    const moved = placed(expr, this.#fields);
    const known = this.exprs.findIndex((other) => sameExpr(other, moved));
    if (known >= 0) return known;
    this.#names.push(moved.kind === 'column' ? moved.name : name);
    return this.exprs.push(moved) - 1;
  }

  columns(): readonly PlanColumn[] {
    return this.exprs.map(({ type, typmod }, i) => ({ name: this.#names[i] as string, type, typmod }));
  }
}

function lowerAggregate(node: Aggregate, columns: readonly PlanColumn[]): Plan {
  const needed = new Columns(node.input.fields);
  const groupBy = node.keys.map((key, i) => needed.add(key, (node.fields[i] as Field).name));
  const aggregates = node.aggregates.map((call, i) =>
    lowerCall(call, node.fields[node.keys.length + i] as Field, needed),
  );
  const input: Plan = {
    kind: 'project',
    input: lower(node.input),
    exprs: needed.exprs,
    predicate: null,
    columns: needed.columns(),
  };
  return { kind: 'aggregate', input, groupBy, aggregates, appendOnly: false, columns };
}

function lowerCall(call: LogicalAggregate, field: Field, needed: Columns): AggregateCall {
  return {
    fn: call.fn,
    args: call.args.map((arg) => needed.add(arg, 'argument')),
    distinct: call.distinct,
    filter: call.filter === null ? null : needed.add(call.filter, 'filter'),
    orderBy: call.orderBy.map((key) => ({
      column: needed.add(key.expr, 'key'),
      descending: key.descending,
      nullsFirst: key.nullsFirst,
    })),
    name: field.name,
    type: field.type,
    typmod: field.typmod,
  };
}
