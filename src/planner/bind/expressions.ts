/** Scalar expressions of the AST to bound ones: one case per kind. */
import { unreachable } from '../../base/assert.ts';
import {
  cannotCoerce,
  datatypeMismatch,
  featureNotSupported,
  indeterminateDatatype,
  SqlError,
  syntaxError,
  undefinedObject,
} from '../../base/errors.ts';
import { isUnknown } from '../../expr/coercibility.ts';
import type { Expr } from '../../expr/expr.ts';
import type * as ast from '../../parser/ast.ts';
import { bool } from '../../types/boolean.ts';
import { int4 } from '../../types/integer.ts';
import { arrayOf } from '../../types/registry.ts';
import type { SqlType } from '../../types/type.ts';
import { allOf, constant } from '../expr-tree.ts';
import type { Binder, ExprContext } from './binder.ts';
import { bindCall } from './calls.ts';
import {
  coerce,
  coerceToBoolean,
  coerceToCommon,
  coerceToKnown,
  commonType,
  commonTypmod,
  settleUnknown,
} from './coercion.ts';
import { bindConstant } from './literals.ts';
import { leftmost } from './location.ts';
import { bindColumn } from './names.ts';
import {
  anyOf,
  bindBetween,
  bindBinary,
  bindDistinctTest,
  bindInList,
  bindLike,
  bindOperator,
  bindQuantifiedArray,
  bindUnary,
  callNamed,
} from './operators.ts';
import { bindSpecialCall } from './special-calls.ts';
import { bindInQuery, bindQuantifiedQuery, bindSubquery } from './subqueries.ts';
import { type BoundType, bindTypeName } from './type-names.ts';

/** Binds `node`. The result may have type unknown (a bare literal or parameter); callers settle that. */
export function bindExpr(binder: Binder, node: ast.Expr, context: ExprContext): Expr {
  const bound = bindKind(binder, node, context);
  // A column met through a star or an alias keeps the position it was first given.
  return bound.kind === 'column' && binder.positionOf(bound) !== undefined
    ? bound
    : binder.locate(bound, leftmost(node));
}

function bindKind(binder: Binder, node: ast.Expr, context: ExprContext): Expr {
  switch (node.kind) {
    case 'column-ref':
      return bindColumn(binder, node, context.scope);
    case 'constant':
      return bindConstant(node);
    case 'parameter':
      return bindParameter(binder, node);
    case 'unary':
      return bindUnary(binder, node, context);
    case 'binary':
      return bindBinary(binder, node, context);
    case 'boolean-op':
      return bindBoolean(binder, node, context);
    case 'not':
      return {
        kind: 'not',
        operand: bindCondition(binder, node.operand, 'NOT', context),
        type: bool,
        typmod: -1,
      };
    case 'is':
      return bindIs(binder, node, context);
    case 'is-distinct':
      return bindDistinctTest(binder, node, context);
    case 'between':
      return bindBetween(binder, node, context);
    case 'in':
      return 'kind' in node.choices
        ? bindInQuery(binder, node, node.choices, context)
        : bindInList(binder, node, node.choices, context);
    case 'like':
      return bindLike(binder, node, context);
    case 'quantified':
      return node.right.kind === 'query'
        ? bindQuantifiedQuery(binder, node, node.right, context)
        : bindQuantifiedArray(binder, node, node.right, context);
    case 'cast':
      return bindCast(binder, node, context);
    case 'collate':
      return bindCollate(binder, node, context);
    case 'at-time-zone':
      return callNamed(
        binder,
        'timezone',
        [bindExpr(binder, node.zone, context), bindExpr(binder, node.operand, context)],
        node.at,
      );
    case 'call':
      return bindCall(binder, node, context);
    case 'special-call':
      return bindSpecialCall(binder, node, context);
    case 'case':
      return bindCase(binder, node, context);
    case 'array':
      return bindArray(binder, node, null, context);
    case 'subscript':
      return bindSubscript(binder, node, context);
    case 'subquery':
      return bindSubquery(binder, node, context);
    case 'row':
      throw featureNotSupported('row values are not supported here', { position: node.at });
    case 'field':
      throw featureNotSupported('composite types are not supported', { position: node.at });
    case 'grouping':
      throw featureNotSupported('GROUPING is not supported', { position: node.at });
    case 'star':
      throw syntaxError('row expansion via "*" is not supported here', { position: node.at });
    case 'default':
      throw syntaxError('DEFAULT is not allowed in this context', { position: node.at });
    case 'named-argument':
      throw featureNotSupported('named arguments are not supported', { position: node.at });
    default:
      return unreachable(node);
  }
}

function bindParameter(binder: Binder, node: ast.ParameterRef): Expr {
  if (binder.environment.purpose === 'view') {
    throw featureNotSupported('parameters are not allowed in views', {
      hint: 'Write the value into the query.',
      position: node.at,
    });
  }
  return binder.parameters.use(node.index, node.at);
}

/** Binds a condition; `what` as in `argument of WHERE must be type boolean`. */
export const bindCondition = (binder: Binder, node: ast.Expr, what: string, context: ExprContext): Expr =>
  coerceToBoolean(binder, bindExpr(binder, node, context), what);

function bindBoolean(binder: Binder, node: ast.BooleanOp, context: ExprContext): Expr {
  const what = node.operator.toUpperCase();
  const operands = node.operands.map((operand) => bindCondition(binder, operand, what, context));
  return node.operator === 'and' ? (allOf(operands) as Expr) : anyOf(operands);
}

function bindIs(binder: Binder, node: ast.IsTest, context: ExprContext): Expr {
  const { test, negated } = node;
  const result = { type: bool, typmod: -1 } as const;
  if (test === 'null') return bindNullTest(binder, node, context);
  if (test === 'document' || test === 'normalized') {
    throw featureNotSupported(`IS ${test.toUpperCase()} is not supported`, { position: node.at });
  }
  const what = `IS ${negated ? 'NOT ' : ''}${test.toUpperCase()}`;
  const operand = bindCondition(binder, node.operand, what, context);
  return { kind: 'boolean-test', operand, test, negated, ...result };
}

/** A row IS NULL when all its fields are, and IS NOT NULL when none is. */
function bindNullTest(binder: Binder, node: ast.IsTest, context: ExprContext): Expr {
  const test = (operand: ast.Expr): Expr => ({
    kind: 'is-null',
    operand: settleUnknown(binder, bindExpr(binder, operand, context)),
    negated: node.negated,
    type: bool,
    typmod: -1,
  });
  if (node.operand.kind !== 'row') return test(node.operand);
  return allOf(node.operand.fields.map(test)) ?? constant(true, bool);
}

// ---------------------------------------------------------------------------------------------------------- casts

function bindCast(binder: Binder, node: ast.Cast, context: ExprContext): Expr {
  const target = bindTypeName(binder, node.type);
  const operand =
    node.operand.kind === 'array' && target.type.element !== undefined
      ? binder.locate(bindArray(binder, node.operand, target, context), node.operand.at)
      : bindExpr(binder, node.operand, context);
  return castTo(binder, operand, target, node.at);
}

/** An explicit cast. Throws 42846 at `at`. */
export function castTo(binder: Binder, operand: Expr, target: BoundType, at: number): Expr {
  const cast = coerce(binder, operand, target.type, target.typmod, 'explicit', at);
  if (cast !== null) return cast;
  throw cannotCoerce(operand.type.displayName, target.type.displayName, at);
}

const COLLATIONS = new Set([
  'default',
  'C',
  'POSIX',
  'ucs_basic',
  'C.UTF-8',
  'unicode',
  'en_US',
  'en-US-x-icu',
  'und-x-icu',
]);

/** Text has one order here, that of code points; the usual collations are accepted by name. */
function bindCollate(binder: Binder, node: ast.Collate, context: ExprContext): Expr {
  const operand = settleUnknown(binder, bindExpr(binder, node.operand, context));
  if (operand.type.category !== 'S' && operand.type.element?.category !== 'S') {
    throw datatypeMismatch(`collations are not supported by type ${operand.type.displayName}`, { position: node.at });
  }
  const name = node.collation.parts[node.collation.parts.length - 1] as string;
  if (COLLATIONS.has(name)) return operand;
  throw undefinedObject(`collation "${name}" for encoding "UTF8" does not exist`, { position: node.at });
}

// ------------------------------------------------------------------------------------------------ CASE, ARRAY, […]

function bindCase(binder: Binder, node: ast.CaseExpr, context: ExprContext): Expr {
  const operand = node.operand === null ? null : settleUnknown(binder, bindExpr(binder, node.operand, context));
  const whens = node.branches.map((branch) => {
    if (operand === null) return bindCondition(binder, branch.when, 'CASE/WHEN', context);
    const when = bindExpr(binder, branch.when, context);
    return coerceToBoolean(binder, bindOperator(binder, ['='], operand, when, branch.when.at), 'CASE/WHEN');
  });
  const thens = node.branches.map((branch) => bindExpr(binder, branch.then, context));
  const otherwise =
    node.otherwise === null
      ? bindConstant({ kind: 'constant', type: 'null', text: '', at: node.at })
      : bindExpr(binder, node.otherwise, context);
  // The default result comes first when the type is chosen, as in PostgreSQL.
  const [last, ...results] = coerceToCommon(binder, [otherwise, ...thens], 'CASE') as [Expr, ...Expr[]];
  const type = last.type;
  const typmod = commonTypmod(node.otherwise === null ? results : [last, ...results]);
  const branches = whens.map((when, i) => ({ when, then: results[i] as Expr }));
  return { kind: 'case', branches, otherwise: node.otherwise === null ? null : last, type, typmod };
}

/** `target` is the array type of a cast around the constructor, which then gives the elements their type. */
function bindArray(binder: Binder, node: ast.ArrayExpr, target: BoundType | null, context: ExprContext): Expr {
  if (node.elements.length === 0) return emptyArray(node, target);
  const elements = node.elements.map((element) =>
    element.kind === 'array'
      ? binder.locate(bindArray(binder, element, target, context), element.at)
      : bindExpr(binder, element, context),
  );
  const element = target === null ? commonType(binder, elements, 'ARRAY') : elementFor(elements, target.type);
  const array = element.element === undefined ? arrayOf(element) : element;
  if (array === undefined) {
    throw undefinedObject(`could not find array type for data type ${element.displayName}`, { position: node.at });
  }
  const coerced = elements.map((one) =>
    target === null
      ? coerceToKnown(binder, one, element, 'ARRAY')
      : castTo(binder, one, { type: element, typmod: -1 }, binder.positionOf(one) ?? node.at),
  );
  return { kind: 'array', elements: coerced, type: array, typmod: -1 };
}

/** Nested arrays have the type of the whole. */
const elementFor = (elements: readonly Expr[], array: SqlType): SqlType =>
  elements.some((element) => element.type.element !== undefined) ? array : (array.element as SqlType);

function emptyArray(node: ast.ArrayExpr, target: BoundType | null): Expr {
  if (target !== null) return { kind: 'array', elements: [], type: target.type, typmod: -1 };
  throw indeterminateDatatype('cannot determine type of empty array', {
    hint: 'Explicitly cast to the desired type, for example ARRAY[]::integer[].',
    position: node.at,
  });
}

function bindSubscript(binder: Binder, node: ast.Subscript, context: ExprContext): Expr {
  const operand = bindExpr(binder, node.operand, context);
  if (operand.type.element === undefined && !isUnknown(operand.type)) {
    throw datatypeMismatch(
      `cannot subscript type ${operand.type.displayName} because it does not support subscripting`,
      { position: leftmost(node.operand) },
    );
  }
  const bounds = [node.lower, node.upper].map((bound) => (bound === null ? null : bindIndex(binder, bound, context)));
  const [lower, upper] = bounds as [Expr | null, Expr | null];
  if (!node.isSlice) return callNamed(binder, 'array_subscript', [operand, (lower ?? upper) as Expr], node.at);
  const open: Expr = { kind: 'constant', value: null, type: int4, typmod: -1 };
  return callNamed(binder, 'array_slice', [operand, lower ?? open, upper ?? open], node.at);
}

function bindIndex(binder: Binder, node: ast.Expr, context: ExprContext): Expr {
  const index = bindExpr(binder, node, context);
  const coerced = coerce(binder, index, int4, -1, 'assignment', node.at);
  if (coerced !== null) return coerced;
  throw new SqlError('42804', 'array subscript must have type integer', { position: binder.positionOf(index) });
}
