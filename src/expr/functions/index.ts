/** All scalar functions and operators, as plain arrays. Looking up by name is `resolve.ts`. */
import { arithmetic } from './arithmetic.ts';
import { comparisons } from './comparison.ts';
import { dateTimeFunctions } from './date-time.ts';
import { dateTimeOperators } from './date-time-operators.ts';
import { dateTimeParts } from './date-time-parts.ts';
import type { ScalarFunction } from './define.ts';
import { likeFunctions, likePatternOperators } from './like.ts';
import { mathFunctions, mathOperators } from './math.ts';
import { regexpFunctions, regexpOperators } from './regexp.ts';
import { stringFunctions, stringOperators } from './string.ts';
import { trigonometry } from './trigonometry.ts';

export const functions: readonly ScalarFunction[] = [
  ...stringFunctions,
  ...likeFunctions,
  ...regexpFunctions,
  ...mathFunctions,
  ...trigonometry,
  ...dateTimeFunctions,
  ...dateTimeParts,
];

/** Functions whose name is an operator. */
export const operators: readonly ScalarFunction[] = [
  ...comparisons,
  ...arithmetic,
  ...mathOperators,
  ...stringOperators,
  ...likePatternOperators,
  ...regexpOperators,
  ...dateTimeOperators,
];
