import type { MartName, WorkspaceConfig } from '@kenal/contracts';

/**
 * Something that is computed anew by the clock or on request, and stored. What it is called, what it is and when it is
 * refreshed stands in `MARTS` of @kenal/contracts, for others ask for it too.
 */
export interface Mart {
  /**
   * Incremental where it can be; `full`: from nothing. Both come to the same, cut off anywhere and run again as well, and
   * also while another one runs.
   */
  refresh(ask: MartRefresh): Promise<{ readonly rows: number }>;
}

export interface MartRefresh {
  readonly workspace: WorkspaceConfig;
  readonly full: boolean;
  /** Fires where the service stops: give up, the job comes again. */
  readonly signal: AbortSignal;
  /** Tell whoever waits what is done now. */
  note(step: string): Promise<void>;
}

/** Every mart that is named has its code, and the other way round. */
export type Marts = Readonly<Record<MartName, Mart>>;
