/** DELETE: the rows that go. With USING, a row goes once however many partners it has: a semi join. */
import type * as ast from '../../parser/ast.ts';
import type { Binder } from '../bind/binder.ts';
import { bindWhere } from '../bind/conditions.ts';
import { bindFrom } from '../bind/from.ts';
import { bindWith } from '../bind/query.ts';
import { Scope } from '../bind/scope.ts';
import { checkNames } from '../bind/sources.ts';
import type { PlannedDelete } from '../environment.ts';
import { finishQuery } from '../finish.ts';
import { apply, pick } from '../logical/build.ts';
import { bindReturning } from './returning.ts';
import { changeableTable } from './target.ts';
import { targetTable } from './update.ts';

export function planDelete(binder: Binder, statement: ast.Delete): PlannedDelete {
  const target = changeableTable(binder, statement.table, 'delete from');
  if (statement.with !== null) bindWith(binder, statement.with, null);
  const scope = new Scope(null);
  const own = targetTable(binder, target, statement.alias, scope);
  const others = bindFrom(binder, statement.using, scope);
  if (others !== null) {
    checkNames(own.tables, others.tables);
    scope.show({ tables: [...own.tables, ...others.tables], columns: [...own.columns, ...others.columns] });
  } else scope.show(own);
  scope.clause = 'WHERE';
  const matched =
    others === null
      ? bindWhere(binder, statement.where, scope, own.plan, 'WHERE')
      : apply('semi', own.plan, bindWhere(binder, statement.where, scope, others.plan, 'WHERE'), null);
  const fields = own.columns.map((column) => column.field);
  const returning = bindReturning(binder, statement.returning, own, fields);
  const bound = { plan: pick(matched, fields), columns: own.columns, order: [] };
  return { kind: 'delete', target, source: finishQuery(binder, bound).query, returning };
}
