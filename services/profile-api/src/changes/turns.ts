/** At most so many may do something at once; the others wait for their turn. */
export interface Turns {
  /** @returns what gives the turn back; more than once is once */
  take(): Promise<() => void>;
}

export function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next(); // the turn is theirs
      };
    },
  };
}
