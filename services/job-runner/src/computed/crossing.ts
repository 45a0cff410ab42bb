/** What an attribute is, or was published as. */
export interface Value {
  /** JSON text. */
  readonly value: string;
  /** The number behind a category; null where there is none. */
  readonly measure: number | null;
}

/** How far an attribute has to move before that is told. */
export interface Tolerance {
  /** In its own unit: a number is told where it moved by more. */
  readonly unit: number;
  /** Where a category has a number behind it: that has to move by this as well. */
  readonly margin: number;
}

/** A number is told where it moved by a tenth of what was told last. */
const SHARE = 0.1;

/**
 * Whether a change is told. It is compared with what was told last, not with the refresh before, so what creeps is told
 * once it has come far enough, and what sways around an edge is not told again and again.
 */
export function isCrossing(told: Value | null, now: Value | null, { unit, margin }: Tolerance): boolean {
  if (told === null || now === null) return told !== now;
  const [before, after] = [JSON.parse(told.value) as unknown, JSON.parse(now.value) as unknown];
  if (typeof before === 'number' && typeof after === 'number') {
    const moved = Math.abs(after - before);
    return moved > unit && moved >= SHARE * Math.abs(before);
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return false;
  if (told.measure === null || now.measure === null) return true;
  return Math.abs(now.measure - told.measure) >= margin;
}
