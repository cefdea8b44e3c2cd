/** From a name and argument types to one aggregate. The rules are those of functions. */
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { actualArguments, chooseCandidate } from '../candidates.ts';
import { ambiguousFunction } from '../functions/resolve.ts';
import type { AggregateFunction } from './define.ts';
import { aggregates } from './index.ts';

export type ResolvedAggregate = {
  readonly fn: AggregateFunction;
  readonly argTypes: readonly SqlType[];
  readonly result: SqlType;
};

export const aggregateExists = (name: string): boolean => aggregates.some((fn) => fn.name === name);

/** The aggregate that `name(args)` means, or null; `count(*)` is `count` without arguments. Throws 42725. */
export function resolveAggregate(name: string, args: readonly SqlType[]): ResolvedAggregate | null {
  const choice = chooseCandidate(
    aggregates.filter((fn) => fn.name === name),
    args,
  );
  if (choice === 'none') return null;
  if (choice === 'ambiguous') throw ambiguousFunction(name, args);
  const argTypes = actualArguments(choice.args, args, text);
  const { fn } = choice;
  return {
    fn: fn.specialize === undefined ? fn : fn.specialize(argTypes),
    argTypes,
    result: typeof fn.result === 'function' ? fn.result(argTypes) : fn.result,
  };
}
