/** All set-returning functions. */
import type { TableFunction } from './define.ts';
import { jsonTableFunctions } from './json.ts';
import { seriesFunctions } from './series.ts';
import { splitFunctions } from './split.ts';

export const tableFunctions: readonly TableFunction[] = [...seriesFunctions, ...splitFunctions, ...jsonTableFunctions];
