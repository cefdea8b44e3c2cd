/** All scalar functions and operators, as plain arrays. Looking up by name is `resolve.ts`. */
import { arithmetic } from './arithmetic.ts';
import { arrayFunctions, arrayOperators } from './array.ts';
import { byteFunctions, byteOperators } from './bytes.ts';
import { catalogFunctions } from './catalog.ts';
import { comparisons } from './comparison.ts';
import { dateTimeFunctions } from './date-time.ts';
import { dateTimeOperators } from './date-time-operators.ts';
import { dateTimeParts } from './date-time-parts.ts';
import type { ScalarFunction } from './define.ts';
import { jsonFunctions, jsonOperators } from './json.ts';
import { likeFunctions, likePatternOperators } from './like.ts';
import { mathFunctions, mathOperators } from './math.ts';
import { regexpFunctions, regexpOperators } from './regexp.ts';
import { sessionFunctions } from './session.ts';
import { stringFunctions, stringOperators } from './string.ts';
import { textOutputFunctions, textOutputOperators } from './text-output.ts';
import { pictureFunctions } from './to-char.ts';
import { trigonometry } from './trigonometry.ts';

export const functions: readonly ScalarFunction[] = [
  ...stringFunctions,
  ...likeFunctions,
  ...regexpFunctions,
  ...mathFunctions,
  ...trigonometry,
  ...dateTimeFunctions,
  ...dateTimeParts,
  ...pictureFunctions,
  ...textOutputFunctions,
  ...byteFunctions,
  ...arrayFunctions,
  ...jsonFunctions,
  ...sessionFunctions,
  ...catalogFunctions,
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
  ...textOutputOperators,
  ...byteOperators,
  ...arrayOperators,
  ...jsonOperators,
];
