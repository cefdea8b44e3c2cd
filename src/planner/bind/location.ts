/** Where PostgreSQL points for a whole expression: at its leftmost token (exprLocation in nodeFuncs.c). */
import type { Expr } from '../../parser/ast.ts';

export function leftmost(ast: Expr): number {
  switch (ast.kind) {
    case 'binary':
      return Math.min(ast.at, leftmost(ast.left));
    case 'is-distinct':
      return Math.min(ast.at, leftmost(ast.left));
    case 'boolean-op':
      return Math.min(ast.at, ...ast.operands.map(leftmost));
    case 'is':
    case 'between':
    case 'in':
    case 'like':
    case 'quantified':
    case 'collate':
    case 'subscript':
    case 'field':
      return Math.min(ast.at, leftmost(ast.operand));
    case 'cast':
      return Math.min(ast.at, leftmost(ast.operand));
    case 'at-time-zone':
      return Math.min(ast.at, leftmost(ast.operand));
    default:
      return ast.at;
  }
}
