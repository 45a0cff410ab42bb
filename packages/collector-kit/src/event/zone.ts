const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** Turn a wall-clock time of one zone into an instant. */
export interface Zone {
  readonly name: string;
  /**
   * @param wall the clock's reading as if it were UTC, milliseconds
   * @param near an instant that a reading which comes twice lies close to; without it, it is the earlier one
   * @returns milliseconds since 1970
   */
  toInstant(wall: number, near?: number): number;
}

/** @returns null where there is no such zone */
export function createZone(name: string): Zone | null {
  if (name.toUpperCase() === 'UTC' || name === 'Z') return { name: 'UTC', toInstant: (wall) => wall };
  const offsetAt = createOffsetReader(name);
  if (offsetAt === null) return null;
  // Offsets change at quarters of an hour at the finest; rows of a file lie close together.
  const known = new Map<number, Offsets>();
  return {
    name,
    toInstant: (wall, near) => {
      const quarter = Math.floor(wall / QUARTER_MS);
      let offsets = known.get(quarter);
      if (offsets === undefined) {
        offsets = offsetsOfWall(offsetAt, quarter * QUARTER_MS);
        if (known.size > 50_000) known.clear();
        known.set(quarter, offsets);
      }
      const [first, second] = [wall - offsets.first, wall - offsets.second];
      return near !== undefined && Math.abs(second - near) < Math.abs(first - near) ? second : first;
    },
  };
}

/** Milliseconds that the clock is ahead of UTC; two that differ where its reading comes twice. */
interface Offsets {
  readonly first: number;
  readonly second: number;
}

// A wall time that comes twice (clocks go back) is the earlier one first; one that never was (clocks go forward) is read
// with the offset from before the change, as RFC 5545 does.
function offsetsOfWall(offsetAt: OffsetReader, wall: number): Offsets {
  const before = offsetAt(wall - DAY_MS);
  const after = offsetAt(wall + DAY_MS);
  if (before === after) return { first: before, second: before };
  const holds = (offset: number): boolean => offsetAt(wall - offset) === offset;
  if (holds(before)) return { first: before, second: holds(after) ? after : before };
  return holds(after) ? { first: after, second: after } : { first: before, second: before };
}

/** How far the zone's clock is ahead of UTC at an instant, both in milliseconds. */
type OffsetReader = (instant: number) => number;

/** @returns null where there is no such zone */
function createOffsetReader(timeZone: string): OffsetReader | null {
  let format: Intl.DateTimeFormat;
  try {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, ...digits, second: 'numeric', hourCycle: 'h23' });
  } catch {
    return null;
  }
  return (instant) => {
    const read: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(instant)) read[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
  };
}
