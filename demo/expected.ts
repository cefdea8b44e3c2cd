/**
 * The demo's views computed once more in plain TypeScript, straight from the file: batch, in memory, knowing nothing of streams.
 * Rows as the server prints them, unordered. If this and a view disagree, one of them is wrong.
 */
import { type Airport, type Flight, timestampOf } from './flights.ts';

type Row = readonly string[];
const HOUR = 60;
const DAY = 24 * HOUR;
const GAP = 30;

function groupBy(
  flights: readonly Flight[],
  keysOf: (flight: Flight) => readonly (readonly string[])[],
): Map<string, { key: Row; flights: Flight[] }> {
  const groups = new Map<string, { key: Row; flights: Flight[] }>();
  for (const flight of flights) {
    for (const key of keysOf(flight)) {
      const name = key.join('|');
      const group = groups.get(name);
      if (group === undefined) groups.set(name, { key, flights: [flight] });
      else group.flights.push(flight);
    }
  }
  return groups;
}

const sumOf = (flights: readonly Flight[]): number => flights.reduce((sum, { delay }) => sum + delay, 0);

/** round(avg(delay), 2): the exact quotient, halves away from zero. */
function meanOf(flights: readonly Flight[]): string {
  const sum = sumOf(flights);
  const hundredths = Math.floor((Math.abs(sum) * 200 + flights.length) / (2 * flights.length));
  const sign = sum < 0 && hundredths > 0 ? '-' : '';
  return `${sign}${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

const startOf = (minute: number, size: number): number => Math.floor(minute / size) * size;

function hourlyDelays(flights: readonly Flight[]): Row[] {
  const groups = groupBy(flights, (f) => [[timestampOf(startOf(f.departure, HOUR)), f.origin]]);
  return [...groups.values()].map(({ key, flights: of }) => [...key, String(of.length), meanOf(of)]);
}

function busiestRoutes(flights: readonly Flight[]): Row[] {
  const windows = (f: Flight) =>
    [0, 1, 2, 3, 4, 5, 6].map((days) => {
      const start = startOf(f.departure, DAY) - days * DAY;
      return [timestampOf(start), timestampOf(start + 7 * DAY), f.origin, f.destination];
    });
  return [...groupBy(flights, windows).values()].map(({ key, flights: of }) => [...key, String(of.length)]);
}

function bursts(flights: readonly Flight[]): Row[] {
  const rows: Row[] = [];
  for (const { key, flights: of } of groupBy(flights, (f) => [[f.origin]]).values()) {
    const inOrder = [...of].sort((a, b) => a.departure - b.departure);
    let session: Flight[] = [];
    const close = (): void => {
      const first = session[0] as Flight;
      const last = session[session.length - 1] as Flight;
      rows.push([
        ...key,
        timestampOf(first.departure),
        timestampOf(last.departure + GAP),
        String(session.length),
        String(sumOf(session)),
      ]);
    };
    for (const flight of inOrder) {
      const last = session[session.length - 1];
      if (last !== undefined && flight.departure - last.departure >= GAP) {
        close();
        session = [];
      }
      session.push(flight);
    }
    close();
  }
  return rows;
}

function stateDelays(flights: readonly Flight[], airports: readonly Airport[]): Row[] {
  const states = new Map(airports.map(({ iata, state }) => [iata, state]));
  const known = flights.filter(({ origin }) => states.has(origin));
  const groups = groupBy(known, (f) => [[states.get(f.origin) as string]]);
  return [...groups.values()].map(({ key, flights: of }) => [
    ...key,
    String(of.length),
    meanOf(of),
    String(Math.max(...of.map(({ delay }) => delay))),
  ]);
}

function worstDelays(flights: readonly Flight[]): Row[] {
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...flights]
    .sort(
      (a, b) =>
        b.delay - a.delay ||
        a.departure - b.departure ||
        byText(a.origin, b.origin) ||
        byText(a.destination, b.destination),
    )
    .slice(0, 10)
    .map((f) => [timestampOf(f.departure), f.origin, f.destination, String(f.delay)]);
}

/** The rows every view must have after all flights, by the view's name. */
export const expectedRows = (
  flights: readonly Flight[],
  airports: readonly Airport[],
): ReadonlyMap<string, readonly Row[]> =>
  new Map([
    ['hourly_delays', hourlyDelays(flights)],
    ['busiest_routes', busiestRoutes(flights)],
    ['bursts', bursts(flights)],
    ['state_delays', stateDelays(flights, airports)],
    ['worst_delays', worstDelays(flights)],
  ]);
