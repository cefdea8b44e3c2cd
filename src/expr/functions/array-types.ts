/** The array types that signatures name. */
import { float8 } from '../../types/float.ts';
import { int4 } from '../../types/integer.ts';
import { arrayOf } from '../../types/registry.ts';
import { name, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';

export const textArray = arrayOf(text) as SqlType;
export const int4Array = arrayOf(int4) as SqlType;
export const nameArray = arrayOf(name) as SqlType;
export const float8Array = arrayOf(float8) as SqlType;
