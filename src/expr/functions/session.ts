/** Who and where: version, users, database, schemas, settings; and privileges, which superusers (all roles, for now) have. */
import { randomUUID } from 'node:crypto';
import { SqlError, undefinedTable } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import { SqlArray } from '../../types/array.ts';
import { bool } from '../../types/boolean.ts';
import type { Int } from '../../types/int64.ts';
import { int4, int8 } from '../../types/integer.ts';
import { oid, regclass } from '../../types/oid.ts';
import { name, text } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';
import { uuid } from '../../types/uuid.ts';
import type { EvalContext } from '../context.ts';
import { nameArray } from './array-types.ts';
import { define, type ScalarFunction } from './define.ts';
import { splitQualifiedName } from './names.ts';
import { lookUp } from './reg.ts';

const stable = { volatility: 'stable', context: true } as const;

const who: ScalarFunction[] = [
  define(
    'version',
    [],
    text,
    'The server and its version.',
    [["starts_with(version(), 'PostgreSQL ')", 't']],
    (c: EvalContext) => `PostgreSQL ${c.session.setting('server_version') ?? '15.0'}`,
    stable,
  ),
  ...['current_user', 'user', 'current_role'].map((fn) =>
    define(
      fn,
      [],
      name,
      'The role whose privileges count.',
      [['current_user IS NOT NULL', 't']],
      (c: EvalContext) => c.session.user,
      stable,
    ),
  ),
  define(
    'session_user',
    [],
    name,
    'The role that connected.',
    [['session_user IS NOT NULL', 't']],
    (c: EvalContext) => c.session.sessionUser,
    stable,
  ),
  ...['current_database', 'current_catalog'].map((fn) =>
    define(
      fn,
      [],
      name,
      'The database of the connection.',
      [['current_database() IS NOT NULL', 't']],
      (c: EvalContext) => c.session.database,
      stable,
    ),
  ),
  define(
    'pg_backend_pid',
    [],
    int4,
    'The number of the server process of this session.',
    [['pg_backend_pid() > 0', 't']],
    (c: EvalContext) => c.session.backendPid,
    stable,
  ),
  define(
    'pg_get_userbyid',
    [oid],
    name,
    'The name of a role.',
    [['pg_get_userbyid(0)', 'unknown (OID=0)']],
    (c: EvalContext, role: number) => c.catalog.roleName(role) ?? `unknown (OID=${role})`,
    stable,
  ),
  define(
    'pg_is_in_recovery',
    [],
    bool,
    'Whether the server is still recovering: it answers only when it is not.',
    [['pg_is_in_recovery()', 'f']],
    () => false,
    { volatility: 'volatile' },
  ),
  define(
    'txid_current',
    [],
    int8,
    'A number of this transaction.',
    [['txid_current() > 0', 't']],
    (c: EvalContext) => c.transactionMicros,
    stable,
  ),
  define(
    'gen_random_uuid',
    [],
    uuid,
    'A random UUID (version 4).',
    [['length(gen_random_uuid()::text)', '36']],
    () => randomUUID(),
    { volatility: 'volatile' },
  ),
];

// -------------------------------------------------------------------------------------------------------- schemas

/** The schemas of the search path that exist, with those searched implicitly if asked. */
function searched(context: EvalContext, withImplicit: boolean): string[] {
  const named = context.session.searchPath.filter((schema) => context.catalog.schemaOid(schema) !== undefined);
  return withImplicit && !named.includes('pg_catalog') ? ['pg_catalog', ...named] : named;
}

const schemas: ScalarFunction[] = [
  define(
    'current_schema',
    [],
    name,
    'The first schema of the search path.',
    [['current_schema()', 'public']],
    (c: EvalContext) => searched(c, false)[0] ?? null,
    stable,
  ),
  define(
    'current_schemas',
    [bool],
    nameArray,
    'The schemas of the search path; with true, those searched implicitly too.',
    [['current_schemas(true)', '{pg_catalog,public}']],
    (c: EvalContext, all: boolean) => SqlArray.of(searched(c, all)),
    stable,
  ),
  define(
    'pg_my_temp_schema',
    [],
    oid,
    'The schema of temporary tables of this session: none.',
    [['pg_my_temp_schema()', '0']],
    () => 0,
    { volatility: 'stable' },
  ),
  define(
    'pg_is_other_temp_schema',
    [oid],
    bool,
    'Whether the schema belongs to temporary tables of another session.',
    [['pg_is_other_temp_schema(0)', 'f']],
    () => false,
    { volatility: 'stable' },
  ),
];

// ------------------------------------------------------------------------------------------------------- settings

function setting(context: EvalContext, settingName: string, missingIsNull = false): string | null {
  const value = context.session.setting(settingName);
  if (value !== undefined) return value;
  if (missingIsNull) return null;
  throw new SqlError(SqlState.undefinedObject, `unrecognized configuration parameter "${settingName}"`);
}

const settings: ScalarFunction[] = [
  define(
    'current_setting',
    [text],
    text,
    'The value of a setting.',
    [["current_setting('server_encoding')", 'UTF8']],
    setting,
    stable,
  ),
  define(
    'current_setting',
    [text, bool],
    text,
    'The value of a setting; with true, NULL when there is no such setting.',
    [["current_setting('no.such', true)", '']],
    setting,
    stable,
  ),
  define(
    'set_config',
    [text, text, bool],
    text,
    'Sets a setting, for the transaction only if the last argument is true, and returns its value.',
    [["set_config('application_name', 'x', true)", 'x']],
    (c: EvalContext, key: string | null, value: string | null, isLocal: boolean | null) => {
      if (key === null) throw new SqlError(SqlState.nullValueNotAllowed, 'SET requires parameter name');
      return c.session.setSetting(key, value ?? '', isLocal === true);
    },
    { volatility: 'volatile', context: true, strict: false },
  ),
  define(
    'pg_encoding_to_char',
    [int4],
    name,
    'The name of an encoding.',
    [['pg_encoding_to_char(6)', 'UTF8']],
    (n: number) => (n === 6 ? 'UTF8' : n === 0 ? 'SQL_ASCII' : ''),
    { volatility: 'stable' },
  ),
  define(
    'pg_char_to_encoding',
    [name],
    int4,
    'The number of an encoding.',
    [["pg_char_to_encoding('UTF8')", '6']],
    (s: string) => (/^utf-?8$/i.test(s) ? 6 : -1),
    { volatility: 'stable' },
  ),
  define(
    'pg_client_encoding',
    [],
    name,
    'The encoding of the client.',
    [['pg_client_encoding()', 'UTF8']],
    () => 'UTF8',
    { volatility: 'stable' },
  ),
];

// ----------------------------------------------------------------------------------------------------- privileges

type Securable = { readonly what: string; readonly sample: string; readonly privilege: string };

const securables: readonly Securable[] = [
  { what: 'table', sample: "'pg_class'", privilege: 'SELECT' },
  { what: 'any_column', sample: "'pg_class'", privilege: 'SELECT' },
  { what: 'sequence', sample: '', privilege: 'USAGE' },
  { what: 'database', sample: 'current_database()', privilege: 'CONNECT' },
  { what: 'schema', sample: "'public'", privilege: 'USAGE' },
  { what: 'function', sample: "'now()'", privilege: 'EXECUTE' },
  { what: 'type', sample: "'int4'", privilege: 'USAGE' },
  { what: 'language', sample: "'sql'", privilege: 'USAGE' },
  { what: 'tablespace', sample: "'pg_default'", privilege: 'CREATE' },
  { what: 'foreign_data_wrapper', sample: '', privilege: 'USAGE' },
  { what: 'server', sample: '', privilege: 'USAGE' },
];

const isRelation = (what: string): boolean => what === 'table' || what === 'any_column' || what === 'sequence';

/** True, once the object is known to be there. */
function allow(what: string): (context: EvalContext, ...args: readonly (string | number)[]) => boolean {
  return (context, ...args) => {
    const object = args.at(-2);
    if (isRelation(what) && typeof object === 'string' && lookUp(regclass, object, context) === undefined) {
      throw undefinedTable(splitQualifiedName(object).join('.'), undefined);
    }
    return true;
  };
}

const users: readonly (readonly SqlType[])[] = [[], [name], [oid]];

const privileges: ScalarFunction[] = [
  ...securables.flatMap(({ what, sample, privilege }) =>
    users.flatMap((user) =>
      [text, oid].map((object) => {
        const fn = `has_${what}_privilege`;
        const isPlain = user.length === 0 && object === text && sample !== '';
        const nulls = [...user, object].map((type) => `NULL::${type.name}`).join(', ');
        const example = isPlain ? `${fn}(${sample}, '${privilege}')` : `${fn}(${nulls}, '${privilege}') IS NULL`;
        const doc = `Whether the user may do that with the ${what.replaceAll('_', ' ')}.`;
        return define(fn, [...user, object, text], bool, doc, [[example, 't']], allow(what), stable);
      }),
    ),
  ),
  ...[columnPrivileges(text), columnPrivileges(oid)].flat(),
  ...users.flatMap((user) =>
    [name, oid].map((role) =>
      define(
        'pg_has_role',
        [...user, role, text],
        bool,
        'Whether the user is a member of the role.',
        [[`pg_has_role(${[...user, role].map((type) => `NULL::${type.name}`).join(', ')}, 'MEMBER') IS NULL`, 't']],
        () => true,
        { volatility: 'stable' },
      ),
    ),
  ),
];

/** has_column_privilege names the column. */
function columnPrivileges(table: SqlType): ScalarFunction[] {
  return users.map((user) =>
    define(
      'has_column_privilege',
      [...user, table, text, text],
      bool,
      'Whether the user may do that with the column.',
      [
        [
          `has_column_privilege(${[...user, table, text].map((type) => `NULL::${type.name}`).join(', ')}, 'SELECT') IS NULL`,
          't',
        ],
      ],
      () => true,
      { volatility: 'stable' },
    ),
  );
}

// ----------------------------------------------------------------------------------------------------------- sizes

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Up to 10240 of a unit are shown in it; halves round up. */
function prettySize(size: Int): string {
  let value = typeof size === 'bigint' ? Number(size) : size;
  let unit = 0;
  while (Math.abs(value) >= (unit === 0 ? 10240 : 10240 - 0.5) && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Math.sign(value) * Math.round(Math.abs(value)) + 0} ${units[unit]}`;
}

export const sizeFunctions: readonly ScalarFunction[] = [
  define(
    'pg_size_pretty',
    [int8],
    text,
    'A number of bytes for people.',
    [['pg_size_pretty(1536000::int8)', '1500 kB']],
    prettySize,
  ),
];

export const sessionFunctions: readonly ScalarFunction[] = [
  ...who,
  ...schemas,
  ...settings,
  ...privileges,
  ...sizeFunctions,
];
