/**
 * Takes conditions that use the outer row out of a subtree, so that they can become conditions of the join:
 *
 *   L apply σ[r.x = l.y](R)   →   L join R on r.x = l.y
 *
 * On the way up they pass projections (which let the columns they need through), inner joins and the kept side of other
 * joins. Past grouping, DISTINCT and LIMIT only equalities can go: the inner side joins the group key, since rows with other
 * values of it never meet this outer row.
 */
import type { Expr } from '../../expr/expr.ts';
import { allOf, columnsOf, conjunctsOf, isVolatile } from '../expr-tree.ts';
import { distinct, extend, filterAll, join, pick, project } from '../logical/build.ts';
import { outerReferences } from '../logical/free.ts';
import { columnOf, type Field, type Logical } from '../logical/logical.ts';
import { type Correlation, correlationOf, type Fresh } from './fresh.ts';

/** `plan` has the fields of the original, and more where conditions need them. */
export type Hoisted = { readonly plan: Logical; readonly conjuncts: readonly Expr[] };

export class Hoist {
  readonly #outer: ReadonlySet<number>;
  readonly #fresh: Fresh;

  constructor(outer: readonly Field[], fresh: Fresh) {
    this.#outer = new Set(outer.map((field) => field.id));
    this.#fresh = fresh;
  }

  isCorrelated(node: Logical): boolean {
    return [...outerReferences(node)].some((id) => this.#outer.has(id));
  }

  usesOuter(expr: Expr): boolean {
    return [...columnsOf(expr)].some((id) => this.#outer.has(id));
  }

  /** Takes out what can be taken out; what cannot stays in the plan. */
  hoist(node: Logical): Hoisted {
    const left = { plan: node, conjuncts: [] };
    return this.isCorrelated(node) ? (this.#through(node) ?? left) : left;
  }

  #through(node: Logical): Hoisted | null {
    switch (node.kind) {
      case 'filter':
        return this.#filter(node);
      case 'project':
        return this.#project(node);
      case 'join':
        return this.#join(node);
      case 'aggregate':
        return this.#aggregate(node);
      case 'distinct':
        return this.#distinct(node);
      case 'top-n': {
        const keyed = this.#keyed(this.hoist(node.input));
        if (keyed === null) return null;
        const partitionBy = [...node.partitionBy, ...keyed.keys.map((key) => key.id)];
        const plan: Logical = { ...node, input: keyed.plan, partitionBy, fields: keyed.plan.fields };
        return { plan, conjuncts: keyed.conjuncts };
      }
      case 'time-window': {
        const { plan: input, conjuncts } = this.hoist(node.input);
        const added = node.fields.slice(node.input.fields.length);
        return { plan: { ...node, input, fields: [...input.fields, ...added] }, conjuncts };
      }
      case 'session-window': {
        const keyed = this.#keyed(this.hoist(node.input));
        if (keyed === null) return null;
        const added = node.fields.slice(node.input.fields.length);
        const partitionBy = [...node.partitionBy, ...keyed.keys.map((key) => key.id)];
        const plan: Logical = { ...node, input: keyed.plan, partitionBy, fields: [...keyed.plan.fields, ...added] };
        return { plan, conjuncts: keyed.conjuncts };
      }
      case 'table-function': {
        if (node.args.some((arg) => this.usesOuter(arg))) return null;
        const { plan: input, conjuncts } = this.hoist(node.input);
        const added = node.fields.slice(node.input.fields.length);
        return { plan: { ...node, input, fields: [...input.fields, ...added] }, conjuncts };
      }
      default:
        return null;
    }
  }

  #split(conjuncts: readonly Expr[]): { readonly inner: readonly Expr[]; readonly outer: readonly Expr[] } {
    const movable = (conjunct: Expr): boolean => this.usesOuter(conjunct) && !isVolatile(conjunct);
    return { inner: conjuncts.filter((one) => !movable(one)), outer: conjuncts.filter(movable) };
  }

  #filter(node: Logical & { kind: 'filter' }): Hoisted {
    const { plan, conjuncts } = this.hoist(node.input);
    const { inner, outer } = this.#split(conjunctsOf(node.predicate));
    return { plan: filterAll(plan, inner), conjuncts: [...conjuncts, ...outer] };
  }

  #project(node: Logical & { kind: 'project' }): Hoisted | null {
    const { plan, conjuncts } = this.hoist(node.input);
    if (conjuncts.length === 0) return null;
    const own = new Set(node.fields.map((field) => field.id));
    const needed = new Set(conjuncts.flatMap((conjunct) => [...columnsOf(conjunct)]));
    const extra = plan.fields.filter((field) => needed.has(field.id) && !own.has(field.id));
    const exprs = [...node.exprs, ...extra.map(columnOf)];
    return { plan: project(plan, [...node.fields, ...extra], exprs), conjuncts };
  }

  #join(node: Logical & { kind: 'join' }): Hoisted | null {
    const { inner, outer } = this.#split(conjunctsOf(node.condition));
    if (node.type === 'inner') {
      const left = this.hoist(node.left);
      const right = this.hoist(node.right);
      const plan = join('inner', left.plan, right.plan, allOf(inner));
      return { plan, conjuncts: [...left.conjuncts, ...right.conjuncts, ...outer] };
    }
    // The other side and the condition decide which rows are kept or filled, so only the kept side gives anything up.
    if (node.type === 'right' || node.type === 'full' || outer.length > 0) return null;
    if (this.isCorrelated(node.right)) return null;
    const left = this.hoist(node.left);
    return { plan: join(node.type, left.plan, node.right, node.condition), conjuncts: left.conjuncts };
  }

  #aggregate(node: Logical & { kind: 'aggregate' }): Hoisted | null {
    // Without keys there is a row also over nothing, which a join would lose: `aggregate.ts` knows how.
    if (node.keys.length === 0) return null;
    return this.groupedBy(node, this.hoist(node.input));
  }

  /** The aggregate over `hoisted`, grouped also by what the conditions compare; null when one is no equality. */
  groupedBy(node: Logical & { kind: 'aggregate' }, hoisted: Hoisted): Hoisted | null {
    const keyed = this.#keyed(hoisted);
    if (keyed === null || this.isCorrelated(keyed.plan)) return null;
    const own = [
      ...node.keys,
      ...node.aggregates.flatMap((call) => [
        ...call.args,
        ...(call.filter === null ? [] : [call.filter]),
        ...call.orderBy.map((key) => key.expr),
      ]),
    ];
    if (own.some((expr) => this.usesOuter(expr))) return null;
    const outputs = keyed.keys.map((key) => this.#fresh(key));
    const renamed = new Map(keyed.keys.map((key, i) => [key.id, outputs[i] as Field]));
    const width = node.keys.length;
    const plan: Logical = {
      ...node,
      input: keyed.plan,
      keys: [...node.keys, ...keyed.keys.map(columnOf)],
      fields: [...node.fields.slice(0, width), ...outputs, ...node.fields.slice(width)],
    };
    const conjuncts = keyed.correlations.map((one, i) =>
      one.rebuild(columnOf(renamed.get((keyed.keyOf[i] as Field).id) as Field)),
    );
    return { plan, conjuncts };
  }

  #distinct(node: Logical & { kind: 'distinct' }): Hoisted | null {
    const keyed = this.#keyed(this.hoist(node.input));
    if (keyed === null) return null;
    const own = new Set(node.fields.map((field) => field.id));
    const extra = keyed.keys.filter((key) => !own.has(key.id));
    return { plan: distinct(pick(keyed.plan, [...node.fields, ...extra])), conjuncts: keyed.conjuncts };
  }

  /** A field for the inner side of each condition, if all are equalities. */
  #keyed({ plan, conjuncts }: Hoisted): Keyed | null {
    const correlations: Correlation[] = [];
    for (const conjunct of conjuncts) {
      const correlation = correlationOf(conjunct, this.#outer);
      if (correlation === null) return null;
      correlations.push(correlation);
    }
    if (correlations.length === 0) return null;
    const added: Field[] = [];
    const exprs: Expr[] = [];
    const keyOf = correlations.map(({ inside }): Field => {
      const known = inside.kind === 'column' ? plan.fields.find((field) => field.id === inside.index) : undefined;
      if (known !== undefined) return known;
      const field = this.#fresh({ id: -1, name: 'key', type: inside.type, typmod: inside.typmod, notNull: false });
      added.push(field);
      exprs.push(inside);
      return field;
    });
    const rebuilt = correlations.map((one, i) => one.rebuild(columnOf(keyOf[i] as Field)));
    return { plan: extend(plan, added, exprs), keys: [...new Set(keyOf)], keyOf, correlations, conjuncts: rebuilt };
  }
}

type Keyed = {
  readonly plan: Logical;
  /** Each field once. */
  readonly keys: readonly Field[];
  /** The field of each correlation. */
  readonly keyOf: readonly Field[];
  readonly correlations: readonly Correlation[];
  readonly conjuncts: readonly Expr[];
};
