/** Values that provoke: few distinct ones, so that keys meet again, among them every form that differs only in print. */
import type { Random } from '../../src/base/random.ts';
import { bool } from '../../src/types/boolean.ts';
import { bytea } from '../../src/types/bytea.ts';
import type { Value } from '../../src/types/column.ts';
import { float8 } from '../../src/types/float.ts';
import { int4, int8 } from '../../src/types/integer.ts';
import { interval } from '../../src/types/interval.ts';
import { jsonb } from '../../src/types/json.ts';
import { numeric } from '../../src/types/numeric-type.ts';
import { arrayOf } from '../../src/types/registry.ts';
import { bpchar, text } from '../../src/types/text.ts';
import { defaultFormat, type SqlType } from '../../src/types/type.ts';
import { uuid } from '../../src/types/uuid.ts';

export { bool, bpchar, bytea, float8, int4, int8, jsonb, numeric, text, uuid };

export const numericArray = arrayOf(numeric) as SqlType;

const samples = new Map<SqlType, readonly string[]>([
  [int4, ['0', '1', '-1', '2147483647', '-2147483648', '77']],
  [int8, ['0', '1', '-1', '4294967296', '9223372036854775807', '-9223372036854775808', '9007199254740993']],
  [float8, ['0', '-0', 'NaN', 'Infinity', '-Infinity', '1.5', '1e300', '-2.25']],
  [bool, ['t', 'f']],
  [text, ['', 'a', 'a ', 'b', 'ä', '\uff5e', '\u{1f600}', 'a rather longer text, with more than a word of it']],
  [bpchar, ['', ' ', 'a', 'a ', 'a  ', 'b', 'ß']],
  [
    numeric,
    [
      '0',
      '0.00',
      '1',
      '1.0',
      '1.00',
      '-1.5',
      '-1.50',
      '10',
      'NaN',
      'Infinity',
      '-Infinity',
      '0.1234567890123456789',
    ].concat([
      '123456789012345678901234567890',
      '123456789012345678901234567890.0',
      '9223372036854775807',
      '100000.000',
    ]),
  ],
  [numericArray, ['{}', '{1}', '{1.0}', '{1,NULL}', '{2,3}', '{NULL}']],
  [interval, ['1 day', '24:00:00', '1 mon', '30 days', '00:00:00', '-1 day', '1 day 00:00:00.000001']],
  [bytea, ['\\x', '\\x00', '\\x01', '\\x0001']],
  [jsonb, ['{}', '[]', '1', '1.0', '{"a": 1}', '{"a": 1.0}', 'null', '"x"']],
  [uuid, ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
]);

export const sampleTypes: readonly SqlType[] = [...samples.keys()];

export function sampleValue(type: SqlType, random: Random): Value {
  if (random.below(10) === 0) return null;
  const texts = samples.get(type) as readonly string[];
  return type.parse(texts[random.below(texts.length)] as string, defaultFormat);
}
