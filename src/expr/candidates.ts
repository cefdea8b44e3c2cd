/**
 * Choosing among overloads: PostgreSQL's chapter 10 as parse_func.c does it (func_match_argtypes, func_select_candidate) and
 * the polymorphic rules of parse_coerce.c. Functions, operators, aggregates and table functions share it.
 */
import { datatypeMismatch, indeterminateDatatype, undefinedObject } from '../base/errors.ts';
import { arrayOf } from '../types/registry.ts';
import type { SqlType } from '../types/type.ts';
import { canCoerce, isUnknown } from './coercibility.ts';
import { commonTypeOrNull } from './common-type.ts';
import type { ArgumentType, Polymorphic } from './functions/define.ts';

/** What may be overloaded. */
export type Signature = {
  readonly args: readonly ArgumentType[];
  readonly optional?: number;
  readonly variadic?: boolean;
};

/** A signature stretched to the number of arguments of the call. */
export type Candidate<F extends Signature> = {
  readonly fn: F;
  readonly args: readonly ArgumentType[];
  readonly expanded: boolean;
};

export type Choice<F extends Signature> = Candidate<F> | 'none' | 'ambiguous';

const isPolymorphic = (type: ArgumentType): type is Polymorphic => typeof type === 'string';
const categoryOf = (type: ArgumentType): string => (isPolymorphic(type) ? 'P' : type.category);
const isPreferred = (type: ArgumentType): boolean => !isPolymorphic(type) && type.isPreferred;

/** Fits `fn` to a call of `count` arguments, or null. A variadic signature repeats the element of its last argument. */
export function candidateFor<F extends Signature>(fn: F, count: number): Candidate<F> | null {
  const { args, optional = 0, variadic = false } = fn;
  if (count <= args.length && count >= args.length - optional && !(variadic && count === args.length)) {
    if (variadic && count < args.length)
      return count === args.length - optional ? { fn, args: args.slice(0, count), expanded: false } : null;
    return { fn, args: args.slice(0, count), expanded: false };
  }
  if (!variadic || count < args.length) return null;
  const last = args.at(-1) as ArgumentType;
  const repeated = new Array<ArgumentType>(count - args.length + 1).fill(elementOfVariadic(last));
  return { fn, args: [...args.slice(0, -1), ...repeated], expanded: true };
}

function elementOfVariadic(type: ArgumentType): ArgumentType {
  if (type === 'anyarray') return 'anyelement';
  if (type === 'anycompatiblearray') return 'anycompatible';
  return isPolymorphic(type) ? type : (type.element ?? type);
}

/** The candidate that PostgreSQL would call. */
export function chooseCandidate<F extends Signature>(all: readonly F[], actual: readonly SqlType[]): Choice<F> {
  const stretched: Candidate<F>[] = [];
  for (const fn of all) {
    const candidate = candidateFor(fn, actual.length);
    if (candidate !== null) stretched.push(candidate);
  }
  const exact = preferPlain(stretched.filter((c) => c.args.every((type, i) => type === actual[i])));
  if (exact !== undefined) return exact;
  const viable = dropShadowed(stretched.filter((c) => accepts(c.args, actual)));
  if (viable.length === 0) return 'none';
  if (viable.length === 1) return viable[0] as Candidate<F>;
  return selectCandidate(viable, actual) ?? 'ambiguous';
}

/** Of candidates with one argument list, the one that needed no VARIADIC expansion. */
const preferPlain = <F extends Signature>(same: readonly Candidate<F>[]): Candidate<F> | undefined =>
  same.find((c) => !c.expanded) ?? same[0];

/** An expanded candidate whose arguments equal those of a plain one is hidden by it. */
function dropShadowed<F extends Signature>(candidates: readonly Candidate<F>[]): Candidate<F>[] {
  const sameArgs = (a: Candidate<F>, b: Candidate<F>) => a.args.every((type, i) => type === b.args[i]);
  return candidates.filter((c) => !c.expanded || !candidates.some((d) => d !== c && !d.expanded && sameArgs(c, d)));
}

/** can_coerce_type over a whole argument list, implicitly. */
function accepts(declared: readonly ArgumentType[], actual: readonly SqlType[]): boolean {
  let generic = false;
  for (let i = 0; i < declared.length; i++) {
    const target = declared[i] as ArgumentType;
    if (isPolymorphic(target)) generic = true;
    else if (!canCoerce(actual[i] as SqlType, target, 'implicit')) return false;
  }
  return !generic || isConsistent(declared, actual);
}

/** check_generic_type_consistency: could the polymorphic arguments agree on their types? */
function isConsistent(declared: readonly ArgumentType[], actual: readonly SqlType[]): boolean {
  let element: SqlType | null = null;
  let array: SqlType | null = null;
  let nonArray = false;
  const compatible: SqlType[] = [];
  for (let i = 0; i < declared.length; i++) {
    const type = actual[i] as SqlType;
    const target = declared[i] as ArgumentType;
    if (!isPolymorphic(target) || target === 'any') continue;
    if (target === 'anynonarray') nonArray = true;
    if (isUnknown(type)) continue;
    if (target === 'anyelement' || target === 'anynonarray') {
      if (element !== null && element !== type) return false;
      element = type;
    } else if (target === 'anyarray') {
      if (type.element === undefined || (array !== null && array !== type)) return false;
      array = type;
    } else if (target === 'anycompatible') compatible.push(type);
    else {
      if (type.element === undefined) return false;
      compatible.push(type.element);
    }
  }
  if (array !== null && element !== null && array.element !== element) return false;
  if (nonArray && element?.element !== undefined) return false;
  return compatible.length === 0 || commonTypeOrNull(compatible) !== null;
}

/** func_select_candidate: the steps 4.c to 4.f of "Function Type Resolution". */
function selectCandidate<F extends Signature>(
  viable: readonly Candidate<F>[],
  actual: readonly SqlType[],
): Candidate<F> | null {
  const known = actual.map((type) => !isUnknown(type));
  let left = keepBest(viable, (c) => count(c, (type, i) => known[i] === true && type === actual[i]));
  if (left.length === 1) return left[0] as Candidate<F>;

  const fits = (type: ArgumentType, i: number) =>
    known[i] === true &&
    (type === actual[i] || (isPreferred(type) && categoryOf(type) === (actual[i] as SqlType).category));
  left = keepBest(left, (c) => count(c, fits));
  if (left.length === 1) return left[0] as Candidate<F>;

  if (known.every(Boolean)) return null;
  left = resolveUnknowns(left, known);
  if (left.length === 1) return left[0] as Candidate<F>;
  return assumeKnownType(left, actual, known);
}

const count = <F extends Signature>(c: Candidate<F>, test: (type: ArgumentType, i: number) => boolean): number =>
  c.args.reduce((n, type, i) => n + (test(type, i) ? 1 : 0), 0);

function keepBest<F extends Signature>(
  candidates: readonly Candidate<F>[],
  score: (c: Candidate<F>) => number,
): Candidate<F>[] {
  const scores = candidates.map(score);
  const best = Math.max(...scores);
  return candidates.filter((_, i) => scores[i] === best);
}

/** Unknown arguments take the category all candidates agree on, or string if any has it; then its preferred type if any has that. */
function resolveUnknowns<F extends Signature>(candidates: Candidate<F>[], known: readonly boolean[]): Candidate<F>[] {
  const wanted: ({ category: string; preferred: boolean } | null)[] = [];
  for (let i = 0; i < known.length; i++) {
    if (known[i] === true) {
      wanted.push(null);
      continue;
    }
    const types = candidates.map((c) => c.args[i] as ArgumentType);
    const categories = new Set(types.map(categoryOf));
    const category = categories.has('S') ? 'S' : categories.size === 1 ? ([...categories][0] as string) : null;
    if (category === null) return candidates;
    wanted.push({ category, preferred: types.some((type) => categoryOf(type) === category && isPreferred(type)) });
  }
  const kept = candidates.filter((c) =>
    c.args.every((type, i) => {
      const want = wanted[i] ?? null;
      return want === null || (categoryOf(type) === want.category && (!want.preferred || isPreferred(type)));
    }),
  );
  return kept.length > 0 ? kept : candidates;
}

/** If all known arguments have one type, the unknown ones may have it too. */
function assumeKnownType<F extends Signature>(
  candidates: readonly Candidate<F>[],
  actual: readonly SqlType[],
  known: readonly boolean[],
): Candidate<F> | null {
  const types = new Set(actual.filter((_, i) => known[i]));
  const [only] = types;
  if (only === undefined || types.size > 1) return null;
  const assumed = actual.map(() => only);
  const kept = candidates.filter((c) => accepts(c.args, assumed));
  return kept.length === 1 ? (kept[0] as Candidate<F>) : null;
}

/** enforce_generic_type_consistency: what each argument must become. Literals for `any` stay untyped. */
export function actualArguments(
  declared: readonly ArgumentType[],
  actual: readonly SqlType[],
  text: SqlType,
): SqlType[] {
  const uses = (...kinds: Polymorphic[]) => declared.some((type) => kinds.includes(type as Polymorphic));
  const element: SqlType = uses('anyelement', 'anyarray', 'anynonarray') ? elementType(declared, actual) : text;
  const compatible = uses('anycompatible', 'anycompatiblearray') ? compatibleType(declared, actual, text) : text;
  return declared.map((target, i) => {
    switch (target) {
      case 'any':
        return actual[i] as SqlType;
      case 'anyelement':
      case 'anynonarray':
        return element;
      case 'anyarray':
        return arrayTypeOf(element);
      case 'anycompatible':
        return compatible;
      case 'anycompatiblearray':
        return arrayTypeOf(compatible);
      default:
        return target;
    }
  });
}

function elementType(declared: readonly ArgumentType[], actual: readonly SqlType[]): SqlType {
  for (let i = 0; i < declared.length; i++) {
    const type = actual[i] as SqlType;
    if (isUnknown(type)) continue;
    if (declared[i] === 'anyarray') return type.element as SqlType;
    if (declared[i] === 'anyelement' || declared[i] === 'anynonarray') return type;
  }
  throw datatypeMismatch('could not determine polymorphic type because input has type unknown');
}

function compatibleType(declared: readonly ArgumentType[], actual: readonly SqlType[], text: SqlType): SqlType {
  const types: SqlType[] = [];
  for (let i = 0; i < declared.length; i++) {
    const type = actual[i] as SqlType;
    if (declared[i] === 'anycompatible') types.push(type);
    if (declared[i] === 'anycompatiblearray' && !isUnknown(type)) types.push(type.element as SqlType);
  }
  const common = commonTypeOrNull(types);
  if (common === null) throw indeterminateDatatype('could not determine polymorphic common type');
  return isUnknown(common) ? text : common;
}

/** The array type over `element`; 42704 where there is none. */
export function arrayTypeOf(element: SqlType): SqlType {
  const type = arrayOf(element);
  if (type === undefined) throw undefinedObject(`could not find array type for data type ${element.displayName}`);
  return type;
}
