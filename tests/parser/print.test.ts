/** What print writes, parse reads back as the same tree. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { parseExpression, parseStatements } from '../../src/parser/parse.ts';
import { printExpr, printStatement, printType } from '../../src/parser/print.ts';
import { ironed, withoutPositions } from './compare-trees.ts';
import { readRecorded, readStatements } from './corpus.ts';
import { randomExpression, randomQuery } from './random-sql.ts';

/** The spelling of a cast is kept by print, but `::` and CAST of a type in quotes may differ in nothing else. */
const shape = (tree: unknown) => withoutPositions(ironed(tree));

function roundTrip(sql: string): void {
  for (const { statement } of parseStatements(sql)) {
    if (statement.kind === 'unsupported') continue;
    const printed = printStatement(statement);
    const again = parseStatements(printed).map((parsed) => shape(parsed.statement));
    // Comparing texts is many times faster than toEqual on trees of this size.
    if (JSON.stringify(again) !== JSON.stringify([shape(statement)])) expect.fail(`${sql}\n  printed as ${printed}`);
  }
}

test.each(['postgres.sql', 'streaming.sql'] as const)('every statement of %s reads back the same', (file) => {
  const statements = readStatements(file);
  for (const sql of statements) {
    for (const { statement } of parseStatements(sql)) expect(statement.kind, sql).not.toBe('unsupported');
    roundTrip(sql);
  }
});

test('the recorded statements of clients read back the same', () => {
  for (const sql of readRecorded() ?? []) roundTrip(sql);
});

test('random expressions read back the same', () => {
  const random = new Random(7);
  for (let i = 0; i < 10_000; i++) {
    const sql = randomExpression(random);
    let expr: ReturnType<typeof parseExpression>;
    try {
      expr = parseExpression(sql);
    } catch {
      continue;
    }
    const printed = printExpr(expr);
    if (JSON.stringify(shape(parseExpression(printed))) !== JSON.stringify(shape(expr))) {
      expect.fail(`${sql}\n  printed as ${printed}`);
    }
  }
});

test('random queries read back the same', () => {
  const random = new Random(11);
  for (let i = 0; i < 1_500; i++) roundTrip(randomQuery(random));
});

test('any text survives as a string and any name as an identifier', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = printExpr({ kind: 'constant', at: 0, type: 'string', text });
      expect(parseExpression(quoted)).toMatchObject({ kind: 'constant', type: 'string', text });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 15 }), (name) => {
      const printed = printExpr({ kind: 'column-ref', at: 0, parts: [name] });
      expect(parseExpression(printed)).toMatchObject({ kind: 'column-ref', parts: [name] });
    }),
  );
});

test('print writes the parentheses that are needed and no others', () => {
  const cases = [
    ['(a + b) * c', '(a + b) * c'],
    ['(a * b) + c', 'a * b + c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a or b) and not (c and d)', '(a OR b) AND NOT (c AND d)'],
    ['(a = b) is null', 'a = b IS NULL'],
    ['(a is null) = b', '(a IS NULL) = b'],
    ['(-1)::int', '(-1)::integer'],
    ['- (a ^ b)', '-(a ^ b)'],
    ['a between (b and c) and d', 'a BETWEEN (b AND c) AND d'],
    ["cast(interval '1' day as text)", "CAST(interval '1' day AS text)"],
    ['((a)).b', '(a).b'],
    ['"Select" || "x y" || x', '"Select" || "x y" || x'],
  ] as const;
  for (const [sql, expected] of cases) expect(printExpr(parseExpression(sql))).toBe(expected);
});

test('types print in the spelling of the standard', () => {
  const cases = [
    ['int4', 'int4'],
    ['int', 'integer'],
    ['float(53)', 'double precision'],
    ['timestamp(3) with time zone', 'timestamp(3) with time zone'],
    ['character varying(5)[]', 'varchar(5)[]'],
    ['interval day to second(2)', 'interval day to second(2)'],
    ['dec(4,2)', 'numeric(4, 2)'],
  ] as const;
  for (const [sql, expected] of cases) {
    const expr = parseExpression(`CAST(a AS ${sql})`);
    expect(expr.kind === 'cast' && printType(expr.type)).toBe(expected);
  }
});
