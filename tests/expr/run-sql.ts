/** Runs one query over no stored relations, through parser, planner and operators, and shows the rows as psql -At does. */
import { Catalog } from '../../src/catalog/catalog.ts';
import { systemRelations } from '../../src/catalog/system/index.ts';
import type { EvalContext } from '../../src/expr/context.ts';
import { buildDataflow } from '../../src/operators/build.ts';
import { MemoryStateStore } from '../../src/storage/memory-state.ts';
import { weightAt } from '../../src/types/batch.ts';
import { type Value, valueAt } from '../../src/types/column.ts';
import { environmentFor, planOf } from '../planner/fixture.ts';

const settings: Readonly<Record<string, string>> = { server_encoding: 'UTF8', server_version: '15.0 (Millrace)' };
const environment = environmentFor(Catalog.initial(systemRelations));

const now = 8.1e14;

export const context: EvalContext = {
  ...environment.context,
  transactionMicros: now,
  statementMicros: now,
  nowMicros: () => now,
  session: { ...environment.context.session, setting: (name) => settings[name] },
};

export type Rows = readonly (readonly Value[])[];

/** The rows of `sql`, in scalar form, with the types of the columns. */
export function queryRows(sql: string) {
  const { query } = planOf(sql, { ...environment, context });
  const rows: Value[][] = [];
  const flow = buildDataflow({
    plan: query.plan,
    name: 'test',
    state: new MemoryStateStore(),
    context: { eval: context, onRowError: null },
    insertsOnly: true,
    output: (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const row = batch.columns.slice(0, query.visible).map((column) => valueAt(column, i));
        for (let copy = 0; copy < weightAt(batch, i); copy++) rows.push(row);
      }
    },
  });
  flow.endTick();
  return { rows, types: query.plan.columns.slice(0, query.visible).map((column) => column.type) };
}

/** Columns joined with `|`, rows with line ends, NULL as nothing. */
export function runSql(sql: string): string {
  const { rows, types } = queryRows(sql);
  const show = (value: Value, c: number) => (value === null ? '' : (types[c]?.format(value, context.format) ?? ''));
  return rows.map((row) => row.map(show).join('|')).join('\n');
}
