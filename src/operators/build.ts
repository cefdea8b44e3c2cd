/**
 * From plan to operators. One case per kind of plan; equal subplans become one operator with several consumers.
 *
 * Operators are numbered inputs first, so numbers, state scopes (`3.join`) and kernel names (`orders_per_hour/3_join`) depend on the
 * plan alone and a restarted view finds its state again.
 */
import { unreachable } from '../base/assert.ts';
import { compilePredicate, compileProjection, type PredicateKernel, type ProjectionKernel } from '../expr/compile.ts';
import type { Expr } from '../expr/expr.ts';
import { inputsOf, type Plan, type RelationId } from '../planner/plan.ts';
import type { StateStore, StateTable, StateTableSpec } from '../storage/state.ts';
import type { SqlType } from '../types/type.ts';
import { Aggregate } from './aggregate.ts';
import { isAppendOnly } from './append-only.ts';
import { CheckedOperator } from './checked.ts';
import type { Dataflow, DataflowOptions } from './dataflow.ts';
import { Distinct } from './distinct.ts';
import { Filter } from './filter.ts';
import { FirstRows } from './first-rows.ts';
import { Join } from './join.ts';
import type { Operator } from './operator.ts';
import { PlanIdentity } from './plan-identity.ts';
import { computedExprs, Project } from './project.ts';
import { rowBounds } from './row-bounds.ts';
import { Scan } from './scan.ts';
import { OperatorNode, Scheduler, Timer } from './scheduler.ts';
import { SessionWindow } from './session-window.ts';
import { SingleRow } from './single-row.ts';
import { TableFunctionOperator } from './table-function.ts';
import { TimeWindow } from './time-window.ts';
import { TopN } from './top-n.ts';
import { TopRow } from './top-row.ts';
import { Union } from './union.ts';
import { Values } from './values.ts';

/** Builds the operators of a plan. */
export function buildDataflow(options: DataflowOptions): Dataflow {
  const builder = new DataflowBuilder(options);
  const root = builder.build(options.plan);
  root.feedResult(options.output);
  return new Scheduler({
    nodes: builder.nodes,
    scans: builder.scans,
    depths: depthsFrom(options.plan, builder),
    code: builder.code,
    timer: builder.timer,
  });
}

/** Each operator once, from the root, as EXPLAIN prints them. */
function depthsFrom(plan: Plan, builder: DataflowBuilder): Map<OperatorNode, number> {
  const depths = new Map<OperatorNode, number>();
  const visit = (node: Plan, depth: number): void => {
    const operator = builder.build(node);
    if (depths.has(operator)) return;
    depths.set(operator, depth);
    for (const input of inputsOf(node)) visit(input, depth + 1);
  };
  visit(plan, 0);
  return depths;
}

const typesOf = (plan: Plan): SqlType[] => plan.columns.map((column) => column.type);

class DataflowBuilder {
  readonly nodes: OperatorNode[] = [];
  readonly scans = new Map<RelationId, OperatorNode[]>();
  readonly code: { readonly operator: string; source(): string }[] = [];
  readonly timer = new Timer();
  readonly #options: DataflowOptions;
  readonly #identity = new PlanIdentity();
  readonly #byKey = new Map<string, OperatorNode>();
  readonly #byPlan = new Map<Plan, OperatorNode>();

  constructor(options: DataflowOptions) {
    this.#options = options;
  }

  /** The operator of a plan, made if no equal plan was built before. */
  build(plan: Plan): OperatorNode {
    const known = this.#byPlan.get(plan);
    if (known !== undefined) return known;
    const inputs = inputsOf(plan).map((input) => this.build(input));
    const key = this.#identity.keyOf(
      plan,
      inputs.map((input) => input.id),
    );
    const node = this.#byKey.get(key) ?? this.#makeNode(plan, inputs);
    this.#byKey.set(key, node);
    this.#byPlan.set(plan, node);
    return node;
  }

  #makeNode(plan: Plan, inputs: readonly OperatorNode[]): OperatorNode {
    const id = this.nodes.length + 1;
    const state = new ListedStore(this.#options.state.scope(`${id}.${plan.kind}`));
    const operator = this.#makeOperator(plan, state, `${id}_${plan.kind}`);
    const checked =
      this.#options.checked === true
        ? new CheckedOperator(operator, inputsOf(plan).map(typesOf), typesOf(plan))
        : operator;
    const node = new OperatorNode(id, checked, state.tables, this.timer);
    inputs.forEach((input, i) => {
      input.feed(node, i);
    });
    this.nodes.push(node);
    if (plan.kind === 'scan') this.#addScan(plan.relation, node);
    return node;
  }

  #addScan(relation: RelationId, node: OperatorNode): void {
    const scans = this.scans.get(relation);
    if (scans === undefined) this.scans.set(relation, [node]);
    else scans.push(node);
  }

  #makeOperator(plan: Plan, state: StateStore, name: string): Operator {
    const { context } = this.#options;
    switch (plan.kind) {
      case 'scan':
        return new Scan(plan);
      case 'values': {
        const rows = plan.rows.map((row) => this.#projection(row, name));
        return new Values({ types: typesOf(plan), rows, state, context });
      }
      case 'filter':
        return new Filter({ types: typesOf(plan), predicate: this.#predicate(plan.predicate, name), context });
      case 'project': {
        const exprs = computedExprs(plan.exprs);
        const computed = exprs.length === 0 ? null : this.#projection(exprs, name);
        const predicate = plan.predicate === null ? null : this.#predicate(plan.predicate, `${name}_where`);
        return new Project({ exprs: plan.exprs, computed, predicate, context });
      }
      case 'join':
        return this.#makeJoin(plan, state, name);
      case 'aggregate': {
        const appendOnly = plan.appendOnly || this.#isAppendOnly(plan.input);
        const { groupBy, aggregates } = plan;
        return new Aggregate({ types: typesOf(plan.input), groupBy, aggregates, appendOnly, state, context });
      }
      case 'distinct':
        return new Distinct({ types: typesOf(plan), state });
      case 'union':
        return new Union({ inputs: plan.inputs.length });
      case 'top-n':
        return this.#makeTopN(plan, state);
      case 'time-window':
        return new TimeWindow({ ...plan, types: typesOf(plan.input) });
      case 'session-window':
        return new SessionWindow({ ...plan, types: typesOf(plan.input), state });
      case 'table-function': {
        const args = this.#projection(plan.args, name);
        return new TableFunctionOperator({
          ...plan,
          args,
          argKinds: plan.args.map((arg) => arg.type.column),
          types: typesOf(plan),
          context,
        });
      }
      case 'single-row':
        return new SingleRow({ types: typesOf(plan), key: plan.key, state, context });
      default:
        return unreachable(plan);
    }
  }

  #makeJoin(plan: Plan & { kind: 'join' }, state: StateStore, name: string): Join {
    return new Join({
      type: plan.type,
      leftTypes: typesOf(plan.left),
      rightTypes: typesOf(plan.right),
      leftKeys: plan.leftKeys,
      rightKeys: plan.rightKeys,
      nullSafe: plan.nullSafe,
      residual: plan.residual === null ? null : this.#predicate(plan.residual, name),
      appendOnly: [this.#isAppendOnly(plan.left), this.#isAppendOnly(plan.right)],
      state,
      context: this.#options.context,
    });
  }

  #makeTopN(plan: Plan & { kind: 'top-n' }, state: StateStore): Operator {
    const { limit, offset } = rowBounds(plan.limit, plan.offset, this.#options.context.eval);
    const types = typesOf(plan.input);
    if (this.#options.insertsOnly === true && plan.order.length === 0 && plan.partitionBy.length === 0) {
      return new FirstRows({ types, limit, offset });
    }
    const { partitionBy, order, withTies } = plan;
    const appendOnly = this.#isAppendOnly(plan.input);
    if (appendOnly && limit === 1 && offset === 0 && !withTies) return new TopRow({ types, partitionBy, order, state });
    return new TopN({ types, partitionBy, order, limit, offset, withTies, appendOnly, state });
  }

  #isAppendOnly(plan: Plan): boolean {
    return this.#options.insertsOnly === true || isAppendOnly(plan);
  }

  #projection(exprs: readonly Expr[], name: string): ProjectionKernel {
    const kernel = compileProjection(exprs, `${this.#options.name}/${name}`);
    this.code.push({ operator: name, source: () => kernel.source });
    return kernel;
  }

  #predicate(expr: Expr, name: string): PredicateKernel {
    const kernel = compilePredicate(expr, `${this.#options.name}/${name}`);
    this.code.push({ operator: name, source: () => kernel.source });
    return kernel;
  }
}

/** Remembers which tables were opened, for the figures of their operator. */
class ListedStore implements StateStore {
  readonly tables: StateTable[] = [];
  readonly #store: StateStore;

  constructor(store: StateStore) {
    this.#store = store;
  }

  table(spec: StateTableSpec): StateTable {
    const table = this.#store.table(spec);
    this.tables.push(table);
    return table;
  }

  scope(name: string): StateStore {
    return this.#store.scope(name);
  }
}
