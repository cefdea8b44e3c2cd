/** From a name and argument types to one function or operator: the door the planner knocks at. */
import { ambiguousFunctionError, type SqlError, undefinedFunction, undefinedOperator } from '../../base/errors.ts';
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { actualArguments, type Candidate, chooseCandidate } from '../candidates.ts';
import { isUnknown } from '../coercibility.ts';
import type { ScalarFunction } from './define.ts';
import { functions, operators } from './index.ts';

export type ResolvedFunction = {
  /** Ready to call: what depends on the argument types is settled. */
  readonly fn: ScalarFunction;
  /** What each argument must be coerced to. As long as the call's arguments. */
  readonly argTypes: readonly SqlType[];
  readonly result: SqlType;
};

/**
 * The function that `name(args)` calls, or null when none fits (the caller then says `noSuchFunction`). Throws 42725 when
 * several fit equally. A bare literal or parameter has the type `unknown`.
 */
export function resolveFunction(name: string, args: readonly SqlType[]): ResolvedFunction | null {
  const choice = chooseCandidate(functionsNamed(name), args);
  if (choice === 'none') return null;
  if (choice === 'ambiguous') throw ambiguousFunction(name, args);
  return settle(choice, args);
}

/** Like `resolveFunction`, for `left name right`, or `name right` when `left` is null. */
export function resolveOperator(name: string, left: SqlType | null, right: SqlType): ResolvedFunction | null {
  const all = operatorsNamed(name);
  const args = left === null ? [right] : [left, right];
  const assumed = sameTypeAssumed(left, right);
  const exact =
    assumed === null ? undefined : all.find((fn) => fn.args.length === 2 && fn.args.every((type) => type === assumed));
  if (exact !== undefined) return settle({ fn: exact, args: exact.args, expanded: false }, args);
  const choice = chooseCandidate(all, args);
  if (choice === 'none') return null;
  if (choice === 'ambiguous') throw ambiguousOperator(name, left, right);
  return settle(choice, args);
}

export const functionExists = (name: string): boolean => functionsNamed(name).length > 0;

export const noSuchFunction = (name: string, args: readonly SqlType[], position?: number): SqlError =>
  undefinedFunction(name, args.map(displayName), position);

export const noSuchOperator = (name: string, left: SqlType | null, right: SqlType, position?: number): SqlError =>
  undefinedOperator(name, left === null ? null : left.displayName, right.displayName, position);

/** 42725 for `f(integer, unknown)`. */
export const ambiguousFunction = (name: string, args: readonly SqlType[]): SqlError =>
  ambiguousFunctionError(`function ${name}(${args.map(displayName).join(', ')}) is not unique`, {
    hint: 'Could not choose a best candidate function. You might need to add explicit type casts.',
  });

const ambiguousOperator = (name: string, left: SqlType | null, right: SqlType): SqlError =>
  ambiguousFunctionError(
    `operator is not unique: ${left === null ? '' : `${left.displayName} `}${name} ${right.displayName}`,
    { hint: 'Could not choose a best candidate operator. You might need to add explicit type casts.' },
  );

const displayName = (type: SqlType): string => type.displayName;

/** An operator first supposes that an unknown operand has the other one's type. */
function sameTypeAssumed(left: SqlType | null, right: SqlType): SqlType | null {
  if (left === null || isUnknown(left) === isUnknown(right)) return null;
  return isUnknown(left) ? right : left;
}

// --------------------------------------------------------------------------------------------------- lookup maps

type ByName = ReadonlyMap<string, readonly ScalarFunction[]>;

function groupByName(all: readonly ScalarFunction[]): ByName {
  const map = new Map<string, ScalarFunction[]>();
  for (const fn of all) {
    const same = map.get(fn.name);
    if (same === undefined) map.set(fn.name, [fn]);
    else same.push(fn);
  }
  return map;
}

const functionMap = groupByName(functions);
const operatorMap = groupByName(operators);
const functionsNamed = (name: string): readonly ScalarFunction[] => functionMap.get(name) ?? [];
const operatorsNamed = (name: string): readonly ScalarFunction[] => operatorMap.get(name) ?? [];

// ---------------------------------------------------------------------------------------------- settling the types

function settle(choice: Candidate<ScalarFunction>, args: readonly SqlType[]): ResolvedFunction {
  const argTypes = actualArguments(choice.args, args, text);
  const { result } = choice.fn;
  return {
    fn: specialize(choice.fn, argTypes),
    argTypes,
    result: typeof result === 'function' ? result(argTypes) : result,
  };
}

/** One object per function and argument types, so that equal calls stay equal. */
const specialized = new Map<ScalarFunction, Map<string, ScalarFunction>>();

function specialize(fn: ScalarFunction, argTypes: readonly SqlType[]): ScalarFunction {
  if (fn.evalFor === undefined) return fn;
  const row = specialized.get(fn) ?? new Map<string, ScalarFunction>();
  specialized.set(fn, row);
  const key = argTypes.map((type) => type.oid).join(',');
  const made = row.get(key) ?? settled(fn, fn.evalFor(argTypes), argTypes);
  row.set(key, made);
  return made;
}

const settled = (fn: ScalarFunction, run: ScalarFunction['eval'], argTypes: readonly SqlType[]): ScalarFunction => ({
  ...fn,
  eval: run,
  evalFor: undefined,
  volatility: fn.volatilityFor?.(argTypes) ?? fn.volatility,
});
