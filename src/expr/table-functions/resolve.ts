/** From a name and argument types to one set-returning function. The rules are those of functions. */
import { text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { actualArguments, chooseCandidate } from '../candidates.ts';
import { ambiguousFunction } from '../functions/resolve.ts';
import type { TableFunction } from './define.ts';
import { tableFunctions } from './index.ts';

export type ResolvedTableFunction = {
  readonly fn: TableFunction;
  readonly argTypes: readonly SqlType[];
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
};

export const tableFunctionExists = (name: string): boolean => tableFunctions.some((fn) => fn.name === name);

/** The function that `name(args)` in FROM calls, or null. Throws 42725. */
export function resolveTableFunction(name: string, args: readonly SqlType[]): ResolvedTableFunction | null {
  const choice = chooseCandidate(
    tableFunctions.filter((fn) => fn.name === name),
    args,
  );
  if (choice === 'none') return null;
  if (choice === 'ambiguous') throw ambiguousFunction(name, args);
  const argTypes = actualArguments(choice.args, args, text);
  const { fn } = choice;
  return { fn: fn.specialize === undefined ? fn : fn.specialize(argTypes), argTypes, columns: fn.columns(argTypes) };
}
