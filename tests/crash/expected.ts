/** The views of the crash test computed from the base rows, as the server prints them, sorted. */
import { type Row, timeOf } from './workload.ts';

const byClient = (rows: readonly Row[]): Map<number, Row[]> => {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(row.client, [...(groups.get(row.client) ?? []), row]);
  return groups;
};

const line = (...values: readonly (string | number | null)[]): string =>
  values.map((value) => value ?? 'NULL').join('|');

function perMinute(events: readonly Row[]): string[] {
  const counts = new Map<number, number>();
  for (const { n } of events) counts.set(Math.floor(n / 60) * 60, (counts.get(Math.floor(n / 60) * 60) ?? 0) + 1);
  return [...counts].map(([start, count]) => line(timeOf(start), count));
}

function sessions(events: readonly Row[]): string[] {
  return [...byClient(events)].flatMap(([client, rows]) => {
    const times = rows.map(({ n }) => n).sort((a, b) => a - b);
    const starts = times.filter((n, i) => i === 0 || n - (times[i - 1] as number) >= 3);
    return starts.map((start, i) => {
      const members = times.filter((n) => n >= start && n < (starts[i + 1] ?? Number.POSITIVE_INFINITY));
      return line(client, timeOf(start), timeOf((members[members.length - 1] as number) + 3), members.length);
    });
  });
}

export function expectedViews(events: readonly Row[], entries: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const eventsBy = byClient(events);
  const entriesBy = byClient(entries);
  const entryKeys = new Set(entries.map(({ client, n }) => line(client, n)));
  const matched = events.map(({ client, n }) => line(client, n)).filter((key) => entryKeys.has(key));
  const newest = [...events].sort((a, b) => b.n - a.n || a.client - b.client).slice(0, 10);
  const partners = [...eventsBy.keys()].map((client) => entriesBy.get(client)?.length ?? null);
  const known = partners.filter((n) => n !== null);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const views: [string, string[]][] = [
    [
      'per_client',
      [...eventsBy].map(([client, rows]) =>
        line(client, rows.length, sum(rows.map(({ n }) => n)), Math.max(...rows.map(({ n }) => n))),
      ),
    ],
    ['entries', [...entriesBy].map(([client, rows]) => line(client, rows.length, Math.min(...rows.map(({ n }) => n))))],
    [
      'both_sides',
      [...eventsBy].map(([client, rows]) => line(client, rows.length, entriesBy.get(client)?.length ?? null)),
    ],
    ['grand', [line(events.length === 0 ? null : events.length, known.length === 0 ? null : sum(known))]],
    ['matched', matched],
    ['newest', newest.map(({ client, n, batch }) => line(client, n, batch))],
    ['per_minute', perMinute(events)],
    ['sessions', sessions(events)],
  ];
  return new Map(views.map(([name, rows]) => [name, rows.sort()]));
}
