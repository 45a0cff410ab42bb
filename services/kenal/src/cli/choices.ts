import { UsageError } from './usage-error.ts';

/** An option that is one of a few words. @returns a parser for commander */
export function oneOf<T extends string>(name: string, legal: readonly T[]): (text: string) => T {
  return (text) => {
    const found = legal.find((word) => word === text);
    if (found !== undefined) return found;
    throw new UsageError(`${name} must be one of ${legal.join(', ')}, not ${text}`);
  };
}

/** An option that is several words of a known set, each once: `a,b`. */
export function someOf<T extends string>(name: string, legal: readonly T[]): (text: string) => readonly T[] {
  const one = oneOf(`each of ${name}`, legal);
  return (text) => [...new Set(text.split(',').map((word) => one(word.trim())))];
}

/** An option that gives shares to words of a known set, 1 where none is said: `a=3,b`. */
export function weights<T extends string>(
  name: string,
  legal: readonly T[],
): (text: string) => Readonly<Partial<Record<T, number>>> {
  const one = oneOf(`each of ${name}`, legal);
  return (text) => {
    const shares: Partial<Record<T, number>> = {};
    for (const part of text.split(',')) {
      const [word = '', number = '1'] = part.trim().split('=');
      const share = Number(number);
      if (!(share > 0 && share < Number.POSITIVE_INFINITY))
        throw new UsageError(`${name} gives shares above 0, like ${word}=3, not ${part.trim()}`);
      shares[one(word)] = share;
    }
    return shares;
  };
}
