/** Deeper than this no vendor nests, and JSON.stringify, which a refused part is written with, gives up at some thousands. */
export const DEEPEST = 200;

/** Whether a parsed value has more than `most` levels. Walks without recursion. */
export function isDeeper(value: unknown, most = DEEPEST): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    const next: unknown[] = [];
    for (const node of level) {
      if (typeof node !== 'object' || node === null) continue;
      for (const child of Array.isArray(node) ? node : Object.values(node))
        if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}
