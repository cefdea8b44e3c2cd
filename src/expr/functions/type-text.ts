/** Type names in text (`'character varying(40)[]'`): what to_regtype and `::regtype` read. */
import { arrayOf, typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { splitQualifiedName } from './names.ts';

/** SQL's spellings of what pg_type calls otherwise. */
const spellings: Readonly<Record<string, string>> = {
  bigint: 'int8',
  boolean: 'bool',
  char: 'bpchar',
  character: 'bpchar',
  'character varying': 'varchar',
  dec: 'numeric',
  decimal: 'numeric',
  'double precision': 'float8',
  float: 'float8',
  int: 'int4',
  integer: 'int4',
  real: 'float4',
  smallint: 'int2',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
};

/** The type that `text` names, its modifier left aside, or undefined. */
export function typeOfText(text: string, context: EvalContext): SqlType | undefined {
  let rest = text.trim();
  let isArray = false;
  while (/\[\s*\d*\s*\]$/.test(rest)) {
    rest = rest.replace(/\s*\[\s*\d*\s*\]$/, '');
    isArray = true;
  }
  const plain = rest.replace(/\s*\(\s*\d+(?:\s*,\s*-?\d+)?\s*\)/, '');
  const type = named(plain, context);
  return isArray && type !== undefined ? arrayOf(type) : type;
}

function named(text: string, context: EvalContext): SqlType | undefined {
  const spelling = spellings[text.toLowerCase().replaceAll(/\s+/g, ' ')];
  if (spelling !== undefined) return typeByName(spelling);
  const parts = splitQualifiedName(text);
  return context.catalog.typeByName(parts) ?? (parts.length === 1 ? typeByName(parts[0] as string) : undefined);
}
