/**
 * Drives a plan with random changes and holds its output, after every tick, against a naive recomputation over what the
 * relations then contain. Changes of a tick come in any order, so a retraction may precede what it retracts.
 */
import { Random } from '../../src/base/random.ts';
import { buildDataflow } from '../../src/operators/build.ts';
import type { Plan } from '../../src/planner/plan.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { type Batch, batchOfRows, rowAt, weightAt } from '../../src/types/batch.ts';
import type { Value } from '../../src/types/column.ts';
import type { SqlType } from '../../src/types/type.ts';
import { formatCell } from '../support/deltas.ts';
import { evalContext, relations, typesOf } from './plans.ts';

export type Row = readonly Value[];
export type Tables = Readonly<Record<string, readonly Row[]>>;

export type RandomCase = {
  readonly plan: Plan;
  /** What a random row of each relation looks like. */
  readonly sources: Readonly<Record<string, (random: Random) => Row>>;
  /** The answer, from scratch. */
  readonly model: (tables: Tables) => readonly Row[];
  readonly insertsOnly?: boolean;
};

const TICKS = 12;

/** Throws at the first tick where plan and model differ. */
export function runRandomCase(given: RandomCase, seed: number): void {
  const random = new Random(seed);
  const types = typesOf(given.plan);
  const held = new Map<string, number>();
  const state = new MemoryStateStore();
  const build = () =>
    buildDataflow({
      plan: given.plan,
      name: 'random',
      state,
      context: { eval: evalContext, onRowError: () => {} },
      output: (batch) => accumulate(held, batch, types),
      checked: false,
    });
  const checked = buildDataflow({
    plan: given.plan,
    name: 'random',
    state: new MemoryStateStore(),
    context: { eval: evalContext, onRowError: () => {} },
    output: () => {},
    checked: true,
  });
  let dataflow = build();
  const tables = Object.fromEntries(Object.keys(given.sources).map((name) => [name, [] as Row[]]));
  for (let tick = 1; tick <= TICKS; tick++) {
    // State is all that an operator may carry from tick to tick: now and then it is built anew over it.
    if (random.below(4) === 0) dataflow = build();
    for (const { name, batch } of randomTick(given, tables, random, tick === TICKS)) {
      const relation = relations[name];
      if (relation === undefined) throw new Error(`no relation ${name}`);
      dataflow.push(relation.id, batch);
      checked.push(relation.id, batch);
    }
    dataflow.endTick();
    checked.endTick();
    compare(held, given.model(tables), types, `seed ${seed}, tick ${tick}`);
  }
}

type Change = { readonly name: string; readonly row: Row; readonly weight: number };

/** Changes `tables` and returns the same as batches. The last tick takes everything back. */
function randomTick(given: RandomCase, tables: Record<string, Row[]>, random: Random, isLast: boolean) {
  const names = Object.keys(given.sources);
  const changes: Change[] = [];
  if (isLast && given.insertsOnly !== true) {
    for (const name of names)
      changes.push(...(tables[name] as Row[]).splice(0).map((row) => ({ name, row, weight: -1 })));
  } else {
    const count = random.below(12);
    for (let k = 0; k < count; k++) changes.push(...randomChanges(given, tables, random, pick(names, random)));
  }
  shuffle(changes, random);
  return toBatches(changes, random);
}

function randomChanges(given: RandomCase, tables: Record<string, Row[]>, random: Random, name: string): Change[] {
  const table = tables[name] as Row[];
  const chance = given.insertsOnly === true ? 0 : random.below(10);
  if (chance >= 7 && table.length > 0) {
    const [row] = table.splice(random.below(table.length), 1) as [Row];
    return [{ name, row, weight: -1 }];
  }
  const source = given.sources[name] as (random: Random) => Row;
  const row = source(random);
  // Some rows come and go within the tick.
  if (chance === 6)
    return [
      { name, row, weight: 1 },
      { name, row, weight: -1 },
    ];
  const weight = random.below(8) === 0 ? 2 : 1;
  for (let k = 0; k < weight; k++) table.push(row);
  return [{ name, row, weight }];
}

function toBatches(changes: readonly Change[], random: Random): { readonly name: string; readonly batch: Batch }[] {
  const batches: { name: string; batch: Batch }[] = [];
  let rest = changes;
  while (rest.length > 0) {
    const { name } = rest[0] as Change;
    const stop = rest.findIndex((change) => change.name !== name);
    const length = Math.min(stop < 0 ? rest.length : stop, 1 + random.below(5));
    const part = rest.slice(0, length);
    const kinds = (relations[name]?.types ?? []).map((type) => type.column);
    const weights = part.every(({ weight }) => weight === 1) ? null : part.map(({ weight }) => weight);
    batches.push({
      name,
      batch: batchOfRows(
        kinds,
        part.map(({ row }) => row),
        weights,
      ),
    });
    rest = rest.slice(length);
  }
  return batches;
}

export function accumulate(held: Map<string, number>, batch: Batch, types: readonly SqlType[]): void {
  for (let i = 0; i < batch.length; i++) {
    const text = textOf(rowAt(batch, i), types);
    const count = (held.get(text) ?? 0) + weightAt(batch, i);
    if (count === 0) held.delete(text);
    else held.set(text, count);
  }
}

export function compare(
  held: ReadonlyMap<string, number>,
  expected: readonly Row[],
  types: readonly SqlType[],
  where: string,
): void {
  const wanted = new Map<string, number>();
  for (const row of expected) {
    const text = textOf(row, types);
    wanted.set(text, (wanted.get(text) ?? 0) + 1);
  }
  const texts = new Set([...held.keys(), ...wanted.keys()]);
  const wrong = [...texts].filter((text) => held.get(text) !== wanted.get(text));
  if (wrong.length === 0) return;
  const lines = wrong.map((text) => `${text}: ${held.get(text) ?? 0} copies, should be ${wanted.get(text) ?? 0}`);
  throw new Error(`${where}\n${lines.join('\n')}`);
}

export const textOf = (row: Row, types: readonly SqlType[]): string =>
  row.map((value, c) => formatCell(value, types[c] as SqlType)).join(' ');

export const pick = <T>(choices: readonly T[], random: Random): T => choices[random.below(choices.length)] as T;

export function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
}
