/** Rows out of arrays and texts: unnest, string_to_table, regexp_split_to_table, regexp_matches; and pg_get_keywords. */
import type { SqlArray } from '../../types/array.ts';
import { SqlArray as ArrayValue } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import type { Value } from '../../types/column.ts';
import { char, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { splitText } from '../functions/array.ts';
import { textArray } from '../functions/array-types.ts';
import { allMatches, splitByPattern } from '../functions/regex.ts';
import { defineTableFunction, type TableFunction } from './define.ts';
import { keywordRows } from './keywords.ts';

const rowsOf = (values: readonly Value[]): (readonly Value[])[] => values.map((value) => [value]);
const oneColumn = (name: string, type: SqlType) => () => [{ name, type }];

function* matchRows(s: string, pattern: string, flags: string): Generator<readonly Value[]> {
  const isGlobal = flags.includes('g');
  for (const match of allMatches(s, pattern, flags)) {
    const groups = match.length > 1 ? match.slice(1) : [match[0]];
    yield [ArrayValue.of(groups.map((group) => group ?? null))];
    if (!isGlobal) return;
  }
}

export const splitFunctions: readonly TableFunction[] = [
  defineTableFunction({
    name: 'unnest',
    args: ['anyarray'],
    columns: ([type]) => [{ name: 'unnest', type: (type as SqlType).element as SqlType }],
    doc: 'The elements of an array, one a row.',
    examples: [["SELECT * FROM unnest(ARRAY['foo', 'bar'])", 'foo\nbar']],
    rows: (_, [array]) => rowsOf((array as SqlArray).elements),
  }),
  defineTableFunction({
    name: 'string_to_table',
    args: [text, text, text],
    optional: 1,
    strict: false,
    columns: oneColumn('string_to_table', text),
    doc: 'The parts between delimiters, one a row; those equal to the third text become NULL.',
    examples: [["SELECT * FROM string_to_table('xx~^~yy', '~^~')", 'xx\nyy']],
    rows: (_, [s, delimiter, nullText = null]) =>
      s === null ? [] : rowsOf(splitText(s as string, delimiter as string | null, nullText as string | null)),
  }),
  defineTableFunction({
    name: 'regexp_split_to_table',
    args: [text, text, text],
    optional: 1,
    columns: oneColumn('regexp_split_to_table', text),
    doc: 'The parts between matches of a regular expression, one a row.',
    examples: [["SELECT * FROM regexp_split_to_table('hello world', '\\s+')", 'hello\nworld']],
    rows: (_, [s, pattern, flags = '']) => rowsOf(splitByPattern(s as string, pattern as string, flags as string)),
  }),
  defineTableFunction({
    name: 'regexp_matches',
    args: [text, text, text],
    optional: 1,
    columns: oneColumn('regexp_matches', textArray),
    doc: 'The groups of the first match, or with the flag g of every match, one a row.',
    examples: [["SELECT * FROM regexp_matches('foobarbequebaz', 'ba.', 'g')", '{bar}\n{baz}']],
    rows: (_, [s, pattern, flags = '']) => matchRows(s as string, pattern as string, flags as string),
  }),
  defineTableFunction({
    name: 'pg_get_keywords',
    args: [],
    columns: () => [
      { name: 'word', type: text },
      { name: 'catcode', type: char },
      { name: 'barelabel', type: bool },
      { name: 'catdesc', type: text },
      { name: 'baredesc', type: text },
    ],
    volatility: 'stable',
    doc: 'The keywords of SQL and where each may still be a name.',
    examples: [["SELECT word, catcode FROM pg_get_keywords() WHERE word = 'select'", 'select|R']],
    rows: keywordRows,
  }),
];
