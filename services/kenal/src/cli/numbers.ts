import { UsageError } from './usage-error.ts';

/** An option that must be a whole number. @returns a parser for commander */
export function wholeNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new UsageError(
      `${name} must be a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}, not ${text}`,
    );
  };
}

/** An option that is a number, decimals allowed. */
export function amount(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[\d.]+$/.test(text) && value >= least && value <= most) return value;
    throw new UsageError(`${name} must be a number from ${least} to ${most}, not ${text}`);
  };
}

/** An option that is a share: 0 to 1, or 0% to 100%. */
export function share(name: string): (text: string) => number {
  return (text) => {
    const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
    if (text.trim() !== '' && value >= 0 && value <= 1) return value;
    throw new UsageError(`${name} must be a share like 0.05 or 5%, not ${text}`);
  };
}
