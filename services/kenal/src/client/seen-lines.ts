/** Which lines of a tail were shown already: who comes back is given the newest again, without a cursor. */
export interface SeenLines {
  /** @param receivedAt ISO 8601 @returns whether the line is new; from then on it is not */
  isNew(line: string, receivedAt: string): boolean;
}

/** As many as come again at once, and those that came meanwhile. */
const MOST = 2_000;

export function createSeenLines(): SeenLines {
  const seen = new Set<string>();
  let first: string | null = null;
  return {
    isNew(line, receivedAt) {
      first ??= receivedAt;
      // What came before the first one that was asked for is not new, only never shown
      if (receivedAt < first || seen.has(line)) return false;
      seen.add(line);
      if (seen.size > MOST) seen.delete(seen.values().next().value as string);
      return true;
    },
  };
}
