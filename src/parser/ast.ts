/**
 * The AST: what a statement says, before anyone asks what it means. The contract between parser and everybody else.
 *
 * Plain immutable data, unions on `kind`. Every node carries `at`, the code-unit offset in the statement text where
 * PostgreSQL would point in an error (for an operator the operator, for a call the function name). Names are already
 * folded: an unquoted identifier is lower case. Nothing is resolved, nothing is desugared beyond what `print` can undo.
 */

export type Node = { readonly at: number };

/** `a`, `s.a`, `db.s.a`. */
export type QualifiedName = Node & { readonly parts: readonly string[] };

// ---------------------------------------------------------------------------------------------------- type names

export type TypeName = Node & {
  readonly kind: 'type-name';
  /** As written after folding; SQL-standard spellings are already mapped (`integer` → pg_catalog.int4). */
  readonly name: readonly string[];
  /** Modifiers: `numeric(12,2)` → constants; `interval day to second(3)` → PostgreSQL's encoded field mask and precision. */
  readonly modifiers: readonly Expr[];
  /** Number of `[]`; bounds written between brackets mean nothing, as in PostgreSQL. */
  readonly arrayDimensions: number;
  readonly isSetOf: boolean;
};

// --------------------------------------------------------------------------------------------------- expressions

export type Expr =
  | ColumnRef
  | Star
  | Constant
  | ParameterRef
  | UnaryOp
  | BinaryOp
  | BooleanOp
  | NotOp
  | IsTest
  | DistinctTest
  | BetweenTest
  | InTest
  | LikeTest
  | QuantifiedTest
  | Cast
  | Collate
  | AtTimeZone
  | FunctionCall
  | SpecialCall
  | CaseExpr
  | ArrayExpr
  | RowExpr
  | Subscript
  | FieldAccess
  | SubqueryExpr
  | GroupingCall
  | DefaultExpr
  | NamedArgument;

/** `a`, `t.a`, `s.t.a`; `t.*` is a `star`. */
export type ColumnRef = Node & { readonly kind: 'column-ref'; readonly parts: readonly string[] };
/** `*` or `t.*` in a target list, count(*) excluded. */
export type Star = Node & { readonly kind: 'star'; readonly qualifier: readonly string[] };
/** Numbers keep their text, so that nothing is rounded here. `bit`: text begins with b or x. */
export type Constant = Node & {
  readonly kind: 'constant';
  readonly type: 'integer' | 'decimal' | 'string' | 'bit' | 'boolean' | 'null';
  readonly text: string;
};
export type ParameterRef = Node & { readonly kind: 'parameter'; readonly index: number };
/** `operator` may be qualified: OPERATOR(pg_catalog.+) → ['pg_catalog', '+']; the usual spelling has one part. */
export type UnaryOp = Node & { readonly kind: 'unary'; readonly operator: readonly string[]; readonly operand: Expr };
export type BinaryOp = Node & {
  readonly kind: 'binary';
  readonly operator: readonly string[];
  readonly left: Expr;
  readonly right: Expr;
};
/** Flattened as PostgreSQL flattens: `a AND b AND c` has three operands. */
export type BooleanOp = Node & {
  readonly kind: 'boolean-op';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expr[];
};
export type NotOp = Node & { readonly kind: 'not'; readonly operand: Expr };
export type IsTest = Node & {
  readonly kind: 'is';
  readonly operand: Expr;
  readonly test: 'null' | 'true' | 'false' | 'unknown' | 'document' | 'normalized';
  /** `nfc`, `nfd`, `nfkc` or `nfkd` of IS NORMALIZED where written. */
  readonly form: string | null;
  readonly negated: boolean;
};
export type DistinctTest = Node & {
  readonly kind: 'is-distinct';
  readonly left: Expr;
  readonly right: Expr;
  readonly negated: boolean;
};
export type BetweenTest = Node & {
  readonly kind: 'between';
  readonly operand: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly symmetric: boolean;
  readonly negated: boolean;
};
export type InTest = Node & {
  readonly kind: 'in';
  readonly operand: Expr;
  readonly choices: readonly Expr[] | Query;
  readonly negated: boolean;
};
export type LikeTest = Node & {
  readonly kind: 'like';
  readonly operator: 'like' | 'ilike' | 'similar';
  readonly operand: Expr;
  readonly pattern: Expr;
  readonly escape: Expr | null;
  readonly negated: boolean;
};
/** `x = ANY (array)`, `x < ALL (SELECT …)`. */
export type QuantifiedTest = Node & {
  readonly kind: 'quantified';
  readonly operator: readonly string[];
  readonly quantifier: 'any' | 'all';
  readonly operand: Expr;
  readonly right: Expr | Query;
};
/** `spelling` is for print only: `x::t`, CAST(x AS t), `t 'x'`. */
export type Cast = Node & {
  readonly kind: 'cast';
  readonly operand: Expr;
  readonly type: TypeName;
  readonly spelling: 'colons' | 'cast' | 'literal';
};
export type Collate = Node & { readonly kind: 'collate'; readonly operand: Expr; readonly collation: QualifiedName };
export type AtTimeZone = Node & { readonly kind: 'at-time-zone'; readonly operand: Expr; readonly zone: Expr };
export type FunctionCall = Node & {
  readonly kind: 'call';
  readonly name: readonly string[];
  readonly args: readonly Expr[];
  /** count(*). */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly variadic: boolean;
  readonly orderBy: readonly SortItem[];
  readonly withinGroup: readonly SortItem[];
  readonly filter: Expr | null;
  readonly over: WindowSpec | QualifiedName | null;
};
/** Calls with a grammar of their own, arguments in the order PostgreSQL passes them to the function behind. */
export type SpecialCall = Node & {
  readonly kind: 'special-call';
  readonly name:
    | 'coalesce'
    | 'nullif'
    | 'greatest'
    | 'least'
    | 'extract'
    | 'position'
    | 'substring'
    | 'overlay'
    | 'trim'
    | 'normalize'
    | 'overlaps'
    | 'current_date'
    | 'current_time'
    | 'current_timestamp'
    | 'localtime'
    | 'localtimestamp'
    | 'current_user'
    | 'session_user'
    | 'user'
    | 'current_role'
    | 'current_catalog'
    | 'current_schema';
  /** What the grammar allows beside the arguments: `leading`, `trailing`, `both` of trim; `from` / `for` forms of substring. */
  readonly variant: string;
  readonly args: readonly Expr[];
};
export type CaseExpr = Node & {
  readonly kind: 'case';
  readonly operand: Expr | null;
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr | null;
};
/** ARRAY[…]; `ARRAY(SELECT …)` is a subquery expression. */
export type ArrayExpr = Node & { readonly kind: 'array'; readonly elements: readonly Expr[] };
export type RowExpr = Node & { readonly kind: 'row'; readonly fields: readonly Expr[]; readonly explicit: boolean };
/** `a[i]`, `a[lo:hi]`. */
export type Subscript = Node & {
  readonly kind: 'subscript';
  readonly operand: Expr;
  readonly isSlice: boolean;
  readonly lower: Expr | null;
  readonly upper: Expr | null;
};
/** `(expr).field`; field null is `(expr).*`. */
export type FieldAccess = Node & { readonly kind: 'field'; readonly operand: Expr; readonly field: string | null };
export type SubqueryExpr = Node & {
  readonly kind: 'subquery';
  readonly form: 'scalar' | 'exists' | 'array';
  readonly query: Query;
};
export type GroupingCall = Node & { readonly kind: 'grouping'; readonly args: readonly Expr[] };
/** DEFAULT in VALUES or SET. */
export type DefaultExpr = Node & { readonly kind: 'default' };
/** `name => value`. */
export type NamedArgument = Node & { readonly kind: 'named-argument'; readonly name: string; readonly value: Expr };

export type SortItem = Node & {
  readonly expr: Expr;
  readonly direction: 'asc' | 'desc' | null;
  readonly nulls: 'first' | 'last' | null;
  /** USING operator. */
  readonly using: readonly string[] | null;
};

export type FrameBound = {
  readonly kind: 'unbounded-preceding' | 'preceding' | 'current-row' | 'following' | 'unbounded-following';
  readonly offset: Expr | null;
};
export type WindowSpec = Node & {
  readonly kind: 'window-spec';
  readonly base: string | null;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortItem[];
  readonly frame: {
    readonly mode: 'rows' | 'range' | 'groups';
    readonly start: FrameBound;
    readonly end: FrameBound | null;
    readonly exclude: 'current-row' | 'group' | 'ties' | 'no-others' | null;
  } | null;
};

// ------------------------------------------------------------------------------------------------------- queries

/** A whole query expression: WITH … body … ORDER BY … LIMIT … EMIT …. */
export type Query = Node & {
  readonly kind: 'query';
  readonly with: WithClause | null;
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit: LimitClause | null;
  readonly offset: Expr | null;
  /** FOR UPDATE / SHARE: accepted, no meaning here. */
  readonly locking: boolean;
  readonly emit: EmitClause | null;
};
export type QueryBody = Select | SetOperation | Values | Query;
export type LimitClause = Node & { readonly count: Expr | null; readonly withTies: boolean };
export type EmitClause = Node & {
  readonly mode: 'changes' | 'on-window-close' | 'final' | 'periodic';
  readonly every: Expr | null;
};
export type WithClause = Node & { readonly recursive: boolean; readonly ctes: readonly CommonTable[] };
export type CommonTable = Node & {
  readonly name: string;
  readonly columns: readonly string[];
  readonly materialized: boolean | null;
  readonly query: Query;
};

export type Select = Node & {
  readonly kind: 'select';
  /** `on` is empty for plain DISTINCT. */
  readonly distinct: { readonly on: readonly Expr[] } | null;
  readonly targets: readonly SelectTarget[];
  readonly from: readonly FromItem[];
  readonly where: Expr | null;
  readonly groupBy: readonly GroupItem[];
  readonly groupDistinct: boolean;
  readonly having: Expr | null;
  readonly windows: readonly { readonly name: string; readonly spec: WindowSpec }[];
  readonly qualify: Expr | null;
};
export type SelectTarget = Node & { readonly expr: Expr; readonly alias: string | null };
export type GroupItem =
  | (Node & { readonly kind: 'group-expr'; readonly expr: Expr })
  | (Node & { readonly kind: 'grouping-sets' | 'rollup' | 'cube'; readonly items: readonly GroupItem[] })
  | (Node & { readonly kind: 'group-list'; readonly exprs: readonly Expr[] });
export type SetOperation = Node & {
  readonly kind: 'set-operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
};
export type Values = Node & { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] };

export type FromItem = TableRef | DerivedTable | TableFunction | WindowTable | Join;
export type TableAlias = { readonly name: string; readonly columns: readonly string[] };
export type TableRef = Node & {
  readonly kind: 'table';
  readonly name: QualifiedName;
  readonly only: boolean;
  readonly alias: TableAlias | null;
};
export type DerivedTable = Node & {
  readonly kind: 'derived';
  readonly query: Query;
  readonly lateral: boolean;
  readonly alias: TableAlias | null;
};
export type FunctionColumn = {
  readonly name: string;
  readonly type: TypeName;
  readonly collation: QualifiedName | null;
};
/** A function, or several in ROWS FROM. `columns` is a column definition list. */
export type TableFunction = Node & {
  readonly kind: 'table-function';
  readonly calls: readonly (FunctionCall | SpecialCall | Cast)[];
  readonly lateral: boolean;
  readonly withOrdinality: boolean;
  readonly alias: TableAlias | null;
  readonly columnDefinitions: readonly FunctionColumn[];
  /** ROWS FROM (f() AS (a int), …): one list a call, empty lists where none is written. */
  readonly callDefinitions: readonly (readonly FunctionColumn[])[];
};
/**
 * `TUMBLE(t, ts, size [, offset])`, `HOP(t, ts, slide, size [, offset])`, `CUMULATE(t, ts, step, size)`,
 * `SESSION(t PARTITION BY k, ts, gap)`. Produced by the parser whenever one of these names stands in FROM and its first
 * argument is a relation (a name, a parenthesised query, `TABLE t`); all accepted spellings reduce to this node.
 */
export type WindowTable = Node & {
  readonly kind: 'window-table';
  readonly window: 'tumble' | 'hop' | 'cumulate' | 'session';
  readonly input: TableRef | DerivedTable;
  /** PARTITION BY of SESSION; null when not written, empty for `PARTITION BY ()`. */
  readonly partitionBy: readonly Expr[] | null;
  readonly timeColumn: Expr;
  /** tumble: [size]; hop: [slide, size]; cumulate: [step, size]; session: [gap]. */
  readonly intervals: readonly Expr[];
  readonly offset: Expr | null;
  readonly timeZone: Expr | null;
  readonly alias: TableAlias | null;
};
export type Join = Node & {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly natural: boolean;
  readonly left: FromItem;
  readonly right: FromItem;
  readonly on: Expr | null;
  readonly using: readonly string[] | null;
  readonly usingAlias: string | null;
  readonly alias: TableAlias | null;
};

// ---------------------------------------------------------------------------------------------------- statements

export type Statement =
  | SelectStatement
  | Insert
  | Update
  | Delete
  | Truncate
  | CreateStream
  | CreateTable
  | CreateTableAs
  | CreateView
  | CreateMaterializedView
  | CreateSchema
  | CreateIndex
  | Drop
  | AlterRename
  | RefreshMaterializedView
  | Explain
  | Show
  | SetVariable
  | ResetVariable
  | Transaction
  | Savepoint
  | PrepareStatement
  | ExecuteStatement
  | Deallocate
  | DeclareCursor
  | FetchCursor
  | CloseCursor
  | Discard
  | Comment
  | Checkpoint
  | Flush
  | Listen
  | UnsupportedStatement;

/** A query is a statement; `into` is SELECT … INTO, refused later. */
export type SelectStatement = Node & { readonly kind: 'select-statement'; readonly query: Query };

export type Insert = Node & {
  readonly kind: 'insert';
  readonly with: WithClause | null;
  readonly table: QualifiedName;
  readonly alias: string | null;
  readonly columns: readonly (Node & { readonly name: string })[];
  readonly overriding: 'system' | 'user' | null;
  /** null is DEFAULT VALUES. */
  readonly source: Query | null;
  readonly onConflict: OnConflict | null;
  readonly returning: readonly SelectTarget[];
};
export type OnConflict = Node & {
  readonly target: readonly Expr[];
  /** `ON CONFLICT (a) WHERE …`, the predicate of a partial index. */
  readonly targetWhere: Expr | null;
  readonly constraint: string | null;
  readonly action: 'nothing' | 'update';
  readonly set: readonly Assignment[];
  readonly where: Expr | null;
};
/** `a = 1`; with `isRow`, `(a, b) = …` whose value is a row or a subquery. */
export type Assignment = Node & { readonly columns: readonly string[]; readonly isRow: boolean; readonly value: Expr };
export type Update = Node & {
  readonly kind: 'update';
  readonly with: WithClause | null;
  readonly table: QualifiedName;
  readonly alias: string | null;
  readonly set: readonly Assignment[];
  readonly from: readonly FromItem[];
  readonly where: Expr | null;
  readonly returning: readonly SelectTarget[];
};
export type Delete = Node & {
  readonly kind: 'delete';
  readonly with: WithClause | null;
  readonly table: QualifiedName;
  readonly alias: string | null;
  readonly using: readonly FromItem[];
  readonly where: Expr | null;
  readonly returning: readonly SelectTarget[];
};
export type Truncate = Node & {
  readonly kind: 'truncate';
  readonly tables: readonly QualifiedName[];
  readonly cascade: boolean;
};

export type ColumnDefinition = Node & {
  readonly name: string;
  /** null where the type is to be derived from the generated expression. */
  readonly type: TypeName | null;
  readonly notNull: boolean;
  /** Where PRIMARY KEY stands, or null. */
  readonly primaryKey: Node | null;
  readonly unique: boolean;
  readonly default: Expr | null;
  readonly generated: Expr | null;
  readonly check: Expr | null;
  readonly collation: QualifiedName | null;
  /** GENERATED … AS IDENTITY. */
  readonly identity: 'always' | 'by-default' | null;
};
export type TableConstraint = Node & {
  readonly kind: 'primary-key' | 'unique' | 'check' | 'foreign-key';
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly check: Expr | null;
  readonly onViolation: 'fail' | 'drop' | 'quarantine' | null;
  /** The table a foreign key points to. */
  readonly references: QualifiedName | null;
};
export type WatermarkDefinition = Node & { readonly column: string; readonly expr: Expr };
/** `WITH (name = value)`: words, strings and numbers as text, other expressions kept. */
export type Option = Node & { readonly name: string; readonly value: Expr | string };

export type CreateStream = Node & {
  readonly kind: 'create-stream';
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  readonly watermark: WatermarkDefinition | null;
  readonly options: readonly Option[];
  readonly format: FormatClause | null;
};
export type FormatClause = Node & {
  readonly format: string;
  readonly encode: string;
  readonly options: readonly Option[];
};
export type CreateTable = Node & {
  readonly kind: 'create-table';
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly temporary: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  readonly watermark: WatermarkDefinition | null;
  readonly appendOnly: boolean;
  readonly onConflict: 'overwrite' | 'nothing' | null;
  readonly options: readonly Option[];
  readonly format: FormatClause | null;
};
export type CreateTableAs = Node & {
  readonly kind: 'create-table-as';
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly temporary: boolean;
  readonly columns: readonly string[];
  readonly query: Query;
  readonly withData: boolean;
};
export type CreateView = Node & {
  readonly kind: 'create-view';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly columns: readonly string[];
  readonly query: Query;
  /** The text of the query as written, for \d and pg_views. */
  readonly queryText: string;
};
export type CreateMaterializedView = Node & {
  readonly kind: 'create-materialized-view';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly string[];
  readonly options: readonly Option[];
  readonly query: Query;
  readonly queryText: string;
  readonly withData: boolean;
};
export type CreateSchema = Node & {
  readonly kind: 'create-schema';
  readonly name: string;
  readonly ifNotExists: boolean;
};
export type CreateIndex = Node & {
  readonly kind: 'create-index';
  readonly name: string | null;
  readonly ifNotExists: boolean;
  readonly unique: boolean;
  readonly table: QualifiedName;
  readonly method: string | null;
  readonly columns: readonly SortItem[];
  readonly include: readonly string[];
  /** The predicate of a partial index. */
  readonly where: Expr | null;
};
export type RelationKind =
  | 'stream'
  | 'source'
  | 'table'
  | 'view'
  | 'materialized-view'
  | 'index'
  | 'sink'
  | 'schema'
  | 'type'
  | 'function'
  | 'sequence';
export type Drop = Node & {
  readonly kind: 'drop';
  readonly object: RelationKind;
  readonly names: readonly QualifiedName[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
};
export type AlterRename = Node & {
  readonly kind: 'alter-rename';
  readonly object: RelationKind;
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  /** Renames this column, or the object itself when null. */
  readonly column: string | null;
  readonly newName: string;
};
export type RefreshMaterializedView = Node & {
  readonly kind: 'refresh-materialized-view';
  readonly name: QualifiedName;
};

export type Explain = Node & {
  readonly kind: 'explain';
  readonly statement: Statement;
  /** Lower-case option names with their text: ast, plan, rules, code, state, analyze, verbose, costs, format=json, …. */
  readonly options: readonly { readonly name: string; readonly value: string | null }[];
};
/** `SHOW name`; `SHOW CREATE VIEW v` has object and target. `what` is lower case words joined by one space. */
export type Show = Node & { readonly kind: 'show'; readonly what: string; readonly target: QualifiedName | null };
export type SetVariable = Node & {
  readonly kind: 'set';
  readonly scope: 'session' | 'local';
  readonly name: string;
  /** null is DEFAULT. Several for lists (`SET search_path = a, b`). */
  readonly values: readonly string[] | null;
};
/** name null is RESET ALL. */
export type ResetVariable = Node & { readonly kind: 'reset'; readonly name: string | null };
export type Transaction = Node & {
  readonly kind: 'transaction';
  readonly action: 'begin' | 'start' | 'commit' | 'rollback' | 'set' | 'set-session';
  /** `commit` may be spelled END, `rollback` ABORT: PostgreSQL's tag is the same. */
  readonly modes: readonly string[];
  readonly chain: boolean;
};
export type Savepoint = Node & {
  readonly kind: 'savepoint';
  readonly action: 'savepoint' | 'release' | 'rollback-to';
  readonly name: string;
};
export type PrepareStatement = Node & {
  readonly kind: 'prepare';
  readonly name: string;
  readonly types: readonly TypeName[];
  readonly statement: Statement;
  readonly text: string;
};
export type ExecuteStatement = Node & {
  readonly kind: 'execute';
  readonly name: string;
  readonly args: readonly Expr[];
};
/** name null is ALL. */
export type Deallocate = Node & { readonly kind: 'deallocate'; readonly name: string | null };
export type DeclareCursor = Node & {
  readonly kind: 'declare-cursor';
  readonly name: string;
  readonly binary: boolean;
  readonly scroll: boolean | null;
  readonly hold: boolean;
  readonly query: Query;
};
export type FetchCursor = Node & {
  readonly kind: 'fetch';
  readonly move: boolean;
  readonly direction: 'forward' | 'backward' | 'absolute' | 'relative';
  /** null is ALL. */
  readonly count: number | null;
  readonly cursor: string;
};
/** name null is ALL. */
export type CloseCursor = Node & { readonly kind: 'close-cursor'; readonly name: string | null };
export type Discard = Node & { readonly kind: 'discard'; readonly what: 'all' | 'plans' | 'sequences' | 'temp' };
export type Comment = Node & {
  readonly kind: 'comment';
  readonly object: string;
  readonly name: readonly string[];
  readonly text: string | null;
};
export type Checkpoint = Node & { readonly kind: 'checkpoint' };
export type Flush = Node & { readonly kind: 'flush' };
export type Listen = Node & {
  readonly kind: 'listen';
  readonly action: 'listen' | 'unlisten' | 'notify';
  readonly channel: string | null;
  readonly payload: string | null;
};
/** Grammatical PostgreSQL (or our later dialect) that this version does not run: `what` names it for 0A000. */
export type UnsupportedStatement = Node & { readonly kind: 'unsupported'; readonly what: string };
