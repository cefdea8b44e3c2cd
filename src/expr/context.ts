/**
 * What an expression may ask about the world while it runs: the clock of its statement, the session, the catalog.
 *
 * A function that does is not immutable, and says so in its definition (`context: true`). The catalog is seen through
 * the narrow `CatalogReader`, implemented in the catalog's own room above this one.
 */
import type { Value } from '../types/column.ts';
import type { FormatSettings, SqlType } from '../types/type.ts';

export type EvalContext = {
  readonly format: FormatSettings;
  /** Start of the transaction, µs since 2000-01-01 UTC (the internal timestamptz): now(). */
  readonly transactionMicros: number;
  /** Start of the statement, likewise. */
  readonly statementMicros: number;
  /** The clock itself, likewise: clock_timestamp(). */
  nowMicros(): number;
  readonly session: SessionFacts;
  readonly catalog: CatalogReader;
  /** Values of $1, $2, … in scalar form. */
  readonly parameters: readonly Value[];
};

export type SessionFacts = {
  readonly user: string;
  readonly sessionUser: string;
  readonly database: string;
  readonly backendPid: number;
  readonly searchPath: readonly string[];
  /** `current_setting`; undefined when there is no such setting. */
  setting(name: string): string | undefined;
  /** `set_config`; throws as SET would. Returns the new value. */
  setSetting(name: string, value: string, isLocal: boolean): string;
};

/** Object lookups that functions and casts like `::regclass`, format_type, pg_get_viewdef and pg_table_is_visible need. */
export interface CatalogReader {
  /** OID of a possibly qualified relation name through the search path, or undefined. */
  relationOid(parts: readonly string[]): number | undefined;
  /** Name as regclass prints it: qualified only when not visible. */
  relationName(oid: number): string | undefined;
  isRelationVisible(oid: number): boolean;
  /** Definition text of a view or materialized view. */
  viewDefinition(oid: number): string | undefined;
  /** The default or generation expression text of a column (pg_attrdef), by relation and attnum. */
  columnDefault(relation: number, attnum: number): string | undefined;
  /** CREATE INDEX text, or the name of its n-th column when `column` > 0. */
  indexDefinition(oid: number, column: number): string | undefined;
  constraintDefinition(oid: number): string | undefined;
  description(objectOid: number, classOid: number, subId: number): string | undefined;
  schemaOid(name: string): number | undefined;
  schemaName(oid: number): string | undefined;
  roleOid(name: string): number | undefined;
  roleName(oid: number): string | undefined;
  typeByName(parts: readonly string[]): SqlType | undefined;
}
