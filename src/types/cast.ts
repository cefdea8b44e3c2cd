/** What a cast is: the contract between the table of casts (casts.ts) and the binder and compiler that use it. */
import type { Value } from './column.ts';
import type { FormatSettings, SqlType } from './type.ts';

export type CastContext = 'implicit' | 'assignment' | 'explicit';

export type CastFunction = {
  readonly from: SqlType;
  readonly to: SqlType;
  /** The weakest context in which it is applied by itself. */
  readonly context: CastContext;
  /** Same scalar form before and after (text → varchar): only the label changes, and `convert` is the identity. */
  readonly binaryCoercible: boolean;
  /** Whether the result depends on session settings (time zone, date style): then it is stable, not immutable. */
  readonly usesSettings: boolean;
  /** Converts a value that is not NULL; applies no typmod (SqlType.applyTypmod does, after this). */
  convert(value: Value, settings: FormatSettings): Value;
};
