/** Expressions as text for people, the way PostgreSQL's ruleutils.c shows them in EXPLAIN: `(a > 5)`, `'x'::text`. */
import { unreachable } from '../base/assert.ts';
import { bool } from '../types/boolean.ts';
import type { Value } from '../types/column.ts';
import { int4 } from '../types/integer.ts';
import { numeric } from '../types/numeric-type.ts';
import { formatType } from '../types/registry.ts';
import { defaultFormat, type SqlType } from '../types/type.ts';
import type { CallExpr, CaseExpr, Expr } from './expr.ts';
import type { ScalarFunction } from './functions/define.ts';
import { quoteIdentifier } from './quote.ts';

export function formatExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'column':
      return quoteIdentifier(expr.name);
    case 'constant':
      return formatConstant(expr.type, expr.value, expr.typmod);
    case 'parameter':
      return `$${expr.index + 1}`;
    case 'call':
      return formatCall(expr);
    case 'cast':
      return `(${formatExpr(expr.operand)})::${formatType(expr.type, expr.typmod)}`;
    case 'and':
    case 'or':
      return `(${expr.operands.map(formatExpr).join(expr.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${formatExpr(expr.operand)})`;
    case 'is-null':
      return `(${formatExpr(expr.operand)} IS ${expr.negated ? 'NOT ' : ''}NULL)`;
    case 'boolean-test':
      return `(${formatExpr(expr.operand)} IS ${expr.negated ? 'NOT ' : ''}${expr.test.toUpperCase()})`;
    case 'is-distinct':
      return `(${formatExpr(expr.left)} IS ${expr.negated ? 'NOT ' : ''}DISTINCT FROM ${formatExpr(expr.right)})`;
    case 'case':
      return formatCase(expr);
    case 'coalesce':
    case 'greatest':
    case 'least':
      return `${expr.kind.toUpperCase()}(${expr.args.map(formatExpr).join(', ')})`;
    case 'in-list': {
      const array = `'{${expr.choices.map((choice) => formatElement(expr.operand.type, choice)).join(',')}}'`;
      const test = expr.negated ? '<> ALL' : '= ANY';
      return `(${formatExpr(expr.operand)} ${test} (${array}::${expr.operand.type.displayName}[]))`;
    }
    case 'quantified':
      return `(${formatExpr(expr.operand)} ${expr.fn.name} ${expr.quantifier.toUpperCase()} (${formatExpr(expr.array)}))`;
    case 'array':
      return `ARRAY[${expr.elements.map(formatExpr).join(', ')}]`;
    default:
      return unreachable(expr);
  }
}

function formatConstant(type: SqlType, value: Value, typmod: number): string {
  if (value === null) return `NULL::${formatType(type, typmod)}`;
  if (type === bool) return value === true ? 'true' : 'false';
  const text = type.format(value, defaultFormat);
  if (type === int4 && /^\d+$/.test(text)) return text;
  if (type === numeric && typmod < 0 && /^\d+\.\d+$/.test(text)) return text;
  return `'${text.replaceAll("'", "''")}'::${formatType(type, typmod)}`;
}

function formatElement(type: SqlType, value: Value): string {
  if (value === null) return 'NULL';
  const text = type.format(value, defaultFormat);
  const plain = text !== '' && text.toLowerCase() !== 'null' && !/[{},"\\\s]/.test(text);
  const quoted = plain ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return quoted.replaceAll("'", "''");
}

const isOperator = (fn: ScalarFunction): boolean => /^[-+*/<>=~!@#%^&|?]+$/.test(fn.name);

function formatCall(expr: CallExpr): string {
  const args = expr.args.map(formatExpr);
  if (!isOperator(expr.fn)) return `${expr.fn.name}(${args.join(', ')})`;
  return args.length === 1 ? `(${expr.fn.name} ${args[0]})` : `(${args.join(` ${expr.fn.name} `)})`;
}

function formatCase(expr: CaseExpr): string {
  const branches = expr.branches.map((b) => ` WHEN ${formatExpr(b.when)} THEN ${formatExpr(b.then)}`);
  const otherwise = expr.otherwise === null ? '' : ` ELSE ${formatExpr(expr.otherwise)}`;
  return `CASE${branches.join('')}${otherwise} END`;
}
