/** Keys of tables: what a group of transactions may do to them together. */
import { expect, test } from 'vitest';
import type { RelationId } from '../../src/base/ids.ts';
import type { TableRelation } from '../../src/catalog/relation.ts';
import { GroupConstraints } from '../../src/engine/constraints.ts';
import type { Change } from '../../src/engine/ticks.ts';
import { Materialize } from '../../src/operators/materialize.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { batchOfRows } from '../../src/types/batch.ts';
import { int4 } from '../../src/types/integer.ts';
import { text } from '../../src/types/text.ts';

const id = 16384 as RelationId;
const column = (name: string, type: typeof int4) => ({
  name,
  type,
  typmod: -1,
  notNull: false,
  default: null,
  generated: null,
});

function tableWith(rows: readonly (readonly [number, string])[], keyed: boolean) {
  const relation: TableRelation = {
    kind: 'table',
    id,
    schema: 'public',
    name: 't',
    columns: [column('k', int4), column('v', text)],
    owner: 'ada',
    comment: null,
    primaryKey: keyed ? { name: 't_pkey', columns: [0] } : null,
    uniques: [],
    checks: [],
    watermark: null,
    options: {},
  };
  const stored = new Materialize({ types: [int4, text], key: keyed ? [0] : null, state: new MemoryStateStore() });
  stored.onBatch(batchOfRows(['i32', 'text'], rows), 0, () => {});
  stored.onTickEnd(() => {});
  return new GroupConstraints(() => ({ relation, table: stored.table }));
}

const rows = (weight: number, ...values: (readonly [number, string])[]): Change => ({
  relation: id,
  batch: batchOfRows(
    ['i32', 'text'],
    values,
    values.map(() => weight),
  ),
});

test('a key that is in the table is a duplicate', () => {
  const constraints = tableWith([[1, 'a']], true);
  expect(() => constraints.accept([rows(1, [1, 'b'])])).toThrow(
    expect.objectContaining({
      code: '23505',
      fields: expect.objectContaining({ detail: 'Key (k)=(1) already exists.' }),
    }),
  );
});

test('a key another transaction of the group added is a duplicate, until the group is over', () => {
  const constraints = tableWith([], true);
  constraints.accept([rows(1, [1, 'a'])]);
  expect(() => constraints.accept([rows(1, [1, 'b'])])).toThrow(expect.objectContaining({ code: '23505' }));
  constraints.forget();
  constraints.accept([rows(1, [1, 'b'])]);
});

test('a refused transaction leaves no trace in its group', () => {
  const constraints = tableWith([[9, 'z']], true);
  expect(() => constraints.accept([rows(1, [1, 'a'], [9, 'x'])])).toThrow(expect.objectContaining({ code: '23505' }));
  constraints.accept([rows(1, [1, 'b'])]);
});

test('UPDATE t SET k = k + 1 moves keys over one another', () => {
  const constraints = tableWith(
    [
      [1, 'a'],
      [2, 'b'],
    ],
    true,
  );
  constraints.accept([rows(-1, [1, 'a'], [2, 'b']), rows(1, [2, 'a'], [3, 'b'])]);
  expect(() => constraints.accept([rows(1, [3, 'c'])])).toThrow(expect.objectContaining({ code: '23505' }));
  constraints.accept([rows(1, [1, 'again'])]);
});

test('two updates of one row from the same old version: the second must try again', () => {
  const constraints = tableWith([[1, 'a']], true);
  constraints.accept([rows(-1, [1, 'a']), rows(1, [1, 'b'])]);
  expect(() => constraints.accept([rows(-1, [1, 'a']), rows(1, [1, 'c'])])).toThrow(
    expect.objectContaining({ code: '40001' }),
  );
});

test('a table without a key takes any row, but gives back only what it has', () => {
  const constraints = tableWith(
    [
      [1, 'a'],
      [1, 'a'],
    ],
    false,
  );
  constraints.accept([rows(-1, [1, 'a'])]);
  constraints.accept([rows(-1, [1, 'a'])]);
  expect(() => constraints.accept([rows(-1, [1, 'a'])])).toThrow(expect.objectContaining({ code: '40001' }));
  expect(() => constraints.accept([rows(-1, [1, 'b'])])).toThrow(expect.objectContaining({ code: '40001' }));
});
