import type { Driver, Drivers, NeedSegments, NeedSpending, Observed } from '@kenal/analytics';
import { openThread } from '../thread/session.ts';

/** What the marts ask of the thread. */
export type Asked =
  | { readonly ask: 'segments'; readonly spending: NeedSpending; readonly seed: number }
  | { readonly ask: 'drivers'; readonly observed: Observed; readonly drivers: readonly Driver[] };

export type Answers = { readonly segments: NeedSegments; readonly drivers: Drivers };

export const openLoyalty = (signal: AbortSignal) => {
  const module = new URL('./thread.ts', import.meta.url);
  return openThread<Asked, Answers>({ module, name: 'look for needs and loyalty', signal });
};
