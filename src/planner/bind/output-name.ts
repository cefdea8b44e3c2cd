/** The name a result column gets when none is given: FigureColname of parse_target.c. */
import type { Expr } from '../../parser/ast.ts';

/** How sure a name is: a weak one yields to a cast or CASE around it. */
type Guess = { readonly name: string; readonly strong: boolean } | null;

/** `subqueryName` tells the first column of a scalar subquery, which only binding knows. */
export const outputName = (ast: Expr, subqueryName: (ast: Expr) => string | undefined): string =>
  guess(ast, subqueryName)?.name ?? '?column?';

const strong = (name: string): Guess => ({ name, strong: true });
const weak = (name: string): Guess => ({ name, strong: false });

function guess(ast: Expr, subqueryName: (ast: Expr) => string | undefined): Guess {
  switch (ast.kind) {
    case 'column-ref':
      return strong(ast.parts[ast.parts.length - 1] as string);
    case 'field':
      return ast.field === null ? null : strong(ast.field);
    case 'subscript':
    case 'collate':
      return guess(ast.operand, subqueryName);
    case 'call':
      return strong(ast.name[ast.name.length - 1] as string);
    case 'special-call':
      return strong(ast.name === 'trim' ? trimName(ast.variant) : ast.name);
    case 'at-time-zone':
      return strong('timezone');
    case 'grouping':
      return strong('grouping');
    case 'cast': {
      const inner = guess(ast.operand, subqueryName);
      return inner?.strong === true ? inner : weak(ast.type.name[ast.type.name.length - 1] as string);
    }
    case 'case': {
      const inner = ast.otherwise === null ? null : guess(ast.otherwise, subqueryName);
      return inner?.strong === true ? inner : weak('case');
    }
    case 'array':
      return strong('array');
    case 'row':
      return strong('row');
    case 'subquery':
      if (ast.form !== 'scalar') return strong(ast.form);
      return strong(subqueryName(ast) ?? '?column?');
    default:
      return null;
  }
}

export const trimName = (variant: string): string =>
  variant === 'leading' ? 'ltrim' : variant === 'trailing' ? 'rtrim' : 'btrim';
