/** PostgreSQL's views over its own catalogs: pg_tables, pg_views, pg_matviews, pg_indexes, pg_stat_user_tables. */
import { indexDefinition } from '../index-definition.ts';
import type { Relation, SystemFacts } from '../relation.ts';
import { relationKind } from './class.ts';
import type { SystemRow, SystemRows } from './define.ts';

const ofKind = (facts: SystemFacts, kind: string): Relation[] =>
  [...facts.catalog.relations()].filter((relation) => relationKind(relation) === kind);

const tableRows = (facts: SystemFacts): SystemRow[] =>
  ofKind(facts, 'r').map((relation) => ({
    schemaname: relation.schema,
    tablename: relation.name,
    tableowner: relation.owner,
    hasindexes: relation.kind === 'table' && relation.primaryKey !== null,
    hasrules: false,
    hastriggers: false,
    rowsecurity: false,
  }));

const definitionOf = (relation: Relation): string | null => ('query' in relation ? relation.query : null);

const viewRows = (facts: SystemFacts): SystemRow[] =>
  ofKind(facts, 'v').map((relation) => ({
    schemaname: relation.schema,
    viewname: relation.name,
    viewowner: relation.owner,
    definition: definitionOf(relation),
  }));

const materializedViewRows = (facts: SystemFacts): SystemRow[] =>
  ofKind(facts, 'm').map((relation) => ({
    schemaname: relation.schema,
    matviewname: relation.name,
    matviewowner: relation.owner,
    hasindexes: false,
    ispopulated: true,
    definition: definitionOf(relation),
  }));

function* indexRows(facts: SystemFacts): Generator<SystemRow> {
  for (const relation of facts.catalog.relations()) {
    if (relation.kind !== 'index') continue;
    const on = facts.catalog.byId(relation.on)?.name ?? '';
    yield {
      schemaname: relation.schema,
      tablename: on,
      indexname: relation.name,
      indexdef: indexDefinition(facts.catalog, relation),
    };
  }
}

const statisticsRows = (facts: SystemFacts): SystemRow[] =>
  [...ofKind(facts, 'r'), ...ofKind(facts, 'm')]
    .filter((relation) => relation.kind !== 'system')
    .map((relation) => ({
      relid: relation.id,
      schemaname: relation.schema,
      relname: relation.name,
      n_live_tup: facts.sizeOf(relation.id).rows,
    }));

export const convenienceRelations: readonly SystemRows[] = [
  { name: 'pg_tables', rows: tableRows },
  { name: 'pg_views', rows: viewRows },
  { name: 'pg_matviews', rows: materializedViewRows },
  { name: 'pg_indexes', rows: indexRows },
  { name: 'pg_stat_user_tables', rows: statisticsRows },
  { name: 'pg_stat_all_tables', rows: statisticsRows },
];
