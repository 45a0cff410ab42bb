/**
 * Work with pauses: whoever draws it may let others have the thread at each. A large component is looked at in several
 * passes, each of them in parts.
 */
export type Paused<R> = Generator<void, R, void>;

/** Steps of a pass between two pauses: some milliseconds. */
export const A_PART = 2_000;

/** All of it at once. */
export function straight<R>(work: Paused<R>): R {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** One after the other, with a pause after every so many. */
export function* eachInParts<T>(items: Iterable<T>, each: (item: T) => void): Paused<void> {
  let left = A_PART;
  for (const item of items) {
    each(item);
    left -= 1;
    if (left > 0) continue;
    yield;
    left = A_PART;
  }
}
