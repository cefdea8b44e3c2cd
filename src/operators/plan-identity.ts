/**
 * When two subplans compute the same: equal in all that matters, which excludes names and source positions. The text of such a plan,
 * with its inputs replaced by the numbers of theirs, is the key under which its operator is shared.
 *
 * Values that have an identity of their own (types, functions, casts) are told apart by it. A plan with volatile parts equals no other.
 */
import type { ConstantExpr } from '../expr/expr.ts';
import type { Plan } from '../planner/plan.ts';
import { defaultFormat } from '../types/type.ts';

/** Fields that do not change what is computed. `columns` differ only in names where the rest agrees. */
const INSIGNIFICANT = new Set(['name', 'at', 'columns', 'input', 'inputs', 'left', 'right']);

export class PlanIdentity {
  readonly #numbers = new Map<object, number>();

  /** `inputs` are the numbers of the nodes that the plan's inputs became. */
  keyOf(plan: Plan, inputs: readonly number[]): string {
    const types = plan.columns.map((column) => `${this.#numberOf(column.type)}/${column.typmod}`);
    const fields = Object.entries(plan).filter(([name]) => !INSIGNIFICANT.has(name));
    return [...inputs, ...types, ...fields.map(([name, value]) => `${name}=${this.#textOf(value)}`)].join(' ');
  }

  #textOf(value: unknown): string {
    if (typeof value === 'function') return `f${this.#numberOf(value)}`;
    if (typeof value === 'bigint') return `${value}n`;
    if (value === null || typeof value !== 'object')
      return typeof value === 'string' ? JSON.stringify(value) : String(value);
    if (Array.isArray(value)) return `[${value.map((item) => this.#textOf(item)).join(',')}]`;
    return this.#textOfObject(value);
  }

  #textOfObject(value: object): string {
    if (isConstant(value)) return `c${this.#numberOf(value.type)}:${formatConstant(value)}`;
    // A function, a type, a cast: known by what it is, not by what it says.
    if (isVolatile(value)) return `v${this.#numberOf({})}`;
    if (!isExpr(value)) return `o${this.#numberOf(value)}`;
    const entries = Object.entries(value).filter(([name]) => name !== 'name' && name !== 'at');
    return `{${entries.map(([name, field]) => `${name}:${this.#textOf(field)}`).join(',')}}`;
  }

  #numberOf(value: object): number {
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }
}

/** Expressions, aggregate calls, sort keys, CASE branches: plain records of the plan, as opposed to shared definitions. */
const isExpr = (value: object): boolean =>
  ('kind' in value && 'typmod' in value) ||
  'descending' in value ||
  'orderBy' in value ||
  'when' in value ||
  'values' in value;

const isConstant = (value: object): value is ConstantExpr => 'kind' in value && value.kind === 'constant';

const formatConstant = ({ type, value }: ConstantExpr): string =>
  value === null ? 'null' : JSON.stringify(type.format(value, defaultFormat));

const isVolatile = (value: object): boolean => 'volatility' in value && value.volatility === 'volatile';
