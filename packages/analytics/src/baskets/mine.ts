import type { Baskets } from './baskets.ts';

/** Sets as a tree, parents before children. Parallel columns. */
export interface MinedSets {
  /** How many sets, without the empty one. */
  readonly size: number;
  /** The set without its last item; -1 where it has one item only. */
  readonly parent: Int32Array;
  /** The item that it has more than its parent. */
  readonly item: Int32Array;
  /** Baskets that hold all its items. */
  readonly count: Int32Array;
}

export interface Mined {
  readonly sets: MinedSets;
  readonly deepest: number;
  /** There were more sets than there is room for. */
  readonly isFull: boolean;
}

/** Behind the last item of a basket. */
const END = -1;

/**
 * Baskets as one row of numbers that ends each basket with `END`; items are called by their place in `names`, rare ones first,
 * and stand in that order. `counts` may be higher than what is left in the row: baskets that can give no pair are not in it.
 */
interface Part {
  readonly row: Int32Array;
  readonly names: Int32Array;
  readonly counts: Int32Array;
}

/** @returns finds all sets of at most `largest` items in at least `least` baskets, and stops where they are more than `most` */
export function createMiner(
  baskets: Baskets,
  alone: Int32Array,
  least: number,
  most: number,
): (largest: number) => Mined {
  const whole = wholePart(baskets, alone, least);
  return (largest) => {
    const tree = createTree(most);
    expand(whole, -1, 1, { least, largest, tree });
    return tree.build();
  };
}

/** Without the items that are too rare, which no set can have. */
function wholePart({ count, itemCount, starts, items }: Baskets, all: Int32Array, least: number): Part {
  const names = Int32Array.from(all.keys())
    .filter((item) => all[item]! >= least)
    .sort((one, other) => all[one]! - all[other]! || one - other);
  const rank = new Int32Array(itemCount).fill(END);
  for (const [at, item] of names.entries()) rank[item] = at;
  const row = new Int32Array(items.length + count);
  let end = 0;
  for (let one = 0; one < count; one += 1) {
    const begin = end;
    for (let i = starts[one]!; i < starts[one + 1]!; i += 1) {
      const at = rank[items[i]!]!;
      if (at >= 0) row[end++] = at;
    }
    if (end - begin < 2) end = begin;
    else {
      row.subarray(begin, end).sort();
      row[end++] = END;
    }
  }
  return { row: row.subarray(0, end), names, counts: names.map((item) => all[item]!) };
}

interface Search {
  readonly least: number;
  readonly largest: number;
  readonly tree: Tree;
}

/** Add each item of the part to the set `parent`, and go on with the baskets that have it and what stands behind it there. */
function expand(part: Part, parent: number, depth: number, search: Search): void {
  const { row, names, counts } = part;
  const { tree, least, largest } = search;
  const goesOn = depth < largest && row.length > 0;
  const places = placesOf(row, goesOn ? names.length : 0);
  const behind = new Int32Array(names.length);
  for (let item = 0; item < names.length; item += 1) {
    const set = tree.add(parent, names[item]!, counts[item]!, depth);
    if (tree.isFull()) return;
    if (!goesOn) continue;
    const [from, to] = [places.starts[item]!, places.starts[item + 1]!];
    if (to - from < least) continue;
    for (let i = from; i < to; i += 1)
      for (let at = places.list[i]!, next = row[at]!; next >= 0; at += 1, next = row[at]!) behind[next]! += 1;
    const next = project(part, places.list.subarray(from, to), behind, least);
    if (next !== null) expand(next, set, depth + 1, search);
    behind.fill(0, item + 1);
  }
}

/** Where the rest of a basket begins behind each of its items, item by item. */
function placesOf(row: Int32Array, items: number): { starts: Int32Array; list: Int32Array } {
  const starts = new Int32Array(items + 1);
  if (items === 0) return { starts, list: starts };
  for (let at = 0; at < row.length; at += 1) if (row[at]! >= 0) starts[row[at]! + 1]! += 1;
  for (let item = 0; item < items; item += 1) starts[item + 1]! += starts[item]!;
  const next = starts.slice();
  const list = new Int32Array(starts[items]!);
  for (let at = 0; at < row.length; at += 1) if (row[at]! >= 0) list[next[row[at]!]!++] = at + 1;
  return { starts, list };
}

/** What stands behind an item, without what is too rare there. @param behind counts of it @returns null where nothing is left */
function project({ row, names }: Part, places: Int32Array, behind: Int32Array, least: number): Part | null {
  let [kept, length] = [0, places.length];
  for (let item = 0; item < names.length; item += 1) {
    if (behind[item]! < least) continue;
    kept += 1;
    length += behind[item]!;
  }
  if (kept === 0) return null;
  const part = { names: new Int32Array(kept), counts: new Int32Array(kept) };
  const rank = new Int32Array(names.length).fill(END);
  for (let item = 0, at = 0; item < names.length; item += 1) {
    if (behind[item]! < least) continue;
    rank[item] = at;
    part.names[at] = names[item]!;
    part.counts[at] = behind[item]!;
    at += 1;
  }
  if (kept === 1) return { ...part, row: NOTHING };
  const left = new Int32Array(length);
  let end = 0;
  for (const place of places) {
    const begin = end;
    for (let at = place, item = row[at]!; item >= 0; at += 1, item = row[at]!) {
      const named = rank[item]!;
      if (named >= 0) left[end++] = named;
    }
    if (end - begin < 2) end = begin;
    else left[end++] = END;
  }
  return { ...part, row: left.subarray(0, end) };
}
const NOTHING = new Int32Array(0);

interface Tree {
  /** @returns the number of the new set */
  add(parent: number, item: number, count: number, depth: number): number;
  isFull(): boolean;
  build(): Mined;
}

function createTree(most: number): Tree {
  let columns = [0, 1, 2].map(() => new Int32Array(4_096));
  let [size, deepest] = [0, 0];
  const grown = (column: Int32Array): Int32Array<ArrayBuffer> => {
    const longer = new Int32Array(column.length * 2);
    longer.set(column);
    return longer;
  };
  return {
    add(parent, item, count, depth) {
      if (size === columns[0]!.length) columns = columns.map(grown);
      columns[0]![size] = parent;
      columns[1]![size] = item;
      columns[2]![size] = count;
      if (depth > deepest) deepest = depth;
      return size++;
    },
    isFull: () => size > most,
    build() {
      const [parent, item, count] = columns.map((column) => column.subarray(0, size));
      return { sets: { size, parent: parent!, item: item!, count: count! }, deepest, isFull: size > most };
    },
  };
}
