/** SET, RESET and SHOW: settings, and lists of what exists. */
import { SqlError, undefinedTable } from '../base/errors.ts';
import type { Relation } from '../catalog/relation.ts';
import type * as Ast from '../parser/ast.ts';
import { batchOfRows } from '../types/batch.ts';
import { text } from '../types/text.ts';
import { createText } from './create-text.ts';
import { ownerOfErrors } from './error-rows.ts';
import { done, type Outcome } from './outcome.ts';
import type { ResultColumn } from './session.ts';
import { searchPathOf } from './session-context.ts';
import type { SessionState } from './session-state.ts';
import { findSetting, settingDefinitions, unrecognizedSetting } from './setting-definitions.ts';

export function runSet(session: SessionState, statement: Ast.SetVariable): Outcome {
  const { name, values, scope } = statement;
  if (scope === 'local' && !session.transaction.isExplicit) {
    session.notice({
      severity: 'WARNING',
      code: '25P01',
      message: 'SET LOCAL can only be used in transaction blocks',
    });
  }
  session.settings.set(name, settingText(name, values), scope === 'local');
  return done('SET');
}

/** A list becomes one text; names that are no plain identifiers are quoted, as search_path wants them. */
function settingText(name: string, values: readonly string[] | null): string | null {
  if (values === null) return null;
  if (name.toLowerCase() !== 'search_path') return values.join(', ');
  return values
    .map((value) => (/^[a-z_][a-z0-9_$]*$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`))
    .join(', ');
}

export function runReset(session: SessionState, statement: Ast.ResetVariable): Outcome {
  if (statement.name === null) session.settings.resetAll();
  else session.settings.set(statement.name, null, false);
  return done('RESET');
}

const column = (name: string): ResultColumn => ({ name, type: text, typmod: -1, tableOid: 0, attnum: 0 });

/** Other spellings of settings. */
const synonyms: Readonly<Record<string, string>> = {
  'time zone': 'TimeZone',
  'transaction isolation level': 'transaction_isolation',
  'session authorization': 'session_authorization',
  names: 'client_encoding',
};

const lists: Readonly<Record<string, readonly Relation['kind'][]>> = {
  streams: ['stream'],
  sources: ['stream'],
  tables: ['table'],
  views: ['view'],
  'materialized views': ['materialized-view'],
  indexes: ['index'],
};

export function showColumns(statement: Ast.Show): readonly ResultColumn[] {
  const { what } = statement;
  if (what === 'all') return [column('name'), column('setting'), column('description')];
  if (what.startsWith('create ')) return [column('name'), column('create_statement')];
  if (lists[what] !== undefined) return [column('schema'), column('name'), column('columns')];
  return [column(settingName(what))];
}

const settingName = (what: string): string => findSetting(synonyms[what] ?? what)?.name ?? what;

export function show(session: SessionState, statement: Ast.Show): Outcome {
  const columns = showColumns(statement);
  const rows = showRows(session, statement);
  return {
    columns,
    batches: [
      batchOfRows(
        columns.map(() => 'text'),
        rows,
      ),
    ],
    tag: 'SHOW',
    tagCountsRows: false,
  };
}

function showRows(session: SessionState, statement: Ast.Show): string[][] {
  const { what } = statement;
  if (what === 'all') return allSettings(session);
  if (what.startsWith('create ')) return [showCreate(session, statement)];
  const kinds = lists[what];
  if (kinds !== undefined) return listRelations(session, kinds);
  const value = session.settings.get(synonyms[what] ?? what);
  if (value === undefined) throw unrecognizedSetting(what);
  return [[withUnit(what, value)]];
}

/** Times and sizes are shown in the largest unit that keeps them whole, as PostgreSQL does. */
function withUnit(name: string, value: string): string {
  const unit = findSetting(name)?.unit;
  const number = Number(value);
  if (unit === undefined || number === 0) return value;
  const steps: readonly (readonly [string, number])[] =
    unit === 'ms'
      ? [
          ['d', 86_400_000],
          ['h', 3_600_000],
          ['min', 60_000],
          ['s', 1000],
        ]
      : [
          ['GB', 1024 * 1024],
          ['MB', 1024],
        ];
  const step = steps.find(([, size]) => number % size === 0);
  return step === undefined ? `${number}${unit}` : `${number / step[1]}${step[0]}`;
}

const allSettings = (session: SessionState): string[][] =>
  settingDefinitions.map(({ name, description }) => [
    name,
    withUnit(name, session.settings.get(name) ?? ''),
    description,
  ]);

function listRelations(session: SessionState, kinds: readonly Relation['kind'][]): string[][] {
  const { catalog } = session.database;
  return [...catalog.relations()]
    .filter((relation) => kinds.includes(relation.kind) && ownerOfErrors(catalog, relation) === null)
    .sort((a, b) => (a.schema === b.schema ? (a.name < b.name ? -1 : 1) : a.schema < b.schema ? -1 : 1))
    .map((relation) => [relation.schema, relation.name, relation.columns.map(({ name }) => name).join(', ')]);
}

function showCreate(session: SessionState, statement: Ast.Show): [string, string] {
  const { target } = statement;
  if (target === null)
    throw new SqlError('42601', 'SHOW CREATE needs the name of a relation', { position: statement.at });
  const relation = session.database.catalog.find(target.parts, searchPathOf(session));
  if (relation === undefined) throw undefinedTable(target.parts.join('.'), target.at);
  return [relation.name, createText(session.database.catalog, relation)];
}
