/**
 * `npm run flights`: makes the demo's two data files from the npm package vega-datasets, a development dependency.
 * They are checked in; this program only says how they came about. demo/README.md names the sources.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const data = 'node_modules/vega-datasets/data';

type Flight = { date: string; delay: number; distance: number; origin: string; destination: string };
const flights = JSON.parse(readFileSync(join(data, 'flights-20k.json'), 'utf8')) as Flight[];

const minuteOf = (date: string): number => Date.parse(`${date.replaceAll('/', '-').replace(' ', 'T')}Z`) / 60_000;

/** Departures as minutes since the row before: the file is in their order. */
function flightLines(): string[] {
  let last = 0;
  return flights.map(({ date, delay, distance, origin, destination }) => {
    const minute = minuteOf(date);
    const line = `${minute - last},${delay},${distance},${origin},${destination}`;
    last = minute;
    return line;
  });
}

/** Fields may be quoted, with commas inside. None of those we keep has one. */
const csvFields = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((match) => match[1] ?? match[2] ?? '');

/** Rows of airports.csv (iata,name,city,state,…) for the airports that occur. */
function airportLines(): string[] {
  const used = new Set(flights.flatMap(({ origin, destination }) => [origin, destination]));
  return readFileSync(join(data, 'airports.csv'), 'utf8')
    .split('\n')
    .map(csvFields)
    .filter(([iata = '']) => used.has(iata))
    .map(([iata, , city, state]) => [iata, city, state].join(','));
}

const write = (name: string, head: string, lines: readonly string[]): void => {
  const bytes = gzipSync(`${head}\n${lines.join('\n')}\n`, { level: 9 });
  writeFileSync(join('demo', name), bytes);
  console.log(`demo/${name}: ${lines.length} rows, ${bytes.length} bytes`);
};
write('flights.csv.gz', 'minutes_since_row_before,delay,distance,origin,destination', flightLines());
write('airports.csv.gz', 'iata,city,state', airportLines());
