/** A catalog from CREATE statements and the environment to plan against it, without an engine. */

import type { RelationId } from '../../src/base/ids.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { createCatalogReader } from '../../src/catalog/reader.ts';
import type { ColumnDefinition, KeyConstraint, Relation } from '../../src/catalog/relation.ts';
import { systemRelations } from '../../src/catalog/system/index.ts';
import type { EvalContext } from '../../src/expr/context.ts';
import type * as ast from '../../src/parser/ast.ts';
import { parseStatements } from '../../src/parser/parse.ts';
import { printExpr } from '../../src/parser/print.ts';
import { bindTypeName } from '../../src/planner/bind/type-names.ts';
import type { PlanEnvironment, PlannedQuery } from '../../src/planner/planner.ts';
import { planQuery } from '../../src/planner/planner.ts';
import { viewKeyOf } from '../../src/planner/properties.ts';
import { defaultFormat } from '../../src/types/type.ts';

const searchPath = ['public'];

export function environmentFor(catalog: Catalog, purpose: 'query' | 'view' = 'query'): PlanEnvironment {
  const reader = createCatalogReader(catalog, searchPath, ['postgres']);
  const context: EvalContext = {
    format: defaultFormat,
    transactionMicros: 0,
    statementMicros: 0,
    nowMicros: () => 0,
    session: {
      user: 'postgres',
      sessionUser: 'postgres',
      database: 'postgres',
      backendPid: 1,
      searchPath,
      setting: () => undefined,
      setSetting: (_, value) => value,
    },
    catalog: reader,
    parameters: [],
  };
  return { catalog, searchPath, context, parameterTypes: [], purpose };
}

/** The system catalog and what `ddl` creates: streams, tables, views, materialized views. */
export function catalogOf(ddl: string): Catalog {
  let catalog = Catalog.initial(systemRelations);
  for (const { statement } of parseStatements(ddl)) {
    for (const relation of relationsOf(catalog, statement)) catalog = catalog.withRelation(relation);
  }
  return catalog;
}

function relationsOf(catalog: Catalog, statement: ast.Statement): readonly Relation[] {
  const id = catalog.nextOid as RelationId;
  const common = { id, schema: 'public', owner: 'postgres', comment: null };
  switch (statement.kind) {
    case 'create-stream':
    case 'create-table': {
      const columns = statement.columns.map((column) => columnOf(catalog, column, statement));
      const name = statement.name.parts.at(-1) as string;
      const checks = [] as const;
      const options = {};
      const found = statement.watermark;
      const watermark =
        found === null
          ? null
          : { column: columns.findIndex((column) => column.name === found.column), sql: printExpr(found.expr) };
      if (statement.kind === 'create-stream') {
        return [{ ...common, kind: 'stream', name, columns, watermark, checks, options }];
      }
      const primaryKey = primaryKeyOf(name, statement, columns);
      const uniques = statement.constraints
        .filter((constraint) => constraint.kind === 'unique')
        .map((constraint) => ({
          name: constraint.name ?? `${name}_key`,
          columns: constraint.columns.map((one) => columns.findIndex((column) => column.name === one)),
        }));
      return [{ ...common, kind: 'table', name, columns, primaryKey, uniques, checks, watermark, options }];
    }
    case 'create-view':
    case 'create-materialized-view': {
      const isView = statement.kind === 'create-view';
      const { query } = planQuery(statement.query, environmentFor(catalog, 'view'));
      const columns = query.plan.columns.slice(0, query.visible).map((column, i) => ({
        name: statement.columns[i] ?? column.name,
        type: column.type,
        typmod: column.typmod,
        notNull: false,
        default: null,
        generated: null,
      }));
      const name = statement.name.parts.at(-1) as string;
      const shared = { ...common, name, columns, query: statement.queryText, searchPath, dependsOn: [] };
      return isView
        ? [{ ...shared, kind: 'view' }]
        : [{ ...shared, kind: 'materialized-view', key: viewKeyOf(query.plan), options: {}, timeZone: 'UTC' }];
    }
    default:
      throw new Error(`the fixture does not know ${statement.kind}`);
  }
}

function columnOf(
  catalog: Catalog,
  column: ast.ColumnDefinition,
  statement: ast.CreateStream | ast.CreateTable,
): ColumnDefinition {
  const type = bindTypeName({ environment: environmentFor(catalog) }, column.type as ast.TypeName);
  const inKey = statement.constraints.some(
    (constraint) => constraint.kind === 'primary-key' && constraint.columns.includes(column.name),
  );
  return {
    name: column.name,
    type: type.type,
    typmod: type.typmod,
    notNull: column.notNull || column.primaryKey !== null || inKey,
    default: column.default === null ? null : printExpr(column.default),
    generated: column.generated === null ? null : printExpr(column.generated),
  };
}

function primaryKeyOf(
  name: string,
  statement: ast.CreateTable,
  columns: readonly ColumnDefinition[],
): KeyConstraint | null {
  const own = statement.columns.findIndex((column) => column.primaryKey !== null);
  if (own >= 0) return { name: `${name}_pkey`, columns: [own] };
  const constraint = statement.constraints.find((one) => one.kind === 'primary-key');
  if (constraint === undefined) return null;
  const places = constraint.columns.map((one) => columns.findIndex((column) => column.name === one));
  return { name: constraint.name ?? `${name}_pkey`, columns: places };
}

export function queryOf(sql: string): ast.Query {
  const [parsed] = parseStatements(sql);
  if (parsed?.statement.kind !== 'select-statement') throw new Error(`not a query: ${sql}`);
  return parsed.statement.query;
}

export const planOf = (sql: string, environment: PlanEnvironment): PlannedQuery => planQuery(queryOf(sql), environment);
