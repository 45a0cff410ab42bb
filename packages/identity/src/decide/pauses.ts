/**
 * Work with pauses: whoever draws it may let others have the thread at each. A large component is looked at in several
 * passes, each far shorter than all of them.
 */
export type Paused<R> = Generator<void, R, void>;

/** All of it at once. */
export function straight<R>(work: Paused<R>): R {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
