/**
 * The hash index: from key columns to row numbers, without ever a long rehash.
 *
 * Extendible hashing (Fagin et al., 1979): a directory over the high bits of the hash leads to parts, each an
 * open-addressing table (probe.ts). A part doubles while it is small; a full one is split in two, so the longest pause is the
 * split of one part, however many keys there are. Removal shifts the cluster back and leaves no tombstones.
 */
import { randomInt } from 'node:crypto';
import { type Column, isNullAt } from '../types/column.ts';
import type { KeyShape } from './key-shape.ts';
import { generalProbe, type PagedColumns, type Part, type Probe, probeFor } from './probe.ts';
import { PAGE_MASK, PAGE_SHIFT } from './state.ts';

const FIRST_SLOTS = 16;
/** Slots of a full-grown part: 16,384 pairs are 128 KB, rehashed in about a tenth of a millisecond. */
const MAX_SLOTS = 16_384;
/** Deeper than any number of rows needs: what still crowds one part then has equal hashes, and splitting would not end. */
const MAX_DEPTH = 17;

/** How full a part becomes before it grows, and how full it is made by `addAll`. */
const MAX_LOAD = 0.625;
const BULK_LOAD = 0.45;

/** One seed per process: hashes live in memory only. */
const seed = randomInt(0x7fffffff);

const emptyPart = (slots: number, depth: number): Part => ({
  slots: new Int32Array(2 * slots),
  mask: slots - 1,
  count: 0,
  depth,
});

export class HashIndex {
  readonly #shape: KeyShape;
  readonly #stored: PagedColumns;
  readonly #fastProbe: Probe;
  readonly #nullProbe: Probe;
  #parts: Part[] = [];
  /** `hash >>> shift` is the place in the directory. The directory has two entries at least: a shift by 32 would do nothing. */
  #shift = 31;
  #holdsNulls = false;
  #hashes = new Int32Array(1024);
  readonly #oneHash = new Int32Array(1);

  /** `stored` are the table's page arrays of the key columns: the index reads keys there and holds none. */
  constructor(shape: KeyShape, stored: PagedColumns) {
    this.#shape = shape;
    this.#stored = stored;
    this.#fastProbe = probeFor(shape);
    this.#nullProbe = generalProbe(shape);
    this.clear();
  }

  clear(): void {
    const part = emptyPart(FIRST_SLOTS, 0);
    this.#parts = [part, part];
    this.#shift = 31;
    this.#holdsNulls = false;
  }

  /** Hashes of keys `0…count`; valid until the next call. */
  hash(keys: readonly Column[], count: number): Int32Array {
    if (this.#hashes.length < count) this.#hashes = new Int32Array(2 * count);
    this.#shape.hash(keys, 0, count, seed, this.#hashes);
    return this.#hashes;
  }

  /** Hash of the one key `i`. */
  hashOf(keys: readonly Column[], i: number): number {
    this.#shape.hash(keys, i, 1, seed, this.#oneHash);
    return this.#oneHash[0] as number;
  }

  find(keys: readonly Column[], hashes: Int32Array, count: number, rows: Int32Array): void {
    this.#probe(keys).many(this.#parts, this.#shift, hashes, keys, count, this.#stored, rows);
  }

  findOne(keys: readonly Column[], i: number, hash: number): number {
    return this.#probe(keys).one(this.#partOf(hash), hash, keys, i, this.#stored);
  }

  /** Enters a row whose key is already stored and known to be absent. */
  add(hash: number, row: number): void {
    if (!this.#holdsNulls) this.#holdsNulls = this.#hasNull(row);
    let part = this.#partOf(hash);
    while (part.count >= (part.mask + 1) * MAX_LOAD) {
      this.#grow(part, hash);
      part = this.#partOf(hash);
    }
    place(part, hash, row + 1);
  }

  /**
   * Enters `count` rows at once into the empty index, part by part: their slots then stay in the processor's cache, which
   * makes it several times faster than `add`.
   */
  addAll(hashes: Int32Array, rows: Int32Array, count: number): void {
    let depth = 1;
    while (count / 2 ** depth > MAX_SLOTS * BULK_LOAD) depth++;
    this.#shift = 32 - depth;
    const starts = startsOfParts(hashes, count, this.#shift, 1 << depth);
    const pairs = sortByPart(hashes, rows, count, this.#shift, starts.slice());
    this.#parts = [];
    for (let p = 0; p + 1 < starts.length; p++) {
      const end = starts[p + 1] as number;
      const part = emptyPart(slotsFor(end - (starts[p] as number)), depth);
      for (let k = starts[p] as number; k < end; k++) place(part, pairs[2 * k] as number, pairs[2 * k + 1] as number);
      this.#parts.push(part);
    }
    this.#holdsNulls = this.#stored.some((pages) => pages.some(({ nulls }) => nulls?.includes(1)));
  }

  remove(hash: number, row: number): void {
    const part = this.#partOf(hash);
    closeGap(part, slotOf(part, hash, row + 1));
    part.count--;
  }

  /** Lets another row of the same key stand for it. */
  replace(hash: number, row: number, successor: number): void {
    const part = this.#partOf(hash);
    part.slots[2 * slotOf(part, hash, row + 1) + 1] = successor + 1;
  }

  get bytes(): number {
    let total = 8 * this.#parts.length;
    // A part of depth d stands 2^(D-d) times in a directory of depth D; its own entries are found by their first place.
    this.#parts.forEach((part, i) => {
      if (i === 0 || this.#parts[i - 1] !== part) total += part.slots.byteLength;
    });
    return total;
  }

  #probe(keys: readonly Column[]): Probe {
    if (this.#holdsNulls) return this.#nullProbe;
    for (let c = 0; c < keys.length; c++) if ((keys[c] as Column).nulls !== null) return this.#nullProbe;
    return this.#fastProbe;
  }

  #partOf(hash: number): Part {
    return this.#parts[hash >>> this.#shift] as Part;
  }

  #hasNull(row: number): boolean {
    for (const pages of this.#stored) {
      if (isNullAt(pages[row >>> PAGE_SHIFT] as Column, row & PAGE_MASK)) return true;
    }
    return false;
  }

  #grow(part: Part, hash: number): void {
    if (part.mask + 1 < MAX_SLOTS || part.depth === MAX_DEPTH) enlarge(part);
    else this.#split(part, hash);
  }

  /** Parts the keys by the next bit of the hash and enters both halves in the directory. */
  #split(part: Part, hash: number): void {
    if (part.depth === 32 - this.#shift) this.#doubleDirectory();
    const depth = part.depth + 1;
    const halves = [emptyPart(MAX_SLOTS, depth), emptyPart(MAX_SLOTS, depth)] as const;
    const { slots } = part;
    const low = halves[0];
    const high = halves[1];
    for (let at = 0; at < slots.length; at += 2) {
      const entry = slots[at + 1] as number;
      if (entry === 0) continue;
      const key = slots[at] as number;
      place((key >>> (32 - depth)) & 1 ? high : low, key, entry);
    }
    const span = 1 << (32 - this.#shift - part.depth);
    const first = ((hash >>> this.#shift) & ~(span - 1)) >>> 0;
    for (let k = 0; k < span; k++) this.#parts[first + k] = k < span / 2 ? low : high;
  }

  #doubleDirectory(): void {
    const parts: Part[] = [];
    for (const part of this.#parts) parts.push(part, part);
    this.#parts = parts;
    this.#shift--;
  }
}

function place(part: Part, hash: number, entry: number): void {
  const { slots, mask } = part;
  let slot = hash & mask;
  while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
  slots[2 * slot] = hash;
  slots[2 * slot + 1] = entry;
  part.count++;
}

const slotsFor = (count: number): number => {
  let slots = FIRST_SLOTS;
  while (slots * BULK_LOAD < count) slots *= 2;
  return slots;
};

/** Where each part starts when the hashes are sorted by part, and where the last one ends. */
function startsOfParts(hashes: Int32Array, count: number, shift: number, parts: number): Int32Array {
  const starts = new Int32Array(parts + 1);
  for (let k = 0; k < count; k++) {
    const next = ((hashes[k] as number) >>> shift) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let p = 1; p <= parts; p++) starts[p] = (starts[p] as number) + (starts[p - 1] as number);
  return starts;
}

/** Pairs of hash and row + 1 in order of their parts. Moves the starts to the ends. */
function sortByPart(
  hashes: Int32Array,
  rows: Int32Array,
  count: number,
  shift: number,
  starts: Int32Array,
): Int32Array {
  const pairs = new Int32Array(2 * count);
  for (let k = 0; k < count; k++) {
    const hash = hashes[k] as number;
    const at = starts[hash >>> shift] as number;
    starts[hash >>> shift] = at + 1;
    pairs[2 * at] = hash;
    pairs[2 * at + 1] = (rows[k] as number) + 1;
  }
  return pairs;
}

function enlarge(part: Part): void {
  const { slots } = part;
  part.slots = new Int32Array(2 * slots.length);
  part.mask = slots.length - 1;
  part.count = 0;
  for (let at = 0; at < slots.length; at += 2) {
    const entry = slots[at + 1] as number;
    if (entry !== 0) place(part, slots[at] as number, entry);
  }
}

/** The caller knows that the entry is there. */
function slotOf(part: Part, hash: number, entry: number): number {
  const { slots, mask } = part;
  let slot = hash & mask;
  while (slots[2 * slot + 1] !== entry) slot = (slot + 1) & mask;
  return slot;
}

/** Empties a slot and moves back what had been pushed past it. */
function closeGap(part: Part, slot: number): void {
  const { slots, mask } = part;
  let gap = slot;
  for (let next = (gap + 1) & mask; slots[2 * next + 1] !== 0; next = (next + 1) & mask) {
    const home = (slots[2 * next] as number) & mask;
    // An entry may fill the gap if its home is not between the gap and itself.
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    slots[2 * gap] = slots[2 * next] as number;
    slots[2 * gap + 1] = slots[2 * next + 1] as number;
    gap = next;
  }
  slots[2 * gap + 1] = 0;
}
