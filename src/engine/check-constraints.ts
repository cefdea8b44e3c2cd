/** CHECK constraints, compiled once per relation and constraint. */
import type { CheckConstraint, StreamRelation, TableRelation } from '../catalog/relation.ts';
import { compileProjection, type ProjectionKernel } from '../expr/compile.ts';
import type { EvalContext } from '../expr/context.ts';
import { planColumnExpression } from '../planner/planner.ts';
import type { Batch } from '../types/batch.ts';
import { allocateColumn, type BoolColumn } from '../types/column.ts';
import type { Database } from './database.ts';
import { definitionEnvironment } from './open-runtime.ts';

const kernels = new WeakMap<CheckConstraint, ProjectionKernel>();

/** The first row of `batch` for which `check` is false (NULL passes, as SQL has it), or -1. */
export function failingRows(
  database: Database,
  relation: StreamRelation | TableRelation,
  check: CheckConstraint,
  batch: Batch,
  context: EvalContext,
): number {
  let kernel = kernels.get(check);
  if (kernel === undefined) {
    const environment = definitionEnvironment(database, ['public']);
    const expr = planColumnExpression(check.sql, relation.columns, environment, null, 'CHECK');
    kernel = compileProjection([expr], `${relation.name}/${check.name}`);
    kernels.set(check, kernel);
  }
  const out = allocateColumn('bool', Math.max(batch.length, 1)) as BoolColumn;
  kernel.run(context, batch.columns, null, batch.length, [out]);
  for (let i = 0; i < batch.length; i++) if (out.data[i] === 0 && (out.nulls === null || out.nulls[i] === 0)) return i;
  return -1;
}
