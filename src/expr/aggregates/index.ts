/** All aggregates. */
import { bitAggregates } from './bits.ts';
import { booleanAggregates } from './boolean.ts';
import { countAggregates } from './count.ts';
import type { AggregateFunction } from './define.ts';
import { extremeAggregates } from './extreme.ts';
import { intervalAggregates } from './interval.ts';
import { multisetAggregates } from './multiset.ts';
import { sumAggregates } from './sum.ts';
import { varianceAggregates } from './variance.ts';

export const aggregates: readonly AggregateFunction[] = [
  ...countAggregates,
  ...sumAggregates,
  ...intervalAggregates,
  ...extremeAggregates,
  ...booleanAggregates,
  ...bitAggregates,
  ...varianceAggregates,
  ...multisetAggregates,
];
