/**
 * How far the log has to be read to see what was written, as Kenal writes it: `3-1043.5-78` is before offset 1043 of partition
 * 3 and before 78 of partition 5. @returns a position that has both
 */
export function joinPositions(a: string, b: string): string {
  const next = new Map<string, number>();
  for (const part of [a, b].flatMap((text) => (text === '' ? [] : text.split('.')))) {
    const [partition = '', offset] = part.split('-');
    next.set(partition, Math.max(next.get(partition) ?? 0, Number(offset)));
  }
  return [...next].map(([partition, offset]) => `${partition}-${offset}`).join('.');
}
