/** Finding and changing parts of jsonb values by keys and paths (jsonfuncs.c). Values are immutable: changes share what stays. */
import { invalidParameterValue, invalidTextRepresentation } from '../../base/errors.ts';
import { isJsonArray, JsonObject, type JsonValue, jsonObject } from '../../types/json.ts';
import { Numeric } from '../../types/numeric.ts';

export const isObject = (value: JsonValue | undefined): value is JsonObject => value instanceof JsonObject;
export const isArray = (value: JsonValue | undefined): value is readonly JsonValue[] =>
  value !== undefined && isJsonArray(value);
export const isContainer = (value: JsonValue | undefined): boolean => isObject(value) || isArray(value);

/** A path step into an array must be a whole number. */
export const indexOfStep = (step: string): number | null => (/^\s*[+-]?\d+\s*$/.test(step) ? Number(step) : null);

/** The member or element, undefined when there is none. */
export function child(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (isObject(value)) return value.get(step);
  if (!isArray(value)) return undefined;
  const index = indexOfStep(step);
  return index === null ? undefined : value.at(index);
}

export const follow = (value: JsonValue, path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((at, step) => child(at, step), value);

/** Whether `a` has everything that `b` has; arrays without regard to order and number. */
export function contains(a: JsonValue, b: JsonValue, isTop = true): boolean {
  if (isObject(b)) {
    return (
      isObject(a) &&
      b.keys.every((key, i) => {
        const other = a.get(key);
        return other !== undefined && contains(other, b.values[i] as JsonValue, false);
      })
    );
  }
  if (isArray(b)) return isArray(a) && b.every((item) => a.some((other) => contains(other, item, false)));
  // At the top an array contains a scalar that is one of its elements.
  if (isTop && isArray(a)) return a.some((item) => contains(item, b, false));
  return sameScalar(a, b);
}

function sameScalar(a: JsonValue, b: JsonValue): boolean {
  if (a instanceof Numeric && b instanceof Numeric) {
    return Number(a.coefficient) === 0 ? Number(b.coefficient) === 0 : equalNumbers(a, b);
  }
  return a === b;
}

const equalNumbers = (a: Numeric, b: Numeric): boolean => {
  const scale = Math.max(a.scale, b.scale);
  const lift = (n: Numeric) => BigInt(n.coefficient) * 10n ** BigInt(scale - n.scale);
  return lift(a) === lift(b);
};

/** `?`: whether the text is a key of the object, an element of the array, or the string itself. */
export function exists(value: JsonValue, key: string): boolean {
  if (isObject(value)) return value.get(key) !== undefined;
  return isArray(value) ? value.includes(key) : value === key;
}

/** `||`: objects merge, arrays join, anything else becomes an array of one first. */
export function concatenate(a: JsonValue, b: JsonValue): JsonValue {
  if (isObject(a) && isObject(b)) return jsonObject([...a.keys, ...b.keys], [...a.values, ...b.values]);
  const list = (value: JsonValue): readonly JsonValue[] => (isArray(value) ? value : [value]);
  return [...list(a), ...list(b)];
}

export function withoutKeys(value: JsonValue, keys: ReadonlySet<string>): JsonValue {
  if (isArray(value)) return value.filter((item) => typeof item !== 'string' || !keys.has(item));
  if (!isObject(value)) throw invalidParameterValue('cannot delete from scalar');
  const kept = value.keys.map((_, i) => i).filter((i) => !keys.has(value.keys[i] as string));
  return new JsonObject(
    kept.map((i) => value.keys[i] as string),
    kept.map((i) => value.values[i] as JsonValue),
  );
}

export function withoutIndex(value: JsonValue, index: number): JsonValue {
  if (isObject(value)) throw invalidParameterValue('cannot delete from object using integer index');
  if (!isArray(value)) throw invalidParameterValue('cannot delete from scalar');
  const at = index < 0 ? index + value.length : index;
  return value.filter((_, i) => i !== at);
}

/** What happens at the end of a path. */
type Edit = {
  /** A value that stands in place of `old`; undefined removes it. */
  readonly replace: (old: JsonValue) => JsonValue | undefined;
  /** A value where there was none; undefined leaves it so. */
  readonly create: JsonValue | undefined;
  /** For jsonb_insert: beside an element, not in its place. */
  readonly insertAfter: boolean | null;
};

const badStep = (step: string, at: number) =>
  invalidTextRepresentation(`path element at position ${at} is not an integer: "${step}"`);

/** `value` with the edit made at `path`. Steps that lead nowhere leave it as it is. */
export function edit(value: JsonValue, path: readonly string[], change: Edit, depth = 0): JsonValue {
  const step = path[depth];
  if (step === undefined) return value;
  const isLast = depth === path.length - 1;
  if (isObject(value)) return editObject(value, step, isLast, path, change, depth);
  if (!isArray(value)) {
    if (depth === 0)
      throw invalidParameterValue(
        change.create === undefined ? 'cannot delete path in scalar' : 'cannot set path in scalar',
      );
    return value;
  }
  const index = indexOfStep(step);
  if (index === null) throw badStep(step, depth + 1);
  const at = index < 0 ? index + value.length : index;
  const old = value[at];
  if (!isLast) return old === undefined ? value : value.with(at, edit(old, path, change, depth + 1));
  if (old === undefined) {
    if (change.create === undefined) return value;
    return at < 0 ? [change.create, ...value] : [...value, change.create];
  }
  if (change.insertAfter !== null)
    return value.toSpliced(change.insertAfter ? at + 1 : at, 0, change.create as JsonValue);
  const next = change.replace(old);
  return next === undefined ? value.toSpliced(at, 1) : value.with(at, next);
}

function editObject(
  value: JsonObject,
  step: string,
  isLast: boolean,
  path: readonly string[],
  change: Edit,
  depth: number,
): JsonValue {
  const at = value.keys.indexOf(step);
  const old = value.values[at];
  if (old === undefined) {
    if (!isLast || change.create === undefined) return value;
    return jsonObject([...value.keys, step], [...value.values, change.create]);
  }
  if (isLast && change.insertAfter !== null)
    throw invalidParameterValue('cannot replace existing key', {
      hint: 'Try using the function jsonb_set to replace key value.',
    });
  const next = isLast ? change.replace(old) : edit(old, path, change, depth + 1);
  if (next === undefined) return withoutKeys(value, new Set([step]));
  return new JsonObject(value.keys, value.values.with(at, next));
}

/** Members that are null left out, at every depth. */
export function stripNulls(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(stripNulls);
  if (!isObject(value)) return value;
  const kept = value.keys.map((_, i) => i).filter((i) => value.values[i] !== null);
  return new JsonObject(
    kept.map((i) => value.keys[i] as string),
    kept.map((i) => stripNulls(value.values[i] as JsonValue)),
  );
}
