/**
 * All rules, in phases. Within a phase every rule is tried at every node, in this order, until nothing changes; a later phase
 * may rely on what an earlier one has brought about (conditions are where they belong before joins are ordered).
 */
import { appendOnlyAggregate } from './append-only-aggregate.ts';
import { constantFolding } from './constant-folding.ts';
import { crossJoinLast } from './cross-join-last.ts';
import { emptyInput } from './empty.ts';
import { equiKeys } from './equi-keys.ts';
import { hopSlices } from './hop-slices.ts';
import { keyLookup } from './key-lookup.ts';
import { outerJoinSimplification } from './outer-join-simplification.ts';
import { joinConditionPushdown, predicatePushdown } from './predicate-pushdown.ts';
import { filterProjectFusion, projectMerge } from './project-merge.ts';
import { projectionPruning } from './projection-pruning.ts';
import { distinctRemoval, singleRowRemoval, unusedJoin } from './removals.ts';
import type { Rule } from './rule.ts';

export const phases: readonly (readonly Rule[])[] = [
  [constantFolding, emptyInput, outerJoinSimplification, predicatePushdown, joinConditionPushdown, projectMerge],
  [crossJoinLast],
  [
    equiKeys,
    emptyInput,
    predicatePushdown,
    projectMerge,
    singleRowRemoval,
    distinctRemoval,
    unusedJoin,
    projectionPruning,
  ],
  [hopSlices, projectionPruning, projectMerge],
  [filterProjectFusion, appendOnlyAggregate, keyLookup],
];

export const rules: readonly Rule[] = [...new Set(phases.flat())];
