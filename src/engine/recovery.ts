/** Recovery: state is as the last checkpoint has it, and the ticks logged after it run once more. */
import type { RelationId } from '../base/ids.ts';
import type { Database } from './database.ts';

/** Returns how many ticks were replayed. */
export function recover(database: Database): number {
  let count = 0;
  const typesOf = (relation: RelationId) => database.runtime(relation)?.types ?? null;
  for (const { tick, entries } of database.storage.replay(database.storage.checkpointTick, typesOf)) {
    database.run(tick, entries);
    database.ticks.recovered(tick);
    count++;
  }
  return count;
}
