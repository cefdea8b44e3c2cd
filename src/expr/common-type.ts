/** The type that several expressions agree on, for CASE, COALESCE, VALUES, UNION, ARRAY: PostgreSQL's select_common_type. */
import { datatypeMismatch } from '../base/errors.ts';
import { text } from '../types/text.ts';
import type { SqlType } from '../types/type.ts';
import { canCoerce, isUnknown } from './coercibility.ts';

type Outcome = { readonly type: SqlType } | { readonly clash: readonly [SqlType, SqlType] };

function search(types: readonly SqlType[]): Outcome {
  let chosen = types[0] ?? text;
  for (const type of types) {
    if (isUnknown(type) || type === chosen) continue;
    if (isUnknown(chosen)) chosen = type;
    else if (type.category !== chosen.category) return { clash: [chosen, type] };
    else if (!chosen.isPreferred && canCoerce(chosen, type, 'implicit') && !canCoerce(type, chosen, 'implicit'))
      chosen = type;
  }
  return { type: isUnknown(chosen) ? text : chosen };
}

/**
 * The common type of `types`; text when all are unknown. `construct` begins the message:
 * `CASE types text and integer cannot be matched` (42804).
 */
export function selectCommonType(types: readonly SqlType[], construct: string): SqlType {
  const outcome = search(types);
  if ('type' in outcome) return outcome.type;
  const [a, b] = outcome.clash;
  throw datatypeMismatch(`${construct} types ${a.displayName} and ${b.displayName} cannot be matched`);
}

export function commonTypeOrNull(types: readonly SqlType[]): SqlType | null {
  const outcome = search(types);
  return 'type' in outcome ? outcome.type : null;
}
