/**
 * Probing: from the hash of a key to the row that has it. The loops of the hash index, one per key shape that matters.
 *
 * A part of the index is an open-addressing table of pairs [hash, row + 1], empty where the second is 0. A probe walks from
 * `hash & mask` to the first empty pair and looks at a stored row only when all 32 bits of the hash agree. Each loop below
 * is the same walk with the comparison written out, because a comparison behind a call costs more than the walk.
 */
import type { Column, I32Column, I64Column, TextColumn } from '../types/column.ts';
import { type EqualAt, type KeyShape, sameAt } from './key-shape.ts';
import { PAGE_MASK, PAGE_SHIFT } from './state.ts';

/** One piece of a hash index. `depth` is how many high bits of the hash all its keys share. */
export type Part = { slots: Int32Array; mask: number; count: number; readonly depth: number };

/** Columns of a state table, page by page. */
export type PagedColumns = readonly (readonly Column[])[];

export type Probe = {
  /** The row with key `i` of `keys`, or -1. */
  one(part: Part, hash: number, keys: readonly Column[], i: number, stored: PagedColumns): number;
  /** The same for keys `0…count`, with the parts in a directory by the high bits of the hash. */
  many(
    parts: readonly Part[],
    shift: number,
    hashes: Int32Array,
    keys: readonly Column[],
    count: number,
    stored: PagedColumns,
    rows: Int32Array,
  ): void;
};

/** The fastest probe for keys of this shape. All but the general one need that no NULL occurs, sought or stored. */
export function probeFor(shape: KeyShape): Probe {
  switch (shape.signature) {
    case '8':
      return int64Probe;
    case '88':
      return int64PairProbe;
    case '4':
      return int32Probe;
    case 't':
      return textProbe;
    default:
      return /^[84t]+$/.test(shape.signature) ? plainProbe(shape.signature) : generalProbe(shape);
  }
}

// -------------------------------------------------------------------------------------------------------- general

export function generalProbe(shape: KeyShape): Probe {
  const { equals } = shape;
  return {
    one: (part, hash, keys, i, stored) => seekAny(part, hash, equals, keys, i, stored),
    many(parts, shift, hashes, keys, count, stored, rows) {
      for (let i = 0; i < count; i++) {
        const hash = hashes[i] as number;
        rows[i] = seekAny(parts[hash >>> shift] as Part, hash, equals, keys, i, stored);
      }
    },
  };
}

function seekAny(
  part: Part,
  hash: number,
  equals: readonly EqualAt[],
  keys: readonly Column[],
  i: number,
  stored: PagedColumns,
): number {
  const { slots, mask } = part;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[2 * slot + 1] as number;
    if (entry === 0) return -1;
    if (slots[2 * slot] === hash && isKeyOf(entry - 1, equals, keys, i, stored)) return entry - 1;
  }
}

function isKeyOf(
  row: number,
  equals: readonly EqualAt[],
  keys: readonly Column[],
  i: number,
  stored: PagedColumns,
): boolean {
  for (let c = 0; c < equals.length; c++) {
    const page = (stored[c] as readonly Column[])[row >>> PAGE_SHIFT] as Column;
    if (!sameAt(equals[c] as EqualAt, keys[c] as Column, i, page, row & PAGE_MASK)) return false;
  }
  return true;
}

// ------------------------------------------------------------------------------------------------------ one bigint

function seekInt64(part: Part, hash: number, low: number, high: number, pages: readonly Column[]): number {
  const { slots, mask } = part;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[2 * slot + 1] as number;
    if (entry === 0) return -1;
    if (slots[2 * slot] !== hash) continue;
    const row = entry - 1;
    const data = (pages[row >>> PAGE_SHIFT] as I64Column).data;
    const at = 2 * (row & PAGE_MASK);
    if (data[at] === low && data[at + 1] === high) return row;
  }
}

const int64Probe: Probe = {
  one(part, hash, keys, i, stored) {
    const { data } = keys[0] as I64Column;
    return seekInt64(part, hash, data[2 * i] as number, data[2 * i + 1] as number, stored[0] as readonly Column[]);
  },
  many(parts, shift, hashes, keys, count, stored, rows) {
    const { data } = keys[0] as I64Column;
    const pages = stored[0] as readonly Column[];
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number;
      rows[i] = seekInt64(parts[hash >>> shift] as Part, hash, data[2 * i] as number, data[2 * i + 1] as number, pages);
    }
  },
};

// ----------------------------------------------------------------------------------------------------- two bigints

function seekInt64Pair(
  part: Part,
  hash: number,
  a: Int32Array,
  b: Int32Array,
  i: number,
  stored: PagedColumns,
): number {
  const { slots, mask } = part;
  const firsts = stored[0] as readonly Column[];
  const seconds = stored[1] as readonly Column[];
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[2 * slot + 1] as number;
    if (entry === 0) return -1;
    if (slots[2 * slot] !== hash) continue;
    const page = (entry - 1) >>> PAGE_SHIFT;
    const at = 2 * ((entry - 1) & PAGE_MASK);
    const first = (firsts[page] as I64Column).data;
    const second = (seconds[page] as I64Column).data;
    const sameFirst = first[at] === a[2 * i] && first[at + 1] === a[2 * i + 1];
    if (sameFirst && second[at] === b[2 * i] && second[at + 1] === b[2 * i + 1]) return entry - 1;
  }
}

const int64PairProbe: Probe = {
  one: (part, hash, keys, i, stored) =>
    seekInt64Pair(part, hash, (keys[0] as I64Column).data, (keys[1] as I64Column).data, i, stored),
  many(parts, shift, hashes, keys, count, stored, rows) {
    const a = (keys[0] as I64Column).data;
    const b = (keys[1] as I64Column).data;
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number;
      rows[i] = seekInt64Pair(parts[hash >>> shift] as Part, hash, a, b, i, stored);
    }
  },
};

// ----------------------------------------------------------------------------------------------------- one integer

function seekInt32(part: Part, hash: number, key: number, pages: readonly Column[]): number {
  const { slots, mask } = part;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[2 * slot + 1] as number;
    if (entry === 0) return -1;
    if (slots[2 * slot] !== hash) continue;
    const row = entry - 1;
    if ((pages[row >>> PAGE_SHIFT] as I32Column).data[row & PAGE_MASK] === key) return row;
  }
}

const int32Probe: Probe = {
  one: (part, hash, keys, i, stored) =>
    seekInt32(part, hash, (keys[0] as I32Column).data[i] as number, stored[0] as readonly Column[]),
  many(parts, shift, hashes, keys, count, stored, rows) {
    const { data } = keys[0] as I32Column;
    const pages = stored[0] as readonly Column[];
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number;
      rows[i] = seekInt32(parts[hash >>> shift] as Part, hash, data[i] as number, pages);
    }
  },
};

// -------------------------------------------------------------------------------------------------------- one text

function seekText(part: Part, hash: number, key: string, pages: readonly Column[]): number {
  const { slots, mask } = part;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[2 * slot + 1] as number;
    if (entry === 0) return -1;
    if (slots[2 * slot] !== hash) continue;
    const row = entry - 1;
    if ((pages[row >>> PAGE_SHIFT] as TextColumn).data[row & PAGE_MASK] === key) return row;
  }
}

const textProbe: Probe = {
  one: (part, hash, keys, i, stored) =>
    seekText(part, hash, (keys[0] as TextColumn).data[i] as string, stored[0] as readonly Column[]),
  many(parts, shift, hashes, keys, count, stored, rows) {
    const { data } = keys[0] as TextColumn;
    const pages = stored[0] as readonly Column[];
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number;
      rows[i] = seekText(parts[hash >>> shift] as Part, hash, data[i] as string, pages);
    }
  },
};

// ----------------------------------------------------------------------- several columns of bigint, integer and text

/** A switch per column: dearer than a loop of its own, a third of the price of a call per column. */
function plainProbe(signature: string): Probe {
  const codes = Uint8Array.from(signature, (letter) => letter.charCodeAt(0));
  return {
    one: (part, hash, keys, i, stored) => seekPlain(part, hash, codes, keys, i, stored),
    many(parts, shift, hashes, keys, count, stored, rows) {
      for (let i = 0; i < count; i++) {
        const hash = hashes[i] as number;
        rows[i] = seekPlain(parts[hash >>> shift] as Part, hash, codes, keys, i, stored);
      }
    },
  };
}

function seekPlain(
  part: Part,
  hash: number,
  codes: Uint8Array,
  keys: readonly Column[],
  i: number,
  stored: PagedColumns,
): number {
  const { slots, mask } = part;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[2 * slot + 1] as number;
    if (entry === 0) return -1;
    if (slots[2 * slot] === hash && isPlainKeyOf(entry - 1, codes, keys, i, stored)) return entry - 1;
  }
}

const BIGINT = 0x38; // '8'
const INTEGER = 0x34; // '4'

function isPlainKeyOf(
  row: number,
  codes: Uint8Array,
  keys: readonly Column[],
  i: number,
  stored: PagedColumns,
): boolean {
  const j = row & PAGE_MASK;
  for (let c = 0; c < codes.length; c++) {
    const key = keys[c] as Column;
    const page = (stored[c] as readonly Column[])[row >>> PAGE_SHIFT] as Column;
    const code = codes[c];
    if (code === BIGINT) {
      const a = (key as I64Column).data;
      const b = (page as I64Column).data;
      if (a[2 * i] !== b[2 * j] || a[2 * i + 1] !== b[2 * j + 1]) return false;
    } else if (code === INTEGER) {
      if ((key as I32Column).data[i] !== (page as I32Column).data[j]) return false;
    } else if ((key as TextColumn).data[i] !== (page as TextColumn).data[j]) {
      return false;
    }
  }
  return true;
}
