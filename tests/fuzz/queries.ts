/**
 * Random queries as fast-check arbitraries over SQL text: filters, projections, joins, grouping, DISTINCT, windows, set operations,
 * subqueries, CTEs, top-N. Typed from the bottom up, so that every query is valid, and shrinking towards its leftmost, simplest choice.
 *
 * Kept out on purpose: what has more than one right answer (floats' sums, text that sorts by locale, LIMIT without a total order,
 * numerics that are equal and print differently) and what fails on some rows (division).
 */
import fc, { type Arbitrary } from 'fast-check';

export type ColumnType = 'int' | 'bigint' | 'numeric' | 'text' | 'timestamp' | 'boolean';
export type Column = { readonly name: string; readonly type: ColumnType };
/** Something in FROM, or a subquery on its way there. */
type Source = { readonly sql: string; readonly columns: readonly Column[] };
/** A column as an expression can name it. */
type Scope = readonly { readonly ref: string; readonly type: ColumnType }[];

export type Relation = { readonly name: string; readonly isStream: boolean; readonly columns: readonly Column[] };

const { constantFrom, oneof, tuple, integer, constant, array } = fc;

const literals: Readonly<Record<ColumnType, Arbitrary<string>>> = {
  int: integer({ min: -3, max: 9 }).map(String),
  bigint: constantFrom('1::bigint', '9007199254740993', '-2::bigint'),
  numeric: constantFrom('1.50', '0.00', '-2.25', '100.00').map((text) => `${text}::numeric(12,2)`),
  text: constantFrom("'a'", "'b'", "''", "'abc'"),
  timestamp: constantFrom('00:00:00', '00:10:00', '01:30:00').map((time) => `timestamp '2024-01-01 ${time}'`),
  boolean: constantFrom('true', 'false'),
};

/** An expression of one type over a scope. */
function expression(type: ColumnType, scope: Scope, depth: number): Arbitrary<string> {
  const leaves = scope.filter((column) => column.type === type).map(({ ref }) => constant(ref));
  if (depth === 0) return oneof(...leaves, literals[type]);
  const sub = (of: ColumnType) => expression(of, scope, depth - 1);
  const binary = (left: ColumnType, right: ColumnType, ...operators: string[]) =>
    tuple(sub(left), constantFrom(...operators), sub(right)).map(([a, op, b]) => `(${a} ${op} ${b})`);
  const call = (of: ColumnType, make: (x: string) => string) => sub(of).map(make);
  const generic = [
    tuple(sub('boolean'), sub(type), sub(type)).map(([c, a, b]) => `CASE WHEN ${c} THEN ${a} ELSE ${b} END`),
    tuple(sub(type), sub(type)).map(([a, b]) => `coalesce(${a}, ${b})`),
    tuple(sub(type), sub(type)).map(([a, b]) => `nullif(${a}, ${b})`),
  ];
  const special: Readonly<Record<ColumnType, readonly Arbitrary<string>[]>> = {
    int: [
      binary('int', 'int', '+', '-'),
      call('int', (x) => `(${x} % 3)`),
      call('text', (x) => `length(${x})`),
      call('int', (x) => `abs(${x})`),
    ],
    bigint: [binary('bigint', 'int', '+', '-'), call('int', (x) => `${x}::bigint`)],
    numeric: [
      binary('numeric', 'numeric', '+', '-'),
      binary('numeric', 'int', '*'),
      call('numeric', (x) => `round(${x}, 1)`),
    ],
    text: [binary('text', 'text', '||'), call('text', (x) => `left(${x}, 1)`), call('int', (x) => `${x}::text`)],
    timestamp: [
      call('timestamp', (x) => `date_trunc('hour', ${x})`),
      call('timestamp', (x) => `(${x} + interval '10 minutes')`),
    ],
    boolean: [condition(scope, depth - 1)],
  };
  return oneof(...leaves, literals[type], ...special[type], ...generic);
}

function condition(scope: Scope, depth: number): Arbitrary<string> {
  const types: readonly ColumnType[] = ['int', 'bigint', 'numeric', 'text', 'timestamp', 'boolean'];
  const comparison = (type: ColumnType) =>
    tuple(expression(type, scope, depth), constantFrom('=', '<>', '<', '>='), expression(type, scope, depth)).map(
      ([a, op, b]) => `${a} ${op} ${b}`,
    );
  const simple = [
    ...types.map(comparison),
    ...types.map((type) =>
      tuple(expression(type, scope, depth), constantFrom('IS NULL', 'IS NOT NULL')).map(([a, test]) => `${a} ${test}`),
    ),
    expression('int', scope, depth).map((a) => `${a} IN (1, 2, NULL)`),
    expression('text', scope, depth).map((a) => `${a} LIKE 'a%'`),
    expression('int', scope, depth).map((a) => `${a} BETWEEN 0 AND 5`),
    tuple(expression('text', scope, depth), expression('text', scope, depth)).map(
      ([a, b]) => `${a} IS DISTINCT FROM ${b}`,
    ),
  ];
  if (depth === 0) return oneof(...simple).map((c) => `(${c})`);
  const pair = tuple(condition(scope, depth - 1), constantFrom('AND', 'OR'), condition(scope, depth - 1));
  return oneof(
    ...simple,
    pair.map(([a, op, b]) => `${a} ${op} ${b}`),
    condition(scope, depth - 1).map((c) => `NOT ${c}`),
  ).map((c) => `(${c})`);
}

const scopeOf = (source: Source, alias: string): Scope =>
  source.columns.map(({ name, type }) => ({ ref: `${alias}.${name}`, type }));

const where = (scope: Scope): Arbitrary<string> =>
  oneof(
    { weight: 2, arbitrary: constant('') },
    { weight: 1, arbitrary: condition(scope, 1).map((c) => ` WHERE ${c}`) },
  );

/** A relation as it is, or behind one of the windows. */
function base(relations: readonly Relation[]): Arbitrary<Source> {
  const plain = constantFrom(...relations).map(({ name, columns }) => ({ sql: name, columns }));
  const timed = relations.filter(({ columns }) => columns.some(({ type }) => type === 'timestamp'));
  if (timed.length === 0) return plain;
  const call = constantFrom(
    (r: string) => `TUMBLE(${r}, ts, INTERVAL '10 minutes')`,
    (r: string) => `HOP(${r}, ts, INTERVAL '10 minutes', INTERVAL '20 minutes')`,
    (r: string) => `CUMULATE(${r}, ts, INTERVAL '10 minutes', INTERVAL '30 minutes')`,
    (r: string) => `SESSION(${r} PARTITION BY k, ts, INTERVAL '10 minutes')`,
  );
  const windowed = tuple(constantFrom(...timed), call).map(([{ name, columns }, of]) => ({
    sql: of(name),
    columns: [
      ...columns,
      { name: 'window_start', type: 'timestamp' as const },
      { name: 'window_end', type: 'timestamp' as const },
    ],
  }));
  return oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: windowed });
}

/** The columns a SELECT makes of expressions, named c0, c1, … */
const named = (
  prefix: string,
  items: readonly (readonly [ColumnType, string])[],
): { list: string; columns: Column[] } => ({
  list: items.map(([, sql], i) => `${sql} AS ${prefix}${i}`).join(', '),
  columns: items.map(([type], i) => ({ name: `${prefix}${i}`, type })),
});

const anyType = (scope: Scope): Arbitrary<ColumnType> => constantFrom(...new Set(scope.map(({ type }) => type)));

function projection(from: Source): Arbitrary<Source> {
  const scope = scopeOf(from, 'x');
  const item = anyType(scope).chain((type) => expression(type, scope, 2).map((sql) => [type, sql] as const));
  return tuple(array(item, { minLength: 1, maxLength: 4 }), where(scope), fc.boolean()).map(
    ([items, filter, distinct]) => {
      const { list, columns } = named('c', items);
      return { sql: `SELECT ${distinct ? 'DISTINCT ' : ''}${list} FROM ${from.sql} AS x${filter}`, columns };
    },
  );
}

function aggregate(scope: Scope): Arbitrary<readonly [ColumnType, string]> {
  const filter = oneof(
    { weight: 3, arbitrary: constant('') },
    { weight: 1, arbitrary: condition(scope, 0).map((c) => ` FILTER (WHERE ${c})`) },
  );
  const distinct = oneof({ weight: 3, arbitrary: constant('') }, { weight: 1, arbitrary: constant('DISTINCT ') });
  const of = (type: ColumnType, result: ColumnType, ...names: string[]) =>
    tuple(constantFrom(...names), distinct, expression(type, scope, 1), filter).map(
      ([name, d, arg, f]) => [result, `${name}(${d}${arg})${f}`] as const,
    );
  return oneof(
    filter.map((f) => ['bigint', `count(*)${f}`] as const),
    of('text', 'bigint', 'count'),
    of('int', 'bigint', 'sum', 'count'),
    of('int', 'int', 'min', 'max'),
    of('bigint', 'bigint', 'min', 'max'),
    of('numeric', 'numeric', 'sum').map(([type, sql]) => [type, sql] as const),
    of('text', 'text', 'min', 'max'),
    of('timestamp', 'timestamp', 'min', 'max'),
    of('int', 'text', 'avg').map(([type, sql]) => [type, `(${sql})::text`] as const),
    of('bigint', 'text', 'sum').map(([type, sql]) => [type, `(${sql})::text`] as const),
  );
}

function grouping(from: Source): Arbitrary<Source> {
  const scope = scopeOf(from, 'x');
  const key = anyType(scope).chain((type) => expression(type, scope, 1).map((sql) => [type, sql] as const));
  const having = oneof(constant(''), constant(' HAVING count(*) > 1'), constant(' HAVING count(*) = 1'));
  return tuple(
    array(key, { maxLength: 2 }),
    array(aggregate(scope), { minLength: 1, maxLength: 3 }),
    where(scope),
    having,
  ).map(([keys, aggregates, filter, having]) => {
    const { list, columns } = named('g', [...keys, ...aggregates]);
    // A position names the key, so that a constant key is not taken for a position itself.
    const by = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, i) => i + 1).join(', ')}`;
    return { sql: `SELECT ${list} FROM ${from.sql} AS x${filter}${by}${having}`, columns };
  });
}

function join(left: Source, right: Source): Arbitrary<Source> {
  const pairs = left.columns.flatMap((l) =>
    right.columns.filter((r) => r.type === l.type).map((r) => `l.${l.name} = r.${r.name}`),
  );
  const scope = [...scopeOf(left, 'l'), ...scopeOf(right, 'r')];
  const residual = oneof(
    { weight: 3, arbitrary: constant('') },
    { weight: 1, arbitrary: condition(scope, 0).map((c) => ` AND ${c}`) },
  );
  const item = constantFrom(...scope).map(({ type, ref }) => [type, ref] as const);
  return tuple(
    constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'),
    constantFrom(...pairs),
    residual,
    array(item, { minLength: 1, maxLength: 4 }),
    where(scope),
  ).map(([kind, on, rest, items, filter]) => {
    const { list, columns } = named('j', items);
    return { sql: `SELECT ${list} FROM ${left.sql} AS l ${kind} ${right.sql} AS r ON ${on}${rest}${filter}`, columns };
  });
}

function setOperation(left: Source): Arbitrary<Source> {
  const types = left.columns.map(({ type }) => type);
  return tuple(constantFrom('UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT'), ...types.map((type) => literals[type])).map(
    ([operator, ...values]) => ({
      sql: `${left.sql} ${operator} SELECT ${values.join(', ')}`,
      columns: left.columns,
    }),
  );
}

const derived = (source: Source): Source => ({ sql: `(${source.sql})`, columns: source.columns });

function semiJoin(from: Source, other: Source): Arbitrary<Source> {
  const scope = scopeOf(from, 'x');
  const inner = other.columns.find(({ type }) => type === 'int')?.name ?? null;
  const outer = from.columns.find(({ type }) => type === 'int')?.name ?? null;
  if (inner === null || outer === null)
    return constant({ sql: `SELECT * FROM ${from.sql} AS x`, columns: from.columns });
  const predicate = constantFrom(
    `x.${outer} IN (SELECT y.${inner} FROM ${other.sql} AS y)`,
    `EXISTS (SELECT 1 FROM ${other.sql} AS y WHERE y.${inner} = x.${outer})`,
    `NOT EXISTS (SELECT 1 FROM ${other.sql} AS y WHERE y.${inner} = x.${outer})`,
    `x.${outer} >= (SELECT max(y.${inner}) FROM ${other.sql} AS y WHERE y.${inner} < 3)`,
    `x.${outer} > (SELECT count(*) FROM ${other.sql} AS y WHERE y.${inner} = x.${outer})`,
  );
  return tuple(predicate, condition(scope, 0), fc.boolean()).map(([p, c, both]) => ({
    sql: `SELECT ${from.columns.map(({ name }) => `x.${name}`).join(', ')} FROM ${from.sql} AS x WHERE ${p}${both ? ` AND ${c}` : ''}`,
    columns: from.columns,
  }));
}

/** The first rows by columns that are mostly not shown; `id` makes the order total. */
function topN(relations: readonly Relation[]): Arbitrary<Source> {
  return constantFrom(...relations).chain(({ name, columns }) =>
    tuple(
      constantFrom(...columns),
      constantFrom(...columns),
      constantFrom('', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'),
      integer({ min: 1, max: 4 }),
    ).map(([shown, key, direction, limit]) => ({
      sql: `SELECT x.${shown.name} AS c0 FROM ${name} AS x ORDER BY x.${key.name}${direction}, x.id LIMIT ${limit}`,
      columns: [{ name: 'c0', type: shown.type }],
    })),
  );
}

const limited = (source: Source): Arbitrary<Source> =>
  tuple(integer({ min: 0, max: 5 }), fc.boolean(), fc.boolean()).map(([limit, descending, offset]) => ({
    sql: `${source.sql} ORDER BY ${source.columns.map((_, i) => `${i + 1}${descending ? ' DESC' : ''}`).join(', ')} LIMIT ${limit}${offset ? ' OFFSET 1' : ''}`,
    columns: source.columns,
  }));

const common = (source: Source, name: string): Source => ({
  sql: `WITH ${name} AS (${source.sql}) SELECT a.*, (SELECT count(*) FROM ${name}) AS n_${name} FROM ${name} AS a`,
  columns: [...source.columns, { name: `n_${name}`, type: 'bigint' }],
});

/** A query over the relations, `depth` levels of subqueries deep at most. */
export function query(relations: readonly Relation[], depth: number): Arbitrary<Source> {
  const bottom = base(relations);
  const input =
    depth === 0
      ? bottom
      : oneof({ weight: 2, arbitrary: bottom }, { weight: 1, arbitrary: query(relations, depth - 1).map(derived) });
  const body = oneof(
    { weight: 3, arbitrary: input.chain(projection) },
    { weight: 4, arbitrary: input.chain(grouping) },
    {
      weight: 3,
      arbitrary: tuple(input, bottom).chain(([left, right]) =>
        sharesType(left, right) ? join(left, right) : projection(left),
      ),
    },
    { weight: 1, arbitrary: tuple(input, bottom).chain(([from, other]) => semiJoin(from, other)) },
    { weight: 1, arbitrary: input.chain(projection).chain(setOperation) },
  );
  return oneof(
    { weight: 6, arbitrary: body },
    { weight: 1, arbitrary: body.chain(limited) },
    { weight: 1, arbitrary: topN(relations) },
    { weight: 1, arbitrary: body.map((source) => common(source, `w${depth}`)) },
  );
}

const sharesType = (a: Source, b: Source): boolean =>
  a.columns.some(({ type }) => b.columns.some((other) => other.type === type));
