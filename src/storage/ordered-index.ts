/**
 * The ordered index: a counted B+ tree over row numbers.
 *
 * Keys are not in the tree, but two doubles of each are, which place it roughly (row-order.ts): a search runs over arrays of
 * doubles, and reads the table's columns only among entries whose hints are alike. (Reading them at every step of a descent
 * cost 5 µs at a million rows, nearly all of it cache misses.) Each node knows its first row and how many rows are below it,
 * which gives rank, at and count in O(log n); each row knows its leaf, so that next, previous, rank and removal compare
 * nothing. Appending in order fills leaves completely; sparse neighbours are joined on removal.
 */
import { assert } from '../base/assert.ts';
import type { Column } from '../types/column.ts';
import { RowLinks } from './row-links.ts';
import type { RowOrder } from './row-order.ts';
import type { OrderedIndex } from './state.ts';

const LEAF_ROWS = 64;
const BRANCH_NODES = 64;
const NONE = -1;

type Leaf = {
  readonly kind: 'leaf';
  readonly id: number;
  parent: Branch | null;
  first: number;
  /** Rows in this leaf. */
  total: number;
  readonly rows: Int32Array;
  /** Two per row. */
  readonly hints: Float64Array;
  next: Leaf | null;
  previous: Leaf | null;
};

type Branch = {
  readonly kind: 'branch';
  parent: Branch | null;
  /** First row below this node. */
  first: number;
  /** Rows below this node. */
  total: number;
  readonly nodes: Node[];
  /** Two per node: those of its first row. */
  readonly hints: Float64Array;
};

type Node = Leaf | Branch;

export class TreeIndex implements OrderedIndex {
  readonly #order: RowOrder;
  #leaves: (Leaf | null)[] = [];
  #freeIds: number[] = [];
  readonly #leafOf = new RowLinks();
  #root: Node;
  /** Hints of the row, or of the least and the greatest row under the bound, that is being sought. */
  readonly #sought = new Float64Array(4);

  constructor(order: RowOrder) {
    this.#order = order;
    this.#root = this.#newLeaf();
  }

  get bytes(): number {
    return this.#leafOf.bytes + this.#leaves.length * (20 * LEAF_ROWS + 300);
  }

  clear(): void {
    this.#leaves = [];
    this.#freeIds = [];
    this.#leafOf.clear();
    this.#root = this.#newLeaf();
  }

  // --------------------------------------------------------------------------------------------------------- reading

  first(prefix: readonly Column[], i: number): number {
    return this.#under(this.seek(prefix, i, false), prefix, i);
  }

  last(prefix: readonly Column[], i: number): number {
    return this.#under(this.at(this.#rankOf(prefix, i, true) - 1), prefix, i);
  }

  seek(bound: readonly Column[], i: number, strict: boolean): number {
    const isWhole = this.#order.hintsOfBound(bound, i, this.#sought);
    const leaf = this.#descend(bound, i, strict, isWhole);
    const place = this.#placeOf(leaf, bound, i, strict, isWhole);
    if (place < leaf.total) return leaf.rows[place] as number;
    return leaf.next === null ? NONE : leaf.next.first;
  }

  next(row: number): number {
    const leaf = this.#leafAt(row);
    const place = placeIn(leaf, row) + 1;
    if (place < leaf.total) return leaf.rows[place] as number;
    return leaf.next === null ? NONE : leaf.next.first;
  }

  previous(row: number): number {
    const leaf = this.#leafAt(row);
    const place = placeIn(leaf, row);
    if (place > 0) return leaf.rows[place - 1] as number;
    return leaf.previous === null ? NONE : (leaf.previous.rows[leaf.previous.total - 1] as number);
  }

  rank(row: number): number {
    const leaf = this.#leafAt(row);
    return rowsBefore(leaf) + placeIn(leaf, row);
  }

  at(rank: number): number {
    let node = this.#root;
    if (rank < 0 || rank >= node.total) return NONE;
    let rest = rank;
    while (node.kind === 'branch') {
      let child = 0;
      while (rest >= (node.nodes[child] as Node).total) rest -= (node.nodes[child++] as Node).total;
      node = node.nodes[child] as Node;
    }
    return node.rows[rest] as number;
  }

  count(prefix: readonly Column[], i: number): number {
    return this.#rankOf(prefix, i, true) - this.#rankOf(prefix, i, false);
  }

  #under(row: number, prefix: readonly Column[], i: number): number {
    return row !== NONE && this.#order.compareToBound(row, prefix, i) === 0 ? row : NONE;
  }

  /** Rows before the bound; `after`: and at it. */
  #rankOf(bound: readonly Column[], i: number, after: boolean): number {
    const isWhole = this.#order.hintsOfBound(bound, i, this.#sought);
    const leaf = this.#descend(bound, i, after, isWhole);
    return rowsBefore(leaf) + this.#placeOf(leaf, bound, i, after, isWhole);
  }

  /** The leaf in which, or at the end of which, the bound falls. */
  #descend(bound: readonly Column[], i: number, after: boolean, isWhole: boolean): Leaf {
    let node = this.#root;
    while (node.kind === 'branch') {
      const place = this.#placeOf(node, bound, i, after, isWhole);
      node = node.nodes[place === 0 ? 0 : place - 1] as Node;
    }
    return node;
  }

  /** How many entries of a node are before the bound; `after`: or at it. `isWhole`: its hints are all there is to it. */
  #placeOf(node: Node, bound: readonly Column[], i: number, after: boolean, isWhole: boolean): number {
    const sought = this.#sought;
    const size = sizeOf(node);
    let low = after && isWhole ? 0 : entriesBelow(node.hints, 0, size, sought[0] as number, sought[1] as number);
    if (isWhole && !after) return low;
    let high = entriesUpTo(node.hints, low, size, sought[2] as number, sought[3] as number);
    if (isWhole) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = this.#order.compareToBound(entryOf(node, middle), bound, i);
      if (order < 0 || (after && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #leafAt(row: number): Leaf {
    const leaf = this.#leaves[this.#leafOf.get(row)] as Leaf | null;
    assert(leaf !== null && leaf !== undefined, `row ${row} is not in the index`);
    return leaf;
  }

  // --------------------------------------------------------------------------------------------------------- writing

  add(row: number): void {
    this.#order.hintsOf(row, this.#sought);
    let leaf = this.#leafFor(row);
    if (leaf.total === LEAF_ROWS) leaf = this.#makeRoom(leaf, row);
    const place = this.#placeFor(leaf, row);
    leaf.rows.copyWithin(place + 1, place, leaf.total);
    leaf.rows[place] = row;
    insertHints(leaf.hints, place, leaf.total, this.#sought);
    this.#leafOf.set(row, leaf.id);
    for (let node: Node | null = leaf; node !== null; node = node.parent) node.total++;
    if (place === 0) setFirst(leaf, row);
  }

  remove(row: number): void {
    const leaf = this.#leafAt(row);
    const place = placeIn(leaf, row);
    leaf.rows.copyWithin(place, place + 1, leaf.total);
    removeHints(leaf.hints, place, leaf.total);
    this.#leafOf.set(row, NONE);
    for (let node: Node | null = leaf; node !== null; node = node.parent) node.total--;
    if (leaf.total === 0) {
      this.#dropLeaf(leaf);
    } else {
      if (place === 0) setFirst(leaf, leaf.rows[0] as number);
      if (leaf.total < LEAF_ROWS / 4) this.#joinLeaves(leaf);
    }
    this.#shrinkRoot();
  }

  #leafFor(row: number): Leaf {
    let node = this.#root;
    while (node.kind === 'branch') {
      const place = this.#placeFor(node, row);
      node = node.nodes[place === 0 ? 0 : place - 1] as Node;
    }
    return node;
  }

  /** How many entries of a node are before `row`, whose hints are the sought ones. */
  #placeFor(node: Node, row: number): number {
    const first = this.#sought[0] as number;
    const second = this.#sought[1] as number;
    const size = sizeOf(node);
    let low = entriesBelow(node.hints, 0, size, first, second);
    if (low === size || node.hints[2 * low] !== first || node.hints[2 * low + 1] !== second) return low;
    let high = entriesUpTo(node.hints, low, size, first, second);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order.compare(entryOf(node, middle), row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Splits a full leaf and returns the half for `row`. The last leaf stays full when rows come in order. */
  #makeRoom(leaf: Leaf, row: number): Leaf {
    const isAppend = leaf.next === null && this.#order.compare(leaf.rows[leaf.total - 1] as number, row) < 0;
    const kept = isAppend ? LEAF_ROWS : LEAF_ROWS / 2;
    const right = this.#newLeaf();
    this.#moveRows(leaf, kept, right);
    right.next = leaf.next;
    right.previous = leaf;
    if (right.next !== null) right.next.previous = right;
    leaf.next = right;
    if (isAppend) {
      right.first = row;
      copyHints(this.#sought, right.hints, 0);
    }
    this.#attachAfter(leaf, right);
    return isAppend || this.#order.compare(right.first, row) < 0 ? right : leaf;
  }

  /** Moves the rows of `from` from place `at` on to the end of `to`. Totals above are unchanged if both have one parent. */
  #moveRows(from: Leaf, at: number, to: Leaf): void {
    if (at === from.total) return;
    if (to.total === 0) to.first = from.rows[at] as number;
    for (let k = at; k < from.total; k++) {
      const row = from.rows[k] as number;
      to.hints[2 * to.total] = from.hints[2 * k] as number;
      to.hints[2 * to.total + 1] = from.hints[2 * k + 1] as number;
      to.rows[to.total++] = row;
      this.#leafOf.set(row, to.id);
    }
    from.total = at;
  }

  /** Enters `right`, whose rows are already counted in the parent of `left`, behind `left`. */
  #attachAfter(left: Node, right: Node): void {
    let parent = left.parent;
    if (parent === null) {
      parent = newBranch([left], left.total + right.total);
      left.parent = parent;
      this.#root = parent;
    }
    right.parent = parent;
    const place = parent.nodes.indexOf(left) + 1;
    insertHints(parent.hints, place, parent.nodes.length, right.hints);
    parent.nodes.splice(place, 0, right);
    if (parent.nodes.length > BRANCH_NODES) this.#splitBranch(parent, place === parent.nodes.length - 1);
  }

  #splitBranch(branch: Branch, isAppend: boolean): void {
    const moved = branch.nodes.splice(isAppend ? BRANCH_NODES : BRANCH_NODES / 2);
    const right = newBranch(moved, 0);
    for (const node of moved) {
      node.parent = right;
      right.total += node.total;
    }
    branch.total -= right.total;
    this.#attachAfter(branch, right);
  }

  #dropLeaf(leaf: Leaf): void {
    if (leaf.parent === null) return;
    this.#unlink(leaf);
    this.#detach(leaf);
  }

  #unlink(leaf: Leaf): void {
    if (leaf.next !== null) leaf.next.previous = leaf.previous;
    if (leaf.previous !== null) leaf.previous.next = leaf.next;
    this.#leaves[leaf.id] = null;
    this.#freeIds.push(leaf.id);
  }

  /** Takes an empty node out of the tree, and its parents if they become empty. */
  #detach(node: Node): void {
    const { parent } = node;
    if (parent === null) {
      this.#root = this.#newLeaf();
      return;
    }
    const place = parent.nodes.indexOf(node);
    removeHints(parent.hints, place, parent.nodes.length);
    parent.nodes.splice(place, 1);
    const head = parent.nodes[0];
    if (head === undefined) this.#detach(parent);
    else if (place === 0) setFirst(head, head.first);
  }

  /** Joins a sparse leaf with a neighbour under the same parent when both fit in three quarters of one. */
  #joinLeaves(leaf: Leaf): void {
    const { next, previous, parent } = leaf;
    const fits = (other: Leaf | null): other is Leaf =>
      other !== null && other.parent === parent && other.total + leaf.total <= (LEAF_ROWS * 3) / 4;
    if (fits(next)) this.#absorb(leaf, next);
    else if (fits(previous)) this.#absorb(previous, leaf);
  }

  #absorb(left: Leaf, right: Leaf): void {
    this.#moveRows(right, 0, left);
    this.#unlink(right);
    this.#detach(right);
    if (left.parent !== null) this.#joinBranches(left.parent);
  }

  #joinBranches(branch: Branch): void {
    const { parent } = branch;
    if (parent === null || branch.nodes.length >= BRANCH_NODES / 4) return;
    const right = parent.nodes[parent.nodes.indexOf(branch) + 1];
    if (right?.kind !== 'branch' || right.nodes.length + branch.nodes.length > (BRANCH_NODES * 3) / 4) return;
    for (const node of right.nodes) {
      node.parent = branch;
      copyHints(node.hints, branch.hints, branch.nodes.length);
      branch.nodes.push(node);
    }
    branch.total += right.total;
    right.nodes.length = 0;
    this.#detach(right);
    this.#joinBranches(parent);
  }

  #shrinkRoot(): void {
    while (this.#root.kind === 'branch' && this.#root.nodes.length === 1) {
      this.#root = this.#root.nodes[0] as Node;
      this.#root.parent = null;
    }
  }

  #newLeaf(): Leaf {
    const id = this.#freeIds.pop() ?? this.#leaves.length;
    const rows = new Int32Array(LEAF_ROWS);
    const hints = new Float64Array(2 * LEAF_ROWS);
    const leaf: Leaf = {
      kind: 'leaf',
      id,
      parent: null,
      first: NONE,
      total: 0,
      rows,
      hints,
      next: null,
      previous: null,
    };
    this.#leaves[id] = leaf;
    return leaf;
  }
}

function placeIn(leaf: Leaf, row: number): number {
  const { rows } = leaf;
  let place = 0;
  while (rows[place] !== row) place++;
  return place;
}

function rowsBefore(leaf: Leaf): number {
  let before = 0;
  for (let node: Node = leaf; node.parent !== null; node = node.parent) {
    const nodes: readonly Node[] = node.parent.nodes;
    for (let k = 0; nodes[k] !== node; k++) before += (nodes[k] as Node).total;
  }
  return before;
}

/** Tells the nodes above, as far as `node` begins them. */
function setFirst(node: Node, row: number): void {
  let at = node;
  at.first = row;
  while (at.parent !== null) {
    const { parent } = at;
    const place = parent.nodes.indexOf(at);
    copyHints(at.hints, parent.hints, place);
    if (place > 0) return;
    parent.first = row;
    at = parent;
  }
}

function newBranch(nodes: Node[], total: number): Branch {
  // One more than it keeps: a branch is split after it has grown too large.
  const hints = new Float64Array(2 * (BRANCH_NODES + 1));
  for (let k = 0; k < nodes.length; k++) copyHints((nodes[k] as Node).hints, hints, k);
  return { kind: 'branch', parent: null, first: (nodes[0] as Node).first, total, nodes, hints };
}

const sizeOf = (node: Node): number => (node.kind === 'leaf' ? node.total : node.nodes.length);

/** The row of a leaf, or the first row of a child. */
const entryOf = (node: Node, place: number): number =>
  node.kind === 'leaf' ? (node.rows[place] as number) : (node.nodes[place] as Node).first;

// ----------------------------------------------------------------------------------------------------------- hints

/** The place, at or after `from`, behind the entries whose hints are below (first, second). */
function entriesBelow(hints: Float64Array, from: number, size: number, first: number, second: number): number {
  let low = from;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    const hint = hints[2 * middle] as number;
    if (hint < first || (hint === first && (hints[2 * middle + 1] as number) < second)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same for entries whose hints are not above (first, second). */
function entriesUpTo(hints: Float64Array, from: number, size: number, first: number, second: number): number {
  let low = from;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    const hint = hints[2 * middle] as number;
    if (hint < first || (hint === first && (hints[2 * middle + 1] as number) <= second)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first pair of `from` becomes pair `place` of `to`. */
function copyHints(from: Float64Array, to: Float64Array, place: number): void {
  to[2 * place] = from[0] as number;
  to[2 * place + 1] = from[1] as number;
}

function insertHints(hints: Float64Array, place: number, size: number, from: Float64Array): void {
  hints.copyWithin(2 * place + 2, 2 * place, 2 * size);
  copyHints(from, hints, place);
}

const removeHints = (hints: Float64Array, place: number, size: number): void => {
  hints.copyWithin(2 * place, 2 * place + 2, 2 * size);
};
