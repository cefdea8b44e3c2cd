/**
 * How printing values depends on the session: timestamptz is shown in its zone. What else settings can change (digits of floats,
 * styles of intervals and bytea) is fixed while a view is maintained, and does not keep a function out of views.
 */

import { timestamptz } from '../../types/timestamp.ts';
import type { SqlType } from '../../types/type.ts';
import type { Volatility } from './define.ts';

export const outputVolatility = (types: readonly SqlType[]): Volatility =>
  types.some((type) => (type.element ?? type) === timestamptz) ? 'stable' : 'immutable';
