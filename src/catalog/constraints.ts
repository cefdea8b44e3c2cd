/** The constraints of a relation as pg_constraint lists them, with OIDs derived from the relation's own. */
import { quoteIdentifier } from '../expr/quote.ts';
import type { Relation } from './relation.ts';

export type ConstraintFact = {
  readonly oid: number;
  readonly name: string;
  readonly type: 'p' | 'c';
  readonly relation: number;
  /** Attribute numbers, from 1. */
  readonly columns: readonly number[];
  readonly definition: string;
};

/** Constraint OIDs are apart from relations': the relation's OID times 64, from 2^30 on, stays in 32 bits for ages. */
const FIRST_CONSTRAINT_OID = 2 ** 30;

export function constraintsOf(relation: Relation): ConstraintFact[] {
  if (relation.kind !== 'table' && relation.kind !== 'stream') return [];
  const facts: Omit<ConstraintFact, 'oid' | 'relation'>[] = relation.checks.map(({ name, sql }) => ({
    name,
    type: 'c',
    columns: [],
    definition: `CHECK (${sql})`,
  }));
  if (relation.kind === 'table' && relation.primaryKey !== null) {
    const { name, columns } = relation.primaryKey;
    const names = columns.map((c) => quoteIdentifier(relation.columns[c]?.name ?? ''));
    facts.unshift({
      name,
      type: 'p',
      columns: columns.map((c) => c + 1),
      definition: `PRIMARY KEY (${names.join(', ')})`,
    });
  }
  return facts.map((fact, i) => ({ ...fact, oid: FIRST_CONSTRAINT_OID + relation.id * 64 + i, relation: relation.id }));
}
