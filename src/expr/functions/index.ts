/** All scalar functions and operators, as plain arrays. Looking up by name is `resolve.ts`. */
import { arithmetic } from './arithmetic.ts';
import { comparisons } from './comparison.ts';
import type { ScalarFunction } from './define.ts';

export const functions: readonly ScalarFunction[] = [];

/** Functions whose name is an operator. */
export const operators: readonly ScalarFunction[] = [...comparisons, ...arithmetic];
