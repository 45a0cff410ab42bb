import type { Places } from '@kenal/identity';

/** What is left undecided, for somebody who takes more time. */
export interface LaneDoor {
  /** Whether something is left before it is loaded, because others that wait there name one of its identifiers. */
  holds(workspace: string, keys: readonly string[]): boolean;
  /**
   * Whether a part is left: it is too much work, or the lane is at its components.
   * @param fields that its components have together
   */
  leaves(workspace: string, places: Places, fields: number): boolean;
}

/** How far a caller of `settle` goes. */
export interface Effort {
  /** Where things are left; null where nothing is. */
  readonly lane: LaneDoor | null;
  /** Lost races after which what lost is left; where nothing is left its caller is told to come again. */
  readonly mostLosses: number;
  /** Let others have the thread between two pieces of the work. */
  readonly givesWay: boolean;
  /** Ends it between two attempts. */
  readonly signal?: AbortSignal;
}

/** For work that everybody has to wait for. */
export const AT_ONCE: Effort = { lane: null, mostLosses: 30, givesWay: false };
