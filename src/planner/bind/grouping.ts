/**
 * The aggregation of a query level: what stands above it may use group keys and aggregates only, and what depends on a
 * grouped primary key (check_ungrouped_columns in parse_agg.c).
 */
import { groupingError } from '../../base/errors.ts';
import { mapChildren } from '../../expr/children.ts';
import type { ColumnExpr, Expr } from '../../expr/expr.ts';
import { sameExpr } from '../expr-tree.ts';
import type { Field, Logical } from '../logical/logical.ts';
import { columnOf, mapTreeExprs } from '../logical/logical.ts';
import type { Binder } from './binder.ts';
import { attachAll } from './conditions.ts';
import type { Attachment, Scope, ScopeTable } from './scope.ts';

export class Grouping {
  readonly #binder: Binder;
  readonly #scope: Scope;
  readonly #input: Logical;
  readonly #keys: { readonly expr: Expr; readonly field: Field }[] = [];
  readonly #given: readonly Expr[];

  constructor(binder: Binder, scope: Scope, input: Logical, keys: readonly Expr[]) {
    this.#binder = binder;
    this.#scope = scope;
    this.#input = input;
    this.#given = keys;
    for (const key of keys) this.#addKey(key);
  }

  #addKey(expr: Expr): Field {
    const known = this.#keys.find((key) => sameExpr(key.expr, expr));
    if (known !== undefined) return known.field;
    const below = expr.kind === 'column' ? this.#input.fields.find((field) => field.id === expr.index) : undefined;
    const name = expr.kind === 'column' ? expr.name : expr.kind === 'call' ? expr.fn.name : 'key';
    const field = this.#binder.field(name, expr.type, expr.typmod, below?.notNull === true);
    this.#keys.push({ expr, field });
    return field;
  }

  /** `expr` over the aggregation's fields. Throws 42803 for a column that is neither grouped nor determined by the groups. */
  above(expr: Expr, inSubquery = false): Expr {
    const key = this.#keys.find((candidate) => sameExpr(candidate.expr, expr));
    if (key !== undefined) return this.#located(columnOf(key.field), expr);
    if (expr.kind !== 'column')
      return this.#located(
        mapChildren(expr, (part) => this.above(part, inSubquery)),
        expr,
      );
    if (this.#binder.levelOf(expr.index) !== this.#scope || this.#isAggregate(expr.index)) return expr;
    if (this.#isDetermined(expr)) return this.#located(columnOf(this.#addKey(expr)), expr);
    throw this.#ungrouped(expr, inSubquery);
  }

  #located(expr: Expr, original: Expr): Expr {
    const at = this.#binder.positionOf(original);
    return at === undefined || expr === original ? expr : this.#binder.locate(expr, at);
  }

  attachments(list: readonly Attachment[]): readonly Attachment[] {
    return list.map(({ type, right }) => ({ type, right: mapTreeExprs(right, (expr) => this.above(expr, true)) }));
  }

  #isAggregate(id: number): boolean {
    return (
      this.#scope.aggregates.some((use) => use.field.id === id) ||
      !this.#scope.known.some((table) => table.columns.some((column) => column.field.id === id))
    );
  }

  /** The primary key of the column's table is grouped. */
  #isDetermined(column: ColumnExpr): boolean {
    const relation = this.#tableOf(column)?.relation;
    if (relation?.kind !== 'table' || relation.primaryKey === null) return false;
    const table = this.#tableOf(column) as ScopeTable;
    return relation.primaryKey.columns.every((place) => {
      const id = table.columns[place]?.field.id;
      return this.#given.some((key) => key.kind === 'column' && key.index === id);
    });
  }

  #tableOf(column: ColumnExpr): ScopeTable | undefined {
    return this.#scope.known.find((table) => table.columns.some((one) => one.field.id === column.index));
  }

  #ungrouped(column: ColumnExpr, inSubquery: boolean) {
    const table = this.#tableOf(column);
    const name = table?.columns.find((one) => one.field.id === column.index)?.name ?? column.name;
    const shown = table === undefined ? name : `${table.name}.${name}`;
    const message = inSubquery
      ? `subquery uses ungrouped column "${shown}" from outer query`
      : `column "${shown}" must appear in the GROUP BY clause or be used in an aggregate function`;
    return groupingError(message, { position: this.#binder.positionOf(column) });
  }

  /** The aggregation itself, once everything above is bound. */
  plan(): Logical {
    const { aggregates, belowAggregates } = this.#scope;
    return {
      kind: 'aggregate',
      input: attachAll(this.#input, belowAggregates),
      keys: this.#keys.map((key) => key.expr),
      aggregates: aggregates.map((use) => use.call),
      fields: [...this.#keys.map((key) => key.field), ...aggregates.map((use) => use.field)],
    };
  }
}
