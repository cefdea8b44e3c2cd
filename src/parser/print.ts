/**
 * AST back to SQL: parsing the text gives the same tree again, but for positions and for what means nothing here
 * (which strength of FOR UPDATE, how a synonym was spelled). Throws 54001 when the tree is nested too deep.
 */
import type { Expr, Query, Statement, TypeName } from './ast.ts';
import { printExpression } from './print-expressions.ts';
import { printQueryText } from './print-queries.ts';
import { printStatementText } from './print-statements.ts';
import { printTypeName } from './print-types.ts';
import { Printer, type PrintRules } from './printer.ts';

const RULES: PrintRules = { expression: printExpression, query: printQueryText };

export function printExpr(expr: Expr): string {
  return new Printer(RULES).expression(expr);
}

export function printQuery(query: Query): string {
  return new Printer(RULES).query(query);
}

export function printStatement(statement: Statement): string {
  return printStatementText(new Printer(RULES), statement);
}

export function printType(type: TypeName): string {
  return printTypeName(new Printer(RULES), type);
}
