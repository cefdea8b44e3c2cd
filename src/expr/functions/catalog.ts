/**
 * What psql and drivers ask the catalog through functions: definitions as text, visibility, descriptions, OIDs by name. Where there
 * is no such thing as they ask about (triggers, rules, sequences, partitions), the answer is NULL.
 */
import { bool } from '../../types/boolean.ts';
import type { Value } from '../../types/column.ts';
import { int2, int4, int8 } from '../../types/integer.ts';
import { oid, regclass, regnamespace, regproc, regprocedure, regrole, regtype } from '../../types/oid.ts';
import { formatType, typeByOid } from '../../types/registry.ts';
import { name, pgNodeTree, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import type { EvalContext } from '../context.ts';
import { textArray } from './array-types.ts';
import { define, defineFunction, type ScalarFunction } from './define.ts';
import { splitQualifiedName } from './names.ts';
import { lookUp } from './reg.ts';

const stable = { volatility: 'stable', context: true } as const;
const constant = { volatility: 'stable' } as const;

// ---------------------------------------------------------------------------------------------------------- types

function typeText(typeOid: number | null, typmod: number | null): string | null {
  if (typeOid === null) return null;
  if (typeOid === 0) return '-';
  const type = typeByOid(typeOid);
  return type === undefined ? '???' : formatType(type, typmod ?? undefined);
}

const types: ScalarFunction[] = [
  define(
    'format_type',
    [oid, int4],
    text,
    'The name of a type with its modifier.',
    [['format_type(1043, 44)', 'character varying(40)']],
    typeText,
    { ...constant, strict: false },
  ),
  defineFunction({
    name: 'pg_typeof',
    args: ['any'],
    result: regtype,
    volatility: 'stable',
    strict: false,
    doc: 'The type of the argument.',
    examples: [['pg_typeof(1.5)::text', 'numeric']],
    evalFor:
      ([type]) =>
      () =>
        (type as SqlType).oid,
  }),
];

// ---------------------------------------------------------------------------------------------------- definitions

const view = (context: EvalContext, relation: number): Value => context.catalog.viewDefinition(relation) ?? null;
const viewNamed = (context: EvalContext, relation: string): Value => {
  const found = context.catalog.relationOid(splitQualifiedName(relation));
  return found === undefined ? null : view(context, found);
};
const index = (context: EvalContext, relation: number, column = 0): Value =>
  context.catalog.indexDefinition(relation, column) ?? null;
const constraint = (context: EvalContext, id: number): Value => context.catalog.constraintDefinition(id) ?? null;

const definitions: ScalarFunction[] = [
  ...[[], [bool], [int4]].map((more, i) =>
    define(
      'pg_get_viewdef',
      [oid, ...more],
      text,
      'The query of a view.',
      [[`pg_get_viewdef(0::oid${['', ', true', ', 80'][i]})`, '']],
      view,
      stable,
    ),
  ),
  ...[[], [bool]].map((more, i) =>
    define(
      'pg_get_viewdef',
      [text, ...more],
      text,
      'The query of a view.',
      [[`pg_get_viewdef(NULL::text${['', ', true'][i]})`, '']],
      viewNamed,
      stable,
    ),
  ),
  define(
    'pg_get_indexdef',
    [oid],
    text,
    'The statement that makes an index.',
    [['pg_get_indexdef(0)', '']],
    (c: EvalContext, id: number) => index(c, id),
    stable,
  ),
  define(
    'pg_get_indexdef',
    [oid, int4, bool],
    text,
    'The n-th column of an index.',
    [['pg_get_indexdef(0, 1, true)', '']],
    index,
    stable,
  ),
  ...[[], [bool]].map((more, i) =>
    define(
      'pg_get_constraintdef',
      [oid, ...more],
      text,
      'The definition of a constraint.',
      [[`pg_get_constraintdef(0${['', ', true'][i]})`, '']],
      constraint,
      stable,
    ),
  ),
  ...[[], [bool]].map((more, i) =>
    define(
      'pg_get_expr',
      [pgNodeTree, oid, ...more],
      text,
      'An expression of the catalog as text.',
      [[`pg_get_expr(NULL::pg_node_tree, 0${['', ', true'][i]})`, '']],
      (tree: string) => tree,
      constant,
    ),
  ),
];

/** Things there are none of here: the question is understood, the answer is NULL. */
const absent: readonly (readonly [fn: string, args: readonly SqlType[], result: SqlType, doc: string])[] = [
  ['pg_get_ruledef', [oid], text, 'The definition of a rule.'],
  ['pg_get_ruledef', [oid, bool], text, 'The definition of a rule.'],
  ['pg_get_triggerdef', [oid], text, 'The definition of a trigger.'],
  ['pg_get_triggerdef', [oid, bool], text, 'The definition of a trigger.'],
  ['pg_get_partkeydef', [oid], text, 'The partition key of a table.'],
  ['pg_get_partition_constraintdef', [oid], text, 'The partition constraint of a table.'],
  ['pg_get_functiondef', [oid], text, 'The statement that makes a function.'],
  ['pg_get_function_arguments', [oid], text, 'The arguments of a function.'],
  ['pg_get_function_identity_arguments', [oid], text, 'The arguments that identify a function.'],
  ['pg_get_function_result', [oid], text, 'The result of a function.'],
  ['pg_get_function_sqlbody', [oid], text, 'The body of a function.'],
  ['pg_get_statisticsobjdef', [oid], text, 'The definition of extended statistics.'],
  ['pg_get_statisticsobjdef_columns', [oid], text, 'The columns of extended statistics.'],
  ['pg_get_statisticsobjdef_expressions', [oid], textArray, 'The expressions of extended statistics.'],
  ['pg_get_serial_sequence', [text, text], text, 'The sequence behind a column.'],
  ['pg_describe_object', [oid, oid, int4], text, 'A catalog object in words.'],
  ['pg_index_column_has_property', [regclass, int4, text], bool, 'A property of an index column.'],
  ['pg_index_has_property', [regclass, text], bool, 'A property of an index.'],
  ['pg_indexam_has_property', [oid, text], bool, 'A property of an index method.'],
];

const absentFunctions: ScalarFunction[] = absent.map(([fn, args, result, doc]) =>
  define(
    fn,
    args,
    result,
    `${doc} There is none: NULL.`,
    [[`${fn}(${args.map((type) => `NULL::${type.name}`).join(', ')})`, '']],
    () => null,
    constant,
  ),
);

// ------------------------------------------------------------------------------------------------------ visibility

const visibleThings = [
  'type',
  'function',
  'operator',
  'opclass',
  'opfamily',
  'collation',
  'conversion',
  'statistics_obj',
  'ts_parser',
  'ts_dict',
  'ts_template',
  'ts_config',
];

const visibility: ScalarFunction[] = [
  define(
    'pg_table_is_visible',
    [oid],
    bool,
    'Whether the relation is found without its schema.',
    [["pg_table_is_visible('pg_class'::regclass)", 't']],
    (c: EvalContext, id: number) => c.catalog.isRelationVisible(id),
    stable,
  ),
  ...visibleThings.map((what) =>
    define(
      `pg_${what}_is_visible`,
      [oid],
      bool,
      `Whether the ${what.replaceAll('_', ' ')} is found without its schema: all are.`,
      [[`pg_${what}_is_visible(NULL) IS NULL`, 't']],
      () => true,
      constant,
    ),
  ),
  define(
    'pg_relation_is_publishable',
    [regclass],
    bool,
    'Whether the relation may be published: never.',
    [["pg_relation_is_publishable('pg_class'::regclass)", 'f']],
    () => false,
    constant,
  ),
  define(
    'pg_relation_is_updatable',
    [regclass, bool],
    int4,
    'The changes a relation allows, as bits: 28 for all.',
    [['pg_relation_is_updatable(NULL, false) IS NULL', 't']],
    () => 28,
    constant,
  ),
  define(
    'pg_column_is_updatable',
    [regclass, int2, bool],
    bool,
    'Whether the column may be changed.',
    [['pg_column_is_updatable(NULL, 1::int2, false) IS NULL', 't']],
    () => true,
    constant,
  ),
];

// ---------------------------------------------------------------------------------------------------- descriptions

function describe(context: EvalContext, object: number, catalogName?: string): Value {
  const classOid = context.catalog.relationOid(['pg_catalog', catalogName ?? 'pg_class']);
  return classOid === undefined ? null : (context.catalog.description(object, classOid, 0) ?? null);
}

function describeColumn(context: EvalContext, relation: number, column: number): Value {
  const classOid = context.catalog.relationOid(['pg_catalog', 'pg_class']);
  return classOid === undefined ? null : (context.catalog.description(relation, classOid, column) ?? null);
}

const descriptions: ScalarFunction[] = [
  define(
    'obj_description',
    [oid, name],
    text,
    'The comment on an object of a catalog.',
    [["obj_description(0, 'pg_class')", '']],
    describe,
    stable,
  ),
  define('obj_description', [oid], text, 'The comment on an object.', [['obj_description(0)', '']], describe, stable),
  define(
    'shobj_description',
    [oid, name],
    text,
    'The comment on an object that all databases share.',
    [["shobj_description(0, 'pg_database')", '']],
    describe,
    stable,
  ),
  define(
    'col_description',
    [oid, int4],
    text,
    'The comment on a column.',
    [['col_description(0, 1)', '']],
    describeColumn,
    stable,
  ),
];

// ------------------------------------------------------------------------------------------------------ by name

const byName: ScalarFunction[] = [regclass, regtype, regnamespace, regrole, regproc, regprocedure].map((type) =>
  define(
    `to_${type.name}`,
    [text],
    type,
    `The object of that name as ${type.name}, or NULL.`,
    [[`to_${type.name}('no_such_thing')`, '']],
    (c: EvalContext, s: string) => {
      const found = lookUp(type, s, c);
      return found === undefined || (type === regclass && found === 0) ? null : found;
    },
    stable,
  ),
);

// --------------------------------------------------------------------------------------------------------- storage

const sizes: readonly (readonly [fn: string, args: readonly SqlType[]])[] = [
  ['pg_relation_size', [regclass]],
  ['pg_relation_size', [regclass, text]],
  ['pg_total_relation_size', [regclass]],
  ['pg_table_size', [regclass]],
  ['pg_indexes_size', [regclass]],
  ['pg_database_size', [oid]],
  ['pg_database_size', [name]],
  ['pg_tablespace_size', [oid]],
  ['pg_tablespace_size', [name]],
  ['pg_stat_get_numscans', [oid]],
];

const storage: ScalarFunction[] = [
  ...sizes.map(([fn, args]) =>
    define(
      fn,
      args,
      int8,
      'Accepted for clients that show it; state is not counted in files, so always 0.',
      [[`${fn}(${args.map((type) => `NULL::${type.name}`).join(', ')}) IS NULL`, 't']],
      () => 0,
      constant,
    ),
  ),
  define(
    'pg_tablespace_location',
    [oid],
    text,
    'The folder of a tablespace: that of the data.',
    [['pg_tablespace_location(0)', '']],
    () => '',
    constant,
  ),
];

export const catalogFunctions: readonly ScalarFunction[] = [
  ...types,
  ...definitions,
  ...absentFunctions,
  ...visibility,
  ...descriptions,
  ...byName,
  ...storage,
];
