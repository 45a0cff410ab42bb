/** One of both, or both, of the same name. */
export interface Pair<A, B> {
  readonly one: A | null;
  readonly other: B | null;
}

/** Go through two lists side by side, both in the order of their names; nothing of them is kept. */
export async function* sideBySide<A, B>(
  ones: AsyncIterable<A>,
  others: AsyncIterable<B>,
  nameOf: { readonly one: (item: A) => string; readonly other: (item: B) => string },
): AsyncGenerator<Pair<A, B>> {
  const [left, right] = [ones[Symbol.asyncIterator](), others[Symbol.asyncIterator]()];
  try {
    let [a, b] = await Promise.all([left.next(), right.next()]);
    while (a.done !== true || b.done !== true) {
      const [one, other] = [a.done === true ? null : a.value, b.done === true ? null : b.value];
      const order = one === null ? 1 : other === null ? -1 : compare(nameOf.one(one), nameOf.other(other));
      yield { one: order <= 0 ? one : null, other: order >= 0 ? other : null };
      if (order <= 0) a = await left.next();
      if (order >= 0) b = await right.next();
    }
  } finally {
    await Promise.all([left.return?.(), right.return?.()]);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
