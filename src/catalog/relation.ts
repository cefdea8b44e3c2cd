/** What the catalog knows of one relation. Plain immutable data, serialised by `catalog-codec.ts`. */
import type { RelationId } from '../base/ids.ts';
import type { Value } from '../types/column.ts';
import type { SqlType } from '../types/type.ts';
import type {
  ActivityFact,
  CheckpointFact,
  CursorFact,
  OperatorFact,
  PreparedFact,
  SettingFact,
  StreamFact,
  ViewFact,
} from './system-facts.ts';

export type ColumnDefinition = {
  readonly name: string;
  readonly type: SqlType;
  readonly typmod: number;
  readonly notNull: boolean;
  /** DEFAULT expression as SQL text, bound anew where it is used. */
  readonly default: string | null;
  /** GENERATED ALWAYS AS expression as SQL text; may use the other, not generated columns. */
  readonly generated: string | null;
};

export type CheckConstraint = { readonly name: string; readonly sql: string };
export type KeyConstraint = { readonly name: string; readonly columns: readonly number[] };
/** `WATERMARK FOR column AS expr`: the expression as SQL text over the relation's columns. */
export type Watermark = { readonly column: number; readonly sql: string };

type Common = {
  readonly id: RelationId;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly owner: string;
  readonly comment: string | null;
};

/** Append-only, keeps its log as history. */
export type StreamRelation = Common & {
  readonly kind: 'stream';
  readonly watermark: Watermark | null;
  readonly checks: readonly CheckConstraint[];
  readonly options: Readonly<Record<string, string>>;
};
/** Keyed (or a plain multiset without a key), takes UPDATE and DELETE. */
export type TableRelation = Common & {
  readonly kind: 'table';
  readonly primaryKey: KeyConstraint | null;
  readonly uniques: readonly KeyConstraint[];
  readonly checks: readonly CheckConstraint[];
  readonly watermark: Watermark | null;
  readonly options: Readonly<Record<string, string>>;
};
/** A named query without rows. `query` is its text, `searchPath` the one it was bound with. */
export type ViewRelation = Common & {
  readonly kind: 'view';
  readonly query: string;
  readonly searchPath: readonly string[];
  readonly dependsOn: readonly RelationId[];
};
export type MaterializedViewRelation = Common & {
  readonly kind: 'materialized-view';
  readonly query: string;
  readonly searchPath: readonly string[];
  readonly dependsOn: readonly RelationId[];
  /** Columns that identify a row, as the planner derived them; null: rows are a multiset. */
  readonly key: readonly number[] | null;
  readonly options: Readonly<Record<string, string>>;
  /** The session's TimeZone at CREATE: casts and date arithmetic of the view are done in it for ever. */
  readonly timeZone: string;
};
export type IndexRelation = Common & {
  readonly kind: 'index';
  readonly on: RelationId;
  /** Column numbers of the indexed relation. */
  readonly keys: readonly number[];
  readonly unique: boolean;
  readonly primary: boolean;
};
/** Computed when read: pg_catalog, information_schema, millrace. Never stored. */
export type SystemRelation = Common & {
  readonly kind: 'system';
  /** 'table' or 'view' as PostgreSQL has it, for relkind. */
  readonly form: 'table' | 'view';
  rows(facts: SystemFacts): Iterable<readonly Value[]>;
};

export type Relation =
  | StreamRelation
  | TableRelation
  | ViewRelation
  | MaterializedViewRelation
  | IndexRelation
  | SystemRelation;
/** What can stand in FROM. */
export type QueryableRelation = Exclude<Relation, IndexRelation>;

export type Schema = { readonly oid: number; readonly name: string; readonly owner: string };

/** What may be read of a catalog (catalog.ts) by those who must not depend on it. */
export interface CatalogSnapshot {
  readonly schemas: readonly Schema[];
  relations(): Iterable<Relation>;
  byId(id: RelationId): Relation | undefined;
  find(parts: readonly string[], searchPath: readonly string[]): Relation | undefined;
  dependents(id: RelationId): readonly Relation[];
}

/** What system relations are computed from. */
export type SystemFacts = {
  readonly catalog: CatalogSnapshot;
  readonly user: string;
  readonly database: string;
  readonly searchPath: readonly string[];
  /** The one real database is seen under each of these names. */
  readonly databases: readonly string[];
  /** All roles are superusers in this version. */
  readonly roles: readonly string[];
  settings(): readonly SettingFact[];
  activity(): readonly ActivityFact[];
  /** Rows and bytes of a stored relation, for pg_class.reltuples and sizes. */
  sizeOf(relation: number): { readonly rows: number; readonly bytes: number };
  readonly serverStart: number;
  /** The latest tick. */
  readonly tick: number;
  streams(): readonly StreamFact[];
  views(): readonly ViewFact[];
  operators(): readonly OperatorFact[];
  checkpoints(): readonly CheckpointFact[];
  preparedStatements(): readonly PreparedFact[];
  cursors(): readonly CursorFact[];
};
