/** How long streams keep their log: `retention`, 7 days of arrival time unless another is given. */
import { invalidParameterValue } from '../base/errors.ts';
import { interval } from '../types/interval.ts';
import { defaultFormat } from '../types/type.ts';
import type { Database } from './database.ts';

const DEFAULT_RETENTION = '7 days';
const MICROS_PER_DAY = 86_400_000_000;

/** Microseconds (none: 0), or null for ever. Throws 22023. Months count as 30 days, as in PostgreSQL's interval comparison. */
export function retentionMicros(option: string | undefined): number | null {
  const text = (option ?? DEFAULT_RETENTION).trim();
  if (text === 'forever') return null;
  if (text === 'none') return 0;
  try {
    const value = interval.parse(text, defaultFormat) as { months: number; days: number; micros: number | bigint };
    const micros = (value.months * 30 + value.days) * MICROS_PER_DAY + Number(value.micros);
    if (micros > 0) return micros;
  } catch {
    // Told below.
  }
  throw invalidParameterValue(`invalid value for option "retention": "${text}"`, {
    hint: "Give an interval such as '7 days', 'forever' or 'none'.",
  });
}

/** Deletes what is older than each stream keeps; behind the last checkpoint only, so recovery never misses it. */
export async function expireHistory(database: Database): Promise<void> {
  const now = database.clock.nowMicros();
  for (const runtime of database.runtimes()) {
    if (runtime.kind !== 'stream') continue;
    const keep = retentionMicros(runtime.relation.options['retention']);
    if (keep !== null) await database.storage.expireHistory(runtime.relation.id, now - keep);
  }
}
