/** Numbers that must not be swapped for one another. Only the owning room mints them (by a cast at one place). */
import type { Brand } from './brand.ts';

/** The unit of atomic progress; also the position in the log. Counts from 1; 0 is the empty database. */
export type Tick = Brand<number, 'Tick'>;

/** A relation of the catalog: stable over renames and restarts, and its OID on the wire. User relations begin at 16384. */
export type RelationId = Brand<number, 'RelationId'>;
