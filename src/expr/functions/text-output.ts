/** Text made of values of any type: concat, format, quoting, text || anything. */
import { invalidParameterValue, SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { SqlArray } from '../../types/array.ts';
import { castBetween } from '../../types/casts.ts';
import type { Value } from '../../types/column.ts';
import { text } from '../../types/text.ts';
import type { FormatSettings, SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import { textArray } from './array-types.ts';
import { define, defineFunction, type ScalarFunction } from './define.ts';
import { splitQualifiedName } from './names.ts';
import { outputVolatility } from './output-volatility.ts';

/** The value cast to text: as it is printed, but booleans in full. */
export function castToText(type: SqlType, value: Value, settings: FormatSettings): string {
  const cast = type === text ? undefined : castBetween(type, text);
  return cast === undefined ? type.format(value, settings) : (cast.convert(value, settings) as string);
}

const print = (context: EvalContext, type: SqlType | undefined, value: Value): string | null =>
  value === null ? null : (type ?? text).format(value, context.format);

/** Settled by the types of the arguments; until then, stable. */
const stable = { volatility: 'stable', context: true } as const;
const byTypes = { ...stable, volatilityFor: outputVolatility } as const;

// ---------------------------------------------------------------------------------------------- concat and format

const concatenation: ScalarFunction[] = [
  defineFunction({
    name: 'concat',
    args: ['any'],
    variadic: true,
    result: text,
    ...byTypes,
    strict: false,
    doc: 'All arguments as text, one after the other; NULLs are passed over.',
    examples: [["concat('abcde', 2, NULL, 22)", 'abcde222']],
    evalFor:
      (types) =>
      (context: EvalContext, ...values: Value[]) =>
        values.map((value, i) => print(context, types[i], value) ?? '').join(''),
  }),
  defineFunction({
    name: 'concat_ws',
    args: [text, 'any'],
    variadic: true,
    result: text,
    ...byTypes,
    strict: false,
    doc: 'The arguments behind the first as text, joined with the first; NULLs are passed over.',
    examples: [["concat_ws(',', 'abcde', 2, NULL, 22)", 'abcde,2,22']],
    evalFor:
      (types) =>
      (context: EvalContext, separator: string | null, ...values: Value[]) => {
        if (separator === null) return null;
        const parts = values.map((value, i) => print(context, types[i + 1], value));
        return parts.filter((part) => part !== null).join(separator);
      },
  }),
];

const badFormat = (message: string, hint?: string) => invalidParameterValue(message, { hint });

/** One `%…` of a format string: position, flag, width, kind. */
const specifier = /%(?:%|(?:(\d+)\$)?(-)?(?:(\d+)|\*(?:(\d+)\$)?)?([\s\S])?)/g;

function formatText(
  types: readonly SqlType[],
  context: EvalContext,
  template: string,
  values: readonly Value[],
): string {
  let next = 0;
  const take = (position: string | undefined): number => {
    const index = position === undefined ? next : Number(position) - 1;
    if (index < 0) throw badFormat('format specifies argument 0, but arguments are numbered from 1');
    if (index >= values.length) throw badFormat('too few arguments for format()');
    next = index + 1;
    return index;
  };
  return template.replaceAll(specifier, (whole, position, minus, digits, widthPosition, kind) => {
    if (whole === '%%') return '%';
    if (kind === undefined) {
      throw badFormat('unterminated format() type specifier', 'For a single "%" use "%%".');
    }
    let width = digits === undefined ? 0 : Number(digits);
    if (whole.includes('*')) width = Number(values[take(widthPosition)] ?? 0);
    if (!'sIL'.includes(kind)) {
      throw badFormat(`unrecognized format() type specifier "${kind}"`, 'For a single "%" use "%%".');
    }
    const index = take(position);
    const shown = convertForFormat(kind, print(context, types[index], values[index] as Value));
    return minus === undefined && width >= 0 ? shown.padStart(width) : shown.padEnd(Math.abs(width));
  });
}

function convertForFormat(kind: string, value: string | null): string {
  if (kind === 's') return value ?? '';
  if (kind === 'L') return value === null ? 'NULL' : quoteLiteral(value);
  if (value === null)
    throw new SqlError(SqlState.nullValueNotAllowed, 'null values cannot be formatted as an SQL identifier');
  return quoteIdentifier(value);
}

const formats: ScalarFunction[] = [
  define(
    'format',
    [text],
    text,
    'The text, with %% for a percent sign.',
    [["format('100%%')", '100%']],
    (context: EvalContext, template: string) => formatText([], context, template, []),
    stable,
  ),
  defineFunction({
    name: 'format',
    args: [text, 'any'],
    variadic: true,
    result: text,
    ...byTypes,
    strict: false,
    doc: 'The text with %s, %I (an identifier) and %L (a literal) replaced by the arguments; %2$s takes the second.',
    examples: [
      ["format('Hello %s, %1$s', 'World')", 'Hello World, World'],
      ["format('%I = %L', 'Col', 'it''s')", "\"Col\" = 'it''s'"],
    ],
    evalFor:
      (types) =>
      (context: EvalContext, template: string | null, ...values: Value[]) =>
        template === null ? null : formatText(types.slice(1), context, template, values),
  }),
];

// -------------------------------------------------------------------------------------------------------- quoting

const quoting: ScalarFunction[] = [
  define(
    'quote_ident',
    [text],
    text,
    'The text as an SQL identifier, quoted where needed.',
    [
      ["quote_ident('Foo bar')", '"Foo bar"'],
      ["quote_ident('foo')", 'foo'],
    ],
    quoteIdentifier,
  ),
  define(
    'quote_literal',
    [text],
    text,
    'The text as an SQL literal.',
    [["quote_literal('O''Reilly')", "'O''Reilly'"]],
    quoteLiteral,
  ),
  define(
    'quote_nullable',
    [text],
    text,
    'The text as an SQL literal, NULL as the word NULL.',
    [['quote_nullable(NULL)', 'NULL']],
    (s: string | null) => (s === null ? 'NULL' : quoteLiteral(s)),
    { strict: false },
  ),
  defineFunction({
    name: 'quote_literal',
    args: ['anyelement'],
    result: text,
    ...byTypes,
    doc: 'The value as an SQL literal.',
    examples: [['quote_literal(42.5)', "'42.5'"]],
    evalFor:
      ([type]) =>
      (context: EvalContext, value: Value) =>
        quoteLiteral(castToText(type as SqlType, value, context.format)),
  }),
  defineFunction({
    name: 'quote_nullable',
    args: ['anyelement'],
    result: text,
    ...byTypes,
    strict: false,
    doc: 'The value as an SQL literal, NULL as the word NULL.',
    examples: [['quote_nullable(42.5)', "'42.5'"]],
    evalFor:
      ([type]) =>
      (context: EvalContext, value: Value) =>
        value === null ? 'NULL' : quoteLiteral(castToText(type as SqlType, value, context.format)),
  }),
  define(
    'parse_ident',
    [text],
    textArray,
    'The parts of a qualified name.',
    [[`parse_ident('"SomeSchema".sometable')`, '{SomeSchema,sometable}']],
    (s: string) => SqlArray.of(splitQualifiedName(s)),
  ),
];

export const textOutputFunctions: readonly ScalarFunction[] = [...concatenation, ...formats, ...quoting];

/** Text beside anything that is not an array. */
export const textOutputOperators: readonly ScalarFunction[] = [
  defineFunction({
    name: '||',
    args: [text, 'anynonarray'],
    result: text,
    ...byTypes,
    doc: 'The text, then the value as text.',
    examples: [["'Value: ' || 42", 'Value: 42']],
    evalFor:
      ([, type]) =>
      (context: EvalContext, a: string, b: Value) =>
        a + castToText(type as SqlType, b, context.format),
  }),
  defineFunction({
    name: '||',
    args: ['anynonarray', text],
    result: text,
    ...byTypes,
    doc: 'The value as text, then the text.',
    examples: [["42 || ' is the value'", '42 is the value']],
    evalFor:
      ([type]) =>
      (context: EvalContext, a: Value, b: string) =>
        castToText(type as SqlType, a, context.format) + b,
  }),
];
