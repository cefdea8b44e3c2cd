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
