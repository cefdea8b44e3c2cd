/** Live facts that the engine provides when a system relation is read. */
export type SettingFact = {
  readonly name: string;
  readonly setting: string;
  readonly unit: string | null;
  readonly category: string;
  readonly description: string;
  readonly context: string;
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum';
  readonly source: string;
  readonly bootValue: string;
  readonly resetValue: string;
};

export type ActivityFact = {
  readonly pid: number;
  readonly user: string;
  readonly database: string;
  readonly applicationName: string;
  readonly clientAddress: string | null;
  readonly clientPort: number | null;
  /** Microseconds since 2000 (internal timestamptz). */
  readonly backendStart: number;
  readonly queryStart: number | null;
  readonly transactionStart: number | null;
  readonly state: 'active' | 'idle' | 'idle in transaction' | 'idle in transaction (aborted)';
  readonly query: string;
};

/** For millrace.streams. Times are µs since 2000. */
export type StreamFact = { readonly relation: number; readonly watermark: number | bigint | null };

/** For millrace.views. */
export type ViewFact = {
  readonly relation: number;
  /** Why it stopped, null while it runs. */
  readonly failure: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly errors: number;
};

/** For millrace.operators: one operator of the dataflow of one materialized view. */
export type OperatorFact = {
  readonly relation: number;
  readonly operator: number;
  readonly description: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly micros: number;
  readonly stateRows: number;
  readonly stateBytes: number;
};

/** For millrace.checkpoints, oldest first. `at` is µs since 2000. */
export type CheckpointFact = {
  readonly tick: number;
  readonly at: number;
  readonly rows: number;
  readonly bytes: number;
  readonly gatherMs: number;
  readonly commitMs: number;
};

/** For pg_prepared_statements: those of the asking session. Times are µs since 2000. */
export type PreparedFact = {
  readonly name: string;
  readonly text: string;
  readonly preparedAt: number;
  /** Type OIDs. */
  readonly parameters: readonly number[];
  readonly fromSql: boolean;
};

/** For pg_cursors: portals of the asking session. */
export type CursorFact = {
  readonly name: string;
  readonly text: string;
  readonly isHeld: boolean;
  readonly openedAt: number;
};
