/** What waits, by lane: the lanes take turns, so that a long one holds up no other. */
export interface FairQueue<Item> {
  /** @returns false where its lane has as many as it may */
  add(lane: string, item: Item): boolean;
  /** The next of the lane whose turn it is, of those that may have one. @returns null where none waits that may */
  take(may: (lane: string) => boolean): Item | null;
  /** All that wait; none does after it. */
  clear(): readonly Item[];
}

/** @param most items of a lane */
export function createFairQueue<Item>(most: number): FairQueue<Item> {
  // In the order of their turns; none is empty
  const lanes = new Map<string, Item[]>();
  return {
    add(lane, item) {
      const items = lanes.get(lane);
      if (items === undefined) lanes.set(lane, [item]);
      else if (items.length >= most) return false;
      else items.push(item);
      return true;
    },
    take(may) {
      for (const [lane, items] of lanes) {
        if (!may(lane)) continue;
        lanes.delete(lane);
        const item = items.shift()!;
        if (items.length > 0) lanes.set(lane, items);
        return item;
      }
      return null;
    },
    clear() {
      const all = [...lanes.values()].flat();
      lanes.clear();
      return all;
    },
  };
}
