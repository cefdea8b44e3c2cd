/**
 * The general method: the different outer values that the subquery uses (the domain) are joined in where they are used,
 * and the result is joined back to the outer rows by them, NULL equal to NULL.
 *
 *   L apply R   →   L join (D ⨝ R) on l.y is not distinct from d.y,   D = distinct π[y](L)
 *
 * `push` moves D down to what uses it. Neumann and Kemper, section 3.
 */
import { AssertionError, unreachable } from '../../base/assert.ts';
import type { Expr } from '../../expr/expr.ts';
import { allOf, columnsOf, conjunctsOf } from '../expr-tree.ts';
import { distinct, filter, join, pick, project } from '../logical/build.ts';
import { cloneFresh, renameColumns } from '../logical/clone.ts';
import { outerReferences } from '../logical/free.ts';
import { type Apply, columnOf, type Field, type Logical, mapAggregate } from '../logical/logical.ts';
import { withEmptyValues } from './aggregate.ts';
import { type Fresh, sameValue, substitute } from './fresh.ts';

export function throughDomain(node: Apply, fresh: Fresh): Logical {
  const { left, right, type } = node;
  const used = outerReferences(right);
  const outer = left.fields.filter((field) => used.has(field.id));
  const domain = new Domain(left, outer, fresh);
  if (
    right.kind === 'aggregate' &&
    right.keys.length === 0 &&
    node.condition === null &&
    type !== 'semi' &&
    type !== 'anti'
  ) {
    return overAggregate(node, right, domain.group(right), outer);
  }
  const pushed = domain.push(right);
  const back = outer.map((field) => sameValue(field, pushed.values.get(field.id) as Field));
  const joined = join(type, left, pushed.plan, allOf([...conjunctsOf(node.condition), ...back]));
  return pick(joined, node.fields);
}

/** The outer rows themselves bring back the values that have no group. */
function overAggregate(
  node: Apply,
  aggregate: Logical & { kind: 'aggregate' },
  { plan, values, own }: Grouped,
  outer: readonly Field[],
): Logical {
  const on = outer.map((field) => sameValue(field, values.get(field.id) as Field));
  return withEmptyValues(join('left', node.left, plan, allOf(on)), node.left.fields, aggregate, own);
}

/** An aggregate per value of the domain; `own` are the fields of its results. */
type Grouped = Pushed & { readonly own: readonly Field[] };

/** A subtree with the domain in it: `values` says which of its fields stands for which outer one. */
type Pushed = { readonly plan: Logical; readonly values: ReadonlyMap<number, Field> };

class Domain {
  readonly #left: Logical;
  readonly #outer: readonly Field[];
  readonly #fresh: Fresh;

  constructor(left: Logical, outer: readonly Field[], fresh: Fresh) {
    this.#left = left;
    this.#outer = outer;
    this.#fresh = fresh;
  }

  /** The domain with fields of its own. */
  #instance(): Pushed {
    const copy = cloneFresh(this.#left, this.#fresh);
    const fields = this.#outer.map((field) => this.#fresh(field));
    const exprs = this.#outer.map((field) => renameColumns(columnOf(field), copy.renamed));
    return {
      plan: distinct(project(copy.plan, fields, exprs)),
      values: new Map(this.#outer.map((field, i) => [field.id, fields[i] as Field])),
    };
  }

  #isCorrelated(node: Logical): boolean {
    const used = outerReferences(node);
    return this.#outer.some((field) => used.has(field.id));
  }

  #uses(expr: Expr): boolean {
    const columns = columnsOf(expr);
    return this.#outer.some((field) => columns.has(field.id));
  }

  push(node: Logical): Pushed {
    if (!this.#isCorrelated(node)) {
      const { plan, values } = this.#instance();
      return { plan: join('inner', plan, node, null), values };
    }
    switch (node.kind) {
      case 'filter': {
        const { plan, values } = this.push(node.input);
        return { plan: filter(plan, substitute(node.predicate, values)), values };
      }
      case 'project':
        return this.#project(node);
      case 'join':
        return this.#join(node);
      case 'aggregate':
        return this.#aggregate(node);
      case 'distinct': {
        const { plan, values } = this.push(node.input);
        return { plan: distinct(pick(plan, withValues(node.fields, values))), values };
      }
      case 'union':
        return this.#union(node);
      case 'top-n': {
        const { plan, values } = this.push(node.input);
        const partitionBy = [...node.partitionBy, ...idsOf(values)];
        return { plan: { ...node, input: plan, partitionBy, fields: plan.fields }, values };
      }
      case 'time-window':
      case 'table-function': {
        const { plan, values } = this.push(node.input);
        const added = node.fields.slice(node.input.fields.length);
        const fields = [...plan.fields, ...added];
        if (node.kind === 'time-window') return { plan: { ...node, input: plan, fields }, values };
        const args = node.args.map((arg) => substitute(arg, values));
        return { plan: { ...node, input: plan, args, fields }, values };
      }
      case 'session-window': {
        const { plan, values } = this.push(node.input);
        const added = node.fields.slice(node.input.fields.length);
        const partitionBy = [...node.partitionBy, ...idsOf(values)];
        return { plan: { ...node, input: plan, partitionBy, fields: [...plan.fields, ...added] }, values };
      }
      case 'single-row': {
        const { plan, values } = this.push(node.input);
        return { plan: { ...node, input: plan, key: [...node.key, ...idsOf(values)], fields: plan.fields }, values };
      }
      case 'values':
        return this.#values(node);
      case 'get':
      case 'apply':
        throw new AssertionError(`${node.kind} cannot be correlated here`);
      default:
        return unreachable(node);
    }
  }

  #project(node: Logical & { kind: 'project' }): Pushed {
    const { plan, values } = this.push(node.input);
    const kept = [...values.values()];
    const exprs = [...node.exprs.map((expr) => substitute(expr, values)), ...kept.map(columnOf)];
    return { plan: project(plan, [...node.fields, ...kept], exprs), values };
  }

  #join(node: Logical & { kind: 'join' }): Pushed {
    const { type } = node;
    const conditionUses = node.condition !== null && this.#uses(node.condition);
    const needsLeft = this.#isCorrelated(node.left);
    const needsRight = this.#isCorrelated(node.right);
    const keepsLeft = type === 'left' || type === 'semi' || type === 'anti';
    if (!needsRight && (keepsLeft || (type === 'inner' && (needsLeft || conditionUses)))) {
      return this.#joinOne(node, 'left');
    }
    if (!needsLeft && (type === 'right' || type === 'inner')) return this.#joinOne(node, 'right');
    return this.#joinBoth(node);
  }

  #joinOne(node: Logical & { kind: 'join' }, side: 'left' | 'right'): Pushed {
    const { plan, values } = this.push(node[side]);
    const condition = node.condition === null ? null : substitute(node.condition, values);
    const [left, right] = side === 'left' ? [plan, node.right] : [node.left, plan];
    return { plan: join(node.type, left, right, condition), values };
  }

  /** Both sides get the domain and meet where its values are the same. */
  #joinBoth(node: Logical & { kind: 'join' }): Pushed {
    const left = this.push(node.left);
    const right = this.push(node.right);
    const pairs = this.#outer.map((field) => [left.values.get(field.id), right.values.get(field.id)] as [Field, Field]);
    const main = node.type === 'right' ? right.values : left.values;
    const own = conjunctsOf(node.condition).map((conjunct) => substitute(conjunct, main));
    const condition = allOf([...own, ...pairs.map(([l, r]) => sameValue(l, r))]);
    const plan = join(node.type, left.plan, right.plan, condition);
    if (node.type !== 'full') return { plan, values: main };
    const merged = pairs.map(([l]) => this.#fresh({ ...l, notNull: false }));
    const exprs = pairs.map(
      ([l, r]): Expr => ({ kind: 'coalesce', args: [columnOf(l), columnOf(r)], type: l.type, typmod: l.typmod }),
    );
    return {
      plan: project(plan, [...plan.fields, ...merged], [...plan.fields.map(columnOf), ...exprs]),
      values: new Map(this.#outer.map((field, i) => [field.id, merged[i] as Field])),
    };
  }

  #aggregate(node: Logical & { kind: 'aggregate' }): Pushed {
    const grouped = this.group(node);
    if (node.keys.length > 0) return grouped;
    // Over nothing there is still a row: the domain brings the values back that have no group.
    const all = this.#instance();
    const on = [...all.values].map(([id, field]) => sameValue(field, grouped.values.get(id) as Field));
    const joined = join('left', all.plan, grouped.plan, allOf(on));
    return { plan: withEmptyValues(joined, [...all.values.values()], node, grouped.own), values: all.values };
  }

  group(node: Logical & { kind: 'aggregate' }): Grouped {
    const { plan, values } = this.push(node.input);
    const groups = [...values.values()];
    const outputs = groups.map((field) => this.#fresh(field));
    const own =
      node.keys.length === 0 ? node.fields.map((field) => this.#fresh({ ...field, notNull: false })) : node.fields;
    const move = (expr: Expr): Expr => substitute(expr, values);
    const grouped: Logical = {
      kind: 'aggregate',
      input: plan,
      keys: [...groups.map(columnOf), ...node.keys.map(move)],
      aggregates: node.aggregates.map((call) => mapAggregate(call, move)),
      fields: [...outputs, ...own],
    };
    const found = new Map([...values.keys()].map((id, i) => [id, outputs[i] as Field]));
    return { plan: grouped, values: found, own };
  }

  #union(node: Logical & { kind: 'union' }): Pushed {
    const arms = node.inputs.map((input) => ({ input, pushed: this.push(input) }));
    const outputs = this.#outer.map((field) => this.#fresh(field));
    const inputs = arms.map(({ input, pushed }) => {
      const kept = this.#outer.map((field) => pushed.values.get(field.id) as Field);
      return pick(pushed.plan, [...input.fields, ...kept]);
    });
    return {
      plan: { kind: 'union', inputs, fields: [...node.fields, ...outputs] },
      values: new Map(this.#outer.map((field, i) => [field.id, outputs[i] as Field])),
    };
  }

  /** Rows that use outer values: one projection of the domain for each. */
  #values(node: Logical & { kind: 'values' }): Pushed {
    const arms = node.rows.map((row) => {
      const { plan, values } = this.#instance();
      const kept = [...values.values()];
      const own = node.fields.map((field) => this.#fresh(field));
      return project(plan, [...own, ...kept], [...row.map((expr) => substitute(expr, values)), ...kept.map(columnOf)]);
    });
    const outputs = this.#outer.map((field) => this.#fresh(field));
    return {
      plan: { kind: 'union', inputs: arms, fields: [...node.fields, ...outputs] },
      values: new Map(this.#outer.map((field, i) => [field.id, outputs[i] as Field])),
    };
  }
}

const idsOf = (values: ReadonlyMap<number, Field>): readonly number[] => [...values.values()].map((field) => field.id);

function withValues(fields: readonly Field[], values: ReadonlyMap<number, Field>): readonly Field[] {
  const own = new Set(fields.map((field) => field.id));
  return [...fields, ...[...values.values()].filter((field) => !own.has(field.id))];
}
