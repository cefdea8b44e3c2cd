/** Random numbers: numeric arithmetic and functions, float text, casts between number types. */
import { createHash } from 'node:crypto';
import type { Random } from '../../../src/base/random.ts';
import { castBetween } from '../../../src/types/casts.ts';
import { float4, float8 } from '../../../src/types/float.ts';
import { int2, int4, int8 } from '../../../src/types/integer.ts';
import * as n from '../../../src/types/numeric.ts';
import { averageNumeric, divNumeric, divTruncNumeric, modNumeric } from '../../../src/types/numeric-division.ts';
import { expNumeric, lnNumeric, logNumeric, powerNumeric, sqrtNumeric } from '../../../src/types/numeric-functions.ts';
import { numeric } from '../../../src/types/numeric-type.ts';
import { defaultFormat, type SqlType } from '../../../src/types/type.ts';
import { type Case, quote } from './oracle.ts';

const { formatNumeric, parseNumeric } = n;

/** Of all sizes: small integers, prices, long decimals, tiny fractions, and what stands at the edges. */
export function randomNumeric(random: Random): string {
  const edges = [
    '0',
    '0.00',
    '1',
    '-1',
    '0.5',
    '-0.5',
    '9007199254740991',
    '9007199254740993',
    '-9223372036854775808',
    '1e20',
  ];
  if (random.next() < 0.15) return edges[random.below(edges.length)] as string;
  let digits = '';
  const count = 1 + random.below(random.next() < 0.2 ? 30 : 9);
  for (let i = 0; i < count; i++) digits += random.below(10);
  const point = random.below(3) === 0 ? count : random.below(count + 1);
  const text = `${digits.slice(0, point) || '0'}${point < count ? `.${digits.slice(point)}` : ''}`;
  const zeros = random.below(6) === 0 ? `0.${'0'.repeat(random.below(12))}${digits}` : text;
  return random.below(3) === 0 ? `-${zeros}` : zeros;
}

const unary: readonly (readonly [string, (a: n.Numeric) => n.Numeric])[] = [
  ['-%', n.negateNumeric],
  ['abs(%)', n.absNumeric],
  ['floor(%)', n.floorNumeric],
  ['ceil(%)', n.ceilNumeric],
  ['round(%)', (a) => n.roundNumeric(a, 0)],
  ['trunc(%)', (a) => n.truncNumeric(a, 0)],
  ['trim_scale(%)', n.withoutTrailingZeros],
  ['sqrt(%)', sqrtNumeric],
  ['ln(%)', lnNumeric],
  ['log(%)', (a) => logNumeric(n.numericFromInt(10), a)],
];

const binary: readonly (readonly [string, (a: n.Numeric, b: n.Numeric) => n.Numeric])[] = [
  ['# + @', n.addNumeric],
  ['# - @', n.subNumeric],
  ['# * @', n.mulNumeric],
  ['# / @', divNumeric],
  ['# % @', modNumeric],
  ['div(#, @)', divTruncNumeric],
  ['log(#, @)', logNumeric],
];

export function numericArithmetic(random: Random, count: number): Case[] {
  const cases: Case[] = [];
  const literal = (text: string): string => `${quote(text)}::numeric`;
  for (let i = 0; i < count; i++) {
    const a = randomNumeric(random);
    const b = randomNumeric(random);
    for (const [sql, compute] of unary) {
      cases.push({ sql: sql.replace('%', `(${literal(a)})`), ours: () => formatNumeric(compute(parseNumeric(a))) });
    }
    for (const [sql, compute] of binary) {
      cases.push({
        sql: sql.replace('#', literal(a)).replace('@', literal(b)),
        ours: () => formatNumeric(compute(parseNumeric(a), parseNumeric(b))),
      });
    }
    const scale = random.below(40) - 15;
    for (const [name, compute] of [
      ['round', n.roundNumeric],
      ['trunc', n.truncNumeric],
    ] as const) {
      cases.push({
        sql: `${name}(${literal(a)}, ${scale})`,
        ours: () => formatNumeric(compute(parseNumeric(a), scale)),
      });
    }
    cases.push({
      sql: `(${literal(a)} < ${literal(b)}, ${literal(a)} = ${literal(b)})`,
      ours: () => {
        const order = n.compareNumeric(parseNumeric(a), parseNumeric(b));
        return `(${order < 0 ? 't' : 'f'},${order === 0 ? 't' : 'f'})`;
      },
    });
    const rows = 1 + random.below(1000);
    cases.push({
      sql: `${literal(a)} / ${rows}::bigint`,
      ours: () => formatNumeric(averageNumeric(parseNumeric(a), rows)),
    });
  }
  return cases;
}

export function powers(random: Random, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const base = (random.next() * 10 ** (random.below(6) - 2) * (random.below(4) === 0 ? -1 : 1)).toFixed(
      random.below(8),
    );
    const whole = random.below(2) === 0;
    const exponent = whole ? `${random.below(40) - 15}` : (random.next() * 8 - 4).toFixed(1 + random.below(6));
    cases.push({
      sql: `${quote(base)}::numeric ^ ${quote(exponent)}::numeric`,
      ours: () => formatNumeric(powerNumeric(parseNumeric(base), parseNumeric(exponent))),
      only15: whole,
    });
    const argument = ((random.next() - 0.5) * 10 ** random.below(4)).toFixed(random.below(12));
    cases.push({
      sql: `exp(${quote(argument)}::numeric)`,
      ours: () => formatNumeric(expNumeric(parseNumeric(argument))),
    });
    const nearOne = `${random.below(2)}.${random.below(2) === 0 ? '0'.repeat(random.below(9)) : '9'.repeat(random.below(9))}${random.below(1000)}`;
    cases.push({ sql: `ln(${quote(nearOne)}::numeric)`, ours: () => formatNumeric(lnNumeric(parseNumeric(nearOne))) });
  }
  const fixed = [
    ['0', '0'],
    ['0', '1.5'],
    ['0', '-1'],
    ['-8', '0.5'],
    ['-8', '3.00'],
    ['1.0000001', '100000'],
    ['10', '-300'],
    ['10', '200'],
    ['NaN', '0'],
    ['1', 'NaN'],
    ['Infinity', '-2'],
    ['-Infinity', '3'],
    ['-Infinity', '4'],
    ['0.5', 'Infinity'],
    ['-1', '-Infinity'],
    ['0', 'Infinity'],
    ['0', '-Infinity'],
    ['2', '100000'],
    ['2', '1e10'],
    ['0.5', '1e10'],
    ['1.5', '30000.5'],
    ['-2', 'Infinity'],
  ] as const;
  for (const [base, exponent] of fixed) {
    cases.push({
      sql: `md5((${quote(base)}::numeric ^ ${quote(exponent)}::numeric)::text)`,
      ours: () => md5(formatNumeric(powerNumeric(parseNumeric(base), parseNumeric(exponent)))),
      only15: true,
    });
  }
  return cases;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export function specialNumerics(): Case[] {
  const specials = ['NaN', 'Infinity', '-Infinity', '0', '1.50', '-2'];
  return specials.flatMap((a) =>
    specials.flatMap((b) =>
      binary.map(
        ([sql, compute]): Case => ({
          sql: sql.replace('#', `${quote(a)}::numeric`).replace('@', `${quote(b)}::numeric`),
          ours: () => formatNumeric(compute(parseNumeric(a), parseNumeric(b))),
        }),
      ),
    ),
  );
}

export function numericTypmods(random: Random, count: number): Case[] {
  return Array.from({ length: count }, (): Case => {
    const text = randomNumeric(random);
    const precision = 1 + random.below(12);
    const scale = random.below(16) - 4;
    return {
      sql: `${quote(text)}::numeric(${precision}, ${scale})`,
      ours: () => {
        const typmod = numeric.parseTypmod?.([precision, scale]) as number;
        return formatNumeric(numeric.applyTypmod?.(parseNumeric(text), typmod, true) as n.Numeric);
      },
    };
  });
}

// ----------------------------------------------------------------------------------------------------------- floats

const bits = new DataView(new ArrayBuffer(8));

/** Any bit pattern, so that all exponents come; or an integer power of ten, where printing changes its form. */
function randomDouble(random: Random): number {
  if (random.below(4) === 0) return Number(`${1 + random.below(99)}e${random.below(50) - 25}`);
  bits.setUint32(0, random.below(2 ** 32));
  bits.setUint32(4, random.below(2 ** 32));
  return bits.getFloat64(0);
}

function randomSingle(random: Random): number {
  if (random.below(4) === 0) return Math.fround(Number(`${1 + random.below(99)}e${random.below(20) - 10}`));
  bits.setUint32(0, random.below(8) === 0 ? random.below(512) * 2 ** 23 : random.below(2 ** 32)); // Powers of two, too.
  return bits.getFloat32(0);
}

export function floatTexts(random: Random, count: number): Case[] {
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const double = randomDouble(random);
    const single = randomSingle(random);
    const exact = Number.isFinite(double) ? double.toExponential(20) : `${double}`;
    const exactSingle = Number.isFinite(single) ? single.toExponential(20) : `${single}`;
    cases.push({ sql: `${quote(exact)}::float8`, ours: () => float8.format(double, defaultFormat) });
    cases.push({ sql: `${quote(exactSingle)}::float4`, ours: () => float4.format(single, defaultFormat) });
    const near = Number.isFinite(double) ? double.toPrecision(1 + random.below(17)) : 'NaN';
    cases.push({
      sql: `${quote(near)}::float8`,
      ours: () => float8.format(float8.parse(near, defaultFormat), defaultFormat),
    });
    const nearSingle = Number.isFinite(single) ? single.toPrecision(1 + random.below(17)) : 'Infinity';
    cases.push({
      sql: `${quote(nearSingle)}::float4`,
      ours: () => float4.format(float4.parse(nearSingle, defaultFormat), defaultFormat),
    });
    cases.push({ sql: `${quote(exact)}::float8::numeric`, ours: () => formatNumeric(n.numericFromDouble(double)) });
  }
  for (const text of [
    '1e400',
    '1e-400',
    '1e-320',
    '0x1F',
    ' 12.5 ',
    '.',
    '1e',
    'infinity',
    '-inf',
    'nanx',
    '+5',
    '',
    '1_000',
  ]) {
    cases.push({
      sql: `${quote(text)}::float8`,
      ours: () => float8.format(float8.parse(text, defaultFormat), defaultFormat),
    });
  }
  return cases;
}

// ------------------------------------------------------------------------------------------------------------ casts

export function numberCasts(random: Random, count: number): Case[] {
  const types = [int2, int4, int8, float4, float8, numeric];
  const cases: Case[] = [];
  for (let i = 0; i < count; i++) {
    const size = 10 ** random.below(21);
    const text = random.below(3) === 0 ? `${random.below(70000) - 35000}.5` : ((random.next() - 0.5) * size).toFixed(3);
    for (const from of types) {
      for (const to of types) {
        if (from === to) continue;
        const literal = from === float4 || from === float8 || from === numeric ? text : text.replace(/\..*/, '');
        cases.push({ sql: `${quote(literal)}::${from.name}::${to.name}`, ours: () => cast(literal, from, to) });
      }
    }
  }
  for (const special of ['NaN', 'Infinity', '-Infinity', '1e300', '1e-300']) {
    for (const from of [float8, numeric]) {
      for (const to of types) {
        if (from !== to)
          cases.push({ sql: `${quote(special)}::${from.name}::${to.name}`, ours: () => cast(special, from, to) });
      }
    }
  }
  return cases;
}

function cast(literal: string, from: SqlType, to: SqlType): string {
  const value = castBetween(from, to)?.convert(from.parse(literal, defaultFormat), defaultFormat);
  return to.format(value ?? null, defaultFormat);
}
