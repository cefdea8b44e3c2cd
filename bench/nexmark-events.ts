/**
 * Nexmark's events, generated the same on every run: of every 50 events one person, three auctions and 46 bids, hot auctions and hot
 * bidders among them, 10,000 events to the second of event time (Tucker et al., NEXMark, 2002, in the proportions of Apache
 * Beam's generator). Columns are filled directly; a chunk holds about a thousand bids and what else happened meanwhile.
 */
import { Random } from '../src/base/random.ts';
import type { Batch } from '../src/types/batch.ts';
import { allocateColumn, type Column, setValueAt } from '../src/types/column.ts';
import { setInt64 } from '../src/types/int64.ts';
import { typeByName } from '../src/types/registry.ts';
import type { SqlType } from '../src/types/type.ts';

export type Stream = 'person' | 'auction' | 'bid';
export const STREAMS: readonly Stream[] = ['person', 'auction', 'bid'];
/** One tick's worth of events, and the latest event time among them (µs since 2000). */
export type Chunk = { readonly batches: Readonly<Record<Stream, Batch>>; readonly latest: number };

const typed = (
  columns: Readonly<Record<string, string>>,
): readonly { readonly name: string; readonly type: SqlType }[] =>
  Object.entries(columns).map(([name, type]) => ({ name, type: typeByName(type) as SqlType }));

export const SCHEMAS = {
  person: typed({
    id: 'int8',
    name: 'text',
    email: 'text',
    city: 'text',
    state: 'text',
    date_time: 'timestamp',
    extra: 'text',
  }),
  auction: typed({
    id: 'int8',
    item_name: 'text',
    initial_bid: 'int8',
    reserve: 'int8',
    date_time: 'timestamp',
    expires: 'timestamp',
    seller: 'int8',
    category: 'int8',
    extra: 'text',
  }),
  bid: typed({
    auction: 'int8',
    bidder: 'int8',
    price: 'int8',
    channel: 'text',
    url: 'text',
    date_time: 'timestamp',
    extra: 'text',
  }),
} as const;

/** Never more than 1,024 bids. */
const EVENTS_PER_CHUNK = 1100;
const MICROS_PER_EVENT = 100;
/** 2024-01-01, µs since 2000. */
const START = 757_382_400_000_000;
const FIRST_ID = 1000;
const HOT = 100;

const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.below(choices.length)] as T;
const words = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const NAMES = words('person ', 997);
const CITIES = words('city ', 50);
const STATES = ['OR', 'ID', 'CA', 'WA', 'AZ'];
const CHANNELS = ['Google', 'Facebook', 'Baidu', 'Apple', ...words('channel-', 200)];
const EXTRAS = words('x'.repeat(60), 512);

/** How many persons and auctions there are before event `n`. */
const personsBefore = (n: number): number => Math.floor(n / 50) + (n % 50 > 0 ? 1 : 0);
const auctionsBefore = (n: number): number => 3 * Math.floor(n / 50) + Math.min(3, Math.max(0, (n % 50) - 1));

/** A hot id half of the time (bidders: three quarters), else one of the last hundred (bidders: thousand). */
const someAuction = (random: Random, n: number): number => {
  const last = Math.max(auctionsBefore(n) - 1, 0);
  if (random.below(2) > 0) return FIRST_ID + Math.floor(last / HOT) * HOT;
  return FIRST_ID + Math.max(0, last - random.below(100));
};
const someBidder = (random: Random, n: number): number => {
  const last = Math.max(personsBefore(n) - 1, 0);
  if (random.below(4) > 0) return FIRST_ID + Math.floor(last / HOT) * HOT + 1;
  return FIRST_ID + Math.max(0, last - random.below(1000));
};
const somePrice = (random: Random): number => Math.round(10 ** (random.next() * 6) * 100);

type Row = readonly (number | string)[];

function rowOf(n: number, time: number, random: Random): readonly [Stream, Row] {
  const kind = n % 50;
  const extra = pick(random, EXTRAS);
  if (kind === 0) {
    const name = pick(random, NAMES);
    return [
      'person',
      [
        FIRST_ID + personsBefore(n),
        name,
        `${name}@example.com`,
        pick(random, CITIES),
        pick(random, STATES),
        time,
        extra,
      ],
    ];
  }
  if (kind <= 3) {
    const price = somePrice(random);
    const expires = time + 10_000_000 + random.below(10_000_000);
    const id = FIRST_ID + auctionsBefore(n);
    return [
      'auction',
      [id, pick(random, NAMES), price, 2 * price, time, expires, someBidder(random, n), 10 + random.below(5), extra],
    ];
  }
  const channel = pick(random, CHANNELS);
  return ['bid', [someAuction(random, n), someBidder(random, n), somePrice(random), channel, channel, time, extra]];
}

class ChunkBuilder {
  readonly #columns: Readonly<Record<Stream, readonly Column[]>>;
  readonly #lengths: Record<Stream, number> = { person: 0, auction: 0, bid: 0 };

  constructor() {
    const allocate = (stream: Stream) =>
      SCHEMAS[stream].map(({ type }) => allocateColumn(type.column, stream === 'bid' ? 1024 : 128));
    this.#columns = { person: allocate('person'), auction: allocate('auction'), bid: allocate('bid') };
  }

  add(stream: Stream, row: Row): void {
    const at = this.#lengths[stream]++;
    this.#columns[stream].forEach((column, c) => {
      const value = row[c] as number | string;
      if (column.kind === 'i64') setInt64(column.data, at, value as number);
      else setValueAt(column, at, value);
    });
  }

  chunk(latest: number): Chunk {
    const batch = (stream: Stream): Batch => ({
      length: this.#lengths[stream],
      columns: this.#columns[stream],
      weights: null,
    });
    return { batches: { person: batch('person'), auction: batch('auction'), bid: batch('bid') }, latest };
  }
}

export function generate(events: number, seed: number): Chunk[] {
  const random = new Random(seed);
  const chunks: Chunk[] = [];
  for (let first = 0; first < events; first += EVENTS_PER_CHUNK) {
    const builder = new ChunkBuilder();
    const end = Math.min(first + EVENTS_PER_CHUNK, events);
    for (let n = first; n < end; n++) builder.add(...rowOf(n, START + n * MICROS_PER_EVENT, random));
    chunks.push(builder.chunk(START + (end - 1) * MICROS_PER_EVENT));
  }
  return chunks;
}
