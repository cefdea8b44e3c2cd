/** All aggregates. */
import { countAggregates } from './count.ts';
import type { AggregateFunction } from './define.ts';
import { extremeAggregates } from './extreme.ts';
import { sumAggregates } from './sum.ts';

export const aggregates: readonly AggregateFunction[] = [...countAggregates, ...sumAggregates, ...extremeAggregates];
