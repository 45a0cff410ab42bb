import type { MinedSets } from './mine.ts';

/** The sets that are left when one item is taken out of a set. */
export interface Subsets {
  /** Where those of a set begin; one more than there are sets. */
  readonly starts: Int32Array;
  /** The item that was taken out. */
  readonly gone: Int32Array;
  /** The set without it; -1 for the empty one. */
  readonly without: Int32Array;
}

/**
 * Find for each set those with an item less. They are all in the tree: what is frequent has frequent parts only.
 * Without the last item it is the parent; without another one it is the parent without that one, and the last item added.
 */
export function createSubsets(sets: MinedSets): Subsets {
  const { size, parent, item } = sets;
  const starts = new Int32Array(size + 1);
  for (let set = 0; set < size; set += 1) starts[set + 1] = starts[set]! + 1 + itemsOf(starts, parent[set]!);
  const gone = new Int32Array(starts[size]!);
  const without = new Int32Array(starts[size]!);
  const childOf = createChildren(sets);
  for (let set = 0; set < size; set += 1) {
    const [above, last] = [parent[set]!, item[set]!];
    let to = starts[set]!;
    if (above >= 0)
      for (let at = starts[above]!; at < starts[above + 1]!; at += 1, to += 1) {
        gone[to] = gone[at]!;
        without[to] = childOf(without[at]!, last);
      }
    gone[to] = last;
    without[to] = above;
  }
  return { starts, gone, without };
}

function itemsOf(starts: Int32Array, set: number): number {
  return set < 0 ? 0 : starts[set + 1]! - starts[set]!;
}

/** @returns looks up the set that has one item more than another, by open addressing */
function createChildren({ size, parent, item }: MinedSets): (above: number, last: number) => number {
  const mask = 2 ** Math.ceil(Math.log2(size * 2 + 2)) - 1;
  const slots = new Int32Array(mask + 1);
  const slotOf = (above: number, last: number): number =>
    (Math.imul(above, 0x9e3779b1) ^ Math.imul(last + 1, 0x85ebca6b)) & mask;
  for (let set = 0; set < size; set += 1) {
    let slot = slotOf(parent[set]!, item[set]!);
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = set + 1;
  }
  return (above, last) => {
    for (let slot = slotOf(above, last); ; slot = (slot + 1) & mask) {
      const set = slots[slot]! - 1;
      if (set < 0) throw new Error(`the set ${above} with item ${last} was not counted`);
      if (parent[set] === above && item[set] === last) return set;
    }
  };
}
