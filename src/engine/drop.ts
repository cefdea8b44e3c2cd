/** DROP: what is named, what depends on it, and in which words PostgreSQL speaks of it. */
import { dependentObjects, featureNotSupported, SqlError, wrongObjectType } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Relation } from '../catalog/relation.ts';
import type * as Ast from '../parser/ast.ts';
import type { DefinitionRun } from './definition-run.ts';
import { errorsRelationOf, ownerOfErrors } from './error-rows.ts';
import { done, type Outcome } from './outcome.ts';

const dropWords: Readonly<Record<string, string>> = {
  stream: 'stream',
  source: 'stream',
  table: 'table',
  view: 'view',
  'materialized-view': 'materialized view',
  index: 'index',
};

export async function dropRelations(statement: Ast.Drop, run: DefinitionRun): Promise<Outcome> {
  const word = dropWords[statement.object];
  if (word === undefined)
    throw featureNotSupported(`DROP ${statement.object.toUpperCase()} is not supported`, { position: statement.at });
  const { database } = run;
  const named = statement.names.flatMap((name) => findDropped(name, word, statement.ifExists, run) ?? []);
  const doomed = withDependents(database.catalog, named);
  const others = doomed.filter((relation) => !named.includes(relation) && !isInternal(database.catalog, relation));
  if (others.length > 0 && !statement.cascade) {
    const detail = others.map(
      (other) => `${describe(other)} depends on ${describe(readBy(database.catalog, other, doomed))}`,
    );
    throw dependentObjects(describe(named[0] as Relation), detail.join('\n'));
  }
  noticeCascade(others, run);
  const ids = new Set(doomed.map((relation) => relation.id));
  if (ids.size > 0) await database.publish(database.catalog.without(ids), [...ids]);
  return done(`DROP ${word.toUpperCase()}`);
}

function findDropped(name: Ast.QualifiedName, word: string, ifExists: boolean, run: DefinitionRun): Relation | null {
  const { catalog, searchPath } = run.scope.environment;
  const written = name.parts.join('.');
  const relation = catalog.find(name.parts, searchPath);
  if (relation === undefined) {
    if (!ifExists) throw new SqlError('42P01', `${word} "${written}" does not exist`);
    run.notice({ severity: 'NOTICE', code: '00000', message: `${word} "${written}" does not exist, skipping` });
    return null;
  }
  if (relation.kind === 'system') {
    throw new SqlError('42501', `permission denied: "${relation.name}" is a system catalog`);
  }
  if (relation.kind.replace('-', ' ') !== word) {
    const actual = relation.kind.replace('-', ' ');
    throw wrongObjectType(`"${relation.name}" is not a ${word}`, {
      hint: `Use DROP ${actual.toUpperCase()} to remove ${/^[aeiou]/.test(actual) ? 'an' : 'a'} ${actual}.`,
    });
  }
  if (relation.kind === 'index') {
    throw dependentObjects(`index ${relation.name}`, `constraint ${relation.name} requires it`);
  }
  const view = ownerOfErrors(catalog, relation);
  if (view !== null) throw dependentObjects(describe(relation), `materialized view ${view.name} requires it`);
  return relation;
}

/** The roots and everything that reads them, directly or not, in the order found. */
function withDependents(catalog: Catalog, roots: readonly Relation[]): Relation[] {
  const found = new Set<Relation>(roots);
  for (const relation of found) {
    for (const dependent of catalog.dependents(relation.id)) found.add(dependent);
    const errors = relation.kind === 'materialized-view' ? errorsRelationOf(catalog, relation) : undefined;
    if (errors !== undefined) found.add(errors);
  }
  return [...found];
}

/** Indexes of keys and errors relations go with what they belong to, unmentioned. */
const isInternal = (catalog: Catalog, relation: Relation): boolean =>
  relation.kind === 'index' || ownerOfErrors(catalog, relation) !== null;

const readBy = (catalog: Catalog, reader: Relation, among: readonly Relation[]): Relation =>
  among.find((relation) => catalog.dependents(relation.id).includes(reader)) as Relation;

const describe = (relation: Relation): string => `${relation.kind.replace('-', ' ')} ${relation.name}`;

function noticeCascade(others: readonly Relation[], run: DefinitionRun): void {
  if (others.length === 0) return;
  const lines = others.map((other) => `drop cascades to ${describe(other)}`);
  if (lines.length === 1) {
    run.notice({ severity: 'NOTICE', code: '00000', message: lines[0] as string });
    return;
  }
  run.notice({
    severity: 'NOTICE',
    code: '00000',
    message: `drop cascades to ${lines.length} other objects`,
    detail: lines.join('\n'),
  });
}

export async function dropSchema(statement: Ast.Drop, run: DefinitionRun): Promise<Outcome> {
  const { database } = run;
  for (const { parts, at } of statement.names) {
    const name = parts[parts.length - 1] as string;
    if (database.catalog.schema(name) === undefined) {
      if (!statement.ifExists) throw new SqlError('3F000', `schema "${name}" does not exist`, { position: at });
      run.notice({ severity: 'NOTICE', code: '00000', message: `schema "${name}" does not exist, skipping` });
      continue;
    }
    const inside = [...database.catalog.relations()].filter((relation) => relation.schema === name);
    if (inside.some((relation) => relation.kind === 'system') || name === 'public') {
      throw new SqlError('2BP01', `cannot drop schema ${name} because it is required by the database system`);
    }
    if (inside.length > 0 && !statement.cascade) {
      throw dependentObjects(
        `schema ${name}`,
        inside.map((relation) => `${describe(relation)} depends on schema ${name}`).join('\n'),
      );
    }
    const doomed = withDependents(database.catalog, inside);
    noticeCascade(
      doomed.filter((relation) => relation.kind !== 'index'),
      run,
    );
    const ids = new Set(doomed.map((relation) => relation.id));
    await database.publish(database.catalog.without(ids).withoutSchema(name), [...ids]);
  }
  return done('DROP SCHEMA');
}
