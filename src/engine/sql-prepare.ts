/** PREPARE, EXECUTE, DEALLOCATE, DISCARD. SQL and protocol share one namespace of prepared statements. */
import { datatypeMismatch, duplicatePreparedStatement, SqlError } from '../base/errors.ts';
import { coerceExpr } from '../expr/coerce.ts';
import { evaluateConstant } from '../expr/compile.ts';
import type * as Ast from '../parser/ast.ts';
import { printExpr } from '../parser/print.ts';
import { bindTypeName } from '../planner/bind/type-names.ts';
import { planColumnExpression } from '../planner/planner.ts';
import type { Value } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import { done, type Outcome } from './outcome.ts';
import { contextOf, environmentOf } from './session-context.ts';
import type { SessionState } from './session-state.ts';

export function prepareSql(session: SessionState, statement: Ast.PrepareStatement): Outcome {
  if (session.statements.has(statement.name)) throw duplicatePreparedStatement(statement.name);
  const environment = environmentOf(session, []);
  const parameterTypes = statement.types.map((type) => bindTypeName({ environment }, type).type);
  const prepared = session.prepare({
    name: statement.name,
    text: statement.text,
    statement: statement.statement,
    parameterTypes,
    fromSql: true,
  });
  session.statements.set(statement.name, prepared);
  return done('PREPARE');
}

export function executePrepared(session: SessionState, statement: Ast.ExecuteStatement): Outcome | Promise<Outcome> {
  const prepared = session.findStatement(statement.name);
  const { parameters } = prepared;
  if (statement.args.length !== parameters.length) {
    throw new SqlError('42601', `wrong number of parameters for prepared statement "${statement.name}"`, {
      detail: `Expected ${parameters.length} parameters but got ${statement.args.length}.`,
      position: statement.at,
    });
  }
  const values = statement.args.map((arg, i) => evaluateArgument(session, arg, parameters[i] as SqlType, i));
  return session.run(prepared, values);
}

function evaluateArgument(session: SessionState, arg: Ast.Expr, type: SqlType, index: number): Value {
  const environment = environmentOf(session, []);
  const bound = planColumnExpression(printExpr(arg), [], environment, null, 'LIMIT');
  const coerced = coerceExpr(bound, type, -1, 'assignment', arg.at);
  if (coerced === null) {
    throw datatypeMismatch(
      `parameter $${index + 1} of type ${bound.type.displayName} cannot be coerced to the expected type ${type.displayName}`,
      { hint: 'You will need to rewrite or cast the expression.', position: arg.at },
    );
  }
  return evaluateConstant(coerced, contextOf(session, []));
}

export function deallocate(session: SessionState, statement: Ast.Deallocate): Outcome {
  if (statement.name === null) {
    session.statements.clear();
    return done('DEALLOCATE ALL');
  }
  session.findStatement(statement.name);
  session.statements.delete(statement.name);
  return done('DEALLOCATE');
}

export function discard(session: SessionState, statement: Ast.Discard): Outcome {
  if (statement.what === 'all') {
    if (session.transaction.isExplicit) {
      throw new SqlError('25001', 'DISCARD ALL cannot run inside a transaction block');
    }
    session.statements.clear();
    session.portals.clear();
    session.settings.resetAll();
  }
  return done(`DISCARD ${statement.what.toUpperCase()}`);
}
