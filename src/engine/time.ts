/** Between the clock's microseconds since 1970 and SQL's internal timestamptz, microseconds since 2000. */
import type { Clock } from '../base/clock.ts';

/** 2000-01-01 00:00 UTC in microseconds since 1970. */
export const SQL_EPOCH_MICROS = 946_684_800_000_000;

export const sqlNow = (clock: Clock): number => clock.nowMicros() - SQL_EPOCH_MICROS;
