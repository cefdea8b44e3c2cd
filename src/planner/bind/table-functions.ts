/** Functions in FROM: set-returning ones run once for each row of what stands before them, scalar ones give a row. */
import { featureNotSupported, syntaxError } from '../../base/errors.ts';
import type { Expr } from '../../expr/expr.ts';
import { tableFunctionExists } from '../../expr/table-functions/resolve.ts';
import type * as ast from '../../parser/ast.ts';
import { int8 } from '../../types/integer.ts';
import { extend, oneRow, pick } from '../logical/build.ts';
import type { Logical } from '../logical/logical.ts';
import { type Binder, contextFor } from './binder.ts';
import { coerceArguments, resolveTableFunctionAt } from './calls.ts';
import { settleUnknown } from './coercion.ts';
import { attachAll } from './conditions.ts';
import { outputName } from './output-name.ts';
import { type Attachment, type FromResult, noOrigin, type Scope, type Visible } from './scope.ts';
import { named, nothingBehind, nothingVisible } from './sources.ts';

export function bindTableFunction(
  binder: Binder,
  node: ast.TableFunction,
  scope: Scope,
  left: Visible | null,
): FromResult {
  const [call] = node.calls;
  if (call === undefined || node.calls.length > 1) {
    throw featureNotSupported('ROWS FROM with several functions is not supported', { position: node.at });
  }
  const definitions = [...node.columnDefinitions, ...node.callDefinitions.flat()];
  if (definitions.length > 0) {
    throw syntaxError('a column definition list is only allowed for functions returning "record"', {
      position: definitions[0]?.type.at,
    });
  }
  const attachments: Attachment[] = [];
  const context = contextFor(scope.beside(left ?? nothingVisible), 'functions in FROM', attachments);
  scope.clause = 'functions in FROM';
  const name = outputName(call, () => undefined);
  const rows = call.kind === 'call' ? callRows(binder, call, node, context, attachments) : null;
  const plan = rows ?? scalarRow(binder, call, name, node, context, attachments);
  // A function without names of its own for its results calls its only column as the table is called.
  const fields = plan.fields.map((field, i) =>
    i === 0 && field.name === name && node.alias !== null ? { ...field, name: node.alias.name } : field,
  );
  const columns = fields.map((field) => ({ name: field.name, field, origin: noOrigin }));
  return named(binder, { plan, columns }, name, node.alias, nothingBehind, scope);
}

function callRows(
  binder: Binder,
  call: ast.FunctionCall,
  node: ast.TableFunction,
  context: Parameters<Binder['bindExpr']>[2],
  attachments: readonly Attachment[],
): Logical | null {
  const name = call.name[call.name.length - 1] as string;
  if (!tableFunctionExists(name)) return null;
  const args = call.args.map((arg) => binder.bindExpr(binder, arg, context));
  const resolved = resolveTableFunctionAt(name, args, call.at);
  if (resolved === null) return null;
  const ordinality = node.withOrdinality ? [binder.field('ordinality', int8, -1, true)] : [];
  const input = attachAll(oneRow, attachments);
  const own = resolved.columns.map((column) => binder.field(column.name, column.type));
  const rows: Logical = {
    kind: 'table-function',
    input,
    fn: resolved.fn,
    args: coerceArguments(binder, args, resolved.argTypes, call.at),
    withOrdinality: node.withOrdinality,
    outer: false,
    fields: [...input.fields, ...own, ...ordinality],
  };
  if (input.fields.length === 0) return rows;
  const shown = [...own, ...ordinality];
  return pick(rows, shown);
}

function scalarRow(
  binder: Binder,
  call: ast.Expr,
  name: string,
  node: ast.TableFunction,
  context: Parameters<Binder['bindExpr']>[2],
  attachments: readonly Attachment[],
): Logical {
  const value: Expr = settleUnknown(binder, binder.bindExpr(binder, call, context));
  const field = binder.fieldFor(name, value);
  const one: Expr = { kind: 'constant', value: 1, type: int8, typmod: -1 };
  const ordinality = node.withOrdinality ? [{ field: binder.field('ordinality', int8, -1, true), expr: one }] : [];
  const input = attachAll(oneRow, attachments);
  const fields = [field, ...ordinality.map((part) => part.field)];
  const exprs = [value, ...ordinality.map((part) => part.expr)];
  return input.fields.length === 0 ? extend(input, fields, exprs) : { kind: 'project', input, fields, exprs };
}
