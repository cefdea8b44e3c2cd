/** to_char, to_date, to_timestamp, to_number: values as text by a picture, and back. The pictures are read in *-picture.ts. */

import { MICROS_PER_SECOND } from '../../types/calendar.ts';
import { date } from '../../types/date.ts';
import { sessionZone } from '../../types/date-time-parse.ts';
import { float4, float8 } from '../../types/float.ts';
import { addInt, type Int } from '../../types/int64.ts';
import { int4, int8 } from '../../types/integer.ts';
import { interval } from '../../types/interval.ts';
import { numericFromDouble, numericFromInt } from '../../types/numeric.ts';
import { numeric } from '../../types/numeric-type.ts';
import { text } from '../../types/text.ts';
import { localToUtc } from '../../types/time-zone.ts';
import { timestamp, timestamptz } from '../../types/timestamp.ts';
import type { EvalContext } from '../context.ts';
import { dateByPicture, readByPicture } from './date-from-char.ts';
import { intervalToChar, timestampToChar, timestamptzToChar } from './date-to-char.ts';
import { define, type ScalarFunction } from './define.ts';
import { numberByPicture, numericToChar } from './number-picture.ts';

const inSession = { volatility: 'stable', context: true } as const;
const doc = 'The value as text, by a picture.';

function readTimestamptz(context: EvalContext, value: string, picture: string): Int {
  const { local, offset } = readByPicture(value, picture);
  return offset === null ? localToUtc(local, sessionZone(context.format)) : addInt(local, -offset * MICROS_PER_SECOND);
}

export const pictureFunctions: readonly ScalarFunction[] = [
  define(
    'to_char',
    [timestamp, text],
    text,
    doc,
    [
      ["to_char(timestamp '2002-04-20 17:31:12.66', 'HH12:MI:SS')", '05:31:12'],
      ["to_char(timestamp '2002-04-20', 'FMDay, DDth Mon YYYY')", 'Saturday, 20th Apr 2002'],
    ],
    timestampToChar,
  ),
  define(
    'to_char',
    [timestamptz, text],
    text,
    `${doc} Clocks are those of the session’s zone.`,
    [["to_char(timestamptz '2002-04-20 17:31:12+00', 'YYYY-MM-DD')", '2002-04-20']],
    (c: EvalContext, value: Int, picture: string) => timestamptzToChar(value, picture, sessionZone(c.format)),
    inSession,
  ),
  define(
    'to_char',
    [interval, text],
    text,
    doc,
    [["to_char(interval '15h 2m 12s', 'HH24:MI:SS')", '15:02:12']],
    intervalToChar,
  ),
  define(
    'to_char',
    [numeric, text],
    text,
    doc,
    [
      ["to_char(-125.8, '999D99S')", '125.80-'],
      ["to_char(1234.5, 'FM9,990.00')", '1,234.50'],
    ],
    numericToChar,
  ),
  define('to_char', [int4, text], text, doc, [["to_char(125, '999')", ' 125']], (value: number, picture: string) =>
    numericToChar(numericFromInt(value), picture),
  ),
  define(
    'to_char',
    [int8, text],
    text,
    doc,
    [["to_char(125::int8, '00999')", ' 00125']],
    (value: Int, picture: string) => numericToChar(numericFromInt(value), picture),
  ),
  define(
    'to_char',
    [float8, text],
    text,
    doc,
    [["to_char(125.8::float8, '999D9')", ' 125.8']],
    (value: number, picture: string) => numericToChar(numericFromDouble(value), picture),
  ),
  define(
    'to_char',
    [float4, text],
    text,
    doc,
    [["to_char(125.8::float4, '999D9')", ' 125.8']],
    (value: number, picture: string) => numericToChar(numericFromDouble(value, 6), picture),
  ),
  define(
    'to_date',
    [text, text],
    date,
    'A date out of text, by a picture.',
    [["to_date('05 Dec 2000', 'DD Mon YYYY')", '2000-12-05']],
    dateByPicture,
  ),
  define(
    'to_timestamp',
    [text, text],
    timestamptz,
    'A moment out of text, by a picture, in the session’s zone unless the text gives one.',
    [["to_timestamp('05 Dec 2000', 'DD Mon YYYY') = '2000-12-05'::timestamptz", 't']],
    readTimestamptz,
    inSession,
  ),
  define(
    'to_number',
    [text, text],
    numeric,
    'A number out of text, by a picture.',
    [["to_number('12,454.8-', '99G999D9S')", '-12454.8']],
    numberByPicture,
  ),
];
