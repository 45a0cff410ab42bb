import type { Places } from '@kenal/identity';

/** How far a caller of `settle` goes, and what it leaves undecided for the dirty lane. */
export interface Effort {
  /**
   * Whether a part is left: it is too much work, or the lane is at its components. Null where nothing is left.
   * @param fields that its components have together
   */
  readonly leaves: ((workspace: string, places: Places, fields: number) => boolean) | null;
  /** Lost races after which what lost is left; where nothing is left its caller is told to come again. */
  readonly mostLosses: number;
  /** Let others have the thread between two pieces of the work. */
  readonly givesWay: boolean;
  /** Ends it between two attempts. */
  readonly signal?: AbortSignal;
}

/** For work that everybody has to wait for. */
export const AT_ONCE: Effort = { leaves: null, mostLosses: 30, givesWay: false };
