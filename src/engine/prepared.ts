/** A prepared statement: text, tree, parameter types and, for what the planner plans, the plan with the catalog it is valid for. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Statement } from '../parser/ast.ts';
import type { PlannedDml, PlannedQuery } from '../planner/planner.ts';
import type { SqlType } from '../types/type.ts';
import type { ResultColumn } from './session.ts';

export type Prepared = {
  readonly name: string;
  readonly text: string;
  /** Null for an empty statement. */
  readonly statement: Statement | null;
  readonly parameters: readonly SqlType[];
  /** Null when it returns no rows. */
  readonly columns: readonly ResultColumn[] | null;
  plan: CachedPlan | null;
  /** From SQL PREPARE rather than Parse, and when (µs since 2000): pg_prepared_statements. */
  readonly fromSql: boolean;
  readonly preparedAt: number;
};

export type CachedPlan = {
  readonly catalog: Catalog;
  readonly searchPath: string;
  readonly planned:
    | { readonly kind: 'query'; readonly query: PlannedQuery }
    | { readonly kind: 'dml'; readonly dml: PlannedDml };
};
