/** Random JSON, arrays, text and bytea: reading, printing, order, and what is wrong with wrong ones. */
import type { Random } from '../../../src/base/random.ts';
import { bool } from '../../../src/types/boolean.ts';
import { bytea } from '../../../src/types/bytea.ts';
import type { Value } from '../../../src/types/column.ts';
import { int2, int4, int8 } from '../../../src/types/integer.ts';
import { interval } from '../../../src/types/interval.ts';
import { json, jsonb } from '../../../src/types/json.ts';
import { numeric } from '../../../src/types/numeric-type.ts';
import { oid, pgLsn, tid } from '../../../src/types/oid.ts';
import { arrayOf } from '../../../src/types/registry.ts';
import { bpchar, char, name, text, varchar } from '../../../src/types/text.ts';
import { defaultFormat, type SqlType } from '../../../src/types/type.ts';
import { uuid } from '../../../src/types/uuid.ts';
import { type Case, quote } from './oracle.ts';

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)] as T;

const read = (type: SqlType, literal: string): string => type.format(type.parse(literal, defaultFormat), defaultFormat);

const reads = (type: SqlType, sqlName: string, literals: readonly string[], only15 = false): Case[] =>
  literals.map((literal) => ({ sql: `${quote(literal)}::${sqlName}`, ours: () => read(type, literal), only15 }));

const order = (type: SqlType, sqlName: string, a: string, b: string): Case => ({
  sql: `(select case when x < y then -1 when x = y then 0 else 1 end from (values (${quote(a)}::${sqlName}, ${quote(b)}::${sqlName})) v(x, y))`,
  ours: () => {
    const [left, right] = [type.parse(a, defaultFormat), type.parse(b, defaultFormat)] as [Value, Value];
    const result = Math.sign(type.compare(left, right));
    const sameKey = type.hashKey(left) === type.hashKey(right);
    return sameKey === (result === 0)
      ? `${result}`
      : `compare ${result}, but hash keys ${sameKey ? 'equal' : 'differ'}`;
  },
});

// ------------------------------------------------------------------------------------------------------------ json

const strings = ['a', 'b', 'aa', 'é', '😀', 'ﬀ', 'key', '', 'a"b', 'x\\y', 'tab\t', 'line\n', '\u0001', 'zz', '日本'];

function randomJson(random: Random, depth: number): string {
  const space = (): string => pick(random, ['', '', ' ', '\n', '\t ']);
  switch (random.below(depth > 0 ? 8 : 6)) {
    case 0:
      return pick(random, ['null', 'true', 'false']);
    case 1:
    case 2:
      return pick(random, [
        '0',
        '-0',
        '1',
        '1.0',
        '1.50',
        '-12.5e3',
        '1e-5',
        '1E+2',
        '12345678901234567890.123',
        '0.10',
      ]);
    case 3:
    case 4:
    case 5:
      return JSON.stringify(pick(random, strings)).replace('é', random.below(2) === 0 ? '\\u00e9' : 'é');
    case 6:
      return `[${space()}${Array.from({ length: random.below(4) }, () => randomJson(random, depth - 1)).join(`${space()},${space()}`)}${space()}]`;
    default: {
      const fields = Array.from(
        { length: random.below(5) },
        () => `${JSON.stringify(pick(random, strings))}${space()}:${space()}${randomJson(random, depth - 1)}`,
      );
      return `{${space()}${fields.join(`${space()},`)}${space()}}`;
    }
  }
}

export function jsonTexts(random: Random, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const a = randomJson(random, 3);
    const b = random.below(4) === 0 ? a : randomJson(random, 2);
    cases.push(...reads(jsonb, 'jsonb', [a]), ...reads(json, 'json', [a]), order(jsonb, 'jsonb', a, b));
  }
  return cases;
}

export function brokenJson(random: Random, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const good = [...randomJson(random, 3)]; // By character, so that no surrogate stands alone.
    const at = random.below(good.length + 1);
    const bad =
      good.slice(0, at).join('') +
      pick(random, ['', 'x', '}', ',', ':', '"', '\\', '1', '.', '-', '\u0002', '\\u12', '\\ud800']) +
      good.slice(at + random.below(3)).join('');
    cases.push(...reads(jsonb, 'jsonb', [bad], true), ...reads(json, 'json', [bad], true));
  }
  const odd = [
    '',
    ' ',
    '01',
    '1.',
    '.5',
    '1e',
    '+1',
    'nul',
    'nulls',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '"\\u0000"',
    '"\\udc00"',
    '"\\ud83d\\ude00"',
    '1 2',
    '[1}',
    "'a'",
  ];
  return [...cases, ...reads(jsonb, 'jsonb', odd, true), ...reads(json, 'json', odd, true)];
}

// ---------------------------------------------------------------------------------------------------------- arrays

function randomArray(random: Random, depth: number, width: number): string {
  if (depth > 1) return `{${Array.from({ length: width }, () => randomArray(random, depth - 1, width)).join(',')}}`;
  const element = (): string =>
    pick(random, [
      '1',
      '22',
      'NULL',
      'null',
      ' 3 ',
      '"4"',
      'a b',
      '"a,b"',
      '"NULL"',
      '""',
      '"x\\"y"',
      'back\\\\slash',
      'q\\,r',
      'é',
      'a\\ ',
    ]);
  return `{${Array.from({ length: width }, element).join(pick(random, [',', ', ', ' ,']))}}`;
}

export function arrayTexts(random: Random, count: number): Case[] {
  const ofText = arrayOf(text) as SqlType;
  const ofInts = arrayOf(int4) as SqlType;
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const width = 1 + random.below(3);
    const depth = 1 + random.below(3);
    const literal = randomArray(random, depth, width);
    const lower = random.below(5) - 2;
    const bounds = `[${lower}:${lower + width - 1}]`.repeat(depth);
    cases.push(...reads(ofText, 'text[]', [literal, `${bounds}=${literal}`]));
    const numbers = (): string =>
      `{${Array.from({ length: random.below(4) }, () => pick(random, ['1', '2', '-3', 'NULL'])).join()}}`;
    cases.push(order(ofInts, 'int[]', numbers(), numbers()));
  }
  const wellFormed = [
    '{}',
    ' { } ',
    '[2:3]={1,2}',
    '[0:0]={{1}}'.replace('{{1}}', '{1}'),
    '{1,2}  ',
    '{"1" ,2}',
    '{{1,2},{3,4}}',
  ];
  const odd = [
    '',
    '{',
    '}',
    '{1',
    '{1,',
    '{{},{}}',
    '{{}}',
    '{1,}',
    '{,1}',
    '{1 2}x',
    '{1}x',
    '1,2',
    '{{1},{2,3}}',
    '{1,{2}}',
    '{{1},2}',
    '[1:2]={1}',
    '[2:1]={}',
    '{"a}',
    '{"a"b}',
    '{a"b"}',
    '{{{{{{{1}}}}}}}',
    '[1:]={1}',
    '{x}',
  ];
  return [...cases, ...reads(ofInts, 'int[]', wellFormed), ...reads(ofInts, 'int[]', odd, true)];
}

// ------------------------------------------------------------------------------------------------------- small types

export function smallTypes(): Case[] {
  return [
    ...booleans(['t', 'TRUE', ' yes ', 'on', 'of', 'OFF', 'n', '1', '0', 'o', '2', '', 'truee']),
    ...reads(int2, 'int2', ['32767', '32768', '-32768', ' 7 ', '+5', '', '-', '1.0', 'abc', '1 2']),
    ...reads(int4, 'int4', ['2147483647', '2147483648', '-2147483649', '99999999999999999999']),
    ...reads(int8, 'int8', [
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '9007199254740993',
      '-0',
    ]),
    ...reads(oid, 'oid', ['4294967295', '4294967296', '-1', 'x', '']),
    ...reads(tid, 'tid', ['(0,1)', '(4294967295,65535)', '(1,65536)', 'x']),
    ...reads(pgLsn, 'pg_lsn', ['0/0', '16/B374D848', 'ffffffff/00000001', '1', '0/123456789', 'g/0']),
    ...reads(uuid, 'uuid', [
      'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
      '{a0eebc999c0b4ef8bb6d6bb9bd380a11}',
      'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11',
      'a0eebc99',
      '',
    ]),
    ...reads(bytea, 'bytea', [
      '\\x',
      '\\xDEADbeef',
      '\\xde ad',
      '\\x1',
      '\\xzz',
      'abc\\000\\\\é',
      '\\',
      '\\9',
      '\\377',
    ]),
    ...reads(name, 'name', ['x'.repeat(70), 'é'.repeat(40)]),
    ...reads(char, '"char"', ['', 'abc']),
    ...reads(interval, 'interval', ['1 day']),
  ];
}

/** A boolean cast to text is spelled out; its own text is one letter. */
const booleans = (literals: readonly string[]): Case[] =>
  literals.map((literal) => ({ sql: `concat(${quote(literal)}::bool)`, ours: () => read(bool, literal) }));

/** Length and padding of the character types, with and without an explicit cast. */
export function lengthModifiers(): Case[] {
  const texts = ['', 'a', 'ab', 'abc ', 'abcd', 'abc  ', 'éé😀x', '   '];
  return texts.flatMap((value) =>
    [varchar, bpchar].flatMap((type) =>
      [1, 3, 5].map(
        (n): Case => ({
          sql: `concat('[', ${quote(value)}::${type === varchar ? 'varchar' : 'char'}(${n})::text, ']', ${n})`,
          ours: () => {
            const cut = type.applyTypmod?.(value, type.parseTypmod?.([n]) as number, true) as string;
            return `[${type === bpchar ? cut.replace(/ +$/, '') : cut}]${n}`;
          },
        }),
      ),
    ),
  );
}

export function textOrder(random: Random, count: number): Case[] {
  const letters = ['a', 'B', 'é', 'ﬀ', '😀', '\uffee', ' ', 'z'];
  return Array.from({ length: count }, () => {
    const word = (): string => Array.from({ length: random.below(4) }, () => pick(random, letters)).join('');
    const [a, b] = [word(), word()];
    return [order(text, 'text collate "C"', a, b), order(bpchar, 'bpchar collate "C"', a, b)];
  }).flat();
}

export function typeNames(): Case[] {
  const shapes: readonly (readonly [SqlType, readonly number[]])[] = [
    [varchar, [40]],
    [bpchar, [3]],
    [numeric, [12, 2]],
    [numeric, [5]],
    [numeric, [3, -2]],
  ];
  return shapes.map(
    ([type, args]): Case => ({
      sql: `format_type(${type.oid}, ${type.parseTypmod?.(args)})`,
      ours: () => `${type.displayName}${type.formatTypmod?.(type.parseTypmod?.(args) as number)}`,
    }),
  );
}
