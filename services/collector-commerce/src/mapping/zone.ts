import { IANAZone } from 'luxon';

const QUARTER_MS = 900_000;

/** Turn a wall-clock time of one zone into an instant. */
export interface Zone {
  readonly name: string;
  /** @param wall the clock's reading as if it were UTC, milliseconds; @returns milliseconds since 1970 */
  toInstant(wall: number): number;
}

/** @returns null where there is no such zone */
export function createZone(name: string): Zone | null {
  if (name.toUpperCase() === 'UTC' || name === 'Z') return { name: 'UTC', toInstant: (wall) => wall };
  const zone = IANAZone.create(name);
  if (!zone.isValid) return null;
  // Offsets change at quarters of an hour at the finest; rows of a file lie close together.
  const offsets = new Map<number, number>();
  return {
    name,
    toInstant: (wall) => {
      const quarter = Math.floor(wall / QUARTER_MS);
      let offset = offsets.get(quarter);
      if (offset === undefined) {
        offset = offsetOfWall(zone, quarter * QUARTER_MS);
        if (offsets.size > 50_000) offsets.clear();
        offsets.set(quarter, offset);
      }
      return wall - offset;
    },
  };
}

// A wall time that comes twice (clocks go back) is the earlier one; one that never was (clocks go forward) is read
// with the offset from before the change, as RFC 5545 does.
function offsetOfWall(zone: IANAZone, wall: number): number {
  const before = zone.offset(wall - 86_400_000) * 60_000;
  const after = zone.offset(wall + 86_400_000) * 60_000;
  if (before === after) return before;
  if (zone.offset(wall - before) * 60_000 === before) return before;
  if (zone.offset(wall - after) * 60_000 === after) return after;
  return before;
}
