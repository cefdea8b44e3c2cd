/** See `doc`. */
import { propertiesOf } from '../properties.ts';
import type { Rule } from './rule.ts';

export const appendOnlyAggregate: Rule = {
  name: 'append-only-aggregate',
  doc: 'Over rows that are never taken back, extremes keep one value and no history. A query, which sees one snapshot, is such a case throughout.',
  counterExample: 'In a view, max() over a table must remember all values: the largest may be deleted.',
  apply(plan, { isView }) {
    if (plan.kind !== 'aggregate' || plan.appendOnly) return null;
    return !isView || propertiesOf(plan.input).appendOnly ? { ...plan, appendOnly: true } : null;
  },
};
