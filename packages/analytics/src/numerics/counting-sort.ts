/** Counting sort that keeps the order of equals. @returns places in `keys` (whole, 0 to `count` − 1), and where each key begins */
export function sortedBy(keys: ArrayLike<number>, count: number): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < keys.length; i += 1) starts[keys[i]! + 1]! += 1;
  for (let key = 0; key < count; key += 1) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i += 1) order[next[keys[i]!]!++] = i;
  return { order, starts };
}
