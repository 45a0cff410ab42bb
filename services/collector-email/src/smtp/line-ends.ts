const [LF, CR] = [0x0a, 0x0d];

/**
 * Watches a mail as it arrives for CR or LF that stand alone. Servers disagree on where such a line ends, which is how
 * one mail is made to hold a second one that nobody checked (SMTP smuggling): a mail with one is refused whole.
 */
export function createLineEndCheck(): {
  /** @returns false once one was found */
  push(chunk: Buffer): boolean;
  /** The mail is whole. */
  end(): boolean;
} {
  let isClean = true;
  let afterCr = false;
  return {
    push(chunk) {
      if (!isClean || chunk.length === 0) return isClean;
      if (afterCr !== (chunk[0] === LF)) isClean = false;
      for (let at = chunk.indexOf(CR); isClean && at !== -1 && at < chunk.length - 1; at = chunk.indexOf(CR, at + 1))
        isClean = chunk[at + 1] === LF;
      for (let at = chunk.indexOf(LF, 1); isClean && at !== -1; at = chunk.indexOf(LF, at + 1))
        isClean = chunk[at - 1] === CR;
      afterCr = chunk[chunk.length - 1] === CR;
      return isClean;
    },
    end: () => isClean && !afterCr,
  };
}
