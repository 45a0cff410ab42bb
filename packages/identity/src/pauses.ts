/**
 * Work with pauses: whoever draws it may let others have the thread at each. A large component is looked at in several
 * passes, each of them in parts.
 */
export type Paused<R> = Generator<void, R, void>;

/** Steps of a pass between two pauses: some milliseconds. */
export const A_PART = 2_000;

/** What is no larger is over before a pause between its passes were of use. */
export const A_FEW = 200;

/** All of it at once. */
export function straight<R>(work: Paused<R>): R {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** A pass that is over. */
const DONE: Iterable<void> = [];

/**
 * One after the other, with a pause after every so many. An array of no more than that is done at once: most passes
 * are over a handful, and a generator costs more than they do.
 */
export function eachInParts<T>(items: Iterable<T>, each: (item: T) => void): Iterable<void> {
  if (!Array.isArray(items) || items.length > A_PART) return partsOf(items, each);
  for (const item of items as readonly T[]) each(item);
  return DONE;
}

/** The same for a map; not with an iterator where few are in it, which makes two objects an entry. */
export function entriesInParts<K, V>(items: ReadonlyMap<K, V>, each: (value: V, key: K) => void): Iterable<void> {
  if (items.size > A_PART) return partsOf(items, ([key, value]) => each(value, key));
  items.forEach(each);
  return DONE;
}

function* partsOf<T>(items: Iterable<T>, each: (item: T) => void): Paused<void> {
  let left = A_PART;
  for (const item of items) {
    each(item);
    left -= 1;
    if (left > 0) continue;
    yield;
    left = A_PART;
  }
}
