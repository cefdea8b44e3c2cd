/**
 * Clients that insert numbered rows until the server dies under them, and the book they keep: which statements were sent, and
 * which were acknowledged. After a crash the book says what must be there.
 */
import { Client } from '../../demo/client.ts';
import type { Random } from '../../src/base/random.ts';

export const DEFINITIONS: readonly string[] = [
  "CREATE STREAM event (client int, n int, batch int, ts timestamp, WATERMARK FOR ts AS ts - INTERVAL '1 minute')",
  'CREATE TABLE entry (client int, n int, batch int, PRIMARY KEY (client, n))',
  'CREATE MATERIALIZED VIEW per_client AS SELECT client, count(*) AS c, sum(n) AS s, max(n) AS top FROM event GROUP BY client',
  'CREATE MATERIALIZED VIEW entries AS SELECT client, count(*) AS c, min(n) AS low FROM entry GROUP BY client',
  'CREATE MATERIALIZED VIEW both_sides AS SELECT p.client, p.c AS events, e.c AS entries FROM per_client p LEFT JOIN entries e ON e.client = p.client',
  'CREATE MATERIALIZED VIEW grand AS SELECT sum(events) AS events, sum(entries) AS entries FROM both_sides',
  'CREATE MATERIALIZED VIEW matched AS SELECT e.client, e.n FROM event e JOIN entry t ON t.client = e.client AND t.n = e.n',
  'CREATE MATERIALIZED VIEW newest AS SELECT client, n, batch FROM event ORDER BY n DESC, client LIMIT 10',
  "CREATE MATERIALIZED VIEW per_minute AS SELECT window_start, count(*) AS c FROM TUMBLE(event, ts, INTERVAL '1 minute') GROUP BY window_start",
  "CREATE MATERIALIZED VIEW sessions AS SELECT client, window_start, window_end, count(*) AS c FROM SESSION(event PARTITION BY client, ts, INTERVAL '3 seconds') GROUP BY client, window_start, window_end",
];

export type Row = { readonly client: number; readonly n: number; readonly batch: number };
/** One INSERT. `lost`: sent before a crash, not acknowledged, and not there afterwards: it must never appear again. */
export type SentStatement = {
  readonly relation: 'event' | 'entry';
  readonly rows: readonly Row[];
  fate: 'sent' | 'acknowledged' | 'lost';
};

/** Row `n` happens `n` seconds into the day. */
export const timeOf = (n: number): string =>
  new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString().slice(0, 19).replace('T', ' ');

export class Writer {
  readonly #client: number;
  readonly #random: Random;
  readonly #next = { event: 0, entry: 0 };
  #batch = 0;
  readonly book: SentStatement[] = [];

  constructor(client: number, random: Random) {
    this.#client = client;
    this.#random = random;
  }

  /** Inserts until the connection breaks. */
  async write(port: number): Promise<void> {
    try {
      const connection = await Client.connect({ host: '127.0.0.1', port });
      for (;;) {
        const statement = this.#nextStatement();
        this.book.push(statement);
        await connection.query(sqlOf(statement));
        statement.fate = 'acknowledged';
      }
    } catch (error) {
      // The kill is the one end we expect: whatever the server itself says is a failure.
      if (error instanceof Error && error.name === 'ServerError') throw error;
    }
  }

  #nextStatement(): SentStatement {
    const relation = this.#random.below(3) === 0 ? 'entry' : 'event';
    const batch = ++this.#batch;
    const rows = Array.from({ length: 1 + this.#random.below(5) }, () => ({
      client: this.#client,
      n: ++this.#next[relation],
      batch,
    }));
    return { relation, rows, fate: 'sent' };
  }
}

function sqlOf({ relation, rows }: SentStatement): string {
  const values = rows.map(({ client, n, batch }) =>
    relation === 'event' ? `(${client}, ${n}, ${batch}, '${timeOf(n)}')` : `(${client}, ${n}, ${batch})`,
  );
  return `INSERT INTO ${relation} VALUES ${values.join(', ')}`;
}
