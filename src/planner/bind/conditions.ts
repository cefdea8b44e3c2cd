/**
 * WHERE and HAVING over a plan: plain conjuncts become a filter; EXISTS and IN become semi and anti joins
 * where they stand alone, with the NULL rule of NOT IN spelled out.
 */
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { apply, filterAll } from '../logical/build.ts';
import type { Logical } from '../logical/logical.ts';
import type { Binder, Clause } from './binder.ts';
import { contextFor } from './binder.ts';
import { coerceToBoolean } from './coercion.ts';
import type { Attachment, Scope } from './scope.ts';
import { bindInner, compareWithQuery, countRowsAndNulls, noNullRule, type QueryComparison } from './subqueries.ts';

/** The rows of `input` for which `condition` holds. */
export function bindWhere(
  binder: Binder,
  condition: ast.Expr | null,
  scope: Scope,
  input: Logical,
  clause: Clause,
  what: string = clause,
): Logical {
  if (condition === null) return input;
  const conjuncts = condition.kind === 'boolean-op' && condition.operator === 'and' ? condition.operands : [condition];
  const name = conjuncts.length > 1 ? 'AND' : what;
  const plain: Expr[] = [];
  const attachments: Attachment[] = [];
  const context = contextFor(scope, clause, attachments);
  const joins: ((plan: Logical) => Logical)[] = [];
  for (const conjunct of conjuncts) {
    const join = bindSubqueryJoin(binder, conjunct, scope, clause);
    if (join !== null) joins.push(join);
    else plain.push(coerceToBoolean(binder, binder.bindExpr(binder, conjunct, context), name));
  }
  const filtered = filterAttached(input, plain, attachments);
  return joins.reduce((plan, join) => join(plan), filtered);
}

/** Joins what was found in expressions to the input that evaluates them. */
export const attachAll = (input: Logical, attachments: readonly Attachment[]): Logical =>
  attachments.reduce((plan, attachment) => apply(attachment.type, plan, attachment.right, null), input);

/** Filters, with attached columns added for the condition; they stay, and whoever is above picks. */
function filterAttached(input: Logical, conjuncts: readonly Expr[], attachments: readonly Attachment[]): Logical {
  if (attachments.length === 0) return filterAll(input, conjuncts);
  return filterAll(attachAll(input, attachments), conjuncts);
}

function bindSubqueryJoin(
  binder: Binder,
  condition: ast.Expr,
  scope: Scope,
  clause: Clause,
): ((plan: Logical) => Logical) | null {
  const negated = condition.kind === 'not';
  const test = negated ? condition.operand : condition;
  if (test.kind === 'subquery' && test.form === 'exists') {
    const query = bindInner(binder, test.query, contextFor(scope, clause, []), test.at);
    return (plan) => apply(negated ? 'anti' : 'semi', plan, query.plan, null);
  }
  const membership = membershipOf(test);
  if (membership === null) return null;
  const attachments: Attachment[] = [];
  const context = contextFor(scope, clause, attachments);
  const { operand, operator, query, at } = membership;
  const parts = compareWithQuery(binder, operand, operator, query, context, at);
  if (membership.isAny !== negated) {
    return (plan) => apply('semi', attachAll(plan, attachments), parts.query.plan, parts.comparison);
  }
  return antiJoin(binder, parts, scope, clause, attachments);
}

type Membership = {
  readonly operand: ast.Expr;
  readonly operator: readonly string[];
  readonly query: ast.Query;
  readonly at: number;
  /** Written without NOT. */
  readonly isAny: boolean;
};

function membershipOf(test: ast.Expr): Membership | null {
  if (test.kind === 'in' && 'kind' in test.choices) {
    return { operand: test.operand, operator: ['='], query: test.choices, at: test.at, isAny: !test.negated };
  }
  if (test.kind === 'quantified' && test.right.kind === 'query' && test.quantifier === 'any') {
    return { operand: test.operand, operator: test.operator, query: test.right, at: test.at, isAny: true };
  }
  return null;
}

/** NOT (x op ANY (q)): no row compares true, and none compares NULL. */
function antiJoin(
  binder: Binder,
  parts: QueryComparison,
  scope: Scope,
  clause: Clause,
  attachments: Attachment[],
): (plan: Logical) => Logical {
  const { query, comparison, left } = parts;
  if (parts.neverNull) return (plan) => apply('anti', attachAll(plan, attachments), query.plan, comparison);
  if (left.length > 1 || comparison.kind !== 'call' || comparison.fn.name !== '=') {
    const notFalse: Expr = {
      kind: 'boolean-test',
      operand: comparison,
      test: 'false',
      negated: true,
      type: comparison.type,
      typmod: -1,
    };
    return (plan) => apply('anti', attachAll(plan, attachments), query.plan, notFalse);
  }
  // Matches are found by hash; the counts of rows and NULLs decide the rest.
  const [rows, nulls] = countRowsAndNulls(binder, query, contextFor(scope, clause, attachments));
  const rule = noNullRule(rows, nulls, left[0] as Expr, binder);
  return (plan) => apply('anti', filterAll(attachAll(plan, attachments), [rule]), query.plan, comparison);
}
