/** CREATE STREAM, TABLE, VIEW, MATERIALIZED VIEW from their trees to relations of the catalog: everything that needs no running state. */
import {
  duplicateColumn,
  featureNotSupported,
  invalidColumnReference,
  invalidTableDefinition,
  SqlError,
  undefinedColumn,
} from '../base/errors.ts';
import type { RelationId } from '../base/ids.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type {
  CheckConstraint,
  ColumnDefinition,
  KeyConstraint,
  StreamRelation,
  TableRelation,
  Watermark,
} from '../catalog/relation.ts';
import type { Typed } from '../expr/expr.ts';
import type * as Ast from '../parser/ast.ts';
import { printExpr } from '../parser/print.ts';
import { bindTypeName } from '../planner/bind/type-names.ts';
import type { PlanColumn } from '../planner/plan.ts';
import { type PlanEnvironment, planColumnExpression } from '../planner/planner.ts';

export type DefinitionScope = { readonly environment: PlanEnvironment; readonly owner: string };

/** The schema and name a CREATE means: its own schema, or the first of the search path that exists. Throws 3F000, 42501. */
export function creationName(name: Ast.QualifiedName, scope: DefinitionScope): { schema: string; name: string } {
  const { catalog, searchPath } = scope.environment;
  const own = name.parts[name.parts.length - 1] as string;
  const written = name.parts[name.parts.length - 2];
  const schema = written ?? searchPath.find((candidate) => catalog.schema(candidate) !== undefined);
  if (schema === undefined)
    throw new SqlError('3F000', 'no schema has been selected to create in', { position: name.at });
  if (catalog.schema(schema) === undefined)
    throw new SqlError('3F000', `schema "${schema}" does not exist`, { position: name.at });
  if (['pg_catalog', 'information_schema', 'millrace'].includes(schema)) {
    throw new SqlError('42501', `permission denied to create "${schema}.${own}"`, {
      detail: 'System catalog modifications are currently disallowed.',
    });
  }
  return { schema, name: own };
}

export function defineStream(statement: Ast.CreateStream, scope: DefinitionScope): StreamRelation {
  const columns = defineColumns(statement.columns, statement.constraints, scope);
  refuseKeys(statement);
  const bound = relationBase(statement.name, columns, scope);
  return {
    ...bound,
    kind: 'stream',
    watermark: defineWatermark(statement.watermark, columns, scope),
    checks: defineChecks(bound.name, statement.columns, statement.constraints, columns, scope),
    options: defineOptions(statement.options),
  };
}

export function defineTable(statement: Ast.CreateTable, scope: DefinitionScope): TableRelation {
  if (statement.temporary) throw featureNotSupported('temporary tables are not supported', { position: statement.at });
  const primaryKey = definePrimaryKey(statement, scope);
  const columns = defineColumns(statement.columns, statement.constraints, scope).map((column, c) =>
    primaryKey?.columns.includes(c) === true ? { ...column, notNull: true } : column,
  );
  const bound = relationBase(statement.name, columns, scope);
  return {
    ...bound,
    kind: 'table',
    primaryKey,
    uniques: [],
    checks: defineChecks(bound.name, statement.columns, statement.constraints, columns, scope),
    watermark: defineWatermark(statement.watermark, columns, scope),
    options: defineOptions(statement.options),
  };
}

function relationBase(name: Ast.QualifiedName, columns: readonly ColumnDefinition[], scope: DefinitionScope) {
  return {
    id: nextId(scope.environment.catalog),
    ...creationName(name, scope),
    columns,
    owner: scope.owner,
    comment: null,
  };
}

/** The one place that mints relation ids. */
export const nextId = (catalog: Catalog): RelationId => catalog.nextOid as RelationId;

function refuseKeys(statement: Ast.CreateStream): void {
  const key = statement.columns.find((column) => column.primaryKey !== null || column.unique);
  const constraint = statement.constraints.find(({ kind }) => kind === 'primary-key' || kind === 'unique');
  const at = key?.at ?? constraint?.at;
  if (at === undefined) return;
  throw invalidTableDefinition('a stream cannot have a primary key or unique constraint', {
    position: at,
    hint: 'A stream is append-only. Use CREATE TABLE for rows that are updated by key.',
  });
}

function defineColumns(
  definitions: readonly Ast.ColumnDefinition[],
  constraints: readonly Ast.TableConstraint[],
  scope: DefinitionScope,
): ColumnDefinition[] {
  const seen = new Set<string>();
  for (const { name, at } of definitions) {
    if (seen.has(name)) throw duplicateColumn(name, at);
    seen.add(name);
  }
  const foreign = constraints.find((constraint) => constraint.kind === 'foreign-key');
  if (foreign !== undefined) throw featureNotSupported('foreign keys are not supported', { position: foreign.at });
  const plain = definitions
    .filter((definition) => definition.generated === null)
    .map((definition): PlanColumn => ({ name: definition.name, ...columnType(definition, scope) }));
  return definitions.map((definition) => defineColumn(definition, plain, scope));
}

function columnType(definition: Ast.ColumnDefinition, scope: DefinitionScope) {
  if (definition.type !== null) return bindTypeName(scope, definition.type);
  throw invalidTableDefinition(`column "${definition.name}" has no type`, { position: definition.at });
}

/** DEFAULT and generation expressions are bound once here to find their errors; the text is what is kept. */
function defineColumn(
  definition: Ast.ColumnDefinition,
  plain: readonly PlanColumn[],
  scope: DefinitionScope,
): ColumnDefinition {
  const { name, notNull, generated, default: fallback } = definition;
  const bind = (expr: Ast.Expr | null, target: Typed | null, what: 'DEFAULT' | 'GENERATED'): Typed | null =>
    expr === null ? null : planColumnExpression(expr, plain, scope.environment, target, what);
  const written = definition.type === null ? null : bindTypeName(scope, definition.type);
  const derived = bind(generated, written, 'GENERATED');
  const { type, typmod } = written ?? derived ?? columnType(definition, scope);
  bind(fallback, { type, typmod }, 'DEFAULT');
  return { name, type, typmod, notNull, default: printed(fallback), generated: printed(generated) };
}

const printed = (expr: Ast.Expr | null): string | null => (expr === null ? null : printExpr(expr));

function definePrimaryKey(statement: Ast.CreateTable, scope: DefinitionScope): KeyConstraint | null {
  const unique =
    statement.columns.find((column) => column.unique) ?? statement.constraints.find(({ kind }) => kind === 'unique');
  if (unique !== undefined) {
    throw featureNotSupported('UNIQUE constraints are not supported', {
      position: unique.at,
      hint: 'Declare the columns as PRIMARY KEY.',
    });
  }
  const inline = statement.columns.filter((column) => column.primaryKey !== null);
  const constraints = statement.constraints.filter(({ kind }) => kind === 'primary-key');
  const { name } = creationName(statement.name, scope);
  if (inline.length + constraints.length > 1) {
    const at = inline.length > 1 ? inline[1]?.primaryKey?.at : constraints.at(-1)?.at;
    throw invalidTableDefinition(`multiple primary keys for table "${name}" are not allowed`, { position: at });
  }
  const names = constraints[0]?.columns ?? inline.map((column) => column.name);
  if (names.length === 0) return null;
  const columns = names.map((column) => {
    const index = statement.columns.findIndex((candidate) => candidate.name === column);
    if (index >= 0) return index;
    throw new SqlError('42703', `column "${column}" named in key does not exist`, { position: constraints[0]?.at });
  });
  return { name: constraints[0]?.name ?? `${name}_pkey`, columns };
}

function defineChecks(
  relation: string,
  definitions: readonly Ast.ColumnDefinition[],
  constraints: readonly Ast.TableConstraint[],
  columns: readonly ColumnDefinition[],
  scope: DefinitionScope,
): CheckConstraint[] {
  const inline = definitions.flatMap(({ name, check }) =>
    check === null ? [] : [{ name: `${relation}_${name}_check`, check }],
  );
  const own = constraints.flatMap(({ name, check }) =>
    check === null ? [] : [{ name: name ?? `${relation}_check`, check }],
  );
  return [...inline, ...own].map(({ name, check }) => {
    const sql = printExpr(check);
    planColumnExpression(check, columns, scope.environment, null, 'CHECK');
    return { name, sql };
  });
}

function defineWatermark(
  definition: Ast.WatermarkDefinition | null,
  columns: readonly ColumnDefinition[],
  scope: DefinitionScope,
): Watermark | null {
  if (definition === null) return null;
  const column = columns.findIndex((candidate) => candidate.name === definition.column);
  const found = columns[column];
  if (found === undefined) throw undefinedColumn(definition.column, definition.at);
  if (found.type.name !== 'timestamp' && found.type.name !== 'timestamptz') {
    throw invalidColumnReference(`watermark column "${definition.column}" is of type ${found.type.displayName}`, {
      position: definition.at,
      hint: 'A watermark needs a column of type timestamp or timestamp with time zone.',
    });
  }
  const sql = printExpr(definition.expr);
  planColumnExpression(definition.expr, columns, scope.environment, found, 'WATERMARK');
  return { column, sql };
}

const knownOptions = ['retention'];

/** Options are kept for `SHOW CREATE`; one that this version does not know is refused rather than ignored. */
function defineOptions(options: readonly Ast.Option[]): Readonly<Record<string, string>> {
  const entries = options.map((option): [string, string] => {
    if (option.name === 'connector') {
      throw featureNotSupported('connectors are not supported', {
        position: option.at,
        hint: 'Rows come by INSERT in this version.',
      });
    }
    if (!knownOptions.includes(option.name)) {
      throw new SqlError('22023', `unrecognized option "${option.name}"`, {
        position: option.at,
        hint: `Options are: ${knownOptions.join(', ')}.`,
      });
    }
    return [option.name, typeof option.value === 'string' ? option.value : printExpr(option.value)];
  });
  return Object.fromEntries(entries);
}
