/** Gives texts numbers, from 0 in the order in which they come. */
export interface Numbered {
  of(text: string): number;
  readonly texts: readonly string[];
}

export function createNumbers(): Numbered {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    of(text) {
      let number = numbers.get(text);
      if (number === undefined) {
        number = texts.push(text) - 1;
        numbers.set(text, number);
      }
      return number;
    },
    texts,
  };
}

/** Number texts again by their order, so that the order of a file's lines is nothing. */
export function inOrder({ texts }: Numbered): { readonly texts: readonly string[]; readonly numberOf: Int32Array } {
  const order = Uint32Array.from(texts.keys()).sort((i, j) => (texts[i]! < texts[j]! ? -1 : 1));
  const numberOf = new Int32Array(texts.length);
  for (const [place, number] of order.entries()) numberOf[number] = place;
  return { texts: Array.from(order, (number) => texts[number]!), numberOf };
}
