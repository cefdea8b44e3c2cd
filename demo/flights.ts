/** The demo's input: flights in the order in which they really left, and the airports they left from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Flight = {
  /** Scheduled departure, minutes since 1970. */
  readonly departure: number;
  readonly delay: number;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
};
export type Airport = { readonly iata: string; readonly city: string; readonly state: string };

/** The data files stand beside the sources, also when this runs from dist/demo. */
const folder = join(import.meta.dirname, import.meta.dirname.endsWith('dist/demo') ? '../../demo' : '.');

function rowsOf(file: string): string[][] {
  const lines = gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  return lines.slice(1).map((line) => line.split(','));
}

/** In order of departure plus delay: a flight is reported when it leaves, so late flights come late. */
export function readFlights(): Flight[] {
  let departure = 0;
  const flights = rowsOf('flights.csv.gz').map(([minutes, delay, distance, origin = '', destination = '']) => {
    departure += Number(minutes);
    return { departure, delay: Number(delay), distance: Number(distance), origin, destination };
  });
  return flights.sort((a, b) => a.departure + a.delay - (b.departure + b.delay));
}

export const readAirports = (): Airport[] =>
  rowsOf('airports.csv.gz').map(([iata = '', city = '', state = '']) => ({ iata, city, state }));

/** `2001-01-01 00:47:00`, as the server prints it. */
export const timestampOf = (minute: number): string =>
  new Date(minute * 60_000).toISOString().slice(0, 19).replace('T', ' ');
