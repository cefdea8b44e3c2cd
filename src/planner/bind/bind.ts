/** The knot of the binder tied: makes a `Binder` for one statement. */
import type { PlanEnvironment } from '../environment.ts';
import { Binder } from './binder.ts';
import { bindExpr } from './expressions.ts';
import { bindFromItem } from './from.ts';
import { bindQuery } from './query.ts';

export const binderFor = (environment: PlanEnvironment): Binder =>
  new Binder(environment, { bindExpr, bindQuery, bindFromItem });
