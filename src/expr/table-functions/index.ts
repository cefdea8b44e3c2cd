/** All set-returning functions. */
import type { TableFunction } from './define.ts';

export const tableFunctions: readonly TableFunction[] = [];
