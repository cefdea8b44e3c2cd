/**
 * The system relations of every database: pg_catalog, information_schema and millrace.
 *
 * All relations of PostgreSQL 15 are here with its columns. Those that say something have their rows in a file of this
 * folder; the others are empty, because an empty relation switches a client's feature off where a missing one is an error.
 */
import { assert } from '../../base/assert.ts';
import type { SystemRelation } from '../relation.ts';
import { classRelations } from './class.ts';
import { convenienceRelations } from './convenience.ts';
import { type SystemRows, systemRelation } from './define.ts';
import { informationSchemaRelations } from './information-schema.ts';
import { informationSchemaShapes } from './information-schema-shapes.ts';
import { millraceRelations } from './millrace.ts';
import { pgCatalogShapes } from './pg-catalog-shapes.ts';
import { serverRelations } from './server.ts';
import { parseShapes } from './shapes.ts';
import { typeRelations } from './types.ts';

function fill(schema: string, shapes: string, filled: readonly SystemRows[]): SystemRelation[] {
  const rows = new Map(filled.map((relation) => [relation.name, relation.rows]));
  const relations = parseShapes(shapes).map((shape) => systemRelation(schema, shape, rows.get(shape.name) ?? null));
  for (const name of rows.keys()) {
    assert(
      relations.some((relation) => relation.name === name),
      `no system relation ${schema}.${name}`,
    );
  }
  return relations;
}

export const systemRelations: readonly SystemRelation[] = [
  ...fill('pg_catalog', pgCatalogShapes, [
    ...classRelations,
    ...typeRelations,
    ...serverRelations,
    ...convenienceRelations,
  ]),
  ...fill('information_schema', informationSchemaShapes, informationSchemaRelations),
  ...millraceRelations.map((relation) => systemRelation('millrace', relation, relation.rows)),
];
