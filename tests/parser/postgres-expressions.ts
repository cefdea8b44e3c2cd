/**
 * PostgreSQL's raw parse trees (as `libpg-query` returns them) in the shape of our AST: expressions.
 * A position that PostgreSQL does not keep is -1, which the comparison skips.
 */
import type * as Pg from 'libpg-query';
import type * as Ast from '../../src/parser/ast.ts';
import { convertQuery } from './postgres-queries.ts';

export const NOWHERE = -1;

/** The field is left out where it is 0. */
export const locationOf = (node: { location?: number | undefined }) => node.location ?? 0;

export function texts(nodes: readonly Pg.Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : unknownNode(node)));
}

export function unknownNode(node: unknown): never {
  throw new Error(`no shape for ${JSON.stringify(node).slice(0, 200)}`);
}

export const exprs = (nodes: readonly Pg.Node[] | undefined): Ast.Expr[] => (nodes ?? []).map(convertExpr);
export const optional = (node: Pg.Node | undefined): Ast.Expr | null => (node === undefined ? null : convertExpr(node));
const required = (node: Pg.Node | undefined): Ast.Expr =>
  node === undefined ? unknownNode('nothing') : convertExpr(node);

export function convertExpr(node: Pg.Node): Ast.Expr {
  if ('ColumnRef' in node) return convertColumn(node.ColumnRef);
  if ('A_Const' in node) return convertConstant(node.A_Const);
  if ('ParamRef' in node) {
    return { kind: 'parameter', at: locationOf(node.ParamRef), index: node.ParamRef.number ?? 0 };
  }
  if ('A_Expr' in node) return convertOperator(node.A_Expr);
  if ('BoolExpr' in node) return convertBoolean(node.BoolExpr);
  if ('NullTest' in node) {
    const { arg, nulltesttype } = node.NullTest;
    return test(locationOf(node.NullTest), required(arg), 'null', nulltesttype === 'IS_NOT_NULL');
  }
  if ('BooleanTest' in node) return convertBooleanTest(node.BooleanTest);
  if ('SubLink' in node) return convertSubLink(node.SubLink);
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast;
    const at = locationOf(node.TypeCast);
    return { kind: 'cast', at, operand: required(arg), type: convertType(typeName), spelling: 'cast' };
  }
  if ('CollateClause' in node) {
    const { arg, collname } = node.CollateClause;
    const collation = { at: NOWHERE, parts: texts(collname) };
    return { kind: 'collate', at: locationOf(node.CollateClause), operand: required(arg), collation };
  }
  if ('FuncCall' in node) return convertCall(node.FuncCall);
  return convertRareExpr(node);
}

function convertRareExpr(node: Pg.Node): Ast.Expr {
  if ('CoalesceExpr' in node) {
    return special(locationOf(node.CoalesceExpr), 'coalesce', exprs(node.CoalesceExpr.args));
  }
  if ('MinMaxExpr' in node) {
    const name = node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest';
    return special(locationOf(node.MinMaxExpr), name, exprs(node.MinMaxExpr.args));
  }
  if ('SQLValueFunction' in node) return convertValueFunction(node.SQLValueFunction);
  if ('CaseExpr' in node) return convertCase(node.CaseExpr);
  if ('A_ArrayExpr' in node) {
    return { kind: 'array', at: locationOf(node.A_ArrayExpr), elements: exprs(node.A_ArrayExpr.elements) };
  }
  if ('RowExpr' in node) {
    const explicit = node.RowExpr.row_format === 'COERCE_EXPLICIT_CALL';
    return { kind: 'row', at: locationOf(node.RowExpr), fields: exprs(node.RowExpr.args), explicit };
  }
  if ('A_Indirection' in node) return convertIndirection(node.A_Indirection);
  if ('GroupingFunc' in node) {
    return { kind: 'grouping', at: locationOf(node.GroupingFunc), args: exprs(node.GroupingFunc.args) };
  }
  if ('SetToDefault' in node) return { kind: 'default', at: locationOf(node.SetToDefault) };
  if ('NamedArgExpr' in node) {
    const { name, arg } = node.NamedArgExpr;
    return { kind: 'named-argument', at: locationOf(node.NamedArgExpr), name: name ?? '', value: required(arg) };
  }
  return unknownNode(node);
}

function convertColumn(node: Pg.ColumnRef): Ast.Expr {
  const fields = node.fields ?? [];
  const last = fields[fields.length - 1];
  const at = locationOf(node);
  if (last !== undefined && 'A_Star' in last) return { kind: 'star', at, qualifier: texts(fields.slice(0, -1)) };
  return { kind: 'column-ref', at, parts: texts(fields) };
}

function convertConstant(node: Pg.A_Const): Ast.Constant {
  const make = (type: Ast.Constant['type'], text: string): Ast.Constant => {
    return { kind: 'constant', at: locationOf(node), type, text };
  };
  if (node.isnull) return make('null', 'null');
  if (node.sval !== undefined) return make('string', node.sval.sval ?? '');
  if (node.bsval !== undefined) return make('bit', node.bsval.bsval ?? '');
  if (node.boolval !== undefined) return make('boolean', String(node.boolval.boolval ?? false));
  if (node.fval === undefined) return make('integer', String(node.ival?.ival ?? 0));
  // PostgreSQL calls an integer beyond 32 bits a float until it knows better.
  const text = node.fval.fval ?? '';
  return make(/^-?\d+$/.test(text) ? 'integer' : 'decimal', text);
}

function test(at: number, operand: Ast.Expr, name: Ast.IsTest['test'], negated: boolean): Ast.IsTest {
  return { kind: 'is', at, operand, test: name, form: null, negated };
}

function convertBooleanTest(node: Pg.BooleanTest): Ast.Expr {
  const [, not, name] = /^IS_(NOT_)?(TRUE|FALSE|UNKNOWN)$/.exec(node.booltesttype ?? '') ?? [];
  const word = (name ?? '').toLowerCase() as 'true' | 'false' | 'unknown';
  return test(locationOf(node), required(node.arg), word, not !== undefined);
}

function convertBoolean(node: Pg.BoolExpr): Ast.Expr {
  const at = locationOf(node);
  const operands = exprs(node.args);
  if (node.boolop === 'NOT_EXPR') return { kind: 'not', at, operand: operands[0] ?? unknownNode(node) };
  return { kind: 'boolean-op', at, operator: node.boolop === 'OR_EXPR' ? 'or' : 'and', operands };
}

// ------------------------------------------------------------------------------------------------------ operators

function listItems(node: Pg.Node | undefined): Ast.Expr[] {
  return node !== undefined && 'List' in node ? exprs(node.List.items) : unknownNode(node);
}

function convertOperator(node: Pg.A_Expr): Ast.Expr {
  const at = locationOf(node);
  const operator = texts(node.name);
  const operand = () => required(node.lexpr);
  switch (node.kind) {
    case 'AEXPR_OP':
      if (node.lexpr === undefined) return { kind: 'unary', at, operator, operand: required(node.rexpr) };
      return { kind: 'binary', at, operator, left: operand(), right: required(node.rexpr) };
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      const quantifier = node.kind === 'AEXPR_OP_ANY' ? 'any' : 'all';
      return { kind: 'quantified', at, operator, quantifier, operand: operand(), right: required(node.rexpr) };
    }
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT': {
      const negated = node.kind === 'AEXPR_NOT_DISTINCT';
      return { kind: 'is-distinct', at, left: operand(), right: required(node.rexpr), negated };
    }
    case 'AEXPR_NULLIF':
      return special(at, 'nullif', [operand(), required(node.rexpr)]);
    case 'AEXPR_IN':
      return { kind: 'in', at, operand: operand(), choices: listItems(node.rexpr), negated: operator[0] === '<>' };
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_SIMILAR':
      return convertLike(node, at, operator[0] ?? '');
    default:
      return convertBetween(node, at);
  }
}

function convertLike(node: Pg.A_Expr, at: number, operator: string): Ast.Expr {
  const word = node.kind === 'AEXPR_LIKE' ? 'like' : node.kind === 'AEXPR_ILIKE' ? 'ilike' : 'similar';
  const right = required(node.rexpr);
  const isEscaped = right.kind === 'call' && /^(like|similar_to)_escape$/.test(right.name[1] ?? '');
  const args = isEscaped ? right.args : [right];
  return {
    kind: 'like',
    at,
    operator: word,
    operand: required(node.lexpr),
    pattern: args[0] ?? unknownNode(node),
    escape: args[1] ?? null,
    negated: operator.startsWith('!'),
  };
}

function convertBetween(node: Pg.A_Expr, at: number): Ast.Expr {
  const [low, high] = listItems(node.rexpr);
  const kind = node.kind ?? '';
  if (low === undefined || high === undefined) return unknownNode(node);
  const operand = required(node.lexpr);
  return { kind: 'between', at, operand, low, high, symmetric: kind.endsWith('SYM'), negated: kind.includes('NOT') };
}

function convertSubLink(node: Pg.SubLink): Ast.Expr {
  const at = locationOf(node);
  const query = convertQuery(node.subselect);
  switch (node.subLinkType) {
    case 'EXISTS_SUBLINK':
      return { kind: 'subquery', at, form: 'exists', query };
    case 'ARRAY_SUBLINK':
      return { kind: 'subquery', at, form: 'array', query };
    case 'EXPR_SUBLINK':
      return { kind: 'subquery', at, form: 'scalar', query };
    default: {
      const operand = required(node.testexpr);
      const operator = texts(node.operName);
      if (operator.length === 0) return { kind: 'in', at, operand, choices: query, negated: false };
      const quantifier = node.subLinkType === 'ALL_SUBLINK' ? 'all' : 'any';
      return { kind: 'quantified', at, operator, quantifier, operand, right: query };
    }
  }
}

function convertIndirection(node: Pg.A_Indirection): Ast.Expr {
  let operand = required(node.arg);
  for (const step of node.indirection ?? []) {
    if ('A_Indices' in step) {
      const { is_slice: isSlice, lidx, uidx } = step.A_Indices;
      const lower = isSlice ? optional(lidx) : optional(uidx);
      const upper = isSlice ? optional(uidx) : null;
      operand = { kind: 'subscript', at: NOWHERE, operand, isSlice: isSlice ?? false, lower, upper };
    } else {
      const field = 'A_Star' in step ? null : (texts([step])[0] ?? '');
      operand = { kind: 'field', at: NOWHERE, operand, field };
    }
  }
  return operand;
}

function convertCase(node: Pg.CaseExpr): Ast.Expr {
  const branches = (node.args ?? []).map((branch) => {
    if (!('CaseWhen' in branch)) return unknownNode(branch);
    return Object.fromEntries([
      ['when', required(branch.CaseWhen.expr)],
      ['then', required(branch.CaseWhen.result)],
    ]) as Ast.CaseExpr['branches'][number];
  });
  const at = locationOf(node);
  return { kind: 'case', at, operand: optional(node.arg), branches, otherwise: optional(node.defresult) };
}

// ---------------------------------------------------------------------------------------------------------- calls

function special(at: number, name: Ast.SpecialCall['name'], args: readonly Ast.Expr[], variant = ''): Ast.SpecialCall {
  return { kind: 'special-call', at, name, variant, args };
}

function convertValueFunction(node: Pg.SQLValueFunction): Ast.Expr {
  const name = (node.op ?? '')
    .replace(/^SVFOP_/, '')
    .replace(/_N$/, '')
    .toLowerCase() as Ast.SpecialCall['name'];
  const precision: Ast.Constant = { kind: 'constant', at: NOWHERE, type: 'integer', text: String(node.typmod ?? 0) };
  return special(locationOf(node), name, node.op?.endsWith('_N') ? [precision] : []);
}

/** What the grammar writes as a special form and PostgreSQL keeps as a call of pg_catalog. */
function convertSyntaxCall(node: Pg.FuncCall, name: string, args: Ast.Expr[]): Ast.Expr | null {
  const at = locationOf(node);
  switch (name) {
    case 'timezone': {
      const [zone, operand] = args;
      if (zone === undefined || operand === undefined) return unknownNode(node);
      return { kind: 'at-time-zone', at, operand, zone };
    }
    case 'extract':
    case 'position':
    case 'substring':
    case 'normalize':
    case 'overlaps':
      return special(at, name, args);
    case 'overlay':
      return special(at, name, args, 'placing');
    case 'btrim':
      return special(at, 'trim', args, 'both');
    case 'ltrim':
      return special(at, 'trim', args, 'leading');
    case 'rtrim':
      return special(at, 'trim', args, 'trailing');
    case 'is_normalized': {
      const form = args[1]?.kind === 'constant' ? args[1].text.toLowerCase() : null;
      return { ...test(at, args[0] ?? unknownNode(node), 'normalized', false), form };
    }
    default:
      return null;
  }
}

function convertCall(node: Pg.FuncCall): Ast.Expr {
  const name = texts(node.funcname);
  const args = exprs(node.args);
  const isSyntax = node.funcformat === 'COERCE_SQL_SYNTAX';
  const converted = isSyntax ? convertSyntaxCall(node, name[1] ?? '', args) : null;
  if (converted !== null) return converted;
  const order = convertSortItems(node.agg_order);
  return {
    kind: 'call',
    at: locationOf(node),
    name,
    args,
    star: node.agg_star ?? false,
    distinct: node.agg_distinct ?? false,
    variadic: node.func_variadic ?? false,
    orderBy: node.agg_within_group ? [] : order,
    withinGroup: node.agg_within_group ? order : [],
    filter: optional(node.agg_filter),
    over: node.over === undefined ? null : convertOver(node.over),
  };
}

function convertOver(over: Pg.WindowDef): Ast.FunctionCall['over'] {
  return over.name === undefined ? convertWindow(over) : { at: NOWHERE, parts: [over.name] };
}

// ---------------------------------------------------------------------------------------------- types and windows

export function convertType(type: Pg.TypeName | undefined): Ast.TypeName {
  if (type === undefined) return unknownNode('no type');
  return {
    kind: 'type-name',
    at: locationOf(type),
    name: plainJson(texts(type.names)),
    modifiers: exprs(type.typmods),
    arrayDimensions: type.arrayBounds?.length ?? 0,
    isSetOf: type.setof ?? false,
  };
}

/** Version 17 made a keyword of `json`; in 15 it is a name like any other. */
export function plainJson(name: readonly string[]): readonly string[] {
  return name.length === 2 && name[0] === 'pg_catalog' && name[1] === 'json' ? ['json'] : name;
}

export function convertSortItems(items: readonly Pg.Node[] | undefined): Ast.SortItem[] {
  return (items ?? []).map((item) => {
    if (!('SortBy' in item)) return unknownNode(item);
    const { node, sortby_dir: direction, sortby_nulls: nulls, useOp } = item.SortBy;
    return {
      at: NOWHERE,
      expr: required(node),
      direction: direction === 'SORTBY_ASC' ? 'asc' : direction === 'SORTBY_DESC' ? 'desc' : null,
      nulls: nulls === 'SORTBY_NULLS_FIRST' ? 'first' : nulls === 'SORTBY_NULLS_LAST' ? 'last' : null,
      using: useOp === undefined ? null : texts(useOp),
    };
  });
}

/** Bits of frameOptions (nodes/parsenodes.h). */
const FRAME = {
  range: 2,
  rows: 4,
  groups: 8,
  between: 16,
  excludeRow: 0x8000,
  excludeGroup: 0x10000,
  excludeTies: 0x20000,
};
const STARTS = {
  32: 'unbounded-preceding',
  128: 'unbounded-following',
  512: 'current-row',
  2048: 'preceding',
  8192: 'following',
} as const;
const ENDS = {
  64: 'unbounded-preceding',
  256: 'unbounded-following',
  1024: 'current-row',
  4096: 'preceding',
  16384: 'following',
} as const;

export function convertWindow(node: Pg.WindowDef): Ast.WindowSpec {
  return {
    kind: 'window-spec',
    at: locationOf(node),
    base: node.refname ?? null,
    partitionBy: exprs(node.partitionClause),
    orderBy: convertSortItems(node.orderClause),
    frame: convertFrame(node),
  };
}

function convertFrame(node: Pg.WindowDef): Ast.WindowSpec['frame'] {
  const options = node.frameOptions ?? 0;
  if ((options & 1) === 0) return null;
  const bound = (names: Readonly<Record<number, Ast.FrameBound['kind']>>, offset: Pg.Node | undefined) => {
    const found = Object.entries(names).find(([bit]) => (options & Number(bit)) !== 0);
    return { kind: found?.[1] ?? unknownNode(node), offset: optional(offset) };
  };
  const exclude = options & FRAME.excludeRow ? 'current-row' : options & FRAME.excludeGroup ? 'group' : null;
  return {
    mode: options & FRAME.rows ? 'rows' : options & FRAME.groups ? 'groups' : 'range',
    start: bound(STARTS, node.startOffset),
    end: options & FRAME.between ? bound(ENDS, node.endOffset) : null,
    exclude: options & FRAME.excludeTies ? 'ties' : exclude,
  };
}
