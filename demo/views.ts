/** What the demo asks of the server: one stream, one table, five views, and the part of each view that is shown. */

export const DEFINITIONS: readonly string[] = [
  'CREATE TABLE airports (iata text PRIMARY KEY, city text NOT NULL, state text NOT NULL)',
  `CREATE STREAM flights (
     departure   timestamp NOT NULL,
     origin      text NOT NULL,
     destination text NOT NULL,
     delay       int NOT NULL,
     distance    int NOT NULL,
     WATERMARK FOR departure AS departure - INTERVAL '2 hours')`,
];

export type DemoView = {
  readonly name: string;
  /** What it answers, for the screen. */
  readonly title: string;
  readonly query: string;
  /** The few rows shown, most interesting first. */
  readonly shown: string;
};

export const VIEWS: readonly DemoView[] = [
  {
    name: 'hourly_delays',
    title: 'TUMBLE  flights and mean delay per origin and hour',
    query: `SELECT window_start, origin, count(*) AS flights, round(avg(delay), 2) AS mean_delay
      FROM TUMBLE(flights, departure, INTERVAL '1 hour') GROUP BY window_start, window_end, origin`,
    shown: 'SELECT * FROM hourly_delays WHERE flights >= 3 ORDER BY window_start DESC, mean_delay DESC, origin LIMIT 5',
  },
  {
    name: 'busiest_routes',
    title: 'HOP     busiest routes of seven days, every day',
    query: `SELECT window_start, window_end, origin, destination, count(*) AS flights
      FROM HOP(flights, departure, INTERVAL '1 day', INTERVAL '7 days') GROUP BY window_start, window_end, origin, destination`,
    shown:
      'SELECT window_end, origin, destination, flights FROM busiest_routes ORDER BY flights DESC, window_end DESC, origin, destination LIMIT 5',
  },
  {
    name: 'bursts',
    title: 'SESSION departures of an airport less than 30 minutes apart',
    query: `SELECT origin, window_start, window_end, count(*) AS flights, sum(delay) AS delay
      FROM SESSION(flights PARTITION BY origin, departure, INTERVAL '30 minutes') GROUP BY origin, window_start, window_end`,
    shown: 'SELECT * FROM bursts ORDER BY flights DESC, window_start DESC, origin LIMIT 5',
  },
  {
    name: 'state_delays',
    title: 'JOIN    flights with their airports: mean delay per state',
    query: `SELECT a.state, count(*) AS flights, round(avg(f.delay), 2) AS mean_delay, max(f.delay) AS worst
      FROM flights f JOIN airports a ON a.iata = f.origin GROUP BY a.state`,
    shown: 'SELECT * FROM state_delays WHERE flights >= 10 ORDER BY mean_delay DESC, state LIMIT 5',
  },
  {
    name: 'worst_delays',
    title: 'TOP-N   the longest delays so far',
    query:
      'SELECT departure, origin, destination, delay FROM flights ORDER BY delay DESC, departure, origin, destination LIMIT 10',
    shown: 'SELECT * FROM worst_delays ORDER BY delay DESC, departure, origin, destination LIMIT 5',
  },
];
