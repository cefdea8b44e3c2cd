/**
 * Kernels and aggregates of src/expr, per row, over batches of 1,024: the filter of Nexmark q2, the exact product of q1, and the
 * steps of count, sum and avg. Data is deterministic; each figure is the best of several runs after warming up.
 */
import { Random } from '../src/base/random.ts';
import { resolveAggregate } from '../src/expr/aggregates/resolve.ts';
import { coerceExpr } from '../src/expr/coerce.ts';
import { compilePredicate, compileProjection } from '../src/expr/compile.ts';
import type { EvalContext } from '../src/expr/context.ts';
import type { Expr } from '../src/expr/expr.ts';
import { resolveOperator } from '../src/expr/functions/resolve.ts';
import { BATCH_ROWS } from '../src/types/batch.ts';
import { allocateColumn, type Column, setValueAt, type Value } from '../src/types/column.ts';
import { int8 } from '../src/types/integer.ts';
import { Numeric } from '../src/types/numeric.ts';
import { numeric } from '../src/types/numeric-type.ts';
import { defaultFormat, type SqlType } from '../src/types/type.ts';

const BATCHES = 2000;
const RUNS = 5;

/** Kernels without parameters, catalog or clock look at nothing but the format. */
const context = { format: defaultFormat, parameters: [] } as unknown as EvalContext;

const column = (index: number, name: string): Expr => ({ kind: 'column', index, name, type: int8, typmod: -1 });
const constant = (type: SqlType, value: Value): Expr => ({ kind: 'constant', type, typmod: -1, value });

function operate(left: Expr, name: string, right: Expr): Expr {
  const found = resolveOperator(name, left.type, right.type);
  if (found === null) throw new Error(`no operator ${name}`);
  const args = [left, right].map((arg, i) => coerceExpr(arg, found.argTypes[i] as SqlType, -1, 'implicit', 0) as Expr);
  return { kind: 'call', fn: found.fn, args, type: found.result, typmod: -1, at: 0 };
}

function int8Column(make: (i: number) => number): Column {
  const filled = allocateColumn('i64', BATCH_ROWS);
  for (let i = 0; i < BATCH_ROWS; i++) setValueAt(filled, i, make(i));
  return filled;
}

/** Nanoseconds per row of `step`, which handles one batch. */
function measure(step: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    for (let i = 0; i < BATCHES; i++) step();
    best = Math.min(best, ((performance.now() - start) * 1e6) / BATCHES / BATCH_ROWS);
  }
  return Math.round(best * 10) / 10;
}

type Figure = { readonly name: string; readonly nsPerRow: number; readonly limit: number };

function kernels(columns: readonly Column[]): Figure[] {
  const filter = compilePredicate(
    operate(operate(column(0, 'auction'), '%', constant(int8, 123)), '=', constant(int8, 0)),
    'bench/filter',
  );
  const product = compileProjection(
    [operate(constant(numeric, new Numeric(908, 3)), '*', column(1, 'price'))],
    'bench/product',
  );
  const kept = new Int32Array(BATCH_ROWS);
  const out = [allocateColumn('dec', BATCH_ROWS)];
  return [
    {
      name: 'auction % 123 = 0',
      nsPerRow: measure(() => filter.run(context, columns, null, BATCH_ROWS, kept)),
      limit: 30,
    },
    {
      name: '0.908 * price',
      nsPerRow: measure(() => product.run(context, columns, null, BATCH_ROWS, out)),
      limit: 150,
    },
  ];
}

function aggregates(values: Column): Figure[] {
  const random = new Random(1);
  const groups = new Int32Array(BATCH_ROWS).map(() => random.below(1000));
  return ['count', 'sum', 'avg', 'max'].map((name) => {
    const found = resolveAggregate(name, [int8]);
    if (found === null) throw new Error(`no aggregate ${name}`);
    const state = found.fn.state([int8]).map((type) => [allocateColumn(type.column, 1024)]);
    const step = () => found.fn.accumulate(state, groups, [values], null, null, BATCH_ROWS);
    return { name: `${name}(bigint)`, nsPerRow: measure(step), limit: 25 };
  });
}

export async function run(options: { readonly json: boolean }): Promise<void> {
  const random = new Random(7);
  const auctions = int8Column(() => 1000 + random.below(100_000));
  const prices = int8Column(() => 100 + random.below(10_000_000));
  const figures = [...kernels([auctions, prices]), ...aggregates(prices)];
  if (!options.json) {
    for (const { name, nsPerRow, limit } of figures) {
      console.log(`${name.padEnd(20)} ${`${nsPerRow}`.padStart(6)} ns/row   (limit ${limit})`);
    }
  }
  console.log(JSON.stringify({ bench: 'expr', batchRows: BATCH_ROWS, figures }));
}
