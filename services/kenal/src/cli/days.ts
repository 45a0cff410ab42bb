import { UsageError } from './usage-error.ts';

/** An option that is a day, `2011-11-08`. @returns a parser for commander: days since 1970 */
export function dayOf(name: string): (text: string) => number {
  return (text) => {
    const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
      throw new UsageError(`${name} must be a day like 2011-11-08, not ${text}`);
    return at / 86_400_000;
  };
}
