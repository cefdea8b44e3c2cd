/** bit_and, bit_or, bit_xor over integers. A bit that left cannot be told from the others, so the values themselves are kept. */
import { AssertionError } from '../../base/assert.ts';
import type { Value } from '../../types/column.ts';
import { type Int, toInt } from '../../types/int64.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { type AggregateFunction, defineAggregate } from './define.ts';

type Entry = { readonly value: Value; readonly copies: number };

const neverAccumulated = (): never => {
  throw new AssertionError('a multiset aggregate has no state of its own');
};

const operations = [
  ['bit_and', 'The bits that all values have.', '2', (a: bigint, b: bigint) => a & b],
  ['bit_or', 'The bits that any value has.', '7', (a: bigint, b: bigint) => a | b],
  ['bit_xor', 'The bits that an odd number of values have.', '5', (a: bigint, b: bigint) => a ^ b],
] as const;

/** Two's complement of any width is the same number, so BigInt serves all three types. NULL over no values. */
function combine(entries: Iterable<Entry>, operation: (a: bigint, b: bigint) => bigint): Value {
  let result: bigint | null = null;
  for (const { value, copies } of entries) {
    const bits = BigInt(value as Int);
    // Twice the same value cancels in xor and changes nothing in the others.
    for (let i = copies % 2 === 0 ? 2 : 1; i > 0; i--) result = result === null ? bits : operation(result, bits);
  }
  return result === null ? null : toInt(result);
}

export const bitAggregates: readonly AggregateFunction[] = operations.flatMap(([name, doc, result, operation]) =>
  [int2, int4, int8].map((type) =>
    defineAggregate({
      name,
      args: [type],
      result: type,
      doc,
      examples: [[`SELECT ${name}(x::${type.name}) FROM (VALUES (6), (3), (NULL)) AS t(x)`, result]],
      retraction: 'multiset',
      skipsNulls: true,
      state: () => [],
      accumulate: neverAccumulated,
      finish: neverAccumulated,
      finishMultiset: (values) => combine(values, operation),
    }),
  ),
);
