/** How an expression depends on more than its columns. */
import { childrenOf } from './children.ts';
import type { Expr } from './expr.ts';
import type { Volatility } from './functions/define.ts';

const rank: Record<Volatility, number> = { immutable: 0, stable: 1, volatile: 2 };

function own(expr: Expr): Volatility {
  switch (expr.kind) {
    case 'call':
      return expr.fn.volatility;
    case 'quantified':
      return expr.fn.volatility;
    case 'is-distinct':
      return expr.equal.volatility;
    case 'cast':
      return expr.cast?.usesSettings === true ? 'stable' : 'immutable';
    case 'parameter':
      return 'stable';
    default:
      return 'immutable';
  }
}

/** The most volatile of its parts. A parameter counts as stable: it has one value per execution. */
export function volatilityOf(expr: Expr): Volatility {
  let worst = own(expr);
  for (const child of childrenOf(expr)) {
    const volatility = volatilityOf(child);
    if (rank[volatility] > rank[worst]) worst = volatility;
  }
  return worst;
}
