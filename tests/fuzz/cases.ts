/** A differential case: a schema, queries to keep as views, and ticks of changes. Everything is SQL text that both sides run. */
import fc, { type Arbitrary } from 'fast-check';
import { type Column, type ColumnType, query, type Relation } from './queries.ts';

export type FuzzCase = {
  readonly relations: readonly Relation[];
  /** CREATE statements, in our dialect. */
  readonly definitions: readonly string[];
  readonly queries: readonly string[];
  /** Each tick a list of statements. */
  readonly ticks: readonly (readonly string[])[];
};

const OPTIONAL: readonly Column[] = [
  { name: 'b', type: 'bigint' },
  { name: 'n', type: 'numeric' },
  { name: 's', type: 'text' },
  { name: 'f', type: 'boolean' },
];

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  int: 'int',
  bigint: 'bigint',
  numeric: 'numeric(12,2)',
  text: 'text',
  timestamp: 'timestamp',
  boolean: 'boolean',
};

const VALUES: Readonly<Record<ColumnType, Arbitrary<string>>> = {
  int: fc.integer({ min: -2, max: 5 }).map(String),
  bigint: fc.constantFrom('0', '1', '9007199254740993', '-9007199254740993', '7'),
  numeric: fc.constantFrom('0', '1.5', '-2.25', '10.10', '3'),
  text: fc.constantFrom("'a'", "'b'", "'ab'", "''", "'abc'"),
  timestamp: fc.integer({ min: 0, max: 90 }).map((minutes) => `timestamp '2024-01-01' + interval '${minutes} minutes'`),
  boolean: fc.constantFrom('true', 'false'),
};
const value = (type: ColumnType): Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: VALUES[type] }, { weight: 1, arbitrary: fc.constant('NULL') });

/** Every relation has `id` (the key of a table) and `k`; time and the rest come and go. */
const relation = (name: string, isStream: boolean): Arbitrary<Relation> =>
  fc.tuple(fc.subarray([...OPTIONAL]), fc.boolean()).map(([optional, timed]) => ({
    name,
    isStream,
    columns: [
      { name: 'id', type: 'int' },
      { name: 'k', type: 'int' },
      ...(timed || isStream ? [{ name: 'ts', type: 'timestamp' } as const] : []),
      ...optional,
    ],
  }));

function definition({ name, isStream, columns }: Relation): string {
  const list = columns.map(
    (column) => `${column.name} ${SQL_TYPES[column.type]}${column.name === 'id' && !isStream ? ' PRIMARY KEY' : ''}`,
  );
  if (isStream) list.push("WATERMARK FOR ts AS ts - INTERVAL '5 minutes'");
  return `CREATE ${isStream ? 'STREAM' : 'TABLE'} ${name} (${list.join(', ')})`;
}

/** A change without its key: ids are dealt out when the case is put together, so that no key comes twice. */
type Change = (nextId: () => number) => string;

function insert({ name, columns }: Relation): Arbitrary<Change> {
  const row = fc.tuple(...columns.slice(1).map(({ type }) => value(type)));
  return fc
    .array(row, { minLength: 1, maxLength: 4 })
    .map(
      (rows) => (nextId) =>
        `INSERT INTO ${name} VALUES ${rows.map((values) => `(${[nextId(), ...values].join(', ')})`).join(', ')}`,
    );
}

const someRows = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((id) => ` WHERE id = ${id}`),
  fc.integer({ min: -2, max: 5 }).map((k) => ` WHERE k = ${k}`),
  fc.constant(' WHERE id % 2 = 0'),
);

function update({ name, columns }: Relation): Arbitrary<Change> {
  const assignment = fc
    .constantFrom(...columns.slice(1))
    .chain((column) => value(column.type).map((v) => `${column.name} = ${v}`));
  return fc.tuple(assignment, someRows).map(
    ([set, rows]) =>
      () =>
        `UPDATE ${name} SET ${set}${rows}`,
  );
}

const remove = ({ name }: Relation): Arbitrary<Change> => someRows.map((rows) => () => `DELETE FROM ${name}${rows}`);

const change = (relations: readonly Relation[]): Arbitrary<Change> =>
  fc
    .constantFrom(...relations)
    .chain((of) =>
      of.isStream
        ? insert(of)
        : fc.oneof(
            { weight: 3, arbitrary: insert(of) },
            { weight: 2, arbitrary: update(of) },
            { weight: 1, arbitrary: remove(of) },
          ),
    );

export const fuzzCase: Arbitrary<FuzzCase> = fc
  .tuple(relation('t0', false), relation('t1', false), relation('s0', true))
  .chain((relations) =>
    fc
      .record({
        queries: fc.array(
          query(relations, 1).map(({ sql }) => sql),
          { minLength: 1, maxLength: 4 },
        ),
        ticks: fc.array(fc.array(change(relations), { minLength: 1, maxLength: 4, size: 'max' }), {
          minLength: 1,
          maxLength: 6,
          size: 'max',
        }),
      })
      .map(({ queries, ticks }) => {
        let id = 0;
        const nextId = (): number => ++id;
        return {
          relations,
          definitions: relations.map(definition),
          queries,
          ticks: ticks.map((changes) => changes.map((make) => make(nextId))),
        };
      }),
  );
