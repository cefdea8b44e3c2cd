/** Expressions as SQL, with the parentheses that precedence needs and no others. */
import { unreachable } from '../base/assert.ts';
import type { Constant, Expr, FrameBound, FunctionCall, Query, SortItem, SpecialCall, WindowSpec } from './ast.ts';
import { operatorPrecedence, Precedence } from './precedence.ts';
import { printTypedLiteral, printTypeName } from './print-types.ts';
import { type Printer, printName, printParts, printString, spaced } from './printer.ts';

/** Binds tighter than any operator. */
const ATOM = 100;

/** In parentheses if its operator binds weaker than `minimum`. */
export function printExpression(printer: Printer, expr: Expr, minimum: number): string {
  const text = printBare(printer, expr);
  return precedenceOf(expr) < minimum ? `(${text})` : text;
}

function precedenceOf(expr: Expr): number {
  switch (expr.kind) {
    case 'boolean-op':
      return expr.operator === 'or' ? Precedence.or : Precedence.and;
    case 'not':
      return Precedence.not;
    case 'is':
    case 'is-distinct':
      return Precedence.is;
    case 'between':
    case 'in':
    case 'like':
      return Precedence.range;
    case 'binary':
    case 'quantified':
      return strengthOf(expr.operator);
    case 'unary':
      return unaryStrength(expr.operator);
    case 'at-time-zone':
      return Precedence.atTimeZone;
    case 'collate':
      return Precedence.collate;
    case 'constant':
      return expr.text.startsWith('-') && isNumber(expr) ? Precedence.sign : ATOM;
    case 'cast':
      return expr.spelling === 'colons' ? Precedence.cast : ATOM;
    case 'special-call':
      return expr.name === 'overlaps' ? Precedence.none : ATOM;
    default:
      return ATOM;
  }
}

const isNumber = (constant: Constant) => constant.type === 'integer' || constant.type === 'decimal';

/** A qualified operator binds like any other one, whatever its name. */
const strengthOf = (operator: readonly string[]) =>
  operator.length === 1 ? operatorPrecedence(operator[0] as string) : Precedence.operator;

const isSign = (operator: readonly string[]) => operator.length === 1 && (operator[0] === '-' || operator[0] === '+');
const unaryStrength = (operator: readonly string[]) => (isSign(operator) ? Precedence.sign : Precedence.operator);

function printBare(printer: Printer, expr: Expr): string {
  switch (expr.kind) {
    case 'column-ref':
      return printParts(expr.parts);
    case 'star':
      return expr.qualifier.length === 0 ? '*' : `${printParts(expr.qualifier)}.*`;
    case 'constant':
      return printConstant(expr);
    case 'parameter':
      return `$${expr.index}`;
    case 'unary':
      return printUnary(printer, expr.operator, expr.operand);
    case 'binary':
      return printBinary(printer, expr.operator, expr.left, expr.right);
    case 'boolean-op':
      return printBoolean(printer, expr.operator, expr.operands);
    case 'not':
      return `NOT ${printer.expression(expr.operand, Precedence.not)}`;
    case 'is': {
      const words = [expr.negated ? 'IS NOT' : 'IS', expr.form ?? '', expr.test].filter((word) => word !== '');
      return `${printer.expression(expr.operand, Precedence.comparison)} ${words.join(' ').toUpperCase()}`;
    }
    case 'is-distinct': {
      const left = printer.expression(expr.left, Precedence.comparison);
      const right = printer.expression(expr.right, Precedence.comparison);
      return `${left} IS ${negation(expr.negated)}DISTINCT FROM ${right}`;
    }
    case 'between': {
      const operand = printer.expression(expr.operand, Precedence.operator);
      // The lower bound is a b_expr, which knows fewer operators: anything composed goes in parentheses.
      const low = printer.expression(expr.low, Precedence.sign);
      const high = printer.expression(expr.high, Precedence.operator);
      return `${operand} ${negation(expr.negated)}BETWEEN ${expr.symmetric ? 'SYMMETRIC ' : ''}${low} AND ${high}`;
    }
    case 'in': {
      const operand = printer.expression(expr.operand, Precedence.operator);
      return `${operand} ${negation(expr.negated)}IN (${printChoices(printer, expr.choices)})`;
    }
    case 'like': {
      const operand = printer.expression(expr.operand, Precedence.operator);
      const word = expr.operator === 'similar' ? 'SIMILAR TO' : expr.operator.toUpperCase();
      const pattern = printer.expression(expr.pattern, Precedence.operator);
      const escapeText = expr.escape === null ? '' : ` ESCAPE ${printer.expression(expr.escape, Precedence.operator)}`;
      return `${operand} ${negation(expr.negated)}${word} ${pattern}${escapeText}`;
    }
    case 'quantified': {
      const operand = printer.expression(expr.operand, leftMinimum(strengthOf(expr.operator)));
      const right = isQuery(expr.right) ? printer.query(expr.right) : printer.expression(expr.right);
      return `${operand} ${printOperator(expr.operator)} ${expr.quantifier.toUpperCase()} (${right})`;
    }
    case 'cast':
      return printCast(printer, expr);
    case 'collate':
      return `${printer.expression(expr.operand, Precedence.collate)} COLLATE ${printParts(expr.collation.parts)}`;
    case 'at-time-zone': {
      const operand = printer.expression(expr.operand, Precedence.atTimeZone);
      return `${operand} AT TIME ZONE ${printer.expression(expr.zone, Precedence.collate)}`;
    }
    case 'call':
      return printCall(printer, expr);
    case 'special-call':
      return printSpecialCall(printer, expr);
    case 'case':
      return printCase(printer, expr);
    case 'array':
      return `ARRAY[${printer.expressions(expr.elements)}]`;
    case 'row':
      return `${expr.explicit ? 'ROW' : ''}(${printer.expressions(expr.fields)})`;
    case 'subscript':
      return printSubscript(printer, expr);
    case 'field':
      return `${printBase(printer, expr.operand, false)}.${expr.field === null ? '*' : printName(expr.field)}`;
    case 'subquery':
      return `${SUBQUERY_WORDS[expr.form]}(${printer.query(expr.query)})`;
    case 'grouping':
      return `GROUPING(${printer.expressions(expr.args)})`;
    case 'default':
      return 'DEFAULT';
    case 'named-argument':
      return `${printName(expr.name)} => ${printer.expression(expr.value)}`;
    default:
      return unreachable(expr);
  }
}

const negation = (negated: boolean) => (negated ? 'NOT ' : '');
const SUBQUERY_WORDS = { scalar: '', exists: 'EXISTS ', array: 'ARRAY' } as const;
const isQuery = (node: Expr | Query): node is Query => node.kind === 'query';

function printConstant(constant: Constant): string {
  switch (constant.type) {
    case 'string':
      return printString(constant.text);
    case 'bit':
      return `${constant.text.charAt(0)}${printString(constant.text.slice(1))}`;
    case 'boolean':
    case 'null':
      return constant.text.toUpperCase();
    default:
      return constant.text;
  }
}

// ------------------------------------------------------------------------------------------------------ operators

function printOperator(operator: readonly string[]): string {
  if (operator.length === 1) return operator[0] as string;
  return `OPERATOR(${operator.slice(0, -1).map(printName).join('.')}.${operator[operator.length - 1]})`;
}

/** The minus of a literal is part of the literal, so a minus applied to one needs the long spelling. */
function printUnary(printer: Printer, operator: readonly string[], operand: Expr): string {
  const isFolded = operator[0] === '-' && operator.length === 1 && operand.kind === 'constant' && isNumber(operand);
  if (isFolded) return `OPERATOR(-) ${printer.expression(operand, Precedence.operator)}`;
  const text = printer.expression(operand, unaryStrength(operator));
  const gap = isSign(operator) && /^[\w"'($]/.test(text) ? '' : ' ';
  return `${printOperator(operator)}${gap}${text}`;
}

const leftMinimum = (strength: number) => (strength === Precedence.comparison ? strength + 1 : strength);

function printBinary(printer: Printer, operator: readonly string[], left: Expr, right: Expr): string {
  const strength = strengthOf(operator);
  const leftText = printer.expression(left, leftMinimum(strength));
  return `${leftText} ${printOperator(operator)} ${printer.expression(right, strength + 1)}`;
}

function printBoolean(printer: Printer, operator: 'and' | 'or', operands: readonly Expr[]): string {
  const minimum = (operator === 'or' ? Precedence.or : Precedence.and) + 1;
  return operands.map((operand) => printer.expression(operand, minimum)).join(operator === 'or' ? ' OR ' : ' AND ');
}

function printChoices(printer: Printer, choices: readonly Expr[] | Query): string {
  return 'kind' in choices ? printer.query(choices) : printer.expressions(choices);
}

function printCast(printer: Printer, cast: Extract<Expr, { kind: 'cast' }>): string {
  switch (cast.spelling) {
    case 'colons':
      return `${printer.expression(cast.operand, Precedence.cast)}::${printTypeName(printer, cast.type)}`;
    case 'cast':
      return `CAST(${printer.expression(cast.operand)} AS ${printTypeName(printer, cast.type)})`;
    default:
      return printTypedLiteral(printer, cast.type, printer.expression(cast.operand));
  }
}

function printSubscript(printer: Printer, node: Extract<Expr, { kind: 'subscript' }>): string {
  const lower = node.lower === null ? '' : printer.expression(node.lower);
  const upper = node.upper === null ? '' : printer.expression(node.upper);
  // A space keeps `: :` from becoming the cast operator.
  const bounds = node.isSlice ? `${lower} : ${upper}` : lower;
  return `${printBase(printer, node.operand, true)}[${bounds.trim()}]`;
}

/** What subscripts and fields may follow without parentheses. */
function printBase(printer: Printer, operand: Expr, mayBeColumn: boolean): string {
  const text = printer.expression(operand);
  switch (operand.kind) {
    case 'parameter':
    case 'subscript':
      return text;
    case 'column-ref':
      return mayBeColumn ? text : `(${text})`;
    case 'field':
      return operand.field === null ? `(${text})` : text;
    case 'subquery':
      return operand.form === 'scalar' ? text : `(${text})`;
    default:
      return `(${text})`;
  }
}

function printCase(printer: Printer, node: Extract<Expr, { kind: 'case' }>): string {
  const operand = node.operand === null ? '' : ` ${printer.expression(node.operand)}`;
  const branches = node.branches.map(
    (branch) => ` WHEN ${printer.expression(branch.when)} THEN ${printer.expression(branch.then)}`,
  );
  const otherwise = node.otherwise === null ? '' : ` ELSE ${printer.expression(node.otherwise)}`;
  return `CASE${operand}${branches.join('')}${otherwise} END`;
}

// ----------------------------------------------------------------------------------------------------------- calls

function printCall(printer: Printer, call: FunctionCall): string {
  let text = `${printParts(call.name)}(${printArguments(printer, call)})`;
  if (call.withinGroup.length > 0) text += ` WITHIN GROUP (ORDER BY ${printSortItems(printer, call.withinGroup)})`;
  if (call.filter !== null) text += ` FILTER (WHERE ${printer.expression(call.filter)})`;
  if (call.over === null) return text;
  const over = 'kind' in call.over ? printWindowSpec(printer, call.over) : printParts(call.over.parts);
  return `${text} OVER ${over}`;
}

function printArguments(printer: Printer, call: FunctionCall): string {
  if (call.star) return '*';
  const args = call.args.map((arg) => printer.expression(arg));
  const last = args.length - 1;
  if (call.variadic) args[last] = `VARIADIC ${args[last]}`;
  const orderBy = call.orderBy.length === 0 ? '' : ` ORDER BY ${printSortItems(printer, call.orderBy)}`;
  return `${call.distinct ? 'DISTINCT ' : ''}${args.join(', ')}${orderBy}`;
}

function printSpecialCall(printer: Printer, call: SpecialCall): string {
  const word = call.name.toUpperCase();
  const args = call.args.map((arg) => printer.expression(arg));
  switch (call.name) {
    case 'extract':
      return `EXTRACT(${args[0]} FROM ${args[1]})`;
    case 'position':
      return `POSITION(${printRestricted(printer, call.args[1])} IN ${printRestricted(printer, call.args[0])})`;
    case 'substring':
      return `SUBSTRING(${printSubstring(printer, call, args)})`;
    case 'overlay': {
      const length = args[3] === undefined ? '' : ` FOR ${args[3]}`;
      return `OVERLAY(${args[0]} PLACING ${args[1]} FROM ${args[2]}${length})`;
    }
    case 'trim':
      return `TRIM(${call.variant.toUpperCase()} FROM ${args.join(', ')})`;
    case 'normalize':
      return `NORMALIZE(${[args[0], ...call.args.slice(1).map(bareWord)].join(', ')})`;
    case 'overlaps':
      return `(${args[0]}, ${args[1]}) OVERLAPS (${args[2]}, ${args[3]})`;
    case 'coalesce':
    case 'nullif':
    case 'greatest':
    case 'least':
      return `${word}(${args.join(', ')})`;
    default:
      return args.length === 0 ? word : `${word}(${args.join(', ')})`;
  }
}

const printRestricted = (printer: Printer, expr: Expr | undefined) =>
  expr === undefined ? '' : printer.expression(expr, Precedence.sign);

const bareWord = (expr: Expr) => (expr.kind === 'constant' ? expr.text : '');

function printSubstring(printer: Printer, call: SpecialCall, args: readonly string[]): string {
  const [subject, second, third] = args;
  switch (call.variant) {
    case 'similar':
      return `${subject} SIMILAR ${second} ESCAPE ${third}`;
    case 'from':
      return `${subject} FROM ${second}`;
    case 'from-for':
      return `${subject} FROM ${second} FOR ${third}`;
    default: {
      // The parser put a start of 1 and a cast there, which the grammar adds by itself.
      const length = call.args[2];
      return `${subject} FOR ${length?.kind === 'cast' ? printer.expression(length.operand) : third}`;
    }
  }
}

// ----------------------------------------------------------------------------------------------- order and windows

export function printSortItems(printer: Printer, items: readonly SortItem[]): string {
  return items.map((item) => printSortItem(item, printer.expression(item.expr))).join(', ');
}

/** `text` is the item's expression as it is to be written. */
export function printSortItem(item: SortItem, text: string): string {
  const using = item.using === null ? '' : ` USING ${printOperator(item.using)}`;
  const direction = item.direction === null ? '' : ` ${item.direction.toUpperCase()}`;
  const nulls = item.nulls === null ? '' : ` NULLS ${item.nulls.toUpperCase()}`;
  return `${text}${using}${direction}${nulls}`;
}

export function printWindowSpec(printer: Printer, spec: WindowSpec): string {
  const parts: string[] = [];
  if (spec.base !== null) parts.push(printName(spec.base));
  if (spec.partitionBy.length > 0) parts.push(`PARTITION BY ${printer.expressions(spec.partitionBy)}`);
  if (spec.orderBy.length > 0) parts.push(`ORDER BY ${printSortItems(printer, spec.orderBy)}`);
  if (spec.frame !== null) parts.push(printFrame(printer, spec.frame));
  return `(${parts.join(' ')})`;
}

function printFrame(printer: Printer, frame: NonNullable<WindowSpec['frame']>): string {
  const start = printFrameBound(printer, frame.start);
  const bounds = frame.end === null ? start : `BETWEEN ${start} AND ${printFrameBound(printer, frame.end)}`;
  const exclude = frame.exclude === null ? '' : `EXCLUDE ${words(frame.exclude)}`;
  return `${frame.mode.toUpperCase()} ${bounds}${spaced(exclude)}`;
}

const words = (kind: string) => kind.replaceAll('-', ' ').toUpperCase();

function printFrameBound(printer: Printer, bound: FrameBound): string {
  return bound.offset === null ? words(bound.kind) : `${printer.expression(bound.offset)} ${words(bound.kind)}`;
}
