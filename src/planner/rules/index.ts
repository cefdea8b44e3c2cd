/** All rules, in the order they are tried at each node. */
import { constantFolding } from './constant-folding.ts';
import { equiKeys } from './equi-keys.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [constantFolding, equiKeys];
