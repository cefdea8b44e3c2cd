/** The server seen from outside its relations: roles, databases, settings, sessions. */
import type { SystemFacts } from '../relation.ts';
import { roleOid } from '../roles.ts';
import { arrayValue } from './array-value.ts';
import type { SystemRow, SystemRows } from './define.ts';

/** The one database is listed under each of its names, the first of them with PostgreSQL's usual OID. */
const FIRST_DATABASE_OID = 5;
const DEFAULT_TABLESPACE = 1663;
const UTF8 = 6;

const databaseRows = (facts: SystemFacts): SystemRow[] =>
  facts.databases.map((datname, i) => ({
    oid: FIRST_DATABASE_OID + i,
    datname,
    datdba: 10,
    encoding: UTF8,
    datlocprovider: 'c',
    datistemplate: false,
    datallowconn: true,
    datconnlimit: -1,
    dattablespace: DEFAULT_TABLESPACE,
    datcollate: 'C',
    datctype: 'C.UTF-8',
  }));

const superuser = {
  rolsuper: true,
  rolinherit: true,
  rolcreaterole: true,
  rolcreatedb: true,
  rolcanlogin: true,
  rolreplication: true,
  rolbypassrls: true,
  rolconnlimit: -1,
};

const roleRows = (facts: SystemFacts): SystemRow[] =>
  facts.roles.map((rolname) => ({
    oid: roleOid(facts.roles, rolname),
    rolname,
    ...superuser,
    rolpassword: '********',
  }));

const userRows = (facts: SystemFacts): SystemRow[] =>
  facts.roles.map((usename) => ({
    usename,
    usesysid: roleOid(facts.roles, usename),
    usecreatedb: true,
    usesuper: true,
    userepl: true,
    usebypassrls: true,
    passwd: '********',
  }));

const settingRows = (facts: SystemFacts): SystemRow[] =>
  facts.settings().map((setting) => ({
    name: setting.name,
    setting: setting.setting,
    unit: setting.unit,
    category: setting.category,
    short_desc: setting.description,
    context: setting.context,
    vartype: setting.type,
    source: setting.source,
    boot_val: setting.bootValue,
    reset_val: setting.resetValue,
    pending_restart: false,
  }));

const activityRows = (facts: SystemFacts): SystemRow[] =>
  facts.activity().map((session) => ({
    datid: FIRST_DATABASE_OID + Math.max(facts.databases.indexOf(session.database), 0),
    datname: session.database,
    pid: session.pid,
    usesysid: roleOid(facts.roles, session.user),
    usename: session.user,
    application_name: session.applicationName,
    client_addr: session.clientAddress,
    client_port: session.clientPort,
    backend_start: session.backendStart,
    xact_start: session.transactionStart,
    query_start: session.queryStart,
    state_change: session.queryStart,
    state: session.state,
    query: session.query,
    backend_type: 'client backend',
  }));

const preparedRows = (facts: SystemFacts): SystemRow[] =>
  facts.preparedStatements().map(({ name, text, preparedAt, parameters, fromSql }) => ({
    name,
    statement: text,
    prepare_time: preparedAt,
    parameter_types: arrayValue(parameters),
    from_sql: fromSql,
    generic_plans: 0,
    custom_plans: 0,
  }));

const cursorRows = (facts: SystemFacts): SystemRow[] =>
  facts.cursors().map(({ name, text, isHeld, openedAt }) => ({
    name,
    statement: text,
    is_holdable: isHeld,
    is_binary: false,
    is_scrollable: false,
    creation_time: openedAt,
  }));

export const serverRelations: readonly SystemRows[] = [
  { name: 'pg_database', rows: databaseRows },
  { name: 'pg_roles', rows: roleRows },
  { name: 'pg_authid', rows: (facts) => roleRows(facts).map((row) => ({ ...row, rolpassword: null })) },
  { name: 'pg_user', rows: userRows },
  { name: 'pg_settings', rows: settingRows },
  { name: 'pg_stat_activity', rows: activityRows },
  { name: 'pg_prepared_statements', rows: preparedRows },
  { name: 'pg_cursors', rows: cursorRows },
  {
    name: 'pg_tablespace',
    rows: () => [{ oid: DEFAULT_TABLESPACE, spcname: 'pg_default', spcowner: 10 }],
  },
];
