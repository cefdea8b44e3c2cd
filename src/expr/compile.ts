/**
 * Expressions to JavaScript kernels over columns.
 *
 * A kernel is one loop, written out for its expressions by `compile/` and readable under EXPLAIN (CODE). It presumes the
 * ordinary: integers within 2^53, numerics of as many digits, no overflow. A row that departs from that is handed, whole, to the
 * interpreter (evaluate.ts), which is exact and raises the errors. The first rows of a kernel go there too, because most
 * queries see fewer rows than compiling would pay for. Kernels with volatile parts stay there: a row must not run them twice.
 */
import vm from 'node:vm';
import { type Column, capacityOf, gatherColumn, setValueAt, type Value } from '../types/column.ts';
import { Numeric } from '../types/numeric.ts';
import { childrenOf } from './children.ts';
import { Code } from './compile/code.ts';
import { isTrue } from './compile/conditionals.ts';
import { compute } from './compile/expression.ts';
import { store } from './compile/store.ts';
import type { EvalContext } from './context.ts';
import { evaluate } from './evaluate.ts';
import type { ColumnExpr, Expr } from './expr.ts';
import { formatExpr } from './format-expr.ts';
import { volatilityOf } from './volatility.ts';

/** Evaluates a list of expressions for some rows of a batch. */
export type ProjectionKernel = {
  /** The generated code, for EXPLAIN (CODE). */
  readonly source: string;
  /**
   * For k in [0, count): row `selection[k]` (or `k` when null) of `columns` is evaluated into `out[e]` at place `k`, one
   * `out` column per expression, of the kind of its type. Throws the SqlError of the first row that fails; what `out` holds is
   * then undefined. `selection` of one row is the way to find out which row failed.
   */
  run(
    context: EvalContext,
    columns: readonly Column[],
    selection: Int32Array | null,
    count: number,
    out: readonly Column[],
  ): void;
};

/** Evaluates a condition. */
export type PredicateKernel = {
  readonly source: string;
  /** Writes to `kept` the numbers of those rows (of `selection`, or of [0, count)) where the condition is true, and returns how many. */
  run(
    context: EvalContext,
    columns: readonly Column[],
    selection: Int32Array | null,
    count: number,
    kept: Int32Array,
  ): number;
};

/** Rows a kernel interprets before it is compiled. */
const COLD_ROWS = 64;

/** `name` becomes the file name of the code (`sql/<name>.js`) in stacks and profiles. */
export function compileProjection(exprs: readonly Expr[], name: string, coldRows = COLD_ROWS): ProjectionKernel {
  const places: number[] = [];
  const bare: { readonly place: number; readonly index: number }[] = [];
  exprs.forEach((expr, place) => {
    if (expr.kind === 'column') bare.push({ place, index: expr.index });
    else places.push(place);
  });
  const interpretRow = (
    context: EvalContext,
    columns: readonly Column[],
    row: number,
    out: readonly Column[],
    k: number,
  ) => {
    for (const place of places) {
      setValueAt(out[place] as Column, k, evaluate(exprs[place] as Expr, context, columns, row));
    }
  };
  const computed = places.map((place) => exprs[place] as Expr);
  const loop = new Loop(computed, name, coldRows, () => writeProjection(exprs, places), interpretRow);
  return {
    get source() {
      return bare.length === exprs.length ? copiesSource(exprs as readonly ColumnExpr[]) : loop.source;
    },
    run(context, columns, selection, count, out) {
      for (const { place, index } of bare) {
        const target = out[place] as Column;
        target.nulls = null;
        gatherColumn(columns[index] as Column, selection ?? allRows(count), count, target, 0);
      }
      if (places.length === 0) return;
      if (loop.isReady(count) && loop.call(context, columns, selection, count, out) >= 0) return;
      for (const place of places) (out[place] as Column).nulls = null;
      for (let k = 0; k < count; k++) {
        interpretRow(context, columns, selection === null ? k : (selection[k] as number), out, k);
      }
    },
  };
}

export function compilePredicate(expr: Expr, name: string, coldRows = COLD_ROWS): PredicateKernel {
  const conditions = expr.kind === 'and' ? expr.operands : [expr];
  const interpretRow = (context: EvalContext, columns: readonly Column[], row: number) =>
    conditions.every((condition) => evaluate(condition, context, columns, row) === true);
  const loop = new Loop([expr], name, coldRows, () => writePredicate(expr), interpretRow);
  return {
    get source() {
      return loop.source;
    },
    run(context, columns, selection, count, kept) {
      if (loop.isReady(count)) {
        const found = loop.call(context, columns, selection, count, kept);
        if (found >= 0) return found;
      }
      let found = 0;
      for (let k = 0; k < count; k++) {
        const row = selection === null ? k : (selection[k] as number);
        if (interpretRow(context, columns, row)) kept[found++] = row;
      }
      return found;
    },
  };
}

/** Evaluates an expression without columns, e.g. to fold a constant or read a LIMIT. */
export function evaluateConstant(expr: Expr, context: EvalContext): Value {
  return evaluate(expr, context, [], 0);
}

// ------------------------------------------------------------------------------------------------------ the loops

/** Rows 0, 1, 2, …: the selection that selects all. */
let identity = new Int32Array(1024).map((_, i) => i);
function allRows(count: number): Int32Array {
  if (count > identity.length) identity = new Int32Array(2 * count).map((_, i) => i);
  return identity;
}

/** The null map of columns that have none. */
let zeros = new Uint8Array(1024);

const nullMap = (column: Column): Uint8Array => (column.nulls ??= new Uint8Array(capacityOf(column)));

/** 10^0 … 10^300; further ones stand in for infinity, where no safe integer but 0 stays finite times them. */
const powers = Float64Array.from({ length: 301 }, (_, i) => Number(`1e${i}`));

type Written = { readonly body: string; readonly code: Code };
type KernelFunction = (...args: unknown[]) => number;

const PARAMETERS = ['context', 'columns', 'selection', 'count', 'out', 'slow', 'zeros', 'nullMap', 'powers'];
const [CONTEXT, COLUMNS, SELECTION, COUNT, OUT, ZEROS] = [0, 1, 2, 3, 4, 6];

/** A kernel's generated function: written when someone wants to see it, compiled when it has become worth it. */
class Loop {
  readonly #name: string;
  readonly #isCompilable: boolean;
  readonly #write: () => Written;
  readonly #slow: unknown;
  readonly #used: readonly number[];
  #written: Written | null = null;
  #function: KernelFunction | null = null;
  #arguments: unknown[] = [];
  #coldRows: number;

  constructor(exprs: readonly Expr[], name: string, coldRows: number, write: () => Written, slow: unknown) {
    this.#name = name;
    this.#coldRows = coldRows;
    this.#write = write;
    this.#slow = slow;
    this.#isCompilable = exprs.every((expr) => isOrdinary(expr) && volatilityOf(expr) !== 'volatile');
    this.#used = this.#isCompilable ? columnsOf(exprs) : [];
  }

  get source(): string {
    if (!this.#isCompilable) return '// interpreted row by row';
    this.#written ??= this.#write();
    return this.#written.body;
  }

  /** Whether the next `count` rows should run compiled. */
  isReady(count: number): boolean {
    if (this.#function !== null) return true;
    if (!this.#isCompilable) return false;
    this.#coldRows -= count;
    if (this.#coldRows >= 0) return false;
    this.#compile();
    return true;
  }

  #compile(): void {
    const { source } = this;
    const { code } = this.#written as Written;
    const filename = `sql/${this.#name}.js`;
    this.#function = vm.compileFunction(source, [...PARAMETERS, ...code.argumentNames], { filename }) as KernelFunction;
    this.#arguments = [null, null, null, 0, null, this.#slow, zeros, nullMap, powers, ...code.argumentValues];
  }

  /** What the function returns: -1 when the whole batch must be interpreted. */
  call(
    context: EvalContext,
    columns: readonly Column[],
    selection: Int32Array | null,
    count: number,
    out: unknown,
  ): number {
    for (const index of this.#used) {
      const column = columns[index] as Column;
      if (column.nulls === null && capacityOf(column) > zeros.length) zeros = new Uint8Array(2 * capacityOf(column));
    }
    const args = this.#arguments;
    args[CONTEXT as number] = context;
    args[COLUMNS as number] = columns;
    args[SELECTION as number] = selection;
    args[COUNT as number] = count;
    args[OUT as number] = out;
    args[ZEROS as number] = zeros;
    return Reflect.apply(this.#function as KernelFunction, undefined, args);
  }
}

/** Whether a compiled loop can hold the constants of `expr` in plain numbers. */
function isOrdinary(expr: Expr): boolean {
  if (expr.kind === 'constant') {
    const { value } = expr;
    if (typeof value === 'bigint') return false;
    if (value instanceof Numeric)
      return typeof value.coefficient === 'number' && value.scale >= 0 && value.scale <= 300;
  }
  return childrenOf(expr).every(isOrdinary);
}

function columnsOf(exprs: readonly Expr[]): number[] {
  const found = new Set<number>();
  const visit = (expr: Expr): void => {
    if (expr.kind === 'column') found.add(expr.index);
    childrenOf(expr).forEach(visit);
  };
  exprs.forEach(visit);
  return [...found];
}

const SELECT_ROW = '  const row = selection === null ? k : selection[k];';
const FOR = 'for (let k = 0; k < count; k++) {';

function writeProjection(exprs: readonly Expr[], places: readonly number[]): Written {
  const code = new Code('{ slow(context, columns, row, out, k); continue; }', 1, compute);
  for (const place of places) {
    const expr = exprs[place] as Expr;
    store(expr, code.compute(expr), place, code);
  }
  const body = [...code.prologue, FOR, SELECT_ROW, ...code.lines, '}', 'return count;'].join('\n');
  return { body, code };
}

/** The operands of AND one after the other: a row leaves at the first that is not true. */
function writePredicate(expr: Expr): Written {
  const code = new Code('{ if (slow(context, columns, row)) out[m++] = row; continue; }', 1, compute);
  for (const operand of expr.kind === 'and' ? expr.operands : [expr]) {
    code.line(`if (!(${isTrue(code.compute(operand))})) continue;`);
  }
  const lines = ['let m = 0;', ...code.prologue, FOR, SELECT_ROW, ...code.lines, '  out[m++] = row;', '}', 'return m;'];
  return { body: lines.join('\n'), code };
}

const copiesSource = (exprs: readonly ColumnExpr[]): string =>
  exprs
    .map(
      (expr, i) => `// out[${i}] = column ${expr.index} (${formatExpr(expr).replaceAll(/[\n\r\u2028\u2029]/g, ' ')})`,
    )
    .join('\n');
