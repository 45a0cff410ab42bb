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

/** How far whoever decides goes. */
export interface Effort {
  /** Where things are left; null where nothing is. */
  readonly lane: LaneDoor | null;
  /** Lost races after which what lost is left; where nothing is left its caller is told to come again. */
  readonly mostLosses: number;
  /** Let others have the thread for as long as the work had it; else only until they were heard. */
  readonly givesWay: boolean;
  /** Ends it between two attempts. */
  readonly signal?: AbortSignal;
  /** Told what the work hangs on, before it is decided: what a hub that is none any more brings shows only then. */
  readonly reaches?: (workspace: string, places: Places) => void;
}

/** Races that work which others wait for may lose for one component. */
const MOST_LOSSES = 3;

/** For work that rounds have to wait for. */
export const boundedBy = (lane: LaneDoor): Effort => ({ lane, mostLosses: MOST_LOSSES, givesWay: false });

/** For work that everybody has to wait for. */
export const AT_ONCE: Effort = { lane: null, mostLosses: 30, givesWay: false };
