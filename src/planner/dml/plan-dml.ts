/** Plans of INSERT, UPDATE and DELETE. */
import type { Delete, Insert, Update } from '../../parser/ast.ts';
import { binderFor } from '../bind/bind.ts';
import type { PlanEnvironment, PlannedDml } from '../environment.ts';
import { planDelete } from './delete.ts';
import { planInsert } from './insert.ts';
import { planUpdate } from './update.ts';

export function planDml(statement: Insert | Update | Delete, environment: PlanEnvironment): PlannedDml {
  const binder = binderFor(environment);
  switch (statement.kind) {
    case 'insert':
      return planInsert(binder, statement);
    case 'update':
      return planUpdate(binder, statement);
    case 'delete':
      return planDelete(binder, statement);
  }
}
